"""Pages of objections, complaints and reports: the list, one, lodge one, take a step."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.casework.grievances import actions, pages
from mangrove.casework.grievances.access import access_grievance, kinds_entered, may_enter, readable
from mangrove.casework.grievances.forms import GrievanceFilter, GrievanceStepForm, LodgeForm
from mangrove.casework.grievances.models import Grievance
from mangrove.casework.grievances.tables import GRIEVANCES
from mangrove.casework.grievances.workflow import FLOWS
from mangrove.casework.notices.access import access_notice
from mangrove.casework.notices.models import Notice
from mangrove.casework.notices.pages import way
from mangrove.casework.promise_pages import ActLink
from mangrove.casework.rules import rules
from mangrove.casework.workflow import Step
from mangrove.registry.models import Organisation, User
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.exports import excel_response


def listed(request: HttpRequest) -> tuple[GrievanceFilter, QuerySet[Grievance]]:
    filters = GrievanceFilter(request.GET)
    rows = filters.narrow(readable(request.user))
    return filters, rows.select_related("case", "notice").prefetch_related("case__clocks")


@require_safe
@login_required
def grievances(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    labels, base = dict(Grievance.KINDS), reverse("casework:grievance_new")
    acts = [
        ActLink(_("登记%(kind)s") % {"kind": labels[kind]}, f"{base}?kind={kind}", False)
        for kind in kinds_entered(request.user)
        if kind != "objection"  # that is about a notice, and is entered from its page
    ]
    page = GRIEVANCES.page(rows, request.GET, reverse("casework:grievances_export"))
    return render(request, "casework/thing_list.html", {"filters": filters, "page": page, "acts": acts})


@require_safe
@login_required
def grievances_export(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    return excel_response(request, GRIEVANCES, rows, filters.words())


@require_safe
@login_required
def grievance(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    return render(request, "casework/thing.html", pages.context(user, access_grievance(user, id)))


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Lodge one; ``kind`` and ``notice`` come with the link that led here."""
    user: User = request.user  # type: ignore[assignment]
    kind, notice = asked_kind(request), asked_notice(request)
    on_paper = may_enter(user, kind)
    form = LodgeForm(
        request.POST or None, kind=kind, notice=notice, organisations=senders(user, kind, notice), on_paper=on_paper
    )  # fmt: skip
    made: list[Grievance] = []
    if done(
        request, form, lambda: made.append(actions.lodge(kind=kind, by=user, notice=notice, **form.given()))
    ):
        messages.success(request, _("已登记：%(what)s。") % {"what": made[0]})
        return redirect("casework:grievance", made[0].pk)
    label = dict(Grievance.KINDS)[kind]
    back = reverse("casework:notice", args=[notice.pk]) if notice else reverse("casework:grievances")
    said = {
        "form": form, "act": (_("登记%(kind)s") if on_paper else _("提出%(kind)s")) % {"kind": label}, "note": notice.title if notice else "",
        "crumb": pages.crumb(), "back": back, "advice": way(rules().grievance(kind)),
    }  # fmt: skip
    return render(request, "casework/thing_act.html", said, status=status(form))


def asked_kind(request: HttpRequest) -> str:
    kind = request.GET.get("kind", "")
    if kind not in FLOWS:
        raise Http404(_("没有这一类。"))
    return kind


def asked_notice(request: HttpRequest) -> Notice | None:
    asked = request.GET.get("notice", "")
    if not asked:
        return None
    try:
        return access_notice(request.user, uuid.UUID(asked))
    except ValueError as error:
        raise Http404(_("没有这份公示。")) from error


def senders(user: User, kind: str, notice: Notice | None) -> QuerySet[Organisation]:
    """From whom it may be: the office enters any applicant of the notice, everybody else only their own organisation."""
    if may_enter(user, kind):
        return (
            Organisation.objects.filter(pk__in=notice.items.values("applicant"))
            if notice
            else Organisation.objects.standing()
        )
    return Organisation.objects.filter(pk__in=user.bodies)


def named_step(kind: str, act: str) -> Step:
    found = next((step for step in FLOWS[kind].steps if step.act == act), None)
    if found is None:
        raise Http404(_("没有步骤“%(act)s”。") % {"act": act})
    return found


@login_required
def act(request: HttpRequest, id: uuid.UUID, act: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = access_grievance(user, id)
    step = named_step(found.kind, act)
    access_grievance(user, id, to=reading_or(act, request))
    form = GrievanceStepForm(request.POST or None, grievance=found, act=act)
    now = lambda: {"expected_version": access_grievance(user, id).case.version}  # noqa: E731
    if done(request, form, lambda: take(user, id, act, form.cleaned_data), now=now):
        messages.success(request, _("已办：%(act)s。") % {"act": step.label})
        return redirect("casework:grievance", id)
    back = reverse("casework:grievance", args=[id])
    said = {
        "form": form, "act": step.label, "note": str(found), "crumb": ActLink(str(found), back, False), "back": back,
        "facts": pages.facts(found),
    }  # fmt: skip
    return render(request, "casework/thing_act.html", said, status=status(form))


def take(user: User, id: uuid.UUID, act: str, said: dict[str, Any]) -> object:
    if act == "accept":
        return actions.accept(by=user, id=id, **said)
    if act == "answer":
        return actions.answer(by=user, id=id, **said)
    return actions.end(by=user, id=id, act=act, **said)
