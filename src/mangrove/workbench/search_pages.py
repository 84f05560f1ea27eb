"""The page of the search box: all kinds with the first of each, or all of one kind."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mangrove.ui.components import Tab
from mangrove.ui.languages import listed
from mangrove.ui.searching import LONGEST, Search, words_of
from mangrove.ui.tables import Table
from mangrove.workbench.searching import Found, found, kinds, lines, related

PAGES = Table("search", gettext_lazy("查找结果"), [], page_size=20)


@require_safe
@login_required
def search(request: HttpRequest) -> HttpResponse:
    query = " ".join(request.GET.get("q", "")[:LONGEST].split())
    words, every = words_of(query), kinds()
    every_found = found(request.user, words)
    chosen = request.GET.get("kind", "")
    chosen = chosen if chosen in {one.key for one in every_found} else ""
    context: dict[str, Any] = {
        "searched_for": query, "words": words, "found": every_found, "total": sum(one.total for one in every_found),
        "tabs": tabs(query, chosen, every_found), "searched": listed(str(one.label) for one in every.values()),
    }  # fmt: skip
    if chosen:
        context |= of_one_kind(request, every[chosen], words)
    return render(request, "workbench/search.html", context)


def of_one_kind(request: HttpRequest, one: Search, words: list[str]) -> dict[str, Any]:
    page = PAGES.page(related(one, one.found(request.user, words)), request.GET)
    return {"page": page, "kind": one.label, "lines": lines(request.user, one, page.objects, words)}


def tabs(query: str, chosen: str, every_found: list[Found]) -> list[Tab]:
    href = reverse("workbench:search")
    total = sum(one.total for one in every_found)
    every = Tab(_("全部"), f"{href}?{urlencode({'q': query})}", not chosen, total)
    return [every, *(Tab(one.label, f"{href}?{urlencode({'q': query, 'kind': one.key})}", one.key == chosen, one.total)
                     for one in every_found)]  # fmt: skip
