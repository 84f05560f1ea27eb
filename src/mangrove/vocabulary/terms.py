"""Official terms in two languages, from ``words/terms.csv``; pages, papers and exports say them alike."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from mangrove.vocabulary.units import WORDS


@dataclass(frozen=True)
class Term:
    """``note`` says what the term means where its English alone does not."""

    zh: str
    en: str
    note: str = ""


@cache
def terms() -> dict[str, Term]:
    """Every term by its Chinese, in the order of the file. Raises ``ValueError`` for one given twice."""
    with (WORDS / "terms.csv").open(encoding="utf-8", newline="") as file:
        rows = [Term(**row) for row in csv.DictReader(file)]
    found = {term.zh: term for term in rows}
    if len(found) != len(rows):
        raise ValueError("terms.csv：有的用语写了两次")
    return found
