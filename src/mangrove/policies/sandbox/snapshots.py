"""The facts of all as of a day, with what firms claimed; read once a process and kept while nothing new was entered."""

from __future__ import annotations

from collections import ChainMap, OrderedDict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from threading import RLock

import numpy as np
from django.db.models import Max
from django.utils import timezone

from mangrove import vocabulary as house
from mangrove.ledger.hashing import canonical
from mangrove.ledger.models import Event
from mangrove.policies.plans.facts import Row, digest, snapshot_of
from mangrove.policies.sandbox.claimed import Claimed, newest_claims, with_claims
from mangrove.policies.sandbox.grouping import FIRM
from mangrove.registry.models import Organisation
from mangrove.registry.records.facts import moment_of, rows_at
from mangrove.registry.records.models import Record
from mangrove.rulebook.engines.columns import Column, Snapshot, Table, code
from mangrove.rulebook.measures import Input, Measure
from mangrove.rulebook.simulate import identity
from mangrove.vocabulary.values import from_json

#: The name under which what people judged stands among the tables.
JUDGED = "judged"
#: How many are kept at once: that of today, and one to look back at.
MOST = 2
_kept: OrderedDict[Hashable, City] = OrderedDict()
_lock = RLock()


@dataclass(frozen=True)
class City:
    """All that was known just before ``known_at``. Whoever reckons on it holds ``lock``: its columns are made when first asked for."""

    known_at: datetime
    snapshot: Snapshot
    claimed: Claimed = field(default_factory=Claimed)
    lock: RLock = field(default_factory=RLock)

    @cached_property
    def tables(self) -> Mapping[str, str]:
        """The identity of each table that has rows, and of what people judged."""
        with self.lock:
            found = identity.tables(self.snapshot)
        return found | ({JUDGED: digest(canonical(self.claimed.judged))} if self.claimed.judged else {})

    @cached_property
    def identity(self) -> str:
        return identity.joined(self.tables)

    def of(self, measure: Measure) -> Snapshot:
        """The same tables as a measure reads them: of its own inputs what people judged under it is known."""
        judged = self.claimed.judged.get(measure.id, {})
        tables = [
            with_inputs(one, measure, judged.get(one.entity, {}), self.snapshot)
            for one in self.snapshot.tables.values()
        ]
        return Snapshot(tables, measure.vocabulary, self.snapshot.texts)

    def count(self, entity: str) -> int:
        return len(self.snapshot.tables[entity])

    def count_for(self, measure: str, entity: str) -> int:
        """Without what only the claims under other measures bring."""
        return self.count(entity) - self.claimed.count(entity) + self.claimed.count(entity, measure)

    def last_year(self, measure: Measure) -> int | None:
        """The last year, not after this day, in which something that the measure pays for was applied for or is dated."""
        with self.lock:
            years = [year for kind in paid_kinds(measure) for year in self.years_of(kind)]
        return max(years, default=None)

    def years_of(self, entity: str) -> Iterator[int]:
        """The year of applying where the kind has one, else of its days; the days of a firm say nothing of what it asks."""
        fields = self.snapshot.vocabulary.entities[entity].fields
        dated = [one.id for one in fields.values() if one.type == "date"]
        for name in ["applied_on"] if "applied_on" in dated else [] if entity == FIRM else dated:
            column = self.snapshot.column(entity, name)
            known = column.values if column.known is None else column.values[column.known]
            past = known[known <= self.known_at.toordinal()]
            if len(past):
                yield date.fromordinal(int(past.max())).year


def paid_kinds(measure: Measure) -> list[str]:
    return list(dict.fromkeys(one.entity for one in measure.paid()))


def with_inputs(table: Table, measure: Measure, judged: Mapping[str, Row], whole: Snapshot) -> Table:
    """A table with a column for each input of the measure that somebody judged; the others are unknown throughout."""
    asked = [
        one
        for one in measure.inputs
        if one.entity == table.entity and any(one.name in row for row in judged.values())
    ]
    if not asked:
        return table
    inputs = {one.name: judged_column(table, measure, one, judged, whole) for one in asked}
    return Table(table.entity, table.keys, ChainMap(inputs, table.columns), table.links)


def judged_column(
    table: Table, measure: Measure, asked: Input, judged: Mapping[str, Row], whole: Snapshot
) -> Column:
    declared = measure.vocabulary.entities[table.entity].fields[asked.name]
    said = [judged.get(str(key), {}).get(asked.name) for key in table.keys]
    values = [0 if one is None else code(declared, from_json(declared, one), whole.texts) for one in said]
    return Column(np.array(values, np.int64), np.array([one is not None for one in said]))


def city(day: date) -> City:
    """As of the end of a day; as of now where the day is not over."""
    key = day, newest()
    with _lock:
        if key not in _kept:
            keep(key, city_at(moment(day)))
        _kept.move_to_end(key)
        return _kept[key]


def moment(day: date) -> datetime:
    return min(moment_of(day), timezone.now())


def newest() -> Hashable:
    """Differs as soon as a record, an organisation, an act of the registry, or a claim came in."""
    last = Record.objects.aggregate(last=Max("pk"))["last"]
    act = Event.objects.filter(room="registry").aggregate(last=Max("pk"))["last"]
    return last, act, Organisation.objects.count(), newest_claims()


def keep(key: Hashable, one: City) -> None:
    with _lock:
        _kept[key] = one
        while len(_kept) > MOST:
            _kept.popitem(last=False)


def city_at(known_at: datetime) -> City:
    """As it was known at a moment, read anew: for a replay."""
    rows, claimed = with_claims(rows_at(known_at), known_at)
    return City(known_at, snapshot_of(rows, house.vocabulary()), claimed)
