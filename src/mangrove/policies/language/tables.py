"""The lists of the page of the rule language."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from mangrove.policies.language.names import Name
from mangrove.registry.labels import said
from mangrove.ui.languages import as_data
from mangrove.ui.tables import Column, Table


def lines(id: str, caption: Any) -> Table:
    """``written`` is code in whatever language the page is read."""
    return Table(
        id,
        caption,
        [
            Column("written", _("写法"), cell=lambda one: code(one.written)),
            Column("means", _("意思"), cell=lambda one: one.means),
        ],
        page_size=200,
    )


def code(written: str) -> SafeString:
    return format_html("<code>{}</code>", as_data(written))


def note(one: Name) -> Any:
    return as_data(one.of.note) if one.of.note else None


MEASURE_KEYS = lines("language_measure", _("一项措施"))
CLAUSE_KEYS = lines("language_clause", _("一个条款"))
FORMULAS = lines("language_formulas", _("式子怎么写"))
NAMES = Table(
    "language_names",
    _("能用的名称"),
    [
        Column("zh", _("名称"), cell=lambda one: code(one.of.zh)),
        Column("id", _("英文标识"), cell=lambda one: code(one.of.id)),
        Column("kind", _("对象"), cell=lambda one: said(one.kind)),
        Column("holds", _("是什么"), cell=lambda one: one.holds),
        Column("note", _("说明"), cell=note),
    ],
    empty=_("没有这个名称；换一个说法再查。"),
    page_size=20,
)
