"""Reading received letters: the list and one letter. What is shown is gathered in :mod:`pages`."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.casework.access import steps_for
from mangrove.proposals.histories import history
from mangrove.proposals.received import pages
from mangrove.proposals.received.access import (
    access_received,
    may_look,
    may_read_in,
    may_work,
    visible_received,
)
from mangrove.proposals.received.forms import ReceivedFilter
from mangrove.proposals.received.models import ReceivedLetter
from mangrove.proposals.received.tables import RECEIVED
from mangrove.ui.components import moments
from mangrove.ui.exports import excel_response


def listed(request: HttpRequest) -> tuple[ReceivedFilter, QuerySet[ReceivedLetter]]:
    """The filter and the rows it leaves; whoever may not know of received letters is told of no such page."""
    if not may_look(request.user):
        raise Http404(_("没有这一页。"))
    filters = ReceivedFilter(request.GET)
    rows = visible_received(request.user).select_related("case").defer("text", "tables")
    return filters, filters.narrow(rows)


@login_required
@require_safe
def received_list(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    page = RECEIVED.page(rows, request.GET, reverse("proposals:received_export"))
    return render(
        request,
        "proposals/received_list.html",
        {"filters": filters, "page": page, "may_read": may_read_in(request.user)},
    )


@login_required
@require_safe
def received_export(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    return excel_response(request, RECEIVED, rows, filters.words())


@login_required
@require_safe
def received_letter(request: HttpRequest, id: int) -> HttpResponse:
    user = request.user
    found = access_received(user, id)
    working = may_work(user, found)
    return render(
        request,
        "proposals/received_letter.html",
        {
            "letter": found,
            "page": pages.letter_page(found, may_work=working),
            "steps": pages.step_bar(found),
            "acts": {step.act for step in steps_for(user, found.case)},
            "may_work": working,
            "attachments": found.case.attachments.all(),
            "moments": moments(history([found.ref, found.case.ref])),
        },
    )
