"""The only way to reach a meeting or a decision: its organisation reads it, and who oversees."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.casework.access import Visitor, access_case, readable_cases
from mangrove.casework.meetings.models import Decision, Meeting
from mangrove.casework.meetings.workflow import CONFIRMED, MEETING
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User


def readable_meetings(user: Visitor) -> QuerySet[Meeting]:
    return Meeting.objects.filter(case__in=readable_cases(user, of=[MEETING]).values("pk"))


def readable_decisions(user: Visitor) -> QuerySet[Decision]:
    return Decision.objects.filter(meeting__in=readable_meetings(user).values("pk"))


def access_meeting(user: Visitor, id: uuid.UUID, to: str = "read") -> Meeting:
    found = readable_meetings(user).select_related("case__organisation", "minutes").filter(pk=id).first()
    if found is None:
        raise Http404(_("没有这次会议。"))
    if to != "read":
        access_case(user, found.case_id, to=to)
    return found


def access_decision(user: Visitor, id: uuid.UUID) -> Decision:
    found = (
        readable_decisions(user)
        .select_related("meeting__case__organisation", "meeting__minutes")
        .filter(pk=id)
        .first()
    )
    if found is None:
        raise Http404(_("没有这项决定。"))
    return found


def may_enter(user: Visitor) -> bool:
    return (
        isinstance(user, User)
        and user.is_active
        and user.has_role("case_officer", "reviewer")
        and bool(user.organisation_id)
    )


def refuse_unless_may_enter(user: Visitor) -> None:
    if not may_enter(user):
        raise Refusal(
            _("您不能登记会议决定。"), code="casework.not_permitted", remedy=_("由本单位的经办人或核稿人办理。"),
        )  # fmt: skip


def cited(ref: Ref) -> Decision:
    """The decision that another room rests on. Raises :class:`Refusal` while its minutes are not confirmed."""
    found = None
    if (ref.room, ref.kind) == ("casework", "decision"):
        found = Decision.objects.select_related("meeting__case").filter(pk=ref.id).first()
    if found is None or found.meeting.case.state != CONFIRMED:
        raise Refusal(
            _("所引的会议决定不存在，或纪要还没有确认。"), code="casework.no_decision", where=str(ref),
            remedy=_("请先附上纪要，由核稿人确认。"),
        )  # fmt: skip
    return found
