"""Kinds of jobs for the tests: each writes real events, so that what was done, and how often, can be counted."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from mangrove.jobs import kinds
from mangrove.jobs.kinds import Kind
from mangrove.jobs.models import Piece
from mangrove.jobs.running import Running
from mangrove.ledger.actions import record
from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM, Ref
from mangrove.ledger.refusals import Refusal

PIECES = 30


def mark(running: Running, piece: str) -> None:
    record("jobs.test", subject=Ref("jobs", "piece", piece), by=SYSTEM, on=running.on, payload={})


def marks() -> list[str]:
    return sorted(Event.objects.filter(act="jobs.test").values_list("object_id", flat=True))


def piecewise(running: Running) -> Mapping[str, Any]:
    """Piece by piece, each in a transaction of its own."""
    for n in range(PIECES):
        running.progress(n, PIECES, f"第{n}件")
        running.once(f"{n:03d}", lambda n=n: mark(running, f"{n:03d}"))
        time.sleep(running.arguments.get("pause", 0))
    return {"pieces": PIECES}


def unguarded(running: Running) -> Mapping[str, Any]:
    """The control: the same without asking whether a piece was done."""
    from django.db import transaction

    for n in range(PIECES):
        running.progress(n, PIECES)
        with transaction.atomic():
            mark(running, f"{n:03d}")
        time.sleep(running.arguments.get("pause", 0))
    return {}


def at_once(running: Running) -> None:
    """All in one transaction, with a pause in the middle of it."""
    running.progress(0, 2)
    with running.effects() as result:
        mark(running, "first")
        print("half", flush=True)
        time.sleep(running.arguments.get("pause", 0))
        mark(running, "second")
        result["pieces"] = 2


def refused(running: Running) -> None:
    mark_outside = Refusal("第3行没有名称。", code="test.row", where="第3行", remedy="请补上。")
    with running.effects():
        mark(running, "lost")
        raise mark_outside


def broken(running: Running) -> None:
    raise ZeroDivisionError


def doubled(running: Running) -> None:
    """Writes what a unique key forbids."""
    Piece.objects.create(job=running.job, key="same")
    Piece.objects.create(job=running.job, key="same")


for name in (doubled, piecewise, unguarded, at_once, refused, broken):
    kinds.register(Kind(f"test.{name.__name__}", "测试", name, said=lambda job: f"{job.result}", attempts=50))
