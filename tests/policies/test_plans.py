"""From an accepted application to awards; and the same answer again from what was kept."""

from __future__ import annotations

import pytest

from mangrove.casework.notices import actions as notices
from mangrove.funding.models import Award
from mangrove.ledger.refusals import Refusal
from mangrove.policies import verification
from mangrove.policies.claims.models import Claim
from mangrove.policies.plans import actions as plans
from mangrove.policies.plans import facts
from mangrove.policies.plans.models import Plan
from mangrove.policies.plans.replaying import replay

from . import life

pytestmark = pytest.mark.django_db


def closed(plan: Plan) -> None:
    """The period of the notice is over and it is closed."""
    assert plan.notice is not None
    plan.notice.case.refresh_from_db()
    notices.end(
        id=plan.notice.pk, act="close_clear", by=life.who("officer"), on=life.days_ago(10), why=life.WHY,
        expected_version=plan.notice.case.version,
    )  # fmt: skip


def test_an_accepted_application_is_a_claim_with_what_it_declared() -> None:
    claim = life.claimed(life.window())
    assert claim.declared["total_investment"] == 400_000_000
    assert claim.declared["direction"] == "testbed" and claim.declared["joint"] is True
    assert claim.case.state == "checking" and claim.organisation_id == "firm_a"


def test_a_claim_is_not_ready_before_every_check_has_passed() -> None:
    claim = life.claimed(life.window())
    with pytest.raises(Refusal) as refused:
        from mangrove.policies.claims import actions

        actions.step(
            claim_id=claim.pk, act="finish", by=life.who("officer"), on=life.today(), expected_version=claim.case.version
        )  # fmt: skip
    assert refused.value.code == "policies.not_checked" and "专项审计" in refused.value.what


def test_a_plan_pays_half_of_what_the_audit_recognised_up_to_the_cap() -> None:
    opening = life.window()
    small, large = life.claimed(opening, "a"), life.claimed(opening, "b")
    life.ready(small, recognised=300_000_000)
    life.ready(large, recognised=1_200_000_000)
    plan = life.planned(money=life.pot(1_000_000_000))
    found = {one.claim_id: one.proposed for one in plan.lines.all()}
    assert found == {small.pk: 150_000_000, large.pk: 500_000_000}


def test_too_small_a_pot_is_cut_pro_rata_and_spent_to_the_fen() -> None:
    opening = life.window()
    for firm, recognised in (("a", 300_000_000), ("b", 500_000_001), ("c", 700_000_000)):
        life.ready(life.claimed(opening, firm), recognised=recognised)
    plan = life.planned(money=life.pot(333_333_333))
    assert sum(one.proposed for one in plan.lines.all()) == 333_333_333
    assert {one.because["code"] for one in plan.lines.all()} == {"pot"}


def test_approval_decides_each_award_once_and_by_somebody_else() -> None:
    opening = life.window()
    life.ready(life.claimed(opening, "a"))
    life.ready(life.claimed(opening, "b"), recognised=0)
    plan = life.announced(life.planned())
    with pytest.raises(Refusal) as early:
        plans.approve(
            plan_id=plan.pk, basis="纪要", by=life.who("director"), on=life.today(), expected_version=plan.case.version
        )  # fmt: skip
    assert early.value.code == "policies.notice_open"
    closed(plan)
    plan.case.refresh_from_db()
    plans.approve(
        plan_id=plan.pk, basis="局长办公会纪要〔2026〕1号", by=life.who("deputy"), on=life.today(),
        expected_version=plan.case.version,
    )  # fmt: skip
    assert [one.decided for one in Award.objects.all()] == [200_000_000]
    states = {one.organisation_id: one.case.state for one in Claim.objects.select_related("case")}
    assert states == {"firm_a": "awarded", "firm_b": "refused"}


def test_a_plan_replays_to_the_last_byte_although_the_rules_moved_on() -> None:
    life.ready(life.claimed(life.window()))
    plan = Plan.objects.get(pk=life.planned().pk)
    assert replay(plan).same
    from mangrove.ledger.refs import SYSTEM
    from mangrove.policies.measures.library import version_on
    from mangrove.policies.measures.publishing import publish

    now = version_on("sz_industrial_internet_2018", life.today())
    assert now is not None
    publish(text=now.text.replace("50%", "40%"), by=SYSTEM, on=life.today())
    again = replay(Plan.objects.get(pk=plan.pk))
    assert again.same and again.found[0].proposed == 200_000_000


def test_a_plan_sent_back_lets_its_claims_go_and_is_computed_anew() -> None:
    claim = life.ready(life.claimed(life.window()))
    plan = life.planned()
    plans.step(
        plan_id=plan.pk, act="return", by=life.who("officer"), expected_version=plan.case.version, **life.at()
    )  # fmt: skip
    claim.case.refresh_from_db()
    assert claim.case.state == "ready"
    assert life.computed(plan).lines.count() == 1


def test_what_somebody_changed_by_hand_is_found() -> None:
    life.ready(life.claimed(life.window()))
    plan = life.planned()
    assert [*verification.verify_claims(), *verification.verify_plans()] == []
    forged = plan.result.replace("200000000", "900000000")
    Plan.objects.filter(pk=plan.pk).update(result=forged)
    assert any(plan.title in fault for fault in verification.verify_plans())
    Plan.objects.filter(pk=plan.pk).update(result=forged, result_hash=facts.digest(forged))
    assert any(plan.title in fault for fault in verification.verify_plans())


def test_nobody_approves_what_they_proposed_whatever_roles_they_hold() -> None:
    life.ready(life.claimed(life.window()))
    plan = life.announced(life.planned())
    closed(plan)
    officer = life.who("officer")
    officer.roles = [*officer.roles, "signer"]
    officer.save()
    plan.case.refresh_from_db()
    with pytest.raises(Refusal) as refused:
        plans.approve(
            plan_id=plan.pk, basis="纪要", by=officer, on=life.today(), expected_version=plan.case.version
        )
    assert refused.value.code == "policies.own_plan" and not Award.objects.exists()
