"""What the programme of support measures registers with the house."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.casework.workflow import Workflow
from mangrove.intake.access import may_apply
from mangrove.policies.claims.access import readable_claims
from mangrove.policies.claims.workflow import APPLICANT, CLAIM, OFFICER
from mangrove.policies.instant.waiting import offers_to_answer
from mangrove.policies.issuing.asked import opinions_due
from mangrove.policies.issuing.naming import names_of_drafts, names_of_measures
from mangrove.policies.issuing.workflow import DRAFT
from mangrove.policies.measures.waiting import waiting
from mangrove.policies.performance.access import readable_performances
from mangrove.policies.performance.waiting import reports_due
from mangrove.policies.performance.workflow import PERFORMANCE
from mangrove.policies.plans.access import readable_plans
from mangrove.policies.plans.workflow import APPROVER, PLAN
from mangrove.policies.results.access import READERS
from mangrove.policies.results.tile import tile
from mangrove.policies.sandbox.access import READERS as TRYING
from mangrove.policies.searching import SEARCH
from mangrove.registry.roles import SUPPORTED
from mangrove.ui.house import Named, NavEntry, Room, Tile, Todo


def words_of_steps(flow: Workflow, opened: Any) -> dict[str, Any]:
    """What the ledger and timelines call the steps of a table, and its beginning."""
    return {f"{flow.id}.open": opened} | {f"{flow.id}.{step.act}": step.label for step in flow.steps}


def measure_page(id: str) -> str:
    rule, _at, number = id.rpartition("@")
    return reverse("policies:measure", args=[rule, int(number)])


def named_claims(user: Any, ids: Collection[str]) -> dict[str, Named]:
    found = readable_claims(user).filter(pk__in=ids)
    return {str(one.pk): Named(one.title, href=reverse("policies:claim", args=[one.pk])) for one in found}


def named_plans(user: Any, ids: Collection[str]) -> dict[str, Named]:
    found = readable_plans(user).filter(pk__in=ids)
    return {str(one.pk): Named(one.title, href=reverse("policies:plan", args=[one.pk])) for one in found}


def named_performances(user: Any, ids: Collection[str]) -> dict[str, Named]:
    found = readable_performances(user).filter(pk__in=ids)
    return {
        str(one.pk): Named(one.claim.title, href=reverse("policies:performance", args=[one.pk]))
        for one in found
    }


def year_page(id: str) -> str:
    """What a year came to; the id is the year."""
    return f"{reverse('policies:results')}?year={id}"


def todos(user: Any) -> list[Todo]:
    return [*opinions_due(user), *waiting(user), *offers_to_answer(user), *reports_due(user)]


def page_of(route: str) -> Callable[[str], str]:
    return lambda id: reverse(route, args=[id])


def first_page(user: Any) -> str:
    """Who does nothing here but apply begins with what its firm may claim and has claimed."""
    only_applies = set(user.roles) == {APPLICANT} and may_apply(user)
    return reverse("policies:own_firm") if only_applies else ""


#: Who has to do with making measures.
MAKERS = ("case_officer", "reviewer", "signer", "inspector", "chain_chief", "auditor")
#: Who works on claims and looks at them; firms have their own lines.
CLAIMS = (*CLAIM.readers, OFFICER)
NAVIGATION = (
    NavEntry(_("措施库"), "policies:measures", "programmes", 10),
    NavEntry(_("措施制定"), "policies:drafts", "programmes", 13, roles=MAKERS, also=("/policies/language/",)),
    NavEntry(_("公开征求意见"), "policies:open_drafts", "programmes", 13, also=("/policies/opinions/",)),
    NavEntry(_("政策试算"), "policies:sandbox_measures", "programmes", 11, roles=TRYING),
    NavEntry(_("试算方案"), "policies:scenarios", "programmes", 12, roles=TRYING),
    NavEntry(_("扶持事项一览"), "policies:schemes", "programmes", 14, roles=(*CLAIMS, "signer")),
    NavEntry(_("扶持申报"), "policies:claims", "programmes", 14, roles=(*CLAIMS, APPLICANT, APPROVER)),
    NavEntry(_("疑点"), "policies:doubts", "programmes", 15, roles=CLAIMS),
    NavEntry(_("免申即享"), "policies:offers", "programmes", 16, roles=(*CLAIMS, APPLICANT)),
    NavEntry(_("资助计划"), "policies:plans", "programmes", 17, roles=(*PLAN.readers, OFFICER, APPROVER)),
    NavEntry(_("资金执行"), "policies:results", "programmes", 18, roles=READERS),
    NavEntry(_("绩效评价"), "policies:performances", "programmes", 20, roles=(*CLAIMS, APPLICANT, APPROVER)),
    NavEntry(_("做了什么"), "policies:done", "programmes", 21, roles=READERS),
    NavEntry(_("企业一页"), "policies:firms", "programmes", 19, roles=(*CLAIMS, APPROVER)),
    NavEntry(_("政策计算器"), "policies:calculator", "applications", 14, roles=SUPPORTED),
    NavEntry(
        _("本企业"), "policies:own_firm", "applications", 9, visible=may_apply, also=("/policies/firms/",)
    ),
)
ACTS = {
    **words_of_steps(CLAIM, _("成为扶持申报")),
    **words_of_steps(PLAN, _("编制资助计划")),
    **words_of_steps(PERFORMANCE, _("到了评价时间")),
    "policies.results.publish": _("发布资金执行的指标"),
    **words_of_steps(DRAFT, _("开始起草")),
    "policies.draft.opine": _("登记意见"),
    "policies.draft.dispose": _("办理意见"),
    "policies.measure.evaluate": _("登记评估"),
    "policies.measure.explain": _("发布解读"),
    "policies.measure.publish": _("公布措施"),
    "policies.portfolio.publish": _("公布组合"),
    "policies.offer.make": _("列为免申即享"),
    "policies.offer.answer": _("企业答复"),
    "policies.offer.lapse": _("逾期未确认"),
    "policies.claim.judge": _("判断"),
    "policies.claim.check": _("办完审核环节"),
    "policies.claim.review": _("送专家评审"),
    "policies.claim.doubt": _("发现疑点"),
    "policies.claim.weigh": _("核实疑点"),
    "policies.claim.expenses": _("读入费用支出清单"),
    "policies.claim.search": _("查找重复申报"),
    "policies.scenario.save": _("保存试算方案"),
    "policies.scenario.change": _("修改试算方案"),
    "policies.scenario.share": _("改变试算方案给谁看"),
    "policies.scenario.delete": _("删除试算方案"),
    "policies.scenario.draft": _("以试算方案起草"),
}

ROOM = Room(
    id="policies",
    label=_("扶持政策"),
    prefix="policies",
    search=SEARCH,
    urls="mangrove.policies.urls",
    navigation=NAVIGATION,
    acts=ACTS,
    keeps={"expense_line": "policies:claims"},
    addresses={
        "measure": measure_page,
        "performance": page_of("policies:performance"),
        "year": year_page,
        **{kind: page_of(f"policies:{kind}") for kind in ("claim", "draft", "offer", "plan", "scenario")},
    },
    todos=todos,
    tiles=(Tile(_("奖励补贴"), 20, tile, line="policies"),),
    first_page=first_page,
    names={
        "claim": named_claims,
        "draft": names_of_drafts,
        "measure": names_of_measures,
        "performance": named_performances,
        "plan": named_plans,
    },
    hangs={
        "policies.claim.organisation": _("扶持申报"),
        "policies.offer.organisation": _("免申即享"),
        "policies.offer.office": _("免申即享的受理单位"),
    },
)
