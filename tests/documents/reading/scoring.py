"""A letter's gold beside its reading: what was found, what was missed, what was invented.

Only standard library, YAML and the engine, so that ``bench/reading.py`` can print the same table as the tests.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from mangrove.documents.reading.letter import LetterReading
from mangrove.documents.reading.quantities import Quantity

HERE = Path(__file__).parent
CITY = HERE.parents[2] / "cities" / "shenzhen"
OTHERS = ("parks", "schools", "water", "buses", "hospitals", "ports", "chengdu", "lanzhou", "xiamen")


@dataclass(frozen=True)
class Score:
    """How many of the gold were found, and how many findings are not in the gold."""

    missed: tuple[Any, ...]
    invented: tuple[Any, ...]
    right: int

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missed)) if self.right or self.missed else 1.0

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.invented)) if self.right or self.invented else 1.0


def gold(name: str) -> dict[str, Any]:
    """The annotation of one letter."""
    loaded: dict[str, Any] = yaml.safe_load((HERE / "gold" / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


def letter_source(name: str) -> str:
    """The words of one of our letters; rows of tables begin with |."""
    return (HERE / "letters" / gold(name)["source"]).read_text(encoding="utf-8")


def founding_letter() -> Path:
    return CITY / "founding_letter.txt"


def rows_of(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def city_names() -> dict[str, str]:
    """What the sample city's registry calls organisations, from its own files; a name of two owners is left out."""
    owners: dict[str, set[str]] = {}
    for file, column in (("organisations.csv", "id"), ("organisation_names.csv", "organisation")):
        for row in rows_of(CITY / file):
            for name in {row.get("name"), row.get("short_name"), row.get("text")} - {None, ""}:
                owners.setdefault(str(name), set()).add(row[column])
    return {name: min(ids) for name, ids in owners.items() if len(ids) == 1 and len(name) > 1}


def compared(expected: Iterable[Hashable], found: Iterable[Hashable]) -> Score:
    """Two multisets: what both hold, what only one holds."""
    wanted, got = Counter(expected), Counter(found)
    right = sum((wanted & got).values())
    return Score(tuple((wanted - got).elements()), tuple((got - wanted).elements()), right)


def number(entry: list[str]) -> tuple[str, Fraction, str, str]:
    """What of a number must be right: its words, its value, its unit, its qualifier."""
    text, value, unit, qualifier, _ = entry
    return text, _rounded(Fraction(value)), unit, qualifier


def number_found(quantity: Quantity) -> tuple[str, Fraction, str, str]:
    return quantity.text, _rounded(Fraction(quantity.value)), quantity.unit, quantity.qualifier


def _rounded(value: Fraction) -> Fraction:
    """A third is never printed in full: twelve digits are enough to tell it from anything else."""
    return Fraction(round(value * 10**12), 10**12)


def dated(entry: list[str]) -> tuple[Hashable, ...]:
    """A number with the date at which it holds."""
    return (*number(entry), entry[4])


def dated_found(quantity: Quantity) -> tuple[Hashable, ...]:
    return (*number_found(quantity), quantity.as_of)


def scores(name: str, reading: LetterReading) -> dict[str, Score]:
    """One score for each kind of thing; ``numbers with date`` asks for the date as well."""
    wanted = gold(name)
    if "rows" in wanted:
        wanted = _flat(wanted)
    printed = [wanted["letterhead"]] if "letterhead" in wanted and reading.source.kind == "pdf" else []
    return {
        "numbers": compared(map(number, wanted["numbers"]), map(number_found, reading.quantities)),
        "numbers with date": compared(map(dated, wanted["numbers"]), map(dated_found, reading.quantities)),
        "organisations": compared(wanted["organisations"] + printed, (m.text for m in reading.organisations)),
        "commitments": compared(wanted["commitments"], (c.text for c in reading.commitments)),
    }


def _flat(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The gold of the founding letter without its rows; counts of lists and records are asked of the rows only."""
    rows = wanted["rows"].values()
    return {
        "numbers": [entry for row in rows for entry in row.get("numbers", ())],
        "organisations": [name for row in rows for name in row.get("organisations", ())]
        + wanted["other_organisations"],
        "commitments": [row["commitment"] for row in rows if "commitment" in row],
    }


def rows_missed(reading: LetterReading) -> dict[str, list[str]]:
    """Of each kind, the rows of letter_map.csv of which anything was not found."""
    missed: dict[str, list[str]] = {"numbers": [], "organisations": [], "commitments": []}
    for row_id, row in gold("founding")["rows"].items():
        for kind, found in _row(row, reading).items():
            missed[kind] += [] if found else [row_id]
    return missed


def rows_stating(kind: str) -> list[str]:
    """The rows of the map that state something of this kind."""
    keys = {
        "numbers": {"numbers", "counts", "dates", "record"},
        "organisations": {"organisations"},
        "commitments": {"commitment"},
    }[kind]
    return [row_id for row_id, row in gold("founding")["rows"].items() if keys & row.keys()]


def _row(row: Mapping[str, Any], reading: LetterReading) -> dict[str, bool]:
    """Whether each kind of thing that a row states was found, kinds that it does not state left out."""
    named = {mention.text for mention in reading.organisations}
    found: dict[str, bool] = {}
    if row.keys() & {"numbers", "counts", "dates", "record"}:
        found["numbers"] = _numbers_of(row, reading)
    if "organisations" in row:
        found["organisations"] = set(row["organisations"]) <= named
    if "commitment" in row:
        found["commitments"] = row["commitment"] in {item.text for item in reading.commitments}
    return found


def _numbers_of(row: Mapping[str, Any], reading: LetterReading) -> bool:
    numbers = {dated_found(quantity) for quantity in reading.quantities}
    lists = {(listed.count, listed.total, listed.items[0]) for listed in reading.enumerations}
    return (
        {dated(entry) for entry in row.get("numbers", ())} <= numbers
        and {tuple(entry) for entry in row.get("counts", ())} <= lists
        and set(row.get("dates", ())) <= {mention.iso for mention in reading.dates}
        and elements_wrong(row.get("record", {}), reading) == {}
    )


def elements_wrong(wanted: Mapping[str, str], reading: LetterReading) -> dict[str, Any]:
    """The parts of the letter that were not read as the gold has them: what was read instead."""
    read = {kind: getattr(reading.elements, kind) for kind in wanted}
    values = {kind: part.value if part else None for kind, part in read.items()}
    return {kind: values[kind] for kind in wanted if values[kind] != wanted[kind]}


def table(found: Mapping[str, Mapping[str, Score]]) -> str:
    """The scores of several letters as lines of text."""
    lines = [f"{'letter':<22}{'kind':<20}{'gold':>6}{'found':>7}{'recall':>8}{'precision':>11}"]
    for name, kinds in found.items():
        for kind, score in kinds.items():
            gold_count, found_count = score.right + len(score.missed), score.right + len(score.invented)
            lines.append(
                f"{name:<22}{kind:<20}{gold_count:>6}{found_count:>7}{score.recall:>8.3f}{score.precision:>11.3f}"
            )
    return "\n".join(lines)
