"""The facts of all as of a day, read once a process and kept while nothing new was entered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from threading import RLock

from django.db.models import Max
from django.utils import timezone

from mangrove.ledger.models import Event
from mangrove.registry.models import Organisation
from mangrove.registry.records.facts import facts_of_all, moment_of
from mangrove.registry.records.models import Record
from mangrove.rulebook.engines.columns import Snapshot
from mangrove.rulebook.simulate import identity
from mangrove.vocabulary.model import Vocabulary

#: How many are kept at once: that of today, and one to look back at.
MOST = 2
_kept: OrderedDict[Hashable, City] = OrderedDict()
_lock = RLock()


@dataclass(frozen=True)
class City:
    """All that was known just before ``known_at``. Whoever reckons on it holds ``lock``: its columns are made when first asked for."""

    known_at: datetime
    snapshot: Snapshot
    lock: RLock = field(default_factory=RLock)

    @cached_property
    def tables(self) -> Mapping[str, str]:
        """The identity of each table that has rows."""
        with self.lock:
            return identity.tables(self.snapshot)

    @cached_property
    def identity(self) -> str:
        return identity.joined(self.tables)

    def of(self, words: Vocabulary) -> Snapshot:
        """The same tables as a measure reads them, its own inputs being known of nobody."""
        return Snapshot(self.snapshot.tables.values(), words, self.snapshot.texts)

    def count(self, entity: str) -> int:
        return len(self.snapshot.tables[entity])


def city(day: date) -> City:
    """As of the end of a day; as of now where the day is not over."""
    key = day, newest()
    with _lock:
        if key not in _kept:
            keep(key, City(moment(day), facts_of_all(moment(day))))
        _kept.move_to_end(key)
        return _kept[key]


def moment(day: date) -> datetime:
    return min(moment_of(day), timezone.now())


def newest() -> Hashable:
    """Differs as soon as a record, an organisation or an act of the registry came in."""
    last = Record.objects.aggregate(last=Max("pk"))["last"]
    act = Event.objects.filter(room="registry").aggregate(last=Max("pk"))["last"]
    return last, act, Organisation.objects.count()


def keep(key: Hashable, one: City) -> None:
    with _lock:
        _kept[key] = one
        while len(_kept) > MOST:
            _kept.popitem(last=False)


def city_at(known_at: datetime) -> City:
    """As it was known at a moment, read anew: for a replay."""
    return City(known_at, facts_of_all(known_at))
