"""The control of the payment run: the same sending without its guards, so that the tests can show what they keep out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from mangrove.funding.models import PaymentRun
from mangrove.funding.sending import PIECE
from mangrove.jobs import kinds
from mangrove.jobs.kinds import Kind
from mangrove.jobs.running import Running
from mangrove.ledger.actions import record


def unguarded(running: Running) -> Mapping[str, Any]:
    """Every order of the run is sent, whether it was sent before or not."""
    run = PaymentRun.objects.get(uid=running.arguments["run"])
    orders = list(run.orders.order_by("number"))
    for start in range(0, len(orders), PIECE):
        running.progress(start, len(orders))
        with transaction.atomic():
            for order in orders[start : start + PIECE]:
                record(
                    "funding.order.send",
                    subject=order.ref,
                    by=running.actor,
                    on=running.on,
                    batch=run.uid,
                    payload={},
                )
    return {"count": run.count, "amount": run.amount}


kinds.register(Kind("test.unguarded_run", "测试", unguarded, attempts=100))
