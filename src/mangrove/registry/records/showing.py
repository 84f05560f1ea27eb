"""One value of a record on a page and in an export; what is about a person only for who needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.registry.labels import enum_word, is_year, named
from mangrove.registry.models import District, Organisation
from mangrove.registry.records.identity import JOINED_BY, thing_of
from mangrove.registry.records.kept import recorded_entity
from mangrove.registry.records.models import Record
from mangrove.ui.components import Link, Short
from mangrove.ui.languages import as_data
from mangrove.ui.numbers import FEN_PER_YUAN, grouped, yuan
from mangrove.vocabulary.model import Entity, Field, Relation

ORGANISATION, DISTRICT = "organisation", "district"


@dataclass(frozen=True)
class Showing:
    """``personal``: whether this reader sees what is about a person. Bodies and districts are looked up once a page."""

    personal: bool
    bodies: dict[str, Organisation] = field(default_factory=dict)
    districts: dict[str, District] = field(default_factory=dict)

    def cell(self, one: Field | Relation, record: Record) -> Any:
        value = record.values.get(one.id)
        if value is None:
            return None
        if isinstance(one, Relation):
            return self.end(one, str(value))
        if one.personal and not self.personal:
            return masked()
        return shown(one, value)

    def export(self, one: Field | Relation, record: Record) -> Any:
        """As an import reads it again."""
        value = record.values.get(one.id)
        if value is None:
            return None
        if isinstance(one, Relation):
            return self.exported_end(one, str(value))
        if one.personal and not self.personal:
            return masked()
        return exported(one, value)

    def end(self, link: Relation, key: str) -> Any:
        """What a link leads to, by its name and with its page."""
        if link.to == ORGANISATION:
            body = self.bodies.get(key)
            return Link(named(body), reverse("registry:organisation", args=[key])) if body else key
        if link.to == DISTRICT:
            return named(self.districts[key]) if key in self.districts else key
        to = recorded_entity(link.to)
        return Link(self.key_words(to, key), reverse("registry:record", args=[to.id, thing_of(to, key)]))

    def exported_end(self, link: Relation, key: str) -> str:
        known: Mapping[str, Organisation | District] = (
            self.bodies if link.to == ORGANISATION else self.districts
        )
        return known[key].name if link.to in (ORGANISATION, DISTRICT) and key in known else key

    def key_words(self, entity: Entity, key: str) -> str:
        """``深圳市示例有限公司/2024``: the body in a key by its name."""
        if len(entity.key) == 1:
            return key
        links = entity.relations
        parts = zip(entity.key, key.split(JOINED_BY), strict=False)
        return JOINED_BY.join(self.body_name(part) if id in links else part for id, part in parts)

    def body_name(self, id: str) -> str:
        return str(named(self.bodies[id])) if id in self.bodies else id


def masked() -> str:
    return _("（个人信息，已隐去）")


def shown(one: Field, value: Any) -> Any:
    if one.type == "enum" and one.enum:
        return enum_word(one.enum.id, value)
    if one.type == "boolean":
        return _("是") if value else _("否")
    if one.type == "money":
        return yuan(value)
    if one.type == "date" or is_year(one):
        return Short(str(value))
    if one.type in ("decimal", "ratio"):
        return grouped(Decimal(value).normalize())
    return as_data(value) if isinstance(value, str) else value


def exported(one: Field, value: Any) -> Any:
    if one.type == "money":
        return Decimal(value) / FEN_PER_YUAN
    if one.type in ("decimal", "ratio"):
        return Decimal(value)
    return value if one.type in ("integer", "date", "text") else shown(one, value)


def looked_up(records: list[Record], personal: bool) -> Showing:
    """For these records: the bodies and districts that they name, two queries however many."""
    ids = {one.organisation_id for one in records if one.organisation_id}
    for record in records:
        entity = recorded_entity(record.entity)
        ids |= {str(record.values[link.id]).split(JOINED_BY)[0] for link in entity.relations.values() if link.id in record.values}  # fmt: skip
    bodies = {one.pk: one for one in Organisation.objects.filter(pk__in=ids).only("name", "name_en")}
    return Showing(personal, bodies, {one.pk: one for one in District.objects.all()})
