"""What experts do with an assignment (declare, decline, write, submit), and officers with it (recuse, reopen).

Each act locks the case first. A submission carries a key of the page it was written on: sent again, by a double click or a
broken line, it answers with what was submitted the first time and counts once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.actions import take_step
from mangrove.casework.models import Case, CaseAct
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User
from mangrove.reviews.access import access_assignment
from mangrove.reviews.clocks import end_clocks, start_clock
from mangrove.reviews.decisions import Fault, Mark, read_marks, total
from mangrove.reviews.leaks import refuse_naming_experts
from mangrove.reviews.models import Assignment, MarkDraft, Submission
from mangrove.reviews.rubrics import Rubric, read_rubric
from mangrove.reviews.rules import rule_of
from mangrove.reviews.workflow import WAITING
from mangrove.ui.languages import listed

Declined = Literal["cannot_judge", "no_time"]

#: A draft is kept whatever it says, but not whatever its length.
DRAFT_AT_MOST = 50_000


@dataclass(frozen=True)
class Saved:
    """The draft as kept; ``by_another`` when another window saved since the page was opened, and nothing was kept."""

    revision: int
    at: datetime
    by_another: bool = False


def rubric_of(assignment: Assignment) -> Rubric:
    return read_rubric(assignment.item.round.rubric)


@transaction.atomic
def declare(*, by: User, uid: UUID, on: date, why: str = "") -> Assignment:
    """No conflict of interest. Twice is once; an expert of an applicant's own organisation cannot declare so."""
    found, case = locked(by, uid)
    if case.state in ("declared", "scoring", "submitted"):
        return found
    refuse_same_organisation(found)
    step(case, "declare", by=by, on=on, why=why, details={"conflict": False})
    return found


@transaction.atomic
def declare_conflict(*, by: User, uid: UUID, on: date, why: str) -> CaseAct:
    """A conflict of interest: the expert leaves the item, and another one is to be found."""
    found, case = locked(by, uid)
    taken = step(case, "declare_conflict", by=by, on=on, why=why, details={"conflict": True})
    end_clocks(case, by=by.actor, on=on, why=why)
    return taken


@transaction.atomic
def decline(*, by: User, uid: UUID, ground: Declined, on: date, why: str) -> CaseAct:
    """The expert cannot judge it, or has no time, and is to be replaced."""
    found, case = locked(by, uid)
    taken = step(case, "decline", by=by, on=on, why=why, details={"ground": ground})
    end_clocks(case, by=by.actor, on=on, why=why)
    return taken


@transaction.atomic
def save_draft(*, by: User, uid: UUID, said: Mapping[str, Any], base_revision: int, on: date) -> Saved:
    """Keep what was written so far, if it was written on the newest revision. No act, but for the first: one begins."""
    found, case = locked(by, uid)
    refuse_unless_writing(found, case)
    if len(json.dumps(said, ensure_ascii=False)) > DRAFT_AT_MOST:
        raise Refusal(_("写得太长，没有保存。"), code="reviews.draft_too_long", where=found.item.code)
    now = timezone.now()
    draft, _new = MarkDraft.objects.get_or_create(assignment=found, defaults={"saved_at": now})
    if draft.revision != base_revision:
        return Saved(draft.revision, draft.saved_at, by_another=True)
    if case.state == "declared":
        step(case, "begin", by=by, on=on)
    draft.said, draft.revision, draft.saved_at = dict(said), draft.revision + 1, now
    draft.save()
    return Saved(draft.revision, now)


@transaction.atomic
def submit(*, by: User, uid: UUID, said: Mapping[str, Any], key: str, on: date, why: str = "") -> Submission:
    """Submit the marks, once. ``said``: ``{criterion: {"mark", "reason"}, "comment": text}``.

    The same ``key`` again gives the same submission. Raises :class:`Refusal` naming the criteria at fault.
    """
    found, case = locked(by, uid)
    known = found.submissions.filter(key=key).first()
    if known is not None:
        return known
    refuse_unless_writing(found, case)
    refuse_same_organisation(found)
    rubric = rubric_of(found)
    marks, comment = judged(rubric, said)
    refuse_naming_experts(by, panel(found), comment)
    payload = submitted(rubric, marks, comment)
    taken = step(case, "submit", by=by, on=on, why=why, details=payload)
    end_clocks(case, by=by.actor, on=on, why=why)
    return Submission.objects.create(
        assignment=found, key=key, marks=payload["marks"], comment=comment, event=taken.event
    )


def judged(rubric: Rubric, said: Mapping[str, Any]) -> tuple[dict[str, Mark], str]:
    """The marks and the comment, complete. Raises :class:`Refusal` that tells every criterion at fault."""
    marks, faults = read_marks(rubric, said)
    comment = str(said.get("comment") or "").strip()
    if faults:
        raise faulty(rubric, faults)
    if not comment:
        raise Refusal(
            _("请写总的意见；它会提供给申报单位，不写您的姓名。"), code="reviews.no_comment", where=_("总的意见"),
        )  # fmt: skip
    return marks, comment


