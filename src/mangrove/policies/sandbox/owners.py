"""What the things of an answer are called and whose they are. A claim is named to who may read it; sums count it for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.policies.claims.access import readable_claims
from mangrove.policies.claims.models import Claim
from mangrove.policies.sandbox.answering import Answer
from mangrove.policies.sandbox.grouping import FIRM, firms_of
from mangrove.registry.labels import named, said
from mangrove.registry.models import Organisation, User
from mangrove.ui.components import Link
from mangrove.ui.languages import as_data

#: The kind of a thing and its key.
Place = tuple[str, str]


@dataclass(frozen=True)
class Known:
    """``name`` for a page; ``words`` the same for a file."""

    name: Any
    words: str
    firm: Organisation | None


def owners(found: Answer, places: Sequence[Place], reader: User) -> Mapping[Place, Known]:
    claims = claims_of([key for _kind, key in places], reader)
    held = firms_by(found, places)
    firms = Organisation.objects.in_bulk([one for one in held.values() if one])
    return {
        place: known(found, place, firms.get(held[place] or ""), claims.get(place[1])) for place in places
    }


def known(found: Answer, place: Place, firm: Organisation | None, claim: Claim | None) -> Known:
    """A claim by its title, a firm by its name, another thing by its kind and key."""
    entity, key = place
    if claim is not None:
        return Known(Link(claim.title, reverse("policies:claim", args=[claim.pk])), claim.title, firm)
    kind = said(found.results.snapshot.vocabulary.entities[entity])
    if key in found.city.claimed.keys(entity):
        words = _("别的单位受理的申报")
        return Known(words, words, None)
    words = named(firm) if firm is not None and entity == FIRM else f"{kind} {key}"
    return Known(as_data(words), words, firm)


def claims_of(keys: Sequence[str], reader: User) -> Mapping[str, Claim]:
    """The claims that bring these things, of those that the reader may read."""
    return {one.thing: one for one in readable_claims(reader).filter(thing__in=keys)}


def firms_by(found: Answer, places: Sequence[Place]) -> Mapping[Place, str | None]:
    """The key of the firm of each thing."""
    snapshot = found.results.snapshot
    names = snapshot.tables[FIRM].keys
    rows = {kind: firms_of(snapshot, kind) for kind in {kind for kind, _key in places}}
    told: dict[Place, str | None] = {}
    for kind, key in places:
        row = snapshot.tables[kind].row_of.get(key)
        firm = -1 if row is None else int(rows[kind][row])
        told[kind, key] = str(names[firm]) if firm >= 0 else None
    return told
