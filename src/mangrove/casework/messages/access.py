"""A message is read by who it was sent to, and by nobody else."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.casework.access import Visitor
from mangrove.casework.messages.models import Message
from mangrove.registry.models import User
from mangrove.ui.house import once


def readable_messages(user: Visitor) -> QuerySet[Message]:
    if not isinstance(user, User) or not user.is_active:
        return Message.objects.none()
    return Message.objects.filter(to=user, delivered_at__isnull=False)


def unread(user: Visitor) -> int:
    return once(user, "unread_messages", readable_messages(user).filter(read_at=None).count)


def access_message(user: Visitor, id: int) -> Message:
    found = readable_messages(user).filter(pk=id).first()
    if found is None:
        raise Http404(_("没有这条消息。"))
    return found
