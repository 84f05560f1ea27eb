"""What the search box finds in all rooms, for one reader: by kind, counted and drawn from readable things alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from mangrove.ui import house
from mangrove.ui.searching import Hit, Search, is_held, marked

FIRST = 5
"""How many of a kind stand on the page of all kinds."""


@dataclass(frozen=True)
class Line:
    """A thing that was found as the page shows it, what matched marked."""

    title: SafeString
    href: str
    details: Sequence[tuple[Any, SafeString]]
    synthetic: bool


@dataclass(frozen=True)
class Found:
    """What was found of one kind. ``key`` is ``room.kind``; ``total`` counts readable things only."""

    key: str
    label: Any
    total: int
    lines: Sequence[Line]

    @property
    def more(self) -> bool:
        return self.total > len(self.lines)


def kinds() -> dict[str, Search]:
    """The kinds that rooms registered, in the order in which the rooms were opened, by ``room.kind``."""
    return {f"{room.id}.{one.kind}": one for room in house.rooms() for one in room.search}


def found(user: Any, words: Sequence[str]) -> list[Found]:
    """Of each kind how many there are and the first of them; kinds without any are left out."""
    every = [found_of(user, key, one, words) for key, one in kinds().items()] if words else []
    return [one for one in every if one.total]


def found_of(user: Any, key: str, search: Search, words: Sequence[str]) -> Found:
    rows = search.found(user, words)
    first = list(related(search, rows)[: FIRST + 1])
    total = rows.count() if len(first) > FIRST else len(first)
    return Found(key, search.label, total, lines(user, search, first[:FIRST], words))


def related(search: Search, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related(*search.related) if search.related else rows


def lines(user: Any, search: Search, rows: Sequence[Any], words: Sequence[str]) -> list[Line]:
    return [line(hit, words) for hit in search.hits(user, rows)]


def line(hit: Hit, words: Sequence[str]) -> Line:
    """A name whole; of the details those with something in them, those that matched first in their own order."""
    said = [(label, text) for label, text in hit.details if text]
    matching = [pair for pair in said if any(is_held(pair[1], word) for word in words)]
    shown = matching or said[:1]
    return Line(
        marked(hit.title, words, whole=True),
        hit.href,
        [(label, marked(text, words)) for label, text in shown],
        hit.synthetic,
    )
