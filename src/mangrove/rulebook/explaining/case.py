"""One case explained: every clause that is for it, with its conditions, its money, what would turn it, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mangrove.rulebook.allotting.shares import split
from mangrove.rulebook.decide import Outcome, Run, Standing, in_fen
from mangrove.rulebook.explaining.flips import Flip, flips
from mangrove.rulebook.explaining.lacking import Missing, missing
from mangrove.rulebook.explaining.parts import Part, Unfolding
from mangrove.rulebook.explaining.trying import Grounds, Trying
from mangrove.rulebook.explaining.ways import Ways
from mangrove.rulebook.language import typed
from mangrove.rulebook.measures import Clause, Measure
from mangrove.rulebook.population import Population, Thing

#: Rows told of a member of a total; the rest is counted.
MOST_TOLD = 10


@dataclass(frozen=True)
class MemberRow:
    """What a member came to for one thing."""

    key: str
    standing: Standing
    fen: int | None


@dataclass(frozen=True)
class Member:
    """A clause that a choice or a total takes over. ``fen`` is what it brings, ``lost`` what is not paid because another was kept."""

    clause: Clause
    won: bool
    fen: int | None
    lost: int
    rows: tuple[MemberRow, ...]
    row_count: int


@dataclass(frozen=True)
class Money:
    """In fen. ``caps`` in the order of the clause; ``deducted`` is what ``less`` really took off."""

    caps: tuple[int | None, ...]
    binding: int | None
    removed: int
    deducted: int
    shares: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class ClauseCase:
    outcome: Outcome
    parts: tuple[Part, ...]
    money: Money
    members: tuple[Member, ...]
    flips: tuple[Flip, ...]
    missing: tuple[Missing, ...]
    taken_by: str = ""

    @property
    def clause(self) -> Clause:
        return self.outcome.clause


@dataclass(frozen=True)
class Case:
    measure: Measure
    thing: Thing
    run: Run
    clauses: tuple[ClauseCase, ...]


def explain(
    measure: Measure,
    thing: Thing,
    population: Population,
    run: Run = Run(),  # noqa: B008 a frozen value
    grounds: Grounds | None = None,
) -> Case:
    """Every clause that is for this kind of thing, in the order of the measure.

    Who explains many cases of one measure keeps its ``grounds`` from one to the next.
    """
    explaining = Explaining(Trying(measure, population, run, grounds=grounds))
    listed = [one for one in measure.clauses if one.entity == thing.entity]
    return Case(measure, thing, run, tuple(explaining.of_clause(one, thing) for one in listed))


class Explaining:
    """What is found for one clause serves the next."""

    def __init__(self, deciding: Trying) -> None:
        self.deciding = deciding
        self.unfolding, self.ways = Unfolding(deciding), Ways(deciding)
        self.taken = {member: clause.id for clause in deciding.measure.clauses for member in clause.members}

    def of_clause(self, clause: Clause, thing: Thing) -> ClauseCase:
        outcome = self.deciding.outcome(clause, thing)
        return ClauseCase(
            outcome,
            self.unfolding.of_clause(outcome, thing),
            money(outcome, thing, self.deciding),
            tuple(members(outcome, thing, self.deciding)),
            flips(outcome, thing, self.ways),
            missing(outcome, thing, self.deciding),
            self.taken.get(clause.id, ""),
        )


def money(outcome: Outcome, thing: Thing, deciding: Trying) -> Money:
    clause = outcome.clause
    caps = tuple(in_fen(deciding.value(one, thing)) for one in clause.caps)
    pays = outcome.standing == Standing.MEETS and outcome.capped is not None and outcome.fen is not None
    deducted = (outcome.capped or 0) - (outcome.fen or 0) if pays and clause.less else 0
    shares = split(outcome.fen or 0, dict(clause.shares)) if pays and clause.shares else {}
    binding = outcome.binding if outcome.removed else None
    return Money(caps, binding, outcome.removed, deducted, tuple(shares.items()))


# --- choices and totals --------------------------------------------------------------------------------------------------


def members(outcome: Outcome, thing: Thing, deciding: Trying) -> Iterator[Member]:
    clause = outcome.clause
    listed = [member(deciding.clauses[id], clause, thing, deciding) for id in clause.members]
    kept = winners(clause.keep, listed, outcome.standing)
    for n, (one, rows, fen) in enumerate(listed):
        won = n in kept
        lost = 0 if won or outcome.standing != Standing.MEETS else fen or 0
        yield Member(one, won, fen, lost, rows[:MOST_TOLD], len(rows))


def member(
    one: Clause, clause: Clause, thing: Thing, deciding: Trying
) -> tuple[Clause, tuple[MemberRow, ...], int | None]:
    """What it came to for the thing itself, or for each of its rows together."""
    things = [thing] if one.entity == clause.entity else rows_of(one, clause, thing, deciding)
    found = [(each, deciding.outcome(one, each)) for each in things]
    rows = tuple(MemberRow(each.key, outcome.standing, outcome.fen) for each, outcome in found)
    known = [row.fen for row in rows if row.fen is not None]
    skips = f"settled({one.id})" in {use.name for use in uses(clause)}
    return one, rows, sum(known) if skips or len(known) == len(rows) else None


def uses(clause: Clause) -> Iterator[typed.Use]:
    if clause.amount is not None:
        yield from (node for node in clause.amount.meaning.walk() if isinstance(node, typed.Use))


def rows_of(one: Clause, clause: Clause, thing: Thing, deciding: Trying) -> list[Thing]:
    assert clause.amount is not None
    for node in clause.amount.meaning.walk():
        if isinstance(node, typed.Gathered) and node.child == one.entity:
            return deciding.population.children(thing, node.child, node.link)
    return []


def winners(
    keep: str, listed: list[tuple[Clause, tuple[MemberRow, ...], int | None]], standing: Standing
) -> set[int]:
    """The places of the members that are paid: the first of the highest, the first that is met, or all that are met."""
    if standing != Standing.MEETS:
        return set()
    met = [
        n
        for n, (_one, rows, _fen) in enumerate(listed)
        if any(row.standing == Standing.MEETS for row in rows)
    ]
    if keep == "highest":
        return {max(met, key=lambda n: listed[n][2] or 0)} if met else set()
    return set(met[:1]) if keep == "first" else set(met)
