"""Numbers as letters print them: Arabic with separators, full width, and Chinese numerals."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext

DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
PLACES = {"十": 10, "百": 100, "千": 1000}
MYRIADS = {"万": 10**4, "亿": 10**8}

#: No letter writes a longer numeral; what is longer is refused, not worked out.
LONGEST = 30

ARABIC = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)?")
CHINESE = re.compile(
    r"[零〇一二两三四五六七八九十百千](?:[零〇一二两三四五六七八九十百千万亿]*)(?:点[零〇一二三四五六七八九]+)?"
)

_HALF_WIDTH = {0xFF10 + digit: str(digit) for digit in range(10)} | {ord("．"): ".", ord("％"): "%"}
_WIDE_COMMA = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")


def half_width(text: str) -> str:
    """The text with full-width digits made half-width, of the same length, so that offsets stay true.

    A full-width comma is a thousands separator only between full-width digits, three after it.
    """
    return _WIDE_COMMA.sub(",", text).translate(_HALF_WIDTH)


def arabic_value(printed: str) -> Decimal:
    """``1,234.50`` → 1234.50. Expects what ``ARABIC`` matched."""
    return Decimal(printed.replace(",", ""))


def in_canonical_unit(value: Decimal, factor: Decimal) -> Decimal:
    """The value times the factor of its unit, exact and without idle decimals."""
    with localcontext() as context:
        context.prec = 60
        exact = value * factor
        return Decimal(int(exact)) if exact == exact.to_integral_value() else exact.normalize()


def decimals_of(printed: str) -> int:
    """How many decimals are printed: ``4.80`` → 2, ``四点八`` → 1."""
    _, _, fraction = printed.replace("点", ".").partition(".")
    return len(fraction)


def chinese_value(printed: str) -> Decimal | None:
    """``三十八`` → 38, ``二〇二一`` → 2021, ``四点八`` → 4.8; None when it is no well-formed numeral (七八, 十百)."""
    if len(printed) > LONGEST:
        return None
    whole, _, fraction = printed.partition("点")
    number = _chinese_whole(whole)
    if number is None or not fraction:
        return number
    return number + Decimal("0." + "".join(str(DIGITS[digit]) for digit in fraction))


def _chinese_whole(printed: str) -> Decimal | None:
    for sign, size in (("亿", MYRIADS["亿"]), ("万", MYRIADS["万"])):
        if sign in printed:
            head, _, tail = printed.rpartition(sign)
            high, low = _chinese_whole(head), _chinese_whole(tail) if tail else Decimal(0)
            return None if high is None or low is None or low >= size else high * size + low
    return _below_myriad(printed)


def _below_myriad(printed: str) -> Decimal | None:
    if re.fullmatch(r"[零〇一二三四五六七八九]{3,}", printed):
        return Decimal("".join(str(DIGITS[sign]) for sign in printed))
    match = re.fullmatch(
        r"(?:([一二两三四五六七八九])?千)?[零〇]?(?:([一二两三四五六七八九])?百)?[零〇]?(?:([一二三四五六七八九])?十)?[零〇]?([一二两三四五六七八九])?",
        printed,
    )
    if not match or not printed.strip("零〇"):
        return None
    total = DIGITS[match[4]] if match[4] else 0
    for group, place in ((1, "千"), (2, "百"), (3, "十")):
        if place in printed:
            total += (DIGITS[match[group]] if match[group] else 1) * PLACES[place]
    return Decimal(total)
