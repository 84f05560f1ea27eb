"""Numbers with units convert exactly, round as statistics do, and print as the letter prints them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.vocabulary import UnknownWord, convert, format_quantity, parse_quantity
from mangrove.vocabulary.quantity import round_half_away
from mangrove.vocabulary.units import from_base, known_units, to_base


@pytest.mark.parametrize(
    "text", ["超4.8万个", "5349.18亿元", "59.8%", "超过16亿元", "4289个", "48余万座", "16亿元以上", "-1.7%"]
)
def test_the_letters_own_numbers_print_back_as_read(text: str) -> None:
    assert str(parse_quantity(text)) == text


def test_the_share_of_the_letter_is_exact() -> None:
    share = parse_quantity("5349.18亿元").to("元") / parse_quantity("8932.6亿元").to("元")
    assert format_quantity(share * 100, "%", 2) == "59.88%"
    assert format_quantity(share * 100, "%", 1) == "59.9%"


def test_money_is_fen_at_the_base() -> None:
    assert to_base(Fraction("5349.18"), "亿元") == 53_491_800_000_000
    assert from_base(53_491_800_000_000, "万元") == Fraction("53491800")
    assert convert(1, "万个", "座") == 10_000


@given(
    st.fractions(), st.sampled_from(["个", "万个", "亿个", "座", "万座"]), st.sampled_from(["个", "万", "件"])
)
def test_conversion_there_and_back_loses_nothing(value: Fraction, source: str, target: str) -> None:
    assert convert(convert(value, source, target), target, source) == value


@given(st.decimals(-(10**9), 10**9, places=4))
def test_rounding_agrees_with_decimal_half_up(value: Decimal) -> None:
    assert round_half_away(Fraction(value)) == int(value.quantize(Decimal(1), rounding="ROUND_HALF_UP"))


@given(st.integers(-(10**12), 10**12), st.integers(0, 4), st.sampled_from(["亿元", "%", "万个"]))
def test_what_is_printed_reads_back(scaled: int, decimals: int, unit: str) -> None:
    value = Fraction(scaled, 10**decimals)
    read = parse_quantity(format_quantity(value, unit, decimals, group=","))
    assert (read.value, read.unit, read.decimals) == (value, unit, decimals)


def test_a_half_goes_away_from_zero() -> None:
    assert [format_quantity(Decimal(t), "%", 1) for t in ("0.25", "-0.25", "0.05")] == [
        "0.3%",
        "-0.3%",
        "0.1%",
    ]


def test_small_negatives_do_not_print_minus_zero() -> None:
    assert format_quantity(Decimal("-0.01"), "%", 1) == "0.0%"


@pytest.mark.parametrize(
    ("text", "said"),
    [("亿元", "没有数"), ("约超3个", "不是限定词"), ("约3个以上", "两个限定词")],
)
def test_what_cannot_be_read_says_why(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_quantity(text)


def test_unknown_units_and_mixed_dimensions_are_refused() -> None:
    with pytest.raises(UnknownWord, match="是否想写“平方公里”"):
        parse_quantity("3平方公理")
    with pytest.raises(ValueError, match="不能把“万元”换算成“个”"):
        convert(1, "万元", "个")
    with pytest.raises(UnknownWord, match="没有限定词“大概”"):
        format_quantity(1, "个", 0, "大概")


def test_every_unit_has_a_dimension_and_reads_itself() -> None:
    for name in known_units().by_name:
        assert parse_quantity(f"3{name}").to(name) == 3
