"""The figures behind a letter: those that it prints, how old each is and who held its source; and those it may use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.http import QueryDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mangrove.figures.labels import as_figure, definition_link, period_words, status_tag
from mangrove.figures.models import Value
from mangrove.figures.values import form_of, printed, read_book
from mangrove.proposals.rules import rules
from mangrove.ui.components import Short, Tag
from mangrove.ui.languages import beside
from mangrove.ui.tables import Column, Table, TablePage
from mangrove.vocabulary.dates import years_between


@dataclass(frozen=True)
class UsedFigure:
    """One number as a letter prints it, the value behind it, and how many full years old that was on the letter's day."""

    printed: str
    value: Value
    years: int

    @property
    def is_old(self) -> bool:
        return self.years >= rules().old_after_years

    @property
    def age(self) -> Tag:
        words = ngettext("%(n)s 年", "%(n)s 年", self.years) % {"n": self.years}
        return Tag(words if self.years else gettext("不满一年"), "warn" if self.is_old else "calm")


@dataclass(frozen=True)
class UsedFigures:
    """All numbers of one letter that come from figures, in the order of its text."""

    rows: tuple[UsedFigure, ...]

    @property
    def unverified(self) -> int:
        return sum(1 for row in self.rows if not row.value.source.verified)

    @property
    def old(self) -> int:
        return sum(1 for row in self.rows if row.is_old)

    @property
    def old_words(self) -> str:
        """From which age on they are counted as old, by the rule pack, and how many are."""
        years = rules().old_after_years
        return gettext("满 %(years)s 年的 %(n)s") % {"years": years, "n": self.old}

    @cached_property
    def page(self) -> TablePage:
        return USED.page(self.rows, QueryDict())


def origin(value: Value) -> str:
    """The source, and that it is made up where it is."""
    return beside(value.source.title, gettext("合成数据") if value.source.synthetic else "")


USED = Table(
    "used",
    _("所用数字"),
    [
        Column("printed", _("函中印作"), numeric=True, cell=lambda row: as_figure(row.value, row.printed)),
        Column("definition", _("指标与口径"), cell=lambda row: definition_link(row.value.definition)),
        Column("period", _("时点"), cell=lambda row: Short(period_words(row.value))),
        Column("age", _("距成文"), cell=lambda row: row.age),
        Column("source", _("来源"), cell=lambda row: origin(row.value)),
        Column("status", _("核对"), cell=lambda row: status_tag(row.value.source.status)),
    ],
    page_size=200,
    empty=_("正文里没有取自指标库的数字。"),
)


def used_figures(body: str, spans: Iterable[tuple[int, int, int]], *, on: date) -> UsedFigures:
    """``spans`` are (start, end, value id) in ``body``; ages are counted up to ``on``. One query."""
    placed = list(spans)
    values = Value.objects.select_related("definition", "source").in_bulk([id for _s, _e, id in placed])
    return UsedFigures(
        tuple(
            UsedFigure(body[start:end], values[id], max(0, years_between(values[id].end, on)))
            for start, end, id in placed
        )
    )


@dataclass(frozen=True)
class PaletteEntry:
    """A figure that a draft may use: how to write it, and what it would print today."""

    placeholder: str
    value: Value

    @property
    def printed(self) -> str:
        return printed(self.value, form_of(self.value.definition))


PALETTE = Table(
    "palette",
    _("可用的数字"),
    [
        Column("placeholder", _("写法"), cell=lambda row: Short(row.placeholder)),
        Column("printed", _("现在印作"), numeric=True, cell=lambda row: as_figure(row.value)),
        Column("period", _("时点"), cell=lambda row: Short(period_words(row.value))),
        Column("source", _("来源"), cell=lambda row: origin(row.value)),
        Column("status", _("核对"), cell=lambda row: status_tag(row.value.source.status)),
    ],
    page_size=200,
)


def palette(on: date) -> TablePage:
    """Every figure with a value on that day, the newest value of each."""
    book = read_book(on=on)
    newest = ((definition, book.latest(definition.pk, None)) for definition in book.definitions.values())
    entries = [PaletteEntry(f"{{{{{it.zh}}}}}", value) for it, value in newest if value is not None]
    return PALETTE.page(entries, QueryDict())
