"""Printing a figure, and judging a printed number, against an oracle that shares no code with the rules."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.figures.decisions import Exact, Form, Verdict, agree, as_printed


@dataclass(frozen=True)
class Print:
    printed_value: Decimal
    printed_unit: str
    decimals: int
    qualifier: str = ""


def verdict(number: str, unit: str, value: int | str, qualifier: str = "", source: str = "") -> Verdict:
    decimals = len(number.partition(".")[2])
    exact = Exact(Fraction(value), "%" if unit == "%" else "个", source)
    return agree(Print(Decimal(number), unit, decimals, qualifier), exact).verdict


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (47_999, Verdict.DIFFERS),
        (48_000, Verdict.DIFFERS),
        (48_001, Verdict.WITHIN),
        (48_499, Verdict.WITHIN),
        (48_999, Verdict.WITHIN),
        (49_000, Verdict.DIFFERS),
        (53_000, Verdict.DIFFERS),
    ],
)
def test_more_than_48_thousand_holds_only_just_above_it(value: int, expected: Verdict) -> None:
    assert verdict("4.8", "万个", value, "超") == expected


def test_the_share_of_the_letter_is_cut_off_not_rounded() -> None:
    share = Fraction(534918, 893260) * 100
    judged = agree(Print(Decimal("59.8"), "%", 1), Exact(share, "%"))
    assert (judged.verdict, judged.expected) == (Verdict.TRUNCATED, "59.9%")


@pytest.mark.parametrize(
    ("number", "qualifier", "value", "expected"),
    [
        ("4.8", "", 48_499, Verdict.AGREES),
        ("4.8", "", 47_500, Verdict.AGREES),
        ("4.8", "", 48_500, Verdict.TRUNCATED),
        ("4.8", "达到", 48_000, Verdict.AGREES),
        ("4.8", "近", 47_500, Verdict.WITHIN),
        ("4.8", "近", 48_000, Verdict.DIFFERS),
        ("4.8", "近", 47_000, Verdict.DIFFERS),
        ("4.8", "约", 48_999, Verdict.WITHIN),
        ("4.8", "约", 47_001, Verdict.WITHIN),
        ("4.8", "约", 49_000, Verdict.DIFFERS),
        ("4.8", "以上", 48_000, Verdict.WITHIN),
        ("4.8", "以上", 47_999, Verdict.DIFFERS),
    ],
)
def test_each_qualifier_at_its_edges(number: str, qualifier: str, value: int, expected: Verdict) -> None:
    assert verdict(number, "万个", value, qualifier) == expected


@pytest.mark.parametrize(
    ("number", "qualifier", "expected"),
    [
        ("4.8", "超", Verdict.AGREES),
        ("4.8", "超过", Verdict.AGREES),
        ("4.8", "", Verdict.DIFFERS),
        ("4.8", "近", Verdict.DIFFERS),
        ("4", "超", Verdict.WITHIN),
        ("4.9", "超", Verdict.DIFFERS),
    ],
)
def test_a_source_that_says_more_than_gives_a_bound_and_not_a_count(
    number: str, qualifier: str, expected: Verdict
) -> None:
    assert verdict(number, "万个", 48_000, qualifier, source="超") == expected


@given(st.integers(-(10**9), 10**9), st.integers(0, 4), st.integers(-(10**6), 10**6))
def test_an_unqualified_number_agrees_exactly_when_no_neighbour_is_nearer(
    amount: int, places: int, printed: int
) -> None:
    value, p, step = Fraction(amount, 10**5), Fraction(printed, 10**places), Fraction(1, 10**places)
    nearer = abs(value - p) < step / 2 or (abs(value - p) == step / 2 and abs(p) > abs(value))
    said = agree(Print(Decimal(printed).scaleb(-places), "个", places), Exact(value, "个")).verdict
    assert (said == Verdict.AGREES) == nearer
    cut_off = abs(p) <= abs(value) < abs(p) + step and p * value >= 0
    assert (said == Verdict.TRUNCATED) == (cut_off and not nearer)


@given(st.integers(0, 10**8), st.integers(0, 3), st.sampled_from(["", "超", "近", "约"]))
def test_what_is_printed_always_agrees_with_what_it_was_printed_from(
    amount: int, places: int, word: str
) -> None:
    exact = Exact(Fraction(amount), "个")
    text = as_printed(exact, Form("万个", places, word))
    number = text.removesuffix("万个").lstrip("超近约")
    qualifier = text[0] if text[0] in "超近约" else ""
    assert agree(Print(Decimal(number), "万个", places, qualifier), exact).verdict.good


@given(st.integers(0, 10**8), st.integers(0, 3))
def test_more_than_is_never_printed_of_a_number_that_is_not_more(amount: int, places: int) -> None:
    text = as_printed(Exact(Fraction(amount), "个"), Form("万个", places, "超"))
    number = Fraction(text.removesuffix("万个").lstrip("超")) * 10_000
    assert amount > number if text.startswith("超") else amount == number


@pytest.mark.parametrize(
    ("exact", "form", "text"),
    [
        (Exact(Fraction(48_012), "个"), Form("万个", 1, "超"), "超4.8万个"),
        (Exact(Fraction(48_650), "个"), Form("万个", 1), "4.9万个"),
        (Exact(Fraction(48_000), "个"), Form("万个", 1, "超"), "4.8万个"),
        (Exact(Fraction(48_000), "个", "超"), Form("万个", 1), "超4.8万个"),
        (Exact(Fraction(534_918_000_000), "分"), Form("亿元", 2), "53.49亿元"),
        (Exact(Fraction(-5, 2), "%"), Form("%", 0), "-3%"),
        (Exact(Fraction(10177, 100), "%"), Form("%", 1), "101.8%"),
    ],
)
def test_printed_forms(exact: Exact, form: Form, text: str) -> None:
    assert as_printed(exact, form) == text


def test_units_that_have_nothing_in_common_cannot_be_judged() -> None:
    with pytest.raises(ValueError, match="不能把"):
        agree(Print(Decimal(1), "亿元", 0), Exact(Fraction(1), "个"))
