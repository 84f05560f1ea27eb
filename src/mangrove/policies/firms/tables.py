"""The lists of a firm's page, and the list of firms."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove import vocabulary
from mangrove.casework.standing import due_of, holder_of
from mangrove.casework.things import state_tag
from mangrove.funding.models import Award, PaymentOrder
from mangrove.funding.tables import money
from mangrove.funding.workflow import ORDER
from mangrove.intake.models import Application
from mangrove.intake.standing import due_cell as due_of_application
from mangrove.intake.standing import eligible_words, until
from mangrove.intake.standing import since as application_since
from mangrove.intake.standing import state_tag as application_tag
from mangrove.intake.tables import application_link, opening_link
from mangrove.policies.claims.models import Claim
from mangrove.policies.claims.tables import TONES, claim_link, public_tag, scheme_words, since
from mangrove.registry.labels import enum_word, label, named
from mangrove.registry.models import Organisation
from mangrove.ui.components import Link, Short, Tag
from mangrove.ui.dates import due_tag
from mangrove.ui.tables import SYNTHETIC, Column, Table

FIELDS = vocabulary.entity("organisation")


def firm_link(one: Organisation) -> Link:
    return Link(named(one), reverse("policies:firm", args=[one.pk]))


FIRMS = Table(
    "policy_firms",
    _("企业"),
    [
        Column("name", label(FIELDS.field("name")), sort="name", cell=firm_link, export=lambda one: one.name),
        Column("kind", label(FIELDS.field("kind")), sort="kind", cell=lambda one: enum_word("organisation_kind", one.kind)),
        Column("district", label(FIELDS.relation("district")), sort="district__order", cell=lambda one: named(one.district) if one.district else None),
        Column("claim_count", _("申报件数"), numeric=True, sort="claim_count"),
        SYNTHETIC,
    ],
    order="-claim_count",
    empty=_("名录里的企业列在这里。"),
)  # fmt: skip


def due_cell(claim: Claim) -> Any:
    day = due_of(claim.case, getattr(claim, "calendar", None))
    return due_tag(day) if day else None


def planned_in(claim: Claim) -> Any:
    """The budget year of the last plan that it was put into."""
    lines = list(claim.lines.all())
    return Short(lines[-1].plan.budget_year) if lines else None


def claims_of_firm(own: bool) -> Table:
    """``own``: in public words, and without the name of the officer."""
    tag = public_tag if own else lambda one: state_tag(one.case, TONES)
    return Table(
        "firm_claims",
        _("申报与进展"),
        [
            Column("title", _("项目"), sort="title", cell=claim_link, export=lambda one: one.title),
            Column("scheme", _("扶持事项"), sort="scheme", cell=lambda one: scheme_words(one.scheme)),
            Column("applied_on", _("申报日"), sort="applied_on", cell=lambda one: Short(one.applied_on.isoformat())),
            Column("state", _("状态"), sort="case__state", cell=tag),
            Column("holder", _("在谁手里"), cell=lambda one: None if one.case.closed_on else holder_of(one.case, person=not own), absent=_("已办结")),
            Column("since", _("自何时"), cell=lambda one: Short(since(one))),
            Column("due", _("下一个期限"), cell=due_cell, absent=_("没有规定期限")),
            Column("year", _("预算年度"), cell=planned_in, absent=_("未列入计划")),
            SYNTHETIC,
        ],
        order="-applied_on",
        page_size=20,
    )  # fmt: skip


def applications_of_firm(own: bool) -> Table:
    """What was handed in, or is being filled in, and has become no claim; ``own``: in public words, without the officer."""
    return Table(
        "firm_applications",
        _("其他申报"),
        [
            Column("number", _("编号"), cell=application_link, export=lambda one: one.number),
            Column("opening", _("申报"), cell=lambda one: str(one.opening)),
            Column("state", _("状态"), cell=lambda one: application_tag(one, public=own)),
            Column("holder", _("在谁手里"), cell=lambda one: application_holder(one, own), absent=_("已办结")),
            Column("since", _("自何时"), cell=lambda one: Short(application_since(one))),
            Column("due", _("下一个期限"), cell=due_of_application, absent=_("没有规定期限")),
        ],
        page_size=200,
    )  # fmt: skip


def application_holder(one: Application, own: bool) -> str | None:
    if one.case is None:
        return named(one.organisation)
    return None if one.case.closed_on else holder_of(one.case, person=not own)


def award_cell(award: Award, own: bool) -> Any:
    return award.title if own else Link(award.title, reverse("funding:award", args=[award.uid]))


def awards_table(own: bool, listed: bool) -> Table:
    """The awards of one firm; ``listed``: a list of dishonest firms names it today."""
    return Table(
        "firm_awards",
        _("决定的资金"),
        [
            Column("title", _("事项"), cell=lambda one: award_cell(one, own), export=lambda one: one.title),
            Column("decided_on", _("决定日期"), cell=lambda one: Short(one.decided_on.isoformat())),
            money("decided", _("决定金额")),
            Column("year", _("预算年度"), cell=lambda one: Short(one.pot.budget_year)),
            Column("paid_on", _("拨付"), cell=lambda one: paid_words(one, listed), absent=_("没有规定日期")),
            SYNTHETIC,
        ],
        order="-decided_on",
        page_size=20,
    )  # fmt: skip


#: The orders of a firm's awards, as it is told of them.
INSTALMENTS = Table(
    "firm_instalments",
    _("各期拨付"),
    [
        Column("award", _("事项"), cell=lambda one: one.award.title),
        Column("tranche", _("第几期"), numeric=True, cell=lambda one: str(one.tranche)),
        money("amount", _("金额")),
        Column("settled", _("国库办结"), cell=lambda one: Short(one.settled_on.isoformat()) if one.settled_on else None),
        Column("received", _("确认到账"), cell=lambda one: Short(one.received_on.isoformat()) if one.received_on else None, absent=_("未确认")),
        Column("state", _("状态"), cell=lambda one: ORDER.state(one.state).public_label),
    ],
    page_size=100,
)  # fmt: skip

#: What came back of a firm's money.
RECOVERIES = Table(
    "firm_recoveries",
    _("追回的资金"),
    [
        Column("award", _("事项"), cell=lambda one: one.award.title),
        Column("reason", _("追回理由")),
        Column("basis", _("追回依据")),
        Column("receipt", _("缴款凭证号")),
        Column("on", _("追回日期"), cell=lambda one: Short(one.on.isoformat())),
        money("amount", _("追回金额")),
    ],
    page_size=100,
)

#: What is open for applications now.
WINDOWS = Table(
    "firm_windows",
    _("正在开放的申报"),
    [
        Column("window", _("申报窗口"), cell=opening_link),
        Column("eligible", _("谁可以申报"), cell=eligible_words),
        Column("closes_at", _("窗口截止"), cell=lambda one: Short(until(one.closes_at))),
    ],
    page_size=50,
)


def paid_words(award: Any, listed: bool) -> Any:
    """What became of its last order; no rule or plan says when money comes, so no day is made up."""
    orders: list[PaymentOrder] = sorted(award.orders.all(), key=lambda one: one.pk)
    if not orders:
        return Tag(_("在失信名单上，暂不拨付"), "bad") if listed else None
    word, day = where_money_is(orders[-1])
    return Tag(f"{word} {day.isoformat()}" if day else word, "good" if orders[-1].state == "paid" else "info")


def where_money_is(order: PaymentOrder) -> tuple[Any, date | None]:
    """The word, and the day on which just that came about."""
    if order.received_on:
        return _("已到账"), order.received_on
    return ORDER.state(order.state).public_label, order.settled_on
