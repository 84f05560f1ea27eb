"""What is read out over the telephone is found: applications, claims, plans, pots, awards, orders, notices; each by who may open it."""

from __future__ import annotations

import pytest
from django.test import Client

from mangrove.funding import actions as funding
from mangrove.funding.models import Award, PaymentOrder
from mangrove.ledger.refs import Ref
from mangrove.policies.claims.models import Claim
from mangrove.policies.plans.models import Plan

from . import life

pytestmark = pytest.mark.django_db


def found(who: str, query: str) -> dict[str, int]:
    browser = Client()
    browser.force_login(life.who(who))
    return {one.key: one.total for one in browser.get("/search/", {"q": query}).context["found"]}


@pytest.fixture
def paid() -> Claim:
    """In an announced plan, and with an order of an earlier award."""
    claim = life.ready(life.claimed(life.window()))
    pot = life.pot()
    life.announced(life.planned(money=pot))
    award = funding.decide(
        pot=pot, recipient=claim.organisation, programme="policies", subject=Ref("policies", "claim", "earlier"), title="涂装线改造（合成）",
        amount=100_00, basis="纪要（合成）", by=life.who("payer").actor, **life.at(),
    )  # fmt: skip
    funding.prepare_order(
        award=award, tranche=1, amount=100_00, payee=award.recipient.name, bank="样例银行", account="6222000000000001", by=life.who("payer").actor, **life.at()
    )  # fmt: skip
    return claim


def test_an_application_is_found_by_the_number_of_its_receipt_in_any_of_its_ways(paid: Claim) -> None:
    number = paid.application.number  # type: ignore[union-attr]
    for said in (number, number.lower(), number.rpartition("-")[2]):
        assert found("officer", said).get("intake.application") == 1, said
        assert found("firm_a", said).get("intake.application") == 1
        assert "intake.application" not in found("firm_b", said)


def test_money_is_found_by_its_numbers_and_only_by_who_handles_it(paid: Claim) -> None:
    order, award, plan = PaymentOrder.objects.get(), Award.objects.get(), Plan.objects.get()
    asked = {
        "funding.order": order.number, "funding.pot": award.pot.document_number, "funding.award": award.title,
        "policies.plan": plan.title, "policies.claim": paid.title, "casework.notice": plan.notice.title,  # type: ignore[union-attr]
    }  # fmt: skip
    for kind, said in asked.items():
        assert found("payer", said).get(kind), (kind, said)
    for kind in ("funding.order", "funding.pot", "funding.award", "policies.plan"):
        assert kind not in found("firm_b", asked[kind])
