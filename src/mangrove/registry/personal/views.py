"""The page on which personal data of a thing of any room is shown in full, once, after saying why."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from mangrove.registry.access import refuse_unless_administrator
from mangrove.registry.personal import actions
from mangrove.registry.personal.forms import ShowForm
from mangrove.registry.personal.kinds import Shown, reach
from mangrove.registry.personal.retention import kept
from mangrove.registry.personal.tables import RETENTION
from mangrove.ui.acting import done, status
from mangrove.ui.components import Fact


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def personal(request: HttpRequest, kind: str, id: str) -> HttpResponse:
    """Masked until a purpose is given; then in full on this one answer, which no cache keeps."""
    user: Any = request.user
    found, form = reach(user, kind, id), ShowForm(request.POST or None)
    asked = {"kind": kind, "id": id, "by": user, "on": timezone.localdate()}
    shown = done(request, form, lambda: actions.show(**asked, purpose=form.cleaned_data["purpose"]))
    context = {
        "form": form, "thing": found, "shown": shown, "facts": facts(found, shown),
        "act": _("看全"), "back": found.back,
    }  # fmt: skip
    return render(request, "registry/personal.html", context, status=status(form))


@require_safe
@login_required
def retention(request: HttpRequest) -> HttpResponse:
    """What is kept for how long, by which rule, and when it was last emptied: for the three administrators."""
    refuse_unless_administrator(request.user)
    return render(request, "registry/retention.html", {"page": RETENTION.page(kept(), request.GET)})


def facts(found: Shown, whole: bool) -> list[Fact]:
    return [Fact(one.label, one.whole if whole else one.masked) for one in found.fields]
