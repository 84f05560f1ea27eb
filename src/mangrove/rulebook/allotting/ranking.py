"""Who comes first: values of several fields as ranks, rising or falling, unknown always last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from mangrove.rulebook.population import Stored

K = TypeVar("K")


def ranks(values: Mapping[K, Sequence[Stored]], falling: Sequence[bool]) -> dict[K, tuple[int, ...]]:
    """Each thing's ranks, field by field, to sort by. ``falling[n]``: the greatest of field n comes first.

    Equal values share a rank. An unknown value is behind all known ones, whichever the direction.
    """
    if not values:
        return {}
    columns = list(zip(*values.values(), strict=True))
    places = [places_of(column, down) for column, down in zip(columns, falling, strict=True)]
    return {
        key: tuple(place[sortable(value)] for place, value in zip(places, row, strict=True))
        for key, row in values.items()
    }


def places_of(column: Sequence[Stored], falling: bool) -> dict[tuple[str, Stored], int]:
    known = sorted({sortable(value) for value in column if value is not None}, reverse=falling)
    return {value: place for place, value in enumerate([*known, sortable(None)])}


def sortable(value: Stored) -> tuple[str, Stored]:
    """A field holds one type; should two meet, they still sort one way, and True is not taken for 1."""
    return type(value).__name__, value
