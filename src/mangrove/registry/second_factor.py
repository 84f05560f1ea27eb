"""The second factor: one-time codes (TOTP, RFC 6238) and recovery codes, each taken once.

No secret is stored. The database keeps a random salt; the secret is its HMAC under ``MANGROVE_SECOND_FACTOR_KEY``,
which is kept apart from the database: a copy of the database alone makes no codes. Who loses the key enrols everybody anew.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import secrets
from datetime import date

import pyotp
import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.ledger.actions import record
from mangrove.ledger.refusals import Refusal
from mangrove.registry.actions import required
from mangrove.registry.models import RecoveryCode, SecondFactor, User
from mangrove.ui.languages import listed

STEP = 30
"""Seconds for which a code stands (RFC 6238)."""
DRIFT = 1
"""Steps by which the clock of a telephone may be early or late."""
RECOVERY_CODES = 10
ISSUER = "Mangrove"


def keyed(purpose: str, text: str) -> bytes:
    key = settings.MANGROVE_SECOND_FACTOR_KEY.encode()
    return hmac.new(key, f"{purpose}:{text}".encode(), hashlib.sha256).digest()


def secret_of(factor: SecondFactor) -> str:
    """The secret that the telephone has, in base 32."""
    return base64.b32encode(keyed("totp", f"{factor.user_id}:{factor.salt}")[:20]).decode()


def has_factor(user: User) -> bool:
    return SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).exists()


def must_have_factor(user: User) -> bool:
    return user.has_role(*settings.MANGROVE_SECOND_FACTOR_ROLES)


def begun(user: User) -> SecondFactor:
    """The enrolment under way; a confirmed one is not begun anew. Raises :class:`Refusal`."""
    factor, _made = SecondFactor.objects.get_or_create(user=user, defaults={"salt": secrets.token_hex(16)})
    if factor.confirmed_at:
        raise Refusal(
            _("已经启用二次验证。"), code="registry.factor.known", where=user.name,
            remedy=_("换手机时请先停用再重新启用；手机丢失的，请安全管理员重置。"),
        )  # fmt: skip
    return factor


def picture(factor: SecondFactor) -> str:
    """The QR code of the enrolment as SVG, drawn here; no other machine learns of it."""
    uri = pyotp.TOTP(secret_of(factor)).provisioning_uri(name=factor.user.username, issuer_name=ISSUER)
    drawn = io.BytesIO()
    segno.make(uri, error="m").save(
        drawn, kind="svg", scale=5, xmldecl=False, svgns=True, nl=False, border=4, light="#fff"
    )
    return drawn.getvalue().decode()


@transaction.atomic
def enrol(*, user: User, code: str, on: date) -> list[str]:
    """Confirm by a first code that the telephone has the secret. Returns the recovery codes, which are shown this once."""
    factor = begun(user)
    if not taken(factor, code):
        raise wrong_code(user)
    SecondFactor.objects.filter(pk=factor.pk, confirmed_at=None).update(confirmed_at=timezone.now())
    made = [recovery_code() for _one in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, hash=recovery_hash(user, one)) for one in made)
    record("registry.enrol_factor", subject=user.ref, by=user.actor, on=on, payload={})
    return made


def recovery_code() -> str:
    """Eighty bits, in four groups that a person can copy."""
    text = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[n : n + 4] for n in range(0, 16, 4))


def recovery_hash(user: User, code: str) -> str:
    plain = "".join(one for one in code.lower() if one.isalnum())
    return keyed("recovery", f"{user.pk}:{plain}").hex()


def taken(factor: SecondFactor, code: str) -> bool:
    """Whether the code is right now and was not used yet; it is used by being asked about, whoever asks at the same time."""
    totp = pyotp.TOTP(secret_of(factor), interval=STEP)
    now = int(timezone.now().timestamp()) // STEP
    plain = "".join(code.split())
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(totp.at(step * STEP), plain) if plain.isascii() else False:
            unused = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
            return bool(unused.update(last_step=step))
    return False


def recovered(user: User, code: str, on: date) -> bool:
    """Whether it is a recovery code of this person that was not used; using one is recorded."""
    with transaction.atomic():
        unused = RecoveryCode.objects.filter(user=user, hash=recovery_hash(user, code), used_at=None)
        if not unused.update(used_at=timezone.now()):
            return False
        left = RecoveryCode.objects.filter(user=user, used_at=None).count()
        record("registry.use_recovery_code", subject=user.ref, by=user.actor, on=on, payload={"left": left})
    return True


def passes(user: User, code: str, on: date) -> bool:
    """Whether this one-time or recovery code lets the person in, once."""
    factor = SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).first()
    return factor is not None and (taken(factor, code) or recovered(user, code, on))


@transaction.atomic
def leave(*, user: User, code: str, on: date) -> None:
    """Give the second factor up, by a code; refused where the role must have one."""
    if must_have_factor(user):
        raise Refusal(
            _("您的角色必须使用二次验证，不能停用。"), code="registry.factor.required", where=user.name,
            rule=_("须用二次验证的角色：%(roles)s") % {"roles": listed(settings.MANGROVE_SECOND_FACTOR_ROLES)},
            remedy=_("换手机的，请安全管理员重置后重新启用。"),
        )  # fmt: skip
    if not passes(user, code, on):
        raise wrong_code(user)
    forget(user)
    record("registry.leave_factor", subject=user.ref, by=user.actor, on=on, payload={})


@transaction.atomic
def reset(*, user: User, by: User, on: date, why: str) -> None:
    """The security administrator takes a lost factor away, never their own; the person enrols anew at the next sign-in."""
    required(why, _("理由"))
    if not by.has_role("security") or by.pk == user.pk:
        raise Refusal(
            _("您不能重置这个账号的二次验证。"), code="registry.not_permitted", where=user.name,
            rule=_("二次验证由安全管理员为他人重置，写明理由，记入账本"), remedy=_("请与另一位安全管理员联系。"),
        )  # fmt: skip
    if not forget(user):
        raise Refusal(
            _("这个账号没有启用二次验证。"),
            code="registry.factor.none",
            where=user.name,
            remedy=_("不必重置。"),
        )
    record("registry.reset_factor", subject=user.ref, by=by.actor, on=on, why=why, payload={})


def forget(user: User) -> bool:
    RecoveryCode.objects.filter(user=user).delete()
    gone, _each = SecondFactor.objects.filter(user=user).delete()
    return bool(gone)


def wrong_code(user: User) -> Refusal:
    return Refusal(
        _("验证码不正确，或已经用过。"), code="registry.factor.wrong_code", where=_("验证码"),
        remedy=_("请等手机换出下一个验证码再填；一直不对的，核对手机的时间。"),
    )  # fmt: skip
