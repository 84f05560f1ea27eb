"""``kill -9`` of the worker, again and again: the job is taken up again, and every effect happens once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mangrove.jobs.models import Job, State
from processes import beside

from . import work
from .test_worker import asked

pytestmark = pytest.mark.django_db(transaction=True)

#: A worker as it is, but for a lease that runs out soon.
WORKER = """
from datetime import timedelta
import django
django.setup()
from jobs import work
from mangrove.jobs import leases, worker
leases.LEASE = timedelta(seconds=1)
print("ready", flush=True)
worker.PAUSE = 0.05
worker.work(stop=lambda: False)
"""


def started(environment: dict[str, str]) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", WORKER], env=environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdout.readline() == "ready\n"
    return process


def stopped(process: subprocess.Popen[str]) -> None:
    with process:
        process.kill()


def killed_until_ended(job: Job, tmp_path: Path, *, times: int, longest: float) -> Job:
    environment, chance = beside(tmp_path), random.Random(5)
    for n in range(times + 1):
        process = started(environment)
        deadline = time.monotonic() + (60 if n == times else chance.uniform(0.1, longest))
        while time.monotonic() < deadline and Job.objects.get(pk=job.pk).is_open:
            time.sleep(0.02)
        stopped(process)
    job.refresh_from_db()
    return job


def test_every_piece_is_done_once_however_often_the_worker_is_killed(tmp_path: Path) -> None:
    job = killed_until_ended(asked("piecewise", pause=0.1), tmp_path, times=5, longest=2.0)
    assert (job.state, job.result) == (State.DONE, {"pieces": work.PIECES})
    assert job.attempts > 2
    assert work.marks() == [f"{n:03d}" for n in range(work.PIECES)]


def test_without_the_mark_of_each_piece_some_are_done_twice(tmp_path: Path) -> None:
    """The control: what the marks guard against happens where they are left out."""
    job = killed_until_ended(asked("unguarded", pause=0.1), tmp_path, times=3, longest=2.0)
    assert job.state == State.DONE
    assert len(work.marks()) > len(set(work.marks())) == work.PIECES


def test_killed_in_the_middle_of_its_one_transaction_nothing_stays_and_then_all_of_it(tmp_path: Path) -> None:
    job = asked("at_once", pause=30)
    process = started(environment := beside(tmp_path))
    assert process.stdout and process.stdout.readline() == "half\n"
    stopped(process)
    assert work.marks() == []
    Job.objects.filter(pk=job.pk).update(arguments={})
    again = started(environment)
    while Job.objects.get(pk=job.pk).is_open:
        time.sleep(0.05)
    stopped(again)
    assert work.marks() == ["first", "second"]
