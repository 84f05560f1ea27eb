"""Two officers at the same moment: a claim enters one plan, and one round of review. The controls take the lock away and show it in two."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection  # noqa: F401 -- the mark below reads it

from mangrove.funding.models import Pot
from mangrove.policies.claims import expert_review
from mangrove.policies.claims.models import Claim, ClaimReview
from mangrove.policies.plans import actions
from mangrove.policies.plans.models import Plan, PlanLine
from racing import seen_by_both, together, wrong

from . import life, panel

pytestmark = pytest.mark.django_db(transaction=True)


def two_plans() -> tuple[Plan, Plan]:
    """For one scheme, with one claim ready."""
    life.ready(life.claimed(life.window()))
    money: Pot = life.pot()
    return life.started(money=money), life.started(money=money)


def test_a_claim_enters_one_of_two_plans_that_are_computed_at_once() -> None:
    one, other = two_plans()
    results = together(lambda: life.computed(one), lambda: life.computed(other))
    assert wrong(results) == 1 and PlanLine.objects.count() == 1


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="on SQLite the transaction itself is the lock")
def test_control_without_the_lock_it_enters_both(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = two_plans()

    def unlocked(plan: Plan) -> list[Any]:
        return list(actions.coming(plan).select_related("case", "organisation"))

    monkeypatch.setattr(actions, "taken_in", unlocked)
    seen_by_both(monkeypatch, actions, "taken_in")
    together(lambda: life.computed(one), lambda: life.computed(other))
    assert PlanLine.objects.count() == 2


def test_a_claim_enters_one_of_two_rounds_that_are_opened_at_once() -> None:
    claim = life.claimed(life.window("sector_platform", id="sector-platform-w"))
    opening = lambda: panel.opened(Claim.objects.get(pk=claim.pk))  # noqa: E731
    results = together(opening, opening)
    assert wrong(results) == 1 and ClaimReview.objects.count() == 1


@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="on SQLite the transaction itself is the lock")
def test_control_without_the_lock_it_enters_two_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    claim = life.claimed(life.window("sector_platform", id="sector-platform-w"))
    monkeypatch.setattr(expert_review, "locked", lambda one: one)
    seen_by_both(monkeypatch, expert_review, "refuse_under_way")
    opening = lambda: panel.opened(Claim.objects.get(pk=claim.pk))  # noqa: E731
    together(opening, opening)
    assert ClaimReview.objects.count() == 2
