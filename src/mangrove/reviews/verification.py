"""What the room keeps, checked against the ledger: the pool, the marks, the draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.reviews.decisions import drawn
from mangrove.reviews.models import Assignment, Draw, Expert, Submission
from mangrove.reviews.pool import kept
from mangrove.reviews.workflow import ASSIGNMENT, COUNTING

POOL = tuple(f"reviews.{act}" for act in ("admit", "change_expert", "suspend", "reinstate", "agree"))
SUBMITTING = f"{ASSIGNMENT.id}.submit"


def verify_experts() -> list[str]:
    """One sentence for each expert who is not as the ledger last said; what was withheld says nothing."""
    told: dict[str, Mapping[str, Any] | None] = {}
    events = Event.objects.filter(act__in=POOL).select_related("body").order_by("pk")
    for event in events.iterator():
        told[event.object_id] = said(event)
    found = [
        _("专家 %(expert)s 与账本所记不同") % {"expert": one.user.username}
        for one in Expert.objects.select_related("user").order_by("pk")
        if (last := told.pop(one.ref.id, {})) is not None and last != kept(one)
    ]
    return found + [_("账本所记的专家 %(id)s 不见了") % {"id": id} for id in sorted(told)]


def verify_marks() -> list[str]:
    """One sentence for each submission that is not what its event says, and for each that counts, or does not, wrongly."""
    rows = Submission.objects.select_related("event__body", "assignment__case").order_by("pk")
    found = [fault for one in rows if (fault := check_submission(one))]
    lost = Event.objects.filter(act=SUBMITTING, review_submission=None).order_by("pk")
    gone = [_("账本事件 %(event)s 提交的分数不见了") % {"event": event.uid} for event in lost]
    return found + gone + unmarked()


def check_submission(one: Submission) -> str:
    named = {"id": one.pk, "event": one.event.uid}
    told = said(one.event)
    same = told is None or (told.get("marks"), told.get("comment")) == (one.marks, one.comment)
    if one.event.act != SUBMITTING or one.event.object_id != str(one.assignment.case_id) or not same:
        return _("提交的分数 %(id)s 与账本事件 %(event)s 所记不同") % named
    if one.standing and one.assignment.case.state not in COUNTING:
        return _("分数 %(id)s 仍然有效，而该件已退回或专家已不评审") % named
    return ""


def unmarked() -> list[str]:
    """Assignments that count by their case without marks that stand."""
    standing = Submission.objects.filter(standing=True).values("assignment")
    bare = Assignment.objects.filter(case__state__in=COUNTING).exclude(pk__in=standing).order_by("pk")
    return [_("指派 %(id)s 记为已提交，却没有有效的分数") % {"id": one.pk} for one in bare]


def verify_draws() -> list[str]:
    """One sentence for each draw that is not what its event says, or that does not come out the same again."""
    found = []
    for one in Draw.objects.select_related("event__body").order_by("pk"):
        told = said(one.event)
        rows = {"seed": one.seed, "pool": one.pool, "wanted": one.wanted, "drawn": one.drawn}
        if told is not None and {name: told.get(name) for name in rows} != rows:
            found.append(_("抽取 %(id)s 与账本所记不同") % {"id": one.pk})
        elif drawn(one.seed, one.pool, one.wanted) != one.drawn:
            found.append(_("抽取 %(id)s 按所记种子重抽，结果不同") % {"id": one.pk})
    return found
