"""The lists of plans and of the lines of one."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.things import state_tag
from mangrove.funding.tables import money
from mangrove.policies.claims.tables import claim_link, scheme_words
from mangrove.policies.plans.models import Plan, PlanLine
from mangrove.registry.labels import named
from mangrove.ui.components import Link, Short, Tag, Tone
from mangrove.ui.languages import listed
from mangrove.ui.tables import SYNTHETIC, Column, Table

TONES: dict[str, Tone] = {
    "drafting": "calm",
    "computed": "info",
    "announced": "info",
    "approved": "good",
    "dropped": "bad",
}
STANDING_TONES: dict[str, Tone] = {"符合": "good", "不符合": "bad", "缺数据": "warn"}
STANDINGS = {"符合": _("符合"), "不符合": _("不符合"), "缺数据": _("缺数据")}


def plan_link(plan: Plan) -> Link:
    return Link(plan.title, reverse("policies:plan", args=[plan.pk]))


PLANS = Table(
    "plans",
    _("资助计划"),
    [
        Column("title", _("计划"), sort="title", cell=plan_link, export=lambda one: one.title),
        Column("budget_year", _("预算年度"), sort="budget_year", cell=lambda one: str(one.budget_year)),
        Column("schemes", _("扶持事项"), cell=lambda one: listed(scheme_words(id) for id in one.schemes)),
        Column("count", _("件数"), numeric=True, sort="count"),
        money("sum", _("拟资助"), lambda one: one.sum or 0, sort="sum"),
        Column("state", _("状态"), sort="case__state", cell=lambda one: state_tag(one.case, TONES)),
        SYNTHETIC,
    ],
    order="-budget_year",
    empty=_("审核完成的申报由经办人编成资助计划，列在这里。"),
)


def standing_tag(line: PlanLine) -> Tag:
    return Tag(STANDINGS[line.standing], STANDING_TONES[line.standing])


def why(line: PlanLine) -> str:
    """Why it is less than the clause comes to, in words."""
    if left := getattr(line, "departure", None):
        return gettext("已移出：%(reason)s") % {"reason": left.reason}
    said = line.because
    match said.get("code"):
        case "quota":
            return gettext("名额已满（%(quota)s）") % said
        case "lacks":
            return gettext("缺数据，暂不能定")
        case "gave_way":
            return gettext("就高不重复，由“%(to)s”支付") % said
        case "pot":
            return gettext("资金不足，按计划核减")
        case _:
            return ""


def lines_table() -> Table:
    return Table(
        "lines",
        _("拟资助名单"),
        [
            Column("title", _("项目"), sort="claim__title", cell=lambda one: claim_link(one.claim), export=lambda one: one.claim.title),
            Column("firm", _("企业"), sort="claim__organisation__name", cell=lambda one: named(one.claim.organisation)),
            Column("standing", _("条款"), sort="standing", cell=standing_tag, export=lambda one: str(STANDINGS[one.standing])),
            money("asked", _("按条款应得"), lambda one: one.asked or 0, sort="asked"),
            money("proposed", _("拟资助"), sort="proposed"),
            Column("why", _("为什么不同"), cell=why),
        ],
        order="-proposed",
        page_size=100,
    )  # fmt: skip


def plan_cell(line: PlanLine, public: bool) -> Any:
    """A firm reads its own line, and not the plan with everybody's."""
    return line.plan.title if public else plan_link(line.plan)


def plan_lines_table(public: bool) -> Table:
    """What a claim came to in the plans that it was put into."""
    return Table(
        "plan_lines",
        _("列入的计划"),
        [
            Column("plan", _("资助计划"), cell=lambda one: plan_cell(one, public)),
            Column("year", _("预算年度"), cell=lambda one: Short(one.plan.budget_year)),
            money("asked", _("按条款应得"), lambda one: one.asked or 0),
            money("proposed", _("拟资助")),
            Column("why", _("为什么不同"), cell=why),
        ],
        page_size=20,
    )


def shortened(hash: str) -> Any:
    return f"{hash[:16]}…" if hash else None
