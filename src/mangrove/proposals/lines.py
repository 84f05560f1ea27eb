"""The eight lines of work that a city runs, and which promise of a mapped letter belongs to which."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings


@dataclass(frozen=True)
class MapRow:
    """One row of the letter map: a numbered fact, claim, commitment or record of the founding letter."""

    id: str
    section: str
    kind: str
    content: str
    value: str
    unit: str
    qualifier: str
    as_of: str
    room: str


@cache
def letter_map() -> tuple[MapRow, ...]:
    """Every row of the city's ``letter_map.csv``, in its order."""
    path = Path(settings.MANGROVE_CITY) / "letter_map.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            MapRow(
                row["id"], row["section"], row["kind"], row["content_zh"], row["value"], row["unit"],
                row["qualifier"], row["as_of"], row["room"],
            )
            for row in csv.DictReader(file)
        )  # fmt: skip


def mapped_number() -> str:
    """The number of the proposal that the map's letter answers."""
    return next(row.value for row in letter_map() if row.id == "L01")


def line_of(promise: str) -> str:
    """The line of work (a room id) that a promise number of the mapped letter belongs to; empty when unmapped."""
    return next((row.room for row in letter_map() if row.id == promise), "")
