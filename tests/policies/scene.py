"""Claims and plans at every stage that has a page of its own, by the sample accounts, for the browser and the role matrix."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from mangrove.casework.notices import actions as notices
from mangrove.funding.models import Award
from mangrove.jobs import worker
from mangrove.ledger.refs import SYSTEM
from mangrove.policies.claims import actions as claims
from mangrove.policies.claims.actions import Found
from mangrove.policies.claims.models import Claim, Doubt
from mangrove.policies.instant import matching
from mangrove.policies.instant.models import Offer
from mangrove.policies.measures.models import RuleText
from mangrove.policies.measures.publishing import publish_shelf
from mangrove.policies.performance import actions as performance
from mangrove.policies.performance.models import Performance
from mangrove.policies.performance.opening import look_after
from mangrove.policies.plans.models import Plan
from registry.records.taking import taken

from . import life, panel, paying

#: Sample accounts of the city, and people of the firms of ``intake.scene``.
PLAYED = {
    "approver": "payer_b",
    "officer": "officer_a", "director": "director", "deputy": "deputy_director", "payer": "payer_a", "firm_a": "a1",
    "firm_b": "b1", "firm_c": "c1", "firm_d": "d1", "firm_e": "e1",
}  # fmt: skip


@dataclass(frozen=True)
class Scene:
    measure: RuleText
    checking: Claim
    reviewed: Claim
    ready: Claim
    checked: Claim
    doubt: Doubt
    drafting: Plan
    computed: Plan
    announced: Plan
    offer: Offer
    due: Performance
    reported: Performance
    confirmed: Performance


def set_scene() -> Scene:
    """One claim being checked and doubtful, one ready, one in a plan that is computed, one in a plan whose notice is over."""
    life.CAST.update(PLAYED)
    publish_shelf(by=SYSTEM, on=life.days_ago(70), why=life.WHY)
    opening = life.window("sector_platform", id="platform-scene")
    checking = life.claimed(opening, "a", title="装备制造行业平台（合成）")
    reviewed = life.claimed(opening, "b", title="纺织行业平台（合成）")
    panel.held({reviewed: (82, 74, 69)}, title="行业平台第一轮评审（合成）")
    money = life.pot(code="policies-2026")
    computed = plan_of("testbed", "b", money)
    ended = close(life.announced(plan_of("material_industry", "c", money)))
    ready = life.ready(life.claimed(life.window("testbed", id="testbed-late"), "a"))
    checked = life.checked(life.claimed(life.window("material_first_batch"), "a"))
    due, reported, confirmed = reviews()
    return Scene(
        measure=RuleText.objects.get(rule="sz_industrial_internet_2018"), checking=checking, reviewed=reviewed, ready=ready, checked=checked,
        doubt=doubted(checking), drafting=life.started(("testbed",), money), computed=computed, announced=ended,
        offer=offered(), due=due, reported=reported, confirmed=confirmed,
    )  # fmt: skip


def reviews() -> tuple[Performance, Performance, Performance]:
    """Three awards paid more than a year ago by another officer: one due, one reported by the firm, one found missed."""
    titles = ("高频覆铜板研发产业化（合成）", "射频陶瓷材料研发产业化（合成）", "光敏树脂研发产业化（合成）")
    with life.long_ago(400):
        for n, title in enumerate(titles, 1):
            opening = life.window("material_industry", id=f"material-scene-{n}")
            life.ready(
                life.claimed(opening, "a", title=title, begins_on="2024-01-10", finished_on="2024-11-20")
            )
        life.CAST["officer"] = "officer_b"
        plan = paying.approved(life.planned(("material_industry",), life.pot(800_000_000, "policies-2025")))
        life.CAST["officer"] = PLAYED["officer"]
        for award in Award.objects.filter(plan_line__plan=plan).order_by("pk"):
            paying.paid(award)
    look_after()
    due, reported, confirmed = (Performance.objects.get(claim__title=title) for title in titles)
    measured(reported, "210")
    measured(confirmed, "90")
    performance.confirm(
        performance_id=confirmed.pk, promised={}, by=life.who("officer"), on=life.today(), expected_version=2,
        why="核对审计报告（合成）",
    )  # fmt: skip
    return due, reported, confirmed


def measured(one: Performance, amount: str) -> None:
    performance.report(
        performance_id=one.pk, act="report", measured={1: Decimal(amount)}, until=life.days_ago(20), source="2025年度审计报告（合成）",
        by=life.who("firm_a"), on=life.today(), expected_version=one.case.version,
        paper=SimpleUploadedFile("审计报告（合成）.pdf", life.PDF),
    )  # fmt: skip


def plan_of(scheme: str, firm: str, money: object) -> Plan:
    life.ready(life.claimed(life.window(scheme), firm))
    return life.planned((scheme,), money)  # type: ignore[arg-type]


def doubted(claim: Claim) -> Doubt:
    found = Found("split", "甲与乙", detail={"said": "三份合同同日签订（合成）"})
    with transaction.atomic():
        return claims.doubt(claims.locked(claim), [found], by=SYSTEM, on=life.today())[0]


def close(plan: Plan) -> Plan:
    assert plan.notice is not None
    plan.notice.case.refresh_from_db()
    notices.end(
        id=plan.notice.pk, act="close_clear", by=life.who("officer"), on=life.days_ago(10), why=life.WHY,
        expected_version=plan.notice.case.version,
    )  # fmt: skip
    plan.refresh_from_db()
    return plan


def offered() -> Offer:
    """What the data of the first firm suffice for."""
    heads = ("称号标识", "称号类别", "认定层级", "认定日期", "获认定单位")
    taken("title", [heads, ("t-scene", "标准化试点示范", "国家级", "2025-05-01", "firm_a")])
    office = life.who("officer").organisation
    assert office is not None
    matching.ask(office=office, by=life.who("officer").actor, on=life.today())
    worker.work(until_idle=True)
    return Offer.objects.get(thing="t-scene")
