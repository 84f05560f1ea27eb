"""Home, inbox and the health check."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mangrove.casework.inbox import done_by, started_by
from mangrove.casework.naming import case_origin
from mangrove.casework.promise_reach import nothing_open
from mangrove.casework.room import open_promises
from mangrove.casework.tables import with_origins
from mangrove.registry.models import User
from mangrove.ui.components import Tab, moments
from mangrove.ui.naming import page_named
from mangrove.workbench.home import home_tiles, promise_rows, recent_events
from mangrove.workbench.navigation import todos
from mangrove.workbench.tables import CASES, PROMISES, TODOS

RECENT = 8
RISKIEST = 8


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """One page for the whole programme: eight lines, promises, what waits, what was done last."""
    user = signed_in(request)
    riskiest = list(with_origins(user, promise_rows(user)[:RISKIEST]))
    context = {
        "tiles": home_tiles(user),
        "promises": PROMISES.page(riskiest, QueryDict()),
        "nothing": None if riskiest else nothing_open(user),
        "promised": open_promises(user),
        "waiting": TODOS.page(todos(user)[:RECENT], QueryDict()),
        "recent": moments(recent_events(user)[:RECENT], reasons=False),
        "today": timezone.localdate(),
    }
    return render(request, "workbench/home.html", context)


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """待办: what waits; 已办: cases on which this user took a step; 我发起的: cases this user opened."""
    user, shown = signed_in(request), request.GET.get("show", "waiting")
    if shown == "done":
        page = page_named(user, CASES.page(done_by(user), request.GET), case_origin)
    elif shown == "begun":
        page = page_named(user, CASES.page(started_by(user), request.GET), case_origin)
    else:
        shown, page = "waiting", TODOS.page(todos(user), request.GET)
    return render(request, "workbench/inbox.html", {"page": page, "tabs": inbox_tabs(shown), "shown": shown})


def signed_in(request: HttpRequest) -> User:
    """The user of a page that only the signed-in reach."""
    assert isinstance(request.user, User)
    return request.user


def inbox_tabs(shown: str) -> list[Tab]:
    href = reverse("workbench:inbox")
    labels = {"waiting": _("待办"), "done": _("已办"), "begun": _("我发起的")}
    return [Tab(label, f"{href}?show={key}", key == shown) for key, label in labels.items()]


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For the load balancer: the process answers and so does the database. Says nothing else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok"})
