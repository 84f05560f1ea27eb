"""Records of an entry that was merged, as those of the entry that answers for it: their links, their keys, and links to such keys.

Nothing kept is rewritten; what reads records reads them so. Where both entries have a row under one key, that of the kept
entry stands; of two merged entries, that of the lesser key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, reduce
from itertools import product
from operator import or_
from typing import Any

from django.db.models import Q

from mangrove import vocabulary as house
from mangrove.registry.models import Organisation
from mangrove.registry.records.identity import JOINED_BY
from mangrove.registry.records.models import KnownRecords, Record

ORGANISATION = "organisation"
Place = tuple[str, str]
#: The entry that answers, by the entry that was merged into it.
Merged = Mapping[str, str]


def merged_now() -> dict[str, str]:
    return dict(Organisation.objects.exclude(merged_into=None).values_list("pk", "merged_into_id"))


@cache
def ends_of(entity: str) -> dict[str, str]:
    """What each of its links leads to."""
    return {one.id: one.to for one in house.entity(entity).relations.values()}


@cache
def key_parts(entity: str) -> tuple[bool, ...]:
    """Of each part of its key whether it is an organisation; nothing where none is."""
    parts = tuple(ends_of(entity).get(part) == ORGANISATION for part in house.entity(entity).key)
    return parts if any(parts) else ()


def answered_for(values: Mapping[str, Any], entity: str, merged: Merged) -> Mapping[str, Any]:
    """The values of a record with its links as those of the entries that answer."""
    if not merged:
        return values
    ends = ends_of(entity).items()
    return {**values, **{id: answered_end(to, values[id], merged) for id, to in ends if values.get(id)}}


def answered_end(to: str, end: str, merged: Merged) -> str:
    return merged.get(end, end) if to == ORGANISATION else answered_key(to, end, merged)


def answered_key(entity: str, key: str, merged: Merged) -> str:
    """``f2/2024`` as ``f1/2024`` where f2 was merged into f1."""
    whose, parts = key_parts(entity), key.split(JOINED_BY)
    if not merged or len(whose) != len(parts):
        return key
    return JOINED_BY.join(
        merged.get(part, part) if is_body else part for is_body, part in zip(whose, parts, strict=True)
    )


def keys_answered(entity: str, key: str, merged: Merged) -> list[str]:
    """Every key under which what is read as ``key`` may be kept, the kept entry's first."""
    whose, parts = key_parts(entity), key.split(JOINED_BY)
    if not merged or len(whose) != len(parts):
        return [key]
    each = [
        [part, *others_of(part, merged)] if is_body else [part]
        for is_body, part in zip(whose, parts, strict=True)
    ]
    return [JOINED_BY.join(one) for one in product(*each)]


def others_of(kept: str, merged: Merged) -> list[str]:
    return sorted(other for other, into in merged.items() if into == kept)


def asked_for(places: Iterable[Place], merged: Merged) -> Q:
    """The records that are read at these places."""
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for entity, key in sorted(places):
        keys[entity] += keys_answered(entity, key, merged)
    return reduce(or_, (Q(entity=entity, key__in=some) for entity, some in keys.items()), Q(pk__in=[]))


def keyed(known: KnownRecords, merged: Merged) -> dict[Place, dict[str, Any]]:
    """One row for each place, as the entries that answer have it."""
    found: dict[Place, dict[str, Any]] = {}
    kept_under: dict[Place, str] = {}
    rows = known.values_list("entity", "key", "values", "source", "synthetic")
    for entity, key, values, source, synthetic in rows.iterator(chunk_size=5000):
        place = entity, answered_key(entity, key, merged)
        if place in found and not comes_first(key, kept_under[place], place[1]):
            continue
        kept_under[place] = key
        found[place] = {**answered_for(values, entity, merged), "source": source, "synthetic": synthetic}
    return found


def comes_first(key: str, other: str, answered: str) -> bool:
    return (key != answered, key) < (other != answered, other)


def clashing(kept: Organisation, other: Organisation) -> list[Record]:
    """Current records of ``other`` that would be read at the place of one of ``kept``, were the two merged."""
    merged = {**merged_now(), other.pk: kept.pk}
    current = Record.objects.current()
    theirs = {
        (one.entity, answered_key(one.entity, one.key, merged)): one for one in composed(current, other.pk)
    }
    held = current.filter(asked_for(theirs, merged)).exclude(pk__in=[one.pk for one in theirs.values()])
    ours = {(one.entity, answered_key(one.entity, one.key, merged)) for one in held}
    return [one for place, one in sorted(theirs.items()) if place in ours]


def composed(known: KnownRecords, organisation: str) -> KnownRecords:
    """Of this entry's records those whose key holds it."""
    entities = [id for id, one in house.vocabulary().entities.items() if not one.own_table and key_parts(id)]
    return known.filter(organisation=organisation, entity__in=entities)
