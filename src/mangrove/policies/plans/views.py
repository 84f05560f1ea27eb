"""Pages of plans: the list, one with its lines, replaying it, and a form for each act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.casework.promise_pages import ActLink
from mangrove.casework.workflow import Step
from mangrove.policies.plans import actions, pages
from mangrove.policies.plans.access import access_plan, access_starting, may_start, readable_plans
from mangrove.policies.plans.forms import (
    AnnounceForm,
    ApproveForm,
    ComputeForm,
    PlanStepForm,
    StartForm,
    TakeOutForm,
)
from mangrove.policies.plans.models import Plan, without_texts
from mangrove.policies.plans.replaying import replay as replayed
from mangrove.policies.plans.tables import PLANS, lines_table
from mangrove.policies.plans.taking_out import take_out
from mangrove.policies.plans.workflow import PLAN
from mangrove.registry.models import User
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.exports import excel_response

#: Of the lines of a plan, those that were not taken out.
STANDING = Q(lines__departure=None)
Doing = Callable[..., object]


@require_safe
@login_required
def plans(request: HttpRequest) -> HttpResponse:
    rows = counted(readable_plans(request.user))
    acts = [ActLink(_("编制计划"), reverse("policies:plan_new"), True)] if may_start(request.user) else []
    return render(request, "casework/thing_list.html", {"page": PLANS.page(rows, request.GET), "acts": acts})


def counted(rows: QuerySet[Plan]) -> QuerySet[Plan]:
    rows = rows.defer(*without_texts())
    return rows.annotate(count=Count("lines", filter=STANDING), sum=Sum("lines__proposed", filter=STANDING))


@require_safe
@login_required
def plan(request: HttpRequest, id: UUID) -> HttpResponse:
    found = access_plan(request.user, id)
    return render(request, "casework/thing.html", pages.context(request.user, found, request.GET))


@require_safe
@login_required
def export(request: HttpRequest, id: UUID) -> HttpResponse:
    found = access_plan(request.user, id)
    return excel_response(request, lines_table(), pages.lines_of(found), found.title)


@require_safe
@login_required
def replay(request: HttpRequest, id: UUID) -> HttpResponse:
    """Computed once more from what was kept, while the reader waits."""
    found = access_plan(request.user, id)
    return render(request, "casework/thing.html", pages.replay_context(found, replayed(found)))


@login_required
def start(request: HttpRequest) -> HttpResponse:
    user = access_starting(request.user)
    form, made = StartForm(request.POST or None, user=user), list[Plan]()
    if done(request, form, lambda: made.append(actions.start(by=user, **form.given()))):
        messages.success(request, _("已开始编制，请算定。"))
        return redirect("policies:plan", made[0].pk)
    crumb = ActLink(_("资助计划"), reverse("policies:plans"), False)
    said = {"form": form, "act": _("编制资助计划"), "crumb": crumb, "back": crumb.href}
    return render(request, "casework/thing_act.html", said, status=status(form))


def step_named(act: str) -> Step:
    found = next((step for step in PLAN.steps if step.act == act), None)
    if found is None:
        raise Http404(_("没有步骤“%(act)s”。") % {"act": act})
    return found


#: Each act with its form and what takes it; the others are steps without more of their own.
ACTS: dict[str, tuple[type[PlanStepForm], Doing]] = {
    "compute": (ComputeForm, actions.compute),
    "announce": (AnnounceForm, actions.announce),
    "approve": (ApproveForm, actions.approve),
    "take_out": (TakeOutForm, take_out),
}


@login_required
def step(request: HttpRequest, id: UUID, act: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    taking = step_named(act)
    found = access_plan(user, id, to=reading_or(act, request))
    kind, doing = ACTS.get(act, (PlanStepForm, lambda **said: actions.step(act=act, **said)))
    more = {"user": user} if kind is AnnounceForm else {}
    form = kind(request.POST or None, plan=found, step=taking, **more)
    act_now = lambda: doing(plan_id=id, by=user, **form.cleaned_data)  # noqa: E731
    if done(request, form, act_now, now=lambda: {"expected_version": access_plan(user, id).case.version}):
        messages.success(request, _("已办：%(act)s。") % {"act": taking.label})
        return redirect("policies:plan", id)
    back = reverse("policies:plan", args=[id])
    said: dict[str, Any] = {
        "form": form, "act": taking.label, "note": found.title, "crumb": ActLink(found.title, back, False), "back": back,
        "facts": pages.facts(access_plan(user, id)),
    }  # fmt: skip
    return render(request, "casework/thing_act.html", said, status=status(form))
