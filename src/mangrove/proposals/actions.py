"""What people do with a proposal, from hand-over to rating. Registration and signing have files of their own.

Each act checks access, takes one step of the case, and writes what it adds in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.actions import bump, lock_case, open_case, take_step
from mangrove.casework.models import Case, CaseAct
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.access import access_proposal, access_reply, refuse_unless_writer
from mangrove.proposals.checking import check_composed, kept_findings, refuse_unseen
from mangrove.proposals.composition import compose, draft_letter, promise_spans
from mangrove.proposals.decisions import (
    refuse_long_names,
    refuse_openness,
    refuse_rating,
    refuse_result_class,
)
from mangrove.proposals.limits import follow_limits, start_limits
from mangrove.proposals.models import (
    Contact,
    Draft,
    Opinion,
    Rating,
    Reply,
)
from mangrove.proposals.paper import on_paper, refuse_control_characters
from mangrove.proposals.rules import rules
from mangrove.registry.models import Organisation, User
from mangrove.ui.languages import listed


@contextmanager
def unless_taken(refusal: Refusal) -> Iterator[None]:
    """What somebody else wrote at the same moment is answered by the refusal, not by an error of the database."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise refusal from error


@transaction.atomic
def hand_over(
    *,
    by: User,
    on: date,
    proposal_id: str,
    organisation: Organisation,
    part: str,
    expected_version: int,
    unit: str = "",
    why: str = "",
) -> Reply:
    """Hand a proposal to a unit: as lead (主办), for its own reply (分办), or for its opinion (会办)."""
    proposal = access_proposal(by, proposal_id, to="hand_over")
    if proposal.replies.filter(organisation__in=organisation.bodies).exclude(case__state="returned").exists():
        raise Refusal(
            _("%(organisation)s已在办理这件建议。") % {"organisation": organisation}, code="proposals.already_handed", where=_("承办单位"), remedy=_("请选择另一个单位。")
        )  # fmt: skip
    if part == "主办" and proposal.replies.filter(part="主办").exclude(case__state="returned").exists():
        raise Refusal(
            _("这件建议已有主办单位。"),
            code="proposals.one_lead",
            where=_("办理方式"),
            remedy=_("请选“分办”或“会办”。"),
        )
    take_step(
        proposal.case_id, "hand_over", by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why,
        details={"organisation": organisation.pk, "part": part},
    )  # fmt: skip
    key = f"{proposal.pk}-{proposal.replies.count() + 1}"
    case = open_case(
        workflow_id="proposals.opinion" if part == "会办" else "proposals.reply",
        subject=Ref("proposals", "reply", key),
        title=f"{proposal.number} {proposal.title}（{part}）", by=by.actor, on=on, why=why,
        unit=unit, organisation=organisation, parent=proposal.case,
    )  # fmt: skip
    reply = Reply.objects.create(
        id=key, proposal=proposal, organisation=organisation, part=part, handed_on=on, case=case,
        copies=list(rules().authors[proposal.kind].copies),
    )  # fmt: skip
    start_limits(reply, by=by.actor, on=on, why=why)
    return reply


def step(
    act: str, *, by: User, on: date, reply_id: str, expected_version: int, why: str = "", **details: str
) -> CaseAct:
    """A step of a reply that adds nothing but itself (accept, send back, decline, …)."""
    reply = access_reply(by, reply_id, to=act)
    with transaction.atomic():
        taken = take_step(
            reply.case_id, act, by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why,
            details=details,
        )  # fmt: skip
        follow_limits(reply, act, by=by.actor, on=on, why=why)
    return taken


@transaction.atomic
def return_to_office(*, by: User, on: date, reply_id: str, expected_version: int, why: str = "") -> CaseAct:
    """Give a part back, within the limit and with the reason, so that the office hands it to another unit."""
    taken = step(
        "return_to_office", by=by, on=on, reply_id=reply_id, expected_version=expected_version, why=why
    )
    proposal = Case.objects.select_for_update().get(proposal__replies=reply_id)
    take_step(
        proposal.pk, "unit_returned", by=by.actor, roles=by.roles, on=on, expected_version=proposal.version, why=why,
        details={"reply": reply_id},
    )  # fmt: skip
    return taken


def keep_units(*, by: User, on: date, proposal_id: str, expected_version: int, why: str = "") -> CaseAct:
    """A part came back and the others suffice: the proposal is not handed to another unit."""
    proposal = access_proposal(by, proposal_id, to="keep_units")
    return take_step(
        proposal.case_id, "keep_units", by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why
    )  # fmt: skip


