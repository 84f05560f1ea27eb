"""Pages of reviews: the list, one, a form for each act, and how all promises of a plan or measure were kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.casework.promise_pages import ActLink
from mangrove.casework.uploads import refused_uploads
from mangrove.casework.workflow import Step
from mangrove.policies.performance import actions, gathering, pages
from mangrove.policies.performance.access import access_performance, of_the_firm, readable_indicators
from mangrove.policies.performance.forms import ConfirmForm, PerformanceFilter, ReportForm, StepForm
from mangrove.policies.performance.models import Indicator, Performance
from mangrove.policies.performance.tables import PERFORMANCES, SUMMARY
from mangrove.policies.performance.workflow import PERFORMANCE
from mangrove.policies.plans.access import readable_plans
from mangrove.policies.results.access import READERS, access_results
from mangrove.registry.models import User
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.components import Tab
from mangrove.ui.exports import excel_response

AnyForm = ReportForm | ConfirmForm | StepForm


def listed(request: HttpRequest) -> tuple[PerformanceFilter, QuerySet[Indicator]]:
    filters = PerformanceFilter(request.GET, plans=readable_plans(request.user))
    return filters, filters.narrow(readable_indicators(request.user))


@require_safe
@login_required
def performances(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    page = PERFORMANCES.page(rows, request.GET, reverse("policies:performances_export"))
    sums = isinstance(request.user, User) and request.user.has_role(*READERS)
    acts = [ActLink(_("成效汇总"), reverse("policies:performance_summary"), False)] if sums else []
    return render(request, "casework/thing_list.html", {"filters": filters, "page": page, "acts": acts})


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    return excel_response(request, PERFORMANCES, rows, filters.words())


@require_safe
@login_required
def performance(request: HttpRequest, id: UUID) -> HttpResponse:
    found = access_performance(request.user, id)
    return render(request, "casework/thing.html", pages.context(request.user, found))


def grouping(request: HttpRequest) -> str:
    asked = request.GET.get("by", "")
    return asked if asked in gathering.BY else "plan"


@require_safe
@login_required
def summary(request: HttpRequest) -> HttpResponse:
    access_results(request.user)
    by, here = grouping(request), reverse("policies:performance_summary")
    export = f"{reverse('policies:performance_summary_export')}?by={by}"
    context: dict[str, Any] = {
        "crumb": pages.crumb(), "facts": pages.tally_facts(gathering.overall(request.user)), "export": export,
        "page": SUMMARY.page(gathering.summary(request.user, by), request.GET),
        "tabs": [Tab(words, f"{here}?by={one}", one == by) for one, (words, _key) in gathering.BY.items()],
    }  # fmt: skip
    return render(request, "policies/performance_summary.html", context)


@require_safe
@login_required
def summary_export(request: HttpRequest) -> HttpResponse:
    access_results(request.user)
    by = grouping(request)
    return excel_response(request, SUMMARY, gathering.summary(request.user, by), str(gathering.BY[by][0]))


def step_named(act: str) -> Step:
    found = next((step for step in PERFORMANCE.steps if step.act == act), None)
    if found is None:
        raise Http404(_("没有步骤“%(act)s”。") % {"act": act})
    return found


def form_for(request: HttpRequest, found: Performance, taking: Step) -> AnyForm:
    if taking.act in ("report", "enter"):
        away = refused_uploads(request)
        return ReportForm(request.POST or None, request.FILES or None, performance=found, refused=away)
    if taking.act == "confirm":
        return ConfirmForm(request.POST or None, performance=found)
    return StepForm(request.POST or None, performance=found, step=taking)


def doing(act: str) -> Callable[..., Performance]:
    if act in ("report", "enter"):
        return lambda **said: actions.report(act=act, **said)
    return actions.confirm if act == "confirm" else lambda **said: actions.step(act=act, **said)


@login_required
def step(request: HttpRequest, id: UUID, act: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    taking = step_named(act)
    found = access_performance(user, id, to=reading_or(act, request))
    form = form_for(request, found, taking)
    act_now = lambda: doing(act)(performance_id=id, by=user, **form.given())  # noqa: E731
    if done(
        request, form, act_now, now=lambda: {"expected_version": access_performance(user, id).case.version}
    ):
        messages.success(request, _("已办：%(act)s。") % {"act": taking.label})
        return redirect("policies:performance", id)
    return render(
        request, "casework/thing_act.html", act_context(user, id, form, taking), status=status(form)
    )


def act_context(user: User, id: UUID, form: AnyForm, taking: Step) -> dict[str, Any]:
    found = access_performance(user, id)
    back = reverse("policies:performance", args=[id])
    return {
        "form": form, "act": taking.label, "note": found.claim.title, "crumb": ActLink(found.claim.title, back, False),
        "back": back, "advice": pages.compared_lines(found), "facts": pages.facts(found, of_the_firm(user, found)),
    }  # fmt: skip
