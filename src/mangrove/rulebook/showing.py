"""Values as people read them, in Chinese or English: money in 元, 万元 or 亿元, words by their names, unknown as unknown."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from mangrove.rulebook.interpret import Value
from mangrove.rulebook.language.types import Type
from mangrove.vocabulary.model import Vocabulary
from mangrove.vocabulary.quantity import format_number
from mangrove.vocabulary.units import known_units

#: The largest unit that prints the amount with at most two places.
MONEY = ("亿元", "万元", "元", "分")
PLACES = 6


def shown(value: Value, kind: Type, vocabulary: Vocabulary, language: str = "zh") -> str:
    english = language.startswith("en")
    if value is None:
        return "unknown" if english else "缺数据"
    if isinstance(value, bool):
        return ("yes" if value else "no") if english else ("是" if value else "否")
    if kind.name == "word":
        word = vocabulary.enums[kind.detail].words[str(value)]
        return word.en if english else word.zh
    if isinstance(value, date | str):
        return str(value)
    return money(value, english) if kind.detail == "金额" else number(value) + measure(kind, english)


def money(fen: Fraction, english: bool) -> str:
    """Exactly, in the largest unit that needs at most two places; in yuan in English."""
    if not fen:
        return "0 yuan" if english else "0元"
    names = ("元", "分") if english else MONEY
    for name in names:
        unit = known_units().unit(name)
        amount = fen / unit.factor
        if name == "分" or (abs(amount) >= 1 and (amount * 100).denominator == 1):
            return f"{in_thousands(number(amount))} {unit.en}" if english else number(amount) + name
    raise AssertionError("fen always fits")


def in_thousands(digits: str) -> str:
    """1,000,000 in English, where nobody counts in 万."""
    whole, point, rest = digits.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.removeprefix("-").isdigit() else digits


def number(value: Fraction) -> str:
    """Plain digits where they end within six places, else the fraction as it is."""
    for places in range(PLACES + 1):
        if (value * 10**places).denominator == 1:
            return format_number(value, places)
    return f"{value.numerator}/{value.denominator}"


def measure(kind: Type, english: bool) -> str:
    """The base unit of a dimension, behind a number."""
    units = (
        unit for unit in known_units().by_name.values() if unit.dimension == kind.detail and unit.factor == 1
    )
    found = next(units, None)
    return "" if found is None else f" {found.en}" if english else found.zh
