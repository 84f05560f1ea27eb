"""A pot of money and the claims on it: who is paid how much when there is too little. Exact in fen, the same every time.

Priority classes are served in full in their order, until one asks for more than is left. That one is cut, pro rata or
first come first served, and those behind it get nothing. What could not be given out is told as the remainder.

A claim whose amount is not known is paid nothing; its upper bound takes part like a claim, and what falls to it is held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import Literal, TypeAlias

from mangrove.rulebook.allotting.shares import largest_remainder

Cut = Literal["none", "pro_rata", "in_order"]
Key: TypeAlias = str | tuple[str, ...]

#: How often a class is shared out anew because roundings left an award below the minimum; past it those get nothing.
ROUNDS = 100


@dataclass(frozen=True)
class Claim:
    """What one asks of a pot, in fen; ``None`` is not known, and then ``reserve`` the most that it can be.

    ``priority`` is the class, 0 first. ``order`` (see :func:`ranking.ranks`) settles who comes first in a class, and
    ties; behind it the key. ``least`` stands in for the pot's minimum award.
    """

    key: Key
    fen: int | None
    priority: int = 0
    order: tuple[int, ...] = ()
    reserve: int | None = None
    least: int | None = None

    @property
    def asks(self) -> int:
        """What takes part in the sharing out, in fen."""
        return (self.reserve or 0) if self.fen is None else self.fen


@dataclass(frozen=True)
class Pot:
    """``fen`` to give out. ``cut``: what happens when it is too little.

    ``none`` pays all the same and tells what is short. ``pro_rata`` cuts one class evenly, in whole ``step``s of fen.
    ``in_order`` pays the first in full; the first that does not fit gets the rest (in whole steps) if ``partial``, and
    nobody behind it anything, however little he asks. An award below ``minimum`` is not paid. Raises ``ValueError``.
    """

    id: str
    fen: int
    cut: Cut = "pro_rata"
    step: int = 1
    minimum: int = 0
    partial: bool = True
    rounds: int = ROUNDS

    def __post_init__(self) -> None:
        if self.fen < 0 or self.minimum < 0 or self.step < 1 or self.rounds < 1:
            raise ValueError(f"资金池“{self.id}”的金额、下限不能小于零，取整单位和轮数须大于零。")

    def least(self, claim: Claim) -> int:
        return self.minimum if claim.least is None else claim.least


@dataclass(frozen=True)
class Allocation:
    """What a pot gives, in fen by key: awards + reserved + remainder = the pot (+ ``short``, which only ``none`` has).

    ``removed``: asked and not awarded, of known claims. ``factor`` is the exact rate of the class ``cut_class`` where
    it was cut pro rata; rounding moves an award by less than a step from it. ``below`` fell under the minimum award.
    ``unknown`` have neither an amount nor a bound. ``settled``: sharing out anew ended within the rounds.
    """

    pot: str
    awards: dict[Key, int]
    reserved: dict[Key, int]
    removed: dict[Key, int]
    remainder: int
    short: int = 0
    factor: Fraction = Fraction(1)
    cut_class: int | None = None
    below: tuple[Key, ...] = ()
    unknown: tuple[Key, ...] = ()
    settled: bool = True


@dataclass(frozen=True)
class Served:
    """One class after its turn; who is not in ``given`` gets nothing. ``cut``: it asked for more than there was."""

    given: dict[Key, int]
    below: tuple[Key, ...] = ()
    cut: bool = False
    factor: Fraction = Fraction(1)
    settled: bool = True


def allocate(pot: Pot, claims: Iterable[Claim]) -> Allocation:
    """Share out one pot. Raises ``ValueError`` for a key given twice and for an amount below zero."""
    by_rank = sorted(refused_none(claims), key=lambda one: (one.priority, one.order, one.key))
    turns: list[tuple[int, Served]] = []
    left = pot.fen
    for priority, members in groupby((one for one in by_rank if one.asks), lambda one: one.priority):
        served = SERVE[pot.cut](pot, max(left, 0), list(members))
        turns.append((priority, served))
        left -= sum(served.given.values())
        # Money that was left over from rounding does not pass a class that had to do with less.
        if served.cut:
            break
    return summed_up(pot, by_rank, turns, left)


def summed_up(
    pot: Pot, claims: Sequence[Claim], turns: Sequence[tuple[int, Served]], left: int
) -> Allocation:
    given = {key: fen for _, served in turns for key, fen in served.given.items()}
    ran_out = next(((priority, served) for priority, served in turns if served.cut), None)
    known = [one for one in claims if one.fen is not None]
    return Allocation(
        pot=pot.id,
        awards={one.key: given.get(one.key, 0) for one in known},
        reserved={
            one.key: given.get(one.key, 0) for one in claims if one.fen is None and one.reserve is not None
        },
        removed={one.key: one.asks - given.get(one.key, 0) for one in known},
        remainder=max(left, 0),
        short=max(-left, 0),
        factor=ran_out[1].factor if ran_out else Fraction(1),
        cut_class=ran_out[0] if ran_out else None,
        below=tuple(key for _, served in turns for key in served.below),
        unknown=tuple(one.key for one in claims if one.fen is None and one.reserve is None),
        settled=all(served.settled for _, served in turns),
    )


def refused_none(claims: Iterable[Claim]) -> list[Claim]:
    """The claims, if they can be: each key once, nothing below zero."""
    given = list(claims)
    twice = [key for key, times in Counter(one.key for one in given).items() if times > 1]
    if twice:
        raise ValueError(f"“{twice[0]}”在同一资金池里出现了两次。")
    wrong = [one.key for one in given if min(one.fen or 0, one.reserve or 0, one.least or 0) < 0]
    if wrong:
        raise ValueError(f"“{wrong[0]}”的金额小于零。")
    return given


# --- one class ---------------------------------------------------------------------------------------------------


def uncut(pot: Pot, money: int, claims: Sequence[Claim]) -> Served:
    given = {one.key: one.asks for one in claims if one.asks >= pot.least(one)}
    return Served(given, tuple(one.key for one in claims if one.key not in given))


def in_order(pot: Pot, money: int, claims: Sequence[Claim]) -> Served:
    given, below = dict[Key, int](), list[Key]()
    for one in claims:
        fits = one.asks <= money
        fen = one.asks if fits else money // pot.step * pot.step if pot.partial else 0
        if 0 < fen < pot.least(one):
            below.append(one.key)
            fen = 0
        given[one.key] = fen
        money -= fen
        # Who comes later does not overtake by asking for less.
        if not fits:
            return Served(given, tuple(below), cut=True)
    return Served(given, tuple(below))


def pro_rata(pot: Pot, money: int, claims: Sequence[Claim]) -> Served:
    live, below, settled = settle(pot, money, claims)
    given = shared(pot, money, live)
    if not settled:
        low = [one.key for one in too_low(pot, live, given)]
        below, given = [*below, *low], given | dict.fromkeys(low, 0)
    rest = total(live)
    factor = Fraction(money, rest) if rest > money else Fraction(1)
    return Served(given, tuple(below), rest > money, factor, settled)


def settle(pot: Pot, money: int, claims: Sequence[Claim]) -> tuple[list[Claim], list[Key], bool]:
    """Who stays in, who went out below the minimum award, and whether that came to rest within the rounds.

    They go out one by one, the smallest claim first, of equals the last in order. What each frees may lift the next, and
    in the end nobody who went out would have reached the minimum beside those who stay (roundings apart). Taking all
    out at once would leave four who ask 100 each of a pot of 100 with nothing, were 30 the least; here three get 33.
    """
    live, below = list(claims), list[Key]()
    for _ in range(pot.rounds):
        live, out = hopeless_out(pot, money, live)
        below += out
        low = too_low(pot, live, shared(pot, money, live))
        if not low:
            return live, below, True
        below.append(low[0].key)
        live.remove(low[0])
    return live, below, not too_low(pot, live, shared(pot, money, live))


def hopeless_out(pot: Pot, money: int, claims: Sequence[Claim]) -> tuple[list[Claim], list[Key]]:
    """One by one, whom no rounding could lift to the minimum; one pass does, as the rate only rises meanwhile."""
    asked, out = total(claims), list[Key]()
    for one in smallest_first(claims):
        most = one.asks
        if asked > money:
            most = min(most // pot.step, most * (money // pot.step) // asked + 1) * pot.step
        if most < pot.least(one):
            out.append(one.key)
            asked -= one.asks
    gone = set(out)
    return [one for one in claims if one.key not in gone], out


def shared(pot: Pot, money: int, claims: Sequence[Claim]) -> dict[Key, int]:
    """In full if there is enough, else pro rata in whole steps; nobody gets more than he asks."""
    asks = [one.asks for one in claims]
    if sum(asks) <= money:
        return {one.key: one.asks for one in claims}
    room = [fen // pot.step for fen in asks]
    parts = largest_remainder(money // pot.step, asks, room)
    return {one.key: part * pot.step for one, part in zip(claims, parts, strict=True)}


def too_low(pot: Pot, claims: Sequence[Claim], given: Mapping[Key, int]) -> list[Claim]:
    """In the order in which they go out. Who gets nothing frees nothing and may as well stay."""
    return [one for one in smallest_first(claims) if 0 < given[one.key] < pot.least(one)]


def smallest_first(claims: Sequence[Claim]) -> list[Claim]:
    """Of equals the last in order first; ``claims`` are in order."""
    behind = list(reversed(claims))
    return sorted(behind, key=lambda one: one.asks)


def total(claims: Iterable[Claim]) -> int:
    return sum(one.asks for one in claims)


SERVE: dict[Cut, Callable[[Pot, int, Sequence[Claim]], Served]] = {
    "none": uncut,
    "pro_rata": pro_rata,
    "in_order": in_order,
}


# --- several pots ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """Several pots after each other. ``awards``, ``reserved`` and ``removed`` are over all pots, in fen by key."""

    pots: tuple[Allocation, ...]
    awards: dict[Key, int]
    reserved: dict[Key, int]
    removed: dict[Key, int]


def draw_down(pots: Iterable[tuple[Pot, Sequence[Claim]]]) -> Drawn:
    """The pots in their order, each with the claims on it; a claim on several asks the next for what is still unpaid.

    The minimum award counts all that a claim has got, so that a later pot may add a little to much. Class and order are
    those it has in that pot; amount and bound must be the same in all. Raises ``ValueError``.
    """
    first: dict[Key, Claim] = {}
    got: Counter[Key] = Counter()
    done: list[Allocation] = []
    for pot, claims in pots:
        for one in claims:
            refuse_changed(one, first.setdefault(one.key, one))
        found = allocate(pot, [unpaid(pot, one, got.get(one.key, 0)) for one in claims if is_open(one, got)])
        got.update(found.awards)
        got.update(found.reserved)
        done.append(found)
    known = {key: one for key, one in sorted(first.items()) if one.fen is not None}
    return Drawn(
        pots=tuple(done),
        awards={key: got[key] for key in known},
        reserved={
            key: got[key] for key, one in sorted(first.items()) if one.fen is None and one.reserve is not None
        },
        removed={key: one.asks - got[key] for key, one in known.items()},
    )


def is_open(claim: Claim, got: Mapping[Key, int]) -> bool:
    """Not yet paid in full; a claim of nothing is shown in each pot."""
    return not claim.asks or got.get(claim.key, 0) < claim.asks


def unpaid(pot: Pot, claim: Claim, got: int) -> Claim:
    if not got:
        return claim
    least = max(0, pot.least(claim) - got)
    if claim.fen is None:
        return replace(claim, reserve=None if claim.reserve is None else claim.reserve - got, least=least)
    return replace(claim, fen=claim.fen - got, least=least)


def refuse_changed(claim: Claim, first: Claim) -> None:
    if (claim.fen, claim.reserve) != (first.fen, first.reserve):
        raise ValueError(f"“{claim.key}”在两个资金池里的金额不一样。")
