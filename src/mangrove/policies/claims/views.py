"""Pages of claims: the list, one, and a form for each thing that is done to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.casework.promise_pages import ActLink
from mangrove.casework.workflow import Step
from mangrove.policies.claims import actions, pages
from mangrove.policies.claims.access import access_claim, as_firm, readable_claims
from mangrove.policies.claims.forms import CheckForm, ClaimFilter, ClaimStepForm, JudgeForm
from mangrove.policies.claims.models import CheckKind, Claim, DoubtState
from mangrove.policies.claims.office import access_as_office
from mangrove.policies.claims.tables import claims_table
from mangrove.policies.claims.workflow import APPLICANT, CLAIM
from mangrove.policies.schemes.rules import judged_inputs
from mangrove.registry.models import User
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.exports import excel_response
from mangrove.ui.forms import Answering


def listed(request: HttpRequest) -> tuple[ClaimFilter, QuerySet[Claim]]:
    filters = ClaimFilter(request.GET)
    open_doubts = Count("doubts", filter=Q(doubts__state=DoubtState.OPEN))
    return filters, filters.narrow(readable_claims(request.user)).annotate(open_doubts=open_doubts)


def table_for(user: Any) -> Any:
    return claims_table(public=user.has_role(APPLICANT))


@require_safe
@login_required
def claims(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    page = table_for(request.user).page(rows, request.GET, reverse("policies:claims_export"))
    return render(request, "casework/thing_list.html", {"filters": filters, "page": page})


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    return excel_response(request, table_for(request.user), rows, filters.words())


@require_safe
@login_required
def claim(request: HttpRequest, id: UUID) -> HttpResponse:
    found = access_claim(request.user, id)
    return render(request, "casework/thing.html", pages.context(request.user, found))


def act_page(
    request: HttpRequest, form: Answering, heading: Any, claim: Claim, advice: list[Any] | None = None
) -> HttpResponse:
    back = reverse("policies:claim", args=[claim.pk])
    said = {
        "form": form, "act": heading, "note": claim.title, "crumb": ActLink(claim.title, back, False), "back": back,
        "facts": pages.facts(request.user, claim, as_firm(request.user, claim)), "advice": advice,
    }  # fmt: skip
    return render(request, "casework/thing_act.html", said, status=status(form))


def told(request: HttpRequest, heading: Any, id: UUID) -> HttpResponse:
    messages.success(request, _("已办：%(act)s。") % {"act": heading})
    return redirect("policies:claim", id)


@login_required
def check(request: HttpRequest, id: UUID, kind: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    if kind not in CheckKind.values:
        raise Http404(_("没有这种审核。"))
    access_as_office(user, id)
    found = access_claim(user, id, to=reading_or("check", request))
    if kind == CheckKind.AUDIT:  # it passes with what the lines come to, on its own page
        return redirect("policies:audit_conclude", id)
    if kind == CheckKind.REVIEW:  # it follows from a round of experts
        return redirect("policies:claim_review", id)
    heading, form = CheckKind(kind).label, CheckForm(request.POST or None)
    if done(request, form, lambda: actions.check(claim_id=id, kind=kind, by=user, **form.cleaned_data)):
        return told(request, heading, id)
    return act_page(request, form, heading, found)


@login_required
def judge(request: HttpRequest, id: UUID, place: int) -> HttpResponse:
    """``place`` counts the inputs that people judge under this scheme, from 1."""
    user: User = request.user  # type: ignore[assignment]
    access_as_office(user, id)
    found = access_claim(user, id, to=reading_or("judge", request))
    inputs = judged_inputs(found)
    if not 0 < place <= len(inputs):
        raise Http404(_("这一事项没有这一项判断。"))
    asked = inputs[place - 1]
    form = JudgeForm(request.POST or None, asked=asked, field=pages.judged_fields(found)[asked.name])
    if done(request, form, lambda: actions.judge(claim_id=id, name=asked.name, by=user, **form.cleaned_data)):
        return told(request, asked.name, id)
    return act_page(request, form, _("判断“%(name)s”") % {"name": asked.name}, found)


def named_step(act: str) -> Step:
    found = next((step for step in CLAIM.steps if step.act == act and step.roles), None)
    if found is None:
        raise Http404(_("没有步骤“%(act)s”。") % {"act": act})
    return found


@login_required
def step(request: HttpRequest, id: UUID, act: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    taking = named_step(act)
    found = access_claim(user, id, to=reading_or(act, request))
    form = ClaimStepForm(request.POST or None, claim=found, step=taking)
    doing = lambda: actions.step(claim_id=id, act=act, by=user, **form.cleaned_data)  # noqa: E731
    if done(request, form, doing, now=lambda: {"expected_version": access_claim(user, id).case.version}):
        return told(request, taking.label, id)
    return act_page(request, form, taking.label, access_claim(user, id))
