"""What a file would do, as tables; rows are as the job left them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from mangrove import vocabulary
from mangrove.registry.importing.kinds import SHOWN, Importing
from mangrove.registry.labels import said
from mangrove.ui.components import Link
from mangrove.ui.tables import Column, Table
from mangrove.vocabulary.model import Entity
from mangrove.vocabulary.sheets import declared

LINE = Column("line", _("行号"), numeric=True)

WRONG = Table(
    "import_wrong",
    _("须更正的"),
    [
        Column("line", _("行号"), numeric=True, cell=lambda row: row[0] or None),
        Column("column", _("列"), cell=lambda row: row[1]),
        Column("what", _("哪里不对"), cell=lambda row: row[2]),
    ],
    page_size=SHOWN,
)


def changes(one: Importing) -> Table:
    def linked(row: Mapping[str, Any]) -> Any:
        address = one.address(row["id"])
        return Link(row["name"], address) if address else row["name"]

    return Table(
        "import_changes",
        _("变更和更名"),
        [
            LINE,
            Column("name", _("名称"), cell=linked),
            Column("was", _("现登记为"), cell=lambda row: fields_of(one.entity, row["was"])),
            Column("now", _("改为"), cell=lambda row: fields_of(one.entity, row["now"])),
        ],
        page_size=SHOWN,
    )


def new(one: Importing) -> Table:
    """Each row by the column that names it, and the rest in words."""
    naming = one.naming
    head = next(each for each in one.columns if each.id == naming)
    return Table(
        "import_new",
        _("新增的"),
        [
            Column("line", _("行号"), numeric=True, cell=lambda row: row[0]),
            Column("name", said(head), cell=lambda row: row[1].get(naming)),
            Column("rest", _("其他各列"), cell=lambda row: fields_of(one.entity, row[1], but=naming)),
        ],
        page_size=SHOWN,
    )


def fields_of(entity: Entity, values: Mapping[str, Any], but: str = "") -> str:
    """``简称：移动；类别：企业``, as the file says them."""
    heads = {each.id: each.zh for each in declared(entity)}
    told = (
        (heads[key], value_of(entity, key, value)) for key, value in values.items() if key not in ("id", but)
    )
    return "；".join(f"{head}：{value}" for head, value in told)


def value_of(entity: Entity, key: str, value: Any) -> str:
    field = entity.fields.get(key)
    if value in (None, ""):
        return "（空）"
    return vocabulary.show_value(field, value, group=",") if field else str(value)
