"""The ledger of promises (承诺台账), the evidence of one promise, the stops of a clock, the holiday table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.models import CalendarDay, Case, Promise, PromiseEvidence
from mangrove.casework.naming import origin
from mangrove.casework.promise_counts import lacking
from mangrove.casework.promise_workflow import WITHDRAWN
from mangrove.casework.workflow import workflow
from mangrove.ui.components import Link, Short, Tag, Tone
from mangrove.ui.dates import due_tag
from mangrove.ui.languages import beside, listed, strung
from mangrove.ui.lines import line_label
from mangrove.ui.naming import about, link_to, named
from mangrove.ui.tables import Column, Table

UNSETTLED = _("未定")
WEEKDAYS = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))
TONES: dict[str, Tone] = {
    "not_started": "calm",
    "limited": "info",
    "substantial": "info",
    "complete": "good",
    "impossible": "bad",
    WITHDRAWN: "calm",
}


def promise_link(promise: Promise) -> Link:
    return Link(promise.number, reverse("casework:promise", args=[promise.pk]))


def state_tag(case: Case) -> Tag:
    return Tag(workflow(case.workflow).state(case.state).label, TONES.get(case.state, "info"))


def with_origins(user: Any, promises: Iterable[Promise]) -> Iterator[Promise]:
    """The promises as they come, each told which proposal or letter it comes from; select ``case``."""
    return named(user, promises, origin)


def origin_link(promise: Promise) -> Any:
    """What the promising letter answered, of a promise that came by :func:`with_origins`."""
    return link_to(about(promise))


def origin_number(promise: Promise) -> Any:
    """The same by its number alone: a column has no room for more."""
    return link_to(about(promise), short=True)


def due(promise: Promise) -> Any:
    """The date with how near it is; of a finished promise the date alone, since nothing is late any more."""
    if promise.due_on is None:
        return None
    return promise.due_on.isoformat() if promise.case.closed_on else due_tag(promise.due_on)


def evidence_short(promise: Promise) -> str | None:
    """How many pieces there are, and the latest."""
    shown = list(promise.evidence.all())
    if not shown:
        return None
    last = shown[-1]
    return gettext("%(n)s 件；%(day)s %(what)s") % {"n": len(shown), "day": last.dated, "what": last.what}


def evidence_full(promise: Promise) -> str:
    return strung(f"{one.dated} {beside(one.what, one.source)}" for one in promise.evidence.all())


PROMISES = Table(
    "promises",
    _("承诺台账"),
    [
        Column("number", _("编号"), sort="number", cell=promise_link),
        Column("text", _("承诺")),
        Column("proposal", _("出自"), cell=origin_number, export=origin_link),
        Column("line", _("工作条线"), sort="line", cell=lambda promise: Short(line_label(promise.line))),
        Column("owner_unit", _("责任单位"), sort="owner_unit", absent=UNSETTLED),
        Column("due_on", _("期限"), sort="due_on", cell=due, export=lambda one: one.due_on, absent=UNSETTLED),
        Column("measure", _("衡量办法"), absent=UNSETTLED),
        Column("evidence", _("证据"), cell=evidence_short, export=evidence_full, absent=_("无")),
        Column("state", _("状态"), cell=lambda promise: state_tag(promise.case)),
    ],
    empty=_("答复签发后，其中的承诺逐项列在这里，直到办结。"),
)


def worded(column: Column) -> Column:
    """The column as it leaves the house: what nobody has set says 未定, instead of an empty cell."""
    return replace(column, export=lambda row: column.exported(row) or str(column.absent))


#: The same for Excel, with the heading of the letter and all that is lacking.
EXPORTED = replace(
    PROMISES,
    columns=[
        *map(worded, PROMISES.columns),
        Column("heading", _("所在标题")),
        Column("lacking", _("缺项"), export=lambda promise: listed(lacking(promise))),
    ],
)


def download(shown: PromiseEvidence) -> Any:
    if shown.attachment is None:
        return None
    return Link(shown.attachment.name, reverse("casework:attachment", args=[shown.attachment.pk]))


EVIDENCE = Table(
    "evidence",
    _("证据"),
    [
        Column("dated", _("日期")),
        Column("what", _("证明什么")),
        Column("source", _("出处")),
        Column("attachment", _("文件"), cell=download, absent=_("无")),
        Column("by", _("何人登记"), cell=lambda shown: str(shown.event.by)),
    ],
    page_size=100,
    empty=_("状态凭证据改变；先登记证据，再记进展。"),
)

STOPS = Table(
    "stops",
    _("停表"),
    [
        Column("stopped_on", _("自")),
        Column("restarted_on", _("恢复于"), absent=_("未恢复")),
        Column("category", _("类别")),
        Column("reason", _("理由")),
    ],
    page_size=100,
)


def day_link(day: CalendarDay) -> Link:
    """Leads to its correction; who may not correct is told who may."""
    return Link(day.date.isoformat(), f"{reverse('casework:day')}?date={day.date}")


def weekday(day: CalendarDay) -> str:
    return str(WEEKDAYS[day.date.weekday()])


def kind_tag(day: CalendarDay) -> Tag:
    return Tag(_("休") if day.kind == "休" else _("班"), "info" if day.kind == "休" else "warn")


def status_tag(day: CalendarDay) -> Tag:
    return Tag(_("已核"), "good") if day.status == "已核" else Tag(_("待核"), "warn")


DAYS = Table(
    "days",
    _("假日表"),
    [
        Column("date", _("日期"), sort="date", cell=day_link, export=lambda day: day.date),
        Column("weekday", _("星期"), cell=weekday),
        Column("kind", _("性质"), sort="kind", cell=kind_tag),
        Column("name", _("所属假日")),
        Column("source", _("依据")),
        Column("status", _("核对"), sort="status", cell=status_tag),
    ],
    order="date",
    page_size=100,
    empty=_("装入放假安排后列在这里；没有安排的年份按周末推算。"),
)
