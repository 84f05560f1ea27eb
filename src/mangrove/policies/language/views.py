"""The page of the rule language: how a draft is written, and every name that it may use."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mangrove.policies.language import tables, words
from mangrove.policies.language.names import NameFilter

#: Each short list with its lines, in the order of the page.
LISTS = (
    (tables.MEASURE_KEYS, words.MEASURE),
    (tables.CLAUSE_KEYS, words.CLAUSE),
    (tables.FORMULAS, words.FORMULAS),
)


@require_safe
@login_required
def language(request: HttpRequest) -> HttpResponse:
    filters = NameFilter(request.GET)
    context = {
        "filters": filters, "page": tables.NAMES.page(filters.found(), request.GET),
        "lists": [table.page(lines, QueryDict()) for table, lines in LISTS],
    }  # fmt: skip
    return render(request, "policies/language.html", context)
