"""Rows of a list told what people call the things they are about: a stretch of rows at a time, never a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any, TypeVar

from mangrove.ledger.refs import Ref
from mangrove.ui import house
from mangrove.ui.components import Link
from mangrove.ui.tables import TablePage

Row = TypeVar("Row")

#: How many rows are named at once; an export of any length keeps no more of them in memory.
STRETCH = 500


def named(user: Any, rows: Iterable[Row], ref_of: Callable[[Row], Ref | None]) -> Iterator[Row]:
    """The rows as they come, each with ``about``: what ``ref_of`` says it is about, as this reader may know it."""
    source = iter(rows)
    while stretch := list(islice(source, STRETCH)):
        refs = [ref_of(row) for row in stretch]
        found = house.names(user, {ref for ref in refs if ref is not None})
        for row, ref in zip(stretch, refs, strict=True):
            row.about = found.get(ref) if ref is not None else None  # type: ignore[attr-defined]
            yield row


def page_named(user: Any, page: TablePage, ref_of: Callable[[Any], Ref | None]) -> TablePage:
    """The page of a table with its rows :func:`named`."""
    return replace(page, objects=list(named(user, page.objects, ref_of)))


def about(row: Any) -> house.Named | None:
    """What :func:`named` found for this row."""
    found: house.Named | None = getattr(row, "about", None)
    return found


def link_to(thing: house.Named | None, short: bool = False) -> Any:
    """The name, leading to the thing where this reader may open it."""
    if thing is None:
        return None
    words = thing.brief if short else thing.words
    return Link(words, thing.href) if thing.href else words
