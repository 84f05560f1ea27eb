"""Lists of records, made from what the vocabulary says of an entity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.registry.labels import is_year, said, unit_word
from mangrove.registry.records.kept import EVERYWHERE, Elsewhere, filed
from mangrove.registry.records.models import Record
from mangrove.registry.records.showing import Showing
from mangrove.ui.components import Link, Short
from mangrove.ui.languages import as_data
from mangrove.ui.tables import Column, Table, TablePage
from mangrove.vocabulary.model import Entity, Field, Relation
from mangrove.vocabulary.sheets import declared

#: Columns of values that a page has room for; the exports and the page of one have all.
ON_PAGE = 6
#: Columns that are no values of the entity.
ALWAYS = ("key", "synthetic", "known_from")
NUMERIC = frozenset({"integer", "decimal", "money", "ratio"})
#: Kept as text with a point, which a database would sort by its letters.
UNSORTED = frozenset({"decimal", "ratio"})

ENTITIES = Table(
    "record_entities",
    gettext_lazy("记录"),
    [
        Column("entity", gettext_lazy("种类"), cell=lambda row: Link(said(row["entity"]), row["href"])),
        Column("note", gettext_lazy("说明"), cell=lambda row: as_data(row["entity"].note)),
        Column("count", gettext_lazy("条数"), numeric=True),
        Column("bodies", gettext_lazy("机构数"), numeric=True),
        Column("latest", gettext_lazy("最近录入"), cell=lambda row: row["latest"]),
    ],
    page_size=200,
)


def elsewhere_linked(one: Elsewhere) -> Any:
    return Link(said(one.entity), one.href) if one.href else said(one.entity)


ELSEWHERE = Table(
    "records_elsewhere",
    gettext_lazy("在别处登记的"),
    [
        Column("entity", gettext_lazy("种类"), cell=elsewhere_linked),
        Column("room", gettext_lazy("在哪里"), cell=lambda one: one.room),
    ],
    page_size=200,
)


def records_table(entity: Entity, showing: Callable[[], Showing]) -> Table:
    """``showing()`` is asked when a cell is drawn: what a page names is looked up for its rows alone."""
    columns = [one for one in declared(filed(entity.id)) if one.id not in EVERYWHERE]
    columns.sort(key=lambda one: (one.id not in entity.key, one.id != entity.about))
    return Table(
        entity.id,
        said(entity),
        [
            Column("key", key_label(entity), sort="key", cell=lambda one: linked(entity, one, showing()), export=lambda one: one.key),
            *(column(one, showing, one.id not in entity.key) for one in columns if list(entity.key) != [one.id]),
            Column("source", said(EVERYWHERE["source"]), sort="source", cell=lambda one: as_data(one.source), export=lambda one: one.source, on_page=False),
            Column("synthetic", said(EVERYWHERE["synthetic"]), sort="synthetic",
                   cell=lambda one: _("合成") if one.synthetic else None, export=lambda one: _("是") if one.synthetic else _("否")),
            Column("known_from", _("录入时间"), sort="known_from", export=lambda one: f"{timezone.localtime(one.known_from):%Y-%m-%d %H:%M}"),
        ],
        order="key",
        empty=_("导入第一个文件。"),
    )  # fmt: skip


def key_label(entity: Entity) -> str:
    """A key of one part is a column of the file; of several parts the others are."""
    part = entity.fields.get(entity.key[0])
    return said(part) if part and len(entity.key) == 1 else _("标识")


def narrowed(page: TablePage) -> TablePage:
    """With the first columns in which the page has anything, as many as it has room for; the exports have all."""
    filled = {id for one in page.objects for id in one.values}
    values = [one.key for one in page.table.columns if one.on_page and one.key in filled][:ON_PAGE]
    columns = [
        replace(one, on_page=one.on_page and (one.key in values or one.key in ALWAYS))
        for one in page.table.columns
    ]
    return replace(page, table=replace(page.table, columns=columns))


def linked(entity: Entity, record: Record, showing: Showing) -> Link:
    words = showing.key_words(entity, record.key)
    return Link(words, reverse("registry:record", args=[entity.id, record.thing]))


def column(one: Field | Relation, showing: Callable[[], Showing], on_page: bool) -> Column:
    return Column(
        one.id, said(one), unit=unit_word(one), numeric=is_number(one), sort=sort_of(one),
        cell=lambda record: showing().cell(one, record), export=lambda record: showing().export(one, record),
        on_page=on_page,
    )  # fmt: skip


def is_number(one: Field | Relation) -> bool:
    return isinstance(one, Field) and one.type in NUMERIC and not is_year(one)


def sort_of(one: Field | Relation) -> str:
    return "" if isinstance(one, Field) and one.type in UNSORTED else f"values__{one.id}"


def versions_table(changed: Mapping[int, str]) -> Table:
    """``changed`` tells for each version what is other than in the one before it."""
    return Table(
        "record_versions",
        _("历次版本"),
        [
            Column("version", _("版本"), cell=lambda one: Short(str(one.version))),
            Column("known_from", _("录入时间")),
            Column("known_until", _("被取代时间"), absent=_("现行")),
            Column("on", _("业务日期")),
            Column("changed", _("与前一版不同"), cell=lambda one: changed.get(one.version)),
            Column("source", _("来源"), cell=lambda one: as_data(one.source)),
        ],
    )
