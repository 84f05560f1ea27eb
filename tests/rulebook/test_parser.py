"""Expressions read as their signs bind, and each mistake is met by a sentence that says what to write instead."""

from __future__ import annotations

import builtins
import operator
import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rulebook.test_printing import without_places

from mangrove.rulebook.language import tree
from mangrove.rulebook.language.parser import parse
from mangrove.rulebook.language.printing import written
from mangrove.rulebook.problems import Place, Problem, Problems

# --- how tightly signs bind: Python is the oracle --------------------------------------------------------------

OPERATIONS: dict[str, Any] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def worth(node: tree.Node) -> Any:
    """The value of a tree of plain numbers and truths."""
    if isinstance(node, tree.Sum | tree.Compare):
        return OPERATIONS[node.sign](worth(node.left), worth(node.right))
    if isinstance(node, tree.Both | tree.Either):
        return (all if isinstance(node, tree.Both) else any)([worth(one) for one in node.of])
    if isinstance(node, tree.Negative):
        return -worth(node.of)
    if isinstance(node, tree.Not):
        return not worth(node.of)
    assert isinstance(node, tree.Number | tree.Truth)
    return node.value


def amounts_of(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from(["+", "-", "*", "/", " + ", " - ", " * ", " / "])
    joined = st.builds(lambda left, sign, right: f"{left}{sign}{right}", inner, signs, inner)
    return st.one_of(joined, joined, inner.map("({})".format), inner.map("-{}".format))


def conditions_of(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    joined = st.builds(
        lambda left, sign, right: f"{left} {sign} {right}", inner, st.sampled_from(["and", "or"]), inner
    )
    return st.one_of(joined, joined, inner.map("({})".format), inner.map("not {}".format))


amounts = st.recursive(st.integers(0, 12).map(str), amounts_of, max_leaves=12)
few = st.recursive(st.integers(0, 3).map(str), amounts_of, max_leaves=3)
comparisons = st.builds(
    lambda left, sign, right: f"{left} {sign} {right}",
    few,
    st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
    few,
)
conditions = st.recursive(comparisons | st.sampled_from(["True", "False"]), conditions_of, max_leaves=8)


def by_python(text: str) -> Any:
    """What Python makes of it, all numbers fractions; ``None`` where it divides by zero."""
    try:
        return eval(re.sub(r"\d+", r"Fraction(\g<0>)", text), {"Fraction": Fraction})
    except ZeroDivisionError:
        return None


def by_us(text: str) -> Any:
    try:
        return worth(parse(text.replace("True", "true").replace("False", "false")))
    except ZeroDivisionError:
        return None


@given(amounts)
def test_amounts_bind_as_in_python(text: str) -> None:
    assert by_us(text) == by_python(text)


@given(conditions)
def test_conditions_bind_as_in_python(text: str) -> None:
    expected = by_python(text)
    found = by_us(text)
    assert (
        found == expected or found is None
    )  # we evaluate both sides of “and”, so may meet a zero that Python skips


# --- full-width and Chinese ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chinese", "narrow"),
    [
        ("（甲＋乙）×丙÷丁－戊", "(甲+乙)*丙/丁-戊"),
        ("甲／乙＊丙", "甲/乙*丙"),
        ("甲≤乙", "甲<=乙"),
        ("甲≥乙", "甲>=乙"),
        ("甲≠乙", "甲!=乙"),
        ("甲＜乙", "甲<乙"),
        ("甲＞＝乙", "甲>=乙"),
        ("甲＝＝乙", "甲==乙"),
        ("甲！＝乙", "甲!=乙"),
        ("甲 且 乙 或 非 丙", "甲 and 乙 or not 丙"),
        ("甲 属于 ［乙，丙、丁］", "甲 in [乙,丙,丁]"),
        ("甲 不属于 【乙】", "甲 not in [乙]"),
        ("甲 in （１ ．． ２］", "甲 in (1 .. 2]"),
        ("match（级别；市级：２００万元，其余：１％）", "match(级别; 市级: 200万元, else: 1%)"),
        ("甲．乙", "甲.乙"),
        ("ｍｉｎ（ａ，ｂ）", "min(a,b)"),
        ("“合格”", '"合格"'),
        ("甲　＋　乙", "甲 + 乙"),
        ("２０２５－０１－３１", "2025-01-31"),
    ],
)
def test_chinese_signs_read_as_narrow_ones(chinese: str, narrow: str) -> None:
    assert without_places(parse(chinese)) == without_places(parse(narrow))


def test_a_text_keeps_its_characters_as_typed() -> None:
    assert parse("“５Ｇ，（甲）”") == tree.Text(0, "５Ｇ，（甲）")


@pytest.mark.parametrize("name", ["且慢", "非公企业", "或有负债", "android", "order", "notes", "indoor"])
def test_a_name_may_begin_with_a_word_of_ours(name: str) -> None:
    assert parse(name) == tree.Name(0, (name,))


# --- mistakes --------------------------------------------------------------------------------------------------

ANY_VALUE_ZH = "这里应为数、日期、文字、名称或“(”，"
ANY_VALUE_EN = "Expected a number, a date, a text, a name or “(” here, "
TIERS_ZH = "请写成 tiers(总投资; <1000万元: 10%, else: 20%)。"
TIERS_EN = "write tiers(total_cost; <1000万元: 10%, else: 20%)."

MISTAKES = [
    (
        '质量 == "合格',
        "open_text",
        7,
        "引号没有关上；请在同一行里补上后一半。",
        "The quotation mark is not closed; add its other half on the same line.",
    ),
    (
        "质量 == '合格'",
        "bad_sign",
        7,
        '文字请写在一对双引号里，例如 "合格"。',
        'Write a text between double quotation marks, as in "passed".',
    ),
    ("质量 = 合格", "single_equals", 4, "比较是否相等请写“==”。", "Write “==” to compare."),
    ("质量 ＝ 合格", "single_equals", 4, "比较是否相等请写“==”。", "Write “==” to compare."),
    (
        "1 < 投资 < 5",
        "chained",
        8,
        "比较不能连着写；请写成两个比较，用 and 连接。",
        "Comparisons do not chain; write two comparisons joined by “and”.",
    ),
    (
        "a == b not in [c]",
        "chained",
        8,
        "比较不能连着写；请写成两个比较，用 and 连接。",
        "Comparisons do not chain; write two comparisons joined by “and”.",
    ),
    (
        "投资 > 12,345.6万元",
        "grouped_number",
        6,
        "逗号会把“12,345.6”分成几个数；一个数请写成“12345.6”，几个数请在逗号后空格。",
        "Commas would split “12,345.6”; write “12345.6” for one number, or a space after each comma for several.",
    ),
    (
        "投资 > 3亿圆",
        "unknown_name",
        7,
        "没有单位“亿圆”，是否想写“亿个”？",
        "No unit “亿圆”; did you mean “亿个”?",
    ),
    (
        "电价 < 1元/千瓦时吧",
        "unknown_name",
        7,
        "没有单位“元/千瓦时吧”，是否想写“元/千瓦时”？",
        "No unit “元/千瓦时吧”; did you mean “元/千瓦时”?",
    ),
    (
        "5G基站 > 3",
        "unknown_name",
        2,
        "没有单位“G基站”；如果“5G基站”是名称，请不要以数字开头。",
        "No unit “G基站”; if “5G基站” is a name, it must not begin with a digit.",
    ),
    (
        "100万元至200万元",
        "unknown_name",
        4,
        "单位“万元”后面不能紧跟“至200万元”；请用空格或运算符隔开。",
        "“至200万元” cannot follow the unit “万元” directly; put a space or an operator between them.",
    ),
    (
        "1000万元以上",
        "bound_in_words",
        5,
        "“1000万元以上”请写成比较，例如“投资 >= 1000万元”。",
        "Write “1000万元以上” as a comparison, such as “cost >= 1000万元”.",
    ),
    (
        "投资 > 2 元",
        "trailing",
        8,
        "单位请紧跟在数后面：“2元”。",
        "Put the unit right behind the number: “2元”.",
    ),
    (
        "投资 * 5 ％",
        "bad_sign",
        8,
        "“％”请紧跟在数后面，例如 50%。",
        "Put “％” right behind a number, as in 50%.",
    ),
    (
        "日期 < 2025-02-30",
        "no_such_day",
        6,
        "没有“2025-02-30”这一天；这个月最后一天是 2025-02-28。",
        "There is no day “2025-02-30”; the last day of that month is 2025-02-28.",
    ),
    (
        "2025-13-01",
        "no_such_day",
        1,
        "没有“2025-13-01”这一天；日期按年-月-日写，例如 2025-01-31。",
        "There is no day “2025-13-01”; write year-month-day, as in 2025-01-31.",
    ),
    (
        "2025-01-015",
        "no_such_day",
        1,
        "“2025-01-015”不是日期；日期写成 2025-01-31，相减请在减号两边空格。",
        "“2025-01-015” is no date; write a date as 2025-01-31, and put spaces around a minus sign.",
    ),
    (
        "日期 < 2025年1月31日",
        "date_form",
        6,
        "“2025年1月31日”请写成“2025-01-31”。",
        "Write “2025-01-31” for “2025年1月31日”.",
    ),
    (
        "2 * （甲 + 乙",
        "open_bracket",
        5,
        "这个“（”没有关上；请补上“)”。",
        "This “（” is not closed; add “)”.",
    ),
    (
        "甲 in [1 .. 2",
        "open_bracket",
        6,
        "这个“[”没有关上；请补上“]”或“)”。",
        "This “[” is not closed; add “]” or “)”.",
    ),
    (
        "甲 + 乙)",
        "trailing",
        6,
        "多了一个“)”；请删去，或在前面补上另一半。",
        "There is one “)” too many; delete it, or add its other half before.",
    ),
    (
        "(甲 乙)",
        "unexpected",
        4,
        "这里应为运算符或“)”，却是“乙”。",
        "Expected an operator or “)” here, found “乙”.",
    ),
    (
        "甲 in (乙, 丙)",
        "round_list",
        6,
        "可选的值请写在“[”和“]”之间；两端之间请写成 (低 .. 高)。",
        "Write the choices between “[” and “]”, or a range as (low .. high).",
    ),
    (
        "甲 in 乙",
        "unexpected",
        6,
        "这里应为“[”，却是“乙”；请写成 in [沿海, 乡村] 或 in [1 .. 5)。",
        "Expected “[” here, found “乙”; write in [coast, village] or in [1 .. 5).",
    ),
    ("甲 + * 乙", "unexpected", 5, f"{ANY_VALUE_ZH}却是“*”。", f"{ANY_VALUE_EN}found “*”."),
    ("甲 and", "unexpected", 6, f"{ANY_VALUE_ZH}却已到结尾。", f"{ANY_VALUE_EN}found the end."),
    ("甲 且 且 乙", "unexpected", 5, f"{ANY_VALUE_ZH}却是“且”。", f"{ANY_VALUE_EN}found “且”."),
    ("甲 & 乙", "bad_sign", 3, "“&”请写成“and”。", "Write “and” for “&”."),
    ("甲 => 乙", "bad_sign", 3, "“=>”请写成“>=”。", "Write “>=” for “=>”."),
    ("甲《乙", "bad_sign", 2, "“《”请写成“<”。", "Write “<” for “《”."),
    ("甲 ∈ 乙", "bad_sign", 3, "看不懂“∈”；请删去或改写。", "Cannot read “∈”; delete or replace it."),
    (
        "甲\0",
        "bad_sign",
        2,
        "这里有一个看不见的字符 U+0000；请删去。",
        "There is an invisible character U+0000 here; delete it.",
    ),
    (
        "(" * 41 + "a" + ")" * 41,
        "too_deep",
        41,
        "括号套了超过 40 层；请拆成几个定义。",
        "Brackets are nested more than 40 deep; split this into several definitions.",
    ),
    (
        "+".join("a" * 102),
        "too_deep",
        2,
        "一环套一环的运算超过 100 步；请拆成几个定义。",
        "More than 100 steps build on each other; split this into several definitions.",
    ),
    (
        "a" * 4_001,
        "too_long",
        1,
        "这条式子有 4001 个字符，超过 4000 个；请拆成几个定义。",
        "This expression has 4001 characters, more than 4000; split it into several definitions.",
    ),
    (
        "sum(a)",
        "unexpected",
        6,
        "这里应为“of”，却是“)”；请写成 sum(投资 of 项目)。",
        "Expected “of” here, found “)”; write sum(cost of project).",
    ),
    (
        "max_of(a of 1)",
        "unexpected",
        13,
        "这里应为对象的名称，却是“1”；请写成 max_of(投资 of 项目)。",
        "Expected the name of what to go through here, found “1”; write max_of(cost of project).",
    ),
    (
        "count()",
        "unexpected",
        7,
        "这里应为对象的名称，却是“)”；请写成 count(项目)。",
        "Expected the name of what to go through here, found “)”; write count(project).",
    ),
    (
        "tiers(; <1: 2)",
        "unexpected",
        7,
        f"这里应为一个值，却是“;”；{TIERS_ZH}",
        f"Expected a value here, found “;”; {TIERS_EN}",
    ),
    (
        "tiers(a)",
        "unexpected",
        8,
        f"这里应为“;”，却是“)”；{TIERS_ZH}",
        f"Expected “;” here, found “)”; {TIERS_EN}",
    ),
    (
        "tiers(a; 5: 1)",
        "unexpected",
        10,
        "这里应为“<”、“<=”或“else”，却是“5”；请写成 <1000万元: 10% 或 else: 20%。",
        "Expected “<”, “<=” or “else” here, found “5”; write <1000万元: 10% or else: 20%.",
    ),
    (
        "match(a, b)",
        "unexpected",
        8,
        "这里应为“;”，却是“,”；请写成 match(级别; 市级: 200万元, else: 100万元)。",
        "Expected “;” here, found “,”; write match(level; city: 200万元, else: 100万元).",
    ),
    ("甲.1", "unexpected", 3, "这里应为名称，却是“1”。", "Expected a name here, found “1”."),
    (
        "",
        "empty",
        1,
        "式子是空的；请写一个数、一个名称或一个条件。",
        "The expression is empty; write a number, a name or a condition.",
    ),
    (
        " \t ",
        "empty",
        1,
        "式子是空的；请写一个数、一个名称或一个条件。",
        "The expression is empty; write a number, a name or a condition.",
    ),
    (
        "甲 + 乙 丙",
        "trailing",
        7,
        "“丙”之前的式子已经完整；请用运算符（例如 and、+）连接，或删去后面的字。",
        "The expression is complete before “丙”; join with an operator such as “and” or “+”, or delete the rest.",
    ),
]


@pytest.mark.parametrize(("text", "code", "column", "zh", "en"), MISTAKES)
def test_a_mistake_is_named_where_it_stands(text: str, code: str, column: int, zh: str, en: str) -> None:
    with pytest.raises(Problem) as caught:
        parse(text, Place("p.yaml", 7, 10))
    problem = caught.value
    assert (problem.code, problem.place) == (code, Place("p.yaml", 7, 9 + column))
    assert problem.said("zh") == f"p.yaml:7:{9 + column} {zh}"
    assert problem.said("en") == f"p.yaml:7:{9 + column} {en}"


def test_a_mistake_on_a_later_line_is_named_there() -> None:
    with pytest.raises(Problem) as caught:
        parse("甲 and\n  乙 = 丙", Place("p.yaml", 7, 10))
    assert caught.value.place == Place("p.yaml", 8, 5)


def test_all_problems_are_told_in_the_order_of_the_lines() -> None:
    found = []
    for line, text in [(9, "1 = 1"), (2, "")]:
        with pytest.raises(Problem) as caught:
            parse(text, Place("p.yaml", line, 1))
        found.append(caught.value)
    assert [line.split()[0] for line in str(Problems(found)).splitlines()] == ["p.yaml:2:1", "p.yaml:9:3"]


# --- hostile ---------------------------------------------------------------------------------------------------

WRAPPERS = [
    ("(", ")"),
    ("not (", ")"),
    ("-(", ")"),
    ("min(", ")"),
    ("sum(", " of x)"),
    ("count(x where ", ")"),
    ("a in [", "]"),
    ("a in [", " .. b)"),
    ("tiers(", "; else: 1)"),
    ("tiers(x; else: ", ")"),
    ("match(", "; else: 1)"),
    ("match(x; ", ": 1)"),
    ("match(x; else: ", ")"),
]


def refused(text: str) -> str:
    """The code of the refusal."""
    with pytest.raises(Problem) as caught:
        parse(text)
    return caught.value.code


@pytest.mark.parametrize(("before", "after"), WRAPPERS)
def test_brackets_nest_forty_deep_whatever_opens_them(before: str, after: str) -> None:
    node = parse(before * 40 + "a" + after * 40)
    assert without_places(parse(written(node))) == without_places(node)
    assert refused(before * 41 + "a" + after * 41) == "too_deep"
    assert refused(before * (3_900 // len(before)) + "a") == "too_deep"
    assert refused(before * 10_000 + "a" + after * 10_000) == "too_long"


@pytest.mark.parametrize(
    "sign", ["not ", "非 ", "-", "－", "(", "（", "[", "a.", "a+", "a and ", "<", '"', "1,000"]
)
def test_ten_thousand_of_a_sign_are_refused_at_once(sign: str) -> None:
    assert refused(sign * 10_000) == "too_long"


def test_as_many_signs_as_fit_count_in_pairs() -> None:
    assert parse("-" * 3_999 + "a") == tree.Negative(0, tree.Name(3_999, ("a",)))
    assert parse("not " * 998 + "a") == tree.Name(3_992, ("a",))


@pytest.mark.parametrize("sign", ["+", "-", "*", "/"])
def test_a_row_as_long_as_fits_is_refused_and_does_not_exhaust_the_stack(sign: str) -> None:
    assert refused(sign.join("a" * 2_000)) == "too_deep"
    assert len(list(parse(sign.join("a" * 100)).walk())) == 199


@pytest.mark.parametrize("one", ["(a + b)", "a in [b]", "a in [b .. c)", "min(a)", "count(x where a)"])
def test_brackets_side_by_side_are_not_deep(one: str) -> None:
    assert isinstance(parse(" or ".join([one] * 100)), tree.Either)


def test_a_long_row_of_conditions_is_flat() -> None:
    node = parse(" or ".join("a" * 800))
    assert isinstance(node, tree.Either)
    assert len(node.of) == 800


@pytest.mark.parametrize(
    "name", ["__import__", "eval", "exec", "open", "__class__", "None", "True", "lambda"]
)
def test_names_of_python_are_plain_names(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def ran(*given: object) -> None:
        raise AssertionError(f"ran {given}")

    for builtin in ("eval", "exec", "compile", "open", "__import__"):
        monkeypatch.setattr(builtins, builtin, ran)
    found = [parse(name), parse(f'{name}("os")'), parse(f"a.{name}.b")]
    monkeypatch.undo()
    assert found == [
        tree.Name(0, (name,)),
        tree.Call(0, name, (tree.Text(len(name) + 1, "os"),)),
        tree.Name(0, ("a", name, "b")),
    ]


def test_what_would_run_in_python_is_refused() -> None:
    assert refused('__import__("os").system("true")') == "trailing"
    assert refused("a[0]") == "trailing"
    assert refused("lambda: 1") == "trailing"
    assert refused("2**9**9") == "bad_sign"


PIECES = [
    *"甲a1 .,;:()[]+-*/<>=!\"“”'（，＝\n\0%&",
    "and ",
    "not ",
    "in ",
    "..",
    "1万元",
    "2025-1-",
    "else",
    "tiers(",
    "match(",
]
PIECES += ["sum(", " of ", " where ", "count(", "以上", "\u200b", "\ud800", "１"]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        node = parse(text)
    except Problem as problem:
        assert problem.zh.endswith(("。", "？"))
        assert problem.en.endswith((".", "?"))
        assert 1 <= problem.place.line <= text.count("\n") + 1
    else:
        assert without_places(parse(written(node))) == without_places(node)
