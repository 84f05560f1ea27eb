"""What people do with a draft after it was written: send it to review, review it, cite the meeting, number it, take it back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mangrove.casework.actions import take_step
from mangrove.casework.meetings.access import cited
from mangrove.casework.meetings.models import Decision
from mangrove.casework.models import CaseAct
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.policies.issuing.access import access_draft
from mangrove.policies.issuing.models import Draft, Outcome, Review, ReviewKind
from mangrove.policies.issuing.numbers import refuse_taken, taken
from mangrove.policies.issuing.standing import to_publish
from mangrove.policies.issuing.telling import tell_drafter
from mangrove.policies.issuing.workflow import LEGALITY
from mangrove.registry.actions import required
from mangrove.registry.models import User

#: Which outcome of which review leads on by which step.
PASSES: dict[tuple[str, str], str] = {
    (ReviewKind.COMPETITION, Outcome.FREE): "clear",
    (ReviewKind.COMPETITION, Outcome.EXCEPTION): "clear",
    (ReviewKind.LEGALITY, Outcome.LAWFUL): "find_lawful",
}


def step(
    draft: Draft, act: str, *, by: User, on: date, expected_version: int, why: str = "",
    details: Mapping[str, Any] | None = None,
) -> CaseAct:  # fmt: skip
    """Take a step of the workflow; the draft then shows the case as it stands."""
    taken = take_step(
        draft.case_id, act, by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why, details=details
    )  # fmt: skip
    draft.case = taken.case
    return taken


@transaction.atomic
def submit(*, draft_id: uuid.UUID | str, by: User, on: date, expected_version: int, why: str = "") -> Draft:
    """Send the text to review: from now on it is sealed, until somebody takes or sends it back."""
    draft = access_draft(by, draft_id, to="submit")
    text = to_publish(draft)
    step(
        draft, "submit", by=by, on=on, expected_version=expected_version, why=why,
        details={"revision": text.revision, "sha256": text.sha256},
    )  # fmt: skip
    if draft.text_now != text:
        raise Refusal(_("刚有人保存了新的一稿。"), code="policies.newer_text", where=draft.title, remedy=_("请看过新稿再送审。"))  # fmt: skip
    draft.sealed = text
    draft.save(update_fields=["sealed"])
    return draft


@transaction.atomic
def review(
    *,
    draft_id: uuid.UUID | str,
    outcome: str,
    opinion: str,
    by: User,
    on: date,
    expected_version: int,
    why: str = "",
) -> Review:
    """Say what the review came to whose turn it is. ``send_back`` opens the text again."""
    required(opinion, _("审查意见"))
    found = access_draft(by, draft_id)
    kind = ReviewKind.LEGALITY if found.case.state == LEGALITY else ReviewKind.COMPETITION
    act = step_of(kind, outcome, found)
    draft = access_draft(by, draft_id, to=act)
    text = draft.sealed
    assert text is not None  # a draft under review is sealed
    told = {
        "kind": str(kind), "outcome": outcome, "opinion": opinion.strip(), "unit": by.unit, "sha256": text.sha256
    }  # fmt: skip
    taken = step(
        draft, act, by=by, on=on, expected_version=expected_version, why=why or opinion, details=told
    )
    if outcome == Outcome.BACK:
        unseal(draft)
    return Review.objects.create(
        draft=draft, kind=kind, text=text, outcome=outcome, opinion=opinion.strip(), unit=by.unit, by=by.username,
        by_name=by.name, on=on, event=taken.event,
    )  # fmt: skip


def step_of(kind: ReviewKind, outcome: str, draft: Draft) -> str:
    if outcome == Outcome.BACK:
        return "send_back"
    found = PASSES.get((kind, outcome))
    if found is None:
        raise Refusal(
            _("“%(kind)s”没有这种结论。") % {"kind": kind.label}, code="policies.no_outcome", where=draft.title,
            remedy=_("请从所列的结论中选。"),
        )  # fmt: skip
    return found


def unseal(draft: Draft) -> None:
    """What was decided and numbered rested on the sealed text, and goes with it."""
    draft.sealed, draft.decision, draft.document_number = None, None, ""
    draft.save(update_fields=["sealed", "decision", "document_number"])


@transaction.atomic
def rework(
    *, draft_id: uuid.UUID | str, by: User, on: date, expected_version: int, why: str, act: str = "rework"
) -> Draft:
    """Take the draft back to change it; it then goes through both reviews again."""
    draft = access_draft(by, draft_id, to=act)
    step(draft, act, by=by, on=on, expected_version=expected_version, why=why)
    unseal(draft)
    return draft


@transaction.atomic
def hand_back(*, draft_id: uuid.UUID | str, by: User, on: date, expected_version: int, why: str) -> Draft:
    """As :func:`rework`, by who would sign: back to those who drafted, who are told the reason."""
    draft = rework(
        draft_id=draft_id, by=by, on=on, expected_version=expected_version, why=why, act="hand_back"
    )
    tell_drafter(draft, by, why)
    return draft


@transaction.atomic
def decide(
    *, draft_id: uuid.UUID | str, decision: str, by: User, on: date, expected_version: int, why: str = ""
) -> Draft:
    """Cite the decision of the meeting that passed it: of the same organisation, held after the legality review, with confirmed minutes."""
    draft = access_draft(by, draft_id, to="decide")
    found = cited(Ref("casework", "decision", str(decision)))
    refuse_decision(draft, found)
    told = {"decision": str(found.ref), "held_on": found.meeting.held_on.isoformat()}
    step(draft, "decide", by=by, on=on, expected_version=expected_version, why=why, details=told)
    draft.decision = found.pk
    draft.save(update_fields=["decision"])
    return draft


def refuse_decision(draft: Draft, found: Decision) -> None:
    where = str(found)
    if found.meeting.case.organisation_id != draft.case.organisation_id:
        raise Refusal(_("这是别的单位的会议决定。"), code="policies.other_meeting", where=where, remedy=_("请引本单位的会议决定。"))  # fmt: skip
    if found.about not in (None, draft.ref):
        raise Refusal(_("这项决定是关于别的事的。"), code="policies.other_matter", where=where, remedy=_("请引关于这份草案的决定。"))  # fmt: skip
    lawful = draft.case.acts.filter(act="find_lawful").order_by("-sequence").first()
    if lawful is not None and found.meeting.held_on < lawful.on:
        raise Refusal(
            _("会议 %(held)s 召开，早于合法性审核通过的 %(lawful)s。") % {"held": found.meeting.held_on, "lawful": lawful.on},
            code="policies.before_legality", where=where, rule=_("未经合法性审核的草案不提交集体审议"),
            remedy=_("请在审核通过之后再提请审议。"),
        )  # fmt: skip


@transaction.atomic
def number(
    *, draft_id: uuid.UUID | str, document_number: str, by: User, on: date, expected_version: int, guide: str = "",
    guide_en: str = "", why: str = "",
) -> Draft:  # fmt: skip
    """Enter the unified number, and the guide where it is ready. No two texts have one number."""
    draft = access_draft(by, draft_id, to="number")
    draft.document_number = required(document_number, _("统一编号"))
    refuse_taken(draft)
    draft.guide, draft.guide_en = guide.strip(), guide_en.strip()
    told = {"document_number": draft.document_number}
    step(draft, "number", by=by, on=on, expected_version=expected_version, why=why, details=told)
    try:
        with transaction.atomic():
            draft.save(update_fields=["document_number", "guide", "guide_en"])
    except IntegrityError as error:
        raise taken(draft.document_number, _("另一份措施")) from error
    return draft


@transaction.atomic
def drop(*, draft_id: uuid.UUID | str, by: User, on: date, expected_version: int, why: str) -> Draft:
    """It will not be made; what was written and said stays readable."""
    draft = access_draft(by, draft_id, to="drop")
    step(draft, "drop", by=by, on=on, expected_version=expected_version, why=why)
    return draft
