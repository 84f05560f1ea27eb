"""Reminders, checked against the ledger: each row is as its event says, and each event has its row."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mangrove.casework.messages.models import Reminder
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event

REMIND = "casework.remind"


def verify_reminders() -> list[str]:
    rows = {row.event_id: row for row in Reminder.objects.all()}
    events = Event.objects.filter(act=REMIND).select_related("body").order_by("pk")
    found = [check(event, rows.pop(event.pk, None)) for event in events.iterator()]
    stray = [_("第 %(id)s 次提醒所记的账本事件不是提醒") % {"id": row.pk} for row in rows.values()]
    return [fault for fault in found if fault] + stray


def check(event: Event, row: Reminder | None) -> str:
    if row is None:
        return _("账本事件 %(event)s 记了一次提醒，提醒记录不见了") % {"event": event.uid}
    told = said(event)
    about = {"clock": row.clock_id} if row.clock_id else {"promise": row.promise_id}
    kept = {**about, "due": row.due_on.isoformat(), "threshold": row.threshold}
    if told is None or all(told.get(name) == value for name, value in kept.items()):
        return ""
    return _("第 %(id)s 次提醒与账本事件 %(event)s 所记不同") % {"id": row.pk, "event": event.uid}
