"""Delivering what was written: the worker, after the commit, a stretch at a time, each message once.

All of a stretch is delivered in one transaction that holds its rows. A worker killed in it has delivered nothing, and
another takes the same messages; two workers never hold the same.
"""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from mangrove.casework.messages import mailing
from mangrove.casework.messages.models import Mail, Message

STRETCH = 200


def deliver() -> int:
    """Deliver what waits; returns how many. Asks first, so that an idle worker never takes SQLite's write lock."""
    delivered = 0
    while Message.objects.filter(delivered_at=None).exists():
        stretch = deliver_stretch()
        delivered += stretch
        if not stretch:  # others hold all that is left
            break
    return delivered


@transaction.atomic
def deliver_stretch() -> int:
    skips = connection.features.has_select_for_update_skip_locked
    waiting = Message.objects.select_for_update(skip_locked=skips).filter(delivered_at=None).order_by("id")
    held = list(waiting.values_list("pk", flat=True)[:STRETCH])
    now = timezone.now()
    Message.objects.filter(pk__in=held).update(delivered_at=now)
    if mailing.is_on():
        # That mail fails is not told by mail
        mailed = Message.objects.filter(pk__in=held).exclude(kind="casework.mail_failed")
        Mail.objects.bulk_create([Mail(message=message, next_at=now) for message in mailed])
    return len(held)
