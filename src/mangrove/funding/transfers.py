"""Below the first transfer: who has the money of a paid order now, and since when (policies.md P5)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.funding.models import PaymentOrder, Transfer
from mangrove.funding.rules import rules
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal


@transaction.atomic
def note_transfer(*, order: PaymentOrder, holder: str, by: Actor, on: date, why: str = "") -> Transfer:
    """The money reached this body on that day, and so left the one before it."""
    order = PaymentOrder.objects.select_for_update().get(pk=order.pk)
    last = order.transfers.order_by("-sequence").first()
    since = last.arrived_on if last else order.settled_on
    if order.state != "paid" or order.received_on or (since and on < since):
        raise Refusal(
            _("只有已支付、企业尚未到账的款项可以登记下拨，日期不早于上一手。"), code="funding.no_transfer",
            where=order.number, remedy=_("请核对指令状态和日期。"),
        )  # fmt: skip
    if last:
        last.passed_on = on
        last.save(update_fields=["passed_on"])
    made = Transfer.objects.create(
        order=order, sequence=last.sequence + 1 if last else 1, holder=holder, arrived_on=on
    )
    record(
        "funding.order.transfer",
        subject=order.ref,
        by=by,
        on=on,
        why=why,
        payload={"holder": holder, "sequence": made.sequence},
    )
    return made


def held_too_long(one: Transfer, today: date) -> bool:
    """Longer than ``rulebooks/funding/transfers.yaml`` lets a body keep money that is for another; 待核."""
    return one.passed_on is None and (today - one.arrived_on).days > rules("transfers")["days"]
