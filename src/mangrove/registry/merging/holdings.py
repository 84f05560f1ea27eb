"""What hangs on an organisation in every room: found from the models themselves, put into words by the rooms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from mangrove.registry.models import Merge, Organisation
from mangrove.ui.house import rooms

#: The entry itself, and what the registry keeps of merging it.
OF_ITSELF = (Organisation, Merge)
Hung = Mapping[str, list[str]]


@dataclass(frozen=True)
class Relation:
    """``key`` is ``room.model.field``. What has no way back (``related_name="+"``: who complains) is secret and not told."""

    key: str
    model: type[Model]
    field: str

    def keys(self, organisation: Organisation) -> list[str]:
        rows = self.model._default_manager.filter(**{self.field: organisation.pk})
        return [str(pk) for pk in rows.order_by("pk").values_list("pk", flat=True)]


def relations() -> list[Relation]:
    """Every column of any room that points to an organisation, in the order of rooms."""
    found = []
    for one in Organisation._meta.related_objects:
        model: Any = one.related_model
        if model not in OF_ITSELF and not one.hidden:
            found.append(Relation(f"{model._meta.label_lower}.{one.field.name}", model, one.field.name))
    return sorted(found, key=lambda one: one.key)


def hung_on(organisation: Organisation) -> dict[str, list[str]]:
    """The keys of what hangs on this entry itself, by relation; those without any are left out."""
    found = {one.key: one.keys(organisation) for one in relations()}
    return {key: rows for key, rows in found.items() if rows}


def came_since(before: Hung, now: Hung) -> dict[str, int]:
    """How many things of each relation there are now that there were not."""
    new = {key: len(set(rows) - set(before.get(key, ()))) for key, rows in now.items()}
    return {key: count for key, count in new.items() if count}


def words(key: str) -> Any:
    """What a relation's things are called, as the room that keeps them says."""
    for room in rooms():
        if key in room.hangs:
            return room.hangs[key]
    return key


def in_words(counts: Mapping[str, int]) -> str:
    """资助决定 3，付款批次 1"""
    return "，".join(
        _("%(what)s %(count)s") % {"what": words(key), "count": count} for key, count in counts.items()
    )
