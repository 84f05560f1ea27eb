"""From what each step comes to, to what is paid: choices across measures first, then the pots. Pure and exact, in fen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from mangrove.rulebook.allotting.portfolio import Group, Portfolio, PotRule
from mangrove.rulebook.allotting.pots import Allocation, Claim, Key, draw_down
from mangrove.rulebook.allotting.ranking import ranks
from mangrove.rulebook.population import Population, Stored, Thing


class Due(NamedTuple):
    """What one step comes to for one thing; the thing by its kind and key."""

    measure: str
    step: str
    entity: str
    key: str

    @property
    def name(self) -> str:
        """The step as a portfolio writes it."""
        return f"{self.measure}.{self.step}"

    @property
    def thing(self) -> tuple[str, str]:
        return self.entity, self.key


#: Fen; ``None`` is not known.
Amounts = Mapping[tuple[str, str, str, str], int | None]
Bounds = Mapping[tuple[str, str, str, str], int]


@dataclass(frozen=True)
class Lost:
    """Another step pays for the same matter; ``fen`` is what this one would have paid."""

    group: str
    to: Due
    fen: int | None


@dataclass(frozen=True)
class Chosen:
    """``amounts``: what is left to be paid, in fen. ``lost`` gave way; ``undecided`` (with the group) may still win.

    An undecided one is not known, even where its own amount is; it keeps its bound in ``reserves``.
    """

    amounts: dict[Due, int | None]
    reserves: dict[Due, int]
    lost: dict[Due, Lost] = field(default_factory=dict)
    undecided: dict[Due, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Allotment:
    """``awards``: what is paid, in fen; ``outside``: of these, dues of steps that no pot pays, which nothing cuts.

    ``unclassed``: by pot the dues whose class is not known, so that they stand in the last one.
    """

    chosen: Chosen
    pots: tuple[Allocation, ...]
    awards: dict[Due, int]
    reserved: dict[Due, int]
    removed: dict[Due, int]
    outside: tuple[Due, ...]
    unclassed: dict[str, tuple[Due, ...]]


def allot(
    portfolio: Portfolio, amounts: Amounts, population: Population, reserves: Bounds | None = None
) -> Allotment:
    """Who is paid how much. ``reserves``: the most that an unknown amount can be, where that is bounded.

    Raises ``ValueError`` for an amount below zero, a step that the portfolio does not have, and one for another kind of
    thing; ``KeyError`` for a thing that is not in the population.
    """
    chosen = choose(portfolio, amounts, population, reserves)
    coming = {rule.pot.id: coming_to(rule, portfolio, chosen) for rule in portfolio.pots}
    drawn = draw_down(
        (rule.pot, claims_on(rule, coming[rule.pot.id], chosen, population)) for rule in portfolio.pots
    )
    outside = uncut(portfolio, chosen)
    return Allotment(
        chosen=chosen,
        pots=drawn.pots,
        awards=by_due(drawn.awards, chosen) | outside,
        reserved=by_due(drawn.reserved, chosen),
        removed=by_due(drawn.removed, chosen),
        outside=tuple(outside),
        unclassed={
            rule.pot.id: tuple(due for due in coming[rule.pot.id] if has_no_class(rule, due, population))
            for rule in portfolio.pots
        },
    )


def coming_to(rule: PotRule, portfolio: Portfolio, chosen: Chosen) -> list[Due]:
    steps = set(portfolio.asking(rule.pot.id))
    return [due for due in chosen.amounts if due.name in steps]


def uncut(portfolio: Portfolio, chosen: Chosen) -> dict[Due, int]:
    """What no pot pays is paid in full, as far as it is known."""
    in_pots = {step for rule in portfolio.pots for step in rule.steps}
    return {due: fen for due, fen in chosen.amounts.items() if due.name not in in_pots and fen is not None}


def by_due(fen: Mapping[Key, int], chosen: Chosen) -> dict[Due, int]:
    return {due: fen[due] for due in chosen.amounts if due in fen}


# --- choices across measures -------------------------------------------------------------------------------------


def choose(
    portfolio: Portfolio, amounts: Amounts, population: Population, reserves: Bounds | None = None
) -> Chosen:
    """One step for each matter of each group; the order of the amounts given makes no difference. Raises as above."""
    given = checked(portfolio, amounts)
    bounds = {Due(*due): fen for due, fen in (reserves or {}).items()}
    chosen = Chosen(dict(given), {due: fen for due, fen in bounds.items() if given.get(due, 0) is None})
    for group in portfolio.groups:
        for matter, rivals in matters(group, given, population):
            # Of which matter it is not known, of that it is not known either whether another step pays for it.
            rule = KEEP[group.keep] if matter is not None else all_open
            settle(group, rivals, rule([Rival(due, given[due], bounds.get(due)) for due in rivals]), chosen)
    return chosen


def checked(portfolio: Portfolio, amounts: Amounts) -> dict[Due, int | None]:
    """In the order of their names, whatever the order given."""
    given = {due: amounts[due] for due in sorted(Due(*due) for due in amounts)}
    for due, fen in given.items():
        if portfolio.steps.get(due.name) != due.entity:
            raise ValueError(f"组合“{portfolio.id}”没有对 {due.entity} 的步骤“{due.name}”。")
        if fen is not None and fen < 0:
            raise ValueError(f"“{due.name}”对 {due.entity} {due.key} 的金额小于零。")
    return given


@dataclass(frozen=True)
class Rival:
    """A due that may pay for a matter: fen, or unknown and then at most ``bound``, where that is known."""

    due: Due
    fen: int | None
    bound: int | None

    def may_exceed(self, fen: int) -> bool:
        """For an unknown one."""
        return self.fen is None and (self.bound is None or self.bound > fen)


def matters(
    group: Group, given: Mapping[Due, int | None], population: Population
) -> Iterator[tuple[Stored | tuple[str, str], list[Due]]]:
    """Each matter with its dues in the order of the group's steps; those of an unknown matter come one by one."""
    found: dict[Stored | tuple[str, str], list[Due]] = defaultdict(list)
    place = {step: index for index, step in enumerate(group.steps)}
    for due in sorted((due for due in given if due.name in place), key=lambda one: (place[one.name], one)):
        matter = group.by.value(population.things[due.thing], population) if group.by else due.thing
        if matter is None:
            yield None, [due]
        else:
            found[matter].append(due)
    yield from found.items()


