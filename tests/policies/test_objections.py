"""What is raised about an announced plan: who may know of it, what it holds up, and what follows when it is upheld."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mangrove.casework.grievances import actions as grievances
from mangrove.casework.grievances.actions import From
from mangrove.casework.grievances.models import Grievance
from mangrove.casework.inbox import asked, inbox
from mangrove.casework.notices import actions as notices
from mangrove.casework.rules import rules
from mangrove.funding.models import Award
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.policies import verification
from mangrove.policies.claims.models import Claim
from mangrove.policies.plans import actions as plans
from mangrove.policies.plans.models import Plan
from mangrove.policies.plans.replaying import replay
from mangrove.policies.plans.taking_out import take_out

from . import life

pytestmark = pytest.mark.django_db
ROLES = {"objection": "objection_office", "complaint": "complaint_office", "report": "complaint_office"}


def office_of(kind: str) -> str:
    """The name of somebody of the office that takes this kind."""
    unit = rules().grievance(kind).unit
    bureau = life.who("officer").organisation
    assert bureau is not None
    return life.person(f"takes_{kind}", bureau, [ROLES[kind]], unit).username


def announced() -> Plan:
    opening = life.window()
    for firm in ("a", "b"):
        life.ready(life.claimed(opening, firm))
    return life.announced(life.planned(money=life.pot(1_000_000_000)))


def claim_of(firm: str) -> Claim:
    return Claim.objects.select_related("case").get(organisation=f"firm_{firm}")


def raised(plan: Plan, kind: str = "objection", firm: str = "a", **more: Any) -> Grievance:
    """By the firm's own person about its line; a report is by another firm."""
    office_of(kind)
    assert plan.notice is not None
    item = plan.notice.items.get(applicant=f"firm_{firm}")
    by = life.who(f"firm_{firm}") if kind == "objection" else life.who("firm_d")
    said: dict[str, Any] = {
        "content": "请复核（合成）。", "papers": [one.id for one in rules().grievance(kind).papers],
        "sender": From("样例反映人", by.organisation, "0755-00000000", "样例地址", "样例反映人"), "item": item,
    }  # fmt: skip
    return grievances.lodge(
        kind=kind, by=by, notice=plan.notice, **life.at(life.days_ago(38)), **{**said, **more}
    )


def answered(one: Grievance, outcome: str) -> Grievance:
    by = life.who(office_of(one.kind))
    grievances.accept(by=by, id=one.pk, expected_version=one.case.version, **life.at(life.days_ago(36)))
    one.case.refresh_from_db()
    grievances.answer(
        by=by, id=one.pk, words="已复核（合成）。", outcome=outcome, expected_version=one.case.version, **life.at(life.days_ago(35))
    )  # fmt: skip
    one.refresh_from_db()
    return one


def closed(plan: Plan, act: str = "close_answered") -> None:
    assert plan.notice is not None
    plan.notice.case.refresh_from_db()
    notices.end(
        id=plan.notice.pk, act=act, by=life.who("officer"), expected_version=plan.notice.case.version,
        **life.at(life.days_ago(10)),
    )  # fmt: skip


def approve(plan: Plan) -> None:
    plan = Plan.objects.select_related("case").get(pk=plan.pk)
    plans.approve(
        plan_id=plan.pk, basis="局长办公会纪要〔2026〕1号", by=life.who("deputy"), on=life.today(),
        expected_version=plan.case.version,
    )  # fmt: skip


def out(plan: Plan, one: Grievance, firm: str = "a", **more: Any) -> None:
    plan = Plan.objects.select_related("case").get(pk=plan.pk)
    said: dict[str, Any] = {
        "line": plan.lines.get(claim__organisation=f"firm_{firm}"), "way": "recheck", "number": one.short,
        "why": "投资额须重新核定", "on": life.today(), "by": life.who("officer"),
    }  # fmt: skip
    take_out(plan_id=plan.pk, expected_version=plan.case.version, **{**said, **more})


