"""The interpreter: exact, three-valued, and right about nothing gathered, nothing known and the last half of a fen."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product as combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.rulebook.interpret import Value, evaluate, every, opposite, round_to, some
from mangrove.rulebook.language.check import check
from mangrove.rulebook.language.parser import parse
from mangrove.rulebook.language.scope import Scope
from mangrove.rulebook.language.types import NUMBER, TRUTH, Type
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.problems import START, Problem
from mangrove.vocabulary import vocabulary

LINKS = {
    (entity.id, link.id): link.to
    for entity in vocabulary().entities.values()
    for link in entity.relations.values()
}
MILLION = 100_000_000  # fen


def operator_with(*stations: dict[str, Any]) -> Population:
    """One operator; its stations by their fields."""
    firm = Thing("organisation", "cm", {"synthetic": True, "kind": "operator"})
    rows = [
        Thing("station", f"s{n}", {"synthetic": True, **fields}, {"operator": "cm"})
        for n, fields in enumerate(stations)
    ]
    return Population([firm, *rows], LINKS)


def value_of(text: str, thing: Thing, population: Population, given: dict[str, Value] | None = None) -> Value:
    types: dict[str, Type] = {name: type_of(value) for name, value in (given or {}).items()}
    scope = Scope(vocabulary(), vocabulary().entity(thing.entity), types)
    return evaluate(check(parse(text), scope, text, START), thing, population, given)


def type_of(value: Value) -> Type:
    return TRUTH if isinstance(value, bool) or value is None else NUMBER


def for_operator(text: str, population: Population, given: dict[str, Value] | None = None) -> Value:
    return value_of(text, population.things["organisation", "cm"], population, given)


PROJECT = Thing("demonstration_project", "p", {"investment": 40 * MILLION, "track": "industry", "year": 2020})
ALONE = Population([PROJECT], LINKS)


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("min(30% * 总投资, 1000万元)", "1000万元"),  # GZ-04 of the worked numbers: 4,000 → min(1,200, 1,000)
        ("总投资 * tiers(总投资; <1000万元: 10%, <4000万元: 15%, else: 20%)", "800万元"),
        ("总投资 * tiers(总投资; <1000万元: 10%, <=4000万元: 15%, else: 20%)", "600万元"),
        ("match(示范方向; 政务应用: 50万元, else: 30万元)", "30万元"),
        ("1000000千瓦时 * (0.58元/千瓦时 - 0.35元/千瓦时)", "23万元"),  # SX-02
        ('round_to(总投资 / 3, 1元, "down")', "13333333元"),
    ],
)
def test_worked_numbers_come_out_to_the_fen(text: str, money: str) -> None:
    assert value_of(text, PROJECT, ALONE) == value_of(money, PROJECT, ALONE)


class TestGathering:
    def test_counts_what_the_condition_keeps(self) -> None:
        people = operator_with({"mode": "sa"}, {"mode": "sa"}, {"mode": "nsa"})
        assert for_operator("1万元 * count(基站 where 组网方式 == 独立组网)", people) == 2_000_000

    def test_nothing_gathered(self) -> None:
        nobody = operator_with()
        assert for_operator("count(基站)", nobody) == 0
        assert for_operator("any(基站 where 组网方式 == 独立组网)", nobody) is False
        assert for_operator("all(基站 where 组网方式 == 独立组网)", nobody) is True
        assert for_operator("sum(总投资 of 示范项目)", nobody) == 0
        assert for_operator("max_of(总投资 of 示范项目)", nobody) is None

    def test_one_row_that_is_not_known_leaves_the_whole_unknown(self) -> None:
        people = operator_with({"mode": "sa"}, {"mode": None})
        assert for_operator("count(基站)", people) == 2
        assert for_operator("count(基站 where 组网方式 == 独立组网)", people) is None
        assert for_operator("any(基站 where 组网方式 == 独立组网)", people) is True
        assert for_operator("all(基站 where 组网方式 == 独立组网)", people) is None

    def test_children_of_another_parent_are_not_gathered(self) -> None:
        """The firm in the middle without a project shifts nobody's data."""
        firms = [Thing("organisation", key, {"synthetic": True}) for key in ("10", "11", "12")]
        projects = [
            Thing("demonstration_project", f"p{firm}", {"investment": fen}, {"applicant": firm})
            for firm, fen in (("10", 100), ("12", 700))
        ]
        everybody = Population([*firms, *projects], LINKS)
        sums = [value_of("sum(总投资 of 示范项目)", firm, everybody) for firm in firms]
        assert sums == [100, 0, 700]


