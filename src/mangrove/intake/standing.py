"""Where an application stands, in words: for the applicant the public ones, for the office its own; since when, due when, with whom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Max, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.standing import due_of, holder_of, moved_words, with_standing
from mangrove.casework.working_days import working_calendar
from mangrove.intake.access import may_apply, opens_now
from mangrove.intake.hooks import Further, further
from mangrove.intake.known import eligibility
from mangrove.intake.models import Application, Opening
from mangrove.intake.workflow import (
    ACCEPTED,
    APPLICATION,
    BAR,
    CHECKING,
    REFUSED,
    RETURNED,
    SUBMITTED,
    WITHDRAWN,
)
from mangrove.registry.labels import named
from mangrove.ui.components import Fact, Step, Tag, Tone
from mangrove.ui.dates import due_tag, moment
from mangrove.ui.tables import Table, TablePage

TONES: dict[str, Tone] = {
    SUBMITTED: "info", CHECKING: "info", RETURNED: "warn", ACCEPTED: "good", REFUSED: "bad", WITHDRAWN: "calm",
}  # fmt: skip
STANDING: dict[str, Tone] = {"before": "calm", "open": "good", "closed": "calm"}


def with_dates(rows: QuerySet[Application]) -> QuerySet[Application]:
    """With all that the lists ask of an application, in two queries more."""
    return with_standing(rows).annotate(received_at=Max("submissions__received_at"))


def waiting_first(rows: QuerySet[Application]) -> QuerySet[Application]:
    """Of :func:`with_dates`: what is open, the longest waiting on top; then what is over, the latest on top."""
    return rows.order_by(F("case__closed_on").desc(nulls_first=True), F("received_at").asc(), "pk")


def with_calendar(rows: Iterable[Application]) -> Iterator[Application]:
    """The same rows, each with the holiday table by which its days are counted and how it goes on; both are read once for all."""
    calendar, found = working_calendar(), list(rows)
    onward = further([one.pk for one in found])
    for row in found:
        row.calendar, row.further = calendar, onward.get(row.pk)  # type: ignore[attr-defined]
        yield row


def goes_on(application: Application) -> Further | None:
    """How what was accepted goes on in its programme; lists have asked for it already."""
    if not hasattr(application, "further"):
        application.further = further([application.pk]).get(application.pk)  # type: ignore[attr-defined]
    found: Further | None = application.further  # type: ignore[attr-defined]
    return found


def page_of(table: Table, rows: QuerySet[Application], query: QueryDict, export_href: str = "") -> TablePage:
    page = table.page(waiting_first(with_dates(rows)), query, export_href)
    return replace(page, objects=list(with_calendar(page.objects)))


def as_applicant(user: Any, application: Application) -> bool:
    return may_apply(user) and application.organisation_id in user.bodies


def state_tag(application: Application, public: bool) -> Tag:
    if application.case is None:
        return Tag(_("填写中"), "warn")
    if public and (onward := goes_on(application)):
        return onward.state
    state = APPLICATION.state(application.case.state)
    return Tag(state.public_label if public else state.label, TONES[state.id])


def due(application: Application) -> Any:
    """The day by which whoever has it must act; ``None`` for a draft and for what is over."""
    if application.case is None or application.case.closed_on is not None:
        return None
    return due_of(application.case, getattr(application, "calendar", None))


def due_cell(application: Application) -> Any:
    day = due(application)
    return due_tag(day) if day else None


def holder(application: Application) -> str:
    """With whom it is: the applicant while it is a draft or sent back, else the office, its unit and the officer."""
    case = application.case
    if case is None:
        return named(application.organisation)
    return holder_of(case)


def holder_now(application: Application, public: bool) -> str | None:
    """With whom it is, for the applicant wherever it has gone; nobody has what is over."""
    if public and (onward := goes_on(application)):
        return onward.holder or None
    over = application.case is not None and application.case.closed_on is not None
    return None if over else holder(application)


def since_now(application: Application) -> str:
    onward = goes_on(application)
    return onward.since if onward else since(application)


def since(application: Application) -> str:
    """Since when it stands as it does: the moment, or the day alone of what was entered later (补录)."""
    at, on = last_moved(application)
    if at is not None and on is not None:
        return moved_words(at, on)
    return moment(came_in(application) or application.started_at)


def last_moved(application: Application) -> tuple[datetime | None, date | None]:
    """The last step: when it was recorded, and its business date; lists have asked for it already."""
    if hasattr(application, "moved_at"):
        return application.moved_at, getattr(application, "moved_on", None)
    last = application.case.acts.order_by("-sequence").first() if application.case else None
    return (last.recorded, last.on) if last else (None, None)


def came_in(application: Application) -> datetime | None:
    """When the last submission came in."""
    if hasattr(application, "received_at"):
        return application.received_at
    found: datetime | None = application.submissions.aggregate(at=Max("received_at"))["at"]
    return found


def window_words(opening: Opening) -> str:
    return _("%(opens)s 至 %(closes)s") % {
        "opens": moment(opening.opens_at),
        "closes": until(opening.closes_at),
    }


def until(at: datetime) -> str:
    """Midnight is said as 24:00 of the day that ends: 2026-12-31 24:00."""
    local = timezone.localtime(at)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return f"{local:%Y-%m-%d %H:%M}" + (f":{local:%S}" if local.second else "")
    return f"{local - timedelta(days=1):%Y-%m-%d} 24:00"


def standing_tag(opening: Opening) -> Tag:
    standing = opens_now(opening, timezone.now())
    words = {"before": _("未开始"), "open": _("申报中"), "closed": _("已截止")}
    return Tag(words[standing], STANDING[standing])


def eligible_words(opening: Opening) -> str:
    """Who may apply, read aloud."""
    condition = eligibility(opening.eligible)
    return condition.said if condition else _("不限")


def office_words(opening: Opening) -> str:
    return " ".join(filter(None, [named(opening.office), opening.unit]))


def opening_facts(opening: Opening) -> list[Fact]:
    grace = (
        _("截止后 %(n)s 秒内收到的照收，回执注明") % {"n": opening.grace_seconds}
        if opening.grace_seconds
        else ""
    )
    each = _("每单位最多 %(n)s 项") % {"n": opening.each_most}
    return [
        Fact(_("申报时间"), window_words(opening), _("以服务器时间为准，精确到秒")),
        *([Fact(_("宽限"), grace)] if grace else []),
        Fact(_("谁可以申报"), eligible_words(opening), each),
        Fact(_("受理单位"), office_words(opening)),
        Fact(_("表单"), str(opening.form.definition.title), _("第 %(n)s 版，%(on)s 公布") % {"n": opening.form.version, "on": opening.form.published_on}),
        Fact(_("表单依据"), opening.form.definition.source, opening.form.definition.status),
    ]  # fmt: skip


def facts(application: Application, public: bool) -> list[Fact]:
    """Where it stands, who has it, since when and due when."""
    day = due(application)
    over = application.case is not None and application.case.closed_on is not None
    onward = goes_on(application) if public else None
    limits = [] if over else [Fact(_("期限"), due_tag(day) if day else None)]
    if application.case is None:
        limits = [Fact(_("截止"), until(application.opening.closes_at), _("以服务器时间为准，精确到秒"))]
    return [
        Fact(_("现在"), state_tag(application, public)),
        *([Fact(_("后续办理"), onward.link)] if onward else []),
        *([Fact(_("在谁手里"), with_whom)] if (with_whom := holder_now(application, public)) else []),
        Fact(_("自何时"), since_now(application) if public else since(application)),
        *limits,
        Fact(_("申报单位"), named(application.organisation)),
        Fact(_("所属窗口"), str(application.opening)),
    ]


def bar(application: Application) -> list[Step]:
    """The way of an application as the applicant sees it; what went before the present step is done."""
    at = 0 if application.case is None else next(n for n, (_label, states) in enumerate(BAR) if application.case.state in states)  # fmt: skip
    over = application.case is not None and application.case.closed_on is not None
    steps = []
    for n, (label, _states) in enumerate(BAR):
        done = n < at or over or (n == at == 1)
        steps.append(Step(label, "", "done" if done else "now" if n == at else "waiting"))
    if at == 1:
        steps[2] = Step(BAR[2][0], _("等待审查"), "now")
    return steps
