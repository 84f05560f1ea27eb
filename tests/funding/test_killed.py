"""``kill -9`` in the middle of a payment run of 5,000 orders, ten times: each order leaves once, and is paid once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from pytest_django import Settings

from mangrove.funding import verification
from mangrove.funding.models import PaymentOrder, PaymentRun
from mangrove.funding.sending import ask_to_send
from mangrove.jobs.actions import submit
from mangrove.jobs.models import Job, Piece, State
from mangrove.ledger.models import Event
from mangrove.ledger.verify import verify
from mangrove.registry.importing.files import content_of
from processes import beside

from .money import APPROVER, many_approved, today

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS, KILLS = 5000, 10
#: A worker as it is, but for a lease that runs out soon.
WORKER = """
from datetime import timedelta
import django
django.setup()
from funding import work
from mangrove.jobs import leases, worker
leases.LEASE = timedelta(seconds=1)
worker.PAUSE = 0.05
worker.work(stop=lambda: False)
"""


def killed_until_ended(job: Job, folder: Path, points: list[int]) -> Job:
    """The worker is killed when so many orders have left, at each of the points; then it is left to finish."""
    environment = beside(folder)
    for point in [*points, None]:
        process = subprocess.Popen([sys.executable, "-c", WORKER], env=environment)
        while Job.objects.get(pk=job.pk).is_open and (point is None or left() < point):
            time.sleep(0.01)
        process.kill()
        process.wait()
    job.refresh_from_db()
    return job


def left() -> int:
    return Event.objects.filter(act="funding.order.send").count()


def times_sent(run: PaymentRun) -> Counter[str]:
    return Counter(
        Event.objects.filter(act="funding.order.send", batch=run.uid).values_list("object_id", flat=True)
    )


def points(seed: int, n: int) -> list[int]:
    return sorted(random.Random(seed).sample(range(1, ORDERS), n))


def test_each_order_leaves_once_however_often_the_worker_is_killed(
    tmp_path: Path, settings: Settings
) -> None:
    settings.MANGROVE_VAR = tmp_path
    run = many_approved(ORDERS)
    job = killed_until_ended(ask_to_send(run=run, by=APPROVER, on=today()), tmp_path, points(7, KILLS))
    assert job.state == State.DONE and job.attempts >= 5, (job.state, job.attempts, job.refusal)
    assert times_sent(run) == {f"2026-{n:06d}-01": 1 for n in range(ORDERS)}
    assert set(PaymentOrder.objects.values_list("state", flat=True)) == {"sent"}
    run.refresh_from_db()
    paid = [line.split(",")[0] for line in content_of(run.sha256).decode("utf-8-sig").splitlines()[1:]]
    assert paid == [f"2026-{n:06d}-01" for n in range(ORDERS)]
    assert Piece.objects.filter(job=job).count() == ORDERS // 100
    assert verification.verify_orders() == []
    checked = verify()
    assert checked.broken is None and checked.unsealed <= 2  # what the job itself ended with


def test_without_the_guards_orders_leave_twice(tmp_path: Path) -> None:
    """The control."""
    run = many_approved(1000)
    job = submit(
        "test.unguarded_run", title="对照", arguments={"run": str(run.uid)}, by=APPROVER, on=today()
    )  # fmt: skip
    job = killed_until_ended(job, tmp_path, [200, 700])
    assert job.state == State.DONE
    assert max(times_sent(run).values()) > 1
