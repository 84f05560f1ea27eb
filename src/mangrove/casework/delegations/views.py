"""Pages of delegations: the list, one, give, revoke."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.casework.delegations import actions
from mangrove.casework.delegations.access import (
    access_delegation,
    may_delegate,
    may_revoke,
    readable_delegations,
)
from mangrove.casework.delegations.acts import words
from mangrove.casework.delegations.forms import GiveForm, RevokeForm
from mangrove.casework.delegations.models import Delegation
from mangrove.casework.delegations.tables import DELEGATIONS, USED, parties, state
from mangrove.casework.promise_pages import ActLink
from mangrove.casework.things import Section, events_of
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.components import Fact, moments
from mangrove.ui.exports import excel_response
from mangrove.ui.languages import listed


@require_safe
@login_required
def delegations(request: HttpRequest) -> HttpResponse:
    rows = readable_delegations(request.user).select_related("principal", "delegate")
    acts = (
        [ActLink(_("授权他人代签"), reverse("casework:delegation_new"), True)]
        if may_delegate(request.user)
        else []
    )
    page = DELEGATIONS.page(rows, request.GET, reverse("casework:delegations_export"))
    return render(request, "casework/thing_list.html", {"page": page, "acts": acts})


@require_safe
@login_required
def delegations_export(request: HttpRequest) -> HttpResponse:
    rows = readable_delegations(request.user).select_related("principal", "delegate")
    return excel_response(request, DELEGATIONS, rows)


def crumb() -> ActLink:
    return ActLink(_("代签授权"), reverse("casework:delegations"), False)


def facts(held: Delegation) -> list[Fact]:
    return [
        Fact(_("授权人"), held.principal.name, held.principal.unit),
        Fact(_("受托人"), held.delegate.name, held.delegate.unit),
        Fact(_("授权事项"), listed(map(words, held.acts))),
        Fact(_("授权起日"), held.starts_on.isoformat()),
        Fact(_("授权止日"), held.ends_on.isoformat()),
        Fact(_("撤销"), held.revoked_on.isoformat() if held.revoked_on else _("没有撤销")),
        Fact(_("理由"), held.reason),
    ]


@require_safe
@login_required
def delegation(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    held = access_delegation(user, id)
    revoking = ActLink(_("撤销授权"), reverse("casework:delegation_revoke", args=[id]), False)
    said = {
        "heading": parties(held), "note": state(held), "crumb": crumb(), "facts": facts(held),
        "acts": [revoking] if may_revoke(user, held) else [],
        "sections": [Section("used", _("据此所办"), USED.page(held.used.select_related("event"), QueryDict()), empty=_("还没有据此办过。"))],
        "moments": moments(events_of(held.ref)),
    }  # fmt: skip
    return render(request, "casework/thing.html", said)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    if not may_delegate(user):
        raise Refusal(
            _("您没有可以授权他人代办的事。"), code="casework.not_ones_own", remedy=_("由能签发的人授权。")
        )
    form, made = GiveForm(request.POST or None, user=user), []
    if done(request, form, lambda: made.append(actions.give(by=user, **form.cleaned_data))):
        messages.success(request, _("已授权。"))
        return redirect("casework:delegation", made[0].pk)
    said = {"form": form, "act": _("授权他人代签"), "crumb": crumb(), "back": crumb().href}
    return render(request, "casework/thing_act.html", said, status=status(form))


@login_required
def revoke(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    held = access_delegation(user, id, to=reading_or("revoke", request))
    form = RevokeForm(request.POST or None)
    if done(request, form, lambda: actions.revoke(by=user, id=id, **form.cleaned_data)):
        messages.success(request, _("已撤销授权。"))
        return redirect("casework:delegation", id)
    back = reverse("casework:delegation", args=[id])
    said = {
        "form": form, "act": _("撤销授权"), "note": parties(held), "crumb": crumb(), "back": back, "facts": facts(held),
    }  # fmt: skip
    return render(request, "casework/thing_act.html", said, status=status(form))
