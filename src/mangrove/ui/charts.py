"""Charts drawn on the server as SVG, each with its title, its description and its data table.

All lengths are exact ``Decimal`` until they are written; colours come from ``charts.css`` by class, so that the strict
content policy holds. A value that is not known is left out of the drawing and named 缺数据 in the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from mangrove.ui.languages import beside, listed, strung
from mangrove.ui.numbers import Number, grouped

WIDTH = 480
LEFT, RIGHT = 72, 112
ROW, BAR = 28, 12
PLOT_HEIGHT = 180
SERIES_CLASSES = 6


@dataclass(frozen=True)
class Chart:
    """A drawing and its data table: ``{% chart chart %}``."""

    title: str
    description: str
    svg: SafeString
    heads: Sequence[Any]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Bar:
    """One bar: what is there, and the goal that the mark shows (``None``: no goal)."""

    label: Any
    value: Number | None
    goal: Number | None = None


@dataclass(frozen=True)
class Point:
    """One point of a line; ``low`` and ``high`` bound the band of what is not known."""

    label: Any
    value: Number | None
    low: Number | None = None
    high: Number | None = None


def bars(title: Any, items: Sequence[Bar], unit: Any = "") -> Chart:
    """Horizontal bars with the goal as a vertical mark; a value behind its goal is red *and* says so in words."""
    top = max((value for item in items for value in (item.value, item.goal) if value is not None), default=0)
    drawn = format_html_join("", "{}", ((bar(item, index, top),) for index, item in enumerate(items)))
    rows = [[item.label, said(item.value), said(item.goal), gap_words(item)] for item in items]
    description = _("横条为实际，竖线为目标。") + strung(f"{row[0]} {row[1]}" for row in rows)
    heads = [_("名称"), with_unit(_("实际"), unit), with_unit(_("目标"), unit), _("比目标")]
    return Chart(str(title), description, frame(title, description, len(items) * ROW, drawn), heads, rows)


def bar(item: Bar, index: int, top: Number) -> SafeString:
    y = index * ROW
    behind = item.value is not None and item.goal is not None and item.value < item.goal
    figures = said(item.value) if item.goal is None else f"{said(item.value)} / {said(item.goal)}"
    return format_html(
        '<text class="label" x="0" y="{}">{}</text><rect class="track" x="{}" y="{}" width="{}" height="{}"/>{}{}'
        '<text class="end{}" x="{}" y="{}">{}</text>',
        y + 18, item.label, LEFT, y + 8, WIDTH - LEFT - RIGHT, BAR, value_rect(item.value, y, top),
        goal_rect(item.goal, y, top), " behind" if behind else "", WIDTH, y + 18, figures,
    )  # fmt: skip


def value_rect(value: Number | None, y: int, top: Number) -> SafeString:
    if value is None:
        return mark_safe("")
    length = along(value, top, WIDTH - LEFT - RIGHT)
    return format_html('<rect class="part" x="{}" y="{}" width="{}" height="{}"/>', LEFT, y + 8, length, BAR)


def goal_rect(goal: Number | None, y: int, top: Number) -> SafeString:
    if goal is None:
        return mark_safe("")
    x = LEFT + along(goal, top, WIDTH - LEFT - RIGHT)
    return format_html('<rect class="goal" x="{}" y="{}" width="2" height="{}"/>', x - 1, y + 6, BAR + 4)


def gap_words(item: Bar) -> str:
    if item.value is None or item.goal is None:
        return "—"
    gap = item.value - item.goal
    if gap < 0:
        return _("差 %(gap)s") % {"gap": grouped(-gap)}
    return _("超 %(gap)s") % {"gap": grouped(gap)} if gap else _("持平")


def line(title: Any, points: Sequence[Point], unit: Any = "", limit: Number | None = None) -> Chart:
    """A line over ordered points, with the band of the unknown around it and a dashed limit across."""
    known = [v for point in points for v in (point.value, point.low, point.high) if v is not None]
    top = max([*known, *([limit] if limit is not None else [])], default=0)
    parts = [axis(top), band(points, top), limit_line(limit, top), curve(points, top), dots(points, top)]
    rows = [[point.label, said(point.value), interval(point)] for point in points]
    ends = [point for point in points if point.value is not None]
    description = _("折线为数值，阴影为未知数据可能的区间。")
    if ends:
        description += f"{ends[0].label} {said(ends[0].value)} → {ends[-1].label} {said(ends[-1].value)}"
    svg = frame(title, description, PLOT_HEIGHT + 32, format_html_join("", "{}", ((part,) for part in parts)))
    return Chart(str(title), description, svg, [_("名称"), with_unit(_("数值"), unit), _("区间")], rows)


def place(index: int, value: Number, length: int, top: Number) -> tuple[Decimal, Decimal]:
    """Where a point stands in the drawing, in SVG units."""
    step = Decimal(WIDTH - LEFT - 24) / max(1, length - 1)
    return (LEFT + step * index).quantize(Decimal("0.1")), PLOT_HEIGHT - along(value, top, PLOT_HEIGHT - 16)


def axis(top: Number) -> SafeString:
    lines = ((LEFT, PLOT_HEIGHT - along(value, top, PLOT_HEIGHT - 16), value) for value in round_marks(top))
    return format_html_join(
        "", '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="end" x="{}" y="{}">{}</text>',
        ((x, WIDTH - 24, y, y, x - 8, y + 4, grouped(value)) for x, y, value in lines),
    )  # fmt: skip


def round_marks(top: Number) -> list[Decimal]:
    """Round values from zero to ``top`` at steps of 1, 2, 2.5 or 5 times a power of ten: three to six of them."""
    if top <= 0:
        return [Decimal(0)]
    tenth = Decimal(10) ** Decimal(top).adjusted()
    steps = (tenth * factor for factor in (Decimal("0.2"), Decimal("0.25"), Decimal("0.5"), 1, Decimal(2)))
    step = next(step for step in steps if Decimal(top) / step < 5)
    return [Decimal(f"{(step * index).normalize():f}") for index in range(int(Decimal(top) / step) + 1)]


def band(points: Sequence[Point], top: Number) -> SafeString:
    bounded = [(i, p) for i, p in enumerate(points) if p.low is not None and p.high is not None]
    upper = [place(i, p.high or 0, len(points), top) for i, p in bounded]
    lower = [place(i, p.low or 0, len(points), top) for i, p in reversed(bounded)]
    return (
        format_html('<polygon class="band" points="{}"/>', path(upper + lower)) if bounded else mark_safe("")
    )


def curve(points: Sequence[Point], top: Number) -> SafeString:
    """The line breaks where a value is unknown, rather than bridging it."""
    runs: list[list[tuple[Decimal, Decimal]]] = [[]]
    for index, point in enumerate(points):
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append(place(index, point.value, len(points), top))
    return format_html_join(
        "", '<polyline class="line" points="{}"/>', ((path(run),) for run in runs if len(run) > 1)
    )


def dots(points: Sequence[Point], top: Number) -> SafeString:
    shown = [(p, *place(i, p.value or 0, len(points), top)) for i, p in enumerate(points)]
    every = max(1, len(points) // 8)
    circles = format_html_join(
        "",
        '<circle class="dot" cx="{}" cy="{}" r="3"/>',
        ((x, y) for p, x, y in shown if p.value is not None),
    )
    labels = format_html_join(
        "", '<text class="{}" x="{}" y="{}">{}</text>',
        ((*anchored(p, x, points), PLOT_HEIGHT + 20, p.label) for p, x, _y in shown[::every]),
    )  # fmt: skip
    return format_html("{}{}", circles, labels)


def anchored(point: Point, x: Decimal, points: Sequence[Point]) -> tuple[str, Decimal | int]:
    """A label stands under its point; that of the last one ends with the drawing, so that it is not cut off."""
    return ("end", WIDTH) if len(points) > 1 and point is points[-1] else ("middle", x)


def limit_line(limit: Number | None, top: Number) -> SafeString:
    if limit is None:
        return mark_safe("")
    y = PLOT_HEIGHT - along(limit, top, PLOT_HEIGHT - 16)
    words = _("上限 %(limit)s") % {"limit": grouped(limit)}
    return format_html(
        '<line class="limit" x1="{}" x2="{}" y1="{}" y2="{}"/><text class="behind" x="{}" y="{}">{}</text>',
        LEFT, WIDTH - 24, y, y, LEFT + 6, y - 5, words,
    )  # fmt: skip


def stacked(
    title: Any, names: Sequence[Any], items: Sequence[tuple[Any, Sequence[Number]]], unit: Any = ""
) -> Chart:
    """One bar a row, cut into the parts that ``names`` name; the legend stands above, the total at the right."""
    top = max((sum(values) for _label, values in items), default=0)
    shapes = [
        legend(names),
        *(stack(label, values, i, top) for i, (label, values) in enumerate(items, start=1)),
    ]
    rows = [[label, *(grouped(value) for value in values), grouped(sum(values))] for label, values in items]
    description = _("每条分为：") + listed(str(name) for name in names)
    drawing = format_html_join("", "{}", ((shape,) for shape in shapes))
    heads = [_("名称"), *names, with_unit(_("合计"), unit)]
    return Chart(
        str(title), description, frame(title, description, (len(items) + 1) * ROW, drawing), heads, rows
    )


def stack(label: Any, values: Sequence[Number], index: int, top: Number) -> SafeString:
    y, x, cuts = index * ROW, Decimal(LEFT), []
    for series, value in enumerate(values):
        length = along(value, top, WIDTH - LEFT - RIGHT)
        cuts.append((series % SERIES_CLASSES, x, y + 8, length, BAR))
        x += length
    parts = format_html_join("", '<rect class="s{}" x="{}" y="{}" width="{}" height="{}"/>', cuts)
    return format_html(
        '<text class="label" x="0" y="{}">{}</text>{}<text class="end" x="{}" y="{}">{}</text>',
        y + 18, label, parts, WIDTH, y + 18, grouped(sum(values)),
    )  # fmt: skip


def legend(names: Sequence[Any]) -> SafeString:
    step = (WIDTH - LEFT) // max(1, len(names))
    marks = (
        (i % SERIES_CLASSES, LEFT + i * step, LEFT + i * step + 18, name) for i, name in enumerate(names)
    )
    return format_html_join(
        "", '<rect class="s{}" x="{}" y="4" width="12" height="12"/><text x="{}" y="15">{}</text>', marks
    )


def frame(title: Any, description: str, height: int, drawing: SafeString) -> SafeString:
    """The drawing with its accessible name; ids follow from what it says, so that the same chart is the same bytes."""
    serial = sha256(f"{title}\n{description}".encode()).hexdigest()[:12]
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-labelledby="chart-{}-title chart-{}-desc">'
        '<title id="chart-{}-title">{}</title><desc id="chart-{}-desc">{}</desc>{}</svg>',
        WIDTH, max(height, ROW), serial, serial, serial, title, serial, description, drawing,
    )  # fmt: skip


def along(value: Number, top: Number, length: int) -> Decimal:
    """How far ``value`` reaches on an axis of ``length`` that ends at ``top``; negative values stay at the start."""
    if top <= 0 or value <= 0:
        return Decimal("0.0")
    return (Decimal(value) / Decimal(top) * length).quantize(Decimal("0.1"))


def path(places: Sequence[tuple[Decimal, Decimal]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)


def said(value: Number | None) -> str:
    return _("缺数据") if value is None else grouped(value)


def interval(point: Point) -> str:
    if point.low is None or point.high is None:
        return "—"
    return f"{grouped(point.low)}–{grouped(point.high)}"


def with_unit(label: str, unit: Any) -> str:
    return beside(label, unit)