class TestUnknown:
    KLEENE = (True, False, None)

    @pytest.mark.parametrize(("a", "b"), list(combinations(KLEENE, KLEENE)))
    def test_and_or_not_follow_kleene(self, a: bool | None, b: bool | None) -> None:
        """Against all completions: known only where every way of knowing gives the same."""

        def over(ways: Any) -> bool | None:
            found = set(ways)
            return found.pop() if len(found) == 1 else None

        wide = [
            (x, y)
            for x in ([a] if a is not None else [True, False])
            for y in ([b] if b is not None else [True, False])
        ]
        assert every([a, b]) == over(x and y for x, y in wide)
        assert some([a, b]) == over(x or y for x, y in wide)
        assert opposite(a) == over(not x for x, _ in wide)

    def test_a_sum_a_comparison_and_a_choice_of_nothing_known_are_unknown(self) -> None:
        bare = Thing("demonstration_project", "q", {"investment": None, "track": None})
        alone = Population([bare], LINKS)
        for text in ("总投资 + 1元", "总投资 > 0元", "min(总投资, 0元)", "match(示范方向; else: 1元)", "-总投资",
                     "tiers(总投资; <5元: 1%, else: 2%)", "总投资 in [0元 .. 5元]", "示范方向 in [政务应用]"):  # fmt: skip
            assert value_of(text, bare, alone) is None, text

    def test_what_cannot_matter_is_known_all_the_same(self) -> None:
        bare = Thing("demonstration_project", "q", {"investment": None, "year": 2020})
        alone = Population([bare], LINKS)
        assert value_of("总投资 > 0元 and 认定年度 == 2019", bare, alone) is False
        assert value_of("总投资 > 0元 or 认定年度 == 2020", bare, alone) is True
        assert value_of("总投资 in [5元 .. 9元]", bare, alone) is None

    def test_a_range_is_no_where_one_end_already_shuts_out(self) -> None:
        assert value_of("认定年度 in [2021 .. 上限]", PROJECT, ALONE, {"上限": Fraction(2030)}) is False

    def test_division_by_zero_comes_to_nothing_known(self) -> None:
        assert for_operator("1 / count(基站)", operator_with()) is None


def test_a_number_beyond_all_meaning_is_refused() -> None:
    with pytest.raises(Problem) as problem:
        for_operator("a * a * a * a * a * a * a * a * a", operator_with(), {"a": Fraction(10**60)})
    assert problem.value.code == "too_large"


#: Beyond what a float can tell apart.
LARGE = 2**53 + 1


def test_no_number_goes_through_a_float() -> None:
    thing = Thing("demonstration_project", "l", {"investment": LARGE})
    alone = Population([thing], LINKS)
    assert value_of("总投资 + 0元", thing, alone) == LARGE
    assert value_of("总投资 / 3 * 3", thing, alone) == LARGE
    assert value_of("0.1 + 0.2 == 0.3", thing, alone) is True


@given(st.integers(-(10**6), 10**6), st.integers(1, 1000), st.sampled_from(["half_up", "down", "up"]))
def test_rounding_is_to_whole_steps_and_never_farther_than_it_says(cents: int, step: int, way: str) -> None:
    value, size = Fraction(cents, 7), Fraction(step)
    found = round_to(value, size, way)
    assert found % size == 0
    away = abs(found) - abs(value)
    if way == "down":
        assert -size < away <= 0
    elif way == "up":
        assert 0 <= away < size
    else:
        assert -size / 2 < away <= size / 2
    assert found * value >= 0


@pytest.mark.parametrize(
    ("day", "inside"),
    [("2021-12-31", False), ("2022-01-01", True), ("2022-12-31", True), ("2023-01-01", False)],
)
def test_a_window_has_its_first_day_and_not_its_last(day: str, inside: bool) -> None:
    station = Thing("station", "s", {"opened_on": date.fromisoformat(day)})
    text = "开通日期 in [2022-01-01 .. 2023-01-01)"
    assert value_of(text, station, Population([station], LINKS)) is inside
    assert value_of(text.replace(" in ", " not in "), station, Population([station], LINKS)) is not inside


def test_a_population_refuses_a_key_twice_and_a_link_that_leads_nowhere() -> None:
    with pytest.raises(ValueError, match="出现了两次"):
        Population([PROJECT, PROJECT], LINKS)
    with pytest.raises(ValueError, match="指向不存在的“nobody”"):
        Population([Thing("station", "s", {}, {"operator": "nobody"})], LINKS)


def test_a_link_that_is_not_known_makes_what_lies_beyond_it_unknown() -> None:
    station = Thing("station", "s", {})
    assert value_of("运营商.合成数据", station, Population([station], LINKS)) is None
