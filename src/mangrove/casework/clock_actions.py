"""Starting, stopping, restarting, extending and meeting a time limit. Each is atomic and writes its event.

The case row is locked first, as for every act on a case; ``due_on`` is recomputed and kept with the clock.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework import clocks
from mangrove.casework.clocks import Extension, Reading, Stop
from mangrove.casework.explanation import Language, explain
from mangrove.casework.limits import Limit, limit_in_force
from mangrove.casework.models import Case, Clock, ClockStop
from mangrove.casework.working_days import WorkingCalendar, working_calendar
from mangrove.ledger.actions import record
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.ui.languages import in_chinese


def reading_of(clock: Clock) -> Reading:
    """The clock as the pure functions read it; prefetch ``stops`` when reading many."""
    stops = [Stop(row.stopped_on, row.restarted_on, row.category, row.reason) for row in clock.stops.all()]
    return Reading(
        Limit.from_terms(clock.terms), clock.started_on, tuple(stops), extension_of(clock), clock.met_on
    )


def extension_of(clock: Clock) -> Extension | None:
    if clock.extended_amount is None or clock.extended_on is None or clock.original_due_on is None:
        return None
    return Extension(
        clock.extended_amount,
        clock.extended_on,
        clock.consent_by,
        clock.extension_reason,
        clock.original_due_on,
    )


def explain_clock(
    clock: Clock, *, language: Language | None = None, today: date | None = None, runs_out: bool = False
) -> list[str]:
    """The clock's own arithmetic, line by line, as asked on ``today``, in the reader's language unless another is named."""
    language = language or ("zh" if in_chinese() else "en")
    day = today or timezone.localdate()
    return explain(reading_of(clock), day, working_calendar(), language=language, runs_out=runs_out)


@transaction.atomic
def start_clock(
    case: Case,
    key: str,
    *,
    by: Actor,
    on: date,
    started_on: date | None = None,
    why: str = "",
) -> Clock:
    """Start the limit ``key`` (``reply``, ``return``, …) under the rule in force on the start date (default ``on``).

    Raises :class:`Refusal` when no rule is in force, when the start is in the future, or when it already runs.
    """
    lock(case)
    hold_calendar(
        alone=False
    )  # a case opened in this very act is hidden from who changes the table meanwhile
    start = started_on or on
    clocks.refuse_future(start, timezone.localdate(), _("起算"))
    limit = limit_in_force(key, start)
    if case.clocks.filter(rule=limit.id, met_on=None).exists():
        raise Refusal(
            _("“%(what)s”的时限已在走，不能重复起算。") % {"what": limit.what_said},
            code="casework.clock_runs",
            where=case.title,
        )
    due = clocks.due_date(Reading(limit, start), working_calendar())
    clock = Clock.objects.create(
        case=case, rule=limit.id, pack=limit.pack, pack_hash=limit.pack_hash, terms=limit.terms(),
        started_on=start, due_on=due,
    )  # fmt: skip
    told = {"started_on": start.isoformat(), "due": iso(due), "pack_hash": limit.pack_hash}
    log(clock, "start_clock", told, by=by, on=on, why=why)
    return clock


@transaction.atomic
def stop_clock(clock_id: int, *, category: str, reason: str, by: Actor, on: date) -> Clock:
    """Let the clock stand from ``on``; the reason is also the event's reason."""
    clock = lock_clock(clock_id)
    stop = Stop(on, None, category, reason)
    clocks.check_stop(reading_of(clock), stop, timezone.localdate(), working_calendar())
    ClockStop.objects.create(clock=clock, category=category, reason=reason, stopped_on=on)
    return settle(clock, "stop_clock", by=by, on=on, why=reason, category=category)


@transaction.atomic
def restart_clock(clock_id: int, *, by: Actor, on: date, why: str = "") -> Clock:
    """Let a standing clock run again; ``on`` is the first day that may count."""
    clock = lock_clock(clock_id)
    clocks.check_restart(reading_of(clock), on, timezone.localdate())
    clock.stops.filter(restarted_on=None).update(restarted_on=on)
    return settle(clock, "restart_clock", by=by, on=on, why=why)


