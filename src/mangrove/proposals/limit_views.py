"""Changing a time limit of a reply: one page an act, beside the arithmetic as it stands."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.proposals import limit_actions
from mangrove.proposals.access import access_clock
from mangrove.proposals.act_views import Act
from mangrove.proposals.forms import ExtendLimitForm, LimitForm, StopLimitForm
from mangrove.proposals.pages import clock_view
from mangrove.registry.models import User
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.forms import Dated

ACTS: dict[str, tuple[Any, type[Dated], Act]] = {
    "extend": (_("延期"), ExtendLimitForm, limit_actions.extend_limit),
    "stop": (_("停表"), StopLimitForm, limit_actions.stop_limit),
    "restart": (_("恢复"), LimitForm, limit_actions.restart_limit),
}


@login_required
def limit(request: HttpRequest, id: int, act: str) -> HttpResponse:
    """Extend, stop or restart one time limit."""
    user: User = request.user  # type: ignore[assignment]
    if act not in ACTS:
        raise Http404(gettext("没有“%(act)s”这一步。") % {"act": act})
    label, kind, doing = ACTS[act]
    clock = access_clock(user, id, to=reading_or("change", request))
    reply = clock.case.reply
    form = kind(request.POST or None, initial=initial(act, clock.terms))
    if done(request, form, lambda: doing(by=user, clock_id=id, **form.cleaned_data)):
        return redirect("proposals:reply", reply.pk)
    view = clock_view(clock)
    said = {"form": form, "view": view, "reply": reply, "act": label}
    return render(
        request, "proposals/limit.html", said | {"back": reverse("proposals:reply", args=[reply.pk])},
        status=status(form),
    )  # fmt: skip


def initial(act: str, terms: dict[str, Any]) -> dict[str, Any]:
    """An extension starts from the longest that the rule allows, and whose consent it asks."""
    if act != "extend":
        return {}
    return {"total": terms["extended_total"] or None, "consent_by": terms["consent"]}
