"""Pages of notices: the list and one, inside the house and for everybody; draw up, correct, take a step."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.casework.notices import actions, pages
from mangrove.casework.notices.access import (
    access_notice,
    access_public_notice,
    may_prepare,
    public_notices,
    readable_notices,
    refuse_unless_may_prepare,
)
from mangrove.casework.notices.forms import CorrectForm, NoticeFilter, NoticeStepForm, PrepareForm
from mangrove.casework.notices.models import Notice
from mangrove.casework.notices.tables import NOTICES, PUBLIC_NOTICES
from mangrove.casework.notices.workflow import NOTICE
from mangrove.casework.promise_pages import ActLink
from mangrove.casework.workflow import Step
from mangrove.registry.models import User
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.exports import excel_response


def listed(request: HttpRequest) -> tuple[NoticeFilter, QuerySet[Notice]]:
    filters = NoticeFilter(request.GET)
    rows = filters.narrow(readable_notices(request.user))
    return filters, rows.select_related("case").prefetch_related("case__clocks")


@require_safe
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    acts = [ActLink(_("拟公示"), reverse("casework:notice_new"), True)] if may_prepare(request.user) else []
    page = NOTICES.page(rows, request.GET, reverse("casework:notices_export"))
    return render(request, "casework/thing_list.html", {"filters": filters, "page": page, "acts": acts})


@require_safe
@login_required
def notices_export(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    return excel_response(request, NOTICES, rows, filters.words())


@require_safe
@login_required
def notice(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = access_notice(request.user, id)
    return render(request, "casework/thing.html", pages.context(request.user, found))


@require_safe
def public_list(request: HttpRequest) -> HttpResponse:
    """Without signing in, where the house allows it; else the way to the door."""
    if not request.user.is_authenticated and not settings.MANGROVE_PUBLIC_NOTICES:
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    rows = public_notices(request.user).select_related("case").prefetch_related("case__clocks")
    page = PUBLIC_NOTICES.page(rows, request.GET)
    return render(request, "casework/thing_list.html", {"page": page})


@require_safe
def public(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    if not request.user.is_authenticated and not settings.MANGROVE_PUBLIC_NOTICES:
        return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
    return render(
        request, "casework/thing.html", pages.public_context(access_public_notice(request.user, id))
    )


@login_required
def new(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    refuse_unless_may_prepare(user)
    form, made = PrepareForm(request.POST or None, user=user), []
    if done(request, form, lambda: made.append(actions.prepare(by=user, **form.cleaned_data))):
        messages.success(request, _("已拟公示，待局领导发布。"))
        return redirect("casework:notice", made[0].pk)
    crumb = ActLink(_("公示"), reverse("casework:notices"), False)
    said = {"form": form, "act": _("拟公示"), "crumb": crumb, "back": crumb.href}
    return render(request, "casework/thing_act.html", said, status=status(form))


def named_step(act: str) -> Step:
    found = next((step for step in NOTICE.steps if step.act == act), None)
    if found is None:
        raise Http404(_("没有步骤“%(act)s”。") % {"act": act})
    return found


@login_required
def act(request: HttpRequest, id: uuid.UUID, act: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    step = named_step(act)
    found = access_notice(user, id, to=reading_or(act, request))
    kind = CorrectForm if act == "correct" else NoticeStepForm
    form = kind(request.POST or None, notice=found, step=step)
    taking = lambda: take(user, id, act, form.cleaned_data)  # noqa: E731
    if done(request, form, taking, now=lambda: {"expected_version": access_notice(user, id).case.version}):
        messages.success(request, _("已办：%(act)s。") % {"act": step.label})
        return redirect("casework:notice", id)
    return act_page(request, user, id, form, step)


def take(user: User, id: uuid.UUID, act: str, said: dict[str, Any]) -> object:
    if act == "publish":
        return actions.publish(by=user, id=id, **said)
    if act == "correct":
        return actions.correct(by=user, id=id, **said)
    if act == "reopen":
        return actions.reopen(by=user, id=id, **said)
    return actions.end(by=user, id=id, act=act, **said)


def act_page(
    request: HttpRequest, user: User, id: uuid.UUID, form: NoticeStepForm, step: Step
) -> HttpResponse:
    found = access_notice(user, id)
    back = reverse("casework:notice", args=[id])
    said = {
        "form": form, "act": step.label, "note": found.title, "crumb": ActLink(_("公示"), back, False), "back": back,
        "facts": pages.house_facts(user, found),
    }  # fmt: skip
    return render(request, "casework/thing_act.html", said, status=status(form))
