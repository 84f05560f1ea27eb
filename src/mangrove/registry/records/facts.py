"""The facts of a firm, or of all, as they were known at a moment, in the shapes that the rulebook decides on.

>>> people = facts_of("o-1", date(2026, 3, 1), measure.vocabulary)     # of one firm: explain, the interpreter
>>> case.explain(measure, people.things["organisation", "o-1"], people, Run(decide_on))
>>> snapshot = facts_of_all(date(2026, 3, 1), measure.vocabulary)      # of all: the fast engines
>>> Vector(lower(measure), snapshot).run(Run(decide_on))

A day means the end of it. The same moment gives the same facts for ever: what became known later does not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from mangrove import vocabulary as house
from mangrove.registry.records.answering import ORGANISATION, Merged, Place, asked_for, keyed
from mangrove.registry.records.arrow import columns_of, table_of
from mangrove.registry.records.bodies import Rows, districts, merged_at, organisations_at
from mangrove.registry.records.kept import recorded
from mangrove.registry.records.models import KnownRecords, Record
from mangrove.rulebook.engines.arrow import from_arrow
from mangrove.rulebook.engines.columns import Snapshot
from mangrove.rulebook.population import Population, Stored, Thing
from mangrove.vocabulary.model import Entity, Vocabulary
from mangrove.vocabulary.values import from_json

DISTRICT = "district"


def moment_of(known_at: date | datetime) -> datetime:
    """The first moment that no longer counts: of a day the midnight after it."""
    if isinstance(known_at, datetime):
        return known_at
    return timezone.make_aware(datetime.combine(known_at + timedelta(days=1), time.min))


def facts_of_all(known_at: date | datetime, vocabulary: Vocabulary | None = None) -> Snapshot:
    """Every body and every record. ``vocabulary``: that of a measure, which has its own inputs besides."""
    return from_arrow(tables_at(moment_of(known_at)), vocabulary or house.vocabulary())


def tables_at(moment: datetime) -> dict[str, Any]:
    """An Arrow table for each entity that has rows, in the order of their keys."""
    return {id: table_of(house.entity(id), rows) for id, rows in rows_at(moment).items()}


def rows_at(moment: datetime, firms: set[str] | None = None) -> dict[str, list[dict[str, Any]]]:
    """By entity, in the order of their keys, values as JSON. ``firms``: these, their records, and what these lead to."""
    merged = merged_at(moment)
    if firms is not None:
        return rows_about({merged.get(id, id) for id in firms}, moment, merged)
    bodies = {id: row for id, row in organisations_at(moment).items() if id not in merged}
    rows = {DISTRICT: in_order(districts()), ORGANISATION: in_order(bodies)}
    found = records_at(Record.objects.known_at(moment), merged)
    return rows | {one.id: found[one.id] for one in recorded() if one.id in found}


def rows_about(firms: set[str], moment: datetime, merged: Merged) -> dict[str, list[dict[str, Any]]]:
    entries = firms | {other for other, into in merged.items() if into in firms}
    known = Record.objects.known_at(moment)
    found = keyed(known.filter(organisation__in=entries), merged)
    while missing := {place for place in led_to(found) if place not in found}:
        more = keyed(known.filter(asked_for(missing, merged)), merged)
        found |= more
        if missing - more.keys():
            break  # told by the snapshot: a link to nothing
    bodies = {
        row[id]
        for (entity, _key), row in found.items()
        for id in links_to(entity, ORGANISATION)
        if row.get(id)
    }
    rows = {DISTRICT: in_order(districts()), ORGANISATION: in_order(organisations_at(moment, firms | bodies))}
    for (entity, _key), row in sorted(found.items(), key=lambda one: one[0]):
        rows.setdefault(entity, []).append(row)
    return rows


def led_to(found: Mapping[Place, Mapping[str, Any]]) -> Iterable[Place]:
    """The records to which these rows lead."""
    for (entity, _key), row in found.items():
        for link in house.entity(entity).relations.values():
            if link.to not in (ORGANISATION, DISTRICT) and row.get(link.id):
                yield link.to, row[link.id]


def links_to(entity: str, to: str) -> list[str]:
    return [one.id for one in house.entity(entity).relations.values() if one.to == to]


def in_order(rows: Rows) -> list[dict[str, Any]]:
    return [rows[id] for id in sorted(rows)]


def records_at(known: KnownRecords, merged: Merged) -> dict[str, list[dict[str, Any]]]:
    """By entity, under the bodies that answered then. Sorted here and not by the database: one order whatever language it sorts by."""
    found: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for (entity, _key), row in sorted(keyed(known, merged).items(), key=lambda one: one[0]):
        found[entity].append(row)
    return dict(found)


# --- one firm ----------------------------------------------------------------------------------------------------


def facts_of(
    organisation: str, known_at: date | datetime, vocabulary: Vocabulary | None = None
) -> Population:
    """The firm, all records about it, and whatever these lead to; of merged entries either id will do."""
    moment = moment_of(known_at)
    known, merged = Record.objects.known_at(moment), merged_at(moment)
    kept = merged.get(organisation, organisation)
    entries = {kept, *(other for other, into in merged.items() if into == kept)}
    things = closure(known, things_of(known.filter(organisation__in=entries), merged), merged)
    bodies = ends(things.values(), ORGANISATION) | {kept}
    things |= bodies_of(bodies, moment)
    return Population(things.values(), leads_to(vocabulary or house.vocabulary()))


def closure(known: KnownRecords, things: dict[Place, Thing], merged: Merged) -> dict[Place, Thing]:
    """With the records that they lead to, and those that these lead to."""
    while missing := {place for place in places(things.values()) if place not in things}:
        things = things | things_of(known.filter(asked_for(missing, merged)), merged)
        if missing - things.keys():
            break  # told by the population: a link to nothing
    return things


def places(things: Iterable[Thing]) -> set[Place]:
    """The records to which these things lead."""
    ways = leads_to(house.vocabulary())
    found = {(ways[one.entity, link], key) for one in things for link, key in one.links.items()}
    return {place for place in found if place[0] not in (ORGANISATION, DISTRICT)}


def ends(things: Iterable[Thing], entity: str) -> set[str]:
    ways = leads_to(house.vocabulary())
    return {key for one in things for link, key in one.links.items() if ways[one.entity, link] == entity}


def things_of(records: KnownRecords, merged: Merged) -> dict[Place, Thing]:
    rows = keyed(records, merged).items()
    return {(id, key): thing(house.entity(id), key, row) for (id, key), row in rows}


def bodies_of(ids: set[str], moment: datetime) -> dict[Place, Thing]:
    """These organisations, and all districts, of which there are few."""
    rows = {ORGANISATION: organisations_at(moment, ids), DISTRICT: districts()}
    return {
        (id, key): thing(house.entity(id), key, row)
        for id, given in rows.items()
        for key, row in given.items()
    }


def thing(entity: Entity, key: str, values: Mapping[str, Any]) -> Thing:
    fields: dict[str, Stored] = {}
    links: dict[str, str] = {}
    for one in columns_of(entity):
        value = values.get(one.id)
        if one.id in entity.relations:
            links |= {one.id: value} if value is not None else {}
        else:
            fields[one.id] = None if value is None else from_json(entity.fields[one.id], value)
    return Thing(entity.id, key, fields, links)


def leads_to(vocabulary: Vocabulary) -> dict[tuple[str, str], str]:
    entities = vocabulary.entities.values()
    return {(entity.id, link.id): link.to for entity in entities for link in entity.relations.values()}
