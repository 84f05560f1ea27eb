"""Pages of a claim's expert review: which rounds it was in and what they came to, and the form that opens one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.casework.promise_pages import ActLink
from mangrove.casework.things import Section
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.access import access_claim
from mangrove.policies.claims.expert_review import open_review, panel_of, reviews_of, waiting
from mangrove.policies.claims.models import Claim
from mangrove.policies.claims.office import access_as_office, claim_href, may_work
from mangrove.policies.claims.review_forms import OpenReviewForm
from mangrove.policies.claims.review_tables import REVIEWS, review_rows
from mangrove.policies.claims.tables import scheme_words
from mangrove.policies.schemes.definition import Panel, Scheme, scheme
from mangrove.registry.labels import named
from mangrove.registry.models import User
from mangrove.reviews.decisions import rounded
from mangrove.reviews.models import Round
from mangrove.reviews.rubrics import read_rubric, rubrics
from mangrove.reviews.workflow import UNDER_WAY
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.components import Fact
from mangrove.ui.languages import as_data, in_words


@require_safe
@login_required
def review(request: HttpRequest, id: UUID) -> HttpResponse:
    claim = access_as_office(request.user, id)
    panel = reviewed_scheme(claim)
    rows = review_rows(request.user, claim)
    context = {
        "heading": _("专家评审"), "note": claim.title, "crumb": ActLink(claim.title, claim_href(claim), False),
        "acts": acts(request.user, claim), "facts": facts(claim, panel), "moments": None,
        "sections": [Section("rounds", _("评审轮次"), REVIEWS.page(rows, QueryDict()), empty=_("还没有送专家评审。"))],
    }  # fmt: skip
    return render(request, "casework/thing.html", context)


def reviewed_scheme(claim: Claim) -> Panel:
    """Where the scheme has no review there is no such page."""
    try:
        return panel_of(scheme(claim.scheme))
    except Refusal as refusal:
        raise Http404(refusal.what) from refusal


def acts(user: Any, claim: Claim) -> list[ActLink]:
    """Offered while nothing is under way."""
    if not may_work(user, claim) or reviews_of([claim], UNDER_WAY).exists():
        return []
    return [ActLink(_("开评审轮次"), reverse("policies:open_review", args=[claim.pk]), True)]


def facts(claim: Claim, panel: Panel) -> list[Fact]:
    return [
        Fact(_("企业"), named(claim.organisation)), Fact(_("扶持事项"), scheme_words(claim.scheme)),
        *rules_told(scheme(claim.scheme), panel),
    ]  # fmt: skip


def rules_told(one: Scheme, panel: Panel) -> list[Fact]:
    """What the scheme's file says of its review, with its source and whether somebody has verified it."""
    rubric = read_rubric(rubrics()[one.rubric])
    return [
        Fact(_("评分表"), as_data(rubric.said), in_words(rubric.status)),
        Fact(_("每件专家数"), str(panel.experts), in_words(panel.status)),
        Fact(_("及格分"), _("平均不低于 %(mark)s 分") % {"mark": rounded(panel.passing)}, in_words(panel.status)),
        Fact(_("出处"), as_data(panel.source)),
    ]  # fmt: skip


@login_required
def open_(request: HttpRequest, id: UUID) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    access_as_office(user, id)
    claim = access_claim(user, id, to=reading_or("check", request))
    panel, made = reviewed_scheme(claim), list[Round]()
    told = {"title": f"{scheme(claim.scheme).title.zh}评审"}  # it is kept, and what is kept is in Chinese
    form = OpenReviewForm(request.POST or None, claims=offered(claim), first=claim, initial=told)
    if done(request, form, lambda: made.append(open_review(by=user, **form.cleaned_data))):
        messages.success(request, _("已开轮次。请看过各件的文字，再开始评审、指派专家。"))
        return redirect("reviews:round", made[0].pk)
    back = reverse("policies:claim_review", args=[id])
    context = {
        "form": form, "act": _("开评审轮次"), "note": claim.title, "crumb": ActLink(_("专家评审"), back, False),
        "back": back, "facts": facts(claim, panel),
    }  # fmt: skip
    return render(request, "casework/thing_act.html", context, status=status(form))


def offered(claim: Claim) -> list[Claim]:
    """The claim itself, whatever became of it, and what waits beside it."""
    return [claim, *(one for one in waiting(claim) if one.pk != claim.pk)]
