"""Orders and amounts against the ledger: each order is where its events lead, pays once, and no award or pot is overdrawn."""

from __future__ import annotations

from collections import defaultdict

from django.utils.translation import gettext as _

from mangrove.casework.workflow import fold
from mangrove.funding import totals
from mangrove.funding.models import Award, PaymentOrder, Pot, Recovery
from mangrove.funding.workflow import ORDER
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.ui.numbers import yuan

STEPS = {step.act for step in ORDER.steps}
PREFIX = f"{ORDER.id}."


def verify_orders() -> list[str]:
    """One sentence for each order whose state is not what its events lead to, or whose amount is not what they say."""
    acts: defaultdict[str, list[str]] = defaultdict(list)
    amounts: dict[str, int] = {}
    events = Event.objects.filter(room="funding", kind="order").select_related("body").order_by("pk")
    for event in events.iterator(chunk_size=2000):
        act = event.act.removeprefix(PREFIX)
        if act in STEPS:
            acts[event.object_id].append(act)
        elif act == "open" and (words := said(event)) is not None:
            amounts[event.object_id] = words["amount"]
    orders = PaymentOrder.objects.order_by("pk").iterator(chunk_size=2000)
    return [fault for order in orders if (fault := wrong_order(order, acts[order.number], amounts))]


def wrong_order(order: PaymentOrder, acts: list[str], amounts: dict[str, int]) -> str | None:
    named = {"number": order.number}
    try:
        state = fold(ORDER, acts)
    except Refusal as refusal:
        return _("付款指令 %(number)s 的步骤走不通：%(what)s") % {**named, "what": refusal.what}
    if state != order.state:
        return _("付款指令 %(number)s 存的是 %(state)s，按账本是 %(folded)s") % {
            **named,
            "state": order.state,
            "folded": state,
        }
    if amounts.get(order.number, order.amount) != order.amount:
        return _("付款指令 %(number)s 的金额与账本不符") % named
    return None


def verify_amounts() -> list[str]:
    """Awards and recoveries as the ledger has them; nothing decided beyond a pot or ordered beyond an award."""
    return [*overdrawn_pots(), *wrong_pots(), *wrong_awards(), *wrong_recoveries()]


def overdrawn_pots() -> list[str]:
    pots = list(Pot.objects.all())
    sums = totals.of_pots(pots)
    return [
        _("资金池“%(pot)s”决定了 %(decided)s 元，下达只有 %(amount)s 元")
        % {"pot": pot.name, "decided": yuan(sums[pot.pk].decided), "amount": yuan(pot.amount)}
        for pot in pots
        if sums[pot.pk].decided > pot.amount
    ]


def wrong_pots() -> list[str]:
    told: dict[str, int] = {}
    acts = ("funding.pot.open", "funding.pot.add", "funding.pot.correct")
    for event in Event.objects.filter(act__in=acts).select_related("body").order_by("pk"):
        if (words := said(event)) is not None:
            told[event.object_id] = words["amount"]
    return [
        _("资金池“%(pot)s”存的是 %(kept)s 元，账本是 %(told)s 元")
        % {"pot": pot.name, "kept": yuan(pot.amount), "told": yuan(told[pot.code])}
        for pot in Pot.objects.order_by("pk")
        if told.get(pot.code, pot.amount) != pot.amount
    ]


def wrong_awards() -> list[str]:
    told: dict[str, int] = {}
    acts = ("funding.award.decide", "funding.award.reduce")
    for event in Event.objects.filter(act__in=acts).select_related("body").order_by("pk"):
        if (words := said(event)) is not None:
            told[event.object_id] = words["amount"]
    return [
        _("资助决定“%(title)s”存的是 %(kept)s 元，账本是 %(told)s 元")
        % {"title": award.title, "kept": yuan(award.decided), "told": yuan(told.get(str(award.uid), 0))}
        for award in Award.objects.order_by("pk").iterator()
        if told.get(str(award.uid), award.decided) != award.decided
    ]


def wrong_recoveries() -> list[str]:
    rows = Recovery.objects.select_related("event__body", "award")
    return [
        _("“%(title)s”的一笔追回与账本不符") % {"title": row.award.title}
        for row in rows
        if (words := said(row.event)) is not None and words["amount"] != row.amount
    ]
