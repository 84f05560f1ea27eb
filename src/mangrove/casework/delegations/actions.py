"""Giving and revoking a delegation. Revoking waits for an act that is just being taken under it, and ends it for the next."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.clocks import refuse_far
from mangrove.casework.delegations.access import access_delegation, candidates, may_delegate
from mangrove.casework.delegations.models import Delegation
from mangrove.casework.messages.actions import tell
from mangrove.casework.rules import rules
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User

GIVEN, REVOKED = "casework.delegation_given", "casework.delegation_revoked"


@transaction.atomic
def give(
    *, by: User, on: date, delegate: User, acts: Collection[str], starts_on: date, ends_on: date, why: str
) -> Delegation:
    """Let another take these acts in one's place, from and until a day. Raises :class:`Refusal`."""
    refuse_delegation(by, delegate, sorted(acts), starts_on, ends_on, why)
    given = Delegation(
        principal=by, delegate=delegate, acts=sorted(acts), starts_on=starts_on, ends_on=ends_on, reason=why
    )
    given.event = record(
        "casework.delegate", subject=given.ref, by=by.actor, on=on, why=why, payload=told(given)
    )
    given.save(force_insert=True)
    say(GIVEN, given, delegate)
    return given


def told(given: Delegation) -> dict[str, object]:
    return {
        "principal": given.principal.username, "delegate": given.delegate.username, "acts": list(given.acts),
        "starts_on": given.starts_on.isoformat(), "ends_on": given.ends_on.isoformat(),
    }  # fmt: skip


def refuse_delegation(
    by: User, delegate: User, acts: list[str], starts_on: date, ends_on: date, why: str
) -> None:
    own = may_delegate(by)
    if not acts or not set(acts) <= set(own):
        raise Refusal(
            _("只能授权您自己能办的事；您持有的他人授权不能再转授。"), code="casework.not_ones_own", where=_("授权事项"),
        )  # fmt: skip
    if delegate.pk not in {one.pk for one in candidates(by, acts)}:
        raise Refusal(
            _("受托人须是本单位参与此项工作的在用账号，且不是您本人。"), code="casework.bad_delegate", where=_("受托人"),
        )  # fmt: skip
    if ends_on < starts_on or ends_on < timezone.localdate():
        raise Refusal(
            _("授权止日 %(last)s 早于起日或已过。") % {"last": ends_on}, code="casework.bad_span", where=_("授权止日"),
        )  # fmt: skip
    refuse_far(ends_on, timezone.localdate(), _("授权止日"), _("授权止日"))
    most = rules().delegated_days
    if (ends_on - starts_on).days >= most:
        raise Refusal(
            _("一次授权最多 %(n)s 天。") % {"n": most}, code="casework.delegated_too_long", where=_("授权止日"),
            rule=rules().delegation_cited, remedy=_("请把止日提前；要更久的，到期再授。"),
        )  # fmt: skip
    if not why.strip():
        raise Refusal(_("授权须写明理由。"), code="casework.needs_reason", where=_("理由"))


@transaction.atomic
def revoke(*, by: User, on: date, id: uuid.UUID, why: str) -> Delegation:
    """From now on nobody acts under it; what was done under it stands. Raises :class:`Refusal`."""
    access_delegation(by, id)
    held = Delegation.objects.select_for_update().get(pk=id)
    if held.revoked_on is not None:
        raise Refusal(
            _("这项授权已于 %(on)s 撤销。") % {"on": held.revoked_on}, code="casework.delegation_revoked", where=_("代签授权"),
        )  # fmt: skip
    access_delegation(by, id, to="revoke")
    if not why.strip():
        raise Refusal(_("撤销授权须写明理由。"), code="casework.needs_reason", where=_("理由"))
    held.revoked_on = on
    held.save(update_fields=["revoked_on"])
    record("casework.revoke_delegation", subject=held.ref, by=by.actor, on=on, why=why, payload=told(held))
    say(REVOKED, held, held.delegate)
    return held


def say(kind: str, held: Delegation, to: User) -> None:
    tell(
        kind, to=[to], key=f"{kind}/{held.pk}", about=Ref("casework", "delegation", str(held.pk)),
        name=held.principal.name, first=held.starts_on.isoformat(), last=held.ends_on.isoformat(),
    )  # fmt: skip
