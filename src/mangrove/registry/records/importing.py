"""The import of each entity that is kept as records, on the pages and by the jobs that every import has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from mangrove.registry.importing import kinds
from mangrove.registry.importing.kinds import Importing
from mangrove.registry.labels import label
from mangrove.registry.models import District, Organisation
from mangrove.registry.records.access import access_importing_records
from mangrove.registry.records.kept import filed, recorded
from mangrove.registry.records.planning import DISTRICT, ORGANISATION, planner
from mangrove.registry.records.taking import taker
from mangrove.vocabulary.model import Entity

Values = Mapping[str, Any]


def register_all() -> None:
    for entity in recorded():
        kinds.register(importing_of(entity))


def importing_of(entity: Entity) -> Importing:
    # The last of them names a new row: the body where the key has one.
    must = tuple(sorted(entity.key, key=lambda part: part in entity.relations))
    return Importing(
        id=entity.id,
        label=label(entity),
        entity=filed(entity.id),
        must=must,
        rules=gettext_lazy(
            "认定是哪一条的列必须有，新的一条还要填其余必填的列。机构写机构标识、统一社会信用代码或全称；"
            "空格表示不改动。改了的值另存一版，原来的留着。从记录导出的文件改过以后可以直接导入。"
        ),
        page=("registry:records_of", entity.id),
        access=access_importing_records,
        plan=planner(entity),
        take=taker(entity),
        saying=partial(saying, entity),
        address=lambda thing: reverse("registry:record", args=[entity.id, thing]),
    )


def saying(entity: Entity) -> Callable[[Values], Values]:
    """Bodies and districts by their names."""
    names: dict[str, dict[str, str]] = {
        ORGANISATION: dict(Organisation.objects.values_list("pk", "name")),
        DISTRICT: dict(District.objects.values_list("pk", "name")),
    }
    links = {one.id: names[one.to] for one in entity.relations.values() if one.to in names}
    return lambda values: {
        id: links[id].get(value, value) if id in links else value for id, value in values.items()
    }
