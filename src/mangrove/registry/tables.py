"""The registry's lists: organisations, and the names of one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove import vocabulary
from mangrove.registry.labels import check_tag, enum_word, label, named
from mangrove.registry.models import Organisation, OrganisationName
from mangrove.ui.components import Link
from mangrove.ui.tables import SYNTHETIC, Column, Table

FIELDS = vocabulary.entity("organisation")
NAME_FIELDS = vocabulary.entity("organisation_name")


def linked(organisation: Organisation) -> Link:
    return Link(named(organisation), reverse("registry:organisation", args=[organisation.pk]))


def district(organisation: Organisation) -> Any:
    return named(organisation.district) if organisation.district else None


ORGANISATIONS = Table(
    "organisations",
    _("机构名录"),
    [
        Column("name", label(FIELDS.field("name")), sort="name", cell=linked, export=lambda one: one.name),
        Column("short_name", label(FIELDS.field("short_name")), sort="short_name"),
        Column("kind", label(FIELDS.field("kind")), sort="kind", cell=lambda one: enum_word("organisation_kind", one.kind)),
        Column("trade", label(FIELDS.field("trade")), sort="trade"),
        Column("scope", label(FIELDS.field("scope")), sort="scope", cell=lambda one: enum_word("organisation_scope", one.scope)),
        Column("district", label(FIELDS.relation("district")), sort="district__order", cell=district),
        Column("credit_code", label(FIELDS.field("credit_code")), sort="credit_code"),
        Column("check_status", label(FIELDS.field("check_status")), sort="check_status",
               cell=lambda one: check_tag(one.check_status)),
        Column("id", label(FIELDS.field("id")), on_page=False),
        replace(SYNTHETIC, label=label(FIELDS.field("synthetic")), export=lambda one: _("是") if one.synthetic else _("否")),
    ],
    order="name",
    empty=_("导入城市资料，或登记第一家机构。"),
)  # fmt: skip

NAMES = Table(
    "names",
    _("历次名称"),
    [
        Column("text", label(NAME_FIELDS.field("text"))),
        Column("kind", label(NAME_FIELDS.field("kind")), cell=lambda one: enum_word("name_kind", one.kind)),
        Column("valid_from", label(NAME_FIELDS.field("valid_from")), cell=lambda one: day(one, "valid_from")),
        Column("valid_until", label(NAME_FIELDS.field("valid_until")), cell=lambda one: day(one, "valid_until")),
        Column("check_status", label(NAME_FIELDS.field("check_status")), cell=lambda one: check_tag(one.check_status)),
    ],
)  # fmt: skip


def day(name: OrganisationName, column: str) -> Any:
    value = getattr(name, column)
    return value.isoformat() if value else None
