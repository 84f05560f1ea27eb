"""The list of objections, complaints and reports: nothing of it tells who they are from."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.casework.file_states import FileState
from mangrove.casework.grievances.models import Grievance, GrievanceScan
from mangrove.casework.grievances.workflow import OUTCOMES
from mangrove.casework.things import state_tag
from mangrove.ui.components import Link, Tag, Tone
from mangrove.ui.dates import due_tag
from mangrove.ui.tables import Column, Table

TONES: dict[str, Tone] = {"answered": "good", "declined": "calm", "taken_back": "calm"}


def link(grievance: Grievance) -> Link:
    return Link(grievance.short, reverse("casework:grievance", args=[grievance.pk]))


def next_due(grievance: Grievance) -> Any:
    """The first date to keep; prefetch ``case__clocks``."""
    dates = [clock.due_on for clock in grievance.case.clocks.all() if clock.met_on is None and clock.due_on]
    return min(dates) if dates else None


GRIEVANCES = Table(
    "grievances",
    _("异议、投诉和举报"),
    [
        Column("short", _("编号"), cell=link, export=lambda one: one.short),
        Column("kind", _("类别"), sort="kind", cell=lambda one: one.get_kind_display()),
        Column("notice", _("公示"), cell=lambda one: one.notice.title if one.notice else None),
        Column("state", _("状态"), cell=lambda one: state_tag(one.case, TONES)),
        Column("outcome", _("结论"), cell=lambda one: OUTCOMES.get(one.outcome)),
        Column("received_on", _("收到"), sort="received_on"),
        Column(
            "due",
            _("期限"),
            cell=lambda one: due_tag(next_due(one)) if next_due(one) else None,
            export=next_due,
        ),
    ],
    order="-received_on",
    empty=_("由您处室受理的、您本人提出的列在这里；其他人的您看不到。"),
)

SCAN_TONES: dict[str, Tone] = {"clean": "good", "refused": "bad"}


def scan_link(scan: GrievanceScan) -> Any:
    """A link once it was found clean; till then its name."""
    if not scan.name:
        return _("已到期清除")
    if scan.state != FileState.CLEAN:
        return scan.name
    return Link(scan.name, reverse("casework:grievance_scan", args=[scan.grievance_id, scan.pk]))


SCANS = Table(
    "grievance_scans",
    _("扫描件"),
    [
        Column("name", _("文件"), cell=scan_link),
        Column("state", _("状态"), cell=lambda one: Tag(one.get_state_display(), SCAN_TONES.get(one.state, "info"))),
        Column("refusal", _("原因")),
        Column("uploaded_on", _("收到")),
    ],
    page_size=200,
)  # fmt: skip
