"""Stating a value, and checking a text. What is typed stays on the form whatever is refused."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods

from mangrove.figures import pages
from mangrove.figures.access import access_stating, refuse_stranger
from mangrove.figures.actions import Written, set_value
from mangrove.figures.check import check_text
from mangrove.figures.checking import check_view
from mangrove.figures.forms import PLAN, CheckForm, StateForm
from mangrove.ledger.refs import Actor
from mangrove.ui.acting import done, status
from mangrove.ui.forms import grouped

READING_AND_ACTING = require_http_methods(["GET", "HEAD", "POST"])


@READING_AND_ACTING
@login_required
def state(request: HttpRequest) -> HttpResponse:
    """State a value of a definition; ``?definition=`` chooses it beforehand."""
    user = access_stating(request.user)
    form = StateForm(request.POST or None, initial=pages.suggested(request.GET.get("definition", "")))
    written: list[Written] = []
    if done(request, form, lambda: written.append(stated(form, user.actor))):
        say(request, written[0])
        return redirect("figures:lineage", written[0].value.pk)
    known = pages.chosen(form["definition"].value())
    context = {
        "form": form,
        "groups": grouped(form, PLAN),
        "act": pgettext("button", "录入"),
        "back": reverse("figures:definition", args=[known.pk]) if known else reverse("figures:list"),
        "current": pages.current_values(known) if known else None,
    }
    return render(request, "figures/state.html", context, status=status(form))


def stated(form: StateForm, by: Actor) -> Written:
    """State what the form says; raises ``Refusal``."""
    said: dict[str, Any] = dict(form.cleaned_data)
    definition, source = said.pop("definition"), said.pop("source")
    return set_value(definition.pk, source=source.pk, by=by, **said)


def say(request: HttpRequest, written: Written) -> None:
    if written.changed:
        messages.success(request, written.words)
    else:
        messages.info(request, written.words, extra_tags="info")


@READING_AND_ACTING
@login_required
def check(request: HttpRequest) -> HttpResponse:
    """Check a pasted text against the figures of a day. Nothing is stored; the text comes back with its marks."""
    refuse_stranger(request.user)
    form = CheckForm(request.POST or None)
    view = None
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        view = check_view(text, check_text(text, on=form.cleaned_data["on"]), QueryDict())
    return render(request, "figures/check.html", {"form": form, "view": view, "act": _("核对")})
