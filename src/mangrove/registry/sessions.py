"""Sign-ins: where and since when, when last seen, and how they end. A session names its sign-in and ends with it.

A session that was ended is refused at its next request, whatever its cookie says.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.registry.actions import required
from mangrove.registry.models import SignIn, User

FRESH = timedelta(seconds=60)
"""A sign-in seen so lately is not written again: one page with its parts is one sight."""


def begin(user: User, address: str, agent: str) -> SignIn:
    """A sign-in that succeeded just now."""
    now = timezone.now()
    return SignIn.objects.create(
        user=user, began_at=now, seen_at=now, address=address[:45], agent=agent[:200]
    )


def open_sign_ins(user: User) -> QuerySet[SignIn]:
    """Those with which pages can still be opened now: neither ended nor over by a limit."""
    now = timezone.now()
    since = now - timedelta(seconds=settings.MANGROVE_SESSION_LIMIT)
    seen = now - timedelta(seconds=settings.MANGROVE_IDLE_LIMIT)
    return SignIn.objects.filter(user=user, ended_at=None, began_at__gt=since, seen_at__gt=seen).order_by(
        "-seen_at", "-began_at"
    )


def over(sign_in: SignIn, now: datetime) -> str:
    """By what a sign-in is over, a word of :attr:`SignIn.ENDS`; empty while it is not."""
    if sign_in.ended_at:
        return sign_in.ended_by or "ended"
    if now - sign_in.began_at >= timedelta(seconds=settings.MANGROVE_SESSION_LIMIT):
        return "limit"
    return "idle" if now - sign_in.seen_at >= timedelta(seconds=settings.MANGROVE_IDLE_LIMIT) else ""


def seen(sign_in: SignIn) -> None:
    """Somebody is at it. Never asked for a request that a page makes by itself."""
    now = timezone.now()
    if now - sign_in.seen_at >= FRESH:
        SignIn.objects.filter(pk=sign_in.pk, ended_at=None).update(seen_at=now)


def close(sign_ins: QuerySet[SignIn], by: str) -> int:
    """End them; returns how many were still open."""
    return sign_ins.filter(ended_at=None).update(ended_at=timezone.now(), ended_by=by)


@transaction.atomic
def end_own(*, user: User, id: uuid.UUID, by: Actor, on: date) -> None:
    """End one sign-in of one's own. Raises :class:`Refusal` where it is already over."""
    if not close(open_sign_ins(user).order_by().filter(pk=id), "ended"):
        raise Refusal(
            _("这次登录已经结束。"), code="registry.sign_in.over", where=_("我的登录"), remedy=_("不必再办。")
        )
    record("registry.end_sign_in", subject=user.ref, by=by, on=on, payload={"sign_ins": 1})


@transaction.atomic
def end_others(*, user: User, keep: uuid.UUID, by: Actor, on: date) -> int:
    """End every sign-in of one's own but the one at hand."""
    ended = close(open_sign_ins(user).order_by().exclude(pk=keep), "ended")
    if ended:
        record("registry.end_sign_in", subject=user.ref, by=by, on=on, payload={"sign_ins": ended})
    return ended


@transaction.atomic
def end_all(*, user: User, by: User, on: date, why: str) -> int:
    """The security administrator ends whatever this person has open, and says why."""
    required(why, _("理由"))
    if not by.has_role("security"):
        raise Refusal(
            _("您不能结束他人的登录。"), code="registry.not_permitted", where=user.name,
            rule=_("他人的登录由安全管理员结束，写明理由，记入账本"), remedy=_("请与安全管理员联系。"),
        )  # fmt: skip
    ended = close(open_sign_ins(user).order_by(), "security")
    record("registry.end_sign_in", subject=user.ref, by=by.actor, on=on, why=why, payload={"sign_ins": ended})
    return ended
