"""Sums and ranks over what was decided and paid. Pure; fen and whole days, no floats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

#: In place of a scheme: awards out of the year's pots that no plan decided. Their money is the pots' like any other.
OUTSIDE = "-outside-"
#: In place of a scheme: all of them together.
WHOLE = ""


@dataclass(frozen=True)
class Granted:
    """One award: of which scheme, to whom, in fen; ``paid_on`` the day of its first payment, ``None`` while nothing is paid.

    ``applied_on`` is ``None`` outside a plan, where nothing was applied for here. ``recovered`` came back of what was paid. ``promised``, ``measured``, ``met`` count its indicators.
    """

    scheme: str
    recipient: str
    decided: int
    paid: int
    applied_on: date | None
    paid_on: date | None
    recovered: int = 0
    promised: int = 0
    measured: int = 0
    met: int = 0

    @property
    def days(self) -> int | None:
        """From the application to the first money."""
        return (self.paid_on - self.applied_on).days if self.paid_on and self.applied_on else None


@dataclass(frozen=True)
class Line:
    """The awards of one scheme, or of all. Days are of those that were paid; ``None`` where none was."""

    scheme: str
    awards: int
    decided: int
    paid: int
    beneficiaries: int
    median: int | None
    ninetieth: int | None
    recovered: int
    promised: int = 0
    measured: int = 0
    met: int = 0


@dataclass(frozen=True)
class Year:
    budget: int
    all: Line
    lines: tuple[Line, ...]

    @property
    def unspent(self) -> Fraction | None:
        """The share of the budget that was not paid; ``None`` without a budget. What came back later was paid all the same."""
        return Fraction(self.budget - self.all.paid, self.budget) if self.budget else None


def year_of(budget: int, granted: Iterable[Granted]) -> Year:
    rows = list(granted)
    names = sorted({one.scheme for one in rows})
    lines = [line(name, [one for one in rows if one.scheme == name]) for name in names]
    placed = sorted(lines, key=lambda one: (one.scheme == OUTSIDE, -one.decided, one.scheme))
    return Year(budget, line(WHOLE, rows), tuple(placed))


def line(scheme: str, rows: Sequence[Granted]) -> Line:
    days = sorted(one.days for one in rows if one.days is not None)
    return Line(
        scheme, len(rows), sum(one.decided for one in rows), sum(one.paid for one in rows),
        len({one.recipient for one in rows if one.paid}), ranked(days, 50), ranked(days, 90), sum(one.recovered for one in rows),
        sum(one.promised for one in rows), sum(one.measured for one in rows), sum(one.met for one in rows),
    )  # fmt: skip


def ranked(ordered: Sequence[int], percent: int) -> int | None:
    """The nearest rank: the least value that at least so many per cent do not exceed."""
    if not ordered:
        return None
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(rank, 1) - 1]
