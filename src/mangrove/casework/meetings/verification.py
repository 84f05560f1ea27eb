"""Decisions of meetings, checked against the ledger: their words as entered, the minutes as confirmed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from mangrove.casework.meetings.models import Meeting
from mangrove.casework.meetings.workflow import MEETING
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event

ACTS = (f"{MEETING.id}.open", f"{MEETING.id}.confirm")


def verify_meetings() -> list[str]:
    told: dict[str, dict[str, Any]] = {}
    for event in Event.objects.filter(act__in=ACTS).select_related("body").order_by("pk").iterator():
        told.setdefault(event.object_id, {}).update({event.act: said(event)})
    rows = Meeting.objects.select_related("minutes").prefetch_related("decisions").order_by("pk")
    return [
        fault for row in rows.iterator(chunk_size=200) for fault in check(row, told.get(str(row.case_id), {}))
    ]


def check(row: Meeting, told: dict[str, Any]) -> list[str]:
    opened, confirmed = (told.get(act, {}) for act in ACTS)
    kept = [
        {"subject": one.subject, "text": one.text, "about": str(one.about or "")}
        for one in sorted(row.decisions.all(), key=lambda one: one.number)
    ]
    faults = []
    if opened is not None and (
        opened.get("decisions") != kept or opened.get("held_on") != row.held_on.isoformat()
    ):
        faults.append(_("%(what)s的日期或决定与账本所记不同") % {"what": row})
    if confirmed is not None and confirmed.get("sha256") != (row.minutes.sha256 if row.minutes else None):
        faults.append(_("%(what)s的纪要与账本所记不同") % {"what": row})
    return faults
