"""Portfolios read from files, every mistake told with its place; choices across measures and pots decided to the fen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.rulebook.allotting.allot import Allotment, Amounts, Due, Lost, allot, choose
from mangrove.rulebook.allotting.portfolio import Portfolio, load
from mangrove.rulebook.allotting.pots import Pot
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.problems import Problem, Problems
from mangrove.vocabulary import vocabulary
from mangrove.vocabulary.model import Enum, Field, Vocabulary, Word

from .test_interpret import LINKS

WRITE = Callable[[str], Path]
WAN = 1_000_000  # fen
FIRM, DEMO = "organisation", "demonstration_project"
SHELF = {
    "sz_a": {"equipment": FIRM, "rent": FIRM, "demo": DEMO},
    "sz_b": {"renovation": FIRM, "demo": DEMO},
}
TEXT = dedent("""\
    portfolio: 2026年度5G专项（测试）
    id: special_2026
    source: 测试用
    status: 待核
    measures: [sz_a, sz_b]
    groups:
    - {id: equipment_once, of: [sz_a.equipment, sz_b.renovation], keep: highest}
    pots:
    - id: special
      name: 2026年度5G专项
      amount: 400万元
      source: 市级财政
      pays: [sz_a.equipment, sz_a.rent, sz_b.renovation]
      then: [carried]
      cut: pro_rata
      round: 元
      minimum: 1万元
      classes: {by: 规模, order: [[微型, 小型], [中型, 大型]]}
      ties: [规模, 统一社会信用代码 desc]
    - id: carried
      name: 以前年度结转
      amount: 100万元
      source: 市级财政
      pays: [sz_b.demo]
      cut: in_order
      partial: 否
      ties:
      - {机构: 统一社会信用代码, 示范项目: 申报单位.统一社会信用代码}
    """)


def with_size(known: Vocabulary) -> Vocabulary:
    """The house's words with an input of the measures: how large a firm is."""
    words = {id: Word(id, id, id) for id in ("微型", "小型", "中型", "大型")}
    size = Enum("input:规模", "规模", "规模", words)
    firm = known.entities[FIRM]
    grown = replace(firm, fields={**firm.fields, "规模": Field("规模", "规模", "规模", "enum", enum=size)})
    return replace(known, entities={**known.entities, FIRM: grown}, enums={**known.enums, size.id: size})


WORDS = with_size(vocabulary())


@pytest.fixture
def write(tmp_path: Path) -> WRITE:
    def written(text: str) -> Path:
        path = tmp_path / "portfolio.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def read(path: Path) -> Portfolio:
    return load(path, WORDS, SHELF, "portfolio.yaml")


def problems(path: Path) -> list[Problem]:
    with pytest.raises(Problems) as found:
        read(path)
    return found.value.problems


