"""What the ledger tells of a proposal and of a reply, to the house and to a deputy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.proposals.access import reads_as_deputy
from mangrove.proposals.models import Proposal, Reply
from mangrove.registry.models import User
from mangrove.ui.components import Moment, moments


def history(refs: Sequence[Any]) -> list[Event]:
    """The ledger's events about these things, whatever room wrote them."""
    found: list[Event] = []
    for ref in refs:
        found += Event.objects.filter(room=ref.room, kind=ref.kind, object_id=ref.id).select_related("body")
    return found


#: The acts on a proposal that a deputy is told of.
PUBLIC_PROPOSAL_ACTS = ("open", "hand_over", "close", "withdraw")


def proposal_history(user: User, proposal: Proposal) -> list[Event]:
    """The ledger's events about a proposal, as far as this person is told of them."""
    told = history([proposal.ref, proposal.case.ref])
    if not reads_as_deputy(user):
        return told
    return [event for event in told if event.act.rpartition(".")[2] in PUBLIC_PROPOSAL_ACTS]


#: The acts on a reply that a deputy is told of; what the house says to itself on the way stays in the house.
PUBLIC_ACTS = ("open", "deliver", "rate", "redo", "close", "close_unrated")


def reply_history(user: User, reply: Reply) -> list[Event]:
    """The ledger's events about a reply, as far as this person is told of them."""
    if reads_as_deputy(user):
        told = [event for event in history([reply.case.ref]) if event.act.rpartition(".")[2] in PUBLIC_ACTS]
        return [event for event in told if not event.act.endswith(".rate") or event.actor == user.username]
    letters = [letter.ref for letter in reply.signed_letters.all()]
    return history([reply.case.ref, reply.ref, *letters])


def reply_moments(user: User, reply: Reply) -> list[Moment]:
    """The same as a timeline, newest first; to the house with what each act was about beside itself."""
    newest = sorted(reply_history(user, reply), key=lambda event: event.pk, reverse=True)
    shown = moments(newest)
    if reads_as_deputy(user):
        return shown
    limits = {clock.pk: clock.what for clock in reply.case.clocks.all()}
    return [
        replace(moment, detail=detail(said(event) or {}, limits))
        for moment, event in zip(shown, newest, strict=True)
    ]


def detail(payload: Mapping[str, Any], limits: Mapping[int, str]) -> str:
    """Which limit an act started or ended, or which numbers somebody kept although they differ."""
    if payload.get("kept_findings"):
        return _("保留不符的数字：%(kept_findings)s。理由：%(keep_reason)s") % payload
    return limits.get(payload.get("clock", 0), "")
