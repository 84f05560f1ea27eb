"""Views of a list that somebody keeps under a name: what of its address is kept, and the bar above the list. Pure.

Rows are the workbench's; the bar only knows :class:`View`. A view is an address: opening one leads to the list with its
filters, order and columns in the query, which anybody may be sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from mangrove.ui.filters import FilterForm
from mangrove.ui.tables import COLUMNS, Column, TablePage

#: What a view keeps beside filters.
OF_EVERY_LIST = ("sort", COLUMNS)

#: Asks for the list as it is, where a view of one's own would open by itself.
PLAIN = "view=none"


@dataclass(frozen=True)
class View:
    """One that this reader may open. ``query`` is the kept part of its address; ``default``: it opens by itself."""

    id: int
    name: str
    query: str
    shared: bool = False
    default: bool = False
    edit_href: str = ""


@dataclass(frozen=True)
class Bar:
    """What stands above a list: its views, and what of the present one holds no more."""

    path: str
    views: Sequence[View]
    filters: FilterForm | None
    page: TablePage
    keep_href: str = ""

    @cached_property
    def query(self) -> str:
        """What would be kept of the address as it is now: what the list knows, and nothing else."""
        return urlencode([pair for pair in pairs(self.page.query) if self.holds(*pair)])

    def holds(self, key: str, value: str) -> bool:
        """Whether this list knows what is asked for: a column, an order or a filter that it has, with a value that it has."""
        if key in OF_EVERY_LIST:
            return self.page.table.column(value.removeprefix("-")) is not None
        return self.filters is not None and key in self.filters.fields and key not in self.filters.errors

    @cached_property
    def current(self) -> View | None:
        now = pairs(self.page.query)
        return next((view for view in self.views if pairs(QueryDict(view.query)) == now), None)

    @property
    def links(self) -> list[tuple[View, str, bool]]:
        return [(view, f"{self.path}?{view.query or PLAIN}", view == self.current) for view in self.views]

    @property
    def plain_href(self) -> str:
        """The list without filters; past the view that would open by itself."""
        return f"{self.path}?{PLAIN}" if any(view.default for view in self.views) else self.path

    @property
    def keep(self) -> str:
        """Where to keep the list as it is now; empty where nobody can."""
        return f"{self.keep_href}&{urlencode({'query': self.query})}" if self.keep_href else ""

    @property
    def lost(self) -> list[str]:
        """Of the present view: filters, columns and values that this list has no more."""
        if self.current is None:
            return []
        gone = [pair for pair in pairs(QueryDict(self.current.query)) if not self.holds(*pair)]
        return [self.said(key, value) for key, value in gone]

    def said(self, key: str, value: str) -> str:
        field = self.filters.fields.get(key) if self.filters else None
        return str(field.label) if field else value.removeprefix("-") if key in OF_EVERY_LIST else key

    @property
    def lost_words(self) -> str:
        return _("、").join(self.lost)

    @property
    def columns(self) -> list[tuple[Column, bool, bool]]:
        """Each column, whether it is shown, and whether it always is."""
        shown = self.page.shown
        return [(column, column in shown, column in self.page.fixed) for column in self.page.on_page]

    @property
    def others(self) -> list[tuple[str, str]]:
        """What of the address the form of columns carries along."""
        return [pair for pair in pairs(self.page.query) if pair[0] != COLUMNS and self.holds(*pair)]


def pairs(query: QueryDict) -> list[tuple[str, str]]:
    """What an address says, without its page, in an order of its own: two addresses that ask the same are equal."""
    passing = {"page", "size", "view", "as"}
    return sorted((key, one) for key, values in query.lists() for one in values if one and key not in passing)


def bar(context: Any, page: TablePage, filters: FilterForm | None) -> Bar | None:
    """The bar of this page; ``None`` where nobody is signed in or the address is of one thing."""
    request, shell = context.get("request"), context.get("shell")
    kept = shell["list_views"] if shell else None
    if request is None or kept is None:
        return None
    return Bar(request.path, kept.views, filters, page, kept.keep_href)
