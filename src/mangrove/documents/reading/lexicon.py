"""The words that reading works by: loaded once from ``words/*.yaml``, checked as they are loaded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "words"

#: Arabic digits or Chinese numerals, as the patterns of the vocabulary mean by {N}; bounded, so that a page of digits
#: costs no more than a page of words.
NUMERAL = r"(?:\d{1,15}|[零〇一二两三四五六七八九十百千]{1,15})"


@cache
def words(name: str) -> Any:
    """The content of ``words/<name>.yaml``."""
    with (FOLDER / f"{name}.yaml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader=yaml.CSafeLoader)  # noqa: S506 - CSafeLoader is the safe loader in C


@dataclass(frozen=True)
class WrittenUnit:
    """One way to write a unit: ``公里`` is 1000 of the canonical ``米``."""

    written: str
    unit: str
    factor: Decimal
    chinese: bool
    pattern: re.Pattern[str]


@cache
def written_units() -> tuple[WrittenUnit, ...]:
    """Every written form of every unit, longest first, so that the longest match is found first."""
    forms = [
        WrittenUnit(written, entry["unit"], Decimal(factor), entry["chinese"], _unit_pattern(written, entry))
        for entry in words("units")["units"]
        for written, factor in entry["written"].items()
    ]
    return tuple(sorted(forms, key=lambda form: (-len(form.written), form.written)))


@cache
def units_by_sign() -> dict[str, tuple[WrittenUnit, ...]]:
    """The written forms by their first sign, longest first."""
    found: dict[str, list[WrittenUnit]] = {}
    for form in written_units():
        found.setdefault(form.written[0], []).append(form)
    return {sign: tuple(forms) for sign, forms in found.items()}


def _unit_pattern(written: str, entry: dict[str, Any]) -> re.Pattern[str]:
    pattern = re.escape(written)
    if written[-1].isascii() and written[-1].isalpha():
        pattern += r"(?![A-Za-z])"
    if entry.get("not_before"):
        pattern += f"(?!{any_of(entry['not_before'])})"
    if entry.get("only_before"):
        pattern += f"(?={any_of(entry['only_before'])})"
    return re.compile(pattern)


def is_unit(printed: str) -> bool:
    """Whether the words are a unit and nothing else: 万元, %, 元/平方米; 市 and 含税 are none."""
    printed = printed.strip()
    above, _, below = printed.replace("／", "/").partition("/")
    bare = [above, *(above.removeprefix(word) for word, _ in scales())]
    known = {form.written for form in written_units()} | {word for word, _ in scales()}
    lower = known | set(words("units")["below_the_line"])
    return any(word in known for word in bare) and (not below or below in lower)


@cache
def scales() -> tuple[tuple[str, Decimal], ...]:
    """``万`` → 10000 and the like, longest first."""
    table = words("units")["scales"]
    return tuple((word, Decimal(table[word])) for word in sorted(table, key=lambda word: (-len(word), word)))


@cache
def not_quantities() -> tuple[re.Pattern[str], ...]:
    """Patterns of what looks like a number and states none."""
    return tuple(re.compile(entry["pattern"].replace("{N}", NUMERAL)) for entry in words("not_quantities"))


@cache
def vague_numbers() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns of words that stand where a number should, and why each proves nothing."""
    return tuple((re.compile(entry["pattern"]), entry["why"]) for entry in words("vague_numbers"))


@cache
def qualifiers(place: str) -> re.Pattern[str]:
    """The qualifiers that stand ``before``, ``inside`` or ``after`` a number, as one pattern, longest first."""
    return re.compile(any_of([entry["word"] for entry in words("qualifiers")[place]]))


@cache
def distant_qualifier() -> re.Pattern[str]:
    """至少安排1处: a qualifier with the act between it and the number, at the end of what stands before the number."""
    table = words("qualifiers")["across_a_verb"]
    return re.compile(f"(?P<word>{any_of(table['words'])}){any_of(table['verbs'])}了?$")


@cache
def qualifier_bars() -> dict[str, frozenset[str]]:
    """Units with which a word is no qualifier: ``突破五项技术``."""
    return {entry["word"]: frozenset(entry.get("not_units", ())) for entry in words("qualifiers")["before"]}


def any_of(choices: list[str]) -> str:
    """A regular expression for any of the words, the longest first."""
    return (
        "(?:"
        + "|".join(re.escape(word) for word in sorted(choices, key=lambda word: (-len(word), word)))
        + ")"
    )
