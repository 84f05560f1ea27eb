"""The drafts that the public is asked about, and what one person sent."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.policies.issuing.models import Opinion, Seeking
from mangrove.policies.issuing.tables import about_clause, disposition_tag
from mangrove.registry.labels import named
from mangrove.ui.components import Link
from mangrove.ui.dates import due_tag
from mangrove.ui.tables import Column, Table


def link(one: Seeking) -> Link:
    return Link(one.draft.title, reverse("policies:open_draft", args=[one.draft_id]))


def office(one: Seeking) -> Any:
    return named(one.draft.case.organisation) if one.draft.case.organisation else None


def receipt(one: Opinion) -> Link:
    return Link(one.receipt, reverse("policies:own_opinion", args=[one.receipt]))


OPEN_DRAFTS = Table(
    "open_drafts",
    _("公开征求意见"),
    [
        Column("title", _("草案"), cell=link),
        Column("office", _("起草单位"), cell=office),
        Column("started_on", _("发出日")),
        Column("until", _("截止日"), cell=lambda one: due_tag(one.until)),
        Column(
            "synthetic",
            _("合成数据"),
            cell=lambda one: _("是") if one.draft.synthetic else None,
            absent=_("否"),
        ),
    ],
    empty=_("正在向社会公开征求意见的措施草案列在这里。"),
)
OWN_OPINIONS = Table(
    "own_opinions",
    _("我提的意见"),
    [
        Column("receipt", _("回执号"), cell=receipt, export=lambda one: one.receipt),
        Column("draft", _("草案"), cell=lambda one: one.seeking.draft.title),
        Column("clause", _("针对"), cell=about_clause),
        Column("received_on", _("收到日")),
        Column("disposition", _("采纳与否"), cell=disposition_tag),
        Column("reason", _("理由")),
    ],
    empty=_("您对草案提的意见列在这里。"),
)
