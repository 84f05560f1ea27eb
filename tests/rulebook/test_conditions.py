"""Groups of conditions, parameters, inputs that people judge, and the dates of a run, with every datum known or not."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from mangrove.rulebook.decide import Run, Standing
from mangrove.rulebook.interpret import at_least
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.problems import START, Problem
from mangrove.rulebook.texts.inputs import refuse_out_of_range

from .whole import WAN, WHOLE, changed, firm, measure_of, outcomes, project

HEAD = "measure: 测\nid: x\nversion: {in_force: 2022-01-01, status: 待核, source: 测}\n"
FLAGS = ("甲", "乙", "丙")
INPUTS = "inputs: {" + ", ".join(f"{one}: {{for: 示范项目, type: 是否, by: 处室}}" for one in FLAGS) + "}\n"


def only(text: str, folder: Path, before: str = INPUTS) -> Measure:
    return measure_of(
        f"{HEAD}{before}clauses:\n- {{id: a, article: 一, text: 文, for: 示范项目, {text}}}\n", folder
    )


def standing(measure: Measure, run: Run = Run(), **fields: object) -> Standing:  # noqa: B008 a frozen value
    return outcomes(measure, project(**fields), run=run)["a"].standing


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Measure:
    return measure_of(WHOLE, tmp_path_factory.mktemp("m"))


OF = {True: Standing.MEETS, False: Standing.FAILS, None: Standing.LACKS}
KNOWN = (True, False, None)


def by_completion(of: object, values: tuple[bool | None, ...]) -> bool | None:
    """Known only where every way of knowing the unknown ones gives the same."""
    ways = product(*([one] if one is not None else [True, False] for one in values))
    found = {of(*way) for way in ways}  # type: ignore[operator]
    return found.pop() if len(found) == 1 else None


class TestGroups:
    @pytest.mark.parametrize(
        ("when", "of"),
        [
            ("{any: [甲, 乙, 丙]}", lambda a, b, c: a or b or c),
            ("{all: [甲, 乙, 丙]}", lambda a, b, c: a and b and c),
            ("{at_least: 1, of: [甲, 乙, 丙]}", lambda a, b, c: a + b + c >= 1),
            ("{at_least: 2, of: [甲, 乙, 丙]}", lambda a, b, c: a + b + c >= 2),
            ("{at_least: 3, of: [甲, 乙, 丙]}", lambda a, b, c: a + b + c >= 3),
            ("'at_least(2; 甲, 乙, 丙)'", lambda a, b, c: a + b + c >= 2),
            ("{any: [{all: [甲, 乙]}, 丙]}", lambda a, b, c: (a and b) or c),
            ("{at_least: 1, of: [{all: [甲, 乙]}, 丙]}", lambda a, b, c: (a and b) or c),
        ],
    )
    def test_each_follows_kleene(self, tmp_path: Path, when: str, of: object) -> None:
        measure = only(f"when: [{when}]", tmp_path)
        for values in product(KNOWN, repeat=3):
            fields = dict(zip(FLAGS, values, strict=True))
            assert standing(measure, **fields) == OF[by_completion(of, values)], (when, values)

    @pytest.mark.parametrize("values", list(product(KNOWN, repeat=4)))
    @pytest.mark.parametrize("least", [1, 2, 3, 4])
    def test_at_least_is_unknown_only_while_it_could_go_either_way(
        self, least: int, values: tuple[bool | None, ...]
    ) -> None:
        assert at_least(least, values) == by_completion(lambda *way: sum(way) >= least, values)

    def test_a_group_is_one_condition_and_says_what_is_in_it(self, tmp_path: Path) -> None:
        measure = only("when: [{at_least: 2, of: [甲, 乙, {any: [丙, 甲]}]}]", tmp_path)
        (condition,) = measure.clause("a").conditions
        assert condition.text == "至少2项：甲；乙；任一：丙；甲"


class TestParameters:
    def test_a_parameter_is_used_by_name_and_may_be_changed(self, tmp_path: Path) -> None:
        measure = only(
            "amount: 比例 * 总投资, when: [总投资 >= 门槛]",
            tmp_path,
            "parameters: {比例: 30%, 门槛: 300万元}\n",
        )
        found = outcomes(measure, project(investment=300 * WAN))["a"]
        assert (found.standing, found.fen) == (Standing.MEETS, 90 * WAN)
        assert outcomes(measure, project(investment=300 * WAN - 1))["a"].standing == Standing.FAILS
        changed_ = measure.with_constants({"比例": Fraction(1, 3), "门槛": Fraction(301 * WAN)})
        found = outcomes(changed_, project(investment=301 * WAN))["a"]
        assert (found.standing, found.fen) == (Standing.MEETS, 100_333_333)
        with pytest.raises(KeyError, match="比利"):
            measure.with_constants({"比利": Fraction(1)})

    def test_a_day_may_be_a_parameter(self, tmp_path: Path) -> None:
        measure = only("when: [决定日 < 截止]", tmp_path, "parameters: {截止: 2023-01-01}\n")
        assert standing(measure, Run(date(2022, 12, 31))) == Standing.MEETS
        assert standing(measure, Run(date(2023, 1, 1))) == Standing.FAILS
        assert standing(measure) == Standing.LACKS

    def test_numbers_that_stand_in_clauses_have_names_too(self, tmp_path: Path) -> None:
        measure = only("amount: 1万元 + 2万元, cap: [5万元, 总投资], when: [总投资 > 3元]", tmp_path, "")
        assert {name: int(one.value) for name, one in measure.constants().items()} == {  # type: ignore[arg-type]
            "a.when1#1": 300, "a.amount#1": WAN, "a.amount#2": 2 * WAN, "a.cap1": 5 * WAN,
        }  # fmt: skip


class TestInputs:
    def test_what_nobody_has_judged_is_unknown(self, whole: Measure) -> None:
        large = {"investment": 400 * WAN, "track": "government"}
        assert outcomes(whole, project(**large))["equipment"].standing == Standing.LACKS
        judged = large | {"评审等级": "一等", "综合得分": 800}
        assert outcomes(whole, project(**judged))["equipment"].standing == Standing.MEETS
        assert outcomes(whole, project(**judged | {"综合得分": 799}))["equipment"].standing == Standing.FAILS
        assert (
            outcomes(whole, project(**large | {"评审等级": "二等"}))["equipment"].standing == Standing.FAILS
        )

    def test_inputs_know_their_role_and_range(self, whole: Measure) -> None:
        by_name = {one.name: one for one in whole.inputs}
        assert (by_name["综合得分"].by, by_name["综合得分"].low, by_name["综合得分"].high) == (
            "评审专家组",
            0,
            100,
        )
        assert by_name["贷款利息"].low is None

    @pytest.mark.parametrize(
        ("score", "fits"), [(0, True), (1000, True), (1001, False), (-1, False), (None, True)]
    )
    def test_what_is_recorded_must_lie_in_its_range(
        self, whole: Measure, score: int | None, fits: bool
    ) -> None:
        things = [project(综合得分=score), firm()]
        if fits:
            refuse_out_of_range(whole, things, START)
        else:
            with pytest.raises(Problem, match="不在规定的范围里"):
                refuse_out_of_range(whole, things, START)

    def test_inputs_of_two_kinds_of_things_may_share_a_name_but_not_their_words(self, tmp_path: Path) -> None:
        text = changed("inputs:\n", "inputs:\n  等次: {for: 机构, words: [甲等, 乙等], by: 处室}\n")
        text = changed("when: [kind == 企业]", "when: [等次 == 甲等]", text)
        assert outcomes(measure_of(text, tmp_path), firm(等次="甲等"))["listed"].standing == Standing.MEETS


class TestRun:
    def test_the_budget_year_and_the_day_are_unknown_until_said(self, tmp_path: Path) -> None:
        measure = only("when: [认定年度 == 预算年度, 决定日 >= 2022-07-01]", tmp_path)
        run = Run(date(2022, 7, 1), 2022)
        assert standing(measure, run, year=2022) == Standing.MEETS
        assert standing(measure, run, year=2021) == Standing.FAILS
        assert standing(measure, Run(date(2022, 6, 30), 2022), year=2022) == Standing.FAILS
        assert standing(measure, Run(date(2022, 7, 1)), year=2022) == Standing.LACKS
        assert standing(measure, Run(None, 2022), year=2022) == Standing.LACKS

    def test_years_after_a_leap_day(self, tmp_path: Path) -> None:
        measure = only("when: ['决定日 < years_after(2020-02-29, 1)']", tmp_path)
        assert standing(measure, Run(date(2021, 2, 27))) == Standing.MEETS
        assert standing(measure, Run(date(2021, 2, 28))) == Standing.FAILS
