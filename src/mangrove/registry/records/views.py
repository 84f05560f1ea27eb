"""Pages of records: which there are, those of one entity, one with its versions; and both exports."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.ledger.models import Event
from mangrove.registry.labels import said, unit_word
from mangrove.registry.models import Organisation, User
from mangrove.registry.records.access import (
    access_keeping,
    access_record,
    may_import_records,
    readable_as_reader,
    readable_records,
    sees_personal,
)
from mangrove.registry.records.forms import DayFilter, RecordFilter
from mangrove.registry.records.kept import EVERYWHERE, elsewhere, recorded, recorded_entity
from mangrove.registry.records.models import KnownRecords, Record
from mangrove.registry.records.showing import Showing, looked_up
from mangrove.registry.records.tables import ELSEWHERE, ENTITIES, narrowed, records_table, versions_table
from mangrove.registry.records.withdrawing import withdraw_record
from mangrove.ui.acting import done, status
from mangrove.ui.components import Fact, Link, Moment, moments
from mangrove.ui.exports import csv_response, excel_response
from mangrove.ui.forms import Dated
from mangrove.ui.languages import as_data, beside, strung
from mangrove.ui.tables import Table
from mangrove.vocabulary.model import Entity
from mangrove.vocabulary.sheets import declared

#: Rows for which an export looks names up together.
STRETCH = 1000


@require_safe
@login_required
def records(request: HttpRequest) -> HttpResponse:
    filters = DayFilter(request.GET)
    rows = counted(filters.known(readable_as_reader(request.user)), filters)
    context = {
        "page": ENTITIES.page(rows, QueryDict()),
        "filters": filters,
        "elsewhere": ELSEWHERE.page(elsewhere(request.user), QueryDict()),
        "as_of": filters.chosen().get("on") or timezone.localdate(),
    }
    return render(request, "registry/records.html", context)


def counted(known: KnownRecords, filters: DayFilter) -> list[dict[str, Any]]:
    """Each entity with how many there are, of how many bodies; one query."""
    told = known.order_by().values("entity")
    found = {
        row["entity"]: row
        for row in told.annotate(
            count=Count("pk"), bodies=Count("organisation", distinct=True), latest=Max("known_from")
        )
    }
    none = {"count": 0, "bodies": 0, "latest": None}
    day = filters.chosen().get("on")
    query = f"?on={day}" if day else ""
    return [
        {**found.get(one.id, none), "entity": one, "href": reverse("registry:records_of", args=[one.id]) + query}
        for one in recorded()
    ]  # fmt: skip


class Stretches:
    """The records of a list with what their cells name, looked up a stretch at a time."""

    def __init__(self, user: Any) -> None:
        self.personal = sees_personal(user)
        self.showing = Showing(self.personal)

    def over(self, rows: Iterable[Record]) -> Iterator[Record]:
        rest = iter(rows)
        while stretch := list(islice(rest, STRETCH)):
            self.showing = looked_up(stretch, self.personal)
            yield from stretch


def list_of(request: HttpRequest, entity: str) -> tuple[Table, RecordFilter, KnownRecords, Stretches]:
    filters, stretches = RecordFilter(request.GET), Stretches(request.user)
    one = recorded_entity(entity)
    rows = filters.found(readable_as_reader(request.user).filter(entity=one.id))
    return records_table(one, lambda: stretches.showing), filters, rows.order_by("key", "pk"), stretches


@require_safe
@login_required
def records_of(request: HttpRequest, entity: str) -> HttpResponse:
    table, filters, rows, stretches = list_of(request, entity)
    one = recorded_entity(entity)
    page = table.page(rows, request.GET, reverse("registry:records_export", args=[one.id]))
    stretches.showing = looked_up(list(page.objects), stretches.personal)
    context = {
        "page": narrowed(page), "filters": filters, "entity": one, "label": said(one), "note": one.note,
        "may_import": may_import_records(request.user),
    }  # fmt: skip
    return render(request, "registry/records_of.html", context)


@require_safe
@login_required
def records_export(request: HttpRequest, entity: str) -> HttpResponse:
    table, filters, rows, stretches = list_of(request, entity)
    respond = csv_response if request.GET.get("as") == "csv" else excel_response
    return respond(request, table, rows, filters.words(), told=stretches.over)


@require_safe
@login_required
def record(request: HttpRequest, entity: str, thing: UUID) -> HttpResponse:
    one = recorded_entity(entity)
    versions = list(access_record(request.user, one.id, thing))
    showing = looked_up(versions, sees_personal(request.user))
    newest = versions[0]
    context = {
        "entity": one,
        "label": said(one),
        "name": showing.key_words(one, newest.key),
        "record": newest,
        "withdrawn": newest.known_until,
        "facts": facts(one, newest, showing),
        "versions": versions_table(changes(one, versions, showing)).page(versions, QueryDict()),
        "moments": entered(versions, request.user),
        "may_import": may_import_records(request.user),
    }
    return render(request, "registry/record.html", context)


@login_required
def withdraw(request: HttpRequest, entity: str, thing: UUID) -> HttpResponse:
    one = recorded_entity(entity)
    newest = access_keeping(request.user, one.id, thing)
    user: User = request.user  # type: ignore[assignment]
    form = Dated(request.POST or None)
    form.fields["why"].required = True
    back = reverse("registry:record", args=[one.id, thing])
    if done(request, form, lambda: withdraw_record(entity=one.id, thing=thing, by=user, **form.cleaned_data)):
        return redirect(back)
    showing = looked_up([newest], sees_personal(request.user))
    context = {
        "form": form, "act": _("撤下"), "back": back, "label": said(one), "entity": one,
        "name": showing.key_words(one, newest.key),
    }  # fmt: skip
    return render(request, "registry/record_withdraw.html", context, status=status(form))


def facts(entity: Entity, newest: Record, showing: Showing) -> list[Fact]:
    """All that is known, in the order of the vocabulary; what is not known is left out."""
    columns = [one for one in declared(entity) if one.id not in EVERYWHERE]
    found = [
        Fact(beside(said(one), unit_word(one)), showing.cell(one, newest))
        for one in columns
        if newest.values.get(one.id) is not None
    ]
    return [
        *found,
        Fact(said(EVERYWHERE["source"]), as_data(newest.source)),
        Fact(said(EVERYWHERE["synthetic"]), _("是") if newest.synthetic else _("否")),
    ]


def changes(entity: Entity, versions: list[Record], showing: Showing) -> dict[int, str]:
    """By version: the columns in which it is other than the one before."""
    names = {one.id: said(one) for one in declared(entity)}
    return {
        later.version: strung(
            names.get(id, id)
            for id in names
            if later.values.get(id) != before.values.get(id)
        )
        for later, before in pairwise(versions)
    }  # fmt: skip


def entered(versions: list[Record], user: Any) -> list[Moment] | None:
    """Who entered them, for officers: a firm need not know who keeps its records."""
    if not (isinstance(user, User) and may_import_records(user)):
        return None
    files = Q(kind="records", object_id__in={str(one.batch) for one in versions})
    own = Q(kind="record", object_id=str(versions[0].thing))
    return moments(Event.objects.filter(files | own, room="registry"))


def known_of(user: Any, organisation: Organisation) -> list[Fact]:
    """What is known of a body, by entity, for who may read it: a count that leads to the list."""
    rows = readable_records(user).current().filter(organisation__in=organisation.bodies).order_by()
    counts = dict(rows.values("entity").annotate(n=Count("pk")).values_list("entity", "n"))
    return [
        Fact(said(one), counted_link(one, counts[one.id], organisation))
        for one in recorded()
        if one.id in counts
    ]


def counted_link(entity: Entity, count: int, organisation: Organisation) -> Any:
    query = QueryDict(mutable=True)
    query["organisation"] = organisation.pk
    address = f"{reverse('registry:records_of', args=[entity.id])}?{query.urlencode()}"
    return Link(_("%(n)s条") % {"n": count}, address)
