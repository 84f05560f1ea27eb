"""Reading: the list, a proposal, a reply with its letter. What is shown is gathered in :mod:`pages`."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from mangrove.likeness.pages import alike
from mangrove.proposals import histories, pages
from mangrove.proposals.access import (
    access_difference,
    access_proposal,
    access_reply,
    may_write,
    reads_as_deputy,
    visible_proposals,
    visible_replies,
)
from mangrove.proposals.forms import ProposalFilter
from mangrove.proposals.letter_pages import try_letter
from mangrove.proposals.likeness import answered
from mangrove.proposals.models import Proposal
from mangrove.proposals.office.package import sends_out
from mangrove.proposals.rules import rules
from mangrove.proposals.tables import proposals_table, replies_table
from mangrove.registry.labels import named
from mangrove.registry.models import User
from mangrove.ui.components import moments
from mangrove.ui.exports import excel_response
from mangrove.ui.languages import beside, in_words


def listed(request: HttpRequest) -> tuple[ProposalFilter, QuerySet[Proposal]]:
    filters = ProposalFilter(request.GET, public=reads_as_deputy(request.user))
    found = visible_proposals(request.user)
    if (
        filters.is_narrowed
    ):  # by its replies, of which a proposal may have several: each is listed once all the same
        found = Proposal.objects.filter(pk__in=filters.narrow(found).values("pk"))
    full = found.select_related("case").prefetch_related("replies__organisation", "replies__case__clocks")
    return filters, full


@login_required
@require_safe
def proposal_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    filters, rows = listed(request)
    return render(
        request,
        "proposals/list.html",
        {
            "filters": filters,
            "page": proposals_table(user).page(rows, request.GET, reverse("proposals:export")),
            "may_register": user.has_role("registrar"),
            "counted": None if reads_as_deputy(user) else pages.counted(user),
        },
    )


@login_required
@require_safe
def proposal_export(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    return excel_response(request, proposals_table(request.user), rows, filters.words())


@login_required
@require_safe
def proposal(request: HttpRequest, id: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = access_proposal(user, id)
    parts = visible_replies(user).filter(proposal=found).select_related("organisation", "case")
    return render(
        request,
        "proposals/proposal.html",
        {
            "proposal": found,
            "facts": pages.proposal_facts(found),
            "replies": replies_table(user).page(pages.with_particulars(user, parts), request.GET),
            "claims": () if reads_as_deputy(user) else pages.claims(found),
            "acts": pages.proposal_acts(user, found),
            "alike": alike(user, found.ref),
            "moments": moments(histories.proposal_history(user, found)),
        },
    )


@login_required
@require_safe
def reply(request: HttpRequest, id: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = access_reply(user, id)
    letter, refusal = try_letter(user, found)
    signed = pages.signatures(user, found)
    inside = not reads_as_deputy(user)
    return render(
        request,
        "proposals/reply.html",
        {
            "reply": found,
            "proposal": found.proposal,
            "unit": beside(named(found.organisation), in_words(found.part)),
            "inside": inside,
            "answers": found.part != "会办",
            "steps": pages.step_bar(user, found),
            "facts": pages.reply_facts(user, found),
            "letter": letter,
            "refusal": refusal,
            "acts": pages.reply_acts(user, found),
            "may_edit": may_write(user, found),
            "may_office": sends_out(user, found),
            "clocks": pages.clocks(user, found),
            "opinions": pages.opinions(user, found),
            "contacts": found.contacts.all() if inside else (),
            "signed_letters": signed,
            "ratings": pages.ratings(user, found),
            "deliveries": [row for one in signed[:1] for row in one.deliveries.all()],
            "difference": pages.standing_difference(user, found),
            "moments": histories.reply_moments(user, found),
            "answered": answered(user, alike(user, found.proposal.ref)),
        },
    )


@login_required
@require_safe
def difference(request: HttpRequest, id: int) -> HttpResponse:
    report = access_difference(request.user, id)
    return render(
        request,
        "proposals/difference.html",
        {
            "report": report,
            "reply": report.letter.reply,
            "remedy": pages.difference_remedy(report),
            "rule": rules().refreshed_figures,
        },
    )
