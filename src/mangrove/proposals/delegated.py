"""Signing in another's place (代签): who may, what it asks, and how the letter says so."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mangrove.casework.access import reaches, steps_for
from mangrove.casework.delegations.models import Delegation
from mangrove.casework.delegations.standing import principal_of, principals, take_up
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.access import Visitor, access_reply
from mangrove.proposals.models import Reply, SignedLetter
from mangrove.proposals.workflow import REPLY
from mangrove.registry.models import User

ACT = f"{REPLY.id}.sign"


def offered(user: Visitor, reply: Reply) -> list[Delegation]:
    """The delegations under which this person may sign the reply as it now stands."""
    step = REPLY.move(reply.case.state, "sign") if reply.case.workflow == REPLY.id else None
    if step is None or not isinstance(user, User):
        return []
    return [held for held in principals(user, ACT) if reaches(held.principal, reply.case, step)]


def choices(user: User, reply: Reply) -> list[tuple[str, Any]]:
    """In whose name: one's own, where one may, and of those who delegated."""
    own = [("", _("本人"))] if any(step.act == "sign" for step in steps_for(user, reply.case)) else []
    others = [
        (str(held.pk), _("代%(name)s") % {"name": held.principal.name}) for held in offered(user, reply)
    ]
    return [*own, *others] if others else []


def access_to(user: Visitor, id: str, act: str) -> Reply:
    """As :func:`access_reply`; a reply is opened for signing also to who may sign it in another's place."""
    if act == "sign":
        reply = access_reply(user, id)
        if offered(user, reply):
            return reply
    return access_reply(user, id, to=act)


def signer_for(by: User, on: date, delegation: str) -> tuple[User, Delegation | None]:
    """Whose authority counts, and the delegation, locked. Called in the transaction of the signature."""
    if not delegation:
        return by, None
    held = take_up(parsed(delegation), ACT, by=by, on=on)
    return held.principal, held


def parsed(delegation: str) -> uuid.UUID:
    try:
        return uuid.UUID(delegation)
    except ValueError as error:
        raise Refusal(
            _("没有给您的这项授权。"), code="casework.no_delegation", where=_("代签授权"),
            remedy=_("请由授权人本人办理，或重新授权。"),
        ) from error  # fmt: skip


#: How the letter names who signed in another's place; what is kept is in Chinese.
def name_on_letter(by: User, held: Delegation | None) -> str:
    return by.name if held is None else f"{by.name}（代{held.principal.name}签发）"


def told(held: Delegation | None) -> dict[str, str]:
    """What the ledger says of it, with the signature."""
    if held is None:
        return {}
    principal = held.principal
    return {"acting_for": principal.username, "acting_for_name": principal.name, "delegation": str(held.pk)}


def signed_by(letter: SignedLetter) -> set[str]:
    """The accounts whose signature the letter bears: who signed, and in whose place."""
    return {letter.signer, principal_of(letter.event)} - {""}
