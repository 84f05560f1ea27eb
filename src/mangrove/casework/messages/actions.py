"""Telling people: a message is written in the transaction of its act, and read by who got it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from mangrove.casework.messages.models import Message
from mangrove.ledger.refs import Ref
from mangrove.registry.models import User


def tell(kind: str, *, to: Iterable[User], key: str, about: Ref, href: str = "", **said: str) -> None:
    """One message of this kind to each of these people; who was told under this key is not told again.

    Must be called inside the act's own transaction: an act that is rolled back tells nobody.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("tell() belongs inside the transaction of the act it tells of")
    now = timezone.now()
    told = [
        Message(
            key=f"{key}/{user.pk}", to=user, kind=kind, said=said, about_room=about.room, about_kind=about.kind,
            about_id=about.id, href=href, written_at=now,
        )
        for user in {user.pk: user for user in to}.values()
    ]  # fmt: skip
    Message.objects.bulk_create(told, ignore_conflicts=True)


def mark_read(user: User, message: Message | None = None) -> int:
    """One message of theirs, or all that were delivered; the first reading counts."""
    unread = Message.objects.filter(to=user, delivered_at__isnull=False, read_at=None)
    if message is not None:
        unread = unread.filter(pk=message.pk)
    return unread.update(read_at=timezone.now())
