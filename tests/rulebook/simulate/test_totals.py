"""Cost, beneficiaries, groups and the interval of a cost, against plain loops over the interpreter."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rulebook.simulate import oracle
from tests.rulebook.simulate.worlds import (
    LINKS,
    MEASURE,
    WAN,
    measure_of,
    population,
    populations,
    simulator_of,
)  # fmt: skip

from mangrove.rulebook.decide import Standing
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.problems import Problem
from mangrove.rulebook.simulate.money import Fen, added, sums_by, whole_sum
from mangrove.rulebook.simulate.totals import Totals, totals

CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "门槛": st.sampled_from([0, 300 * WAN, 301 * WAN, 2000 * WAN]).map(Fraction),
        "比例": st.sampled_from([Fraction(1, 3), Fraction(0), Fraction(1), Fraction(7, 20)]),
        "station.cap": st.sampled_from([0, WAN, 2**61]).map(Fraction),
        "bonus.when1#1": st.sampled_from([Fraction(2020), Fraction(4041, 2)]),
    },
)


@pytest.fixture(scope="module")
def measure(tmp_path_factory: pytest.TempPathFactory) -> Measure:
    return measure_of(MEASURE, tmp_path_factory.mktemp("measure"))


class TestExactSums:
    @given(st.lists(st.integers(0, 2**62 - 1), max_size=50))
    def test_no_sum_wraps(self, values: list[int]) -> None:
        assert whole_sum(np.array(values, np.int64)) == sum(values)

    @given(st.lists(st.tuples(st.integers(-(2**62), 2**62 - 1), st.integers(0, 2)), max_size=30))
    def test_by_code(self, rows: list[tuple[int, int]]) -> None:
        values, codes = (np.array([row[n] for row in rows], np.int64) for n in (0, 1))
        assert sums_by(values, codes, 3) == [sum(v for v, c in rows if c == code) for code in range(3)]

    @given(st.lists(st.lists(st.integers(0, 2**70), min_size=3, max_size=3), min_size=1, max_size=4))
    def test_what_several_clauses_pay(self, parts: list[list[int]]) -> None:
        made = [fen_of(one) for one in parts]
        together = added(made, 3)
        assert [together.at(row) for row in range(3)] == [sum(column) for column in zip(*parts, strict=True)]
        assert together.total() == sum(map(sum, parts))


def fen_of(values: list[int]) -> Fen:
    small = np.array([value if value < 2**62 else 0 for value in values], np.int64)
    return Fen(small, {row: value for row, value in enumerate(values) if value >= 2**62})


@settings(max_examples=40, deadline=None)
@given(people=populations(), changes=CHANGES)
def test_totals_are_those_of_the_interpreter(
    measure: Measure, people: Population, changes: dict[str, Fraction]
) -> None:
    found = totals(simulator_of(measure, people).results(changes), "district")
    wanted = oracle.outcomes(measure, people, changes)
    assert found.cost.low == sum(oracle.fen(one) for one in wanted.values())
    for step in found.steps:
        own = [one for (id, _key), one in wanted.items() if id == step.clause.id]
        standings = Counter(one.standing for one in own)
        counts = standings[Standing.MEETS], standings[Standing.FAILS], standings[Standing.LACKS]
        assert (step.meets, step.fails, step.lacks) == counts
        assert step.beneficiaries == sum(oracle.fen(one) > 0 for one in own)
        assert step.cost.low == sum(oracle.fen(one) for one in own)
    things = oracle.by_thing(measure, people, changes)
    assert found.beneficiaries == sum(fen > 0 for fen, _open in things.values())
    assert {one.group.id: one.fen for one in found.groups if one.fen} == by_district(people, things)


def by_district(people: Population, things: dict[tuple[str, str], tuple[int, bool]]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for place, (fen, _open) in things.items():
        found[oracle.district_of(people.things[place])] += fen
    return {name: fen for name, fen in found.items() if fen}


# --- the interval -------------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(people=populations(), data=st.data())
def test_whatever_the_unknowns_are_the_cost_stays_in_its_interval(
    measure: Measure, people: Population, data: st.DataObject
) -> None:
    before = totals(simulator_of(measure, people).results())
    after = totals(simulator_of(measure, filled(people, data)).results())
    assert after.cost.open == 0
    assert before.cost.low <= after.cost.low
    if not before.cost.unbounded:
        assert after.cost.low <= before.cost.high


def filled(people: Population, data: st.DataObject) -> Population:
    """The same with every unknown field made up. Unknown links stay: nobody knows how many rows a firm may still have."""
    values = {
        "kind": st.sampled_from(["operator", "firm"]), "investment": st.integers(0, 6000 * WAN),
        "track": st.sampled_from(["industry", "government"]), "year": st.sampled_from([2020, 2021]),
        "mode": st.sampled_from(["sa", "nsa"]),
    }  # fmt: skip

    def full(thing: Thing) -> Thing:
        made = {
            name: data.draw(values[name]) if value is None else value for name, value in thing.fields.items()
        }
        return replace(thing, fields=made)

    return Population([full(one) for one in people.things.values()], LINKS)


def interval(measure: Measure, people: Population) -> Totals:
    return totals(simulator_of(measure, people).results())


def step(found: Totals, id: str) -> tuple[int, int, int, int]:
    cost = next(one.cost for one in found.steps if one.clause.id == id)
    return cost.low, cost.high, cost.open, cost.unbounded


class TestInterval:
    def test_an_unknown_gate_reserves_the_known_amount(self, measure: Measure) -> None:
        people = population([{"kind": "operator"}], [{"investment": 600 * WAN, "year": None}])
        assert step(interval(measure, people), "bonus") == (0, 5 * WAN, 1, 0)

    def test_an_unknown_amount_reserves_its_lowest_known_cap(self, measure: Measure) -> None:
        project = {"investment": None, "track": "industry", "year": 2020, "links": {"applicant": "f0"}}
        stations = [{"mode": None, "links": {"operator": "f0"}}]
        people = population([{"kind": "operator"}], [project], stations)
        # demo at most 100 (total investment / 12 is not known), station at most 3; the firm's own cap is 120.
        assert step(interval(measure, people), "firm") == (0, 103 * WAN, 1, 0)

    def test_a_cap_in_words_counts_where_it_is_known(self, tmp_path: Path) -> None:
        text = MEASURE.replace("amount: 总投资 * 比例", "amount: 核定投资 * 比例").replace(
            "definitions:", "inputs: {核定投资: {for: 示范项目, type: 金额, by: 业务处室}}\ndefinitions:"
        ).split("- total")[0]  # fmt: skip
        measure = measure_of(text, tmp_path)
        project = {"investment": 600 * WAN, "track": "industry", "year": 2020}
        assert step(interval(measure, population([], [project])), "demo") == (0, 50 * WAN, 1, 0)

    def test_without_any_bound_the_row_is_counted(self, tmp_path: Path) -> None:
        text = MEASURE.replace("  cap: [100万元, 总投资 / 12]\n", "").split("- total")[0]
        people = population([], [{"investment": None, "track": "industry", "year": 2021}])
        found = interval(measure_of(text, tmp_path), people)
        assert step(found, "demo") == (0, 0, 1, 1)
        assert (found.cost.low, found.cost.high, found.cost.unbounded) == (5 * WAN, 5 * WAN, 1)

    def test_a_total_that_skips_unknowns_may_still_rise(self, tmp_path: Path) -> None:
        measure = measure_of(MEASURE + "  unknown: skip\n", tmp_path)
        known = {"investment": 600 * WAN, "track": "industry", "year": 2020, "links": {"applicant": "f0"}}
        people = population([{"kind": "operator"}], [known, {**known, "investment": None}])
        assert step(interval(measure, people), "firm") == (50 * WAN, 120 * WAN, 1, 0)


class TestGroups:
    PEOPLE = population(
        [{"kind": "firm", "links": {"district": "nanshan"}}, {"kind": "operator"}],
        [
            {"investment": 600 * WAN, "track": "industry", "year": 2021, "links": {"applicant": "f0"}},
            {"investment": 600 * WAN, "track": "industry", "year": 2021, "links": {"applicant": "f1"}},
            {"investment": 600 * WAN, "track": "industry", "year": 2021},
        ],
    )

    def of(self, measure: Measure, by: str) -> dict[str, int]:
        found = totals(simulator_of(measure, self.PEOPLE).results(), by)
        return {one.group.zh: one.fen for one in found.groups}

    def test_by_word_over_a_link(self, measure: Measure) -> None:
        by_kind = self.of(measure, "申报单位.类别")
        assert by_kind == {"运营商": 5 * WAN, "企业": 5 * WAN, "未知": 5 * WAN, "（没有这一项）": 100 * WAN}

    def test_by_the_name_of_what_a_link_leads_to(self, measure: Measure) -> None:
        assert self.of(measure, "所在区") == {"nanshan区": 50 * WAN, "未知": 65 * WAN}

    def test_by_whole_number(self, measure: Measure) -> None:
        assert self.of(measure, "认定年度") == {"2021": 15 * WAN, "（没有这一项）": 100 * WAN}

    @pytest.mark.parametrize(("by", "said"), [("所在曲", "所在区"), ("总投资", "不能用来分组")])
    def test_what_makes_no_groups_is_refused(self, measure: Measure, by: str, said: str) -> None:
        with pytest.raises(Problem, match=said):
            self.of(measure, by)
