"""Pages of the sandbox: the measures that can be tried, one measure with other numbers, and its tables as files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.policies.measures import library
from mangrove.policies.sandbox.access import KEEPERS, access_sandbox
from mangrove.policies.sandbox.answering import Answer, answer
from mangrove.policies.sandbox.forms import AskForm
from mangrove.policies.sandbox.numbers import called
from mangrove.policies.sandbox.pages import exported, left, shown_answer
from mangrove.policies.sandbox.snapshots import City, city, paid_kinds
from mangrove.policies.sandbox.tables import MEASURES, MeasureRow
from mangrove.registry.labels import said
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.texts.needed import used
from mangrove.ui.acting import status
from mangrove.ui.exports import excel_response
from mangrove.ui.languages import strung
from mangrove.ui.refusals import STATUS

#: Sent by a page that was drawn with mistakes: once they are mended it is drawn anew, so that none stays beside its field.
MENDED = "mended"


@require_safe
@login_required
def measures(request: HttpRequest) -> HttpResponse:
    """Those that pay something; first those that firms claimed under, then those for whose things the registry has data."""
    access_sandbox(request.user)
    rows = sorted(measure_rows(city(timezone.localdate())), key=lambda one: (-one.claims, -one.things))
    return render(request, "policies/sandbox_measures.html", {"page": MEASURES.page(rows, request.GET)})


def measure_rows(known: City) -> Iterator[MeasureRow]:
    for rule in library.measures():
        measure = library.measure_of(rule)
        kinds = paid_kinds(measure)
        if kinds:
            claims = sum(known.claimed.count(kind, measure.id) for kind in kinds)
            things = sum(known.count_for(measure.id, kind) for kind in kinds)
            yield MeasureRow(rule, len(measure.constants()), claims, things, without(known, measure))


def without(known: City, measure: Measure) -> list[str]:
    """The kinds of things that the measure pays for or looks at, of which there is none."""
    kinds = dict.fromkeys([*paid_kinds(measure), *(entity for entity, _name in used(measure) if entity)])
    return [said(measure.vocabulary.entities[one]) for one in kinds if not known.count_for(measure.id, one)]


@require_safe
@login_required
def sandbox(request: HttpRequest, rule: str, number: int) -> HttpResponse:
    """All that was typed stands in the address: it can be kept, sent and opened without a script."""
    access_sandbox(request.user)
    form = AskForm(library.version(rule, number), request.GET)
    context = {"form": form, "rule": form.rule, **answered(form, request)}
    if not live(request):
        return render(request, "policies/sandbox.html", {**context, "parts": left(form)}, status=status(form))
    if MENDED in request.GET and form.is_valid():
        return HttpResponse(headers={"HX-Redirect": f"{request.path}?{without_mark(request.GET)}"})
    return render(request, "policies/parts/answer.html", {**context, "live": True})


def without_mark(query: QueryDict) -> str:
    return "&".join(part for part in query.urlencode().split("&") if not part.startswith(f"{MENDED}="))


def answered(form: AskForm, request: HttpRequest) -> dict[str, Any]:
    """The answer, where what was typed can be read."""
    reader = access_sandbox(request.user)
    may_save = reader.has_role(*KEEPERS)
    if not form.is_valid():
        return {"may_save": may_save}
    return {"may_save": may_save, **shown_answer(reckoned(form), request.GET, reader)}


def reckoned(form: AskForm) -> Answer:
    asked = form.asked()
    return answer(asked, city(asked.known_on))


def live(request: HttpRequest) -> bool:
    """Asked by the page itself while somebody types; a page that the browser restores is drawn whole."""
    asked: Any = getattr(request, "htmx", False)
    return bool(asked) and not asked.history_restore_request


@require_safe
@login_required
def export(request: HttpRequest, rule: str, number: int, name: str) -> HttpResponse:
    reader = access_sandbox(request.user)
    form = AskForm(library.version(rule, number), request.GET)
    if not form.is_valid():
        return render(
            request,
            "policies/sandbox.html",
            {"form": form, "rule": form.rule, "parts": left(form)},
            status=STATUS,
        )
    found = reckoned(form)
    shown = exported(found, name, reader)
    if shown is None:
        raise Http404(_("没有这张表。"))
    return excel_response(request, shown.table, list(shown.rows), asked_in_words(found))


def asked_in_words(found: Answer) -> str:
    """What the numbers in a file rest on."""
    asked = found.asked
    told = [
        _("措施 %(rule)s") % {"rule": asked.rule},
        _("资料截至 %(day)s") % {"day": day(asked.known_on)},
        _("决定日 %(day)s") % {"day": day(asked.day)},
    ]
    told += [f"{called(asked.measure, name)} → {typed}" for name, typed in asked.typed.items()]
    return strung([*told, _("数据标识 %(identity)s") % {"identity": found.city.identity}])


def day(one: date) -> str:
    return one.isoformat()
