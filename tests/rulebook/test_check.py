"""Names, words, units and types of an expression: what agrees is typed, what does not is told where and how to write it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from mangrove.rulebook.language import typed
from mangrove.rulebook.language.check import check, check_condition
from mangrove.rulebook.language.parser import parse
from mangrove.rulebook.language.scope import Scope
from mangrove.rulebook.language.types import DAY, MONEY, NUMBER, TRUTH, Type
from mangrove.rulebook.problems import START, Problem
from mangrove.vocabulary import vocabulary


def scope(entity: str = "机构", **given: Type) -> Scope:
    return Scope(vocabulary(), vocabulary().entity(entity), given)


def typed_of(text: str, entity: str = "机构", **given: Type) -> typed.Typed:
    return check(parse(text), scope(entity, **given), text, START)


def refused(text: str, entity: str = "机构", **given: Type) -> Problem:
    with pytest.raises(Problem) as problem:
        typed_of(text, entity, **given)
    return problem.value


@pytest.mark.parametrize(
    ("text", "entity", "made"),
    [
        ("1万元 * count(基站 where 组网方式 == 独立组网)", "机构", MONEY),
        ("min(30% * 总投资, 100万元)", "示范项目", MONEY),
        ("总投资 * tiers(总投资; <1000万元: 10%, <5000万元: 15%, else: 20%)", "示范项目", MONEY),
        ("sum(总投资 of 示范项目 where 认定年度 == 2020) / 2", "机构", MONEY),
        ("总投资 / 1亿元", "示范项目", NUMBER),
        ("0.35元/千瓦时 * 100万千瓦时", "机构", MONEY),
        ("开通日期 in [2022-01-01 .. 2023-01-01)", "基站", TRUTH),
        ("match(示范方向; 政务应用: 50万元, 行业应用: 30万元)", "示范项目", MONEY),
        ("any(基站 where 运营商.kind == 运营商)", "机构", TRUTH),
        ('round_to(总投资, 1万元, "down")', "示范项目", MONEY),
        ("years_between(开通日期, 2023-01-01) >= 3", "基站", TRUTH),
        ("if(申报单位.合成数据, 0元, 总投资)", "示范项目", MONEY),
        ("运营商.合成数据 且 非 合成数据", "基站", TRUTH),
    ],
)
def test_what_agrees_has_a_type(text: str, entity: str, made: Type) -> None:
    assert typed_of(text, entity).type == made


def test_numbers_are_in_base_units_exactly() -> None:
    assert typed_of("0.3456元/千瓦时") == typed.Constant(Type("quantity", "电价"), 0, Fraction("34.56"))
    assert typed_of("1.5万元") == typed.Constant(MONEY, 0, Fraction(1_500_000))
    assert typed_of("30%") == typed.Constant(NUMBER, 0, Fraction(3, 10))


def test_a_field_knows_its_way_and_what_its_integers_are_worth() -> None:
    column = typed_of("申报单位.合成数据", "示范项目")
    assert isinstance(column, typed.Column) and column.steps == ("applicant", "synthetic")
    money = typed_of("总投资", "示范项目")
    assert isinstance(money, typed.Column) and (money.steps, money.factor) == (("investment",), 1)


def test_a_name_that_was_given_is_used_and_typed() -> None:
    assert typed_of("新增 * 1万元", 新增=NUMBER) == typed.Arithmetic(
        MONEY, 3, "*", typed.Use(NUMBER, 0, "新增"), typed.Constant(MONEY, 5, Fraction(1_000_000))
    )


@pytest.mark.parametrize(
    ("text", "entity", "code", "column", "zh", "en"),
    [
        ("总投资额", "示范项目", "unknown_name", 1, "是否想写“总投资”", "did you mean “总投资”"),
        ("申报人.合成数据", "示范项目", "unknown_name", 1, "申报", "field or name"),
        ("示范方向 == 政务", "示范项目", "unknown_name", 9, "是否想写“政务应用”", "word of Track"),
        ("总投资 + 3", "示范项目", "unlike", 5, "金额与数不能相加减", "cannot be added"),
        ("总投资 > 2020-01-01", "示范项目", "unlike", 5, "金额与日期不能比较", "cannot be compared"),
        ("总投资 * 总投资", "示范项目", "senseless_unit", 5, "金额与金额相乘没有意义", "cannot be multiplied"),
        ("3 / 总投资", "示范项目", "senseless_unit", 3, "相除没有意义", "cannot be divided"),
        ("总投资 / 0", "示范项目", "zero_division", 7, "除数是零", "zero"),
        ("示范方向 > 政务应用", "示范项目", "no_order", 6, "没有大小先后", "has no order"),
        ("开通日期 in [2023-01-01 .. 2022-01-01]", "基站", "empty_range", 10, "什么也没有", "Nothing lies"),
        ("开通日期 in [2023-01-01 .. 2023-01-01)", "基站", "empty_range", 10, "什么也没有", "Nothing lies"),
        ("not 总投资", "示范项目", "not_a_condition", 5, "却是金额", "A condition is wanted"),
        ("- 合成数据", "基站", "not_a_quantity", 3, "却是是否", "A quantity is wanted"),
        ("mins(1, 2)", "机构", "unknown_name", 1, "是否想写“min”", "did you mean “min”"),
        ("min(1)", "机构", "wrong_arguments", 1, "写法是 min(a, b, …)", "Write it as min"),
        ("min(1, 1元)", "机构", "wrong_arguments", 1, "不能用于数、金额", "cannot take"),
        ('round_to(1元, 1元, "near")', "机构", "wrong_arguments", 1, "round_to(", "round_to("),
        ("tiers(总投资; <5元: 1%, <3元: 2%, else: 3%)", "示范项目", "tier_overlap", 21, "永远用不到", "never reached"),
        ("tiers(总投资; <5元: 1%, <5元: 2%, else: 3%)", "示范项目", "tier_overlap", 21, "永远用不到", "never reached"),
        ("tiers(总投资; <5元: 1%, <=9元: 2%)", "示范项目", "tier_gap", 1, "最后一档之上没有着落", "above the last tier"),
        ("tiers(总投资; <5: 1%, else: 3%)", "示范项目", "unlike", 12, "金额与数不能比较", "cannot be compared"),
        ("tiers(总投资; else: 1%, <5元: 3%)", "示范项目", "tier_gap", 1, "没有着落", "above the last tier"),
        ("match(示范方向; 政务应用: 1元, 政务应用: 2元, else: 3元)", "示范项目", "row_twice", 23, "写了两次", "twice"),
        ("match(示范方向; 政务应用: 1元)", "示范项目", "row_missing", 1, "没有写到行业应用", "Nothing is said of Industry use"),
        ("match(认定年度; 2020: 1元)", "示范项目", "row_missing", 1, "没有写到其余取值", "all other values"),
        ("申报单位 == 1", "示范项目", "link_alone", 1, "后面请接字段，例如 申报单位.机构标识", "add a field behind it"),
        ("count(基站.运营商.机构标识)", "机构", "long_path", 7, "太长", "too long"),
        ("all(基站)", "机构", "all_of_what", 1, "all(基站 where …)", "Say what all must be"),
        ("match(应用领域; 项目名称: 1元, else: 2元)", "示范项目", "row_bound", 13, "须是写定的", "must be written"),
        ('round_to(总投资, 0元, "down")', "示范项目", "wrong_arguments", 1, "round_to(", "round_to("),
        ('round_to(总投资, -3元, "down")', "示范项目", "wrong_arguments", 1, "round_to(", "round_to("),
        ("count(承诺)", "机构", "no_link", 7, "没有关联到“机构”", "has no link"),
        ("count(基占)", "机构", "unknown_name", 7, "是否想写“基站”", "did you mean “基站”"),
    ],
)  # fmt: skip
def test_what_does_not_agree_is_told_where_and_how(
    text: str, entity: str, code: str, column: int, zh: str, en: str
) -> None:
    found = refused(text, entity)
    assert (found.code, found.place.column) == (code, column), found.said()
    assert zh in found.zh and en in found.en, found.said("en")


def test_an_aggregate_finds_the_link_of_its_rows() -> None:
    found = typed_of("count(数值)", "区")
    assert isinstance(found, typed.Gathered) and (found.child, found.link) == ("figure_value", "district")


def test_a_condition_must_be_one() -> None:
    with pytest.raises(Problem) as problem:
        check_condition(parse("总投资"), scope("示范项目"), "总投资", START)
    assert problem.value.code == "not_a_condition"
    assert check_condition(parse("总投资 > 0元"), scope("示范项目"), "总投资 > 0元", START).type == TRUTH


def test_a_word_may_stand_on_either_side() -> None:
    left, right = typed_of("政务应用 == 示范方向", "示范项目"), typed_of("示范方向 == 政务应用", "示范项目")
    assert isinstance(left, typed.Comparison) and isinstance(right, typed.Comparison)
    assert left.left == typed.Constant(left.left.type, 0, "government")
    assert isinstance(right.right, typed.Constant) and right.right.value == "government"


@pytest.mark.parametrize(
    "text",
    [
        '"政务应用" == 示范方向',
        "tiers(总投资; <-5元: 1%, else: 2%) > 0",
        "match(认定年度; -1: 1元, else: 2元) > 0元",
        "match(申报单位.合成数据; 是: 1元, 否: 2元) > 0元",
    ],
)
def test_what_an_officer_may_well_write_is_taken(text: str) -> None:
    assert typed_of(text, "示范项目").type == TRUTH


def test_days_are_compared_with_days() -> None:
    assert typed_of("max(开通日期, 2020-01-01)", "基站").type == DAY
