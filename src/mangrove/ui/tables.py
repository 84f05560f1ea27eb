"""A table is declared once and serves the page, the Excel export and print.

>>> firms = Table("firms", _("企业"), [Column("name", _("名称"), sort="name"),
...               Column("paid", _("已付"), unit=_("万元"), numeric=True, cell=lambda firm: wan(firm.paid))])
>>> page = firms.page(Firm.objects.all(), request.GET)      # three queries, however many rows
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from mangrove.ui.components import plain
from mangrove.ui.languages import beside
from mangrove.ui.numbers import grouped

PAGE_SIZES = (20, 50, 100, 200)
NEIGHBOURS = 2

#: The key of an address that names the columns to show; files have them all.
COLUMNS = "columns"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    ``cell(row)`` gives what the page shows, ``export(row)`` what Excel gets; both default to the attribute or key named
    ``key``. ``sort`` is the model field (or key of a mapping) to sort by; empty: not sortable. ``absent`` stands where
    there is no value. ``on_page``: whether the page has it too, or the exports alone. ``number_format`` is Excel's.
    """

    key: str
    label: Any
    unit: Any = ""
    numeric: bool = False
    sort: str = ""
    cell: Callable[[Any], Any] | None = None
    export: Callable[[Any], Any] | None = None
    absent: Any = "—"
    on_page: bool = True
    number_format: str = ""

    @property
    def head(self) -> str:
        return beside(self.label, self.unit)

    def content(self, row: Any) -> Any:
        return self.cell(row) if self.cell else attribute(row, self.key)

    def exported(self, row: Any) -> Any:
        return plain(self.export(row) if self.export else self.content(row))


@dataclass(frozen=True)
class Cell:
    label: str
    content: Any
    numeric: bool
    absent: Any


def cell(column: Column, head: str, row: Any) -> Cell:
    content = column.content(row)
    absent = column.absent if content is None or content == "" else ""
    return Cell(head, shown(content), column.numeric, absent)


@dataclass(frozen=True)
class Head:
    label: str
    href: str
    numeric: bool
    sorted: str


@dataclass(frozen=True)
class PageLink:
    number: int | None
    href: str
    current: bool = False


