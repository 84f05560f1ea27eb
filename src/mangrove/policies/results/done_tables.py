"""Prices and electricity before and after the letter."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from mangrove.figures.labels import (
    as_figure,
    definition_link,
    period_text,
    printed_text,
    rule,
    source_words,
)
from mangrove.figures.models import Value
from mangrove.policies.results.done import Side
from mangrove.ui.tables import Column, Table

NO_DATA = _("无数据")


def figure_link(one: Side) -> Any:
    return definition_link(one.definition) if one.definition else one.id


def when(value: Value | None) -> str | None:
    return period_text(value.period) if value else None


def source(value: Value | None) -> str | None:
    return source_words(value.source) if value else None


def columns(key: str, label: Any) -> list[Column]:
    of = lambda one: getattr(one, key)  # noqa: E731
    return [
        Column(key, label, numeric=True, cell=lambda one: as_figure(of(one)) if of(one) else None, export=lambda one: printed_text(of(one)) if of(one) else NO_DATA, absent=NO_DATA),
        Column(f"{key}_when", _("时点"), cell=lambda one: when(of(one))),
        Column(f"{key}_source", _("来源"), cell=lambda one: source(of(one))),
    ]  # fmt: skip


def sides_table(caption: Any) -> Table:
    """``caption`` tells the tables of one page apart."""
    return Table(
    "before_and_after",
    caption,
    [
        Column("definition", _("指标"), cell=figure_link),
        *columns("before", _("答复之前")),
        *columns("after", _("答复之后")),
        Column("rule", _("口径"), cell=lambda one: rule(one.definition) if one.definition else None, absent=_("本市没有这个口径")),
        Column("promise", _("承诺"), cell=lambda one: one.promised.number, on_page=False),
    ],
    page_size=100,
    )  # fmt: skip


BEFORE_AND_AFTER = sides_table(_("价格与电费的前后"))
