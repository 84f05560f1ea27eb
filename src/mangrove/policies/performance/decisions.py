"""What follows from what was promised and what was measured. Pure; integers, exact fractions and decimals, no floats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from statistics import median

from mangrove.vocabulary.quantity import format_number

#: Shares are told in per cent with one decimal.
HUNDRED, DECIMALS = 100, 1


@dataclass(frozen=True)
class Bar:
    """From which share of the promise on it is met, and from which on it is partly met."""

    met: Fraction
    partly: Fraction


@dataclass(frozen=True)
class Found:
    """One indicator of one award. ``outcome`` is met, partly or not, empty until confirmed; ``reported``: it was entered."""

    promised: int | None
    measured: int | None
    outcome: str
    reported: bool


@dataclass(frozen=True)
class Tally:
    """How many kept their promise. ``awards`` counts reviews and those not due; the rest count indicators.

    ``kept`` is the share of those confirmed that met it, ``median`` the middle of measured by promised; both in per cent.
    """

    awards: int
    not_due: int
    met: int
    partly: int
    missed: int
    unconfirmed: int
    unreported: int
    kept: Decimal | None
    median: Decimal | None


def share(promised: int | None, measured: int | None) -> Fraction | None:
    """Measured by promised; ``None`` where either is not known, or nothing was promised."""
    if promised is None or measured is None or promised <= 0:
        return None
    return Fraction(measured, promised)


def outcome(promised: int, measured: int, bar: Bar) -> str:
    """Met, partly or not. Who promised nothing has met it unless it became less."""
    part = share(promised, measured)
    if part is None:
        return "met" if measured >= promised else "not"
    return "met" if part >= bar.met else "partly" if part >= bar.partly else "not"


def tally(awards: int, not_due: int, found: Iterable[Found]) -> Tally:
    rows = list(found)
    counts = {name: sum(one.outcome == name for one in rows) for name in ("met", "partly", "not")}
    open_ = [one for one in rows if not one.outcome]
    confirmed = len(rows) - len(open_)
    shares = [part for one in rows if one.outcome and (part := share(one.promised, one.measured)) is not None]
    return Tally(
        awards, not_due, counts["met"], counts["partly"], counts["not"],
        sum(one.reported for one in open_), sum(not one.reported for one in open_),
        percent(Fraction(counts["met"], confirmed)) if confirmed else None, percent(median(shares) if shares else None),
    )  # fmt: skip


def percent(part: Fraction | None) -> Decimal | None:
    """With one decimal, a half away from zero."""
    return None if part is None else Decimal(format_number(part * HUNDRED, DECIMALS))
