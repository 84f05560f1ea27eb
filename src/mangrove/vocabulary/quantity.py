"""Numbers with a unit, as official prose writes them: 超4.8万个, 5349.18亿元, 59.8%."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from mangrove.vocabulary.errors import UnknownWord
from mangrove.vocabulary.units import Qualifier, convert, known_units, unit

CHINESE_NUMBER = re.compile("[零〇一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾]")
NUMBER = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Quantity:
    """A printed number: its exact value in ``unit``, how many decimals were printed, and the qualifier before or after."""

    value: Fraction
    unit: str
    decimals: int
    qualifier: str = ""

    def to(self, target: str) -> Fraction:
        """The value in another unit of the same dimension, exactly."""
        return convert(self.value, self.unit, target)

    def __str__(self) -> str:
        return format_quantity(self.value, self.unit, self.decimals, self.qualifier)


def format_quantity(
    value: Fraction | Decimal | int, unit_name: str, decimals: int = 0, qualifier: str = "", group: str = ""
) -> str:
    """``value`` (already in ``unit_name``) rounded half away from zero and printed with its qualifier.

    ``group`` separates thousands. Raises :class:`UnknownWord` for an unknown unit or qualifier.
    """
    if unit_name:
        unit(unit_name)
    number = format_number(value, decimals, group)
    place = qualifier_named(qualifier).place if qualifier else "before"
    if place == "after_number":
        return f"{number}{qualifier}{unit_name}"
    return f"{number}{unit_name}{qualifier}" if place == "after" else f"{qualifier}{number}{unit_name}"


def qualifier_named(word: str) -> Qualifier:
    known = known_units().qualifiers
    if word not in known:
        raise UnknownWord("限定词", word, known)
    return known[word]


def format_number(value: Fraction | Decimal | int, decimals: int = 0, group: str = "") -> str:
    """Digits of ``value`` rounded half away from zero to ``decimals``."""
    scaled = round_half_away(Fraction(value) * 10**decimals)
    whole, rest = divmod(abs(scaled), 10**decimals)
    digits = f"{whole:,}".replace(",", group)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{digits}.{rest:0{decimals}d}" if decimals else f"{sign}{digits}"


def round_half_away(value: Fraction) -> int:
    """The nearest integer; a half goes away from zero, as official statistics round."""
    magnitude = int(abs(value) + Fraction(1, 2))
    return magnitude if value >= 0 else -magnitude


def parse_number(text: str) -> Fraction:
    """A plain number, thousands commas and full-width digits allowed. Raises ``ValueError`` in Chinese."""
    narrow = unicodedata.normalize("NFKC", text).strip()
    if not NUMBER.fullmatch(narrow):
        raise ValueError(f"“{text}”不是数。")
    return Fraction(narrow.replace(",", ""))


def parse_quantity(text: str) -> Quantity:
    """Read a number, its unit and its qualifier. Raises ``ValueError``; an unknown unit is named with the nearest."""
    narrow = unicodedata.normalize("NFKC", text).strip()
    found = NUMBER.search(narrow)
    if found is None:
        if CHINESE_NUMBER.search(narrow):
            raise ValueError(f"“{text}”是中文数字，请用阿拉伯数字，如 300万元。")
        raise ValueError(f"“{text}”中没有数。")
    before, after = take_qualifier(narrow[: found.start()].strip(), narrow[found.end() :].strip())
    qualifier, name = before or after[0], after[1]
    if before and after[0]:
        raise ValueError(f"“{text}”有两个限定词：“{before}”与“{after[0]}”。")
    if name:
        unit(name)
    printed = found.group()
    decimals = len(printed.partition(".")[2])
    return Quantity(parse_number(printed), name, decimals, qualifier)


def take_qualifier(before: str, after: str) -> tuple[str, tuple[str, str]]:
    """Split what stands around a number into the qualifier before, and (qualifier after, unit)."""
    if before and before not in known_units().qualifiers:
        raise ValueError(f"数字前的“{before}”不是限定词。")
    for word in ordered_qualifiers():
        if word.place == "after_number" and after.startswith(word.zh):
            return before, (word.zh, after[len(word.zh) :])
        if word.place == "after" and after.endswith(word.zh):
            return before, (word.zh, after[: -len(word.zh)])
    return before, ("", after)


def ordered_qualifiers() -> list[Qualifier]:
    """Longest first, so that a longer word is not taken for the shorter one that begins it."""
    return sorted(known_units().qualifiers.values(), key=lambda word: (-len(word.zh), word.zh))