@transaction.atomic
def set_particulars(
    *,
    by: User,
    on: date,
    reply_id: str,
    result_class: str,
    openness: str,
    openness_reason: str = "",
    contact: str = "",
    copies: Sequence[str] = (),
    expected_version: int,
    why: str = "",
) -> Reply:
    """Set what stands around the text: result class, openness with its reason, contact, copies. Before review only."""
    refuse_result_class(result_class, rules())
    refuse_openness(openness, openness_reason, rules())
    refuse_long_names(copies, _("抄送"))
    reply = reply_for_writing(by, reply_id)
    lock_case(reply.case_id, expected_version)
    said: dict[str, Any] = {
        "result_class": result_class,
        "openness": openness,
        "openness_reason": openness_reason.strip(),
    }
    said |= {
        "contact": contact.strip(),
        "copies": list(copies) or list(rules().authors[reply.proposal.kind].copies),
    }
    for field, value in said.items():
        setattr(reply, field, value)
    reply.save(update_fields=list(said))
    record("proposals.set_particulars", subject=reply.ref, by=by.actor, on=on, why=why, payload=said)
    bump(reply.case)
    return reply


@transaction.atomic
def record_contact(
    *, by: User, on: date, reply_id: str, deputy: str, means: str, summary: str, why: str = ""
) -> Contact:
    """Note one talk with a deputy before the reply is sent."""
    reply = access_reply(by, reply_id, to="write")
    if on < reply.handed_on:
        raise Refusal(
            _("联系日期 %(on)s 早于交办日期 %(handed_on)s。") % {"on": on, "handed_on": reply.handed_on},
            code="proposals.contact_before_hand_over", where=_("业务日期"), remedy=_("请填实际联系的日期。"),
        )  # fmt: skip
    event = record(
        "proposals.contact_deputy", subject=reply.ref, by=by.actor, on=on, why=why,
        payload={"deputy": deputy, "means": means, "summary": summary},
    )  # fmt: skip
    follow_limits(reply, "contact", by=by.actor, on=on, why=why)
    return Contact.objects.create(
        reply=reply, deputy=deputy, means=means, on=on, summary=summary, event=event
    )


@transaction.atomic
def save_draft(*, by: User, reply_id: str, text: str, base_revision: int) -> Draft:
    """Keep a new revision of the draft. ``base_revision`` is the one that the writer started from (0 for none).

    Refuses, keeping both texts apart, when a newer revision was saved meanwhile, by somebody else or by the same
    person in another window. A text that is already the newest is not kept twice.
    """
    reply = reply_for_writing(by, reply_id)
    last = reply.drafts.order_by("-revision").first()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    refuse_control_characters(text)
    refuse_too_long(text)
    if last is not None and last.text == text:
        return last
    if last is not None and last.revision != base_revision:
        raise Refusal(
            _("%(saved_by_name)s在您打开之后又保存了第 %(revision)s 稿，您的文字没有覆盖它。") % {"saved_by_name": last.saved_by_name, "revision": last.revision},
            code="proposals.newer_draft", where=_("答复正文"),
            remedy=_("您写的文字仍留在页面上。请另开一页打开新的一稿，把您的改动并进去。"),
        )  # fmt: skip
    return Draft.objects.create(
        reply=reply, revision=last.revision + 1 if last else 1, text=text,
        saved_by=by.username, saved_by_name=by.name, saved_at=timezone.now(),
    )  # fmt: skip


def refuse_too_long(text: str) -> None:
    most = settings.MANGROVE_TEXT_LIMIT
    if len(text) > most:
        raise Refusal(
            _("答复正文有 %(n)s 字，超过上限 %(most)s 字，这一稿没有保存。") % {"n": len(text), "most": most},
            code="proposals.draft_too_long", where=_("答复正文"),
            remedy=_("您写的文字仍留在页面上。请把附件、名录等移出正文，另作附件。"),
        )  # fmt: skip


def reply_for_writing(by: User, reply_id: str) -> Reply:
    """The reply with its case locked, so that two writers meet here, and nobody writes into what is being reviewed."""
    reply = access_reply(by, reply_id)
    reply.case = Case.objects.select_for_update().get(pk=reply.case_id)
    refuse_unless_writer(by, reply)
    return reply


def latest_draft(reply: Reply) -> Draft:
    """The newest revision; refuses when nothing has been written."""
    draft = reply.drafts.order_by("-revision").first()
    if draft is None or not draft.text.strip():
        raise Refusal(
            _("还没有答复稿。"), code="proposals.no_draft", where=str(reply.proposal), remedy=_("请先起草并保存答复正文。")
        )  # fmt: skip
    return draft


