"""From rules, facts and pots to what each claim gets. Pure: the same inputs give the same bytes of the same result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from mangrove import vocabulary
from mangrove.ledger.hashing import canonical
from mangrove.policies.plans.facts import Rows, snapshot_of
from mangrove.rulebook.allotting.allot import Due
from mangrove.rulebook.allotting.allotment import Outcome, allotted, steps_of, words_of
from mangrove.rulebook.allotting.portfolio import Portfolio, load_text
from mangrove.rulebook.decide import Run, Standing
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.results import STANDINGS, Results
from mangrove.rulebook.engines.vector import Vector
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.simulate.identity import SEMANTICS


@dataclass(frozen=True)
class Inputs:
    """All that the answer rests on. ``pots``: by their id in the portfolio, what was left in them, in fen."""

    measures: Sequence[Measure]
    portfolio: str
    rows: Rows
    pots: Mapping[str, int]
    decide_on: date
    budget_year: int

    @property
    def run(self) -> Run:
        return Run(self.decide_on, self.budget_year)


@dataclass(frozen=True)
class Told:
    """What one claim comes to. ``asked`` and ``proposed`` in fen; ``because`` why it is less than asked."""

    step: str
    key: str
    standing: str
    asked: int | None
    proposed: int
    pot: str
    because: Mapping[str, Any]


def decide(inputs: Inputs, claims: Mapping[str, str]) -> list[Told]:
    """``claims``: by the key of the thing the step that it is claimed under (``measure.step``)."""
    words = words_of(inputs.measures, vocabulary.vocabulary())
    snapshot = snapshot_of(inputs.rows, words)
    results = [Vector(lower(one), snapshot).run(inputs.run) for one in inputs.measures]
    portfolio = with_pots(load_text(inputs.portfolio, words, steps_of(inputs.measures)), inputs.pots)
    outcome = allotted(portfolio, results, snapshot)
    return [told(outcome, results, portfolio, key, step) for key, step in sorted(claims.items())]


def with_pots(portfolio: Portfolio, left: Mapping[str, int]) -> Portfolio:
    """The portfolio with what is really left in each pot in the place of the amount that its text names."""
    rules = [
        replace(one, pot=replace(one.pot, fen=left.get(one.pot.id, one.pot.fen))) for one in portfolio.pots
    ]
    return replace(portfolio, pots=tuple(rules))


def told(outcome: Outcome, results: Sequence[Results], portfolio: Portfolio, key: str, step: str) -> Told:
    measure, _dot, clause = step.partition(".")
    entity = portfolio.steps[step]
    due = Due(measure, clause, entity, key)
    standing = standing_of(next(one for one in results if one.measure.id == measure), clause, entity, key)
    proposed = outcome.allotment.awards.get(due, 0)
    pot = next((one.pot.id for one in portfolio.pots if step in one.steps), "")
    asked = outcome.dues.amounts.get(due, 0 if standing == Standing.FAILS else None)
    return Told(step, key, standing, asked, proposed, pot, because(outcome, due, asked, proposed, pot))


def standing_of(results: Results, clause: str, entity: str, key: str) -> Standing:
    row = results.snapshot.tables[entity].row_of[key]
    return STANDINGS[int(results.clauses[clause].standing[row])]


def because(outcome: Outcome, due: Due, asked: int | None, proposed: int, pot: str) -> dict[str, Any]:
    """Why it is less than what the clause comes to, as a code and the names that it speaks of."""
    found = outcome.allotment
    if due in outcome.dues.fell:
        return {"code": "quota", "quota": outcome.dues.fell[due]}
    if asked is None:
        return {"code": "lacks"}
    if due in found.chosen.lost:
        return {
            "code": "gave_way",
            "to": found.chosen.lost[due].to.name,
            "group": found.chosen.lost[due].group,
        }
    if proposed < asked:
        return {"code": "pot", "pot": pot, "removed": asked - proposed}
    return {}


def result_text(found: Sequence[Told]) -> str:
    return canonical(
        {
            "semantics": SEMANTICS,
            "lines": [
                {
                    "step": one.step, "key": one.key, "standing": one.standing, "asked": one.asked, "proposed": one.proposed,
                    "pot": one.pot, "because": dict(one.because),
                }
                for one in found
            ],
        }
    )  # fmt: skip
