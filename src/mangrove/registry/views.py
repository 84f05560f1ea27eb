"""Pages of the registry: the organisations list, its export, and one organisation."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove import vocabulary
from mangrove.ledger.models import Event
from mangrove.registry import credit_code
from mangrove.registry.access import access_organisation, may_import
from mangrove.registry.forms import OrganisationFilter
from mangrove.registry.labels import check_tag, enum_word, named, said
from mangrove.registry.models import Organisation, OrganisationName, Source, Unit
from mangrove.registry.names import search
from mangrove.registry.records.views import known_of
from mangrove.registry.tables import NAMES, ORGANISATIONS, district
from mangrove.ui.components import Fact, moments
from mangrove.ui.exports import csv_response, excel_response
from mangrove.ui.languages import strung
from mangrove.ui.searching import LONGEST

#: Names offered at a time.
SUGGESTED = 12

FIELDS = vocabulary.entity("organisation")


@require_safe
@login_required
def organisations(request: HttpRequest) -> HttpResponse:
    filters = OrganisationFilter(request.GET)
    page = ORGANISATIONS.page(found(filters), request.GET, reverse("registry:organisations_export"))
    context = {"page": page, "filters": filters, "may_import": may_import(request.user)}
    return render(request, "registry/organisations.html", context)


@require_safe
@login_required
def suggested(request: HttpRequest) -> JsonResponse:
    """Names that a field offers while one types."""
    typed = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    bearing = search(typed).order_by("name")[:SUGGESTED] if typed else ()
    return JsonResponse({"names": [named(one) for one in bearing]})


@require_safe
@login_required
def organisations_export(request: HttpRequest) -> HttpResponse:
    filters = OrganisationFilter(request.GET)
    respond = csv_response if request.GET.get("as") == "csv" else excel_response
    return respond(request, ORGANISATIONS, found(filters), filters.words())


def found(filters: OrganisationFilter) -> QuerySet[Organisation]:
    rows = filters.narrow(search(filters.chosen().get("text", "")))
    return rows.select_related("district").order_by("name", "pk")


@require_safe
@login_required
def organisation(request: HttpRequest, id: str) -> HttpResponse:
    one = access_organisation(request.user, id)
    entries = one.bodies if one.merged_into is None else {one.pk}
    events = Event.objects.filter(room="registry", kind="organisation", object_id__in=entries)
    names = OrganisationName.objects.filter(organisation__in=entries)
    context = {
        "organisation": one,
        "facts": [*identity_facts(one), *evidence_facts(one)],
        "known": known_of(request.user, one),
        "names": NAMES.page(names, QueryDict()),
        "units": list(Unit.objects.filter(organisation__in=entries)),
        "merged": list(one.merged.all()),
        "moments": moments(events),
    }
    return render(request, "registry/organisation.html", context)


def identity_facts(one: Organisation) -> list[Fact]:
    shown = {
        "short_name": one.short_name, "name_en": one.name_en, "credit_code": one.credit_code,
        "kind": enum_word("organisation_kind", one.kind), "trade": one.trade,
        "scope": enum_word("organisation_scope", one.scope), "place": one.place, "ticker": one.ticker,
    }  # fmt: skip
    notes = {"credit_code": code_note(one)}
    facts = [Fact(said(FIELDS.field(name)), value, notes.get(name, "")) for name, value in shown.items()]
    return [*facts, Fact(said(FIELDS.relation("district")), district(one))]


def evidence_facts(one: Organisation) -> list[Fact]:
    titles = Source.objects.filter(pk__in=[part for part in one.source.split(";") if part])
    return [
        Fact(said(FIELDS.field("note")), one.note),
        Fact(said(FIELDS.field("source")), strung(source.title for source in titles)),
        Fact(said(FIELDS.field("check_status")), check_tag(one.check_status)),
        Fact(said(FIELDS.field("synthetic")), _("是") if one.synthetic else _("否")),
    ]


def code_note(one: Organisation) -> str:
    """What the code itself says, and whether a person has seen it on the licence."""
    if not one.credit_code:
        return ""
    parts = credit_code.parts(one.credit_code)
    said_by_code = _("%(authority)s登记的%(kind)s，行政区划 %(region)s，组织机构代码 %(code)s") % {
        "authority": parts.authority, "kind": parts.kind, "region": parts.region, "code": parts.organisation_code,
    }  # fmt: skip
    return strung([said_by_code, enum_word("check_status", one.credit_code_status)])
