"""The worker: takes a job, does it, writes down how it ended; and seals the ledger between jobs."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.utils.translation import gettext as _

from mangrove.jobs import kinds, rounds
from mangrove.jobs.leases import claim, end, mine, renew
from mangrove.jobs.models import Job, State
from mangrove.jobs.running import Cancelled, LostLease, Running
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.sealer import seal_pending

#: Seconds between looks for work, and between beats of the pulse.
PAUSE, BEAT = 0.5, 0.5
log = logging.getLogger(__name__)


def work(*, until_idle: bool = False, stop: Callable[[], bool] = lambda: False) -> int:
    """Work until told to stop, or until nothing waits; returns how many jobs were taken up."""
    holder, taken = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}", 0
    while not stop():
        job = one_round(holder)
        if job is not None:
            taken += 1
        elif until_idle:
            return taken
        else:
            time.sleep(PAUSE)
    return taken


def one_round(holder: str) -> Job | None:
    """Take a job up, do it, look after what rooms have waiting, seal. Nothing that goes wrong ends the worker: the database may be away, or a disk full."""
    job = None
    try:
        job = claim(holder)
        if job is not None:
            do(job)
        rounds.run()
        # Asked first: an idle worker must not keep taking SQLite's one write lock
        if Event.objects.filter(seal=None).exists():
            seal_pending()
    except Exception:
        log.exception("trying again")
        connection.close()
        time.sleep(PAUSE)
    return job


def do(job: Job) -> None:
    """Run one job to its end. A database that goes away leaves the lease to run out, and the job to be taken up again."""
    running = Running(job)
    kind = kinds.kind(job.kind)
    assert kind is not None  # what has no kind is not handed out
    try:
        with pulse(running):
            result = kind.run(running)
            if not running.ended:
                with transaction.atomic():
                    running.hold()
                    running.finish(result)
    except LostLease:
        log.warning("job %s was taken up by another worker", job.uid)
    except Cancelled:
        fail(job, State.CANCELLED, {})
    except Refusal as refusal:
        fail(job, State.FAILED, described(refusal))
    except (OperationalError, InterfaceError):
        log.exception("job %s: the database was away; it will be taken up again", job.uid)
        connection.close()
    except Exception:
        log.exception("job %s failed", job.uid)
        what = _("程序出错，这一步没有改动，已做的部分都有记录；错误已写入运行日志。")
        fail(
            job,
            State.FAILED,
            {"what": what, "code": "jobs.broken", "remedy": _("请把任务编号告诉系统管理员。")},
        )


def fail(job: Job, state: State, refusal: Mapping[str, Any]) -> None:
    with transaction.atomic():
        held = mine(job).select_for_update().first()
        if held is not None:
            end(held, state, refusal)


def described(refusal: Refusal) -> dict[str, str]:
    said = {"what": refusal.what, "where": refusal.where, "rule": refusal.rule, "remedy": refusal.remedy}
    return {"code": refusal.code, **{name: text for name, text in said.items() if text}}


@contextmanager
def pulse(running: Running) -> Iterator[None]:
    """While the job runs, a thread with a connection of its own renews the lease, writes progress, hears of cancellation."""
    over = threading.Event()
    thread = threading.Thread(target=beat, args=(running, over), name="pulse", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def beat(running: Running, over: threading.Event) -> None:
    try:
        while not over.wait(BEAT):
            # While the job itself holds SQLite's write lock nobody else can take the job either
            with suppress(DatabaseError):
                held = renew(running.job, done=running.done, total=running.total, note=running.note)
                running.lost = held is None and not running.ended
                running.cancelled = held is not None and held.cancel_asked
    finally:
        connection.close()
