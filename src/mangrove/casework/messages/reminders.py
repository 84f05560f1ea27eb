"""Reminders (提醒): who is asked for a step hears before its time limit ends and after, once for each threshold."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from mangrove.casework.access import steps_for
from mangrove.casework.asking import asks
from mangrove.casework.links import case_href
from mangrove.casework.messages.actions import tell
from mangrove.casework.messages.models import Reminder
from mangrove.casework.models import Case, Clock, ClockStop, Promise
from mangrove.ledger.actions import record
from mangrove.ledger.refs import SYSTEM
from mangrove.registry.models import User
from mangrove.ui.thresholds import thresholds

#: What is to be done about a promise by its date; a clock says so itself, in its rule.
KEEP_PROMISE = ("落实这项承诺", "keep the promise")


def reached(due: date, today: date, before: Collection[int], overdue: Collection[int]) -> int | None:
    """The latest threshold that ``today`` has passed: days before the due date, or below zero days after; else ``None``."""
    left = (due - today).days
    if left < 0:
        passed = [days for days in overdue if days and days <= -left]
        return -max(passed) if passed else None
    passed = [days for days in before if left <= days]
    return min(passed) if passed else None


@dataclass(frozen=True)
class Matter:
    """What people are reminded of: a running clock, or a promise that has a date; one of the two is there."""

    case: Case
    due_on: date
    clock: Clock | None = None
    promise: Promise | None = None

    @property
    def key(self) -> str:
        """The part of a message's key that tells it from all others."""
        return str(self.clock.pk) if self.clock else f"promise/{self.promise.pk}"  # type: ignore[union-attr]

    @property
    def title(self) -> str:
        return self.case.title if self.clock else str(self.promise)

    @property
    def what(self) -> tuple[str, str]:
        """What is to be done by then, in Chinese and in English."""
        if self.clock is None:
            return KEEP_PROMISE
        return str(self.clock.terms["what"]), str(self.clock.terms["what_en"])


def remind(today: date | None = None) -> int:
    """Remind of all that has come to a threshold since somebody looked last; returns of how many clocks and promises.

    Asked again it does nothing: each of them, due date and threshold has one row. A threshold that was slept through is
    passed over for the one that now counts.
    """
    today = today or timezone.localdate()
    rule, done = thresholds(), reminded()
    people = None
    count = 0
    for matter in near(today):
        threshold = reached(matter.due_on, today, rule.before, rule.overdue)
        if threshold is None or (matter.key, matter.due_on, threshold) in done:
            continue
        people = people if people is not None else list(User.objects.filter(is_active=True))
        count += remind_of(matter, threshold, addressees(matter.case, people), today)
    return count


def reminded() -> set[tuple[str, date, int]]:
    rows = Reminder.objects.filter(
        Q(clock__met_on=None, promise=None) | Q(promise__case__closed_on=None, clock=None)
    )
    said = rows.values_list("clock_id", "promise_id", "due_on", "threshold")
    return {(str(clock) if clock else f"promise/{promise}", due, n) for clock, promise, due, n in said}


def near(today: date) -> Iterator[Matter]:
    """What is not farther from its end than the first threshold."""
    farthest = today + timedelta(days=max(thresholds().before, default=0))
    for clock in near_clocks(farthest):
        assert clock.due_on is not None
        yield Matter(clock.case, clock.due_on, clock=clock)
    for promise in Promise.objects.filter(case__closed_on=None, due_on__lte=farthest).select_related(
        "case__owner", "case__promise"
    ):
        assert promise.due_on is not None
        yield Matter(promise.case, promise.due_on, promise=promise)


def near_clocks(farthest: date) -> QuerySet[Clock]:
    """The running clocks of open cases."""
    standing = ClockStop.objects.filter(clock=OuterRef("pk"), restarted_on=None)
    running = Clock.objects.filter(met_on=None, case__closed_on=None, due_on__lte=farthest)
    return running.filter(~Exists(standing)).select_related("case__owner", "case__promise").order_by("pk")


def addressees(case: Case, people: Collection[User]) -> list[User]:
    """Its owner; without one, everybody who is asked for a step of it."""
    if case.owner is not None:
        return [case.owner] if case.owner.is_active else []
    return [user for user in people if any(asks(case, step) for step in steps_for(user, case))]


def remind_of(matter: Matter, threshold: int, to: Collection[User], today: date) -> bool:
    """Whether somebody was reminded now, and not by another worker at the same moment."""
    if not to:
        return False
    try:
        with transaction.atomic():
            write_reminder(matter, threshold, to, today)
    except IntegrityError:
        return False
    return True


def write_reminder(matter: Matter, threshold: int, to: Collection[User], today: date) -> None:
    clock, promise, due = matter.clock, matter.promise, matter.due_on.isoformat()
    about = {"clock": clock.pk, "rule": clock.rule} if clock else {"promise": promise.pk}  # type: ignore[union-attr]
    payload = {**about, "due": due, "threshold": threshold, "to": len(to)}
    event = record(
        "casework.remind", subject=matter.case.ref, by=SYSTEM, on=timezone.localdate(), payload=payload
    )
    Reminder.objects.create(
        clock=clock, promise=promise, due_on=matter.due_on, threshold=threshold, event=event
    )
    kind = "overdue" if matter.due_on < today else "due_today" if matter.due_on == today else "due"
    what, what_en = matter.what
    tell(
        f"casework.{kind}", to=to, key=f"remind/{matter.key}/{due}/{threshold}", about=matter.case.ref,
        href=case_href(matter.case), title=matter.title[:200], due=due, what=what, what_en=what_en,
    )  # fmt: skip
