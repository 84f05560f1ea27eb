"""What anybody may read, without signing in where the house allows it: what is open for application, for whom, until when, with which papers."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.views.decorators.http import require_safe

from mangrove.intake.access import access_public_opening, public_openings, shown_outside
from mangrove.intake.standing import opening_facts, standing_tag
from mangrove.intake.tables import PUBLIC_OPENINGS


@require_safe
def openings(request: HttpRequest) -> HttpResponse:
    if not_for(request):
        return to_the_door(request)
    page = PUBLIC_OPENINGS.page(public_openings(request.user), request.GET)
    return render(request, "intake/public_openings.html", {"page": page})


@require_safe
def opening(request: HttpRequest, id: str) -> HttpResponse:
    """To read and to print; nothing of it is about a person."""
    if not_for(request):
        return to_the_door(request)
    one = access_public_opening(request.user, id)
    context = {
        "opening": one, "standing": standing_tag(one), "facts": opening_facts(one), "form": one.form.definition, "moments": None,
    }  # fmt: skip
    return render(request, "intake/public_opening.html", context)


def not_for(request: HttpRequest) -> bool:
    """Whether this visitor has to sign in first."""
    return not request.user.is_authenticated and not shown_outside()


def to_the_door(request: HttpRequest) -> HttpResponse:
    return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
