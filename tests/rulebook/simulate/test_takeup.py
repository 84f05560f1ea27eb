"""Who comes and when the money is gone: shares rounded so that they add up, claims served one after another."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rulebook.simulate.worlds import MEASURE, WAN, measure_of, population, simulator_of

from mangrove.rulebook.decide import Standing
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population
from mangrove.rulebook.problems import Problem
from mangrove.rulebook.simulate.dry import Dry, dry
from mangrove.rulebook.simulate.takeup import TakeUp, apportioned, coming

HALF = Fraction(1, 2)
SHARES = st.fractions(0, 1, max_denominator=12)


@given(st.lists(st.builds(lambda n, share: n * share, st.integers(0, 10**12), SHARES), max_size=8))
def test_whole_parts_add_up_and_stay_close(exact: list[Fraction]) -> None:
    parts = apportioned(exact)
    whole = sum(exact, Fraction(0))
    assert abs(sum(parts) - whole) <= HALF
    assert all(abs(part - one) < 1 for part, one in zip(parts, exact, strict=True))
    assert parts == apportioned(exact)


def test_a_tie_goes_to_the_earlier() -> None:
    assert apportioned([HALF, HALF, HALF]) == [1, 1, 0]


@pytest.fixture(scope="module")
def measure(tmp_path_factory: pytest.TempPathFactory) -> Measure:
    return measure_of(MEASURE, tmp_path_factory.mktemp("measure"))


def project(district: str, year: int | None = 2021) -> dict[str, Any]:
    return {"year": year, "track": "government", "investment": 1, "links": {"district": district}}


class TestComing:
    PEOPLE = population(
        [],
        [
            *[project("nanshan")] * 3,
            *[project("futian")] * 2,
            project("futian", None),
            project("nanshan", 2020),
        ],
    )

    def test_by_group_and_standing(self, measure: Measure) -> None:
        assumed = TakeUp(Fraction(2, 3), Fraction(1, 4), "所在区", {"nanshan区": HALF})
        found = coming(simulator_of(measure, self.PEOPLE).results(), assumed)
        cells = {
            (one.standing, one.group.id): (one.things, one.share, one.expected_things, one.expected_fen)
            for one in found.cells
            if one.things
        }
        assert cells == {
            # 3/2 and 4/3 of a claim: three in all, the larger remainder is the first's.
            (Standing.MEETS, "nanshan"): (3, HALF, 2, 7_500_000),
            (Standing.MEETS, "futian"): (2, Fraction(2, 3), 1, 6_666_667),
            (Standing.LACKS, "futian"): (1, Fraction(1, 4), 0, 1_250_000),
        }
        assert (found.fen, found.things, found.high) == (14_166_667, 3, 15_416_667)

    def test_everybody_comes_unless_said(self, measure: Measure) -> None:
        found = coming(simulator_of(measure, self.PEOPLE).results(), TakeUp())
        assert (found.fen, found.high) == (25 * WAN, 30 * WAN)

    @pytest.mark.parametrize("share", [Fraction(-1), Fraction(3, 2)])
    def test_no_share_is_out_of_range(self, share: Fraction) -> None:
        with pytest.raises(ValueError, match="参与率"):
            TakeUp(share)

    def test_groups_need_a_path_and_must_be_there(self, measure: Measure) -> None:
        with pytest.raises(ValueError, match="按什么分组"):
            TakeUp(groups={"nanshan": HALF})
        with pytest.raises(Problem, match="没有组“西湖区”"):
            coming(simulator_of(measure, self.PEOPLE).results(), TakeUp(by="所在区", groups={"西湖区": HALF}))


# --- a pot ---------------------------------------------------------------------------------------------------------------

CLAIMS = """
measure: 按开通先后支付的奖励（合成示例）
id: first_come
version: {in_force: 2020-01-01, decided_by: 决定日, status: 待核, source: 合成示例}
clauses:
- id: reward
  article: 第一条
  text: 合格基站按投资奖励一半
  for: 基站
  when: [验收合格 == 是]
  amount: 建站投资 * 50%
