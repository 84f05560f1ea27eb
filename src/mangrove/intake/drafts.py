"""Keeping what applicants type. Every text that was confirmed is a revision; nobody's text is ever written over.

Two people on one section: where they changed different questions the two are joined, and each goes on from the text that was
theirs. Where both changed one question, what stands there stays, the other text is kept beside it, and a person chooses;
what else was changed is joined all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.intake import keeping
from mangrove.intake.access import may_apply
from mangrove.intake.decisions import merge
from mangrove.intake.keeping import Standing
from mangrove.intake.models import Revision, Sheet, number_of
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User


@dataclass(frozen=True)
class Kept:
    """``revision`` is that of the text as it was sent: the next save builds on it. ``both``: questions that two people changed."""

    revision: int
    at: datetime
    both: list[str] = field(default_factory=list)
    joined: bool = False
    other: str = ""


@transaction.atomic
def save(*, application_id: int, section: str, answers: Mapping[str, str], base: int, by: User) -> Kept:
    """Keep the text of a section that was built on revision ``base``. Raises :class:`Refusal` where it may not be changed now."""
    at = writable(application_id, section, by)
    built_on = at.answers if base == at.revision else text_of(at.sheet, base)
    mine = tidy(at, {**built_on, **answers})  # what the page did not ask stays as it was
    if mine == at.answers:  # said again, or nothing new: what was confirmed stands already
        return Kept(at.revision, saved_at(at))
    if base == at.revision:
        made = keep(at, mine, base, "stood", by)
        keeping.put(at, made)
        return Kept(made.number, made.saved_at)
    return beside(at, mine, base, built_on, by)


def writable(application_id: int, section: str, by: User) -> Standing:
    """The section and its application, locked until the transaction ends, so that no text slips past a submission."""
    own = by.organisation_id if may_apply(by) else None
    at = keeping.standing(application_id, section, own) if own else None
    if at is None:
        raise Http404(_("没有申报“%(id)s”。") % {"id": application_id})
    refuse_locked(at)
    return at


def refuse_locked(at: Standing) -> None:
    if at.section in at.unlocked:
        return
    what = (
        _("“%(title)s”不在退回补正之列，不能改动。") if at.unlocked else _("已经提交，“%(title)s”不能再改。")
    )
    raise Refusal(
        what % {"title": at.asked.title}, code="intake.locked", where=number_of(at.opening, at.application),
        remedy=_("须改动的，请等退回补正，或撤回申报。"),
    )  # fmt: skip


def tidy(at: Standing, answers: Mapping[str, str]) -> dict[str, str]:
    """Only what this section asks, without what is empty; line ends as one kind, so that no browser seems to change a text."""
    told = {
        one.id: answers.get(one.id, "").replace("\r\n", "\n").replace("\0", "") for one in at.asked.questions
    }
    return {id: text for id, text in told.items() if text.strip()}


def beside(at: Standing, mine: dict[str, str], base: int, built_on: Mapping[str, str], by: User) -> Kept:
    """Somebody saved meanwhile: join what can be joined, and keep the whole text as it was sent in any case."""
    joined, both = merge(built_on, at.answers, mine)
    made = keep(at, mine, base, "beside" if both else "joined", by)
    if joined == at.answers:
        keeping.count(at)
    else:
        keeping.put(at, keep(at, joined, at.revision, "stood", by))
    return Kept(made.number, made.saved_at, both, joined=not both, other=at.saved_by_name)


def keep(at: Standing, answers: dict[str, str], base: int, fate: str, by: User) -> keeping.Kept:
    return keeping.keep(at, answers, base, fate, (by.username, by.name), timezone.now())


def text_of(sheet: int, number: int) -> dict[str, str]:
    """The text of a revision; the empty one where nothing was saved yet."""
    found = Revision.objects.filter(sheet=sheet, number=number).values_list("answers", flat=True).first()
    return dict(found or {})


def saved_at(at: Standing) -> datetime:
    return Sheet.objects.values_list("saved_at", flat=True).get(pk=at.sheet) or timezone.now()
