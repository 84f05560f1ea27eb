"""Orders in two parts by two persons, runs that leave, what the treasury answers, money that came back, and money that arrived."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.db.models import Q

from mangrove.funding import actions as funding
from mangrove.funding import totals
from mangrove.funding.importing import RECEIPTS
from mangrove.funding.models import Award, PaymentOrder, PaymentRun, RunState
from mangrove.funding.sending import ask_to_send, make_run
from mangrove.funding.transfers import note_transfer
from mangrove.funding.workflow import LIVE
from mangrove.jobs.actions import submit
from mangrove.jobs.models import State
from mangrove.policies.claims.credit import listings
from mangrove.policies.year.applying import Said, pieces
from mangrove.policies.year.chance import THOUSAND, happens
from mangrove.policies.year.opening import pot_code
from mangrove.policies.year.people import Year, done
from mangrove.policies.year.sheets import rows_file
from mangrove.registry.importing.files import keep

FIRST, SECOND = 1, 2
#: What the treasury answers, as the vocabulary has it.
PAID, RETURNED, LAPSED = "paid", "returned", "lapsed"
REASONS = {PAID: "", RETURNED: "账号与户名不符（合成）", LAPSED: "年末收回（合成）"}
Outcome = Callable[[PaymentOrder], str]


def awards_of(year: Year) -> Any:
    codes = [pot_code(year, one) for one in year.told.calendar["pots"]]
    return Award.objects.filter(pot__code__in=codes).select_related("recipient", "pot").order_by("pk")


def orders_of(year: Year, **which: Any) -> Any:
    return (
        PaymentOrder.objects.filter(award__in=awards_of(year), **which).select_related("award").order_by("pk")
    )


def fate(year: Year, award: Award, name: str) -> bool:
    """Whether this happens to this award: settled by the seed and whom it is about, in whatever order it is asked."""
    chance = Random(f"{year.city.seed}/{name}/{award.recipient_id}/{award.title}")  # noqa: S311 -- made up on purpose
    return happens(chance, year.told.permille(name))


# --- three rounds ----------------------------------------------------------------------------------------------------


def pay_first(year: Year, say: Said) -> str:
    """Not to whom a list of dishonest firms names by now, though it did not when they applied."""
    held = held_back(year, "ordered")
    ready = [one for one in never_ordered(year, FIRST) if one.recipient_id not in held]
    order(year, say, ready, FIRST, "ordered")
    send(
        year, "第一批", "sent", "answered", lambda one: RETURNED if fate(year, one.award, "bounced") else PAID
    )
    return counted(
        year, f"拨付前查出失信、暂不拨付 {len({one.recipient_id for one in awards_of(year)} & held)}"
    )


def pay_again(year: Year, say: Said) -> str:
    """What came back is ordered anew."""
    back = [one.award_id for one in orders_of(year, state=RETURNED)]
    again = [
        one for one in awards_of(year).filter(pk__in=back) if not one.orders.filter(state__in=LIVE).exists()
    ]
    order(year, say, again, FIRST, "again")
    send(year, "退票重拨", "again_sent", "again_answered", lambda one: PAID)
    return counted(year, f"重拨 {len(again)}")


def pay_second(year: Year, say: Said) -> str:
    """The rest; what the treasury has not paid by the end of the year lapses."""
    held = held_back(year, "second")
    begun = set(orders_of(year, state=PAID).values_list("award", flat=True))
    paid = [one for one in never_ordered(year, SECOND) if one.pk in begun and one.recipient_id not in held]
    order(year, say, paid, SECOND, "second")
    late = lambda one: LAPSED if fate(year, one.award, "lapsed") else PAID  # noqa: E731 -- two words
    send(year, "第二批", "second_sent", "second_answered", late)
    return counted(year, "")


def counted(year: Year, more: str) -> str:
    states = {state: orders_of(year, state=state).count() for state in (PAID, RETURNED, LAPSED)}
    told = f"已付 {states[PAID]}，退票 {states[RETURNED]}，年末收回 {states[LAPSED]}"
    return f"{more}；{told}" if more else told


def never_ordered(year: Year, tranche: int) -> list[Award]:
    """Of which this part was not ordered yet, whatever became of it: a year that is taken up again orders nothing twice."""
    there = set(orders_of(year, tranche=tranche).values_list("award", flat=True))
    return [one for one in awards_of(year) if one.pk not in there]


def held_back(year: Year, day: str) -> set[str]:
    """Whom a list names on that day; the house refuses an order to them, and nobody asks for one."""
    on, firms = year.told.day(day), {one.recipient_id for one in awards_of(year)}
    return {one.organisation for one in listings(firms) if one.on(on)}


# --- orders ----------------------------------------------------------------------------------------------------------


def order(year: Year, say: Said, awards: Sequence[Award], tranche: int, day: str) -> None:
    for some in pieces(awards, say):
        with transaction.atomic():
            for one in some:
                prepare(year, one, tranche, day)


def prepare(year: Year, award: Award, tranche: int, day: str) -> None:
    first = award.decided * year.told.permille("first_tranche") // THOUSAND
    amount = first if tranche == FIRST else totals.of_award(award).to_order
    if not amount:
        return
    made = funding.prepare_order(
        award=award, tranche=tranche, amount=amount, payee=award.recipient.name, bank="样例银行（合成）",
        account=f"6200000000{award.pk:06d}", **year.written(day, "payer"),
    )  # fmt: skip
    funding.approve(order=made, expected_version=made.version, **year.written(day, "sender"))


# --- runs and receipts -----------------------------------------------------------------------------------------------


def send(year: Year, name: str, day: str, answered: str, outcome: Outcome) -> None:
    """One run for all that is approved; its file goes out, and the treasury's comes back."""
    title = f"{year.told.year}年{name}（合成）"
    run = PaymentRun.objects.filter(title=title).first() or make(year, title, day)
    if run is None:
        return
    if run.state != RunState.SENT:
        done(ask_to_send(run=run, **year.written(day, "sender")))
    orders = list(run.orders.select_related("award").order_by("number"))
    told = {one.number: outcome(one) for one in orders}
    receive(year, run, [one for one in orders if told[one.number] != LAPSED], told, answered)
    receive(year, run, [one for one in orders if told[one.number] == LAPSED], told, "lapsed")


