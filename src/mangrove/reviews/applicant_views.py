"""An applicant's pages: after the release, what the experts said of the own items; in no order that tells who said it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.reviews import pages
from mangrove.reviews.access import access_released, missing, released_items
from mangrove.reviews.decisions import anonymous_order, mean, rounded
from mangrove.reviews.models import DOUBLE_BLIND, Item
from mangrove.reviews.results import Results
from mangrove.reviews.rules import Rule
from mangrove.ui.components import Fact
from mangrove.ui.languages import as_data, listed


@require_safe
@login_required
def released(request: HttpRequest) -> HttpResponse:
    found = released_items(request.user)
    if not found.exists():
        raise missing()
    return render(request, "reviews/released.html", {"items": found})


@require_safe
@login_required
def comments(request: HttpRequest, id: int) -> HttpResponse:
    item = access_released(request.user, id)
    results = Results(item.round)
    mine = [one for one in results.standing if one.assignment.item_id == item.pk]
    shown = anonymous_order([(one.key, pages.opinion(results, one)) for one in mine])
    context = {
        "item": item, "opinions": shown, "facts": facts(results, item), "criteria": pages.criteria(results.rubric),
        "rule": Rule(**item.round.rules["comments_released"]).words,
    }  # fmt: skip
    return render(request, "reviews/comments.html", context)


def facts(results: Results, item: Item) -> list[Fact]:
    totals = results.totals.get(item.pk, [])
    average = mean(totals)
    return [
        Fact(_("评审单位"), as_data(item.round.bureau.name)),
        Fact(_("轮次"), as_data(item.round.title)),
        Fact(_("专家数"), len(totals)),
        Fact(_("平均分"), rounded(average) if average is not None else None),
        *experts(results, item),
    ]


def experts(results: Results, item: Item) -> list[Fact]:
    """Who took part, by name in the order of names, unless the round is blind on both sides; never who said what."""
    if item.round.mode == DOUBLE_BLIND:
        return []
    names = sorted(
        one.assignment.expert.user.name for one in results.standing if one.assignment.item_id == item.pk
    )
    return [Fact(_("参评专家"), as_data(listed(names)), _("按姓名排列，与意见的次序无关"))]
