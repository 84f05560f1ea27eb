"""Suspected doubles: entries whose names are the same once folded, or near each other. A person decides; nothing is merged here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from mangrove.registry.models import Merge, Organisation, OrganisationName
from mangrove.similarity.titles import near_titles

SAME = 1000
Pair = tuple[str, str]


@dataclass(frozen=True)
class Double:
    """Two entries, in the order of their ids. ``likeness`` in thousandths; ``same``: a name of one is a name of the other."""

    one: Organisation
    other: Organisation
    same: bool
    likeness: int


@cache
def rules() -> Mapping[str, Any]:
    """From which likeness, in thousandths, two names are shown to a person, and what of names does not count."""
    found: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("doubles.yaml").read_text("utf-8"))
    return found


def suspected() -> list[Double]:
    """All pairs worth a look, the surest first. What a licence tells apart, or a person has decided on, is left out."""
    standing = {one.pk: one for one in Organisation.objects.standing()}
    found = dict(near_names(standing.values())) | dict.fromkeys(same_names(standing), SAME)
    decided = {key(*pair) for pair in Merge.objects.exclude(state="undone").values_list("kept", "other")}
    doubles = [
        Double(standing[a], standing[b], score == SAME, score)
        for (a, b), score in found.items()
        if (a, b) not in decided and may_be_one(standing[a], standing[b])
    ]
    return sorted(doubles, key=lambda one: (-one.likeness, one.one.name, one.one.pk, one.other.pk))


def key(a: str, b: str) -> Pair:
    return (a, b) if a < b else (b, a)


def may_be_one(one: Organisation, other: Organisation) -> bool:
    """Two codes are two legal persons, whatever they are called."""
    return not (one.credit_code and other.credit_code)


def same_names(standing: dict[str, Organisation]) -> Iterator[Pair]:
    """Entries that share a name, as names are compared."""
    bearers: defaultdict[str, set[str]] = defaultdict(set)
    rows = OrganisationName.objects.filter(organisation__merged_into=None)
    for name, organisation in rows.values_list("key", "organisation_id"):
        bearers[name].add(organisation)
    for ids in bearers.values():
        yield from (key(*pair) for pair in combinations(sorted(ids & standing.keys()), 2))


def near_names(organisations: Iterable[Organisation]) -> list[tuple[Pair, int]]:
    """Full names of today that are alike, so much as the rule says, once what many names share is set aside."""
    return near_pairs(tuple((one.pk, bare(one.name)) for one in organisations))


@lru_cache(maxsize=1)
def near_pairs(names: tuple[tuple[str, str], ...]) -> list[tuple[Pair, int]]:
    """Kept until a name changes: ten thousand take some seconds."""
    matches = near_titles(names, int(rules()["near"]) / SAME)
    return [(key(one.first, one.second), min(round(one.score * SAME), SAME - 1)) for one in matches]


def bare(name: str) -> str:
    """The name without the city and the legal form, unless nothing else is left."""
    rest, city = name, settings.CITY["name"].removesuffix("市")
    for part in (f"{city}市", city, *rules()["set_aside"]):
        rest = rest.replace(part, "")
    return rest.strip("（）() ") or name
