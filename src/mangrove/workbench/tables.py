"""The workbench's tables: what waits, what was done, and the ledger's events."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.casework.links import case_href
from mangrove.casework.models import Case, Promise
from mangrove.casework.tables import origin_number
from mangrove.casework.workflow import workflow
from mangrove.ledger.models import Event
from mangrove.ui import house
from mangrove.ui.components import Link, Short, Tag
from mangrove.ui.dates import due_tag, moment
from mangrove.ui.languages import as_data, strung
from mangrove.ui.naming import about, link_to
from mangrove.ui.tables import Column, Table


def case_link(case: Case) -> Any:
    href = case_href(case)
    return Link(case.title, href) if href else case.title


def promise_link(promise: Promise) -> Link:
    return Link(promise.text, reverse("casework:promise", args=[promise.pk]))


def with_origin(title: Any, origin: house.Named | None) -> Any:
    """The title, and beside it in small what it comes from: promises of different letters have the same numbers."""
    if origin is None:
        return title
    return format_html('{} <span class="quiet">{}</span>', title, link_to(origin, short=True))


def state_tag(case: Case) -> Tag:
    state = workflow(case.workflow).state(case.state)
    return Tag(state.label, "good" if state.final else "info")


def evidence(promise: Promise) -> str | None:
    return strung(item.what for item in promise.evidence.all()) or None


def recorded(event: Event) -> str:
    return moment(event.recorded_at)


def recorded_at(event: Event) -> Any:
    return event.recorded_at


def business_date(event: Event) -> Any:
    day = event.business_date.isoformat()
    return Tag(_("%(day)s 补录") % {"day": day}, "warn") if event.back_entry else Short(day)


def numbered(event: Event) -> Link:
    return Link(event.pk, reverse("workbench:ledger_event", args=[event.uid]), drawer=True)


def about_words(event: Event) -> Any:
    """What the act is about as people know it, with its number in the ledger, by which the list can be searched."""
    ref, known = event.subject, link_to(about(event))
    if known is None:
        return str(ref)
    return format_html('{} <span class="quiet">{}</span>', as_data(known), ref)


def about_exported(event: Event) -> Any:
    return link_to(about(event)) or str(event.subject)


def sealed(event: Event) -> Any:
    seal = getattr(event, "seal", None)
    return (
        Tag(_("第 %(position)s 条") % {"position": seal.position}, "good")
        if seal
        else Tag(_("待封存"), "calm")
    )


TODOS = Table(
    "todos",
    gettext_lazy("待办"),
    [
        Column(
            "title",
            gettext_lazy("事项"),
            cell=lambda todo: with_origin(Link(todo.title, todo.url), todo.origin),
        ),
        Column("act", gettext_lazy("要办")),
        Column("due", gettext_lazy("时限"), cell=lambda todo: due_tag(todo.due)),
        Column("since", gettext_lazy("到您手上")),
    ],
    empty=gettext_lazy("别处交来的事会出现在这里。"),
)

CASES = Table(
    "cases",
    gettext_lazy("办件"),
    [
        Column("title", gettext_lazy("事项"), cell=lambda case: with_origin(case_link(case), about(case))),
        Column("state", gettext_lazy("状态"), cell=state_tag),
        Column("opened_on", gettext_lazy("开始日期"), sort="opened_on"),
        Column("closed_on", gettext_lazy("办结日期"), sort="closed_on", absent=gettext_lazy("在办")),
    ],
    empty=gettext_lazy("您办过、发起过的事会列在这里。"),
)

PROMISES = Table(
    "promises",
    gettext_lazy("承诺台账"),
    [
        Column("number", gettext_lazy("编号")),
        Column("text", gettext_lazy("承诺"), cell=promise_link),
        Column("proposal", gettext_lazy("出自"), cell=origin_number),
        Column("owner_unit", gettext_lazy("责任"), absent=gettext_lazy("未定")),
        Column("due_on", gettext_lazy("时限"), cell=lambda promise: due_tag(promise.due_on)),
        Column("evidence", gettext_lazy("证据"), cell=evidence, absent=gettext_lazy("无")),
        Column("state", gettext_lazy("状态"), cell=lambda promise: state_tag(promise.case)),
    ],
    page_size=100,
    empty=gettext_lazy("答复签发后，其中的承诺逐项列在这里，直到办结。"),
)

EVENTS = Table(
    "ledger",
    gettext_lazy("账本"),
    [
        Column("id", gettext_lazy("序号"), sort="id", cell=numbered, export=lambda event: event.pk),
        Column(
            "recorded_at",
            gettext_lazy("录入时间"),
            sort="recorded_at",
            cell=lambda event: Short(recorded(event)),
            export=recorded_at,
        ),
        Column("business_date", gettext_lazy("业务日期"), sort="business_date", cell=business_date),
        Column("actor", gettext_lazy("何人"), sort="actor", cell=lambda event: str(event.by)),
        Column("act", gettext_lazy("办了什么"), sort="act", cell=lambda event: house.act_words(event.act)),
        Column("subject", gettext_lazy("对象"), cell=about_words, export=about_exported),
        Column("why", gettext_lazy("意见或理由")),
        Column("seal", gettext_lazy("封存"), cell=sealed),
    ],
    order="-id",
    empty=gettext_lazy("第一件事办成之后，这里就有记录。"),
)

SUBJECT = Column("ref", gettext_lazy("对象编号"), cell=lambda event: str(event.subject))

#: The same for Excel, with the number of what each act is about in a column of its own.
EXPORTED_EVENTS = replace(
    EVENTS,
    columns=[
        part
        for column in EVENTS.columns
        for part in ([column, SUBJECT] if column.key == "subject" else [column])
    ],
)
