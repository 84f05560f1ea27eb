"""An officer's pages of a round: the list, the round with progress and ranking, its items, its steps, its exports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.casework.access import steps_for
from mangrove.casework.uploads import refused_uploads
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref
from mangrove.reviews import pages
from mangrove.reviews import rounds as acts
from mangrove.reviews.access import access_item, access_office, access_round, bureau_rounds
from mangrove.reviews.forms import FileForm, ItemForm, RoundForm, UnsuitableForm, VersionedForm
from mangrove.reviews.models import Assignment, Item, Round
from mangrove.reviews.results import Results
from mangrove.reviews.rounds import Thing
from mangrove.reviews.tables import ASSIGNED, MARKS, PROGRESS, RANKING, ROUNDS, state_tag
from mangrove.reviews.workflow import COUNTING, ROUND
from mangrove.ui.acting import done, status
from mangrove.ui.components import moments
from mangrove.ui.exports import csv_response, excel_response
from mangrove.ui.forms import Answering

#: Of the events of a case, what this room did: the running of its clock is told elsewhere.
OWN = "reviews."
#: How many acts the page of a round shows; hundreds of entries say nothing more.
LATEST = 40

ACTS: dict[str, Callable[..., object]] = {
    "start": acts.start,
    "drop": acts.drop,
    "close": acts.close,
    "release": acts.release,
}


@require_safe
@login_required
def rounds(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    access_office(user)
    page = ROUNDS.page(with_counts(bureau_rounds(user)), request.GET)
    return render(request, "reviews/rounds.html", {"page": page})


def with_counts(found: QuerySet[Round]) -> QuerySet[Round]:
    counted = Assignment.objects.filter(item__round=OuterRef("pk"), case__state__in=COUNTING).order_by()
    submitted = counted.values("item__round").annotate(n=Count("pk")).values("n")
    return found.annotate(items_counted=Count("items"), submitted=Coalesce(Subquery(submitted), 0))


@login_required
def open_(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    access_office(user)
    form = RoundForm(request.POST or None)
    made: list[Round] = []
    if done(request, form, lambda: made.append(acts.open_round(by=user, **form.cleaned_data))):
        messages.success(request, _("已开轮次，请录入评审件。"))
        return redirect("reviews:round", made[0].pk)
    context = {"form": form, "title": _("开评审轮次"), "act": _("开轮次"), "back": reverse("reviews:rounds")}
    return render(request, "reviews/round_form.html", context, status=status(form))


@require_safe
@login_required
def round_(request: HttpRequest, id: int) -> HttpResponse:
    user: Any = request.user
    found = access_round(user, id)
    results = Results(found)
    page = RANKING.page(results.ranked, request.GET, reverse("reviews:export", args=[id]))
    context = {
        "round": found, "tag": state_tag(found.case), "page": page, "results": results,
        "facts": pages.round_facts(found, results), "rules": pages.rules_told(found),
        "criteria": pages.criteria(results.rubric), "steps_open": steps_for(user, acts.case_of(found)),
        "moments": moments(round_events(found).order_by("-pk")[:LATEST]),
    }  # fmt: skip
    return render(request, "reviews/round.html", context)


def round_events(found: Round) -> QuerySet[Event]:
    own = Q(room="reviews", kind="round", object_id=str(found.pk))
    return Event.objects.filter(
        own | Q(room="casework", kind="case", object_id=str(found.case_id)), act__startswith=OWN
    )


@require_safe
@login_required
def export(request: HttpRequest, id: int) -> HttpResponse:
    found = access_round(request.user, id)
    respond = csv_response if request.GET.get("as") == "csv" else excel_response
    return respond(request, RANKING, Results(found).ranked, found.title)


@require_safe
@login_required
def marks_export(request: HttpRequest, id: int) -> HttpResponse:
    """Every mark that counts, one a row, so that anybody can reckon the ranking again."""
    found = access_round(request.user, id)
    respond = csv_response if request.GET.get("as") == "csv" else excel_response
    return respond(request, MARKS, pages.mark_rows(Results(found)), found.title)


@require_safe
@login_required
def progress_export(request: HttpRequest, id: int) -> HttpResponse:
    """Who has what and how far it is, one assignment a row."""
    found = access_round(request.user, id)
    respond = csv_response if request.GET.get("as") == "csv" else excel_response
    return respond(request, PROGRESS, Results(found).assignments, found.title)


@login_required
def act(request: HttpRequest, id: int, act: str) -> HttpResponse:
    """One step of the round."""
    user: Any = request.user
    found = access_round(user, id)
    step = next((one for one in ROUND.steps if one.act == act), None)
    if step is None or act not in ACTS:
        raise Http404
    form = VersionedForm(request.POST or None, initial={"expected_version": acts.case_of(found).version})
    if done(
        request, form, lambda: ACTS[act](by=user, round_id=id, **form.cleaned_data),
        now=lambda: {"expected_version": acts.case_of(access_round(user, id)).version},
    ):  # fmt: skip
        messages.success(request, _("已办：%(act)s。") % {"act": step.label})
        return redirect("reviews:round", id)
    context = {
        "form": form, "title": step.label, "act": step.label, "note": found.title, "ahead": pages.ahead(found, act),
        "back": reverse("reviews:round", args=[id]), "round": found,
    }  # fmt: skip
    return render(request, "reviews/round_form.html", context, status=status(form))


@login_required
def add_item(request: HttpRequest, id: int) -> HttpResponse:
    user: Any = request.user
    found = access_round(user, id)
    form = ItemForm(request.POST or None)
    made: list[Item] = []
    if done(request, form, lambda: made.append(enter(user, found, form))):
        messages.success(request, _("已录入，评审编号 %(code)s。") % {"code": made[0].code})
        return redirect("reviews:item", made[0].pk)
    context = {
        "form": form, "title": _("录入评审件"), "act": _("录入"), "note": found.title, "round": found,
        "back": reverse("reviews:round", args=[id]),
    }  # fmt: skip
    return render(request, "reviews/round_form.html", context, status=status(form))


def enter(user: Any, found: Round, form: ItemForm) -> Item:
    said = dict(form.cleaned_data)
    on, why, number, fields = said.pop("on"), said.pop("why"), said.pop("number"), said.pop("expertise")
    thing = Thing(subject=Ref("reviews", "paper", number), fields=fields, **said)
    return acts.add_item(by=user, round_id=found.pk, thing=thing, on=on, why=why)


@require_safe
@login_required
def item(request: HttpRequest, id: int) -> HttpResponse:
    one = access_item(request.user, id)
    results = Results(one.round)
    reviewed = next(found for found in results.items if found.item.pk == one.pk)
    page = ASSIGNED.page(pages.assigned_rows(results, reviewed), request.GET)
    context = {
        "item": one, "round": one.round, "facts": pages.item_facts(request.user, reviewed), "page": page,
        "files": one.files.select_related("attachment"), "unsuitable": one.unsuitable.select_related("expert__user"),
        "opinions": pages.opinions(results, one), "draws": one.draws.all(),
        "moments": moments(item_events(reviewed)),
    }  # fmt: skip
    return render(request, "reviews/item.html", context)


def item_events(reviewed: Any) -> QuerySet[Event]:
    cases = [str(one.case_id) for one in reviewed.assignments]
    own = Q(room="reviews", kind="item", object_id=str(reviewed.item.pk))
    return Event.objects.filter(
        own | Q(room="casework", kind="case", object_id__in=cases), act__startswith=OWN
    )


@login_required
def add_file(request: HttpRequest, id: int) -> HttpResponse:
    user: Any = request.user
    one = access_item(user, id)
    form = FileForm(request.POST or None, request.FILES or None, refused=refused_uploads(request))
    if done(request, form, lambda: keep_file(user, one, form)):
        messages.success(request, _("已上传。"))
        return redirect("reviews:item", id)
    return item_form(request, form, one, _("上传文件"))


def keep_file(user: Any, one: Item, form: FileForm) -> object:
    said = dict(form.cleaned_data)
    upload = said.pop("file")
    return acts.add_file(by=user, item_id=one.pk, upload=upload, name=upload.name, **said)


@login_required
def unsuitable(request: HttpRequest, id: int) -> HttpResponse:
    user: Any = request.user
    one = access_item(user, id)
    form = UnsuitableForm(request.POST or None, of=one.round)
    if done(request, form, lambda: enter_unsuitable(user, one, form)):
        messages.success(request, _("已登记。"))
        return redirect("reviews:item", id)
    return item_form(request, form, one, _("登记不适合的专家"))


def enter_unsuitable(user: Any, one: Item, form: UnsuitableForm) -> object:
    said = form.cleaned_data
    return acts.name_unsuitable(
        by=user, item_id=one.pk, expert_id=said["expert"].pk, on=said["on"], why=said["why"]
    )


def item_form(request: HttpRequest, form: Answering, one: Item, label: str) -> HttpResponse:
    context = {
        "form": form, "title": label, "act": label, "note": str(one), "round": one.round,
        "back": reverse("reviews:item", args=[one.pk]),
    }  # fmt: skip
    return render(request, "reviews/round_form.html", context, status=status(form))
