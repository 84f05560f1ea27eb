"""Not everybody who may apply does: an assumed share by standing and group, exact, and rounded so that the parts add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from mangrove.rulebook.decide import Standing
from mangrove.rulebook.engines.columns import Ints
from mangrove.rulebook.engines.results import Results
from mangrove.rulebook.interpret import round_to
from mangrove.rulebook.measures import Clause
from mangrove.rulebook.problems import START, Place, unknown
from mangrove.rulebook.simulate.groups import Group, grouping, joined, refuse_unknown
from mangrove.rulebook.simulate.money import count_by, paid_of, sums_by
from mangrove.rulebook.simulate.upper import Uppers

ONE = Fraction(1)


@dataclass(frozen=True)
class TakeUp:
    """Shares from 0 to 1: of those that qualify, of those that may yet (a datum is missing), and by group of both.

    ``by`` is the path that makes the groups, whose shares go by id or name and stand in for ``meets``. Raises
    ``ValueError`` for a share below 0 or above 1, and for shares by group without a path.
    """

    meets: Fraction = ONE
    lacks: Fraction = ONE
    by: str = ""
    groups: Mapping[str, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for share in (self.meets, self.lacks, *self.groups.values()):
            if not 0 <= share <= 1:
                raise ValueError(f"参与率 {share} 不在 0 与 1 之间。")
        if self.groups and not self.by:
            raise ValueError("分组的参与率要写明按什么分组。")

    def share(self, group: Group, *, sure: bool = True) -> Fraction:
        """Of those who lack a datum no more come than of their group."""
        own = next(
            (self.groups[name] for name in (group.id, group.zh, group.en) if name in self.groups), self.meets
        )
        return own if sure else min(own, self.lacks)


@dataclass(frozen=True)
class Expected:
    """One group under one standing: how many things and fen could come, the share assumed, how many and how much do."""

    standing: Standing
    group: Group
    things: int
    fen: int
    share: Fraction
    expected_things: int
    expected_fen: int


@dataclass(frozen=True)
class Coming:
    """``fen`` and ``things``: of those that qualify. ``high``: with those that may yet, at their bounds, in fen."""

    assumed: TakeUp
    cells: tuple[Expected, ...]
    unbounded: int

    def sum(self, standing: Standing, name: str) -> int:
        return sum(getattr(one, name) for one in self.cells if one.standing == standing)

    @property
    def fen(self) -> int:
        return self.sum(Standing.MEETS, "expected_fen")

    @property
    def things(self) -> int:
        return self.sum(Standing.MEETS, "expected_things")

    @property
    def high(self) -> int:
        return self.fen + self.sum(Standing.LACKS, "expected_fen")


def apportioned(exact: Sequence[Fraction]) -> list[int]:
    """Whole numbers whose sum is the rounded sum (a half up), each within one of its share: the largest remainders first.

    Ties go to the earlier. The shares are not below 0.
    """
    floors = [int(one) for one in exact]
    left = int(round_to(sum(exact, Fraction(0)), ONE, "half_up")) - sum(floors)
    by_rest = sorted(range(len(exact)), key=lambda n: floors[n] - exact[n])
    for n in by_rest[: max(0, left)]:
        floors[n] += 1
    return floors


def coming(results: Results, assumed: TakeUp, place: Place = START) -> Coming:
    """Claims (a thing under a paid step) that come, and what they cost. Raises :class:`Problem` for an unknown path or group."""
    steps = results.measure.paid()
    refuse_unknown(results.snapshot, [one.entity for one in steps], assumed.by)
    uppers = Uppers(results)
    sure: dict[str, tuple[int, int]] = {}
    unsure: dict[str, tuple[int, int]] = {}
    seen: list[Group] = []
    for clause in steps:
        seen += gather(results, clause, uppers, assumed.by, sure, unsure)
    groups = joined(seen)
    refuse_strangers(assumed, groups, place)
    cells = [
        *cells_of(Standing.MEETS, groups, sure, assumed),
        *cells_of(Standing.LACKS, groups, unsure, assumed),
    ]
    unbounded = sum(int((~uppers.of(one).sure & ~uppers.of(one).bounded).sum()) for one in steps)
    return Coming(assumed, tuple(cells), unbounded)


def refuse_strangers(assumed: TakeUp, groups: Sequence[Group], place: Place) -> None:
    known = {name for group in groups for name in (group.id, group.zh, group.en) if name}
    for name in assumed.groups:
        if name not in known:
            raise unknown(place, ("组", "group"), name, known)


def gather(
    results: Results, clause: Clause, uppers: Uppers, by: str,
    sure: dict[str, tuple[int, int]], unsure: dict[str, tuple[int, int]],
) -> Sequence[Group]:  # fmt: skip
    """Add the claims under one step to the groups."""
    found = grouping(results.snapshot, clause.entity, by)
    count, upper, paid = len(found.groups), uppers.of(clause), paid_of(results.clauses[clause.id])
    more: Ints = np.where(~upper.sure & upper.bounded, upper.fen - paid.small, 0)
    things = count_by(paid.positive(), found.codes, count), count_by(~upper.sure, found.codes, count)
    fen = paid.by(found.codes, count), sums_by(more, found.codes, count)
    for heap, people, money in zip((sure, unsure), things, fen, strict=True):
        for group, number, amount in zip(found.groups, people, money, strict=True):
            before = heap.get(group.id, (0, 0))
            heap[group.id] = (before[0] + number, before[1] + amount)
    return found.groups


def cells_of(
    standing: Standing, groups: Sequence[Group], heap: Mapping[str, tuple[int, int]], assumed: TakeUp
) -> Iterator[Expected]:
    shares = [assumed.share(one, sure=standing == Standing.MEETS) for one in groups]
    totals = [heap[one.id] for one in groups]
    things = apportioned([share * number for share, (number, _fen) in zip(shares, totals, strict=True)])
    money = apportioned([share * fen for share, (_number, fen) in zip(shares, totals, strict=True)])
    for n, group in enumerate(groups):
        yield Expected(standing, group, *totals[n], shares[n], things[n], money[n])