class TestReading:
    def test_what_a_portfolio_says(self, write: WRITE) -> None:
        found = read(write(TEXT))
        assert (found.id, found.status) == ("special_2026", "待核")
        assert [(one.id, one.keep, one.steps) for one in found.groups] == [
            ("equipment_once", "highest", ("sz_a.equipment", "sz_b.renovation"))
        ]
        special, carried = found.pots
        assert special.pot == Pot("special", 400 * WAN, "pro_rata", step=100, minimum=WAN)
        assert carried.pot == Pot("carried", 100 * WAN, "in_order", partial=False)
        assert special.ties.falling == (False, True)
        assert special.classes is not None and special.classes.of == {
            "微型": 0,
            "小型": 0,
            "中型": 1,
            "大型": 1,
        }
        assert found.asking("carried") == [*special.steps, "sz_b.demo"]

    def test_a_star_is_all_of_a_measure(self, write: WRITE) -> None:
        text = TEXT.replace("[sz_a.equipment, sz_a.rent, sz_b.renovation]", "[sz_b.renovation]").replace(
            "[sz_b.demo]", "[sz_a.*]"
        )
        assert read(write(text)).pots[1].steps == ("sz_a.equipment", "sz_a.rent", "sz_a.demo")

    @pytest.mark.parametrize(
        ("old", "new", "code", "place", "zh", "en"),
        [
            ("status: 待核", "stand: 待核", "unknown_key", (4, 1), "不认识的键", "Unknown key"),
            ("source: 测试用\n", "", "missing_key", (1, 1), "缺“source”", "missing"),
            ("status: 待核", "status: 待查", "unknown_name", (4, 9), "待核", "status"),
            ("[sz_a, sz_b]", "[sz_a, sz_b, sz_z]", "unknown_name", (5, 24), "没有措施“sz_z”，是否想写“sz_", "No measure"),
            ("[sz_a, sz_b]", "[sz_a, sz_b, sz_a]", "measure_twice", (5, 24), "第 5 行已经有了", "stands on line 5"),
            ("sz_b.renovation], keep", "sz_b.renovate], keep", "unknown_name", (7, 45), "是否想写“sz_b.renovation”", "did you mean"),
            ("keep: highest", "keep: higest", "unknown_name", (7, 69), "是否想写“highest”", "way to keep"),
            ("sz_b.renovation], keep", "sz_a.equipment], keep", "step_in_two_groups", (7, 45), "已经进了选择组", "in a group already"),
            (", sz_b.renovation], keep", "], keep", "group_of_one", (7, 28), "至少要有两个", "two steps or more"),
            ("sz_b.renovation], keep", "sz_b.demo], keep", "group_things", (7, 3), "不同的对象", "different kinds"),
            ("keep: highest}", "keep: highest, by: 总投资}", "unknown_name", (7, 82), "没有字段或名称“总投资”", "No field"),
            ("keep: highest}", "keep: highest}\n- {id: equipment_once, of: [sz_a.rent, sz_a.demo], keep: first}", "group_twice", (8, 8), "第 7 行已经有了", "stands on line 7"),
            ("pays: [sz_b.demo]", "pays: [sz_b.demo, sz_a.rent]", "paid_twice", (24, 21), "第 13 行已经有资金池支付", "paid by a pot already, on line 13"),
            ("pays: [sz_b.demo]", "pays: [sz_c.*]", "unknown_name", (24, 10), "没有步骤“sz_c.*”", "No step"),
            ("then: [carried]", "then: [caried]", "unknown_name", (14, 10), "是否想写“carried”", "No pot"),
            ("cut: in_order", "then: [special]\n  cut: in_order", "then_backwards", (25, 10), "不在后面", "not further down"),
            ("- id: carried", "- id: special", "pot_twice", (20, 7), "第 9 行已经有了", "stands on line 9"),
            ("cut: pro_rata", "cut: prorata", "unknown_name", (15, 8), "是否想写“pro_rata”", "way to cut"),
            ("cut: in_order", "cut: pro_rata", "idle_key", (26, 3), "“partial”不起作用", "does nothing"),
            ("amount: 400万元", "amount: 400万个", "not_money", (11, 11), "不是金额", "no amount"),
            ("amount: 400万元", "amount: -4万元", "not_money", (11, 11), "不小于零", "not below zero"),
            ("amount: 400万元", "amount: 约400万元", "not_money", (11, 11), "不是金额", "no amount"),
            ("minimum: 1万元", "minimum: 0.001元", "not_money", (17, 12), "精确到分", "whole fen"),
            ("round: 元", "round: 座", "not_money", (16, 10), "不是金额", "no amount"),
            ("round: 元", "round: 0元", "zero_step", (16, 10), "不能取整到零", "rounded to zero"),
            ("round: 元", "rounds: 0", "not_a_count", (16, 11), "1 至 10000", "1 to 10000"),
            ("partial: 否", "partial: 不", "not_a_truth", (26, 12), "应为“是”或“否”", "true or false"),
            ("by: 规模", "by: 规摸", "unknown_name", (18, 17), "没有字段或名称“规摸”", "No field"),
            ("by: 规模", "by: 机构名称 == 1", "not_a_field", (18, 17), "一个字段的名称", "name of a field"),
            ("by: 规模", "by: 所在区.序号", "class_field", (18, 17), "这是数", "this is a number"),
            ("by: 规模", "by: 所在区", "link_alone", (18, 17), "是关联", "is a link"),
            ("[中型, 大型]", "[中型, 巨型]", "unknown_name", (18, 44), "没有规模的取值“巨型”", "巨型"),
            ("[中型, 大型]", "[中型, 小型]", "class_twice", (18, 44), "已经在前面了", "in a class already"),
            ("[中型, 大型]", "中型", "class_missing", (18, 28), "没有写大型", "In no class: 大型"),
            ("[[微型, 小型], [中型, 大型]]", "[[微型, 其余], else]", "class_twice", (18, 39), "已经在前面了", "in a class already"),
            ("ties: [规模", "ties: [规摸", "unknown_name", (19, 10), "没有字段或名称“规摸”", "No field"),
            ("ties: [规模, 统一社会信用代码 desc]", "ties: [统一社会信用代玛 desc]", "unknown_name", (19, 10), "是否想写“统一社会信用代码”", "did you mean"),
            ("{机构: 统一社会信用代码, 示范项目:", "{示范项目:", "no_field_for", (28, 5), "没有写“机构”", "Organisation"),
            ("{机构: 统一社会信用代码, 示", "{机构: 类别, 示", "unlike", (28, 5), "类型或单位不同", "another type"),
            ("{机构: 统一社会信用代码, 示", "{机构: 统一社会信用代码, 机钩: 类别, 示", "unknown_name", (28, 20), "没有对象“机钩”", "No thing"),
            ("  amount: 100万元\n", "", "missing_key", (20, 3), "缺“amount”", "missing"),
            ("pays: [sz_b.demo]", "pays: sz_b.demo", "not_items", (24, 9), "应为列表", "as a list"),
        ],
    )  # fmt: skip
    def test_each_mistake_is_told_with_its_place_in_both_languages(
        self, write: WRITE, old: str, new: str, code: str, place: tuple[int, int], zh: str, en: str
    ) -> None:
        assert old in TEXT
        told = problems(write(TEXT.replace(old, new, 1)))
        found = next((one for one in told if one.code == code), told[0])
        assert found.code == code and zh in found.zh and en in found.en, [one.said() for one in told]
        assert (found.place.file, found.place.line, found.place.column) == ("portfolio.yaml", *place), (
            found.said()
        )

    def test_a_pot_that_nobody_asks_is_told(self, write: WRITE) -> None:
        text = TEXT.replace("  then: [carried]\n", "").replace("pays: [sz_b.demo]", "note: 空")
        assert "pays_nothing" in [one.code for one in problems(write(text))]

    def test_steps_of_a_measure_that_is_not_there_are_told_once(self, write: WRITE) -> None:
        found = problems(write(TEXT.replace("[sz_a, sz_b]", "[sz_a, sz_bb]").replace("sz_b.", "sz_bb.")))
        assert [one.code for one in found if one.code == "unknown_name"] == ["unknown_name"]

    def test_all_that_is_wrong_is_told_at_once(self, write: WRITE) -> None:
        text = TEXT.replace("status: 待核", "status: 待查").replace("keep: highest", "keep: most").replace("amount: 100万元", "amount: 多")  # fmt: skip
        assert [one.place.line for one in problems(write(text))] == [4, 7, 22]


