"""The list of meetings, and what one decided."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.casework.meetings.models import Decision, Meeting
from mangrove.casework.things import state_tag
from mangrove.registry.labels import named
from mangrove.ui import house
from mangrove.ui.components import Link, Tone
from mangrove.ui.tables import Column, Table

TONES: dict[str, Tone] = {"entered": "warn", "confirmed": "good", "struck": "calm"}


def minutes(meeting: Meeting) -> Any:
    if meeting.minutes is None:
        return None
    return Link(meeting.minutes.name, reverse("casework:attachment", args=[meeting.minutes.pk]))


MEETINGS = Table(
    "meetings",
    _("会议决定"),
    [
        Column(
            "name", _("会议"), cell=lambda one: Link(one.name, reverse("casework:meeting", args=[one.pk]))
        ),
        Column("held_on", _("会议日期"), sort="held_on"),
        Column(
            "organisation",
            _("单位"),
            cell=lambda one: named(one.case.organisation) if one.case.organisation else None,
        ),
        Column("decisions", _("决定"), numeric=True, unit=_("项"), cell=lambda one: len(one.decisions.all())),
        Column("minutes", _("会议纪要"), cell=minutes, absent=_("未附")),
        Column("state", _("状态"), cell=lambda one: state_tag(one.case, TONES)),
    ],
    order="-held_on",
    empty=_("会议议定的事项登记在这里，附上纪要确认后，别的办件可以引用。"),
)


def about(decision: Decision) -> Any:
    ref = decision.about
    if ref is None:
        return None
    href = house.address(ref)
    return Link(str(ref), href) if href else str(ref)


DECISIONS = Table(
    "decisions",
    _("决定"),
    [
        Column("number", _("序号"), numeric=True),
        Column(
            "subject",
            _("议题"),
            cell=lambda one: Link(one.subject, reverse("casework:decision", args=[one.pk])),
        ),
        Column("text", _("决定")),
        Column("about", _("对象"), cell=about, absent=_("无")),
    ],
    page_size=200,
)
