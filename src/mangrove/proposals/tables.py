"""The lists of the room, each declared once for page, Excel and print. Deputies get the public words for states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mangrove.casework.models import Clock
from mangrove.casework.workflow import workflow
from mangrove.proposals.access import Visitor, reads_as_deputy
from mangrove.proposals.limits import answer_limits
from mangrove.proposals.models import Proposal, Reply
from mangrove.proposals.pages import Particulars, clock_words, particulars, result_words
from mangrove.registry.labels import named
from mangrove.ui.components import Link, Short, Tag, Tone
from mangrove.ui.languages import beside, in_words, listed
from mangrove.ui.tables import SYNTHETIC, Column, Table

TONES: dict[str, Tone] = {
    "closed": "good",
    "delivered": "good",
    "rated": "good",
    "handed": "warn",
    "registered": "warn",
    "returned": "bad",
}


def state_tag(case: Any) -> Tag:
    state = workflow(case.workflow).state(case.state)
    return Tag(state.label, TONES.get(state.id, "info"))


def public_tag(case: Any) -> Tag:
    return Tag(workflow(case.workflow).state(case.state).public_label, "info")


def proposal_link(proposal: Proposal) -> Link:
    return Link(proposal.title, reverse("proposals:proposal", args=[proposal.pk]))


def units(proposal: Proposal) -> str:
    """Who answers; read from the prefetched replies."""
    return listed(beside(named(reply.organisation), in_words(reply.part)) for reply in proposal.replies.all())


def reply_states(proposal: Proposal) -> Tag:
    """Where the parts stand, each state once; where the proposal stands before anybody has a part."""
    cases = [reply.case for reply in proposal.replies.all()] or [proposal.case]
    tags = {case.state: state_tag(case) for case in cases}
    return (
        next(iter(tags.values()))
        if len(tags) == 1
        else Tag(listed(tag.text for tag in tags.values()), "info")
    )


def answer_clock(reply: Reply) -> Clock | None:
    """The newest limit by which this unit answers; read from the prefetched clocks."""
    answers = (*answer_limits(), "second_handling")
    clocks = [clock for clock in reply.case.clocks.all() if clock.terms["key"] in answers]
    return max(clocks, key=lambda clock: clock.pk, default=None)


def due(proposal: Proposal) -> Tag | None:
    """The first limit to answer that is not met, or that all are met."""
    clocks = [clock for reply in proposal.replies.all() if (clock := answer_clock(reply))]
    running = [clock for clock in clocks if clock.met_on is None and clock.due_on]
    shown = min(running, key=lambda clock: str(clock.due_on)) if running else next(iter(clocks), None)
    return Tag(*clock_words(shown, timezone.localdate())) if shown else None


def proposals_table(user: Visitor) -> Table:
    """The list of proposals for this person."""
    public = reads_as_deputy(user)
    state: Callable[[Proposal], Tag] = (lambda row: public_tag(row.case)) if public else reply_states
    columns = [
        Column("number", _("编号"), sort="number"),
        Column("title", _("题目"), cell=proposal_link, sort="title"),
        Column("kind", _("类别"), cell=lambda row: Short(in_words(row.kind))),
        Column("meeting", _("会议")),
        Column("lead_deputy", _("领衔人"), cell=lambda row: Short(row.lead_deputy)),
        Column("units", _("承办单位"), cell=units),
        Column("received_on", _("登记日期"), sort="received_on"),
        *([] if public else [Column("due", _("答复期限"), cell=due)]),
        Column("state", _("状态"), cell=state),
        SYNTHETIC,
    ]
    return Table(
        "proposals", _("建议提案"), columns, order="-received_on",
        empty=_("登记第一件建议后，这里列出编号、承办单位和办理状态。"),
    )  # fmt: skip


def reply_link(reply: Reply) -> Link:
    return Link(named(reply.organisation), reverse("proposals:reply", args=[reply.pk]))


def replies_table(user: Visitor) -> Table:
    """The parts of one proposal for this person."""
    tag = public_tag if reads_as_deputy(user) else state_tag
    columns = [
        Column("organisation", _("承办单位"), cell=reply_link),
        Column("part", _("办理方式"), cell=lambda reply: in_words(reply.part)),
        Column("handed_on", _("交办日期")),
        Column("state", _("状态"), cell=lambda reply: tag(reply.case)),
        Column("document_number", _("发文字号"), cell=lambda reply: particulars(reply).document_number),
        Column("result_class", _("办理结果"), cell=of_letter(lambda said: result_words(said.result_class))),
        Column("openness", _("公开类型"), cell=of_letter(lambda said: in_words(said.openness))),
    ]
    return Table("replies", _("承办单位"), columns, empty=_("尚未交办。"))


def of_letter(words: Callable[[Particulars], Any]) -> Callable[[Reply], Any]:
    """What is said of a part that answers with a letter; an opinion has none."""
    return lambda reply: words(particulars(reply)) if reply.part != "会办" else ""