# --- deciding ----------------------------------------------------------------------------------------------------


def city(**firms: dict[str, Any]) -> Population:
    """Firms by key with their fields; firm ``x`` has the project ``px``."""
    things = [Thing(FIRM, key, {"id": key, **fields}) for key, fields in firms.items()]
    projects = [Thing(DEMO, f"p{key}", {"id": f"p{key}"}, {"applicant": key}) for key in firms]
    return Population([*things, *projects], LINKS)


def due(step: str, key: str) -> Due:
    measure, _, name = step.partition(".")
    return Due(measure, name, SHELF[measure][name], key)


def amounts(**by_step: dict[str, int | None]) -> dict[Due, int | None]:
    """``sz_a__rent={"x": 5}``: fen by step and thing."""
    return {
        due(step.replace("__", "."), key): fen for step, row in by_step.items() for key, fen in row.items()
    }


def run(path: Path, given_amounts: Amounts, population: Population, **more: Any) -> Allotment:
    return allot(read(path), given_amounts, population, **more)


class TestAllotting:
    def test_small_firms_first_in_full_then_the_rest_pro_rata(self, write: WRITE) -> None:
        """SZ-30 as a portfolio: pot 400; small ones ask 150, all others 500."""
        firms = city(a={"规模": "微型"}, b={"规模": "小型"}, c={"规模": "中型"}, d={"规模": "大型"})
        asked = amounts(sz_a__rent={"a": 100 * WAN, "b": 50 * WAN, "c": 300 * WAN, "d": 200 * WAN})
        found = run(write(TEXT.replace("  then: [carried]\n", "")), asked, firms)
        assert found.awards == amounts(
            sz_a__rent={"a": 100 * WAN, "b": 50 * WAN, "c": 150 * WAN, "d": 100 * WAN}
        )
        assert found.pots[0].factor == Fraction(1, 2) and found.outside == ()

    def test_what_the_first_pot_cannot_pay_the_next_one_does_in_its_own_order(self, write: WRITE) -> None:
        firms = city(c={"规模": "中型", "credit_code": "91B"}, d={"规模": "大型", "credit_code": "91A"})
        asked = amounts(sz_a__rent={"c": 300 * WAN, "d": 180 * WAN}, sz_b__demo={"pc": 30 * WAN})
        found = run(write(TEXT), asked, firms)
        assert found.pots[0].awards == amounts(sz_a__rent={"c": 250 * WAN, "d": 150 * WAN})
        # 91A first; of the two of 91B the earlier step; the project's 30 do not fit into 20, and no part is paid.
        second = amounts(sz_a__rent={"d": 30 * WAN, "c": 50 * WAN}, sz_b__demo={"pc": 0})
        assert (found.pots[1].awards, found.pots[1].remainder) == (second, 20 * WAN)
        assert found.awards == asked | {due("sz_b.demo", "pc"): 0}
        assert found.removed == dict.fromkeys(asked, 0) | {due("sz_b.demo", "pc"): 30 * WAN}

    def test_the_higher_of_two_measures_is_paid_and_the_other_told(self, write: WRITE) -> None:
        firms = city(a={"规模": "微型"})
        asked = amounts(sz_a__equipment={"a": 30 * WAN}, sz_b__renovation={"a": 40 * WAN})
        found = run(write(TEXT), asked, firms)
        assert found.awards == amounts(sz_b__renovation={"a": 40 * WAN})
        assert found.chosen.lost == {
            due("sz_a.equipment", "a"): Lost("equipment_once", due("sz_b.renovation", "a"), 30 * WAN)
        }

    def test_what_no_pot_pays_is_not_cut(self, write: WRITE) -> None:
        found = run(write(TEXT), amounts(sz_a__demo={"pa": 9000 * WAN}), city(a={}))
        assert found.awards == amounts(sz_a__demo={"pa": 9000 * WAN})
        assert found.outside == (due("sz_a.demo", "pa"),)

    def test_an_unknown_amount_is_paid_nothing_and_its_bound_held(self, write: WRITE) -> None:
        firms = city(a={"规模": "微型"}, c={"规模": "中型"})
        asked = amounts(sz_a__rent={"a": None, "c": 600 * WAN})
        found = run(write(TEXT), asked, firms, reserves={due("sz_a.rent", "a"): 100 * WAN})
        assert found.reserved == amounts(sz_a__rent={"a": 100 * WAN})
        assert found.pots[0].awards == amounts(sz_a__rent={"c": 300 * WAN})

    def test_a_firm_of_unknown_size_stands_in_the_last_class_and_is_told(self, write: WRITE) -> None:
        firms = city(a={"规模": "微型"}, u={})
        asked = amounts(sz_a__rent={"a": 300 * WAN, "u": 200 * WAN})
        found = run(write(TEXT), asked, firms)
        assert found.pots[0].awards == amounts(sz_a__rent={"a": 300 * WAN, "u": 100 * WAN})
        assert found.unclassed == {"special": (due("sz_a.rent", "u"),), "carried": ()}

    @pytest.mark.parametrize(
        ("wrong", "error", "said"),
        [
            ({("sz_a", "rent", FIRM, "a"): -1}, ValueError, "小于零"),
            ({("sz_a", "rents", FIRM, "a"): 1}, ValueError, "没有对"),
            ({("sz_a", "rent", DEMO, "pa"): 1}, ValueError, "没有对"),
            ({("sz_a", "rent", FIRM, "nobody"): 1}, KeyError, "nobody"),
        ],
    )
    def test_amounts_that_cannot_be_are_refused(
        self, write: WRITE, wrong: Amounts, error: type[Exception], said: str
    ) -> None:
        with pytest.raises(error, match=said):
            run(write(TEXT), wrong, city(a={}))


