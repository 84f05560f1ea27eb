"""Reading the ledger of promises (承诺台账): the list, its export, one promise."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mangrove.casework import promise_pages as pages
from mangrove.casework.access import access_promise, readable_promises
from mangrove.casework.forms import PromiseFilter
from mangrove.casework.models import Promise
from mangrove.casework.naming import origin
from mangrove.casework.promise_counts import by_risk, counts
from mangrove.casework.promise_reach import nothing_to_read
from mangrove.casework.tables import EVIDENCE, EXPORTED, PROMISES, with_origins
from mangrove.ui.exports import excel_response
from mangrove.ui.naming import page_named


def listed(request: HttpRequest) -> tuple[PromiseFilter, QuerySet[Promise]]:
    filters = PromiseFilter(request.GET)
    rows = filters.narrow(readable_promises(request.user))
    return filters, by_risk(rows.select_related("case")).prefetch_related("evidence")


@require_safe
@login_required
def promises(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    found = counts(readable_promises(request.user))
    page = PROMISES.page(rows, request.GET, reverse("casework:promises_export"))
    context = {
        "filters": filters,
        "page": page_named(request.user, page, origin),
        "tabs": pages.count_tabs(found, filters.chosen()),
        "states": pages.state_words(found),
        "nothing": None if found.total else nothing_to_read(request.user),
    }
    return render(request, "casework/promises.html", context)


@require_safe
@login_required
def promises_export(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    told = partial(with_origins, request.user)
    return excel_response(request, EXPORTED, rows, filters.words(), told)


@require_safe
@login_required
def promise(request: HttpRequest, id: int) -> HttpResponse:
    """One promise: in the words of the signed letter, what it lacks, what showed that it moved."""
    (found,) = with_origins(request.user, [access_promise(request.user, id)])
    events = pages.own_events(found)
    shown = found.evidence.select_related("attachment", "event")
    context = {
        "promise": found,
        "passage": pages.passage_href(found),
        "versions": pages.versions(request.user, found, events),
        "steps": pages.step_bar(found),
        "facts": pages.promise_facts(found),
        "evidence": EVIDENCE.page(shown, QueryDict()),
        "acts": pages.act_links(request.user, found),
        "advice": [] if found.case.closed_on else pages.advice(found),
        "moments": pages.history(request.user, found, events),
    }
    return render(request, "casework/promise.html", context)
