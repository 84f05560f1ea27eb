"""The smallest changes that turn a refusal, each decided afresh by the interpreter, with the money that would be paid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mangrove.rulebook.decide import Outcome, Standing
from mangrove.rulebook.explaining.trying import Trying
from mangrove.rulebook.explaining.ways import MOST_CHANGES, Way, Ways, fewest, joined
from mangrove.rulebook.population import Thing

#: Flips told, the smallest first.
MOST_FLIPS = 3


@dataclass(frozen=True)
class Flip:
    """Changes that together make the clause hold, and what it then pays in fen; ``None`` where a datum for it is missing.

    ``conditions`` are the places of the conditions that they mend.
    """

    changes: Way
    conditions: tuple[int, ...]
    standing: Standing
    fen: int | None


def flips(outcome: Outcome, thing: Thing, ways: Ways) -> tuple[Flip, ...]:
    """For a clause that is not met: single changes first, then sets of two and three; none that a smaller one contains."""
    if outcome.standing != Standing.FAILS:
        return ()
    broken = [n for n, answer in enumerate(outcome.answers) if answer.holds is not True]
    each = [ways.to(outcome.answers[n].condition.meaning, thing) for n in broken]
    if not each or not all(each):
        return ()
    found: list[Flip] = []
    for way in candidates(each):
        if not any(touched(flip.changes) <= touched(way) for flip in found):
            found += tried(way, tuple(broken), outcome, thing, ways.deciding)
        if len(found) == MOST_FLIPS:
            break
    return tuple(found)


def touched(way: Way) -> set[tuple[object, ...]]:
    """The data that a way changes, whatever they become."""
    return {(change.place, change.field, change.name) for change in way}


def candidates(each: list[list[Way]]) -> list[Way]:
    return fewest(each[0] if len(each) == 1 else joined(each))


def tried(
    way: Way, broken: tuple[int, ...], outcome: Outcome, thing: Thing, deciding: Trying
) -> Iterator[Flip]:
    """The case decided again: only what then holds and needs every change is told, also where its amount is not known."""
    fewer = [way[:n] + way[n + 1 :] for n in range(len(way))] if len(way) > 1 else []
    if not holds(way, outcome, thing, deciding) or any(
        holds(less, outcome, thing, deciding) for less in fewer
    ):
        return
    trial = deciding.with_changes(way)
    again = trial.outcome(outcome.clause, trial.now(thing))
    if len(way) <= MOST_CHANGES:
        fen = again.fen if outcome.clause.amount is not None else None
        yield Flip(way, broken, again.standing, fen)


def holds(way: Way, outcome: Outcome, thing: Thing, deciding: Trying) -> bool:
    """Whether all conditions then hold; stops at the first that does not, where one did not before."""
    trial = deciding.with_changes(way)
    now = trial.now(thing)
    in_order = sorted(outcome.answers, key=lambda answer: answer.holds is True)
    return all(trial.value(answer.condition, now) is True for answer in in_order)
