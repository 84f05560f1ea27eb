"""Pages of the office: what was handed in, one submission, what changed since it was sent back, and the formal check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mangrove.intake import checking
from mangrove.intake.access import access_application, access_submission, submitted_applications
from mangrove.intake.decisions import changes
from mangrove.intake.forms import CheckForm, StepForm, SubmissionFilter
from mangrove.intake.models import Application, FormalCheck, Submission
from mangrove.intake.personal import changes_for, parts_for, unchanged_for, whole_address
from mangrove.intake.standing import facts, page_of, waiting_first, with_calendar, with_dates
from mangrove.intake.submit_views import receipt_facts
from mangrove.intake.summary import Part, read_of
from mangrove.intake.tables import SUBMISSIONS
from mangrove.likeness.pages import alike
from mangrove.registry.models import User
from mangrove.ui.acting import done, status
from mangrove.ui.exports import excel_response


@require_safe
@login_required
def submissions(request: HttpRequest) -> HttpResponse:
    filters = SubmissionFilter(request.GET)
    page = page_of(SUBMISSIONS, found(request, filters), request.GET, reverse("intake:submissions_export"))
    return render(request, "intake/submissions.html", {"page": page, "filters": filters})


@require_safe
@login_required
def submissions_export(request: HttpRequest) -> HttpResponse:
    filters = SubmissionFilter(request.GET)
    rows = waiting_first(with_dates(found(request, filters)))
    return excel_response(request, SUBMISSIONS, rows, filters.words(), told=with_calendar)


def found(request: HttpRequest, filters: SubmissionFilter) -> QuerySet[Application]:
    return filters.narrow(submitted_applications(request.user)).distinct()


@require_safe
@login_required
def submission(request: HttpRequest, id: int) -> HttpResponse:
    """What was handed in, as it was handed in."""
    made = access_submission(request.user, id)
    context = {
        "submission": made, "application": made.application, "facts": receipt_facts(made), "parts": parts_for(request.user, made),
        "before": before(made), "whole": whole_address(request.user, made), "alike": alike(request.user, made.application.ref),
        "unchanged": unchanged_for(request.user, made),
    }  # fmt: skip
    return render(request, "intake/submission.html", context)


def before(made: Submission) -> Submission | None:
    return made.application.submissions.filter(round=made.round - 1).first()


@require_safe
@login_required
def changed(request: HttpRequest, id: int) -> HttpResponse:
    """What this round changed against the one before."""
    made = access_submission(request.user, id)
    earlier = before(made)
    if earlier is None:
        raise Http404(_("这是第一次提交，没有可比的。"))
    form = made.application.opening.form.definition
    context = {
        "submission": made, "application": made.application, "earlier": earlier,
        "changes": changes_for(request.user, made, changes(form, earlier.content, made.content)),
        "check": FormalCheck.objects.filter(submission=earlier).first(), "unchanged": unchanged_for(request.user, made),
    }  # fmt: skip
    return render(request, "intake/changes.html", context)


@require_POST
@login_required
def take(request: HttpRequest, id: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    text = request.POST.get("version", "")
    version = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
    checking.take(application_id=id, by=user, on=timezone.localdate(), expected_version=version)
    return redirect("intake:check", id)


@login_required
def check(request: HttpRequest, id: int) -> HttpResponse:
    """The checklist beside what was handed in, and the conclusion."""
    user: User = request.user  # type: ignore[assignment]
    one = access_application(user, id, to="read" if request.method == "POST" else "accept")
    made = one.submissions.get(round=one.rounds)
    read = read_of(one.opening.form.definition, made.content)
    form = CheckForm(read, request.POST or None, initial={"version": one.case.version if one.case else 0})

    def act() -> FormalCheck:
        said = form.cleaned_data
        return checking.decide(
            application_id=id, outcome=said["outcome"], findings=form.findings(), by=user, on=said["on"],
            expected_version=said["version"], why=said["why"],
        )  # fmt: skip

    if done(request, form, act, now=lambda: {"version": version_of(user, id)}):
        messages.success(request, _("已办理。"))
        return redirect("intake:application", id)
    context = {
        "application": one, "submission": made, "form": form, "parts": checklist(parts_for(user, made), form), "whole": whole_address(user, made),
        "before": before(made), "alike": alike(user, one.ref), "facts": facts(one, public=False), "back": reverse("intake:application", args=[id]),
    }  # fmt: skip
    return render(request, "intake/check.html", context, status=status(form))


def version_of(user: User, id: int) -> int:
    case = access_application(user, id).case
    return case.version if case else 0


def checklist(shown: list[Part], form: CheckForm) -> list[Mapping[str, Any]]:
    """Each section: the rows of its answers and papers, each with the two fields that mark it."""
    parts: list[Mapping[str, Any]] = []
    for part in shown:
        asked = [one for one in part.section.questions if f"fault_{one.id}" in form.fields]
        rows = [
            {"label": fact.label, "value": fact.value, "note": fact.note, "fault": form[f"fault_{one.id}"], "remark": form[f"note_{one.id}"]}
            for one, fact in zip(asked, part.facts, strict=True)
        ]  # fmt: skip
        rows += [
            {"label": str(paper.label), "files": files, "fault": form[f"fault_{paper.id}"], "remark": form[f"note_{paper.id}"]}
            for paper, files in part.papers
        ]  # fmt: skip
        parts.append({"section": part.section, "rows": rows})
    return parts


@login_required
def lapse(request: HttpRequest, id: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    one = access_application(user, id, to="read" if request.method == "POST" else "lapse")
    form = StepForm(request.POST or None, initial={"version": one.case.version if one.case else 0})

    def act() -> Application:
        said = form.cleaned_data
        return checking.lapse(
            application_id=id, by=user, on=said["on"], why=said["why"], expected_version=said["version"]
        )

    if done(request, form, act, now=lambda: {"version": version_of(user, id)}):
        messages.success(request, _("已办理。"))
        return redirect("intake:application", id)
    context = {
        "application": one,
        "form": form,
        "act": _("不予受理"),
        "back": reverse("intake:application", args=[id]),
    }
    return render(request, "intake/lapse.html", context, status=status(form))
