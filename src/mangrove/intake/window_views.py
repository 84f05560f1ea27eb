"""Pages of windows: the list, one window and what it asks for, opening and extending one, beginning an application."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from mangrove.intake import actions
from mangrove.intake.access import (
    access_opening,
    keeps,
    may_apply,
    may_open,
    not_permitted,
    opens_now,
    own_applications,
    visible_openings,
)
from mangrove.intake.forms import ExtendForm, OpeningForm
from mangrove.intake.models import Opening
from mangrove.intake.standing import opening_facts, page_of, standing_tag
from mangrove.intake.tables import MINE, OPENINGS
from mangrove.ledger.models import Event
from mangrove.registry.models import User
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.components import moments
from mangrove.ui.exports import csv_response, excel_response


@require_safe
@login_required
def openings(request: HttpRequest) -> HttpResponse:
    page = OPENINGS.page(visible_openings(request.user), request.GET, reverse("intake:openings_export"))
    return render(request, "intake/openings.html", {"page": page, "may_open": may_open(request.user)})


@require_safe
@login_required
def openings_export(request: HttpRequest) -> HttpResponse:
    respond = csv_response if request.GET.get("as") == "csv" else excel_response
    return respond(request, OPENINGS, visible_openings(request.user))


@require_safe
@login_required
def opening(request: HttpRequest, id: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    one = access_opening(user, id)
    own = own_applications(user).filter(opening=one)
    events = Event.objects.filter(room="intake", kind="opening", object_id=one.pk)
    context = {
        "opening": one,
        "standing": standing_tag(one),
        "facts": opening_facts(one),
        "form": one.form.definition,
        "mine": page_of(MINE, own, request.GET) if may_apply(user) else None,
        "next_slot": next_slot(user, one),
        "may_extend": keeps(user, one),
        "moments": moments(events),
    }
    return render(request, "intake/opening.html", context)


def next_slot(user: User, one: Opening) -> int:
    """The number of the application that would be begun now; 0 where none may be."""
    if not may_apply(user) or opens_now(one, timezone.now()) != "open":
        return 0
    begun = own_applications(user).filter(opening=one).count()
    return begun + 1 if begun < one.each_most else 0


@require_POST
@login_required
def start(request: HttpRequest, id: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    text = request.POST.get("slot", "1")
    slot = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
    made = actions.start(opening_id=id, by=user, slot=slot)
    return redirect("intake:application", made.pk)


@login_required
def open_new(request: HttpRequest) -> HttpResponse:
    """A window of one's own office."""
    user: User = request.user  # type: ignore[assignment]
    office = user.body
    if not may_open(user) or office is None:
        raise not_permitted(_("开设申报窗口"))
    form = OpeningForm(request.POST or None, initial={"form_version": request.GET.get("form", "")})

    def act() -> Opening:
        said = dict(form.cleaned_data)
        published = said.pop("form_version")
        return actions.open_window(form=published, office=office, unit=user.unit, by=user.actor, **said)

    if done(request, form, act):
        messages.success(request, _("已开设。"))
        return redirect("intake:opening", form.cleaned_data["id"])
    context = {"form": form, "act": _("开设"), "back": reverse("intake:openings")}
    return render(request, "intake/open_new.html", context, status=status(form))


@login_required
def extend(request: HttpRequest, id: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    one = access_opening(user, id, to=reading_or("extend", request))
    form = ExtendForm(request.POST or None, initial={"closes_at": timezone.localtime(one.closes_at)})
    if done(request, form, lambda: actions.extend_window(opening_id=id, by=user, **form.cleaned_data)):
        messages.success(request, _("已延长，所有申报单位一样。"))
        return redirect("intake:opening", id)
    context = {"form": form, "opening": one, "act": _("延长"), "back": reverse("intake:opening", args=[id])}
    return render(request, "intake/extend.html", context, status=status(form))
