"""From what is in force to the changed text, one change after another, as SVG drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from mangrove.policies.sandbox.numbers import called
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.simulate.waterfall import Waterfall
from mangrove.ui.charts import BAR, WIDTH, Chart, along, frame, with_unit
from mangrove.ui.languages import strung
from mangrove.ui.numbers import FEN_PER_WAN, signed, wan

ROW, PLOT = 44, WIDTH - 110
#: What was there, what is added and what is taken away; each also by its sign.
STAYS, ADDS, TAKES = "part", "s2", "s3"


def waterfall(found: Waterfall, measure: Measure) -> Chart:
    title, description = _("依次改动"), _("从现行到改后，一步一条；各步之和等于总增减。")
    bars = [
        (_("现行"), 0, found.base, wan(found.base)),
        *stepped(found, measure),
        (_("改后"), 0, found.end, wan(found.end)),
    ]
    top = max([found.base, *(one.fen for one in found.steps)])
    drawn = format_html_join("", "{}", ((bar(*one, n, top),) for n, one in enumerate(bars)))
    rows = [[label, said, wan(high)] for label, _low, high, said in bars]
    said = description + strung(f"{label} {words}" for label, _low, _high, words in bars)
    heads = [_("步骤"), with_unit(_("增减"), _("万元")), with_unit(_("到此"), _("万元"))]
    return Chart(str(title), description, frame(title, said, len(bars) * ROW, drawn), heads, rows)  # fmt: skip


def stepped(found: Waterfall, measure: Measure) -> Sequence[tuple[Any, int, int, str]]:
    """Label, the cost before and after the step, and its effect in words."""
    before, bars = found.base, []
    for one in found.steps:
        label = called(measure, one.changed[0]) if one.changed else _("换成这一版文字")
        bars.append((label, before, one.fen, signed(Decimal(one.effect) / FEN_PER_WAN, 2)))
        before = one.fen
    return bars


def bar(label: Any, before: int, after: int, said: str, index: int, top: int) -> SafeString:
    y, low, high = index * ROW, min(before, after), max(before, after)
    begin, end = along(low, top, PLOT), along(high, top, PLOT)
    kind = STAYS if not before else ADDS if after >= before else TAKES
    return format_html(
        '<text class="label" x="0" y="{}">{}</text><rect class="track" x="0" y="{}" width="{}" height="{}"/>'
        '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/><text class="end" x="{}" y="{}">{}</text>',
        y + 16, label, y + 22, PLOT, BAR, kind, begin, y + 22, max(end - begin, Decimal(1)), BAR, WIDTH, y + 33, said,
    )  # fmt: skip
