"""Registering a proposal, and taking that back: its number once a kind and meeting, its key the first that is free, its namesakes asked about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import count
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from mangrove.casework.actions import open_case, take_step
from mangrove.casework.models import CaseAct
from mangrove.ledger.refusals import Refusal
from mangrove.likeness.looking import enter
from mangrove.proposals.access import access_proposal
from mangrove.proposals.decisions import refuse_importance, refuse_proposal_number
from mangrove.proposals.likeness import text
from mangrove.proposals.models import Proposal
from mangrove.proposals.rules import rules
from mangrove.registry.models import User
from mangrove.ui.languages import listed


@transaction.atomic
def register_proposal(
    *,
    by: User,
    on: date,
    number: str,
    title: str,
    meeting: str,
    lead_deputy: str,
    co_signers: str = "",
    kind: str = "建议",
    original_text: str = "",
    deputies: Collection[User] = (),
    importance: str = "ordinary",
    note: str = "",
    synthetic: bool = False,
    why: str = "",
    namesakes_seen: Collection[str] | None = None,
) -> Proposal:
    """Register a proposal as it came in and open its case. Raises :class:`Refusal`.

    ``namesakes_seen``: the ids of the namesakes that somebody looked at and says are others; ``None`` asks nobody.
    """
    refuse_unless_registrar(by)
    refuse_proposal_number(number)
    refuse_importance(importance, rules())
    proposal = Proposal(
        number=number, kind=kind, title=title, meeting=meeting, lead_deputy=lead_deputy, co_signers=co_signers,
        original_text=original_text, received_on=on, importance=importance, note=note, synthetic=synthetic,
    )  # fmt: skip
    refuse_taken(proposal)
    if namesakes_seen is not None:
        refuse_namesakes(proposal, namesakes_seen)
    write_under_a_free_key(proposal, by=by, on=on, why=why)
    proposal.deputies.set(deputies)
    enter(proposal.ref, text(proposal))
    return proposal


def refuse_unless_registrar(by: User) -> None:
    if not by.has_role("registrar"):
        raise Refusal(
            _("只有登记员可以登记建议。"), code="proposals.not_registrar", remedy=_("请由市府办登记。")
        )


def namesakes(*, kind: str, number: str, title: str, meeting: str) -> QuerySet[Proposal]:
    """What may be the same proposal: its number at a meeting of another name, or its very title and not yet closed."""
    numbered = Q(kind=kind, number=number) & ~Q(meeting=meeting)
    standing = Proposal.objects.filter(withdrawn=False)
    return standing.filter(numbered | Q(title=title, case__closed_on=None)).order_by("pk")


def refuse_namesakes(proposal: Proposal, seen: Collection[str]) -> None:
    found = namesakes(
        kind=proposal.kind, number=proposal.number, title=proposal.title, meeting=proposal.meeting
    )  # fmt: skip
    unseen = [f"{one.meeting}{one.kind} {one}" for one in found if one.pk not in seen]
    if unseen:
        raise Refusal(
            _("可能已经登记过：%(namesakes)s。") % {"namesakes": listed(unseen)},
            code="proposals.namesakes", where=_("会议、编号、题目"),
            remedy=_("请核对会议名称和题目；确是另一件的，勾选“确认是另一件”后再登记。"),
        )  # fmt: skip


def write_under_a_free_key(proposal: Proposal, **moment: Any) -> None:
    """Somebody may take the key between the look and the write: then the next free one is taken.

    Only a number that its kind and meeting have already is refused; every other fault of the database stays one.
    """
    while True:
        refuse_taken(proposal)
        proposal.pk = free_key(proposal)
        try:
            with transaction.atomic():
                return write(proposal, **moment)
        except IntegrityError:
            if not Proposal.objects.filter(same_number(proposal) | Q(pk=proposal.pk)).exists():
                raise


def same_number(proposal: Proposal) -> Q:
    return Q(kind=proposal.kind, meeting=proposal.meeting, number=proposal.number, withdrawn=False)


def refuse_taken(proposal: Proposal) -> None:
    if Proposal.objects.filter(same_number(proposal)).exists():
        told = {"meeting": proposal.meeting, "kind": proposal.kind, "number": proposal.number}
        raise Refusal(
            _("%(meeting)s的%(kind)s %(number)s 已经登记过。") % told,
            code="proposals.number_taken", where=_("建议编号"), remedy=_("请核对会议和编号，或打开已登记的那一件。"),
        )  # fmt: skip


def free_key(proposal: Proposal) -> str:
    """The first of the keys that this number may have which no proposal bears, of whatever kind or meeting."""
    plain = Proposal.key(proposal.kind, proposal.number)
    borne = set(Proposal.objects.filter(pk__startswith=plain).values_list("pk", flat=True))
    keys = (Proposal.key(proposal.kind, proposal.number, before) for before in count())
    return next(key for key in keys if key not in borne)


def write(proposal: Proposal, *, by: User, on: date, why: str) -> None:
    """The case first, which the proposal points at; both or neither."""
    proposal.case = open_case(
        workflow_id="proposals.proposal", subject=proposal.ref, title=str(proposal), by=by.actor, on=on, why=why,
        organisation=by.body,
        details={
            "number": proposal.number, "meeting": proposal.meeting, "lead_deputy": proposal.lead_deputy,
            "importance": proposal.importance,
        },
    )  # fmt: skip
    proposal.save(force_insert=True)


@transaction.atomic
def withdraw_proposal(*, by: User, on: date, proposal_id: str, expected_version: int, why: str) -> CaseAct:
    """Take back a registration that was a mistake, before anybody has been handed it; its number is free again."""
    proposal = access_proposal(by, proposal_id, to="withdraw")
    taken = take_step(
        proposal.case_id, "withdraw", by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why
    )  # fmt: skip
    Proposal.objects.filter(pk=proposal.pk).update(withdrawn=True)
    return taken
