"""Reminders (提醒): who is asked for a step hears before its time limit ends and after, once for each threshold."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from mangrove.casework.access import steps_for
from mangrove.casework.links import case_href
from mangrove.casework.messages.actions import tell
from mangrove.casework.messages.models import Reminder
from mangrove.casework.models import Case, Clock, ClockStop
from mangrove.ledger.actions import record
from mangrove.ledger.refs import SYSTEM
from mangrove.registry.models import User
from mangrove.ui.thresholds import thresholds


def reached(due: date, today: date, before: Collection[int], overdue: Collection[int]) -> int | None:
    """The latest threshold that ``today`` has passed: days before the due date, or below zero days after; else ``None``."""
    left = (due - today).days
    if left < 0:
        passed = [days for days in overdue if days and days <= -left]
        return -max(passed) if passed else None
    passed = [days for days in before if left <= days]
    return min(passed) if passed else None


def remind(today: date | None = None) -> int:
    """Remind of all that has come to a threshold since somebody looked last; returns of how many clocks.

    Asked again it does nothing: each clock, due date and threshold has one row. A threshold that was slept through is
    passed over for the one that now counts.
    """
    today = today or timezone.localdate()
    rule, done = thresholds(), reminded()
    people = None
    count = 0
    for clock in near(today):
        assert clock.due_on is not None
        threshold = reached(clock.due_on, today, rule.before, rule.overdue)
        if threshold is None or (clock.pk, clock.due_on, threshold) in done:
            continue
        people = people if people is not None else list(User.objects.filter(is_active=True))
        count += remind_of(clock, threshold, addressees(clock.case, people), today)
    return count


def reminded() -> set[tuple[int, date, int]]:
    open_ones = Reminder.objects.filter(clock__met_on=None)
    return set(open_ones.values_list("clock_id", "due_on", "threshold"))


def near(today: date) -> QuerySet[Clock]:
    """The running clocks of open cases that are not farther from their end than the first threshold."""
    farthest = today + timedelta(days=max(thresholds().before, default=0))
    standing = ClockStop.objects.filter(clock=OuterRef("pk"), restarted_on=None)
    running = Clock.objects.filter(met_on=None, case__closed_on=None, due_on__lte=farthest)
    return running.filter(~Exists(standing)).select_related("case__owner", "case__promise").order_by("pk")


def addressees(case: Case, people: Collection[User]) -> list[User]:
    """Its owner; without one, everybody who is asked for a step of it."""
    if case.owner is not None:
        return [case.owner] if case.owner.is_active else []
    return [user for user in people if any(step.prompts for step in steps_for(user, case))]


def remind_of(clock: Clock, threshold: int, to: Collection[User], today: date) -> bool:
    """Whether somebody was reminded now, and not by another worker at the same moment."""
    if not to:
        return False
    try:
        with transaction.atomic():
            write_reminder(clock, threshold, to, today)
    except IntegrityError:
        return False
    return True


def write_reminder(clock: Clock, threshold: int, to: Collection[User], today: date) -> None:
    assert clock.due_on is not None
    due = clock.due_on.isoformat()
    payload = {"clock": clock.pk, "rule": clock.rule, "due": due, "threshold": threshold, "to": len(to)}
    event = record(
        "casework.remind", subject=clock.case.ref, by=SYSTEM, on=timezone.localdate(), payload=payload
    )
    Reminder.objects.create(clock=clock, due_on=clock.due_on, threshold=threshold, event=event)
    kind = "overdue" if clock.due_on < today else "due_today" if clock.due_on == today else "due"
    tell(
        f"casework.{kind}", to=to, key=f"remind/{clock.pk}/{due}/{threshold}", about=clock.case.ref,
        href=case_href(clock.case), title=clock.case.title, due=due, what=str(clock.terms["what"]), what_en=str(clock.terms["what_en"]),
    )  # fmt: skip
