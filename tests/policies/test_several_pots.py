"""A plan of several pots, in order: each pays its share of the schemes, and the whole replays to the last byte."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mangrove.funding.models import Award, Pot
from mangrove.ledger.refusals import Refusal
from mangrove.policies.plans import actions as plans
from mangrove.policies.plans.models import Plan
from mangrove.policies.plans.replaying import replay

from . import life
from .test_plans import closed

pytestmark = pytest.mark.django_db
SCHEMES = ("testbed", "material_industry")


def ready() -> None:
    for scheme, firm in (("testbed", "a"), ("testbed", "b"), ("material_industry", "c")):
        id = f"{scheme}-w".replace("_", "-")
        opening = life.Opening.objects.filter(pk=id).first() or life.window(scheme, id=id)
        life.ready(life.claimed(opening, firm))


def pots() -> tuple[Pot, Pot]:
    return life.pot(250_000_000, "first"), life.pot(900_000_000, "second")


def started(**told: Any) -> Plan:
    first, second = pots()
    said: dict[str, Any] = {
        "title": "两个资金池的计划（合成）", "schemes_": SCHEMES, "budget_year": 2026, "by": life.who("officer"),
        "pots": {"main": first, "pot_2": second}, "shares": {"main": ["testbed"], "pot_2": ["material_industry"]}, **life.at(),
    }  # fmt: skip
    return plans.start(**{**said, **told})


def test_each_pot_pays_its_own_schemes_and_only_the_short_one_is_cut() -> None:
    ready()
    plan = life.computed(started())
    found = {line.claim.organisation_id: line for line in plan.lines.select_related("claim")}
    assert {name: line.pot for name, line in found.items()} == {
        "firm_a": "main",
        "firm_b": "main",
        "firm_c": "pot_2",
    }
    assert found["firm_a"].proposed + found["firm_b"].proposed == 250_000_000
    assert found["firm_c"].proposed == found["firm_c"].asked and not found["firm_c"].because


def test_it_replays_to_the_last_byte_although_the_pots_were_spent_since() -> None:
    ready()
    plan = Plan.objects.get(pk=life.computed(started()).pk)
    assert replay(plan).same
    announced = life.announced(plan)
    closed(announced)
    plan = Plan.objects.select_related("case").get(pk=plan.pk)
    plans.approve(
        plan_id=plan.pk, basis="纪要", by=life.who("deputy"), on=life.today(), expected_version=plan.case.version
    )  # fmt: skip
    paid = {one.recipient_id: one.pot.code for one in Award.objects.select_related("pot")}
    assert paid == {"firm_a": "first", "firm_b": "first", "firm_c": "second"}
    assert replay(Plan.objects.get(pk=plan.pk)).same


@pytest.mark.parametrize(
    "shares",
    [
        {"main": ["testbed"], "pot_2": ["testbed"]},
        {"main": ["testbed"], "pot_2": []},
        {"main": ["testbed", "material_industry"]},
        {"main": ["testbed"], "pot_2": ["material_industry", "network_chip"]},
    ],
)
def test_a_scheme_is_paid_by_one_pot_and_every_pot_pays_something(shares: dict[str, list[str]]) -> None:
    life.window()
    with pytest.raises(Refusal) as refused:
        started(shares=shares)
    assert refused.value.code == "policies.pot_shares" and not Plan.objects.exists()


def test_the_form_takes_several_pots_in_order_and_the_page_says_what_each_pays() -> None:
    life.window()
    first, second = pots()
    officer = Client()
    officer.force_login(life.who("officer"), backend="django.contrib.auth.backends.ModelBackend")
    said = {
        "title": "两个资金池的计划（合成）", "schemes_": list(SCHEMES), "budget_year": 2026, "pot": first.pk, "pot_2": second.pk,
        "on": life.today().isoformat(), "why": "",
    }  # fmt: skip
    unsaid = officer.post(reverse("policies:plan_new"), said)
    assert unsaid.status_code == 422 and "请选它支付的事项" in unsaid.content.decode()
    twice = officer.post(reverse("policies:plan_new"), {**said, "pot_2": first.pk, "pays_2": ["testbed"]})
    assert twice.status_code == 422 and "同一资金池只写一次" in twice.content.decode()
    answered = officer.post(reverse("policies:plan_new"), {**said, "pays_2": ["material_industry"]})
    assert answered.status_code == 302
    plan = Plan.objects.get()
    assert [(one.name, one.schemes) for one in plan.pots.order_by("name")] == [
        ("main", ["testbed"]), ("pot_2", ["material_industry"])
    ]  # fmt: skip
    shown = officer.get(answered["Location"]).content.decode()
    assert "测试验证环境扶持" in shown and "新材料研发产业化扶持" in shown