@dataclass(frozen=True)
class Table:
    """What a list shows. ``order`` is the default sort key, with ``-`` for descending; ``empty`` says what to do."""

    id: str
    caption: Any
    columns: Sequence[Column]
    order: str = ""
    empty: Any = ""
    page_size: int = 50

    def page(self, rows: QuerySet[Any] | Sequence[Any], query: QueryDict, export_href: str = "") -> TablePage:
        """The page of ``rows`` that ``query`` asks for (``page``, ``size``, ``sort``); nonsense falls to the default."""
        size = chosen_size(query, self.page_size)
        total = rows.count() if isinstance(rows, QuerySet) else len(rows)
        pages = max(1, -(-total // size))
        number = min(max(1, whole_number(query.get("page"), 1)), pages)
        start = (number - 1) * size
        shown = stretch(self.sorted(rows, query), start, size)
        return TablePage(self, shown, query, number, size, total, export_href)

    def sorted(self, rows: Any, query: QueryDict) -> Any:
        """``rows`` in the order asked for, ties always broken the same way, unknown values last."""
        key, descending = self.sort_key(query)
        if isinstance(rows, QuerySet):
            if not key:
                return rows if rows.ordered else rows.order_by("pk")
            direction = F(key).desc(nulls_last=True) if descending else F(key).asc(nulls_last=True)
            return rows.order_by(direction, "pk")
        return sort_plain(list(rows), key, descending) if key else rows

    def sort_key(self, query: QueryDict) -> tuple[str, bool]:
        asked = query.get("sort") or self.order
        column = self.column(asked.removeprefix("-"))
        if column is None or not column.sort:
            return "", False
        return column.sort, asked.startswith("-")

    def column(self, key: str) -> Column | None:
        return next((column for column in self.columns if column.key == key), None)


@dataclass(frozen=True)
class TablePage:
    """One page of a table, ready for ``{% table page %}`` and ``{% pagination page %}``."""

    table: Table
    objects: Sequence[Any]
    query: QueryDict
    number: int
    size: int
    total: int
    export_base: str = ""

    @cached_property
    def on_page(self) -> list[Column]:
        return [column for column in self.table.columns if column.on_page]

    @cached_property
    def shown(self) -> list[Column]:
        """The columns that the reader chose; all where none of them is of this table."""
        chosen = set(self.query.getlist(COLUMNS)) & {column.key for column in self.on_page}
        return [
            column for column in self.on_page if not chosen or column.key in chosen or column in self.fixed
        ]

    @cached_property
    def fixed(self) -> list[Column]:
        """What nobody can hide: what the row is called, and the mark of synthetic rows."""
        return [column for column in self.on_page if column is self.on_page[0] or column is SYNTHETIC]

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the form of filters carries along: the order and the columns stay while one narrows."""
        return [
            (key, value) for key in ("sort", "size", COLUMNS) for value in self.query.getlist(key) if value
        ]

    @property
    def rows(self) -> list[list[Cell]]:
        headed = [(column, column.head) for column in self.shown]
        return [[cell(column, head, row) for column, head in headed] for row in self.objects]

    @property
    def heads(self) -> list[Head]:
        asked = self.query.get("sort") or self.table.order
        return [self.head(column, asked) for column in self.shown]

    def head(self, column: Column, asked: str) -> Head:
        if not column.sort:
            return Head(column.head, "", column.numeric, "")
        current = asked.removeprefix("-") == column.key
        state = ("descending" if asked.startswith("-") else "ascending") if current else ""
        target = f"-{column.key}" if state == "ascending" else column.key
        return Head(column.head, self.href(sort=target, page=None), column.numeric, state)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last(self) -> int:
        return min(self.number * self.size, self.total)

    @property
    def total_words(self) -> str:
        return grouped(self.total)

    @property
    def previous_href(self) -> str:
        return self.href(page=self.number - 1) if self.number > 1 else ""

    @property
    def next_href(self) -> str:
        return self.href(page=self.number + 1) if self.number < self.pages else ""

    @property
    def export_href(self) -> str:
        """The export of what the filters leave: all its rows, not only this page."""
        if not self.export_base:
            return ""
        kept = changed_query(self.query, {"page": None, "size": None})
        return f"{self.export_base}?{kept}" if kept else self.export_base

    @property
    def links(self) -> list[PageLink]:
        near = range(self.number - NEIGHBOURS, self.number + NEIGHBOURS + 1)
        wanted = sorted({1, self.pages, *(number for number in near if 1 <= number <= self.pages)})
        links: list[PageLink] = []
        for number in wanted:
            if links and number - (links[-1].number or 0) > 1:
                links.append(PageLink(None, ""))
            links.append(PageLink(number, self.href(page=number), number == self.number))
        return links

    def href(self, **changes: Any) -> str:
        return f"?{changed_query(self.query, changes)}"


def stretch(rows: Any, start: int, size: int) -> list[Any]:
    """``size`` rows from ``start``.

    A database sorts the keys alone, then gives the whole of these few rows: sorting ten thousand rows with their texts
    to show fifty is what makes a late page slow.
    """
    if not isinstance(rows, QuerySet):
        return list(islice(rows[start : start + size], size))
    keys = list(rows.values_list("pk", flat=True)[start : start + size])
    whole = {row.pk: row for row in rows.order_by().filter(pk__in=keys)}
    return [whole[key] for key in keys if key in whole]


def shown(content: Any) -> Any:
    """Numbers in groups of three and dates as 2021-08-30, each kept on one line; anything else draws itself."""
    if isinstance(content, int | Decimal) and not isinstance(content, bool):
        return grouped(content)
    if isinstance(content, datetime):
        content = f"{timezone.localtime(content):%Y-%m-%d %H:%M}"
    elif isinstance(content, date):
        content = content.isoformat()
    else:
        return content
    return format_html('<span class="nowrap">{}</span>', content)


def attribute(row: Any, key: str) -> Any:
    return row[key] if isinstance(row, Mapping) else getattr(row, key)


def sort_plain(rows: list[Any], key: str, descending: bool) -> list[Any]:
    known = [row for row in rows if attribute(row, key) is not None]
    unknown = [row for row in rows if attribute(row, key) is None]
    return sorted(known, key=lambda row: attribute(row, key), reverse=descending) + unknown


def whole_number(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default


def chosen_size(query: QueryDict, default: int) -> int:
    size = whole_number(query.get("size"), default)
    return size if size in PAGE_SIZES else default


def changed_query(query: QueryDict, changes: Mapping[str, Any]) -> str:
    """The query string with ``changes``; a change to ``None`` takes the key out."""
    kept: Iterable[tuple[str, str]] = (
        (key, value) for key, values in query.lists() if key not in changes for value in values if value
    )
    added = [(key, str(value)) for key, value in changes.items() if value is not None]
    return urlencode([*kept, *added])


SYNTHETIC = Column(
    "synthetic", _("合成数据"), cell=lambda row: _("合成") if attribute(row, "synthetic") else None
)
"""The mark that every list and export of synthetic rows keeps."""
