"""Files that come in: what the treasury did with each order, and money received elsewhere. Looked at, shown, taken whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove import vocabulary
from mangrove.funding.access import access_receipts, access_registering
from mangrove.funding.decisions import evidence_key
from mangrove.funding.models import PaymentOrder, PriorMoney
from mangrove.funding.settling import settle
from mangrove.funding.workflow import FREED
from mangrove.jobs.running import Running
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Ref
from mangrove.registry.importing.kinds import Importing
from mangrove.registry.importing.plan import Plan
from mangrove.registry.importing.reading import Read, Wrong, empty
from mangrove.ui.numbers import yuan
from mangrove.vocabulary.sheets import Row

RECEIPT = vocabulary.entity("treasury_receipt")
PRIOR = vocabulary.entity("prior_money")
RECEIPT_MUST = ("order", "amount", "outcome", "settled_on")
PRIOR_MUST = ("level", "programme", "year", "recipient", "matter", "amount")


# --- what the treasury did ---------------------------------------------------------------------------------------


def plan_receipts(read: Read, on: date) -> Plan:
    """Each row against its order. An answer that is known already is the same; any other is new or wrong."""
    plan = Plan(notes=list(read.notes))
    plan.refuse(read.wrong)
    numbers = [row.text("order") for row in read.rows]
    orders = {order.number: order for order in PaymentOrder.objects.filter(number__in=numbers)}
    lines: dict[str, int] = {}
    for row in read.rows:
        plan.refuse(wrong_receipt(row, orders, lines, on))
        if row.line in plan.wrong_lines:
            continue
        if orders[row.text("order")].state == "sent":
            plan.new.append((row.line, dict(row.values)))
        else:
            plan.same += 1
    return plan


def wrong_receipt(
    row: Row, orders: Mapping[str, PaymentOrder], lines: dict[str, int], on: date
) -> Iterator[Wrong]:
    """All that is wrong with the row; a cell that could not be read is told of already, and keeps no other from being looked at."""
    yield from empty(row, RECEIPT, RECEIPT_MUST)
    yield from wrong_answer(row, on)
    if row.values.get("order") is None:
        return
    number, order = row.text("order"), orders.get(row.text("order"))
    if (first := lines.setdefault(number, row.line)) != row.line:
        yield Wrong(row.line, RECEIPT.field("order").zh, f"与第{first}行是同一张指令。")
    if order is None:
        yield Wrong(row.line, RECEIPT.field("order").zh, f"没有指令“{number}”。")
        return
    yield from differing(row, order)


def wrong_answer(row: Row, on: date) -> Iterator[Wrong]:
    """What is wrong whatever the order says."""
    settled = row.values.get("settled_on")
    if isinstance(settled, date) and settled > on:
        yield Wrong(row.line, RECEIPT.field("settled_on").zh, f"{settled}在业务日期{on}之后。")
    if row.values.get("outcome") in FREED and not row.text("reason").strip():
        yield Wrong(row.line, RECEIPT.field("reason").zh, "退票和收回须写明原因。")


def differing(row: Row, order: PaymentOrder) -> Iterator[Wrong]:
    told = all(row.values.get(name) is not None for name in RECEIPT_MUST)
    if row.values.get("amount") not in (None, order.amount):
        yield Wrong(
            row.line,
            RECEIPT.field("amount").zh,
            f"指令是{yuan(order.amount)}元，回执是{yuan(int(str(row.values['amount'])))}元。",
        )
    if order.state in ("prepared", "approved", "cancelled"):
        yield Wrong(row.line, RECEIPT.field("order").zh, f"指令“{order.number}”没有送国库。")
    elif told and order.state != "sent" and not same_answer(row, order):
        yield Wrong(
            row.line,
            RECEIPT.field("outcome").zh,
            f"指令“{order.number}”已有另一份回执（{order.state_words}）。",
        )


def same_answer(row: Row, order: PaymentOrder) -> bool:
    return (order.state, order.settled_on, order.treasury_reference) == (
        row.values["outcome"], row.values["settled_on"], row.text("reference")
    )  # fmt: skip


def take_receipts(plan: Plan, running: Running) -> None:
    """Each order by an event of its own, all under the batch of the job."""
    for n, (_line, values) in enumerate(plan.new):
        if n % 100 == 0:
            running.progress(n, len(plan.new), _("登记回执"))
        settle(
            number=str(values["order"]), outcome=str(values["outcome"]), settled_on=values["settled_on"],
            reference=str(values.get("reference") or ""), reason=str(values.get("reason") or ""),
            by=running.actor, on=running.on, why=running.why, batch=running.job.uid,
        )  # fmt: skip


RECEIPTS = Importing(
    id="receipts",
    label=gettext_lazy("国库回执"),
    entity=RECEIPT,
    must=RECEIPT_MUST,
    named_by="order",
    example=gettext_lazy("市国库支付回执"),
    rules=gettext_lazy(
        "指令编号和金额须与送出的一致；已登记过的同一份回执不重复登记；退票和收回须写明原因。"
    ),
    page="funding:orders",
    access=access_receipts,
    plan=plan_receipts,
    take=take_receipts,
)


# --- money received elsewhere ------------------------------------------------------------------------------------


def plan_prior(read: Read, on: date) -> Plan:
    plan = Plan(notes=list(read.notes))
    plan.refuse(read.wrong)
    known = set(PriorMoney.objects.values_list("level", "programme", "year", "recipient", "matter", "key"))
    taken: dict[tuple[Any, ...], int] = {}
    for row in read.rows:
        plan.refuse(empty(row, PRIOR, PRIOR_MUST))
        if row.line in plan.wrong_lines:
            continue
        place = place_of(row.values)
        if (first := taken.setdefault(place, row.line)) != row.line:
            plan.refuse([Wrong(row.line, PRIOR.field("matter").zh, f"与第{first}行是同一笔。")])
        elif place in known:
            plan.same += 1
        else:
            plan.new.append((row.line, dict(row.values)))
    return plan


def place_of(values: Mapping[str, Any]) -> tuple[Any, ...]:
    key = evidence_key(
        "invoice", str(values.get("invoice_code") or ""), str(values.get("invoice_number") or "")
    )
    return (*(values[name] for name in ("level", "programme", "year", "recipient", "matter")), key)


def take_prior(plan: Plan, running: Running) -> None:
    source = running.arguments["source"]
    PriorMoney.objects.bulk_create(prior_money(values, source) for _line, values in plan.new)
    if plan.new:
        payload = {"count": len(plan.new), "sha256": running.arguments["sha256"], "source": source}
        subject = Ref("funding", "prior_money", str(running.job.uid))
        record(
            "funding.prior_money.import",
            subject=subject,
            by=running.actor,
            on=running.on,
            why=running.why,
            payload=payload,
        )


def prior_money(values: Mapping[str, Any], source: str) -> PriorMoney:
    texts = {name: str(values.get(name) or "") for name in ("invoice_code", "invoice_number")}
    return PriorMoney(
        **{name: values[name] for name in PRIOR_MUST}, **texts, key=place_of(values)[-1], source=source
    )


PRIOR_MONEY = Importing(
    id="prior_money",
    label=gettext_lazy("先前资金"),
    entity=PRIOR,
    must=PRIOR_MUST,
    named_by="matter",
    example=gettext_lazy("省专项资金拨付清单"),
    rules=gettext_lazy("一笔资助一行；有发票的写发票代码和号码，查重时按号码对。已有的同一笔不重复登记。"),
    page="funding:prior_money",
    access=access_registering,
    plan=plan_prior,
    take=take_prior,
)
