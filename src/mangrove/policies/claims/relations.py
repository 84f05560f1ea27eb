"""Firms that are one another's: who holds whom above the share of the rule, over so many intermediates, on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from mangrove import vocabulary
from mangrove.policies.claims.credit import day
from mangrove.registry.models import Organisation
from mangrove.registry.records.models import Record
from mangrove.vocabulary.values import from_json

ENTITY = "ownership"


@dataclass(frozen=True)
class Holding:
    """``share`` as ``ownership.share`` is stored; held from one day until another, which no longer counts."""

    key: str
    holder: str
    held: str
    share: int
    since: date | None
    until: date | None

    def on(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


def holdings() -> list[Holding]:
    """All that the registry knows now, between bodies: what was merged into another is that other."""
    merged = {
        one: str(into)
        for one, into in Organisation.objects.exclude(merged_into=None).values_list("pk", "merged_into")
    }
    rows = Record.objects.current().filter(entity=ENTITY).order_by("key")
    return [one for row in rows if (one := holding(row, merged)) is not None]


def holding(row: Record, merged: Mapping[str, str]) -> Holding | None:
    """A holding whose share is not known proves nothing."""
    said = row.values
    if said.get("share") is None:
        return None
    share = from_json(vocabulary.entity(ENTITY).fields["share"], said["share"])
    assert isinstance(share, int)
    holder, held = (merged.get(said[id], said[id]) for id in ("holder", "held"))
    return Holding(row.key, holder, held, share, day(said.get("held_from")), day(said.get("held_until")))


def related(
    firm: str, found: Iterable[Holding], on: date, share: int, intermediates: int
) -> dict[str, tuple[Holding, ...]]:
    """Each firm that is reached from this one, up or down, with the holdings on the shortest way to it."""
    beside: defaultdict[str, list[Holding]] = defaultdict(list)
    for one in found:
        if one.share >= share and one.on(on):
            beside[one.holder].append(one)
            beside[one.held].append(one)
    ways: dict[str, tuple[Holding, ...]] = {firm: ()}
    edge: Collection[str] = [firm]
    for _step in range(intermediates + 1):
        edge = [other_end(one, at) for at in edge for one in beside[at] if reached(at, one, ways)]
    return {id: way for id, way in ways.items() if id != firm}


def reached(at: str, one: Holding, ways: dict[str, tuple[Holding, ...]]) -> bool:
    """Whether this is the first way to the other end; it is kept."""
    other = other_end(one, at)
    if other in ways:
        return False
    ways[other] = (*ways[at], one)
    return True


def other_end(one: Holding, at: str) -> str:
    return one.held if one.holder == at else one.holder
