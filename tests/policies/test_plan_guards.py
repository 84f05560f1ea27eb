"""What keeps a plan from being approved, announced or sent back: tried on each way round it that a reviewer found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mangrove.casework.notices import actions as notices
from mangrove.funding.models import Award
from mangrove.ledger.refs import SYSTEM
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims import actions as claims
from mangrove.policies.claims.models import Claim, Doubt, DoubtState
from mangrove.policies.measures.library import version_on
from mangrove.policies.measures.publishing import publish
from mangrove.policies.plans import actions as plans
from mangrove.policies.plans.models import Plan, PlanLine
from mangrove.policies.plans.pages import advice

from . import life, making
from .test_doubts import ended, listed
from .test_objections import announced, answered, claim_of, raised
from .test_plans import closed

pytestmark = pytest.mark.django_db


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as found:
        act()
    return found.value.code


def again(plan: Plan) -> Plan:
    return Plan.objects.select_related("case", "notice__case").get(pk=plan.pk)


def approved(plan: Plan, by: str = "director", **more: Any) -> Plan:
    plan = again(plan)
    said = {"on": life.today(), "basis": "纪要", "expected_version": plan.case.version, **more}
    return plans.approve(plan_id=plan.pk, by=life.who(by), **said)


def sent_back(plan: Plan) -> Plan:
    plan = again(plan)
    return plans.step(
        plan_id=plan.pk, act="return", by=life.who("officer"), on=life.today(), expected_version=plan.case.version, why="重编"
    )  # fmt: skip


def withdrawn(plan: Plan) -> None:
    notice = again(plan).notice
    assert notice is not None
    notices.end(
        id=notice.pk, act="withdraw", by=life.who("director"), on=life.today(), why="重编", expected_version=notice.case.version
    )  # fmt: skip


def corrected(plan: Plan, result: str) -> None:
    notice = again(plan).notice
    assert notice is not None
    notices.correct(
        by=life.who("officer"), id=notice.pk, number=notice.items.get(applicant="firm_a").number, result=result, why="复核",
        expected_version=notice.case.version, on=life.days_ago(34),
    )  # fmt: skip


def test_what_the_notice_was_corrected_to_is_not_passed_over() -> None:
    plan = announced()
    answered(raised(plan), "partly")
    corrected(plan, "拟资助 1 元")
    closed_answered(plan)
    assert refused(lambda: approved(plan)) == "policies.objection_upheld"
    assert not Award.objects.exists()


def test_a_corrected_line_that_nobody_objected_to_is_computed_anew() -> None:
    plan = announced()
    corrected(plan, "拟资助 1 元")
    closed(plan)
    assert refused(lambda: approved(plan)) == "policies.unlike_notice"


def closed_answered(plan: Plan) -> None:
    notice = again(plan).notice
    assert notice is not None
    notices.end(
        id=notice.pk, act="close_answered", by=life.who("officer"), on=life.days_ago(10), why=life.WHY,
        expected_version=notice.case.version,
    )  # fmt: skip


def test_a_plan_goes_back_when_its_notice_is_withdrawn_and_an_upheld_objection_is_not_forgotten() -> None:
    plan = announced()
    one = raised(plan)
    assert refused(lambda: sent_back(plan)) == "policies.notice_stands"
    withdrawn(plan)
    assert refused(lambda: sent_back(plan)) == "policies.objection_open"
    answered(one, "upheld")
    sent_back(plan)
    assert (claim_of("a").case.state, claim_of("b").case.state) == ("checking", "ready")
    assert again(plan).result == "" and not plan.lines.exists()


def test_what_is_not_known_is_not_refused_in_public() -> None:
    life.ready(life.claimed(life.window()))
    plan = life.planned()
    PlanLine.objects.filter(plan=plan).update(asked=None, proposed=0, because={"code": "lacks"})
    assert refused(lambda: life.announced(plan)) == "policies.lines_lack"


def test_nobody_approves_who_finished_a_claim_or_computed_the_plan_once() -> None:
    deputy = life.who("deputy") if announced_ready() else None
    assert deputy is not None
    deputy.roles = [*deputy.roles, "case_officer"]
    deputy.save()
    claim = life.checked(life.claimed(life.window("testbed", id="second"), "c"))
    claims.step(claim_id=claim.pk, act="finish", by=deputy, expected_version=claim.case.version, **life.at())
    plan = life.announced(life.planned(money=life.pot(code="second")))
    closed(plan)
    assert refused(lambda: approved(plan, by="deputy")) == "policies.own_plan"


def announced_ready() -> bool:
    life.window()
    return True


def test_an_approval_is_not_dated_into_the_period_of_its_notice() -> None:
    plan = announced()
    closed(plan)
    early = life.days_ago(39)
    assert refused(lambda: approved(plan, on=early, why="补录")) == "policies.notice_open"
    assert approved(plan).basis == "纪要"


def test_a_pot_is_not_promised_twice() -> None:
    opening, money = life.window(), life.pot(250_000_000)
    life.ready(life.claimed(opening, "a"))
    first = life.planned(money=money)
    life.ready(life.claimed(opening, "b"))
    second = life.planned(money=money)
    sums = [sum(one.lines.values_list("proposed", flat=True)) for one in (first, second)]
    assert sums == [200_000_000, 50_000_000]


def test_a_plan_is_paid_by_a_pot_of_its_own_year() -> None:
    life.ready(life.claimed(life.window()))
    money = life.pot()
    start = lambda: plans.start(  # noqa: E731
        title="2031年计划", schemes_=("testbed",), budget_year=2031, pots={"main": money}, by=life.who("officer"), **life.at()
    )  # fmt: skip
    assert refused(start) == "policies.other_year"


def test_a_version_that_was_replaced_does_not_come_back_when_the_next_has_ended() -> None:
    making.office()
    making.in_library(making.text(first_day="in_force: 2020-01-01"))
    making.in_library(making.text(first_day="in_force: 2022-01-01, until: 2023-01-01"))
    days = ["2021-05-01", "2022-05-01", "2023-05-01"]
    found = [version_on("sample_measure", life.today().fromisoformat(day)) for day in days]
    assert [one and one.number for one in found] == [1, 2, None]


def test_a_claim_is_decided_under_the_version_under_which_it_was_made() -> None:
    life.ready(life.claimed(life.window()))
    now = version_on("sz_industrial_internet_2018", life.today())
    assert now is not None and now.in_force is not None
    later = life.days_ago(41) + timedelta(days=5)
    text = now.text.replace(f"in_force: {now.in_force}", f"in_force: {later}").replace("50%", "40%")
    publish(text=text, by=SYSTEM, on=life.today())
    plan = plans.compute(
        plan_id=life.started().pk, decide_on=life.today(), by=life.who("officer"), on=life.today(), expected_version=1
    )  # fmt: skip
    assert [one.number for one in plan.measures.all()] == [now.number]
    assert [one.proposed for one in plan.lines.all()] == [200_000_000]


def test_a_scheme_that_nobody_claimed_does_not_choose_the_version_of_those_who_did() -> None:
    life.bureau()
    now = version_on("sz_industrial_internet_2018", life.today())
    assert now is not None
    later = life.days_ago(41) + timedelta(days=5)
    publish(
        text=now.text.replace(f"in_force: {now.in_force}", f"in_force: {later}"), by=SYSTEM, on=life.today()
    )
    both = ["sector_platform", "testbed"]
    for name in both:
        found = plans.rules_for(
            Plan(schemes=both), [Claim(scheme=name, applied_on=life.days_ago(41))], life.today()
        )
        assert [(one.rule, one.number) for one in found] == [(now.rule, now.number)], name


def test_an_upheld_doubt_is_answered_for_when_the_claim_goes_on() -> None:
    claim = life.checked(life.claimed(life.window()))
    Doubt.objects.create(
        claim=claim, kind="related", key="x", found_on=life.today(), state=DoubtState.UPHELD, judged_by="officer", reason="同一项目"
    )  # fmt: skip
    said = {
        "claim_id": claim.pk,
        "act": "finish",
        "by": life.who("officer"),
        "expected_version": claim.case.version,
    }
    assert refused(lambda: claims.step(**said, on=life.today(), why=" ")) == "policies.upheld_in_silence"
    claims.step(**said, on=life.today(), why="关联方已撤回那一项")
    assert Claim.objects.get(pk=claim.pk).case.state == "ready"


def test_the_firm_learns_of_no_other_firm_from_a_form_that_is_not_its_own() -> None:
    opening = life.window()
    own, other = life.claimed(opening, "a"), life.claimed(opening, "b")
    client = Client()
    client.force_login(life.who("firm_a"), backend="django.contrib.auth.backends.ModelBackend")
    for route, more in (
        ("open_review", ()),
        ("check", ("registry",)),
        ("judge", (1,)),
        ("claim_step", ("finish",)),
    ):
        answer = client.post(reverse(f"policies:{route}", args=[own.pk, *more]), {})
        page = answer.content.decode()
        assert other.organisation.name not in page and life.who("officer").name not in page, route


def test_what_does_not_come_out_again_is_not_approved() -> None:
    """The facts that were kept with the plan, or an amount of a line, became others since it was computed."""
    plan = announced()
    closed(plan)
    kept = again(plan).population
    Plan.objects.filter(pk=plan.pk).update(population=kept.replace("400000000", "300000000"))
    assert refused(lambda: approved(plan)) == "policies.not_again"
    Plan.objects.filter(pk=plan.pk).update(population=kept)
    assert approved(plan).case.state == "approved"


def test_nobody_on_a_list_is_announced_as_one_who_gets_money() -> None:
    life.ready(life.claimed(life.window(), "a"))
    plan = life.computed(life.planned(money=life.pot(1_000_000_000)))
    entry = listed("firm_a", life.days_ago(60))
    said = {"plan_id": plan.pk, "objection_unit": "政策法规处", "by": life.who("officer"), "on": life.today()}
    assert (
        refused(lambda: plans.announce(**said, expected_version=plan.case.version)) == "policies.plan_listed"
    )
    assert "企业有限公司" in advice(plan)
    ended(entry)
    assert advice(plan) == ""
    plans.announce(**said, expected_version=again(plan).case.version)