def all_open(rivals: Sequence[Rival]) -> tuple[list[Rival], Rival | None]:
    return [one for one in rivals if one.fen != 0], None


def highest(rivals: Sequence[Rival]) -> tuple[list[Rival], Rival | None]:
    """Who may come out highest, and the highest known; of equals the first in the order of the group."""
    known = [one for one in rivals if one.fen]
    best = max(known, key=lambda one: one.fen or 0, default=None)
    to_beat = (best.fen or 0) if best else 0
    before = rivals[: rivals.index(best)] if best else ()
    may = [
        one
        for one in rivals
        if one is best or one.may_exceed(to_beat) or (one in before and one.may_exceed(to_beat - 1))
    ]
    return may, best


def first(rivals: Sequence[Rival]) -> tuple[list[Rival], Rival | None]:
    """Who may be the first that pays at all, and the first that does for certain."""
    may: list[Rival] = []
    for one in rivals:
        if one.fen:
            return [*may, one], one
        if one.may_exceed(0):
            may.append(one)
    return may, None


KEEP = {"highest": highest, "first": first}


def settle(
    group: Group, rivals: Sequence[Due], found: tuple[Sequence[Rival], Rival | None], chosen: Chosen
) -> None:
    """Write down who gave way to the certain one, and who is still in question."""
    may, certain = found
    in_question = [one.due for one in may]
    if certain is not None:
        for due in rivals:
            if due not in in_question and (fen := chosen.amounts[due]) != 0:
                chosen.lost[due] = Lost(group.id, certain.due, fen)
                chosen.reserves.pop(due, None)
                del chosen.amounts[due]
    # One alone is paid, or is simply not known yet; of an unknown matter (nothing certain) even a known one waits.
    for one in may if len(may) > 1 or (certain is None and may and may[0].fen) else ():
        chosen.undecided[one.due] = group.id
        if one.fen is not None:
            chosen.amounts[one.due], chosen.reserves[one.due] = None, one.fen


# --- claims on a pot ---------------------------------------------------------------------------------------------


def claims_on(rule: PotRule, dues: Sequence[Due], chosen: Chosen, population: Population) -> list[Claim]:
    """The claims of dues on a pot, each with its class and order there."""
    things = {due: population.things[due.thing] for due in dues}
    order = ranks(
        {due: rule.ties.values(thing, population) for due, thing in things.items()}, rule.ties.falling
    )
    return [
        Claim(
            due, chosen.amounts[due], class_of(rule, thing, population), order[due], chosen.reserves.get(due)
        )
        for due, thing in things.items()
    ]


def class_of(rule: PotRule, thing: Thing, population: Population) -> int:
    return rule.classes.index(rule.classes.by.value(thing, population)) if rule.classes else 0


def has_no_class(rule: PotRule, due: Due, population: Population) -> bool:
    return (
        rule.classes is not None and rule.classes.by.value(population.things[due.thing], population) is None
    )
