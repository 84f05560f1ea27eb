"""The views that stand above a list, for the shell; and the list that opens with one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from mangrove.ui.listviews import View
from mangrove.workbench.listviews.access import readable_views
from mangrove.workbench.listviews.models import DefaultView


@dataclass(frozen=True)
class Kept:
    """What a list is told of its views; asked of the database only where a list draws them."""

    user: Any
    route: str

    @cached_property
    def views(self) -> list[View]:
        """All in two queries, however many there are."""
        mine = set(
            DefaultView.objects.filter(user=self.user, route=self.route).values_list("view", flat=True)
        )
        return [
            View(
                one.pk,
                one.name,
                one.query,
                one.shared,
                one.pk in mine,
                reverse("workbench:view", args=[one.pk]),
            )
            for one in readable_views(self.user).filter(route=self.route)
        ]

    @property
    def keep_href(self) -> str:
        return f"{reverse('workbench:view_new')}?{urlencode({'list': self.route})}"


def kept(request: HttpRequest, user: Any) -> Kept | None:
    """The views of the list that is asked for; of a page of one thing there are none."""
    route = list_route(request)
    return Kept(user, route) if user and route else None


def list_route(request: HttpRequest) -> str:
    match = getattr(request, "resolver_match", None)
    return match.view_name if match and match.view_name and not match.kwargs and not match.args else ""


class OpensWithView:
    """A list that is asked for without anything opens with the view that this person chose for it, at its plain address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        route = list_route(request)
        bare = (
            request.method == "GET"
            and not request.META.get("QUERY_STRING")
            and "HX-Request" not in request.headers
        )
        if not (bare and route and request.user.is_authenticated):
            return None
        chosen = DefaultView.objects.filter(
            user=request.user, route=route, view__in=readable_views(request.user)
        )
        query = chosen.values_list("view__query", flat=True).first()
        return redirect(f"{request.path}?{query}") if query else None
