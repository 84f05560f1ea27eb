"""A tree is written in one way, with the fewest brackets, and reads back as the same tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mangrove.rulebook.language import tree
from mangrove.rulebook.language.lexer import tokens
from mangrove.rulebook.language.parser import parse
from mangrove.rulebook.language.printing import written
from mangrove.rulebook.problems import START, Problem
from mangrove.vocabulary.units import known_units


def without_places(part: Any) -> Any:
    """The same tree with every ``at`` zero."""
    if isinstance(part, tuple):
        return tuple(map(without_places, part))
    if not isinstance(part, tree.Node):
        return part
    kept = {one.name: without_places(getattr(part, one.name)) for one in fields(part)}
    return replace(part, **{**kept, "at": 0})


# --- random trees ----------------------------------------------------------------------------------------------

WORDS = ["投资", "项目", "a", "a1", "of", "where", "else", "其余", "tiers", "count", "__import__", "并且"]
numbers = st.builds(
    tree.Number,
    st.just(0),
    st.builds(Fraction, st.integers(0, 10**12), st.sampled_from([10**places for places in range(9)])),
    st.sampled_from(["", "", *sorted(known_units().by_name)]),
)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), max_size=8).filter(
    lambda text: not ('"' in text and "”" in text)
)
names = st.builds(
    tree.Name, st.just(0), st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(tuple)
) | st.just(tree.Name(0, ("true", "否")))
leaves = st.one_of(
    numbers,
    names,
    st.builds(tree.Day, st.just(0), st.dates()),
    st.builds(tree.Text, st.just(0), texts),
    st.builds(tree.Truth, st.just(0), st.booleans()),
)


def some(inner: st.SearchStrategy[Any], least: int) -> st.SearchStrategy[Any]:
    return st.lists(inner, min_size=least, max_size=3).map(tuple)


def branches(inner: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    at, yes = st.just(0), st.booleans()
    tier = st.builds(tree.Tier, at, st.sampled_from(["<", "<="]), inner, inner)
    last_tier = st.builds(tree.Tier, at, st.just(""), st.none(), inner)
    option = st.builds(tree.Option, at, st.none() | inner, inner)
    return st.one_of(
        st.builds(tree.Negative, at, inner),
        st.builds(tree.Sum, at, st.sampled_from("+-*/"), inner, inner),
        st.builds(tree.Compare, at, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), inner, inner),
        st.builds(tree.OneOf, at, inner, some(inner, 1), yes),
        st.builds(tree.Within, at, inner, inner, inner, yes, yes, yes),
        st.builds(tree.Not, at, inner),
        st.builds(tree.Both, at, some(inner, 2)),
        st.builds(tree.Either, at, some(inner, 2)),
        st.builds(tree.Call, at, st.sampled_from(["min", "eval", "years_between", "true"]), some(inner, 0)),
        st.builds(tree.Tiers, at, inner, some(tier | last_tier, 1)),
        st.builds(tree.Match, at, inner, some(option, 1)),
        st.builds(
            tree.Aggregate,
            at,
            st.sampled_from(["count", "any", "all"]),
            st.none(),
            names,
            st.none() | inner,
        ),
        st.builds(
            tree.Aggregate, at, st.sampled_from(["sum", "min_of", "max_of"]), inner, names, st.none() | inner
        ),
    )


trees = st.recursive(leaves, branches, max_leaves=12)


@given(trees)
def test_what_is_written_reads_back_as_the_same_tree(node: tree.Node) -> None:
    text = written(node)
    assert without_places(parse(text)) == node
    assert written(parse(text)) == text


@settings(max_examples=50)
@given(trees)
def test_no_pair_of_brackets_could_be_left_out(node: tree.Node) -> None:
    text = written(node)
    for opened, closed in pairs(text):
        shorter = f"{text[:opened]} {text[opened + 1 : closed]} {text[closed + 1 :]}"
        try:
            assert without_places(parse(shorter)) != node, shorter
        except Problem:
            continue


def pairs(text: str) -> Iterator[tuple[int, int]]:
    """Where each bracket opens and closes."""
    opened: list[int] = []
    for word in tokens(text, START):
        if word.kind == "sign" and word.value in {"(", "["}:
            opened.append(word.at)
        elif word.kind == "sign" and word.value in {")", "]"}:
            yield opened.pop(), word.at


# --- by example ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("((1万元))*count( 基站 where(质量==合格) )", "1万元 * count(基站 where 质量 == 合格)"),
        ("（a＋b）×c÷d−e", "(a + b) * c / d - e"),
        ("a-(b-c)-(d*e)", "a - (b - c) - d * e"),
        ("a / (b / c)", "a / (b / c)"),
        ("- - - a", "-a"),
        ("-(-a)", "-(-a)"),
        ("-(a*b)", "-(a * b)"),
        ("非 (非 甲) 且 (乙 或 丙)", "not (not 甲) and (乙 or 丙)"),
        ("not not a", "a"),
        ("(a and b) and c", "(a and b) and c"),
        ("(a and b) or (c and d)", "a and b or c and d"),
        ("(a == b) == true", "(a == b) == true"),
        ("区域 不属于【沿海、乡村】", "区域 not in [沿海, 乡村]"),
        ("x in (1.50 .. 2.00万元]", "x in (1.5 .. 2万元]"),
        ("电价<=0.3456元／千瓦时", "电价 <= 0.3456元/千瓦时"),
        ("1元/千瓦", "1元 / 千瓦"),
        ("2025-1-2", "2025-01-02"),
        ("“合格，优”", '"合格，优"'),
        ('“他说"好"”', '“他说"好"”'),
        ("是 or 否", "true or false"),
        (
            "tiers(x;<1000万元:10%，<=5000万元：15%，其余：20%)",
            "tiers(x; <1000万元: 10%, <=5000万元: 15%, else: 20%)",
        ),
        ("match（级别；(市级)：1、(其余)：2、其余：3）", "match(级别; 市级: 1, (其余): 2, else: 3)"),
        ("sum((a==b) of 项目.基站 where (c))", "sum((a == b) of 项目.基站 where c)"),
    ],
)
def test_the_canonical_text(typed: str, canonical: str) -> None:
    assert written(parse(typed)) == canonical
    assert without_places(parse(canonical)) == without_places(parse(typed))


def test_all_digits_of_a_long_number_are_written() -> None:
    long = f"0.{'0' * 3_900}1"
    assert written(parse(long)) == long


@pytest.mark.parametrize(
    "node",
    [
        tree.Number(0, Fraction(1, 3)),
        tree.Number(0, Fraction(-1)),
        tree.Text(0, "one\ntwo"),
        tree.Text(0, '"”'),
        tree.Node(0),
    ],
)
def test_a_tree_that_no_text_gives_is_refused(node: tree.Node) -> None:
    with pytest.raises(ValueError):
        written(node)


def test_a_day_keeps_four_digits_of_its_year() -> None:
    assert written(tree.Day(0, date(33, 4, 3))) == "0033-04-03"
