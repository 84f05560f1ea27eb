"""A ledger Refusal as a page, or as the content of the drawer that asked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from mangrove.ledger.refusals import Refusal

STATUS = 422


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """What was wrong, where, which rule, what to do; with the way back to the page one came from."""
    return render(request, "ui/refusal.html", {"refusal": refusal, "back": way_back(request)}, status=STATUS)


def way_back(request: HttpRequest) -> str:
    came_from = request.META.get("HTTP_REFERER", "")
    safe = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return came_from if safe else ""
