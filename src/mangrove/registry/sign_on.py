"""Who an account is at the provider of single sign-on: kept at the first sign-in, and the same ever after.

The name by which an account is found (a claim) can be changed by people at some providers; the subject (``sub``) cannot.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.registry.actions import required
from mangrove.registry.models import SignOn, User


@transaction.atomic
def same_person(*, user: User, issuer: str, subject: str) -> None:
    """The first subject that comes with this account is its own. Raises :class:`Refusal` for another one."""
    User.objects.select_for_update().get(pk=user.pk)
    held = list(SignOn.objects.filter(Q(user=user) | Q(subject=subject), issuer=issuer))
    if not held:
        SignOn.objects.create(user=user, issuer=issuer, subject=subject)
        payload = {"issuer": issuer}
        record(
            "registry.bind_sign_on", subject=user.ref, by=user.actor, on=timezone.localdate(), payload=payload
        )
    elif any((one.user_id, one.subject) != (user.pk, subject) for one in held):
        raise another_person()


def another_person() -> Refusal:
    """Which account it is bound to is not told."""
    return Refusal(
        _("统一认证通过了，但它的这个用户不是此前登录这个账号的那一个。"),
        code="registry.sign_on.another", where=_("统一认证"), rule=_("一个账号只认第一次由统一认证登录的那个用户"),
        remedy=_("请用用户名和密码登录，或联系系统管理员：核实确是本人换了统一认证账号的，由运维执行 mangrove account release 用户名 --why 理由，再重新登录。"),
    )  # fmt: skip


@transaction.atomic
def release(*, user: User, by: Actor, on: date, why: str) -> int:
    """Forget who the account is at the provider, so that the next sign-in says it anew."""
    required(why, _("理由"))
    user = User.objects.select_for_update().get(pk=user.pk)
    count, _each = SignOn.objects.filter(user=user).delete()
    if not count:
        raise Refusal(
            _("账号没有由统一认证登录过。"),
            code="registry.sign_on.none",
            where=user.name,
            remedy=_("不必解除。"),
        )
    record("registry.release_sign_on", subject=user.ref, by=by, on=on, why=why, payload={"count": count})
    return count
