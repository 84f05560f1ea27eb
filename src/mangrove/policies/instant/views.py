"""Pages of 免申即享: what was found, one of it with the data it rests on, and the firm's answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mangrove import vocabulary
from mangrove.casework.forms import ActForm
from mangrove.casework.promise_pages import ActLink
from mangrove.casework.things import Section, events_of
from mangrove.jobs.models import Job
from mangrove.policies.claims.pages import shown
from mangrove.policies.claims.tables import scheme_words
from mangrove.policies.instant import actions, matching, overview
from mangrove.policies.instant.access import (
    access_matching,
    access_offer,
    access_overview,
    may_answer,
    may_match,
    may_see_overview,
    readable_offers,
)
from mangrove.policies.instant.models import Offer, OfferState
from mangrove.policies.instant.rules import rules
from mangrove.policies.instant.tables import OFFERS, OVERVIEW, TONES
from mangrove.policies.measures.articles import article_said
from mangrove.policies.measures.library import measure_of
from mangrove.policies.schemes.definition import scheme
from mangrove.policies.schemes.rules import paying
from mangrove.registry.labels import label, named
from mangrove.registry.models import User
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.components import Fact, Link, Tag, moments
from mangrove.ui.exports import excel_response
from mangrove.ui.filters import FilterForm
from mangrove.ui.languages import in_words
from mangrove.ui.numbers import yuan


def scheme_choices() -> list[tuple[str, Any]]:
    return [("", _("全部")), *((one.id, str(one.title)) for one in matching.instant_schemes())]


class OfferFilter(FilterForm):
    text = forms.CharField(label=gettext_lazy("企业"))
    state = forms.ChoiceField(
        label=gettext_lazy("状态"), choices=[("", gettext_lazy("全部")), *OfferState.choices]
    )
    scheme = forms.ChoiceField(label=gettext_lazy("扶持事项"), choices=scheme_choices)
    lookups = {"text": ("organisation__name__icontains",), "state": ("state",), "scheme": ("scheme",)}


class ConfirmForm(ActForm):
    agreed = forms.BooleanField(label=gettext_lazy("同意"), required=False)
    remark = forms.CharField(
        label=gettext_lazy("对数据的说明"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ["agreed", "remark", "on", "why"]
    refused_at = {**ActForm.refused_at, "policies.no_consent": "agreed", "policies.offer_over": "on"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed"].label = str(rules().consent)


class DeclineForm(ActForm):
    remark = forms.CharField(
        label=gettext_lazy("为什么放弃"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    field_order = ["remark", "on", "why"]


@require_safe
@login_required
def offers(request: HttpRequest) -> HttpResponse:
    filters = OfferFilter(request.GET)
    page = OFFERS.page(
        filters.narrow(readable_offers(request.user)), request.GET, reverse("policies:offers_export")
    )
    seen = [ActLink(_("各事项比对情况"), reverse("policies:offers_overview"), False)]
    acts = [*(seen if may_see_overview(request.user) else []), *match_link(request.user)]
    note = _("数据比对、企业确认、拨付到账，不必填表")
    return render(
        request, "casework/thing_list.html", {"filters": filters, "page": page, "acts": acts, "note": note}
    )


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponse:
    filters = OfferFilter(request.GET)
    return excel_response(request, OFFERS, filters.narrow(readable_offers(request.user)), filters.words())


def match_link(user: Any) -> list[ActLink]:
    return [ActLink(_("比对"), reverse("policies:match"), True)] if may_match(user) else []


@require_safe
@login_required
def by_scheme(request: HttpRequest) -> HttpResponse:
    """Of every scheme how many firms the last match found, and what became of the offers."""
    job = matching.newest(access_overview(request.user))
    page = OVERVIEW.page(
        overview.rows(request.user, job), request.GET, reverse("policies:offers_overview_export")
    )
    said = {"page": page, "acts": match_link(request.user), "note": matched_on(job), "advice": _(
        "按企业计，一家只算一次：有一项符合就算符合；没有符合的而有一项缺数据，算不能定。合计是名录里的全部企业。"
    )}  # fmt: skip
    return render(request, "casework/thing_list.html", said)


@require_safe
@login_required
def by_scheme_export(request: HttpRequest) -> HttpResponse:
    job = matching.newest(access_overview(request.user))
    return excel_response(request, OVERVIEW, overview.rows(request.user, job), matched_on(job))


def matched_on(job: Job | None) -> str:
    if job is None:
        return _("还没有比对过")
    return _("比对日 %(day)s，只看名录里当日已有的数据") % {"day": job.arguments["day"]}


@login_required
def match(request: HttpRequest) -> HttpResponse:
    """Ask for a match as of a day; the job says how far it is."""
    user = access_matching(request.user)
    form, made = ActForm(request.POST or None), []
    asking = lambda: made.append(matching.ask(office=user.body, by=user.actor, **form.cleaned_data))  # type: ignore[arg-type]  # noqa: E731
    if done(request, form, asking):
        return redirect("jobs:job", made[0].uid)
    back = reverse("policies:offers")
    said = {"form": form, "act": _("比对"), "back": back, "crumb": ActLink(_("免申即享"), back, False)}
    return render(request, "casework/thing_act.html", said, status=status(form))


@require_safe
@login_required
def offer(request: HttpRequest, id: UUID) -> HttpResponse:
    found = access_offer(request.user, id)
    context = {
        "heading": scheme_words(found.scheme), "note": Tag(found.get_state_display(), TONES[found.state]),
        "crumb": ActLink(_("免申即享"), reverse("policies:offers"), False), "acts": answers(request.user, found),
        "facts": facts(found), "sections": sections(found), "moments": moments(events_of(found.ref)),
    }  # fmt: skip
    return render(request, "casework/thing.html", context)


def answers(user: Any, found: Offer) -> list[ActLink]:
    if not may_answer(user, found):
        return []
    links = [("confirm", _("确认"), True), ("decline", _("放弃"), False)]
    return [
        ActLink(words, reverse("policies:offer_answer", args=[found.pk, act]), first)
        for act, words, first in links
    ]


def facts(found: Offer) -> list[Fact]:
    rule = Link(found.rule.name, reverse("policies:measure", args=[found.rule.rule, found.rule.number]))
    clause = paying(scheme(found.scheme), measure_of(found.rule))
    claim = (
        [Fact(_("扶持申报"), Link(found.claim.title, reverse("policies:claim", args=[found.claim_id])))]
        if found.claim
        else []
    )
    return [
        Fact(_("企业"), named(found.organisation)), Fact(_("金额"), _("%(amount)s 元") % {"amount": yuan(found.amount)}, clause.text),
        Fact(_("依据"), rule, found.rule.status), Fact(_("条款"), article_said(clause.article)), Fact(_("比对日"), found.known_on.isoformat()),
        Fact(_("确认期限"), found.until.isoformat(), _("办理期限，%(status)s") % {"status": in_words(rules().status)}), *claim,
        *([Fact(_("合成数据"), _("是"))] if found.synthetic else []),
    ]  # fmt: skip


def sections(found: Offer) -> list[Section]:
    """The data that the amount rests on, with their source; what the firm agreed to and said."""
    listed = [
        Section(f"data-{n}", _("所用的数据"), facts=list(data_facts(one)))
        for n, one in enumerate(found.data, 1)
    ]
    said = [found.consent, found.remark]
    if any(said):
        listed.append(Section("answer", _("企业的答复"), lines=[line for line in said if line]))
    return listed


def data_facts(one: dict[str, Any]) -> Iterator[Fact]:
    entity = vocabulary.entity(one["entity"])
    for id, value in one["values"].items():
        if id in entity.fields:
            yield Fact(label(entity.fields[id]), shown(entity.fields[id], value))
    yield Fact(_("来源"), one["source"])


@login_required
def answer(request: HttpRequest, id: UUID, act: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    if act not in ("confirm", "decline"):
        raise Http404(_("没有步骤“%(act)s”。") % {"act": act})
    found = access_offer(user, id, to=reading_or("answer", request))
    form = (ConfirmForm if act == "confirm" else DeclineForm)(request.POST or None)
    doing = actions.confirm if act == "confirm" else actions.decline
    heading = _("确认") if act == "confirm" else _("放弃")
    if done(request, form, lambda: doing(offer_id=id, by=user, **form.cleaned_data)):
        messages.success(request, _("已办：%(act)s。") % {"act": heading})
        return redirect("policies:offer", id)
    back = reverse("policies:offer", args=[id])
    said = {
        "form": form, "act": heading, "note": scheme_words(found.scheme), "crumb": ActLink(scheme_words(found.scheme), back, False),
        "back": back, "facts": facts(found),
    }  # fmt: skip
    return render(request, "casework/thing_act.html", said, status=status(form))
