"""The list of what personal data is kept for how long."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mangrove.ledger.models import Event
from mangrove.registry.labels import check_tag
from mangrove.registry.personal.retention import Kept
from mangrove.ui.tables import Column, Table

#: How the rules say that somebody has seen the text.
VERIFIED = "已核"


def due_now(one: Kept) -> int:
    return one.due(one.rule.over(timezone.localdate()))


def last_purge(one: Kept) -> Any:
    events = Event.objects.filter(act=one.act).order_by("pk")
    if one.act.startswith("registry."):
        events = events.filter(object_id=one.id)
    found = events.last()
    return found.business_date if found else None


RETENTION = Table(
    "retention",
    _("个人信息的保存期限"),
    [
        Column("label", _("个人信息")),
        Column("days", _("保存天数"), numeric=True, cell=lambda one: one.rule.days),
        Column("source", _("依据"), cell=lambda one: one.rule.source),
        Column(
            "status",
            _("核对状态"),
            cell=lambda one: check_tag("verified" if one.rule.status == VERIFIED else "unverified"),
        ),
        Column("left", _("清除后留下")),
        Column("due", _("现已到期"), numeric=True, cell=due_now),
        Column("last", _("最近清除"), cell=last_purge, absent=_("还没有")),
    ],
)
