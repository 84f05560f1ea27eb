"""An award that was entered by hand, outside any plan: nobody has seen it but who entered it, until a second officer confirms it."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from mangrove.funding.models import Award
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal


def to_confirm(awards: QuerySet[Award]) -> QuerySet[Award]:
    return awards.filter(confirmed_by="", decided__gt=0).exclude(registered_by="")


@transaction.atomic
def confirm(*, award: Award, by: Actor, on: date, why: str = "") -> Award:
    """A second officer has seen the paper that decides. Raises :class:`Refusal` for the one who entered it."""
    award = Award.objects.select_for_update().get(pk=award.pk)
    refuse_settled(award)
    if award.registered_by == by.username:
        raise Refusal(
            _("这项决定是您登记的，不能由您确认。"), code="funding.two_persons", where=award.title,
            rule=_("登记与确认分离"), remedy=_("请本单位另一位经办人核对决定依据的原件后确认。"),
        )  # fmt: skip
    payload = {"amount": award.decided, "basis": award.basis, "recipient": award.recipient_id}
    record("funding.award.confirm", subject=award.ref, by=by, on=on, why=why, payload=payload)
    award.confirmed_by = by.username
    award.save(update_fields=["confirmed_by"])
    return award


def refuse_settled(award: Award) -> None:
    if not award.awaits_confirming:
        raise Refusal(
            _("这项决定不待确认。"), code="funding.not_to_confirm", where=award.title,
            remedy=_("请刷新页面，看别人是否已经办过。"),
        )  # fmt: skip


def refuse_unconfirmed(award: Award) -> None:
    if award.awaits_confirming:
        raise Refusal(
            _("这项决定由一人登记，未经计划公示，还没有第二人确认，不能付款。"), code="funding.unconfirmed", where=award.title,
            rule=_("计划外的决定须另一位经办人确认"), remedy=_("请本单位另一位经办人打开这项决定，核对决定依据后“确认决定”。"),
        )  # fmt: skip
