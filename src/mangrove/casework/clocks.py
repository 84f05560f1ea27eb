"""What a time limit comes to: pure functions of the rule, the dates and the calendar.

One convention for all units: the day after the start is day 1; a stopped day is not counted, from the day of the
stop until the day before the restart. A limit of months is first turned into its number of days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from mangrove.casework.limits import Limit
from mangrove.casework.working_days import ONE_DAY, WorkingCalendar, add_months
from mangrove.ledger.refusals import Refusal

#: No date that somebody sets lies further ahead than this: a year like 9999 or 20226 is a slip of the hand.
FARTHEST_YEARS = 30


@dataclass(frozen=True)
class Stop:
    """The clock stands from ``stopped_on`` until the day before ``restarted_on`` (``None``: it still stands)."""

    stopped_on: date
    restarted_on: date | None
    category: str
    reason: str


@dataclass(frozen=True)
class Extension:
    """``total`` replaces the rule's amount, counted from the start; ``original_due`` is what it replaced."""

    total: int
    extended_on: date
    consent_by: str
    reason: str
    original_due: date


@dataclass(frozen=True)
class Reading:
    """All that decides a due date. ``stops`` are in date order; only the last may still be open."""

    limit: Limit
    started_on: date
    stops: Sequence[Stop] = ()
    extension: Extension | None = None
    met_on: date | None = None

    @property
    def open_stop(self) -> Stop | None:
        return self.stops[-1] if self.stops and self.stops[-1].restarted_on is None else None

    @property
    def amount(self) -> int:
        return self.extension.total if self.extension else self.limit.amount


def base_end(reading: Reading, calendar: WorkingCalendar) -> date:
    """The last day before stops and rolling."""
    if reading.limit.unit == "工作日":
        return calendar.add_working_days(reading.started_on, reading.amount)
    if reading.limit.unit == "日":
        return reading.started_on + timedelta(days=reading.amount)
    return add_months(reading.started_on, reading.amount, clip=reading.limit.clip_month_end)


def stopped_days(reading: Reading, stop: Stop, calendar: WorkingCalendar) -> int:
    """How many days that would have counted a finished stop took out, in the limit's unit of counting."""
    if stop.restarted_on is None:
        raise ValueError("the stop is still open")
    last = stop.restarted_on - ONE_DAY
    before = max(stop.stopped_on - ONE_DAY, reading.started_on)
    if last <= before:
        return 0
    return (
        calendar.working_days_between(before, last)
        if reading.limit.unit == "工作日"
        else (last - before).days
    )


def stop_moves(reading: Reading, calendar: WorkingCalendar) -> list[tuple[Stop, int, date]]:
    """Each finished stop with the days it took out and the end that results; one after the end changes nothing."""
    end, moves = base_end(reading, calendar), []
    for stop in reading.stops:
        if stop.restarted_on is None:
            continue
        days = stopped_days(reading, stop, calendar) if stop.stopped_on <= end else 0
        if reading.limit.unit == "工作日":
            end = calendar.add_working_days(end, days)
        else:
            end += timedelta(days=days)
        moves.append((stop, days, end))
    return moves


def end_after_stops(reading: Reading, calendar: WorkingCalendar) -> date:
    """The last day after every finished stop, before rolling."""
    moves = stop_moves(reading, calendar)
    return moves[-1][2] if moves else base_end(reading, calendar)


def due_date(reading: Reading, calendar: WorkingCalendar) -> date | None:
    """The day by which it must be done; ``None`` while the clock stands still."""
    if reading.open_stop:
        return None
    end = end_after_stops(reading, calendar)
    return calendar.roll_forward(end) if reading.limit.roll else end


def due_if_restarted(reading: Reading, today: date, calendar: WorkingCalendar) -> date:
    """The due date if asked today: a clock that stands is taken to restart today (or on its stop day, if later)."""
    stop = reading.open_stop
    if stop is not None:
        restarted = replace(stop, restarted_on=max(today, stop.stopped_on))
        reading = replace(reading, stops=(*reading.stops[:-1], restarted))
    end = end_after_stops(reading, calendar)
    return calendar.roll_forward(end) if reading.limit.roll else end


def words_left(due: date, today: date, calendar: WorkingCalendar) -> str:
    """剩 9 个工作日 / 今日到期 / 超期 2 天（自然日）."""
    if today > due:
        return _("超期 %(n)s 天（自然日）") % {"n": (today - due).days}
    if today == due:
        return _("今日到期")
    return _("剩 %(n)s 个工作日") % {"n": calendar.working_days_between(today, due)}


def refuse(what: str, code: str, remedy: str = "") -> Refusal:
    return Refusal(what, code=f"casework.{code}", where=_("时限"), remedy=remedy)


