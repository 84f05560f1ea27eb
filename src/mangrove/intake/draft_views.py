"""Pages of an application: one's own list, where it stands, its sections with autosave, and two texts on one question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mangrove.casework.access import steps_for
from mangrove.casework.file_states import FileState
from mangrove.casework.sniffing import megabytes
from mangrove.intake import drafts
from mangrove.intake.access import access_application, keeps, own_applications
from mangrove.intake.answering import SectionForm, fault_word, faults, known_facts
from mangrove.intake.decisions import Lack, merge, typed_words
from mangrove.intake.definition import Section
from mangrove.intake.guards import mending_is_over
from mangrove.intake.hooks import table_of
from mangrove.intake.models import Application, FormalCheck, Sheet
from mangrove.intake.papers import current
from mangrove.intake.rows import folded
from mangrove.intake.standing import as_applicant, bar, facts, page_of, with_calendar, with_dates
from mangrove.intake.submitting import Draft, draft_of
from mangrove.intake.tables import MINE
from mangrove.intake.workflow import APPLICATION, RETURNED
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User
from mangrove.ui.autosave import Draft as OpenDraft
from mangrove.ui.autosave import asked_revision, conflict, refused, saved
from mangrove.ui.components import Moment, moments
from mangrove.ui.exports import excel_response
from mangrove.ui.refusals import STATUS


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    page = page_of(MINE, own_applications(request.user), request.GET, reverse("intake:mine_export"))
    return render(request, "intake/mine.html", {"page": page})


@require_safe
@login_required
def mine_export(request: HttpRequest) -> HttpResponse:
    return excel_response(request, MINE, with_dates(own_applications(request.user)), told=with_calendar)


@dataclass(frozen=True)
class SectionLine:
    """One section on the page of an application: what is missing, what a return named and is as it was, whether it may be changed."""

    section: Section
    href: str
    missing: list[Lack]
    open: bool
    unmended: list[Lack]
    checking: list[str]


@require_safe
@login_required
def application(request: HttpRequest, id: int) -> HttpResponse:
    """Where it stands, for the applicant and for the office; the draft's progress while it is open."""
    user: User = request.user  # type: ignore[assignment]
    one = access_application(user, id)
    own = as_applicant(user, one)
    context = {
        "application": one, "own": own, "steps": bar(one), "facts": facts(one, public=own),
        "submissions": list(one.submissions.order_by("-round")), "moments": told(one),
        "check": last_check(one), "acts": [] if own else office_acts(user, one),
        "may_withdraw": own and one.case is not None and one.case.closed_on is None,
        **(progress(one) if own and one.writable else {}),
    }  # fmt: skip
    return render(request, "intake/application.html", context)


def progress(one: Application) -> dict[str, Any]:
    draft = draft_of(one)
    lines = [section_line(one, section, draft) for section in draft.form.sections]
    return {"lines": lines, "missing": [*draft.missing, *draft.unmended]}


def section_line(one: Application, section: Section, draft: Draft) -> SectionLine:
    missing = [lack for lack in draft.missing if lack.section == section.id]
    href = reverse("intake:section", args=[one.pk, section.id])
    unmended = [lack for lack in draft.unmended if lack.section == section.id]
    return SectionLine(
        section, href, missing, section.id in one.unlocked, unmended, being_checked(draft, section.id)
    )


def being_checked(draft: Draft, section: str = "") -> list[str]:
    """The papers of a section, or of all, that nobody has looked into yet: they may still be found unfit."""
    waiting = {paper.requirement for paper in draft.papers if paper.state == FileState.QUARANTINED}
    return [str(one.label) for one in draft.read.papers if one.id in waiting and section in ("", one.section)]


def told(one: Application) -> list[Moment]:
    """What happened, from the ledger: to the application and to its case."""
    events = Event.objects.filter(room="intake", kind="application", object_id=str(one.pk))
    if one.case_id:
        events = events | Event.objects.filter(room="casework", kind="case", object_id=str(one.case_id))
    hidden = (f"{one.case.workflow}.open",) if one.case else ()
    return moments(
        events.exclude(act__in=(*hidden, "casework.reassign", "casework.start_clock", "casework.meet_clock"))
    )


def last_check(one: Application) -> dict[str, Any] | None:
    """What the last formal check found, each fault with its words."""
    found = FormalCheck.objects.filter(submission__application=one).order_by("-id").first()
    if found is None:
        return None
    form = one.opening.form.definition
    rows = [
        {
            "item": row["item"],
            "label": form.by_id[row["item"]].label,
            "fault": fault_word(row["fault"]),
            "note": row["note"],
        }
        for row in found.findings
    ]
    waiting = one.case is not None and one.case.state == RETURNED
    return {"made": found, "rows": rows, "waiting": waiting}