def browser(username: str) -> Client:
    client = Client()
    client.force_login(life.who(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def shown(who: str, route: str, *of: Any) -> str:
    return browser(who).get(reverse(route, args=of)).content.decode()


def test_only_its_office_and_who_raised_it_see_it_beside_the_claim_the_plan_and_the_notice() -> None:
    plan = announced()
    one = raised(plan)
    assert plan.notice is not None
    claim = claim_of("a")
    assert one.short in shown("firm_a", "policies:claim", claim.pk)
    assert one.short in shown("firm_a", "casework:notice", plan.notice.pk)
    assert one.short in shown(office_of("objection"), "casework:notice", plan.notice.pk)
    for who in ("officer", "auditor", "director"):
        for route, of in (
            ("policies:claim", claim.pk), ("policies:plan", plan.pk), ("casework:notice", plan.notice.pk),
        ):  # fmt: skip
            assert one.short not in shown(who, route, of), (who, route)
    assert one.short not in shown("firm_b", "policies:claim", claim_of("b").pk)


def test_the_pages_of_the_others_are_the_same_whether_something_was_raised_or_not() -> None:
    plan = announced()
    before = shown("officer", "policies:plan", plan.pk)
    claim = claim_of("a").pk
    of_claim = shown("officer", "policies:claim", claim)
    raised(plan, "report")
    marks = [text.split("<main", 1)[1] for text in (before, shown("officer", "policies:plan", plan.pk))]
    assert marks[0] == marks[1]
    marks = [text.split("<main", 1)[1] for text in (of_claim, shown("officer", "policies:claim", claim))]
    assert marks[0] == marks[1]


def test_somebody_of_the_office_who_reads_plans_sees_it_beside_the_plan() -> None:
    plan = announced()
    one = raised(plan)
    reader = life.who(office_of("objection"))
    reader.roles = [*reader.roles, "auditor"]
    reader.save()
    assert one.short in shown(reader.username, "policies:plan", plan.pk)


def test_the_firm_is_led_from_its_claim_to_the_three_ways_and_another_firm_is_not() -> None:
    plan = announced()
    assert plan.notice is not None
    page = shown("firm_a", "policies:claim", claim_of("a").pk)
    for kind in ("objection", "complaint", "report"):
        assert f"kind={kind}&amp;notice={plan.notice.pk}" in page
    assert "kind=objection" not in shown("officer", "policies:claim", claim_of("a").pk)


@pytest.mark.parametrize("kind", ["objection", "report"])
def test_nothing_is_approved_while_something_is_open(kind: str) -> None:
    plan = announced()
    one = raised(plan, kind)
    with pytest.raises(Refusal) as held:
        closed(plan, "close_clear")
    assert held.value.code == "casework.objection_open"
    with pytest.raises(Refusal) as early:
        approve(plan)
    assert early.value.code == "policies.notice_open"
    answered(one, "rejected")
    closed(plan, "close_answered" if kind == "objection" else "close_clear")
    approve(plan)
    assert Award.objects.count() == 2


def test_a_report_that_comes_after_the_notice_was_closed_holds_the_approval() -> None:
    plan = announced()
    closed(plan, "close_clear")
    one = raised(plan, "report")
    with pytest.raises(Refusal) as refused:
        approve(plan)
    assert refused.value.code == "policies.objection_open" and not Award.objects.exists()
    answered(one, "rejected")
    approve(plan)
    assert Award.objects.count() == 2


def test_an_upheld_objection_is_followed_before_anything_is_approved() -> None:
    plan = announced()
    one = answered(raised(plan), "upheld")
    closed(plan)
    with pytest.raises(Refusal) as refused:
        approve(plan)
    assert refused.value.code == "policies.objection_upheld"
    out(plan, one)
    assert claim_of("a").case.state == "checking"
    approve(plan)
    assert [award.recipient_id for award in Award.objects.all()] == ["firm_b"]
    assert claim_of("a").case.state == "checking" and claim_of("b").case.state == "awarded"
    assert verification.verify_plans() == []


def test_the_claim_goes_back_for_the_reason_that_the_firm_reads_and_the_plan_still_replays() -> None:
    plan = announced()
    one = answered(raised(plan), "upheld")
    out(plan, one)
    assert "投资额须重新核定" in shown("firm_a", "policies:claim", claim_of("a").pk)
    page = shown("officer", "policies:plan", plan.pk)
    assert "已移出：投资额须重新核定" in page and one.short not in page
    assert replay(Plan.objects.get(pk=plan.pk)).same


def test_while_the_notice_says_what_no_longer_holds_the_plan_tells_to_correct_it() -> None:
    plan, advice = announced(), "请打开公示，办“更正公示”"
    assert advice not in shown("officer", "policies:plan", plan.pk)
    out(plan, answered(raised(plan), "upheld"))
    assert advice in shown("officer", "policies:plan", plan.pk)
    assert plan.notice is not None
    plan.notice.case.refresh_from_db()
    item = plan.notice.items.get(applicant="firm_a")
    notices.correct(
        by=life.who("officer"), id=plan.notice.pk, number=item.number, result="不予资助，另行审核", why="复核",
        expected_version=plan.notice.case.version, on=life.days_ago(34),
    )  # fmt: skip
    assert advice not in shown("officer", "policies:plan", plan.pk)


def test_who_approves_is_asked_when_the_notice_has_ended_and_not_before() -> None:
    plan = announced()
    signer = life.who("director")
    assert plan.case not in [*inbox(signer).cases]
    closed(plan, "close_clear")
    assert plan.case in [*inbox(signer).cases]
    assert "批准" in asked(signer, plan.case)


def test_a_claim_that_only_leaves_is_ready_for_a_later_plan() -> None:
    plan = announced()
    out(plan, answered(raised(plan, "report"), "upheld"), way="later")
    assert claim_of("a").case.state == "ready"
    later = life.planned(money=life.pot(code="later"))
    assert [line.claim.organisation_id for line in later.lines.all()] == ["firm_a"]
    assert plan.notice is not None
    plan.notice.case.refresh_from_db()
    notices.end(
        id=plan.notice.pk, act="withdraw", by=life.who("director"), on=life.today(), why="重编",
        expected_version=plan.notice.case.version,
    )  # fmt: skip
    plan = Plan.objects.select_related("case").get(pk=plan.pk)
    plans.step(
        plan_id=plan.pk, act="return", by=life.who("officer"), expected_version=plan.case.version, on=life.today(), why="重编"
    )  # fmt: skip
    assert claim_of("a").case.state == "planned" and claim_of("b").case.state == "ready"


@pytest.mark.parametrize(
    ("outcome", "firm", "more", "code"),
    [
        ("rejected", "a", {}, "policies.not_upheld"),
        ("upheld", "b", {}, "policies.not_upheld"),
        ("upheld", "a", {"number": "00000000"}, "policies.not_upheld"),
        ("upheld", "a", {"number": ""}, "policies.not_upheld"),
        ("upheld", "a", {"why": " "}, "registry.required"),
        ("upheld", "a", {"why": "样例反映人提出的，属实"}, "casework.telling"),
    ],
)
def test_a_claim_leaves_for_nothing_but_what_was_upheld_about_it(
    outcome: str, firm: str, more: dict[str, Any], code: str
) -> None:
    plan = announced()
    one = answered(raised(plan), outcome)
    with pytest.raises(Refusal) as refused:
        out(plan, one, firm, **more)
    assert refused.value.code == code and claim_of(firm).case.state == "announced"


def test_the_ledger_and_the_pages_do_not_tell_what_was_cited() -> None:
    plan = announced()
    one = answered(raised(plan), "upheld")
    out(plan, one)
    event = Event.objects.select_related("body").get(act="policies.plan.take_out")
    told = str(vars(event.body))
    assert event.why == "投资额须重新核定"
    assert one.short not in told and str(one.pk) not in told and "样例反映人" not in told


def test_from_the_page_of_the_plan() -> None:
    plan = announced()
    one = answered(raised(plan), "upheld")
    address = reverse("policies:plan_step", args=[plan.pk, "take_out"])
    plan.case.refresh_from_db()
    said = {
        "line": plan.lines.get(claim__organisation="firm_a").pk, "way": "recheck", "number": "1234", "why": "须重新核定",
        "on": life.today().isoformat(), "expected_version": plan.case.version,
    }  # fmt: skip
    officer = browser("officer")
    assert "移出一件" in shown("officer", "policies:plan", plan.pk)
    refused = officer.post(address, said)
    assert refused.status_code == 422 and "须重新核定" in refused.content.decode()
    assert officer.post(address, {**said, "number": one.short}).status_code == 302
    assert claim_of("a").case.state == "checking"
    assert browser("auditor").get(address).status_code == 422
    assert browser("stranger").get(address).status_code == 404
