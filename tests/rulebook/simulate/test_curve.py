"""Cost curves: the running total of a lone cap equals asking the engine, and the engine equals the interpreter."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rulebook.simulate import oracle
from tests.rulebook.simulate.worlds import MEASURE, WAN, measure_of, population, populations, simulator_of

from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population
from mangrove.rulebook.problems import Problem
from mangrove.rulebook.simulate.curve import by_engine, curve, lone_cap
from mangrove.rulebook.simulate.values import changed, points

VALUES = [Fraction(value) for value in (0, 1, 5 * WAN, 99 * WAN + 1, 10**9, 2**61)]


@pytest.fixture(scope="module")
def measure(tmp_path_factory: pytest.TempPathFactory) -> Measure:
    return measure_of(MEASURE, tmp_path_factory.mktemp("measure"))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Measure:
    """Without the total: each cap is the last word on its clause."""
    return measure_of(MEASURE.split("- total")[0], tmp_path_factory.mktemp("alone"))


class TestWhichCapsStandAlone:
    @pytest.mark.parametrize(
        ("name", "is_lone"),
        [("firm.cap", True), ("station.cap", False), ("demo.cap1", False), ("门槛", False)],
    )
    def test_with_a_total_only_its_own(self, measure: Measure, name: str, is_lone: bool) -> None:
        assert (lone_cap(measure, name) is not None) == is_lone

    def test_one_of_several_caps(self, alone: Measure) -> None:
        assert lone_cap(alone, "demo.cap1") is not None
        assert lone_cap(alone, "demo.cap2#1") is None

    def test_a_number_that_stands_twice(self, tmp_path: Path) -> None:
        text = MEASURE.split("- total")[0].replace("cap: 3万元", "cap: 门槛")
        assert lone_cap(measure_of(text, tmp_path), "门槛") is None

    def test_a_clause_that_another_reads(self, tmp_path: Path) -> None:
        more = "- id: double\n  article: 第五条\n  text: 再给一份\n  for: 机构\n  amount: station * 200%\n"
        assert lone_cap(measure_of(MEASURE.split("- total")[0] + more, tmp_path), "station.cap") is None

    def test_money_had_before(self, tmp_path: Path) -> None:
        text = MEASURE.split("- total")[0] + "  less: 1元\n"
        assert lone_cap(measure_of(text, tmp_path), "station.cap") is None


@settings(max_examples=40, deadline=None)
@given(people=populations(), name=st.sampled_from(["demo.cap1", "station.cap"]))
def test_the_running_total_is_the_slow_way(alone: Measure, people: Population, name: str) -> None:
    simulator = simulator_of(alone, people)
    found = curve(simulator, name, VALUES)
    assert found == by_engine(simulator, name, VALUES)
    assert [point.fen for point in found] == [oracle.cost(alone, people, {name: value}) for value in VALUES]


@settings(max_examples=40, deadline=None)
@given(people=populations(), name=st.sampled_from(["门槛", "firm.cap"]))
def test_every_point_is_the_interpreters(measure: Measure, people: Population, name: str) -> None:
    found = curve(simulator_of(measure, people), name, VALUES)
    assert [point.fen for point in found] == [oracle.cost(measure, people, {name: value}) for value in VALUES]


def test_a_share_that_becomes_a_fraction(tmp_path: Path) -> None:
    """A number written whole has a plan for whole numbers; a curve through fractions gets another."""
    measure = measure_of(MEASURE.replace("比例: 10%", "比例: 1"), tmp_path)
    people = population([], [{"investment": 301 * WAN, "track": "industry", "year": 2020, "links": {}}])
    values = [Fraction(n, 7) for n in range(8)]
    simulator = simulator_of(measure, people)
    found = curve(simulator, "比例", values)
    assert not simulator.results({"比例": values[1]}).clauses["demo"].beyond
    assert [point.fen for point in found] == [oracle.cost(measure, people, {"比例": one}) for one in values]


class TestPoints:
    def test_equal_steps_ends_included(self, measure: Measure) -> None:
        constant, values = points(measure, "station.cap=0万元..500万元/50")
        assert (constant.name, len(values), values[1], values[-1]) == ("station.cap", 51, 10 * WAN, 500 * WAN)

    def test_money_is_whole_fen_and_stands_once(self, measure: Measure) -> None:
        _constant, values = points(measure, "firm.cap=0元..0.02元/50")
        assert values == [0, 1, 2]

    def test_shares_are_exact(self, measure: Measure) -> None:
        assert points(measure, "比例=0%..100%/3")[1] == [0, Fraction(1, 3), Fraction(2, 3), 1]

    @pytest.mark.parametrize(
        ("written", "said"),
        [
            ("station.cap=0万元..5万元", "低..高/段数"), ("station.cap=0万元/5", "低..高/段数"),
            ("stations.cap=0元..5元/5", "station.cap"), ("station.cap=0..5/5", "写定的金额"),
        ],
    )  # fmt: skip
    def test_refused(self, measure: Measure, written: str, said: str) -> None:
        with pytest.raises(Problem, match=said):
            points(measure, written)


class TestChanges:
    def test_read_by_the_language(self, measure: Measure) -> None:
        assert changed(measure, "门槛=500万元") == ("门槛", Fraction(500 * WAN))
        assert changed(measure, "比例 = 1/3") == ("比例", Fraction(1, 3))

    @pytest.mark.parametrize(
        ("written", "zh", "en"),
        [
            ("门坎=5元", "是否想写“门槛”", "did you mean “门槛”"), ("门槛=5%", "应为写定的金额", "is wanted here"),
            ("门槛=", "名称=值", "name=value"), ("门槛=决定日", "不是写定的值", "no written value"),
            ("比例=10万元", "应为写定的数", "A number is wanted"), ("门槛=2022-01-01", "是日期", "is a date"),
        ],
    )  # fmt: skip
    def test_refused_in_both_languages(self, measure: Measure, written: str, zh: str, en: str) -> None:
        with pytest.raises(Problem) as caught:
            changed(measure, written)
        assert zh in caught.value.zh and en in caught.value.en
