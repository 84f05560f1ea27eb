"""What the treasury did with an order: paid, returned (退票), lapsed at year end. Once each."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from mangrove.funding.models import PaymentOrder
from mangrove.funding.workflow import moved
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor


@transaction.atomic
def settle(
    *, number: str, outcome: str, settled_on: date, reference: str, reason: str, by: Actor, on: date, why: str = "",
    batch: UUID | None = None,
) -> PaymentOrder:  # fmt: skip
    """``outcome`` is an act of the workflow: ``paid``, ``returned``, ``lapsed``. Refused for an order that is not out."""
    order = PaymentOrder.objects.select_for_update().get(number=number)
    state = moved(order.state, outcome, order.number)
    payload = {
        "amount": order.amount,
        "settled_on": settled_on.isoformat(),
        "reference": reference,
        "reason": reason,
    }
    record(f"funding.order.{outcome}", subject=order.ref, by=by, on=on, why=why, batch=batch, payload=payload)
    order.state, order.settled_on = state, settled_on
    order.treasury_reference, order.outcome, order.version = reference, reason, order.version + 1
    order.save(update_fields=["state", "settled_on", "treasury_reference", "outcome", "version"])
    return order
