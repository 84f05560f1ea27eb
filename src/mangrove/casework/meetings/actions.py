"""Entering what a meeting decided, and confirming it with the minutes; confirmed it is never changed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.casework.actions import lock_case, open_case, take_step
from mangrove.casework.attachments import Readable, arriving, clean_name, keep_row, put_in_place
from mangrove.casework.meetings.access import access_meeting, refuse_unless_may_enter
from mangrove.casework.meetings.models import Decision, Meeting
from mangrove.casework.meetings.workflow import MEETING
from mangrove.casework.models import CaseAct
from mangrove.casework.sniffing import sniff
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User


@dataclass(frozen=True)
class Decided:
    """One decision as it is entered."""

    subject: str
    text: str
    about: Ref | None = None

    def told(self) -> dict[str, str]:
        return {"subject": self.subject, "text": self.text, "about": str(self.about or "")}


@transaction.atomic
def enter(
    *, by: User, on: date, name: str, held_on: date, decisions: Sequence[Decided], why: str = ""
) -> Meeting:
    """Enter a meeting of one's own organisation with what it decided. Raises :class:`Refusal`."""
    refuse_unless_may_enter(by)
    refuse_meeting(held_on, on, decisions)
    meeting = Meeting(name=name, held_on=held_on)
    meeting.case = open_case(
        workflow_id=MEETING.id, subject=meeting.ref, title=str(meeting), by=by.actor, on=on, why=why,
        unit=by.unit, organisation=by.body,
        details={"held_on": held_on.isoformat(), "decisions": [one.told() for one in decisions]},
    )  # fmt: skip
    meeting.save(force_insert=True)
    Decision.objects.bulk_create(row(meeting, number, one) for number, one in enumerate(decisions, start=1))
    return meeting


def row(meeting: Meeting, number: int, one: Decided) -> Decision:
    about = (
        {"about_room": one.about.room, "about_kind": one.about.kind, "about_id": one.about.id}
        if one.about
        else {}
    )
    return Decision(meeting=meeting, number=number, subject=one.subject, text=one.text, **about)


def refuse_meeting(held_on: date, on: date, decisions: Sequence[Decided]) -> None:
    if held_on > on:
        raise Refusal(
            _("会议日期 %(held)s 在业务日期 %(on)s 之后。") % {"held": held_on, "on": on},
            code="casework.meeting_ahead", where=_("会议日期"),
        )  # fmt: skip
    if not decisions or any(not one.subject.strip() or not one.text.strip() for one in decisions):
        raise Refusal(
            _("至少登记一项决定，每项写明议题和决定。"), code="casework.no_decisions", where=_("决定"),
        )  # fmt: skip


def confirm(
    *, by: User, on: date, id: uuid.UUID, upload: Readable, name: str, expected_version: int, why: str = ""
) -> Meeting:
    """The minutes are kept with the case under the hash of their bytes, and the decisions stand: both, or neither."""
    meeting = access_meeting(by, id, to="confirm")
    name = clean_name(name)
    with arriving(upload, name) as arrived:
        kind = sniff(arrived.path, name)
        with transaction.atomic():
            case = lock_case(meeting.case_id, expected_version)
            meeting.minutes = keep_row(arrived, kind, name=name, by=by.actor, case=case, on=on, why=why)
            step("confirm", meeting, by, on, expected_version, why, sha256=arrived.sha256)
            meeting.save(update_fields=["minutes"])
            put_in_place(arrived)
    return meeting


@transaction.atomic
def strike(*, by: User, on: date, id: uuid.UUID, expected_version: int, why: str) -> Meeting:
    """It was entered by mistake; what was entered stays readable and is never cited."""
    meeting = access_meeting(by, id, to="strike")
    step("strike", meeting, by, on, expected_version, why)
    return meeting


def step(act: str, meeting: Meeting, by: User, on: date, version: int, why: str, **details: Any) -> CaseAct:
    return take_step(
        meeting.case_id,
        act,
        by=by.actor,
        roles=by.roles,
        on=on,
        expected_version=version,
        why=why,
        details=details,
    )
