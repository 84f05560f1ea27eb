"""The page of a firm, and the list by which the office finds one."""

from __future__ import annotations

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mangrove.policies.claims.access import readable_claims
from mangrove.policies.claims.workflow import APPLICANT
from mangrove.policies.firms import pages
from mangrove.policies.firms.access import access_firm, readable_firms
from mangrove.policies.firms.tables import FIRMS
from mangrove.registry.models import Organisations, User
from mangrove.ui.exports import excel_response
from mangrove.ui.filters import FilterForm


class FirmFilter(FilterForm):
    text = forms.CharField(label=gettext_lazy("名称或信用代码"))
    lookups = {"text": ("name__icontains", "short_name__icontains", "credit_code__icontains")}


def listed(request: HttpRequest) -> tuple[FirmFilter, Organisations]:
    filters = FirmFilter(request.GET)
    claims = (
        readable_claims(request.user).filter(organisation=OuterRef("pk")).order_by().values("organisation")
    )
    count = Coalesce(Subquery(claims.annotate(n=Count("pk")).values("n")), 0)
    rows = readable_firms(request.user).select_related("district").annotate(claim_count=count)
    return filters, filters.narrow(rows)  # type: ignore[return-value]


@require_safe
@login_required
def firms(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    page = FIRMS.page(rows, request.GET, reverse("policies:firms_export"))
    return render(request, "casework/thing_list.html", {"filters": filters, "page": page})


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    return excel_response(request, FIRMS, rows, filters.words())


@require_safe
@login_required
def firm(request: HttpRequest, id: str) -> HttpResponse:
    found = access_firm(request.user, id)
    return render(request, "policies/firm.html", pages.context(request.user, found, request.GET))


@require_safe
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """The page of the reader's own firm."""
    user: User = request.user  # type: ignore[assignment]
    if not (user.has_role(APPLICANT) and user.body is not None):
        raise Http404(_("没有这一页，或您无权知晓它。"))
    return redirect("policies:firm", user.body.pk)
