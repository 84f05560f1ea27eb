"""The pages of claims and plans: used as people use them, and closed to who has no part in it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mangrove.casework.notices import actions as notices
from mangrove.funding.models import Award
from mangrove.policies.claims.models import Claim
from mangrove.policies.plans import actions as plans
from mangrove.policies.plans.models import Plan

from . import life

pytestmark = pytest.mark.django_db


def page(username: str, route: str, *args: object, **sent: object) -> object:
    client = Client()
    client.force_login(life.who(username))
    return client.post(reverse(route, args=args), sent) if sent else client.get(reverse(route, args=args))


def dated(**said: object) -> dict[str, object]:
    return {"on": life.days_ago(40).isoformat(), "why": life.WHY, **said}


def test_an_officer_checks_plans_and_announces_a_claim_and_another_approves_it() -> None:
    claim = life.claimed(life.window())
    unsearched = page("officer", "policies:check", claim.pk, "doubles", **dated(passed="1", opinion="符合"))
    assert unsearched.status_code == 422 and "还没有查找过重复" in unsearched.content.decode()  # type: ignore[attr-defined]
    page("officer", "policies:search_one", claim.pk, **dated())
    for kind in ("credit", "doubles", "site"):
        page("officer", "policies:check", claim.pk, kind, **dated(passed="1", opinion="符合"))
    refused = page("officer", "policies:claim_step", claim.pk, "finish", **dated(expected_version=1))
    assert refused.status_code == 422 and "专项审计" in refused.content.decode()  # type: ignore[attr-defined]
    from mangrove.policies.claims import actions

    actions.check(
        claim_id=claim.pk, kind="audit", passed=True, opinion="", by=life.who("officer"), **life.at(),
        detail={"recognised": {"audited_investment": 300_000_000}},
    )  # fmt: skip
    page("officer", "policies:claim_step", claim.pk, "finish", **dated(expected_version=1))
    claim.case.refresh_from_db()
    assert claim.case.state == "ready"
    started = dated(title="计划（合成）", schemes_=["testbed"], budget_year=2026, pot=life.pot().pk)
    page("officer", "policies:plan_new", **started)
    plan = Plan.objects.get()
    page(
        "officer",
        "policies:plan_step",
        plan.pk,
        "compute",
        **dated(decide_on=life.days_ago(40).isoformat(), expected_version=1),
    )
    assert "1,500,000.00" in page("officer", "policies:plan", plan.pk).content.decode()  # type: ignore[attr-defined]
    page(
        "officer",
        "policies:plan_step",
        plan.pk,
        "announce",
        **dated(objection_unit="政策法规处", expected_version=2),
    )
    approve(plan)
    assert [one.decided for one in Award.objects.all()] == [150_000_000]
    assert "逐位相同" in page("auditor", "policies:plan_replay", plan.pk).content.decode()  # type: ignore[attr-defined]


def approve(plan: Plan) -> None:
    plan.refresh_from_db()
    assert plan.notice is not None
    notices.publish(id=plan.notice.pk, expected_version=1, by=life.who("director"), **life.at())
    ended = {"by": life.who("officer"), "on": life.days_ago(5), "why": life.WHY}
    notices.end(id=plan.notice.pk, act="close_clear", expected_version=2, **ended)
    sent = {"basis": "纪要〔2026〕1号", "on": life.today().isoformat(), "why": "", "expected_version": 3}
    page("director", "policies:plan_step", plan.pk, "approve", **sent)


def test_a_firm_sees_its_own_claim_in_public_words_and_no_other_firms() -> None:
    claim = life.claimed(life.window(), "a")
    own = page("firm_a", "policies:claim", claim.pk).content.decode()  # type: ignore[attr-defined]
    assert "审核中" in own and "疑点" not in own and "专项审计" not in own
    for username in ("firm_b", "stranger"):
        assert page(username, "policies:claim", claim.pk).status_code == 404  # type: ignore[attr-defined]
    assert claim.title not in page("firm_b", "policies:claims").content.decode()  # type: ignore[attr-defined]


def test_a_firm_takes_its_claim_back() -> None:
    claim = life.claimed(life.window(), "a")
    page("firm_a", "policies:claim_step", claim.pk, "withdraw", **dated(expected_version=1))
    assert Claim.objects.get(pk=claim.pk).case.state == "withdrawn"


def test_the_list_asks_as_little_for_three_as_for_one() -> None:
    opening = life.window()
    life.claimed(opening, "a")
    client = Client()
    client.force_login(life.who("officer"))
    counts = []
    for firm in ("b", "c"):
        client.get(reverse("policies:claims"))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("policies:claims")).status_code == 200
        counts.append(len(asked))
        life.claimed(opening, firm)
    assert counts[0] == counts[1]


def test_the_year_shows_what_was_decided_and_its_file_says_the_same() -> None:
    life.ready(life.claimed(life.window()))
    plan = life.announced(life.planned(money=life.pot(1_000_000_000)))
    ended = {"by": life.who("officer"), "on": life.days_ago(5), "why": life.WHY}
    assert plan.notice is not None
    plan.notice.case.refresh_from_db()
    notices.end(id=plan.notice.pk, act="close_clear", expected_version=plan.notice.case.version, **ended)
    plans.approve(
        plan_id=plan.pk, basis="纪要", by=life.who("deputy"), on=life.today(), expected_version=plan.case.version
    )  # fmt: skip
    shown = page("auditor", "policies:results").content.decode()  # type: ignore[attr-defined]
    assert "2,000,000.00" in shown and "100.0%" in shown and "测试验证环境扶持" in shown
    assert page("auditor", "policies:results_export").status_code == 200  # type: ignore[attr-defined]
    assert page("firm_a", "policies:results").status_code == 404  # type: ignore[attr-defined]