@transaction.atomic
def extend_clock(clock_id: int, *, total: int, consent_by: str, reason: str, by: Actor, on: date) -> Clock:
    """Extend once, with consent, to ``total`` of the rule's units counted from the start; the original date stays."""
    clock = lock_clock(clock_id)
    reading, calendar = reading_of(clock), working_calendar()
    original = clocks.due_date(reading, calendar)
    if original is None:
        raise clocks.refuse(_("停表期间不能延期。"), "extension_while_stopped", _("请先恢复，再办延期。"))
    extension = Extension(total, on, consent_by, reason, original)
    clocks.check_extension(reading, extension, timezone.localdate())
    clock.extended_amount, clock.extended_on, clock.original_due_on = total, on, original
    clock.consent_by, clock.extension_reason = consent_by, reason
    return settle(clock, "extend_clock", by=by, on=on, why=reason, total=total, consent_by=consent_by)


@transaction.atomic
def meet_clock(clock_id: int, *, by: Actor, on: date, why: str = "") -> Clock:
    """What the limit asked for was done on ``on``."""
    clock = lock_clock(clock_id)
    reading = reading_of(clock)
    clocks.refuse_finished(reading)
    if reading.open_stop:
        raise clocks.refuse(_("时限停着，不能记为办结。"), "met_while_stopped", _("请先恢复。"))
    if on < clock.started_on:
        raise clocks.refuse(
            _("办结日期 %(on)s 早于起算日 %(started_on)s。") % {"on": on, "started_on": clock.started_on},
            "met_before_start",
        )
    clock.met_on = on
    return settle(clock, "meet_clock", by=by, on=on, why=why)


def lock(case: Case) -> None:
    Case.objects.select_for_update().get(pk=case.pk)


def lock_clock(clock_id: int) -> Clock:
    clock = Clock.objects.select_related("case").get(pk=clock_id)
    lock(clock.case)
    return Clock.objects.select_related("case").get(pk=clock_id)


def settle(clock: Clock, act: str, *, by: Actor, on: date, why: str, **payload: Any) -> Clock:
    """Recompute and keep the due date, and write the event."""
    before = clock.due_on
    clock.due_on = recomputed(clock, working_calendar())
    clock.save()
    dates = {"due_before": iso(before), "due": iso(clock.due_on)}
    log(clock, act, payload | dates, by=by, on=on, why=why)
    return clock


def recompute_clocks(*, by: Actor, on: date, why: str, batch: uuid.UUID) -> list[Clock]:
    """Bring every running clock up to the calendar as it now stands; one event for each that moved. Part of an act.

    The cases are locked first; calendar and clocks are read after that, so that what others just did is not undone.
    """
    lock_cases()
    calendar, moved = working_calendar(), []
    for clock in running_clocks():
        due = recomputed(clock, calendar)
        if due != clock.due_on:
            dates = {"due_before": iso(clock.due_on), "due": iso(due)}
            clock.due_on = due
            clock.save(update_fields=["due_on"])
            log(clock, "recompute_clock", dates, by=by, on=on, why=why, batch=batch)
            moved.append(clock)
    return moved


def running_clocks() -> QuerySet[Clock]:
    return Clock.objects.filter(met_on=None).select_related("case").prefetch_related("stops").order_by("pk")


def lock_cases() -> None:
    """Lock every case that has, or may be given, a running clock, in the order of their ids."""
    running = Q(closed_on=None) | Exists(Clock.objects.filter(case=OuterRef("pk"), met_on=None))
    list(Case.objects.select_for_update().filter(running).order_by("pk").values_list("pk"))


def hold_calendar(*, alone: bool) -> None:
    """Until the act is over nobody changes the holiday table; ``alone``: nor does anybody start a clock by it.

    Taken after the locks on cases. On SQLite whoever writes is alone already.
    """
    if connection.vendor == "postgresql":
        mode = "SHARE ROW EXCLUSIVE" if alone else "SHARE"
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE casework_calendarday IN {mode} MODE")


def recomputed(clock: Clock, calendar: WorkingCalendar) -> date | None:
    return clocks.due_date(reading_of(clock), calendar)


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def log(
    clock: Clock,
    act: str,
    told: dict[str, Any],
    *,
    by: Actor,
    on: date,
    why: str,
    batch: uuid.UUID | None = None,
) -> Event:
    payload = {"clock": clock.pk, "rule": clock.rule, "pack": clock.pack, **told}
    return record(
        f"casework.{act}", subject=clock.case.ref, by=by, on=on, why=why, payload=payload, batch=batch
    )