class TestChoosing:
    A, B = due("sz_a.equipment", "a"), due("sz_b.renovation", "a")

    @pytest.mark.parametrize(
        ("keep", "a", "b", "bounds", "paid", "undecided"),
        [
            ("highest", 5, 7, {}, {"b": 7}, ""),
            ("highest", 7, 7, {}, {"a": 7}, ""),  # of equals the first in the order of the group
            ("first", 5, 7, {}, {"a": 5}, ""),
            ("first", 0, 7, {}, {"a": 0, "b": 7}, ""),
            ("highest", 0, 0, {}, {"a": 0, "b": 0}, ""),
            ("highest", 5, None, {}, {"a": None, "b": None}, "ab"),
            ("highest", 5, None, {"b": 5}, {"a": 5}, ""),  # it cannot exceed, and of equals it is the second
            ("highest", None, 5, {"a": 5}, {"a": None, "b": None}, "ab"),  # of equals it would be the first
            ("highest", None, 5, {"a": 4}, {"b": 5}, ""),
            ("highest", 5, None, {"b": 6}, {"a": None, "b": None}, "ab"),
            ("highest", 0, None, {}, {"a": 0, "b": None}, ""),  # nothing to choose: it is merely not known
            ("first", None, 7, {}, {"a": None, "b": None}, "ab"),
            ("first", None, 7, {"a": 0}, {"b": 7}, ""),
            ("first", 5, None, {}, {"a": 5}, ""),
        ],
    )
    def test_a_choice_with_and_without_unknowns(
        self, write: WRITE, keep: str, a: int | None, b: int | None,
        bounds: dict[str, int], paid: dict[str, int | None], undecided: str,
    ) -> None:  # fmt: skip
        named = {"a": self.A, "b": self.B}
        portfolio = read(write(TEXT.replace("keep: highest", f"keep: {keep}")))
        found = choose(
            portfolio, {self.A: a, self.B: b}, city(a={}), {named[key]: fen for key, fen in bounds.items()}
        )
        assert found.amounts == {named[key]: fen for key, fen in paid.items()}
        assert found.undecided == {named[key]: "equipment_once" for key in undecided}
        for key, fen in (("a", a), ("b", b)):
            if key in undecided and fen is not None:
                assert found.reserves[named[key]] == fen
        assert set(found.lost) == set(named.values()) - set(found.amounts)

    def test_one_matter_by_a_field_reached_differently(self, write: WRITE) -> None:
        by = "{机构: 机构标识, 示范项目: 申报单位.机构标识}"
        text = TEXT.replace("sz_b.renovation], keep: highest", f"sz_b.demo], by: {by}, keep: highest")
        asked = amounts(sz_a__equipment={"a": 3, "b": 9}, sz_b__demo={"pa": 5, "pb": 5})
        found = choose(read(write(text)), asked, city(a={}, b={}))
        assert found.amounts == amounts(sz_b__demo={"pa": 5}, sz_a__equipment={"b": 9})

    def test_of_an_unknown_matter_it_waits(self, write: WRITE) -> None:
        text = TEXT.replace("keep: highest", "by: 统一社会信用代码, keep: highest")
        asked = amounts(sz_a__equipment={"a": 3, "b": 9})
        found = choose(read(write(text)), asked, city(a={}, b={"credit_code": "91"}))
        assert found.amounts == amounts(sz_a__equipment={"a": None, "b": 9})
        assert found.undecided == {self.A: "equipment_once"} and found.reserves == {self.A: 3}


