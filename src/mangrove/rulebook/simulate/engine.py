"""A measure kept ready on a snapshot: the first answer evaluates all, each what-if only what depends on what changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.columns import Snapshot
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.results import Results
from mangrove.rulebook.engines.vector import Vector
from mangrove.rulebook.measures import Measure

#: What a what-if changes, by the names of :meth:`Measure.constants`; numbers in base units (fen, kWh).
Changes = Mapping[str, Fraction | date]


class Simulator:
    """Keeps one engine for each structure that the changes ask for: a whole number that becomes a fraction is another."""

    def __init__(self, measure: Measure, snapshot: Snapshot, run: Run = Run()) -> None:  # noqa: B008 a frozen value
        self.measure, self.snapshot, self.run = measure, snapshot, run
        self.engines: dict[frozenset[str], Vector] = {}

    def results(self, changes: Changes | None = None) -> Results:
        """What every clause comes to. Raises ``KeyError`` for a name that stands nowhere in the measure."""
        changed = dict(changes or {})
        # The engine answers for a measure whose numbers are whole where the plan takes them whole.
        return self.engine(changed).run(self.run, changed)

    def engine(self, changes: Changes) -> Vector:
        broken = frozenset(
            name
            for name, one in self.measure.constants().items()
            if name in changes and is_whole(one.value) and not is_whole(changes[name])
        )
        if broken not in self.engines:
            as_fractions = {name: changes[name] for name in broken}
            plan = lower(self.measure.with_constants(as_fractions))
            self.engines[broken] = Vector(plan, self.snapshot, keep=True)
        return self.engines[broken]

    @property
    def structure(self) -> str:
        """The name of what the rules are apart from their numbers."""
        return self.engine({}).plan.structure


def is_whole(value: object) -> bool:
    return not isinstance(value, Fraction) or value.denominator == 1