"""


@pytest.fixture(scope="module")
def claims(tmp_path_factory: pytest.TempPathFactory) -> Measure:
    return measure_of(CLAIMS, tmp_path_factory.mktemp("claims"))


def stations(*rows: tuple[int, int | None]) -> Population:
    """(day of January, investment in fen); day 0 is not known."""
    made = [
        {
            "accepted": True,
            "investment": fen,
            "opened_on": date(2022, 1, day) if day else None,
            "links": {"operator": "f0", "district": "nanshan"},
        }
        for day, fen in rows
    ]
    return population([{}], [], made)


class TestPot:
    def of(self, claims: Measure, pot: int, *rows: tuple[int, int | None], take_up: TakeUp = TakeUp()) -> Dry:  # noqa: B008
        return dry(simulator_of(claims, stations(*rows)).results(), pot, "开通日期", take_up)

    def test_the_first_that_does_not_fit(self, claims: Measure) -> None:
        found = self.of(claims, 100, (9, 20), (3, 100), (5, 102), (0, 50), (4, None))
        assert found.first_unpaid is not None
        assert (found.day, found.first_unpaid.key, found.first_unpaid.fen) == (date(2022, 1, 5), "s2", 51)
        assert (found.paid, found.left, found.served, found.unserved) == (50, 50, 1, 2)
        assert (found.undated, found.undated_fen, found.lacking) == (1, 25, 1)

    def test_to_the_last_fen(self, claims: Measure) -> None:
        found = self.of(claims, 60, (1, 100), (2, 20))
        assert (found.day, found.left, found.served) == (None, 0, 2)

    def test_of_one_day_by_key(self, claims: Measure) -> None:
        found = self.of(claims, 50, (1, 60), (1, 60))
        assert found.first_unpaid is not None and found.first_unpaid.key == "s1"

    def test_when_half_come_the_pot_lasts_longer(self, claims: Measure) -> None:
        rows = [(day, 100) for day in range(1, 11)]
        assert self.of(claims, 200, *rows).day == date(2022, 1, 5)
        assert self.of(claims, 200, *rows, take_up=TakeUp(HALF)).day == date(2022, 1, 9)

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), max_size=10), st.integers(0, 60), SHARES
    )
    def test_as_a_loop_serves(
        self, claims: Measure, rows: list[tuple[int, int]], pot: int, share: Fraction
    ) -> None:
        found = self.of(claims, pot, *rows, take_up=TakeUp(share))
        queue = sorted((day, f"s{n}", (fen + 1) // 2) for n, (day, fen) in enumerate(rows) if day and fen)
        paid, first = Fraction(0), None
        for day, key, fen in queue:
            if paid + fen * share > pot:
                first = (date(2022, 1, day), key)
                break
            paid += fen * share
        told = found.first_unpaid and (found.day, found.first_unpaid.key)
        assert (told, found.paid) == (first, paid)

    def test_no_such_date(self, claims: Measure) -> None:
        results = simulator_of(claims, stations((1, 1))).results()
        with pytest.raises(Problem, match="是否想写“开通日期”"):
            dry(results, 1, "开通日")


# --- the case of P7 --------------------------------------------------------------------------------------------------------

THRESHOLDS = """
measure: 产业奖励资金（合成示例，非真实文件）
id: thresholds
version: {in_force: 2020-01-01, decided_by: 决定日, status: 待核, source: 合成示例}
parameters: {门槛: 100万元}
clauses:
- id: award
  article: 第一条
  text: 总投资达到门槛的示范项目每个奖励10万元
  for: 示范项目
  when: [总投资 >= 门槛]
  amount: 10万元
"""


def test_thresholds_that_rose_leave_a_third_of_the_budget_unspent(tmp_path: Path) -> None:
    """Synthetic, after an audit finding: thresholds rose 100 → 200 → 250 and more than 35 % of the budget lay idle.

    100 synthetic projects, 20 from 100 to 200, 16 from 200 to 250, 64 above; 10万元 each; a budget of 1000万元.
    """
    from mangrove.rulebook.simulate.waterfall import by_parameters

    measure = measure_of(THRESHOLDS, tmp_path)
    sizes = [100 + n * 5 for n in range(20)] + [200 + n * 3 for n in range(16)] + [250 + n for n in range(64)]
    people = population([], [{"investment": size * WAN, "track": "industry", "year": 2021} for size in sizes])
    found = by_parameters(
        simulator_of(measure, people), [("门槛", Fraction(200 * WAN)), ("门槛", Fraction(250 * WAN))]
    )
    budget = 1000 * WAN
    assert found.base == budget
    assert [step.effect for step in found.steps] == [-200 * WAN, -160 * WAN]
    assert Fraction(budget - found.end, budget) == Fraction(36, 100)
