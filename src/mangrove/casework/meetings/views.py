"""Pages of meetings: the list, one, one decision, enter, confirm, strike."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.casework.meetings import actions
from mangrove.casework.meetings.access import (
    access_decision,
    access_meeting,
    may_enter,
    readable_meetings,
    refuse_unless_may_enter,
)
from mangrove.casework.meetings.forms import ConfirmForm, EnterForm, MeetingFilter, StrikeForm
from mangrove.casework.meetings.models import Meeting
from mangrove.casework.meetings.tables import DECISIONS, MEETINGS, TONES, about, minutes
from mangrove.casework.meetings.workflow import MEETING
from mangrove.casework.promise_pages import ActLink
from mangrove.casework.things import Section, act_links, history, state_tag
from mangrove.registry.labels import named
from mangrove.registry.models import User
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.components import Fact
from mangrove.ui.exports import excel_response


def listed(request: HttpRequest) -> tuple[MeetingFilter, QuerySet[Meeting]]:
    filters = MeetingFilter(request.GET)
    rows = filters.narrow(readable_meetings(request.user))
    return filters, rows.select_related("case__organisation", "minutes").prefetch_related("decisions")


@require_safe
@login_required
def meetings(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    acts = (
        [ActLink(_("登记会议决定"), reverse("casework:meeting_new"), True)] if may_enter(request.user) else []
    )
    page = MEETINGS.page(rows, request.GET, reverse("casework:meetings_export"))
    return render(request, "casework/thing_list.html", {"filters": filters, "page": page, "acts": acts})


@require_safe
@login_required
def meetings_export(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    return excel_response(request, MEETINGS, rows, filters.words())


def crumb() -> ActLink:
    return ActLink(_("会议决定"), reverse("casework:meetings"), False)


def facts(found: Meeting) -> list[Fact]:
    kept = found.minutes
    return [
        Fact(_("会议日期"), found.held_on.isoformat()),
        Fact(_("单位"), named(found.case.organisation) if found.case.organisation else ""),
        Fact(
            _("会议纪要"),
            minutes(found) or _("未附"),
            _("校验值 %(sha)s…") % {"sha": kept.sha256[:16]} if kept else "",
        ),
    ]


@require_safe
@login_required
def meeting(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = access_meeting(request.user, id)
    said = {
        "heading": found.name, "note": state_tag(found.case, TONES), "crumb": crumb(),
        "acts": act_links(request.user, found.case, "casework:meeting_act", found.pk), "facts": facts(found),
        "sections": [Section("decisions", _("决定"), DECISIONS.page(found.decisions.order_by("number"), QueryDict()))],
        "moments": history(found.case),
    }  # fmt: skip
    return render(request, "casework/thing.html", said)


@require_safe
@login_required
def decision(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """What others cite: the words, of which meeting, with which minutes."""
    found = access_decision(request.user, id)
    back = reverse("casework:meeting", args=[found.meeting.pk])
    said = {
        "heading": found.subject, "note": state_tag(found.meeting.case, TONES),
        "crumb": ActLink(str(found.meeting), back, False),
        "facts": [Fact(_("序号"), found.number), Fact(_("对象"), about(found) or _("无")), *facts(found.meeting)],
        "sections": [Section("text", _("决定"), text=found.text)],
    }  # fmt: skip
    return render(request, "casework/thing.html", said)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    refuse_unless_may_enter(user)
    form, made = EnterForm(request.POST or None), []
    if done(request, form, lambda: made.append(actions.enter(by=user, **form.cleaned_data))):
        messages.success(request, _("已登记会议决定，待附纪要确认。"))
        return redirect("casework:meeting", made[0].pk)
    said = {"form": form, "act": _("登记会议决定"), "crumb": crumb(), "back": crumb().href}
    return render(request, "casework/thing_act.html", said, status=status(form))


@login_required
def act(request: HttpRequest, id: uuid.UUID, act: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    step = next((step for step in MEETING.steps if step.act == act), None)
    if step is None:
        raise Http404(_("没有步骤“%(act)s”。") % {"act": act})
    found = access_meeting(user, id, to=reading_or(act, request))
    kind: Any = ConfirmForm if act == "confirm" else StrikeForm
    form = kind(request.POST or None, request.FILES or None, meeting=found)
    now = lambda: {"expected_version": access_meeting(user, id).case.version}  # noqa: E731
    if done(request, form, lambda: take(user, id, act, dict(form.cleaned_data)), now=now):
        messages.success(request, _("已办：%(act)s。") % {"act": step.label})
        return redirect("casework:meeting", id)
    back = reverse("casework:meeting", args=[id])
    said = {
        "form": form, "act": step.label, "note": found.name, "crumb": ActLink(found.name, back, False), "back": back,
        "facts": facts(found),
    }  # fmt: skip
    return render(request, "casework/thing_act.html", said, status=status(form))


def take(user: User, id: uuid.UUID, act: str, said: dict[str, Any]) -> object:
    if act == "strike":
        return actions.strike(by=user, id=id, **said)
    file = said.pop("file")
    return actions.confirm(by=user, id=id, upload=file, name=file.name, **said)
