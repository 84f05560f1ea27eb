"""What is known of a line of work whose room is not built yet: the figures that the city names for it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.figures.labels import name, period_text, printed_text
from mangrove.figures.models import Value
from mangrove.figures.values import Book, read_book
from mangrove.ui.components import Figure


@dataclass(frozen=True)
class Headline:
    """The figure that leads a line, and others to read beside it; ids of definitions."""

    line: str
    leads: str
    beside: tuple[str, ...]


@cache
def headlines() -> dict[str, Headline]:
    """By line of work, from the city's ``figures/headlines.csv``; a city without that file has none."""
    path = Path(settings.MANGROVE_CITY) / "figures" / "headlines.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["line"]: Headline(row["line"], row["definition"], tuple(row["beside"].split())) for row in rows
    }


def headline_book() -> Book:
    """Today's values of every figure that any headline names; two queries."""
    named = [id for one in headlines().values() for id in (one.leads, *one.beside)]
    return read_book(on=timezone.localdate(), definitions=named)


def leading(line: str, book: Book) -> Value | None:
    """The newest value of the line's leading figure; ``None`` where nothing is known."""
    headline = headlines().get(line)
    return book.latest(headline.leads) if headline else None


def as_figure(value: Value) -> Figure:
    """The value large, as it is printed in letters, leading to where it comes from."""
    return Figure(printed_text(value), href=reverse("figures:lineage", args=[value.pk]), large=True)


def notes(line: str, book: Book) -> list[str]:
    """What the leading figure counts and as of when; then the figures beside it, each under its own name."""
    value = leading(line, book)
    if value is None:
        return [_("尚无指标")]
    return [f"{name(value.definition)} · {origin(value)}", " · ".join(beside(line, book))]


def origin(value: Value) -> str:
    """As of when, and whether anybody has held the source in hand; which source it is stands behind the figure."""
    return _("截至 %(period)s · %(status)s") % {
        "period": period_text(value.period), "status": value.source.get_status_display(),
    }  # fmt: skip


def beside(line: str, book: Book) -> Iterator[str]:
    for id in headlines()[line].beside:
        value = book.latest(id)
        if value is not None:
            yield f"{name(value.definition)} {printed_text(value)}"