def panel(found: Assignment) -> list[User]:
    """Everybody who was asked to review in this round."""
    asked = User.objects.filter(expertise__assignments__item__round=found.item.round)
    return list(asked.select_related("organisation").distinct())


class FaultyMarks(Refusal):
    """``faults``: by criterion, what is wrong with its mark."""

    faults: Mapping[str, Fault]


def faulty(rubric: Rubric, faults: Mapping[str, Fault]) -> Refusal:
    where = listed(one.said for one in rubric.criteria if one.id in faults)
    refusal = FaultyMarks(
        _("还不能提交：%(n)s 项没有填好。") % {"n": len(faults)}, code="reviews.bad_marks", where=where,
        rule=_("每项是 %(least)s 到 %(most)s 的整数，并写明理由") % {"least": rubric.least, "most": rubric.most},
        remedy=_("请补上后再提交；已写的都在。"),
    )  # fmt: skip
    refusal.faults = faults
    return refusal


def submitted(rubric: Rubric, marks: Mapping[str, Mark], comment: str) -> dict[str, Any]:
    """What the event says: marks with reasons, the comment, and the total as an exact fraction."""
    numbers = {id: mark.mark for id, mark in marks.items()}
    kept = {id: {"mark": mark.mark, "reason": mark.reason} for id, mark in marks.items()}
    return {"marks": kept, "comment": comment, "total": str(total(rubric, numbers))}


@transaction.atomic
def recuse(*, by: User, uid: UUID, on: date, why: str, expected_version: int) -> CaseAct:
    """An officer takes an expert off an item ex officio; marks already submitted no longer count."""
    found = access_assignment(by, uid, to="oversee")
    taken = take_step(
        found.case_id,
        "recuse",
        by=by.actor,
        roles=by.roles,
        on=on,
        why=why,
        expected_version=expected_version,
    )
    found.submissions.filter(standing=True).update(standing=False)
    end_clocks(taken.case, by=by.actor, on=on, why=why)
    return taken


@transaction.atomic
def reopen(
    *, by: User, uid: UUID, on: date, why: str, due_on: date, expected_version: int
) -> CaseAct:  # fmt: skip
    """Give submitted marks back to the expert with a reason and a new date; what was submitted stays on record."""
    found = access_assignment(by, uid, to="oversee")
    taken = take_step(
        found.case_id, "reopen", by=by.actor, roles=by.roles, on=on, why=why, expected_version=expected_version,
        details={"due_on": due_on.isoformat()},
    )  # fmt: skip
    found.submissions.filter(standing=True).update(standing=False)
    start_clock(taken.case, due_on, by=by.actor, on=on, why=why)
    return taken


def locked(by: User, uid: UUID) -> tuple[Assignment, Case]:
    """The expert's own assignment, and its case as it now stands, held until the act is over."""
    found = access_assignment(by, uid)
    return found, Case.objects.select_for_update().get(pk=found.case_id)


def step(
    case: Case, act: str, *, by: User, on: date, why: str = "", details: Mapping[str, Any] | None = None
) -> CaseAct:
    """A step on a case that is locked already: what its expert saw of it is not what others may change."""
    return take_step(
        case.pk,
        act,
        by=by.actor,
        roles=by.roles,
        on=on,
        why=why,
        expected_version=case.version,
        details=details,
    )


def refuse_unless_writing(found: Assignment, case: Case) -> None:
    if case.state in ("declared", "scoring"):
        return
    remedies = {
        "assigned": _("请先声明有无利益冲突。"),
        "submitted": _("要改已提交的分数，请联系经办人退回重评。"),
    }
    what = _("此件还不能评分。") if case.state in WAITING else _("此件现在不能改分，刚写的没有计入。")
    raise Refusal(
        what, code="reviews.not_writing", where=_("评审件 %(code)s") % {"code": found.item.code},
        remedy=remedies.get(case.state, _("此件已不由您评审。")),
    )  # fmt: skip


def refuse_same_organisation(found: Assignment) -> None:
    """An account may have changed its organisation since it was assigned. Whose item it is is not said."""
    mine = found.expert.user.bodies
    if not found.item.parties.filter(pk__in=mine).exists():
        return
    raise Refusal(
        _("您与此件须回避：同一法人单位的专家不得评审。"), code="reviews.same_legal_person",
        where=_("评审件 %(code)s") % {"code": found.item.code},
        rule=rule_of(found.item.round.rules, "same_legal_person").words, remedy=_("请声明有利益冲突。"),
    )  # fmt: skip