def faults_of(part: Section, shown: Mapping[str, str], draft: Draft) -> dict[str, str]:
    """What cannot be read of the text on the page, and what of the kept text does not go together."""
    kept = {one.id: what for one in part.questions if (what := draft.read.faults.get(one.id))}
    return kept | faults(part, shown)


def asked_again(check: Mapping[str, Any] | None) -> dict[str, str]:
    """By item, what a return that waits for its answer says of it: the whole section is open, and not all of it was faulted."""
    if check is None or not check["waiting"]:
        return {}
    words = _("退回所指：%(fault)s")
    return {row["item"]: words % {"fault": row["note"] or row["fault"]} for row in check["rows"]}


def office_acts(user: User, one: Application) -> list[Any]:
    """The steps that the office may take now; the three conclusions are one page."""
    if one.case is None or not keeps(user, one.opening):
        return []
    if one.case.state == RETURNED:
        return [step for step in [APPLICATION.move(RETURNED, "lapse")] if step and mending_is_over(one.case)]
    return [step for step in steps_for(user, one.case) if step.act in ("take", "accept")]


# --- one section -------------------------------------------------------------------------------------------------


@login_required
def section(request: HttpRequest, id: int, section: str) -> HttpResponse:
    """The questions and papers of a section. Saving by hand stays here, so that what the answers bring up is seen."""
    user: User = request.user  # type: ignore[assignment]
    one = access_application(user, id, to="write")
    if section not in one.opening.form.definition.section_ids:
        raise Http404(_("没有这一节。"))
    if request.method == "POST":
        return saved_by_hand(request, user, one, section)
    return render(request, "intake/section.html", section_page(one, section, user))


def section_page(one: Application, id: str, user: User, typed: Mapping[str, str] | None = None, refusal: Refusal | None = None) -> dict[str, Any]:  # fmt: skip
    draft, sheet = draft_of(one), one.sheets.get(section=id)
    part = draft.form.section(id)
    shown = dict(sheet.answers) if typed is None else {**sheet.answers, **typed}
    form = SectionForm(part, draft.read, initial=shown)
    open_now = id in one.unlocked
    if not open_now:
        for field in form.fields.values():
            field.disabled = True
    check = last_check(one)
    asked = asked_again(check)
    for item in asked.keys() & form.fields.keys():
        form.fields[item].help_text = f"{asked[item]} · {form.fields[item].help_text}"
    place = draft.form.section_ids.index(id)
    after = draft.form.section_ids[place + 1 : place + 2]
    return {
        "application": one, "section": part, "form": form, "open": open_now, "refusal": refusal,
        "known": known_facts(part, draft.read, draft.read.values), "faults": faults_of(part, shown, draft),
        "missing": [lack for lack in (*draft.missing, *draft.unmended) if lack.section == id],
        "papers": papers_of(one, draft, part, asked), "largest": megabytes(settings.UPLOAD_LIMIT),
        "draft": open_draft(sheet, user) if open_now and form.fields else None,
        "revisions": sheet.revisions.defer("answers")[:20], "place": place + 1, "count": len(draft.form.sections),
        "next": reverse("intake:section", args=[one.pk, after[0]]) if after else "",
        "check": check, "labels": {one.id: one.label for one in part.questions},
        "lines": [section_line(one, each, draft) for each in draft.form.sections],
    }  # fmt: skip


def papers_of(
    one: Application, draft: Draft, part: Section, again: Mapping[str, str]
) -> list[dict[str, Any]]:
    asked = [paper for paper in draft.read.papers if paper.section == part.id]
    files = list(current(one))
    return [
        {"paper": paper, "again": again.get(paper.id, ""), "table": table_of(one.opening.form.form, paper.id), "files": [file for file in files if file.requirement == paper.id], "kinds": ", ".join(extension for kind in paper.kinds for extension in kind.extensions)}
        for paper in asked
    ]  # fmt: skip


def open_draft(sheet: Sheet, user: User) -> OpenDraft:
    url = reverse("intake:autosave", args=[sheet.application_id, sheet.section])
    return OpenDraft(url, sheet.revision, user.username, sheet.saved_at, side_by_side=True)


def typed_in(request: HttpRequest) -> dict[str, str]:
    hidden = ("csrfmiddlewaretoken", "draft_revision", "seen")
    return folded(
        {name: text for name, text in request.POST.items() if name not in hidden and isinstance(text, str)}
    )


