"""Pages of doubts: all of the office, those of one claim, and one with its two sides, where it is weighed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from mangrove.jobs.models import Job
from mangrove.policies.claims.access import access_claim, access_doubt, readable_doubts
from mangrove.policies.claims.actions import weigh
from mangrove.policies.claims.credit import listings
from mangrove.policies.claims.doubt_rules import doubt_rules
from mangrove.policies.claims.doubt_sides import sides
from mangrove.policies.claims.doubt_tables import (
    DOUBTS,
    OF_CLAIM,
    DoubtFilter,
    SearchForm,
    WeighForm,
    doubt_tag,
    listings_table,
)
from mangrove.policies.claims.models import CheckKind, Claim, Doubt
from mangrove.policies.claims.office import access_as_office, claim_href, may_work, state_words, tabs
from mangrove.policies.claims.searching_doubts import ask_to_search, search, searchable
from mangrove.policies.claims.standing import last_search, none_found
from mangrove.policies.claims.workflow import OFFICER, READERS
from mangrove.policies.schemes.definition import scheme
from mangrove.registry.models import User
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.components import Fact, Tag
from mangrove.ui.exports import excel_response
from mangrove.ui.languages import in_words


def found(request: HttpRequest, filters: DoubtFilter) -> QuerySet[Doubt]:
    if not (isinstance(request.user, User) and request.user.has_role(OFFICER, *READERS)):
        raise Http404(_("没有这一页，或您无权知晓它。"))
    return filters.narrow(readable_doubts(request.user))


@require_safe
@login_required
def doubts(request: HttpRequest) -> HttpResponse:
    filters = DoubtFilter(request.GET)
    rows = found(request, filters)
    page = DOUBTS.page(rows, request.GET, f"{reverse('policies:doubts_export')}?{request.GET.urlencode()}")
    context = {"page": page, "filters": filters, "may_search": request.user.has_role(OFFICER)}  # type: ignore[union-attr]
    return render(request, "policies/doubts.html", context)


@require_safe
@login_required
def doubts_export(request: HttpRequest) -> HttpResponse:
    filters = DoubtFilter(request.GET)
    return excel_response(request, DOUBTS, found(request, filters), filters.words())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def search_all(request: HttpRequest) -> HttpResponse:
    """Look for all claims that are being checked, in the background."""
    user: User = request.user  # type: ignore[assignment]
    if not user.has_role(OFFICER, *READERS):
        raise Http404(_("没有这一页，或您无权知晓它。"))
    count = searchable(user).count()
    form, made = SearchForm(request.POST or None), list[Job]()
    if done(request, form, lambda: made.append(ask_to_search(by=user, **form.cleaned_data))):
        return redirect("jobs:job", made[0].uid)
    note = ngettext("审核中的 %(n)s 件，逐件查", "审核中的 %(n)s 件，逐件查", count) % {"n": count}
    return search_page(request, form, note, reverse("policies:doubts"))


def search_page(request: HttpRequest, form: SearchForm, note: str, back: str) -> HttpResponse:
    context = {"form": form, "heading": _("查找重复申报"), "note": note, "act": _("开始查找"), "back": back}
    return render(request, "policies/search.html", context, status=status(form))


# --- of one claim --------------------------------------------------------------------------------------------------------


@require_safe
@login_required
def claim_doubts(request: HttpRequest, id: UUID) -> HttpResponse:
    claim = access_as_office(request.user, id)
    context = {
        **part(claim),
        "facts": searched(claim), "claim": claim, "none": none_found(claim), "back": claim_href(claim), "tabs": tabs(claim, "doubts"), "state": state_words(claim),
        "page": OF_CLAIM.page(readable_doubts(request.user).filter(claim=claim), request.GET),
        "may_work": may_work(request.user, claim), "concludes": CheckKind.DOUBLES in scheme(claim.scheme).checks, "rules": doubt_rules(), "rules_status": in_words(doubt_rules().status),
    }  # fmt: skip
    return render(request, "policies/claim_doubts.html", context)


def searched(claim: Claim) -> list[Fact]:
    """Whether anybody looked: no doubts and no search are two things."""
    last = last_search(claim)
    if last is None:
        return [Fact(_("上次查找"), Tag(_("清单最后变动以来还没有查过"), "warn"))]
    return [Fact(_("上次查找"), last.business_date.isoformat(), str(last.by))]


def part(claim: Claim) -> dict[str, Any]:
    """What ``policies/parts/credit.html`` shows, on the claim's own page too: every listing of the firm, past ones as such."""
    table = listings_table((claim.applied_on, timezone.localdate()))
    return {"listings": table.page(listings([claim.organisation_id]), QueryDict())}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def search_one(request: HttpRequest, id: UUID) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    access_as_office(user, id)
    claim = access_claim(user, id, to=reading_or("search", request))
    form, new = SearchForm(request.POST or None), list[list[Doubt]]()
    if done(request, form, lambda: new.append(search(claim_id=id, by=user, **form.cleaned_data))):
        n = len(new[0])
        messages.success(
            request, ngettext("查完了，新发现 %(n)s 处疑点。", "查完了，新发现 %(n)s 处疑点。", n) % {"n": n}
        )
        return redirect("policies:claim_doubts", id)
    return search_page(request, form, claim.title, reverse("policies:claim_doubts", args=[id]))


# --- one doubt -----------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def doubt(request: HttpRequest, id: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    one = access_doubt(user, id)
    form = WeighForm(request.POST or None)
    if request.method == "POST":
        access_doubt(user, id, to="weigh")
    if done(request, form, lambda: weigh(doubt_id=id, by=user, **form.cleaned_data)):
        messages.success(request, _("已记下核实结果。"))
        return redirect("policies:doubt", id)
    context = {
        "doubt": one, "kind": one.get_kind_display(), "tag": doubt_tag(one), "sides": sides(user, one), "facts": judged(one),
        "form": form if may_work(user, one.claim) else None, "back": reverse("policies:claim_doubts", args=[one.claim_id]),
    }  # fmt: skip
    return render(request, "policies/doubt.html", context, status=status(form))


def judged(one: Doubt) -> list[Fact]:
    by = (
        [Fact(_("核实人"), one.judged_by_name, str(one.judged_on)), Fact(_("理由"), one.reason)]
        if one.judged_on
        else []
    )
    return [Fact(_("状态"), doubt_tag(one)), Fact(_("发现日期"), one.found_on.isoformat()), *by]
