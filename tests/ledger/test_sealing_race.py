"""Two sealers at once make one chain; without the lock they would fork it (the control)."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from mangrove.ledger import sealer
from mangrove.ledger.actions import record
from mangrove.ledger.models import Event, Seal
from mangrove.ledger.refs import SYSTEM, Ref
from mangrove.ledger.verify import verify

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def write_events(count: int) -> None:
    with transaction.atomic():
        for number in range(count):
            record("t.a", subject=Ref("t", "t", str(number)), by=SYSTEM, on=timezone.localdate(), payload={})


def together(work: Callable[[], object]) -> list[BaseException]:
    """Run ``work`` in two threads that start at the same moment; returns what they raised."""
    barrier, raised = threading.Barrier(2), []

    def run() -> None:
        barrier.wait(timeout=60)
        try:
            work()
        except (IntegrityError, OperationalError) as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_two_sealers_make_one_chain() -> None:
    write_events(200)
    assert together(sealer.seal_pending) == []
    assert Seal.objects.count() == 200 and verify().holds


def test_control_without_the_lock_the_sealers_collide() -> None:
    write_events(1)
    gate = threading.Barrier(2)

    def unguarded() -> None:
        with transaction.atomic():
            last = Seal.objects.order_by("-position").first()
            seals = sealer.chain(last, list(Event.objects.filter(seal=None)))
            if connection.vendor == "postgresql":
                gate.wait(timeout=60)
            Seal.objects.bulk_create(seals)

    if connection.vendor != "postgresql":
        pytest.skip("SQLite 的写事务自带排队，演示不出无锁竞争；在 PostgreSQL 上运行")
    assert len(together(unguarded)) == 1
