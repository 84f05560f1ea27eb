"""The home page, 一页看全局: eight lines of work, each as its room reports it, or plainly not yet begun."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from mangrove.casework.access import readable_promises
from mangrove.casework.models import Promise
from mangrove.casework.promise_counts import by_risk, promised
from mangrove.figures.values import Book
from mangrove.ledger.models import Event
from mangrove.registry.models import User
from mangrove.ui import house
from mangrove.ui.components import Figure, Progress, Tag
from mangrove.ui.lines import LINES, Line
from mangrove.workbench import headlines
from mangrove.workbench.room import reads_ledger


@dataclass(frozen=True)
class HomeTile:
    """A line of work as the page draws it; ``open`` is false while its room does not exist.

    Such a line still shows what is known of it: its leading figure, with source, and what letters promised.
    """

    label: Any
    open: bool
    figure: Figure | None = None
    tag: Tag | None = None
    bar: Progress | None = None
    notes: tuple[Any, ...] = ()
    url: str = ""


class PromisesOfLine(NamedTuple):
    total: int
    without_owner: int
    without_date: int


def home_tiles(user: Any) -> list[HomeTile]:
    """The eight lines in their order, then tiles that belong to no line."""
    placed = [(tile.line or room.id, tile) for room in house.rooms() for tile in room.tiles]
    by_line = dict(placed)
    known = {line.id for line in LINES}
    book, promises = headlines.headline_book(), promised_by_line(user)
    shown = [
        drawn(by_line[line.id], user, promises.get(line.id))
        if line.id in by_line
        else not_begun(line, book, promises)
        for line in LINES
    ]
    others = sorted((tile for line, tile in placed if line not in known), key=lambda tile: tile.order)
    return shown + [drawn(tile, user) for tile in others]


def drawn(tile: house.Tile, user: Any, promises: PromisesOfLine | None = None) -> HomeTile:
    """A room's own dict as components; see :class:`mangrove.ui.house.Tile` for its keys. Below it what letters promised."""
    says = tile.build(user)
    lineage = says.get("lineage_url") or ""
    figure = Figure(says.get("value"), says.get("unit", ""), says.get("qualifier", ""), lineage, large=True)
    return HomeTile(
        tile.label, True, figure,
        tag=Tag(says["status"], says.get("tone", "calm")) if says.get("status") else None,
        bar=Progress(*says["bar"]) if says.get("bar") else None,
        notes=(*says.get("notes", ()), *([promised_words(promises)] if promises else [])), url=says.get("url") or "",
    )  # fmt: skip


def not_begun(line: Line, book: Book, promises: Mapping[str, PromisesOfLine]) -> HomeTile:
    """A line without a room: its figures as they stand, and what the letter promised under it."""
    value = headlines.leading(line.id, book)
    words = promised_words(promises.get(line.id))
    return HomeTile(
        line.label, False, headlines.as_figure(value) if value else None,
        tag=Tag(_("尚未启用"), "calm"), notes=(*headlines.notes(line.id, book), words),
    )  # fmt: skip


def promised_by_line(user: User) -> dict[str, PromisesOfLine]:
    """How many promises that this user may know of each line of work has, and what they lack; one query.

    Withdrawn ones are left out, as in :func:`mangrove.casework.promise_counts.counts`.
    """
    lacking = {"without_owner": Q(owner_unit=None), "without_date": Q(due_on=None)}
    counts = {name: Count("pk", filter=condition) for name, condition in lacking.items()}
    rows = promised(readable_promises(user)).order_by()
    found = rows.values_list("line").annotate(total=Count("pk"), **counts)
    return {line: PromisesOfLine(*numbers) for line, *numbers in found}


def promised_words(found: PromisesOfLine | None) -> str:
    if found is None:
        return _("没有您可查阅的承诺")
    if found.without_owner == found.total:
        return _("来自答复的承诺 %(total)s 项，均未定责任单位") % {"total": found.total}
    words = {"total": found.total, "owner": found.without_owner, "date": found.without_date}
    return _("来自答复的承诺 %(total)s 项，未定责任单位 %(owner)s 项、未定期限 %(date)s 项") % words


def promise_rows(user: User) -> QuerySet[Promise]:
    """Promises not yet finished that this user may know of, the riskiest first: late, then by date, then undated."""
    readable = readable_promises(user).filter(case__closed_on=None)
    return by_risk(readable.select_related("case").prefetch_related("evidence"))


def recent_events(user: User) -> QuerySet[Event]:
    """The newest acts: all of them for those who read the ledger, one's own for everybody else."""
    newest = Event.objects.order_by("-id")
    return newest if reads_ledger(user) else newest.filter(actor=user.username)
