"""What waits for a person in this room beside the steps of their office: a deputy's rating, a proposal ready to close."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.proposals.models import Proposal, Reply
from mangrove.proposals.received.waiting import letters_to_file
from mangrove.proposals.workflow import RATEABLE
from mangrove.registry.models import User
from mangrove.ui.house import Todo


def waiting(user: Any) -> list[Todo]:
    """All of the room's own todos for this user."""
    return [*replies_to_rate(user), *proposals_to_close(user), *letters_to_file(user)]


def replies_to_rate(user: User) -> list[Todo]:
    """The letters sent to this deputy that they have not rated; the due date is the end of the feedback limit."""
    if not user.has_role("deputy"):
        return []
    sent = (
        Reply.objects.filter(proposal__deputies=user, case__state__in=RATEABLE)
        .select_related("proposal", "case")
        .prefetch_related("signed_letters__ratings", "case__clocks")
    )
    return [rating_todo(reply) for reply in sent if not has_rated(user, reply)]


def has_rated(user: User, reply: Reply) -> bool:
    """Whether the newest letter bears this deputy's rating; read from what was prefetched."""
    newest = max(reply.signed_letters.all(), key=lambda letter: letter.version)
    return any(rating.deputy == user.username for rating in newest.ratings.all())


def rating_todo(reply: Reply) -> Todo:
    running = [
        clock
        for clock in reply.case.clocks.all()
        if clock.met_on is None and clock.terms["key"] == "feedback"
    ]
    due = next((clock.due_on for clock in running), None)
    url = reverse("proposals:act", args=[reply.pk, "rate"])
    title = f"{reply.proposal.number} {reply.proposal.title}"
    return Todo(title=title, act=_("评价答复"), url=url, due=due, since=reply.handed_on, subject=reply.ref)


def proposals_to_close(user: User) -> list[Todo]:
    """Proposals whose every part is done, for the office that registered them."""
    if not user.has_role("registrar"):
        return []
    parts = Reply.objects.filter(proposal=OuterRef("pk"))
    done = Proposal.objects.filter(
        ~Exists(parts.filter(case__closed_on=None)),
        pk__in=Reply.objects.filter(case__state="closed").values("proposal"),
        case__state="handed",
    ).order_by("number")
    return [
        Todo(
            title=f"{proposal.number} {proposal.title}", act=_("办结"),
            url=reverse("proposals:proposal_act", args=[proposal.pk, "close"]),
            due=None, since=proposal.received_on, subject=proposal.ref,
        )
        for proposal in done
    ]  # fmt: skip
