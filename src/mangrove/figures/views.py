"""Reading figures: every counting rule, one with all its values, and where a value comes from."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mangrove.figures import pages
from mangrove.figures.access import access_definition, access_value, may_state
from mangrove.figures.forms import FigureFilter
from mangrove.figures.labels import as_figure, name, period_text, status_tag
from mangrove.figures.lineage import lineage as tree
from mangrove.figures.models import Definition
from mangrove.figures.tables import FIGURES, FIGURES_EXPORT, VALUES, records
from mangrove.figures.values import read_book
from mangrove.ui.components import moments
from mangrove.ui.exports import excel_response


def found(filters: FigureFilter) -> QuerySet[Definition]:
    rows = filters.narrow(Definition.objects.select_related("concept").order_by("order", "pk"))
    if filters.chosen().get("conflicts"):
        rows = rows.filter(pk__in=pages.contradicted(timezone.localdate()))
    return rows


@require_safe
@login_required
def figures(request: HttpRequest) -> HttpResponse:
    filters = FigureFilter(request.GET)
    page = FIGURES.page(found(filters), request.GET, reverse("figures:export"))
    context = {
        "page": pages.with_values(page, timezone.localdate()),
        "filters": filters,
        "may_state": may_state(request.user),
    }
    return render(request, "figures/list.html", context)


@require_safe
@login_required
def figures_export(request: HttpRequest) -> HttpResponse:
    filters = FigureFilter(request.GET)
    rows = pages.standings(found(filters), timezone.localdate())
    return excel_response(request, FIGURES_EXPORT, rows, filters.words())


@require_safe
@login_required
def definition(request: HttpRequest, id: str) -> HttpResponse:
    one = access_definition(request.user, id)
    today = timezone.localdate()
    book = read_book(on=today, definitions=[one.pk])
    kept = pages.values_of(one)
    latest = book.latest(one.pk)
    context = {
        "definition": one,
        "name": name(one),
        "concept": name(one.concept),
        "rule_status": status_tag(one.rule_status),
        "latest": latest,
        "latest_period": period_text(latest.period) if latest else "",
        "figure": as_figure(latest, large=True) if latest else None,
        "rules": pages.rule_facts(one),
        "facts": pages.definition_facts(one),
        "conflicts": pages.conflict_page(book, one),
        "others": pages.other_ways(one, today),
        "values": VALUES.page(kept, request.GET),
        "chart": pages.chart(one, book),
        "moments": pages.history(one, kept),
        "may_state": may_state(request.user),
    }
    return render(request, "figures/definition.html", context)


@require_safe
@login_required
def lineage(request: HttpRequest, id: int) -> HttpResponse:
    """Where one value comes from; a drawer, and a full page at the same address."""
    value = access_value(request.user, id)
    root = tree(value)
    context = {
        "value": value,
        "period": period_text(value.period),
        "name": name(value.definition),
        "source_status": status_tag(value.source.status),
        "figure": as_figure(value, large=True, linked=False),
        "arithmetic": pages.arithmetic_words(root),
        "facts": pages.value_facts(value),
        "root": pages.node_view(root),
        "others": pages.other_sources(value),
        "newer": pages.superseded_by(value),
        "ratios": [(name(ratio.definition), as_figure(ratio)) for ratio in pages.divided_from(value)],
        "moments": moments([value.event]),
    }
    return render(request, "figures/lineage.html", context)


@require_safe
@login_required
def records_export(request: HttpRequest, id: int) -> HttpResponse:
    """The records under a value, all of them."""
    value = access_value(request.user, id)
    rows = list(value.rows.select_related("source").order_by("position"))
    return excel_response(request, records(value.definition), rows, pages.value_words(value))
