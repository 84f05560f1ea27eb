"""Keeping what applicants type. Every text that was confirmed is a revision; nobody's text is ever written over.

Two people on one section: where they changed different questions the two are joined, and each goes on from the text that was
theirs. Where both changed one question, what stands stays, the other text is kept beside it, and a person chooses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.intake.access import may_apply
from mangrove.intake.decisions import merge
from mangrove.intake.definition import Section
from mangrove.intake.models import Revision, Sheet, definition_of
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
    sheet = writable_sheet(application_id, section, by)
    built_on = sheet.answers if base == sheet.revision else text_of(sheet, base)
    mine = tidy(sheet, {**built_on, **answers})  # what the page did not ask stays as it was
    if mine == sheet.answers:  # said again, or nothing new: what was confirmed stands already
        return Kept(sheet.revision, sheet.saved_at or timezone.now())
    if base == sheet.revision:
        return stand(sheet, mine, base, by)
    return beside(sheet, mine, base, built_on, by)


#: What is read to keep a text: one row of three tables, a hundred times a second before a deadline.
READ = (
    "section", "answers", "revision", "last", "saved_by_name", "saved_at", "application__opening__form__sha256", "application__unlocked",
)  # fmt: skip


def writable_sheet(application_id: int, section: str, by: User) -> Sheet:
    """The section and its application, locked until the transaction ends, so that no text slips past a submission."""
    if not may_apply(by):
        raise no_such_application(application_id)
    found = Sheet.objects.select_for_update(of=("self", "application")).select_related(
        "application__opening__form"
    )
    own = found.filter(
        application=application_id, section=section, application__organisation=by.organisation_id
    )
    sheet = own.only(*READ).order_by().first()
    if sheet is None:
        raise no_such_application(application_id)
    refuse_locked(sheet)
    return sheet


def no_such_application(id: int) -> Http404:
    return Http404(_("没有申报“%(id)s”。") % {"id": id})


def section_of(sheet: Sheet) -> Section:
    form = sheet.application.opening.form
    return definition_of(form.pk, form.sha256).section(sheet.section)


def refuse_locked(sheet: Sheet) -> None:
    open_now = sheet.application.unlocked
    if sheet.section in open_now:
        return
    what = _("“%(title)s”不在退回补正之列，不能改动。") if open_now else _("已经提交，“%(title)s”不能再改。")
    raise Refusal(
        what % {"title": section_of(sheet).title}, code="intake.locked", where=sheet.application.number,
        remedy=_("须改动的，请等退回补正，或撤回申报。"),
    )  # fmt: skip


def tidy(sheet: Sheet, answers: Mapping[str, str]) -> dict[str, str]:
    """Only what this section asks, without what is empty; line ends as one kind, so that no browser seems to change a text."""
    told = {
        one.id: answers.get(one.id, "").replace("\r\n", "\n").replace("\0", "")
        for one in section_of(sheet).questions
    }
    return {id: text for id, text in told.items() if text.strip()}


def stand(sheet: Sheet, answers: dict[str, str], base: int, by: User) -> Kept:
    made = keep(sheet, answers, base, "stood", by)
    put(sheet, made)
    return Kept(made.number, made.saved_at)


def beside(sheet: Sheet, mine: dict[str, str], base: int, built_on: Mapping[str, str], by: User) -> Kept:
    """Somebody saved meanwhile: join what can be joined, and keep the whole text as it was sent in any case."""
    joined, both = merge(built_on, sheet.answers, mine)
    other = sheet.saved_by_name
    made = keep(sheet, mine, base, "beside" if both else "joined", by)
    if both:
        return Kept(made.number, made.saved_at, both, other=other)
    if joined != sheet.answers:
        put(sheet, keep(sheet, joined, sheet.revision, "stood", by))
    else:
        sheet.save(update_fields=["last"])
    return Kept(made.number, made.saved_at, joined=True, other=other)


def text_of(sheet: Sheet, number: int) -> dict[str, str]:
    """The text of a revision; the empty one where nothing was saved yet."""
    found = sheet.revisions.filter(number=number).values_list("answers", flat=True).first()
    return dict(found or {})


def keep(sheet: Sheet, answers: dict[str, str], base: int, fate: str, by: User) -> Revision:
    sheet.last += 1
    made = Revision.objects.create(
        sheet=sheet, number=sheet.last, base=base, answers=answers, fate=fate, saved_by=by.username,
        saved_by_name=by.name, saved_at=timezone.now(),
    )  # fmt: skip
    if fate == "beside":
        sheet.save(update_fields=["last"])
    return made


def put(sheet: Sheet, revision: Revision) -> None:
    """Let a revision stand."""
    sheet.answers, sheet.revision = revision.answers, revision.number
    sheet.saved_by_name, sheet.saved_at = revision.saved_by_name, revision.saved_at
    sheet.save(update_fields=["answers", "revision", "last", "saved_by_name", "saved_at"])
