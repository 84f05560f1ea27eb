"""The holiday table as people keep it: loading the yearly file, correcting a day.

Every change recomputes the running clocks, so that a due date never rests on yesterday's table.
"""

from __future__ import annotations

import csv
import uuid
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.clock_actions import hold_calendar, lock_cases, recompute_clocks
from mangrove.casework.clocks import refuse_far
from mangrove.casework.models import CalendarDay
from mangrove.ledger.actions import record
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Actor, Ref
from mangrove.ledger.refusals import Refusal


def calendar_file() -> Path:
    return Path(settings.MANGROVE_RULEBOOKS) / "calendar" / "cn_working_days.csv"


def read_calendar_file(path: Path) -> list[CalendarDay]:
    """The lines of a calendar file, unsaved. Raises :class:`Refusal` naming the first bad line."""
    with path.open(encoding="utf-8", newline="") as file:
        return [read_line(path, number, row) for number, row in enumerate(csv.DictReader(file), start=2)]


def read_line(path: Path, number: int, row: dict[str, str]) -> CalendarDay:
    try:
        day = date.fromisoformat(row["date"])
        kind, status = row["kind"], row["status"]
        if kind not in ("休", "班") or status not in ("已核", "待核"):
            raise ValueError("kind 应为 休 或 班，status 应为 已核 或 待核")
        return CalendarDay(date=day, kind=kind, name=row["name"], source=row["source"], status=status)
    except (KeyError, ValueError) as error:
        raise Refusal(
            f"假日表第 {number} 行读不懂：{error}。",
            code="casework.bad_calendar", where=f"{path.name} 第 {number} 行", remedy="请按表头 date,kind,name,source,status 改正。",
        ) from error  # fmt: skip


@transaction.atomic
def load_calendar(*, by: Actor, on: date, path: Path | None = None) -> int:
    """Add the file's days that the table does not have yet; returns how many. Days edited since stay as they are."""
    path = path or calendar_file()
    lock_calendar()
    known = set(CalendarDay.objects.values_list("date", flat=True))
    new = [day for day in read_calendar_file(path) if day.date not in known]
    if new:
        CalendarDay.objects.bulk_create(new)
        batch, subject = uuid.uuid4(), Ref("casework", "calendar", "cn")
        payload = {"file": path.name, "added": len(new)}
        record("casework.load_calendar", subject=subject, by=by, on=on, payload=payload, batch=batch)
        recompute_clocks(by=by, on=on, why=f"装入假日表 {path.name}", batch=batch)
    return len(new)


def lock_calendar() -> None:
    """One person changes the table at a time; cases first, as every act on a case locks its case first."""
    lock_cases()
    hold_calendar(alone=True)


@transaction.atomic
def set_day(day: date, kind: str, *, name: str, source: str, by: Actor, on: date, why: str) -> Event:
    """Correct or add one day, 休 or 班; needs a source and a reason. The row then counts as 已核."""
    if kind not in ("休", "班"):
        raise Refusal(
            _("日期性质“%(kind)s”不认识。") % {"kind": kind},
            code="casework.bad_calendar",
            where=str(day),
            remedy=_("请填 休 或 班。"),
        )
    if not why.strip() or not source.strip():
        raise Refusal(_("修改假日表须写明依据和理由。"), code="casework.needs_reason", where=str(day))
    refuse_far(day, timezone.localdate(), _("日期"), str(day))
    lock_calendar()
    before = CalendarDay.objects.filter(date=day).values_list("kind", flat=True).first() or ""
    told = {"kind": kind, "name": name, "source": source, "status": "已核"}
    CalendarDay.objects.update_or_create(date=day, defaults=told)
    payload = {"day": day.isoformat(), "from": before, "to": kind, "name": name, "source": source}
    batch, subject = uuid.uuid4(), Ref("casework", "calendar", str(day))
    event = record("casework.set_day", subject=subject, by=by, on=on, why=why, payload=payload, batch=batch)
    recompute_clocks(by=by, on=on, why=why, batch=batch)
    return event
