"""Units of measure with exact conversion: every unit is a whole or fractional multiple of its dimension's base."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from pathlib import Path

from mangrove.vocabulary.errors import UnknownWord, VocabularyError
from mangrove.vocabulary.nodes import Mapped, read_file

WORDS = Path(__file__).parent / "words"


@dataclass(frozen=True)
class Unit:
    """``factor`` is how many of the dimension's base units one of these is: 万元 is 1,000,000 fen."""

    zh: str
    en: str
    dimension: str
    factor: Fraction
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Qualifier:
    """A word such as 超 or 约. ``place`` is before the number or after it; ``relation`` is how truth stands to the number."""

    zh: str
    en: str
    place: str
    relation: str


@dataclass(frozen=True)
class Units:
    by_name: Mapping[str, Unit] = field(default_factory=dict)
    qualifiers: Mapping[str, Qualifier] = field(default_factory=dict)

    def unit(self, name: str) -> Unit:
        """The unit of that Chinese name or alias; raises :class:`UnknownWord`."""
        if name not in self.by_name:
            raise UnknownWord("单位", name, self.by_name)
        return self.by_name[name]


def unit(name: str) -> Unit:
    """A unit by its Chinese name or alias, from the package's own word file."""
    return known_units().unit(name)


def convert(value: Fraction | int, source: str, target: str) -> Fraction:
    """``value`` of unit ``source`` expressed in ``target``, exactly. Raises ``ValueError`` across dimensions."""
    a, b = unit(source), unit(target)
    if a.dimension != b.dimension:
        raise ValueError(f"不能把“{source}”换算成“{target}”：前者是{a.dimension}，后者是{b.dimension}。")
    return Fraction(value) * a.factor / b.factor


def to_base(value: Fraction | int, source: str) -> Fraction:
    """In the dimension's base unit: fen for money, 个 for counts."""
    return Fraction(value) * unit(source).factor


def from_base(value: Fraction | int, target: str) -> Fraction:
    return Fraction(value) / unit(target).factor


@cache
def known_units() -> Units:
    return load_units(WORDS / "units.yaml")


def load_units(path: Path) -> Units:
    """Read a unit file; refuses a name given twice, a dimension without a name, a factor that is not positive."""
    top = read_file(path)
    top.only("dimensions", "qualifiers")
    by_name: dict[str, Unit] = {}
    for dimension, units in top.mapping("dimensions").mappings():
        for zh, entry in units.mappings():
            for name, made in named(zh, read_unit(dimension, zh, entry)):
                if name in by_name:
                    raise entry.error(f"单位“{name}”已经声明过。")
                by_name[name] = made
    qualifiers = {zh: read_qualifier(zh, entry) for zh, entry in top.mapping("qualifiers").mappings()}
    return Units(by_name, qualifiers)


def named(zh: str, made: Unit) -> list[tuple[str, Unit]]:
    return [(name, made) for name in (zh, *made.aliases)]


def read_unit(dimension: str, zh: str, entry: Mapped) -> Unit:
    entry.only("factor", "en", "aliases")
    try:
        factor = Fraction(entry.text("factor"))
    except (ValueError, ZeroDivisionError) as error:
        raise entry.error(f"单位“{zh}”的换算系数“{entry.text('factor')}”不是分数。") from error
    if factor <= 0:
        raise entry.error(f"单位“{zh}”的换算系数须大于零。")
    return Unit(zh, entry.text("en"), dimension, factor, tuple(entry.texts("aliases")))


def read_qualifier(zh: str, entry: Mapped) -> Qualifier:
    entry.only("en", "place", "relation")
    place, relation = entry.text("place"), entry.text("relation")
    if place not in {"before", "after_number", "after"}:
        raise entry.error(f"限定词“{zh}”的位置“{place}”不对。")
    if relation not in {"above", "below", "about", "exact"}:
        raise entry.error(f"限定词“{zh}”的含义“{relation}”不对。")
    return Qualifier(zh, entry.text("en"), place, relation)


__all__ = [
    "Qualifier",
    "Unit",
    "Units",
    "VocabularyError",
    "convert",
    "from_base",
    "load_units",
    "to_base",
    "unit",
]
