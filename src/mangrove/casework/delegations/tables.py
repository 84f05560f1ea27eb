"""The list of delegations, and what was done under one."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mangrove.casework.delegations.acts import words
from mangrove.casework.delegations.models import Delegation
from mangrove.ui import house
from mangrove.ui.components import Link, Tag
from mangrove.ui.languages import listed
from mangrove.ui.tables import Column, Table


def state(held: Delegation) -> Tag:
    today = timezone.localdate()
    if held.revoked_on is not None:
        return Tag(_("已撤销"), "bad")
    if today > held.ends_on:
        return Tag(_("已到期"), "calm")
    return Tag(_("未开始"), "info") if today < held.starts_on else Tag(_("有效"), "good")


def parties(held: Delegation) -> str:
    return f"{held.principal.name} → {held.delegate.name}"


DELEGATIONS = Table(
    "delegations",
    _("代签授权"),
    [
        Column(
            "who",
            _("谁授权谁"),
            cell=lambda one: Link(parties(one), reverse("casework:delegation", args=[one.pk])),
        ),
        Column("acts", _("授权事项"), cell=lambda one: listed(map(words, one.acts))),
        Column("starts_on", _("授权起日"), sort="starts_on"),
        Column("ends_on", _("授权止日"), sort="ends_on"),
        Column("state", _("状态"), cell=state),
        Column("reason", _("理由")),
    ],
    empty=_("您给别人的、别人给您的代签授权列在这里。"),
)

USED = Table(
    "delegated_acts",
    _("据此所办"),
    [
        Column("on", _("日期"), cell=lambda one: one.event.business_date),
        Column("act", _("事项"), cell=lambda one: house.act_words(one.event.act)),
        Column("by", _("何人"), cell=lambda one: str(one.event.by)),
        Column("event", _("账本事件"), cell=lambda one: str(one.event.uid)),
    ],
    page_size=200,
)