@transaction.atomic
def submit(
    *, by: User, on: date, reply_id: str, expected_version: int, why: str = "", keep_reason: str = ""
) -> CaseAct:
    """Send the draft to review; a figure that nobody knows or a broken mark stops it here, with its place.

    A number that differs from the figures stops it too, unless ``keep_reason`` says why it stays.
    """
    reply = access_reply(by, reply_id, to="submit")
    lock_case(reply.case_id, expected_version)  # no newer text slips in between what is read and what is sent
    draft = latest_draft(reply)
    composed = compose(reply, draft, on=on)
    promise_spans(composed, reply.proposal.number)
    on_paper(draft_letter(composed))  # what cannot be printed stops here, not after the signature
    refuse_result_class(reply.result_class, rules())
    refuse_openness(reply.openness, reply.openness_reason, rules())
    if not reply.contacts.exists():
        raise Refusal(
            _("还没有与代表联系的记录。"),
            code="proposals.no_contact", where=_("联系代表"), rule=rules().contact_source,
            remedy=_("请先与代表联系，听取意见，并用“记联系”记下。"),
        )  # fmt: skip
    check = check_composed(composed, on=on)
    return step(
        "submit", by=by, on=on, reply_id=reply_id, expected_version=expected_version, why=why,
        content_hash=composed.content_hash, revision=str(draft.revision), **kept_findings(check, reason=keep_reason),
    )  # fmt: skip


@transaction.atomic
def pass_review(
    *,
    by: User,
    on: date,
    reply_id: str,
    expected_version: int,
    seen_hash: str,
    why: str,
    keep_reason: str = "",
) -> CaseAct:
    """Pass on to be signed the draft that the reviewer has read (``seen_hash``).

    The reviewer answers for numbers that differ as the drafter does, and says why they stay.
    """
    reply = access_reply(by, reply_id, to="pass_review")
    lock_case(reply.case_id, expected_version)
    draft = latest_draft(reply)
    composed = compose(reply, draft, on=on)
    refuse_unseen(composed, seen_hash)
    check = check_composed(composed, on=on)
    return step(
        "pass_review", by=by, on=on, reply_id=reply_id, expected_version=expected_version, why=why,
        content_hash=composed.content_hash, revision=str(draft.revision), **kept_findings(check, reason=keep_reason),
    )  # fmt: skip


@transaction.atomic
def rate(
    *,
    by: User,
    on: date,
    reply_id: str,
    attitude: str,
    result: str,
    reason: str = "",
    expected_version: int,
    why: str = "",
) -> Rating:
    """A deputy's judgement of the reply. Only a deputy who signed the proposal can give it."""
    refuse_rating(attitude, result, reason, rules())
    reply = access_reply(by, reply_id, to="rate")
    letter = reply.signed_letters.order_by("-version")[0]
    taken = step(
        "rate", by=by, on=on, reply_id=reply_id, expected_version=expected_version, why=why or reason,
        attitude=attitude, result=result,
    )  # fmt: skip
    return Rating.objects.create(
        letter=letter, deputy=by.username, deputy_name=by.name, attitude=attitude, result=result, reason=reason,
        on=on, event=taken.event,
    )  # fmt: skip


@transaction.atomic
def give_opinion(
    *, by: User, on: date, reply_id: str, text: str, openness: str, expected_version: int, why: str = ""
) -> Opinion:
    """A co-handling unit's opinion for the lead unit; the text is the reason of the step and cannot be empty."""
    reply = access_reply(by, reply_id, to="give_opinion")
    taken = step(
        "give_opinion", by=by, on=on, reply_id=reply_id, expected_version=expected_version, why=text, openness=openness
    )  # fmt: skip
    return Opinion.objects.create(reply=reply, text=text, openness=openness, on=on, event=taken.event)


@transaction.atomic
def close_proposal(*, by: User, on: date, proposal_id: str, expected_version: int, why: str = "") -> CaseAct:
    """Close a proposal when every unit's part is done."""
    proposal = access_proposal(by, proposal_id, to="close")
    open_parts = [str(reply.organisation) for reply in proposal.replies.filter(case__closed_on=None)]
    if open_parts:
        raise Refusal(
            _("%(units)s尚未办结。") % {"units": listed(open_parts)}, code="proposals.open_parts", where=proposal.number, remedy=_("各承办单位办结后才能办结建议。")
        )  # fmt: skip
    if not proposal.replies.filter(case__state="closed").exists():
        raise Refusal(
            _("还没有一个单位答复过代表。"), code="proposals.unanswered", where=proposal.number, remedy=_("请先交办并答复。")
        )  # fmt: skip
    return take_step(
        proposal.case_id, "close", by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why
    )  # fmt: skip
