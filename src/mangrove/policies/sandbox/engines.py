"""A measure kept ready on a city: one engine for each text, data and day, a few at a time; a changed number compiles nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from functools import cached_property
from threading import RLock

from mangrove.policies.measures.library import measure_of
from mangrove.policies.measures.models import RuleText
from mangrove.policies.sandbox.grouping import groupings
from mangrove.policies.sandbox.snapshots import City
from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.results import Results
from mangrove.rulebook.simulate.engine import Changes, Simulator
from mangrove.rulebook.simulate.groups import Grouping
from mangrove.rulebook.simulate.totals import Totals, totals

#: Measures kept ready at once, and structures of one (a whole number that becomes a fraction is another).
MOST, MOST_STRUCTURES = 6, 3
_kept: OrderedDict[Hashable, Ready] = OrderedDict()
_lock = RLock()


class Ready:
    """Whoever asks it holds ``city.lock``: an engine remembers its nodes from one question to the next."""

    def __init__(self, rule: RuleText, city: City, run: Run) -> None:
        self.rule, self.city, self.measure = rule, city, measure_of(rule)
        self.simulator = Simulator(self.measure, city.of(self.measure), run)
        self.groupings: dict[tuple[str, str], Grouping] = {}

    @cached_property
    def written(self) -> Results:
        """With the numbers as they are written."""
        return self.simulator.results()

    @cached_property
    def totals(self) -> Totals:
        return totals(self.written)

    def results(self, changes: Changes) -> Results:
        if not changes:
            return self.written
        if len(self.simulator.engines) > MOST_STRUCTURES:
            self.simulator.engines = {key: one for key, one in self.simulator.engines.items() if not key}
        return self.simulator.results(changes)

    def grouping(self, entity: str, by: str) -> Grouping:
        """How the things of a kind are grouped, by the id of a grouping; found once."""
        if (entity, by) not in self.groupings:
            found = groupings(self.simulator.snapshot, entity, self.simulator.run)
            self.groupings |= {(entity, id): one for id, one in found.items()}
        return self.groupings[entity, by]


def ready(rule: RuleText, city: City, run: Run) -> Ready:
    key = rule.sha256, city.identity, run
    with _lock:
        if key not in _kept:
            _kept[key] = Ready(rule, city, run)
        _kept.move_to_end(key)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
        return _kept[key]