def make(year: Year, title: str, day: str) -> PaymentRun | None:
    numbers = list(orders_of(year, state="approved", run=None).values_list("number", flat=True))
    if not numbers:
        return None
    return make_run(title=title, organisation=year.bureau, numbers=numbers, **year.written(day, "sender"))


def receive(
    year: Year, run: PaymentRun, orders: Sequence[PaymentOrder], told: dict[str, str], day: str
) -> None:
    """The treasury's file, taken in by the import that people use."""
    if not orders:
        return
    content = rows_file("treasury_receipt", list(receipts(year, run, orders, told, day)))
    sha256, title = keep(io.BytesIO(content)), f"{run.title}{day}回执.csv"
    job = submit(
        RECEIPTS.take_kind, title=f"导入 {title}", key=f"year/{sha256[:40]}",
        arguments={"sha256": sha256, "file": title, "source": "合成年度"}, **year.written(day, "payer"),
    )  # fmt: skip
    if job.state != State.DONE:
        done(job)


def receipts(
    year: Year, run: PaymentRun, orders: Iterable[PaymentOrder], told: dict[str, str], day: str
) -> Iterable[dict[str, Any]]:
    for one in orders:
        outcome = told[one.number]
        yield {
            "order": one.number, "amount": one.amount, "outcome": outcome, "settled_on": year.told.day(day),
            "reference": f"合成{run.pk}-{one.number}", "reason": REASONS[outcome],
        }  # fmt: skip


# --- after the first transfer ----------------------------------------------------------------------------------------


def arrive(year: Year, say: Said) -> str:
    """Some goes through a district and lies there; the rest arrives and says so."""
    waiting = list(orders_of(year, state=PAID, received_on=None, tranche=FIRST).filter(transfers=None))
    counts = {"received": 0, "district": 0}
    for some in pieces(waiting, say):
        with transaction.atomic():
            for one in some:
                counts[reached(year, one)] += 1
    return f"到账 {counts['received']}，在区里 {counts['district']}"


def reached(year: Year, one: PaymentOrder) -> str:
    day = max(year.told.day("arrived"), (one.settled_on or year.told.day("arrived")) + timedelta(days=3))
    if fate(year, one.award, "district"):
        note_transfer(order=one, holder="区财政部门（合成）", **year.written(day, "officer"))
        return "district"
    funding.confirm_received(order=one, **year.written(day, "officer"))
    return "received"


def recover(year: Year, say: Said) -> str:
    """A part comes back from a few in each pot."""
    most, counts = year.told.calendar["recoveries"], 0
    for told in year.told.calendar["pots"]:
        awards = awards_of(year).filter(Q(orders__state=PAID), pot__code=pot_code(year, told)).distinct()
        if not awards.filter(recoveries__isnull=False).exists():
            for one in awards[:most]:
                funding.recover(
                    award=one, amount=totals.of_award(one).paid // 4, basis=f"{year.told.year}年追回通知（合成）", receipt=f"合成缴{one.pk:06d}",
                    **{**year.written("recovered", "payer"), "why": "设备数量核减（合成）"}
                )  # fmt: skip
                counts += 1
    say(counts, counts)
    return f"追回 {counts}"
