"""The programme on the home page: to the office what the year came to, to a firm what there is."""

from __future__ import annotations

import pytest

from mangrove.policies.plans.models import PlanLine
from mangrove.policies.results.tile import tile
from mangrove.ui.numbers import wan

from . import life, paying

pytestmark = pytest.mark.django_db


def test_the_office_sees_what_its_last_year_came_to() -> None:
    plan = paying.granted(("a", "b"))
    (money,) = {one.pot for one in plan.pots.all()}
    paid = sum(PlanLine.objects.filter(plan=plan).values_list("proposed", flat=True))
    found = tile(life.who("officer"))
    assert (found["value"], found["bar"]) == (wan(paid), (paid, money.amount, paid))
    assert "资助 2 家" in found["notes"][0] and "在办扶持申报 0 件" in found["notes"][1]
    assert found["url"].endswith(f"?year={money.budget_year}")


def test_a_firm_sees_what_there_is_and_nothing_of_the_money() -> None:
    paying.granted()
    found = tile(life.who("firm_a"))
    assert int(found["value"]) > 20 and found["url"] == "/policies/"
    assert "bar" not in found and "万元" not in str(found)


def test_before_any_plan_the_office_sees_what_there_is() -> None:
    life.bureau()
    assert tile(life.who("officer"))["url"] == "/policies/"
