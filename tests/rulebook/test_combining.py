"""Choices, totals, several caps, money had before and shares, to the fen and with data missing."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from mangrove.cli import main
from mangrove.rulebook.allotting.shares import split
from mangrove.rulebook.decide import Outcome, Standing
from mangrove.rulebook.measures import Measure, Quota

from .whole import WAN, WHOLE, changed, firm, measure_of, outcomes, project

MEETS, FAILS, LACKS = Standing.MEETS, Standing.FAILS, Standing.LACKS


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Measure:
    return measure_of(WHOLE, tmp_path_factory.mktemp("m"))


def grade(investment: int | None, interest: int | None, **more: object) -> dict[str, object]:
    """A project that meets the conditions of the first clause where it is large enough."""
    return {"investment": investment, "贷款利息": interest, "track": "industry", "评审等级": "一等", **more}


def said(found: Outcome) -> tuple[Standing, int | None]:
    return found.standing, found.fen


class TestCaps:
    @pytest.mark.parametrize(
        ("investment", "fen", "binding", "removed"),
        [
            (300 * WAN, 75 * WAN, "总投资 / 4", 15 * WAN),  # 90 万 by share, 75 万 by the second cap
            (4000 * WAN, 1000 * WAN, "1000万元", 200 * WAN),  # equal caps: the first is told
            (4000 * WAN + 4, 1000 * WAN, "1000万元", 200 * WAN + 1),
            (4000 * WAN - 4, 1000 * WAN - 1, "总投资 / 4", 200 * WAN),  # 1200 万 less 1.2 fen, 1000 万 less 1
        ],
    )
    def test_the_lowest_of_several_binds(
        self, whole: Measure, investment: int, fen: int, binding: str, removed: int
    ) -> None:
        found = outcomes(whole, project(**grade(investment, 0)))["equipment"]
        assert (found.fen, found.removed) == (fen, removed)
        assert found.binding_cap is not None and found.binding_cap.text == binding

    def test_a_cap_that_is_not_known_leaves_the_amount_unknown(self, tmp_path: Path) -> None:
        measure = measure_of(changed("总投资 / 4]", "贷款利息]"), tmp_path)
        found = outcomes(measure, project(**grade(400 * WAN, None)))["equipment"]
        assert (said(found), found.binding_cap, found.uncapped) == ((LACKS, None), None, 120 * WAN)

    def test_a_cap_that_does_not_cut_does_not_bind(self, tmp_path: Path) -> None:
        measure = measure_of(changed("总投资 / 4]", "总投资]"), tmp_path)
        found = outcomes(measure, project(**grade(400 * WAN, 0)))["equipment"]
        assert (found.fen, found.removed, found.binding, found.binding_cap) == (120 * WAN, 0, None, None)


class TestChoice:
    @pytest.mark.parametrize(
        ("investment", "interest", "best"),
        [
            (400 * WAN, 100 * WAN, (MEETS, 100 * WAN)),  # 100 万 (the cap of a quarter) against 50 万
            (400 * WAN, 300 * WAN, (MEETS, 150 * WAN)),
            (200 * WAN, 300 * WAN, (MEETS, 150 * WAN)),  # too small for the first
            (400 * WAN, 3, (MEETS, 100 * WAN)),
            (200 * WAN, 3, (MEETS, 2)),  # one and a half fen, rounded at the end of its clause
            (400 * WAN, None, (LACKS, None)),  # the unknown one might be the higher
            (None, 300 * WAN, (LACKS, None)),
            (200 * WAN, 0, (MEETS, 0)),
        ],
    )
    def test_the_higher_of_two(
        self, whole: Measure, investment: int | None, interest: int | None, best: tuple[Standing, int | None]
    ) -> None:
        assert said(outcomes(whole, project(**grade(investment, interest)))["best"]) == best

    @pytest.mark.parametrize(
        ("keep", "investment", "interest", "best"),
        [
            ("first", 400 * WAN, 300 * WAN, (MEETS, 100 * WAN)),  # in order, though the second is more
            ("first", 200 * WAN, 300 * WAN, (MEETS, 150 * WAN)),
            (
                "first",
                400 * WAN,
                None,
                (MEETS, 100 * WAN),
            ),  # the first is met: the unknown second is not asked
            ("first", None, 300 * WAN, (LACKS, None)),  # not known which comes first
            ("sum", 400 * WAN, 300 * WAN, (MEETS, 250 * WAN)),
            ("sum", 200 * WAN, 300 * WAN, (MEETS, 150 * WAN)),
            ("sum", 400 * WAN, None, (LACKS, None)),
        ],
    )
    def test_the_first_or_all(
        self,
        tmp_path: Path,
        keep: str,
        investment: int | None,
        interest: int | None,
        best: tuple[Standing, int | None],
    ) -> None:
        measure = measure_of(changed("keep: highest", f"keep: {keep}"), tmp_path)
        found = outcomes(measure, project(**grade(investment, interest)))["best"]
        assert said(found) == best

    def test_none_met_is_not_met_and_pays_nothing(self, tmp_path: Path) -> None:
        text = changed("  amount: 贷款利息 / 2", "  when: [贷款利息 > 5元]\n  amount: 贷款利息 / 2")
        found = outcomes(measure_of(text, tmp_path), project(**grade(200 * WAN, 3)))["best"]
        assert said(found) == (FAILS, 0)

    def test_money_had_before_is_taken_off_after_the_caps(self, tmp_path: Path) -> None:
        """就高补差: what is missing to the higher one."""
        text = changed("keep: highest", "keep: highest\n  cap: 120万元\n  less: 贷款利息 / 10")
        measure = measure_of(text, tmp_path)
        for investment, interest, fen in (
            (400 * WAN, 100 * WAN, 90 * WAN),
            (400 * WAN, 0, 100 * WAN),
            (400 * WAN, 300 * WAN, 90 * WAN),  # 150 万 capped at 120 万, less 30 万
            (200 * WAN, 5, 2),  # 2.5 fen is 3, less half a fen that rounds to 1
        ):
            assert outcomes(measure, project(**grade(investment, interest)))["best"].fen == fen
        all_taken = measure_of(changed("keep: highest", "keep: highest\n  less: 9000万元"), tmp_path)
        assert said(outcomes(all_taken, project(**grade(400 * WAN, 0)))["best"]) == (MEETS, 0)


class TestTotal:
    def people(self, *interests: int | None) -> list[object]:
        projects = [project(f"p{n}", "f", **grade(200 * WAN, one)) for n, one in enumerate(interests)]
        return [firm(kind="firm"), *projects]

    @pytest.mark.parametrize(
        ("interests", "standing", "fen", "removed"),
        [
            ((), MEETS, 0, 0),  # the clause of the stations asks nothing
            ((100 * WAN, 3), MEETS, 50 * WAN + 2, 0),
            ((2000 * WAN, 2000 * WAN), MEETS, 1500 * WAN, 500 * WAN),
            ((100 * WAN, None), LACKS, None, 0),
        ],
    )
    def test_what_projects_get_is_added_for_their_firm_and_capped(
        self,
        whole: Measure,
        interests: tuple[int | None, ...],
        standing: Standing,
        fen: int | None,
        removed: int,
    ) -> None:
        found = outcomes(whole, *self.people(*interests))["all_in"]  # type: ignore[arg-type]
        assert (*said(found), found.removed) == (standing, fen, removed)

    def test_a_total_may_pay_the_rest_while_one_amount_is_not_known(self, tmp_path: Path) -> None:
        measure = measure_of(changed("cap: 1500万元", "cap: 1500万元\n  unknown: skip"), tmp_path)
        found = outcomes(measure, *self.people(100 * WAN, None, 3))["all_in"]  # type: ignore[arg-type]
        assert said(found) == (MEETS, 50 * WAN + 2)

    def test_only_what_nothing_takes_over_is_paid(self, whole: Measure) -> None:
        assert [one.id for one in whole.paid()] == ["all_in"]

    def test_another_firms_projects_are_not_added(self, whole: Measure) -> None:
        others = [firm("g", kind="firm"), project("q", "g", **grade(200 * WAN, 8 * WAN))]
        found = outcomes(whole, firm(kind="firm"), *others, project("p", "f", **grade(200 * WAN, 2 * WAN)))
        assert found["all_in"].fen == WAN


class TestShares:
    def test_shares_bear_every_fen(self, whole: Measure) -> None:
        shares = dict(whole.clause("equipment").shares)
        assert shares == {"省级": 1, "市级": 2}
        fen = outcomes(whole, project(**grade(300 * WAN + 4, 0)))["equipment"].fen
        assert fen == 75 * WAN + 1
        assert split(fen, shares) == {"省级": 25 * WAN, "市级": 50 * WAN + 1}

    @pytest.mark.parametrize(
        ("fen", "weights"), list(product([0, 1, 2, 100, 101, 2**53 + 1], [(5, 2, 3), (1, 1), (1, 999_999)]))
    )
    def test_nobody_bears_more_than_a_fen_beside_his_share(self, fen: int, weights: tuple[int, ...]) -> None:
        named = {str(n): weight for n, weight in enumerate(weights)}
        parts = split(fen, named)
        assert sum(parts.values()) == fen
        assert all(abs(parts[n] * sum(weights) - fen * weight) < sum(weights) for n, weight in named.items())


class TestQuotas:
    def test_a_quota_knows_what_it_limits_by_whom_and_in_which_order(self, tmp_path: Path) -> None:
        two = "- {of: best, at_most: 2, per: 申报单位, order: [综合得分 desc, 认定年度]}\n- {of: best, at_most: 10}\n"
        text = WHOLE.partition("- id: all_in")[0] + "quotas:\n" + two
        assert measure_of(text, tmp_path).quotas == (
            Quota("best", 2, ("applicant",), (("综合得分", True), ("year", False))),
            Quota("best", 10, (), ()),
        )


TESTS = """\
tests:
- name: 封顶并分担
  on: 2022-12-31
  budget_year: 2022
  origin: 手算
  given:
    示范项目: [{id: p, 总投资: 4000万元, 示范方向: 行业应用, 评审等级: 一等}]
  expect:
    示范项目:p: {equipment: {standing: 符合, amount: 1000万元, removed: 200万元, binding: 1000万元, shares: {省级: 333.333333万元, 市级: 666.666667万元}}}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", ""),
        ("binding: 1000万元", "binding: 总投资 / 4", "应为总投资 / 4，算出来是1000万元"),
        ("市级: 666.666667万元", "市级: 666.666666万元", "应为6666666.66元，算出来是6666666.67元"),
        ("budget_year: 2022", f"budget_year: {'9' * 5000}", "年度写成 2022"),
        ("on: 2022-12-31", "on: 2022", "不是日期"),
        ("origin: 手算", "origin: 猜的", "没有来历“猜的”"),
        ("{id: p,", f"{{times: {'9' * 5000}, id: p,", "份数须是"),
    ],
)
def test_tests_beside_a_measure_ask_for_the_cap_that_bound_and_the_shares(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, said: str
) -> None:
    measure_of(WHOLE, tmp_path)
    (tmp_path / "measure.tests.yaml").write_text(TESTS.replace(old, new), encoding="utf-8")
    assert main(["rulebook", "test", str(tmp_path / "measure.yaml")]) == bool(said)
    assert said in capsys.readouterr().err
