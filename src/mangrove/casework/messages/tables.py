"""The list of messages."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.casework.messages.models import Message
from mangrove.ui.components import Link, Short, Tag
from mangrove.ui.dates import moment
from mangrove.ui.tables import Column, Table


def link(message: Message) -> Link:
    return Link(message.words, reverse("casework:message", args=[message.pk]))


def read_tag(message: Message) -> Tag:
    return Tag(_("已读"), "calm") if message.read_at else Tag(_("未读"), "info")


MESSAGES = Table(
    "messages",
    _("消息"),
    [
        Column("words", _("消息"), cell=link),
        Column("state", _("状态"), cell=read_tag),
        Column(
            "delivered_at",
            _("收到时间"),
            sort="delivered_at",
            cell=lambda one: Short(moment(one.delivered_at)),
        ),
    ],
    empty=_("有事要告诉您时列在这里；须您办理的另见待办。"),
)
