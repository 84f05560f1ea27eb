"""What anybody may read of drafts that are out for opinions, and what who is signed in may send: the way there and what became of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.casework.promise_pages import ActLink
from mangrove.casework.things import Section
from mangrove.policies.issuing import sending
from mangrove.policies.issuing.models import Opinion, Seeking
from mangrove.policies.issuing.opining_forms import SendForm
from mangrove.policies.issuing.opining_tables import OPEN_DRAFTS, OWN_OPINIONS
from mangrove.policies.issuing.pages import drawn_of
from mangrove.policies.issuing.standing import reading
from mangrove.policies.issuing.tables import about_clause, disposition_tag
from mangrove.registry.labels import named
from mangrove.registry.models import User
from mangrove.ui.acting import done, status
from mangrove.ui.components import Fact
from mangrove.ui.dates import due_tag
from mangrove.ui.exports import excel_response


def not_for(request: HttpRequest) -> bool:
    """Whether this visitor has to sign in first."""
    return not request.user.is_authenticated and not settings.MANGROVE_PUBLIC_DRAFTS


def to_the_door(request: HttpRequest) -> HttpResponse:
    return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))


@require_safe
def open_drafts(request: HttpRequest) -> HttpResponse:
    if not_for(request):
        return to_the_door(request)
    page = OPEN_DRAFTS.page(sending.open_rounds(request.user, timezone.localdate()), request.GET)
    return render(request, "casework/thing_list.html", {"page": page, "acts": own_link(request)})


def own_link(request: HttpRequest) -> list[ActLink]:
    mine = sending.own_opinions(request.user).exists()
    return [ActLink(_("我提的意见"), reverse("policies:own_opinions"), False)] if mine else []


@require_safe
def open_draft(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The text as it was sent out, and the days that are left."""
    if not_for(request):
        return to_the_door(request)
    round = sending.access_open_round(request.user, id, timezone.localdate())
    found = reading(round.text.text)
    context = {
        "draft": round.draft, "facts": facts(round), "drawn": drawn_of(found), "text": round.text.text, "moments": None,
    }  # fmt: skip
    return render(request, "policies/open_draft.html", context)


def facts(round: Seeking) -> list[Fact]:
    case = round.draft.case
    return [
        Fact(_("起草单位"), named(case.organisation) if case.organisation else None, case.unit),
        Fact(_("第几稿"), _("第 %(n)s 稿") % {"n": round.text.revision}),
        Fact(_("发出日"), round.started_on), Fact(_("截止日"), due_tag(round.until), _("当天仍可提出")),
    ]  # fmt: skip


@login_required
def send(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    today = timezone.localdate()
    round = sending.access_open_round(user, id, today)
    form, made = SendForm(request.POST or None, round=round), list[Opinion]()
    if done(
        request, form, lambda: made.append(sending.send(draft_id=id, by=user, on=today, **form.cleaned_data))
    ):
        messages.success(request, _("已收到您的意见，回执号 %(number)s。") % {"number": made[0].receipt})
        return redirect("policies:own_opinion", made[0].receipt)
    back = reverse("policies:open_draft", args=[id])
    context = {
        "form": form, "act": _("提意见"), "note": round.draft.title, "crumb": ActLink(round.draft.title, back, False),
        "back": back, "facts": facts(round),
    }  # fmt: skip
    return render(request, "casework/thing_act.html", context, status=status(form))


@require_safe
@login_required
def own_opinions(request: HttpRequest) -> HttpResponse:
    rows, export = sending.own_opinions(request.user), reverse("policies:own_opinions_export")
    return render(request, "casework/thing_list.html", {"page": OWN_OPINIONS.page(rows, request.GET, export)})


@require_safe
@login_required
def own_opinions_export(request: HttpRequest) -> HttpResponse:
    return excel_response(request, OWN_OPINIONS, sending.own_opinions(request.user))


@require_safe
@login_required
def own_opinion(request: HttpRequest, receipt: str) -> HttpResponse:
    """The receipt, and what became of it once the office has said so."""
    one = sending.access_own_opinion(request.user, receipt)
    context = {
        "heading": one.receipt, "note": disposition_tag(one), "crumb": ActLink(_("我提的意见"), reverse("policies:own_opinions"), False),
        "facts": receipt_facts(one), "moments": None,
        "sections": [Section("said", _("意见内容"), text=one.text), Section("answer", _("采纳与否的理由"), text=one.reason, empty=_("起草单位还没有办理。"))],
    }  # fmt: skip
    return render(request, "casework/thing.html", context)


def receipt_facts(one: Opinion) -> list[Fact]:
    office = one.seeking.draft.case.organisation
    return [
        Fact(_("回执号"), one.receipt), Fact(_("草案"), one.seeking.draft.title), Fact(_("起草单位"), named(office) if office else None),
        Fact(_("针对"), about_clause(one)), Fact(_("收到日"), one.received_on), Fact(_("署名"), one.source, _("起草单位看到的")),
        Fact(_("采纳与否"), disposition_tag(one)), *([Fact(_("答复日"), one.disposed_on)] if one.disposed_on else []),
    ]  # fmt: skip
