"""A draft against what is in force, in money: for each thing before and after; who wins, who loses, by group and in all."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from mangrove.rulebook.engines.columns import Ints, Snapshot, Table, Truths
from mangrove.rulebook.engines.results import Results
from mangrove.rulebook.simulate.groups import Group, Grouping, grouping, joined, refuse_unknown
from mangrove.rulebook.simulate.money import Fen
from mangrove.rulebook.simulate.totals import Totals, lacking, paid_by, paid_kinds, totals

LARGEST = 10
#: What a change is to a thing.
UP, DOWN, SAME, OPEN = range(4)
FATES = 4


@dataclass(frozen=True)
class Moved:
    """Things and fen. ``open``: a paid step lacks a datum for them before or after, so that nobody can say yet."""

    before: int = 0
    after: int = 0
    winners: int = 0
    losers: int = 0
    unchanged: int = 0
    open: int = 0
    gained: int = 0
    lost: int = 0

    def __add__(self, other: Moved) -> Moved:
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Moved(*(a + b for a, b in pairs))


@dataclass(frozen=True)
class ThingMoved:
    entity: str
    key: str
    before: int
    after: int

    @property
    def change(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class Comparison:
    """``largest``: the greatest changes among things that are not open, whichever way, ties by kind and key."""

    before: Totals
    after: Totals
    all: Moved
    kinds: tuple[tuple[str, Moved], ...]
    groups: tuple[tuple[Group, Moved], ...]
    largest: tuple[ThingMoved, ...]


@dataclass(frozen=True)
class Rows:
    """The things of one kind, those before and those after matched by key."""

    entity: str
    keys: npt.NDArray[Any]
    before: Fen
    after: Fen
    open: Truths
    snapshot: Snapshot
    places: Ints

    @cached_property
    def moved(self) -> Fen:
        """After less before; both stay below 2**62, so that their difference fits."""
        wide = {*self.before.big, *self.after.big}
        small = self.after.small - self.before.small
        small[list(wide)] = 0
        return Fen(small, {row: self.after.at(row) - self.before.at(row) for row in wide})

    @cached_property
    def fate(self) -> Ints:
        """Of each thing: whether it gains, loses, stays, or nobody can say yet."""
        found = np.where(self.moved.small > 0, UP, np.where(self.moved.small < 0, DOWN, SAME))
        for row, fen in self.moved.big.items():
            found[row] = UP if fen > 0 else DOWN if fen < 0 else SAME
        found[self.open] = OPEN
        return found

    @cached_property
    def straight(self) -> bool:
        """Whether the things stand as the newer data have them."""
        return bool((self.places == np.arange(len(self.places))).all())


def compare(old: Results, new: Results, by: str = "", largest: int = LARGEST) -> Comparison:
    """Raises :class:`Problem` where nothing can be grouped by ``by``."""
    kinds = list(dict.fromkeys([*paid_kinds(old), *paid_kinds(new)]))
    refuse_unknown(new.snapshot, kinds, by)
    rows = [matched(old, new, kind) for kind in kinds]
    by_kind = [(one.entity, sum((moved for _, moved in by_group(one, "")), Moved())) for one in rows]
    return Comparison(
        totals(old), totals(new),
        sum((moved for _, moved in by_kind), Moved()),
        tuple(by_kind),
        tuple(grouped(rows, by)) if by else (),
        tuple(heapq.nsmallest(largest, (one for kind in rows for one in greatest(kind, largest)), order)),
    )  # fmt: skip


def order(one: ThingMoved) -> tuple[int, str, str]:
    return -abs(one.change), one.entity, one.key


# --- the things of one kind ------------------------------------------------------------------------------------------


def matched(old: Results, new: Results, kind: str) -> Rows:
    """A thing that one side does not have is paid nothing there."""
    tables = old.snapshot.tables[kind], new.snapshot.tables[kind]
    if tables[0] is tables[1]:
        unsure = lacking(old, kind) | lacking(new, kind)
        places = np.arange(len(tables[0]), dtype=np.int64)
        return Rows(
            kind, tables[0].keys, paid_by(old, kind), paid_by(new, kind), unsure, new.snapshot, places
        )
    keys, (left, right) = union(*tables)
    # Groups are told by the newer data, and for things that it no longer has by the older.
    sides = [
        (left, paid_by(old, kind), lacking(old, kind)),
        (right, paid_by(new, kind), lacking(new, kind)),
    ]
    before, after = (placed(places, fen) for places, fen, _ in sides)
    open_ones = [np.append(lacks, False)[places] for places, _, lacks in sides]
    return Rows(kind, keys, before, after, open_ones[0] | open_ones[1], new.snapshot, right)


def union(old: Table, new: Table) -> tuple[npt.NDArray[Any], tuple[Ints, Ints]]:
    """All keys, and the row of each in either table; -1 where it is not there."""
    if old is new or (len(old) == len(new) and bool((old.keys == new.keys).all())):
        rows = np.arange(len(new), dtype=np.int64)
        return new.keys, (rows, rows)
    keys = [str(key) for key in new.keys]
    keys += [str(key) for key in old.keys if str(key) not in new.row_of]
    places = [np.array([table.row_of.get(key, -1) for key in keys], dtype=np.int64) for table in (old, new)]
    return np.array(keys, dtype=object), (places[0], places[1])


def placed(places: Ints, fen: Fen) -> Fen:
    small = np.append(fen.small, 0)[places]
    back = {int(row): place for place, row in enumerate(places)} if fen.big else {}
    return Fen(small, {back[row]: value for row, value in fen.big.items()})


# --- who wins and who loses --------------------------------------------------------------------------------------------


def by_group(rows: Rows, by: str) -> Iterator[tuple[Group, Moved]]:
    yield from moved_by(rows, grouping(rows.snapshot, rows.entity, by))


def moved_by(rows: Rows, groups: Grouping) -> Iterator[tuple[Group, Moved]]:
    """``groups`` are those of the newer data, row by row."""
    codes, kinds = codes_of(rows, groups.codes, groups.groups)
    count = len(kinds)
    # One pass for all: the group and the fate of a row together make its cell.
    cells = codes * FATES + rows.fate
    before = rows.before.by(codes, count)
    things = [int(one) for one in np.bincount(cells, minlength=count * FATES)]
    fen = rows.moved.by(cells, count * FATES)
    for n, group in enumerate(kinds):
        at = n * FATES
        change = sum(fen[at : at + FATES])
        yield group, Moved(
            before[n], before[n] + change, things[at + UP], things[at + DOWN], things[at + SAME], things[at + OPEN],
            fen[at + UP], -fen[at + DOWN],
        )  # fmt: skip


def codes_of(rows: Rows, codes: Ints, groups: tuple[Group, ...]) -> tuple[Ints, tuple[Group, ...]]:
    """The group of each matched thing; those that the newer data do not have are in a group of their own."""
    if rows.straight:
        return codes, groups
    if (rows.places >= 0).all():
        return codes[rows.places], groups
    gone = Group("-gone", "（新数据中没有）", "(not in the newer data)")
    return np.append(codes, len(groups))[rows.places], (*groups, gone)


def grouped(rows: list[Rows], by: str) -> Iterator[tuple[Group, Moved]]:
    yield from summed(pair for kind in rows for pair in by_group(kind, by))


def summed(parts: Iterable[tuple[Group, Moved]]) -> Iterator[tuple[Group, Moved]]:
    """Each group once, over all kinds of things; those without the datum last."""
    found: dict[str, Moved] = {}
    seen = []
    for group, moved in parts:
        found[group.id] = found.get(group.id, Moved()) + moved
        seen.append(group)
    for group in joined(seen):
        yield group, found[group.id]


def greatest(rows: Rows, largest: int) -> Iterator[ThingMoved]:
    """The things of one kind whose amount moved most; those that an int64 does not hold all stand among them."""
    moved = rows.moved
    size = np.where(rows.open, 0, np.abs(moved.small))
    bar = np.partition(size, len(size) - largest)[len(size) - largest] if len(size) > largest else 0
    chosen = {int(row) for row in np.flatnonzero(size > bar)}
    # Very many may have moved by the same amount: only the first of them by key are looked at.
    level = np.flatnonzero((size == bar) & (size > 0))
    chosen |= set(heapq.nsmallest(largest, (int(row) for row in level), key=rows.keys.__getitem__))
    for row in chosen | {row for row in moved.big if moved.big[row] and not rows.open[row]}:
        yield ThingMoved(rows.entity, str(rows.keys[row]), rows.before.at(row), rows.after.at(row))
