"""What becomes of a pot after it was entered: money added to it, a mistake put right, an entry taken back. Never below what is decided.

Adding is the preparer's as entering is; a correction or a withdrawal is a second person's, not of who entered or changed it last.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.funding import totals
from mangrove.funding.actions import refuse_closed, refuse_nothing
from mangrove.funding.models import Pot
from mangrove.ledger.actions import record
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.registry.actions import required
from mangrove.ui.numbers import yuan

CORRECTED = ("name", "budget_year", "document_number", "amount")


@transaction.atomic
def add_to_pot(
    *, pot: Pot, expected_amount: int, amount: int, document_number: str, document_on: date, by: Actor, on: date, why: str = ""
) -> Pot:  # fmt: skip
    """More money of the same year by another document. ``amount``: what is added, in fen; ``expected_amount``: what the page showed."""
    refuse_nothing(amount, _("追加金额"))
    pot = locked(pot, expected_amount)
    payload = {"added": amount, "amount": pot.amount + amount, **document(document_number, document_on, on)}
    pot.amount += amount
    pot.save(update_fields=["amount"])
    record("funding.pot.add", subject=pot.ref, by=by, on=on, why=why, payload=payload)
    return pot


@transaction.atomic
def correct_pot(
    *, pot: Pot, expected_amount: int, name: str, budget_year: int, document_number: str, document_on: date, amount: int,
    by: Actor, on: date, why: str,
) -> Pot:  # fmt: skip
    """Put right what was entered wrongly. ``amount``: the whole of it, in fen."""
    required(why, _("更正理由"))
    refuse_nothing(amount, _("下达金额"))
    pot = locked(pot, expected_amount)
    refuse_same_person(pot, by)
    now = {"name": name, "budget_year": budget_year, "document_number": document_number, "amount": amount}
    was = {key: getattr(pot, key) for key in CORRECTED if getattr(pot, key) != now[key]}
    refuse_correction(pot, was, now)
    for key in was:
        setattr(pot, key, now[key])
    pot.save(update_fields=list(was))
    payload = {
        "was": was,
        "now": {key: now[key] for key in was},
        **document(document_number, document_on, on),
    }
    record(
        "funding.pot.correct",
        subject=pot.ref,
        by=by,
        on=on,
        why=why,
        payload={**payload, "amount": pot.amount},
    )
    return pot


@transaction.atomic
def withdraw_pot(*, pot: Pot, expected_amount: int, by: Actor, on: date, why: str) -> Pot:
    """Take back an entry from which nothing was decided; it stays readable, its code is used up."""
    required(why, _("撤销理由"))
    pot = locked(pot, expected_amount)
    refuse_same_person(pot, by)
    if pot.awards.exists():
        raise Refusal(
            _("“%(pot)s”已有资助决定，不能撤销。") % {"pot": pot.name}, code="funding.pot_in_use", where=pot.name,
            rule=_("已列支的资金池不撤销"), remedy=_("登记有误的，请办更正；金额不低于已决定的。"),
        )  # fmt: skip
    pot.closed_on = on
    pot.save(update_fields=["closed_on"])
    record("funding.pot.withdraw", subject=pot.ref, by=by, on=on, why=why, payload={"amount": pot.amount})
    return pot


def locked(pot: Pot, expected_amount: int) -> Pot:
    """The pot as it stands, locked; raises :class:`Refusal` where it is closed or not as the page showed it."""
    found = Pot.objects.select_for_update().get(pk=pot.pk)
    refuse_closed(found)
    if found.amount != expected_amount:
        raise Refusal(
            _("这个资金池在您打开页面之后有了变动，现为 %(amount)s 元。") % {"amount": yuan(found.amount)}, code="funding.stale",
            where=found.name, remedy=_("请刷新页面，看清现状后再办。"),
        )  # fmt: skip
    return found


def document(number: str, dated: date, on: date) -> dict[str, str]:
    """The paper behind it as the ledger keeps it; not dated after the business day."""
    if dated > on:
        raise Refusal(
            _("文件日期 %(dated)s 晚于业务日期 %(on)s。") % {"dated": dated, "on": on}, code="funding.document_later",
            where=_("文件日期"), remedy=_("请核对文件日期。"),
        )  # fmt: skip
    return {"document_number": number, "document_on": dated.isoformat()}


def refuse_same_person(pot: Pot, by: Actor) -> None:
    acts = ("funding.pot.open", "funding.pot.add", "funding.pot.correct")
    last = Event.objects.filter(room=pot.ref.room, kind=pot.ref.kind, object_id=pot.ref.id, act__in=acts)
    if last.order_by("-pk").values_list("actor", flat=True).first() == by.username:
        raise Refusal(
            _("这一笔是您登记或改动的，不能由您更正、撤销。"), code="funding.two_persons", where=pot.name,
            rule=_("经办与审核分离"), remedy=_("请由另一位资金审核人办理。"),
        )  # fmt: skip


def refuse_correction(pot: Pot, was: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Where it changes nothing, goes below what is decided, or moves what is decided to another year."""
    decided = totals.of_pot(pot).decided
    if not was:
        raise Refusal(
            _("没有改动。"), code="funding.nothing_corrected", where=pot.name, remedy=_("请改正有误的一项再办。")
        )  # fmt: skip
    if now["amount"] < decided:
        raise Refusal(
            _("已决定 %(decided)s 元，更正后的 %(amount)s 元不够。") % {"decided": yuan(decided), "amount": yuan(now["amount"])},
            code="funding.below_decided", where=_("下达金额"), rule=_("下达金额不低于已决定的总额"), remedy=_("请核对金额，或先核减资助决定。"),
        )  # fmt: skip
    if "budget_year" in was and pot.awards.exists():
        raise Refusal(
            _("已有资助决定，预算年度不能改。"), code="funding.year_in_use", where=_("预算年度"),
            rule=_("付款指令的编号和年度随资金池"), remedy=_("请另登记该年度的资金。"),
        )  # fmt: skip