def saved_by_hand(request: HttpRequest, user: User, one: Application, section: str) -> HttpResponse:
    typed, base = typed_in(request), asked_revision(request) or 0
    try:
        kept = drafts.save(application_id=one.pk, section=section, answers=typed, base=base, by=user)
    except Refusal as refusal:
        page = section_page(one, section, user, typed, refusal)
        return render(request, "intake/section.html", page, status=STATUS)
    if kept.both:
        return redirect("intake:both", one.pk, section, kept.revision)
    if kept.joined:
        messages.success(request, _("已保存，并与%(other)s所改的合在一起。") % {"other": kept.other})
    else:
        messages.success(request, _("已保存。"))
    onward = request.POST.get("onward", "")
    if onward in one.opening.form.definition.section_ids:
        return redirect("intake:section", one.pk, onward)
    return redirect("intake:section", one.pk, section)


@login_required
@require_POST
def autosave(request: HttpRequest, id: int, section: str) -> HttpResponse:
    """Keep what has been typed so far. Where a colleague changed the same question, both texts are kept and it is said so."""
    user: User = request.user  # type: ignore[assignment]
    base, typed = asked_revision(request) or 0, typed_in(request)
    try:
        kept = drafts.save(application_id=id, section=section, answers=typed, base=base, by=user)
    except Refusal as refusal:
        return refused(str(refusal))
    if kept.both:
        return conflict(kept.other, kept.at)
    return saved(kept.revision, kept.at, note=note_of(kept, typed))


def note_of(kept: drafts.Kept, typed: Mapping[str, str]) -> str:
    """What is to be said beside the time: that a colleague's changes were taken in, which the page does not show yet."""
    if kept.joined:
        return _("%(other)s也改了这一节，两人所改已合在一起；按“保存”可看全文") % {"other": kept.other}
    return ""


@login_required
def both(request: HttpRequest, id: int, section: str, revision: int) -> HttpResponse:
    """Two texts on one question, side by side; nothing is written over until a person has chosen."""
    user: User = request.user  # type: ignore[assignment]
    one = access_application(user, id, to="write")
    sheet = get_object_or_404(one.sheets, section=section)
    other = get_object_or_404(sheet.revisions, number=revision)
    if request.method == "POST":
        return chosen(request, user, one, sheet)
    _joined, ids = merge(drafts.text_of(sheet.pk, other.base), sheet.answers, other.answers)
    if not ids:
        messages.info(request, _("两份内容已经一致。"), extra_tags="info")
        return redirect("intake:section", id, section)
    draft = draft_of(one)
    form = SectionForm(draft.form.section(section), draft.read, initial=other.answers, only=ids)
    pairs = [
        {"label": one.label, "standing": typed_words(one, sheet.answers.get(one.id, "")), "beside": typed_words(one, other.answers.get(one.id, ""))}
        for one in draft.form.questions if one.id in ids
    ]  # fmt: skip
    context = {
        "application": one, "section": draft.form.section(section), "form": form, "pairs": pairs, "sheet": sheet, "other": other,
        "seen": sheet.revision, "back": reverse("intake:section", args=[id, section]), "act": _("存为一份"),
    }  # fmt: skip
    return render(request, "intake/both.html", context)


def chosen(request: HttpRequest, user: User, one: Application, sheet: Sheet) -> HttpResponse:
    """Keep the chosen text; what stands must still be what was seen beside it."""
    text = request.POST.get("seen", "")
    seen = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
    kept = drafts.save(
        application_id=one.pk, section=sheet.section, answers=typed_in(request), base=seen, by=user
    )
    if kept.both:
        return redirect("intake:both", one.pk, sheet.section, kept.revision)
    messages.success(request, _("已合成一份。"))
    return redirect("intake:section", one.pk, sheet.section)


@login_required
@require_safe
def revision(request: HttpRequest, id: int, section: str, revision: int) -> HttpResponse:
    """One text as somebody saved it, whole."""
    one = access_application(request.user, id, to="write")
    sheet = get_object_or_404(one.sheets, section=section)
    found = get_object_or_404(sheet.revisions, number=revision)
    part = one.opening.form.definition.section(section)
    rows = [(one.label, typed_words(one, found.answers.get(one.id, ""))) for one in part.questions]
    context = {"application": one, "section": part, "revision": found, "rows": rows}
    return render(request, "intake/revision.html", context)


def missing_words(missing: list[Lack]) -> str:
    n = len(missing)
    return ngettext("还差 %(n)s 项", "还差 %(n)s 项", n) % {"n": n} if n else _("已填好")
