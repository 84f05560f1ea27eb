"""Which entities of the vocabulary are kept as records, and which rooms keep the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.ui import house
from mangrove.vocabulary.model import Entity, Field

SOURCE, SYNTHETIC = "source", "synthetic"
#: Every record has them, whether its entity declares them or not; a row may leave them to the file.
EVERYWHERE = {
    SOURCE: Field(SOURCE, "来源", "Source", "text"),
    SYNTHETIC: Field(SYNTHETIC, "合成数据", "Synthetic", "boolean"),
}


@dataclass(frozen=True)
class Elsewhere:
    """``href`` is the page where such things are kept, empty where this reader may not open it."""

    entity: Entity
    room: Any
    href: str


def recorded() -> list[Entity]:
    """In the order of the vocabulary."""
    return [one for one in vocabulary.vocabulary().entities.values() if not one.own_table]


def recorded_entity(id: str) -> Entity:
    """Raises ``Http404`` for what is no entity, or is kept elsewhere."""
    found = vocabulary.vocabulary().entities.get(id)
    if found is None or found.own_table:
        raise Http404(_("没有“%(id)s”这一种记录。") % {"id": id})
    return found


@cache
def filed(id: str) -> Entity:
    """The entity as files have it: with where a row comes from, and whether it is synthetic."""
    whole = recorded_entity(id)
    own = {id: one for id, one in whole.fields.items() if id not in EVERYWHERE}
    return replace(whole, fields={**own, **EVERYWHERE})


def elsewhere(user: Any) -> list[Elsewhere]:
    """Entities that rooms keep in tables of their own, with their pages."""
    return [
        Elsewhere(vocabulary.entity(id), room.label, reverse(route) if leads(room, route, user) else "")
        for room in house.rooms()
        for id, route in room.keeps.items()
    ]


def leads(room: house.Room, route: str, user: Any) -> bool:
    """Whether the navigation leads this reader there; of a page that it does not name, anywhere in the room."""
    entries = [entry for entry in room.navigation if entry.url_name == route] or room.navigation
    return any(entry.visible(user) for entry in entries)