def refuse_finished(reading: Reading) -> None:
    if reading.met_on is not None:
        raise refuse(_("此时限已于 %(met_on)s 办结，不再走动。") % {"met_on": reading.met_on}, "clock_met")


def refuse_future(day: date, today: date, what: str) -> None:
    if day > today:
        raise refuse(
            _("%(what)s日期 %(day)s 在今天（%(today)s）之后。") % {"what": what, "day": day, "today": today},
            "future_date",
            _("请填实际日期。"),
        )


def refuse_far(day: date, today: date, what: str, where: str) -> None:
    """Refuse a date to come that nobody can have meant."""
    if day > add_months(today, 12 * FARTHEST_YEARS):
        raise Refusal(
            _("%(what)s %(day)s 在 %(years)s 年以后，多半是写错了年份。") % {"what": what, "day": day, "years": FARTHEST_YEARS},
            code="casework.too_far", where=where, remedy=_("请核对年份；确无期限的，期限留空即可。"),
        )  # fmt: skip


def check_stop(reading: Reading, stop: Stop, today: date, calendar: WorkingCalendar) -> None:
    """Raises :class:`Refusal` when the clock may not be stopped on that day for that reason."""
    refuse_finished(reading)
    if reading.open_stop:
        raise refuse(
            _("时限自 %(stopped_on)s 起已停，不能再停。") % {"stopped_on": reading.open_stop.stopped_on},
            "already_stopped",
            _("请先恢复。"),
        )
    if not stop.category.strip() or not stop.reason.strip():
        raise refuse(_("停表须写明类别和理由。"), "needs_reason")
    refuse_future(stop.stopped_on, today, _("停表"))
    if stop.stopped_on < reading.started_on:
        raise refuse(
            _("停表日期 %(stopped_on)s 早于起算日 %(started_on)s。")
            % {"stopped_on": stop.stopped_on, "started_on": reading.started_on},
            "stop_before_start",
        )
    last = reading.stops[-1].restarted_on if reading.stops else None
    if last and stop.stopped_on < last:
        raise refuse(
            _("停表日期 %(stopped_on)s 早于上次恢复的 %(last)s。")
            % {"stopped_on": stop.stopped_on, "last": last},
            "stop_before_restart",
        )
    due = due_date(reading, calendar)
    if due and stop.stopped_on > due:
        raise refuse(
            _("时限已于 %(due)s 届满，不能再停表。") % {"due": due},
            "already_due",
            _("请如实记为超期，或写明情况报交办机构。"),
        )


def check_restart(reading: Reading, restarted_on: date, today: date) -> None:
    """Raises :class:`Refusal` when the clock may not be restarted on that day."""
    refuse_finished(reading)
    if reading.open_stop is None:
        raise refuse(_("时限没有停，无须恢复。"), "not_stopped")
    refuse_future(restarted_on, today, _("恢复"))
    if restarted_on < reading.open_stop.stopped_on:
        raise refuse(
            _("恢复日期 %(restarted_on)s 早于停表日期 %(stopped_on)s。")
            % {"restarted_on": restarted_on, "stopped_on": reading.open_stop.stopped_on},
            "restart_before_stop",
        )


def check_extension(reading: Reading, extension: Extension, today: date) -> None:
    """Raises :class:`Refusal` when the limit may not be extended: once, in time, with consent, within the maximum."""
    limit = reading.limit
    refuse_finished(reading)
    if not limit.extended_total:
        raise refuse(
            _("%(article)s未规定“%(what)s”可以延期。")
            % {"article": limit.article_said, "what": limit.what_said},
            "no_extension",
        )
    if reading.extension:
        raise refuse(
            _("已于 %(extended_on)s 延期一次，不能再延。") % {"extended_on": reading.extension.extended_on},
            "extended_once",
        )
    if not extension.consent_by.strip() or not extension.reason.strip():
        raise refuse(
            _("延期须经%(consent)s同意，并写明同意者和理由。") % {"consent": limit.consent}, "needs_consent"
        )
    if not limit.amount < extension.total <= limit.extended_total:
        span = _("多于 %(amount)s、不超过 %(extended_total)s %(unit)s") % {
            "amount": limit.amount,
            "extended_total": limit.extended_total,
            "unit": limit.unit,
        }
        raise refuse(
            _("延期后总时限为 %(total)s %(unit)s，应%(span)s。")
            % {"total": extension.total, "unit": limit.unit, "span": span},
            "extension_too_long",
        )
    refuse_future(extension.extended_on, today, _("延期"))
    if not reading.started_on <= extension.extended_on <= extension.original_due:
        span = _("%(started_on)s 至 %(original_due)s") % {
            "started_on": reading.started_on,
            "original_due": extension.original_due,
        }
        raise refuse(
            _("延期日期 %(extended_on)s 不在时限之内（%(span)s）。")
            % {"extended_on": extension.extended_on, "span": span},
            "extension_out_of_time",
        )