FEN = st.none() | st.integers(0, 4)


@given(
    st.lists(FEN, min_size=2, max_size=2), st.lists(st.integers(0, 4), min_size=2, max_size=2), st.booleans()
)
def test_what_is_decided_holds_whatever_the_unknown_turn_out_to_be(
    tmp_path_factory: pytest.TempPathFactory, fen: list[int | None], bounds: list[int], first: bool
) -> None:
    """Against trying out every value that an unknown amount can have."""
    path = tmp_path_factory.mktemp("p") / "portfolio.yaml"
    path.write_text(TEXT.replace("keep: highest", "keep: first") if first else TEXT, encoding="utf-8")
    portfolio, dues = read(path), [TestChoosing.A, TestChoosing.B]
    found = choose(
        portfolio, dict(zip(dues, fen, strict=True)), city(a={}), dict(zip(dues, bounds, strict=True))
    )
    ways = [range(bound + 1) if one is None else [one] for one, bound in zip(fen, bounds, strict=True)]
    winners = {winner(list(values), first) for values in product(*ways)}
    for index, one in enumerate(dues):
        if one in found.lost:
            assert index not in winners
        elif one in found.undecided:
            assert index in winners and len(winners) > 1
        elif fen[index]:
            assert winners == {index}


def winner(values: list[int], first: bool) -> int | None:
    paying = [index for index, one in enumerate(values) if one]
    if not paying:
        return None
    return paying[0] if first else max(paying, key=lambda index: values[index])
