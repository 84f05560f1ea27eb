"""Pages of the jobs: the list, one job as it goes, and calling it off."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mangrove.jobs import actions, kinds
from mangrove.jobs.access import access_job, readable_jobs
from mangrove.jobs.models import Job, State
from mangrove.jobs.tables import JOBS, result_of, state_tag
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.ui.background import background
from mangrove.ui.components import Fact, moments
from mangrove.ui.dates import moment


@require_safe
@login_required
def jobs(request: HttpRequest) -> HttpResponse:
    return render(request, "jobs/jobs.html", {"page": JOBS.page(readable_jobs(request.user), request.GET)})


@require_safe
@login_required
def job(request: HttpRequest, uid: UUID) -> HttpResponse:
    one = access_job(request.user, uid)
    events = Event.objects.filter(room="jobs", kind="job", object_id=str(one.uid))
    context = {"job": one, "facts": facts(one), "moments": moments(events), **standing(one)}
    return render(request, "jobs/job.html", context)


@background
@require_safe
@login_required
def state(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The part of the page that changes as the job goes; the whole page once it has ended, so that all of it is new."""
    one = access_job(request.user, uid)
    answer = render(request, "jobs/state.html", standing(one))
    if not one.is_open:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@login_required
def cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    user: Any = request.user
    one = access_job(user, uid)
    actions.cancel(one, by=user.actor, on=timezone.localdate())
    return redirect("jobs:job", one.uid)


def standing(one: Job) -> dict[str, object]:
    """How it stands, in words and as what can be done next."""
    kind = kinds.kind(one.kind)
    ended_well = one.state == State.DONE and kind is not None
    return {
        "job": one,
        "tag": state_tag(one),
        "result": result_of(one),
        "onward": kind.address(one) if ended_well and kind else "",
        "refusal": refusal(one),
    }


def refusal(one: Job) -> Refusal | None:
    if not one.refusal:
        return None
    said = {name: str(one.refusal.get(name, "")) for name in ("code", "where", "rule", "remedy")}
    return Refusal(str(one.refusal.get("what", "")), **said)


def facts(one: Job) -> list[Fact]:
    kind = kinds.kind(one.kind)
    times = (
        _("第%(times)s次办理：此前办理程序中断，已接续。") % {"times": one.attempts}
        if one.attempts > 1
        else ""
    )
    ended = [Fact(_("结束时间"), moment(one.ended_at))] if one.ended_at else []
    return [
        Fact(_("类别"), kind.label if kind else one.kind),
        Fact(_("提交人"), str(one.actor)),
        Fact(_("提交时间"), moment(one.queued_at)),
        Fact(_("开始时间"), moment(one.started_at) if one.started_at else None, times),
        *ended,
        Fact(_("任务编号"), str(one.uid)),
    ]
