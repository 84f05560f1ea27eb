"""待办: the cases that wait for a user, with the time left, most urgent first; and what they did and started.

The number of queries does not grow with the number of cases: the count, the cases of a page, their running clocks,
the clocks' stops, and the calendar.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, overload

from django.db.models import (
    Aggregate,
    DateField,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from mangrove.casework.access import Visitor, reaches, within
from mangrove.casework.asking import asks, standing_at, waiting_for
from mangrove.casework.clock_actions import reading_of
from mangrove.casework.clocks import words_left
from mangrove.casework.delegations.standing import asked_for_others, waiting_for_others
from mangrove.casework.links import case_href
from mangrove.casework.models import Case, CaseAct, Clock, ClockStop
from mangrove.casework.naming import case_origin
from mangrove.casework.workflow import Scope, Workflow, available, workflow, workflows
from mangrove.casework.working_days import WorkingCalendar, working_calendar
from mangrove.registry.models import User
from mangrove.ui.house import Todo
from mangrove.ui.languages import listed
from mangrove.ui.naming import about, named

#: Sorts what has no date behind everything that has one.
FAR = Value(date.max, output_field=DateField())


class Due(date):
    """A due date that knows what it means today: ``words`` is 剩 9 个工作日, 今日到期 or 超期 2 天（自然日）."""

    words: str

    @classmethod
    def seen(cls, day: date, today: date, calendar: WorkingCalendar) -> Due:
        due = cls(day.year, day.month, day.day)
        due.words = words_left(day, today, calendar)
        return due


class Inbox(Sequence[Todo]):
    """What waits for a user, most urgent first; what has no date comes last, oldest first.

    It is counted and cut in the database, so that a page reads no more cases than it shows.
    """

    def __init__(self, user: User | None, cases: QuerySet[Case]) -> None:
        self.user = user
        self.cases = cases

    @cached_property
    def length(self) -> int:
        return self.cases.count()

    @property
    def ordered(self) -> QuerySet[Case]:
        return most_urgent_first(self.cases)

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, index: int) -> Todo: ...
    @overload
    def __getitem__(self, index: slice) -> list[Todo]: ...
    def __getitem__(self, index: int | slice) -> Todo | list[Todo]:
        if isinstance(index, int):
            return self.read(self.ordered[index : index + 1])[0]
        return self.read(self.ordered[index])

    def __iter__(self) -> Iterator[Todo]:
        return iter(self.read(self.ordered))

    def read(self, cases: QuerySet[Case]) -> list[Todo]:
        if self.user is None:
            return []
        today, calendar = timezone.localdate(), working_calendar()
        told = named(self.user, with_dates(cases), case_origin)
        return [todo(self.user, case, earliest_due(case, today, calendar)) for case in told]


def inbox(user: Visitor) -> Inbox:
    """The open cases at a state from which this user is asked for a step."""
    if not isinstance(user, User) or not user.is_active:
        return Inbox(None, Case.objects.none())
    waiting = Q(pk__in=[])
    for flow in workflows():
        waiting |= waiting_in(flow, user)
    waiting |= waiting_for_others(user)
    return Inbox(user, Case.objects.filter(waiting, closed_on=None))


def most_urgent_first(cases: QuerySet[Case]) -> QuerySet[Case]:
    """By the earliest date to keep, then by how long the case has stood, then by its number."""
    standing = ClockStop.objects.filter(clock=OuterRef("pk"), restarted_on=None)
    running = Clock.objects.filter(~Exists(standing), case=OuterRef("pk"), met_on=None, due_on__isnull=False)
    acts = CaseAct.objects.filter(case=OuterRef("pk"))
    return cases.annotate(
        clock_due=Coalesce(extreme(running, Min("due_on")), FAR),
        promise_due=Coalesce(F("promise__due_on"), FAR),
        moved_on=Coalesce(extreme(acts, Max("on")), F("opened_on")),
    ).order_by(Least("clock_due", "promise_due"), "moved_on", "pk")


def extreme(rows: QuerySet[Any], which: Aggregate) -> Subquery:
    """The least or greatest of a case's ``rows``; cheaper than sorting them for each case of thousands."""
    return Subquery(rows.order_by().values("case").annotate(extreme=which).values("extreme"))


def waiting_in(flow: Workflow, user: User) -> Q:
    """The open cases of one workflow at a state from which one of the user's roles is asked for a step."""
    states: dict[Scope, set[str]] = {}
    waiting = Q(pk__in=[])
    for step in flow.steps:
        if not step.prompts or not user.has_role(*step.roles):
            continue
        if step.asks_when is None:
            states.setdefault(step.scope, set()).update(step.sources)
        else:
            waiting |= waiting_for(flow, step) & within(user, step.scope)
    for scope, sources in states.items():
        waiting |= standing_at(flow, sources) & within(user, scope)
    return waiting


def with_dates(cases: QuerySet[Case]) -> QuerySet[Case]:
    """With all that :func:`todo` asks of a case, in two queries more."""
    running = Clock.objects.filter(met_on=None).prefetch_related("stops")
    return cases.select_related("promise").prefetch_related(
        Prefetch("clocks", queryset=running, to_attr="running_clocks")
    )


def asked(user: User, case: Case) -> list[str]:
    """The labels of the steps that this user is asked for on this case, in their own place or in another's."""
    flow = workflow(case.workflow)
    own = [
        step
        for step in available(flow, case.state, user.roles)
        if reaches(user, case, step) and asks(case, step)
    ]
    return [*(str(step.label) for step in own), *asked_for_others(user, case, flow)]


def since(case: Case) -> date:
    """The day from which the case has stood in its present state."""
    return getattr(case, "moved_on", None) or case.opened_on


def earliest_due(case: Case, today: date, calendar: WorkingCalendar) -> Due | None:
    """The first date that the case must keep; a standing clock has none."""
    clocks: Iterable[Clock] = getattr(case, "running_clocks", ())
    dates = [clock.due_on for clock in clocks if clock.due_on and reading_of(clock).open_stop is None]
    promise = getattr(case, "promise", None)
    if promise is not None and promise.due_on:
        dates.append(promise.due_on)
    return Due.seen(min(dates), today, calendar) if dates else None


def todo(user: User, case: Case, due: Due | None) -> Todo:
    acts = to_settle(case) or listed(asked(user, case))
    return Todo(
        title=case.title, act=acts, url=case_href(case), due=due, since=since(case), subject=case.subject,
        origin=about(case),
    )  # fmt: skip


def to_settle(case: Case) -> str:
    """What an officer must set before a promise can be followed at all; empty for any other case."""
    promise = getattr(case, "promise", None)
    if promise is None:
        return ""
    parts = (
        (promise.owner_unit, _("责任单位")), (promise.due_on, _("期限")), (promise.measure, _("衡量办法")),
    )  # fmt: skip
    missing = [label for value, label in parts if value is None]
    return _("定%(what)s") % {"what": listed(missing)} if missing else ""


def done_by(user: User) -> QuerySet[Case]:
    """Cases on which the user took a step (已办), the latest step first."""
    mine = CaseAct.objects.filter(case=OuterRef("pk"), by=user.username)
    latest = Max("acts__recorded", filter=Q(acts__by=user.username))
    found = Case.objects.filter(Exists(mine)).select_related("promise")
    return found.annotate(acted=latest).order_by("-acted", "-id")


def started_by(user: User) -> QuerySet[Case]:
    """Cases that the user opened (我发起的), the latest first."""
    return (
        Case.objects.filter(opened_by=user.username).select_related("promise").order_by("-opened_on", "-id")
    )
