"""Accounts: opened with roles, their passwords changed and never soon repeated, closed but never deleted."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from axes.utils import reset
from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.registry.actions import required
from mangrove.registry.decisions import known_roles
from mangrove.registry.models import FormerPassword, Organisation, SignIn, User
from mangrove.registry.sessions import close

REMEMBERED = getattr(settings, "MANGROVE_PASSWORDS_REMEMBERED", 5)
"""How many former passwords may not come back."""


@transaction.atomic
def create_account(
    *, username: str, name: str, roles: Iterable[str], password: str, by: Actor, on: date, why: str = "",
    organisation: Organisation | None = None, unit: str = "", rank: str = "",
    must_change_password: bool = True, synthetic: bool = False, hashed: str = "",
) -> User:  # fmt: skip
    """Open an account. Its first password must be changed at sign-in unless ``must_change_password`` is false.

    ``hashed``: the hash of ``password``, where many sample accounts share one; else it is made here.
    """
    username = required(username, _("用户名"))
    if User.objects.filter(username=username).exists():
        raise Refusal(
            _("用户名“%(username)s”已经有人使用。") % {"username": username},
            code="registry.account.taken",
            where=_("用户名"),
            remedy=_("请换一个用户名。"),
        )
    user = User(
        username=username, name=required(name, _("称谓")), roles=known_roles(roles), organisation=organisation,
        unit=unit, rank=rank, must_change_password=must_change_password, synthetic=synthetic,
        password_changed_at=timezone.now(),
    )  # fmt: skip
    refuse_weak_password(password, user)
    user.password = hashed or make_password(password)
    user.save()
    payload = {
        "name": user.name,
        "roles": user.roles,
        "organisation": user.organisation_id,
        "unit": unit,
        "rank": rank,
    }
    record("registry.create_account", subject=user.ref, by=by, on=on, why=why, payload=payload)
    return user


@transaction.atomic
def change_password(
    *, user: User, new: str, by: Actor, on: date, must_change: bool = False, keep: uuid.UUID | None = None
) -> User:
    """Give the account a new password, unlike its last ones.

    The caller has asked for the old one, or ``must_change`` says that somebody else gave it. No password is recorded.
    Every sign-in ends but ``keep``, at which the person sits.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    refuse_weak_password(new, user)
    refuse_former_password(new, user)
    FormerPassword.objects.create(user=user, hash=user.password, replaced_at=timezone.now())
    user.set_password(new)
    user.must_change_password, user.password_changed_at = must_change, timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    others = SignIn.objects.filter(user=user)
    close(others.exclude(pk=keep) if keep else others, "password")
    record("registry.change_password", subject=user.ref, by=by, on=on, payload={})
    return user


@transaction.atomic
def change_roles(*, user: User, roles: Iterable[str], by: Actor, on: date, why: str) -> User:
    """Set what the account may do. Nobody changes their own roles."""
    required(why, _("理由"))
    if by.username == user.username:
        raise Refusal(
            _("不能变更自己的角色。"),
            code="registry.account.own_roles",
            where=user.name,
            remedy=_("请另一位管理员办理。"),
        )
    user = User.objects.select_for_update().get(pk=user.pk)
    former, user.roles = user.roles, known_roles(roles)
    user.save(update_fields=["roles"])
    record(
        "registry.change_roles",
        subject=user.ref,
        by=by,
        on=on,
        why=why,
        payload={"from": former, "to": user.roles},
    )
    return user


class Unlocked(NamedTuple):
    """What was forgotten: wrong passwords, and the addresses from which the account was kept out for them."""

    failures: int
    lockouts: int


@transaction.atomic
def unlock_account(*, user: User, by: Actor, on: date) -> Unlocked:
    """Forget the wrong passwords given for this name, and with them the lockouts that they caused.

    Recorded only where a lockout ended. The limit that an address reaches under whatever names may still hold.
    """
    failures = recent_failures(user)
    ended = sum(given >= settings.AXES_FAILURE_LIMIT for given in failures)
    reset(username=user.username)
    if ended:
        record("registry.unlock_account", subject=user.ref, by=by, on=on, payload={"lockouts": ended})
    return Unlocked(sum(failures), ended)


def recent_failures(user: User) -> list[int]:
    """The wrong passwords that still count against this name, by address."""
    since = timezone.now() - (get_cool_off() or timedelta())
    counting = AccessAttempt.objects.filter(username=user.username, attempt_time__gte=since).order_by()
    by_address = counting.values("ip_address").annotate(failures=Sum("failures_since_start"))
    return [given["failures"] for given in by_address]


@transaction.atomic
def close_account(*, user: User, by: Actor, on: date, why: str) -> User:
    """The account can no longer sign in; what it did stays under its name."""
    required(why, _("理由"))
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise Refusal(_("账号已经停用。"), code="registry.account.closed", where=user.name)
    user.is_active = False
    user.save(update_fields=["is_active"])
    close(SignIn.objects.filter(user=user), "closed")
    record("registry.close_account", subject=user.ref, by=by, on=on, why=why, payload={})
    return user


def refuse_weak_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refusal(
            "".join(error.messages),
            code="registry.password.weak",
            where=_("密码"),
            remedy=_("请换一个更长、更难猜的密码。"),
        ) from error


def refuse_former_password(password: str, user: User) -> None:
    former = [user.password, *user.former_passwords.values_list("hash", flat=True)[: REMEMBERED - 1]]
    if any(check_password(password, known) for known in former):
        raise Refusal(_("不能与最近%(n)s次用过的密码相同。") % {"n": REMEMBERED}, code="registry.password.repeated", where=_("密码"),
                      remedy=_("请换一个没有用过的密码。"))  # fmt: skip
