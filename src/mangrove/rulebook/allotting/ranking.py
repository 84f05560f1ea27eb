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
    columns = [places_of(*one) for one in zip(zip(*values.values(), strict=True), falling, strict=True)]
    return dict(zip(values, zip(*columns, strict=True) if columns else ((),) * len(values), strict=True))


def places_of(column: Sequence[Stored], falling: bool) -> list[int]:
    """The place of each value of a column among its values."""
    told = list(column) if len({*map(type, column)} - {type(None)}) < 2 else [*map(sortable, column)]
    unknown = (None, sortable(None))
    known = sorted({one for one in told if one not in unknown}, reverse=falling)
    places: dict[object, int] = {value: place for place, value in enumerate(known)}
    return [places.get(one, len(known)) for one in told]


def sortable(value: Stored) -> tuple[str, Stored]:
    """A field holds one type; should two meet, they still sort one way, and True is not taken for 1."""
    return type(value).__name__, value
