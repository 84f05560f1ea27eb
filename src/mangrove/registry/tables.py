"""The registry's lists: organisations, and the names of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove import vocabulary
from mangrove.registry.importing.plan import LABELS
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
        replace(SYNTHETIC, export=lambda one: _("是") if one.synthetic else _("否")),
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


# --- what a file would do: rows are as the job left them ---------------------------------------------------------


IMPORT_WRONG = Table(
    "import_wrong",
    _("须更正的"),
    [
        Column("line", _("行"), numeric=True, cell=lambda row: row[0] or None),
        Column("column", _("列"), cell=lambda row: row[1]),
        Column("what", _("哪里不对"), cell=lambda row: row[2]),
    ],
    page_size=200,
)  # fmt: skip

IMPORT_CHANGES = Table(
    "import_changes",
    _("变更和更名"),
    [
        Column("line", _("行"), numeric=True),
        Column("name", _("机构"), cell=lambda row: Link(row["name"], reverse("registry:organisation", args=[row["id"]]))),
        Column("was", _("现登记为"), cell=lambda row: fields_of(row["was"])),
        Column("now", _("改为"), cell=lambda row: fields_of(row["now"])),
    ],
    page_size=200,
)  # fmt: skip

IMPORT_NEW = Table(
    "import_new",
    _("新增的"),
    [
        Column("line", _("行"), numeric=True, cell=lambda row: row[0]),
        Column("name", _("机构"), cell=lambda row: row[1]["name"]),
        Column("rest", _("其他各列"), cell=lambda row: fields_of(row[1], but="name")),
    ],
    page_size=200,
)  # fmt: skip


def fields_of(values: Mapping[str, Any], but: str = "") -> str:
    """``简称：移动；类别：企业``, as the file says them."""
    told = (shown(key, value) for key, value in values.items() if key not in ("id", but))
    return "；".join(f"{name}：{value}" for name, value in told)


def shown(key: str, value: Any) -> tuple[str, str]:
    field = FIELDS.fields.get(key)
    if value in (None, ""):
        return LABELS[key], "（空）"
    return LABELS[key], vocabulary.show_value(field, value) if field else str(value)
