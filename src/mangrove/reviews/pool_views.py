"""Pages of the expert pool: the list and its export, one expert, admitting, changing, suspending."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.ledger.models import Event
from mangrove.reviews import pool
from mangrove.reviews.access import access_expert, access_office, bureau_experts
from mangrove.reviews.forms import ActForm, AdmitForm, ExpertFilter, TermForm
from mangrove.reviews.models import Assignment, Expert
from mangrove.reviews.tables import EXPERTS, employer, field_words, standing_tag
from mangrove.reviews.workflow import COUNTING, LEFT, WAITING
from mangrove.ui.acting import done, status
from mangrove.ui.components import Fact, moments
from mangrove.ui.exports import csv_response, excel_response
from mangrove.ui.languages import as_data


@require_safe
@login_required
def experts(request: HttpRequest) -> HttpResponse:
    access_office(request.user)
    filters = ExpertFilter(request.GET)
    rows = filters.narrow(bureau_experts(request.user))
    page = EXPERTS.page(rows, request.GET, reverse("reviews:experts_export"))
    return render(request, "reviews/experts.html", {"page": page, "filters": filters})


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponse:
    access_office(request.user)
    filters = ExpertFilter(request.GET)
    respond = csv_response if request.GET.get("as") == "csv" else excel_response
    return respond(request, EXPERTS, filters.narrow(bureau_experts(request.user)), filters.words())


@require_safe
@login_required
def expert(request: HttpRequest, id: int) -> HttpResponse:
    one = access_expert(request.user, id)
    events = Event.objects.filter(room="reviews", kind="expert", object_id=str(one.pk))
    context = {"expert": one, "tag": standing_tag(one), "facts": facts(one), "moments": moments(events)}
    return render(request, "reviews/expert.html", context)


def facts(one: Expert) -> list[Fact]:
    work = Assignment.objects.filter(expert=one)
    return [
        Fact(_("账号"), one.user.username),
        Fact(_("单位"), employer(one)),
        Fact(_("专长"), field_words(one.fields)),
        Fact(_("聘期自"), one.active_from),
        Fact(_("聘期至"), one.active_until or _("未定")),
        Fact(_("保密承诺"), one.agreed_on or _("尚未同意，不能指派")),
        Fact(_("已评"), work.filter(case__state__in=COUNTING).count()),
        Fact(_("在评"), work.filter(case__state__in=WAITING).count()),
        Fact(_("退出"), work.filter(case__state__in=LEFT).count()),
    ]


@login_required
def admit(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    access_office(user)
    form = AdmitForm(request.POST or None)
    made: list[Expert] = []
    if done(request, form, lambda: made.append(pool.admit(by=user, **form.given()))):
        messages.success(request, _("已入库。"))
        return redirect("reviews:expert", made[0].pk)
    context = {"form": form, "title": _("专家入库"), "act": _("入库"), "back": reverse("reviews:experts")}
    return render(request, "reviews/pool_form.html", context, status=status(form))


@login_required
def change(request: HttpRequest, id: int) -> HttpResponse:
    user: Any = request.user
    one = access_expert(user, id)
    initial = {"expertise": one.fields, "active_from": one.active_from, "active_until": one.active_until}
    form = TermForm(request.POST or None, initial=initial)
    if done(request, form, lambda: pool.change(by=user, expert_id=id, **form.given())):
        messages.success(request, _("已修改。"))
        return redirect("reviews:expert", id)
    return form_page(request, form, one, _("修改专家"))


@login_required
def suspension(request: HttpRequest, id: int) -> HttpResponse:
    """Suspend who serves, reinstate who is suspended."""
    user: Any = request.user
    one = access_expert(user, id)
    label, act = (_("恢复专家"), pool.reinstate) if one.suspended else (_("暂停专家"), pool.suspend)
    form = ActForm(request.POST or None)
    form.fields["why"].required = True
    if done(request, form, lambda: act(by=user, expert_id=id, **form.cleaned_data)):
        messages.success(request, _("已办：%(act)s。") % {"act": label})
        return redirect("reviews:expert", id)
    return form_page(request, form, one, label)


def form_page(request: HttpRequest, form: ActForm, one: Expert, label: str) -> HttpResponse:
    context = {
        "form": form, "title": label, "note": as_data(one.user.name), "act": label,
        "back": reverse("reviews:expert", args=[one.pk]),
    }  # fmt: skip
    return render(request, "reviews/pool_form.html", context, status=status(form))
