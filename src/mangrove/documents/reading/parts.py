"""Numbers written as parts of another: 三分之一, 百分之三十, 八成五, 师生比1:16."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, localcontext

from mangrove.documents.reading.lexicon import any_of, words
from mangrove.documents.reading.numerals import DIGITS, arabic_value, chinese_value, decimals_of

RATIO = "比例"

_FRACTION = re.compile(
    r"([零〇一二两三四五六七八九十百千]{1,12}|\d{1,12})分之([零〇一二两三四五六七八九十百千点]{1,12}|\d{1,12}(?:\.\d{1,12})?)"
)
_TENTHS = re.compile(r"([一二两三四五六七八九])成([一二三四五六七八九])(?![个家项年天月人名])")
# Two numbers with a colon are a ratio only where the words before or after say so; else they may be a time.
_RATIO = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s?[:：∶]\s?(\d{1,9}(?:\.\d{1,9})?)(?![\d:：∶])")
_DIGITS = 28


@dataclass(frozen=True)
class Part:
    """Such a number, its place's end, and its unit: % or 比例; ``value`` times ``factor`` is in that unit."""

    end: int
    value: Decimal
    decimals: int
    unit: str
    printed: str
    factor: Decimal = Decimal(1)


def fraction(plain: str, place: int) -> Part | None:
    """三分之一 is a 比例 of 28 digits; 百分之三十, 千分之六 and 八成五 are exact in %."""
    tenths = _TENTHS.match(plain, place)
    if tenths:
        return Part(tenths.end(), Decimal(DIGITS[tenths[1]] * 10 + DIGITS[tenths[2]]), 0, "%", "成")
    match = _FRACTION.match(plain, place)
    if not match:
        return None
    whole, part = _value(match[1]), _value(match[2])
    if not whole or part is None:
        return None
    if whole in (100, 1000):
        return Part(match.end(), part, decimals_of(match[2]), "%", f"{match[1]}分之", Decimal(100) / whole)
    return Part(match.end(), _divided(part, whole), 0, RATIO, "分之")


def ratio(plain: str, place: int) -> Part | None:
    """师生比1:16, 坡度不大于1:12: one number by another, as the words around it say; 1:1.5:3 is no one number."""
    match = _RATIO.match(plain, place)
    if not match or not Decimal(match[2]) or plain[max(0, place - 1) : place] in tuple("0123456789.:：∶"):
        return None
    table = words("ratios")
    head = plain[max(0, place - 8) : place]
    named = re.search(f"(?!{any_of(table['not'])}){any_of(table['before'])}[^，。；、]{{0,4}}$", head)
    if not named and not re.match(any_of(table["after"]), plain[match.end() : match.end() + 4]):
        return None
    return Part(match.end(), _divided(Decimal(match[1]), Decimal(match[2])), 0, RATIO, ":")


def _divided(above: Decimal, below: Decimal) -> Decimal:
    with localcontext() as context:
        context.prec = _DIGITS
        return above / below


def _value(printed: str) -> Decimal | None:
    return arabic_value(printed) if printed[0].isascii() else chinese_value(printed)
