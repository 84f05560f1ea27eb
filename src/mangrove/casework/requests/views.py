"""Pages of verification requests: the list, one, its list as a file, ask, answer, give back, withdraw."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.casework.clock_actions import explain_clock
from mangrove.casework.promise_pages import ActLink
from mangrove.casework.requests import actions
from mangrove.casework.requests.access import (
    access_verification,
    is_asker,
    may_ask,
    readable_verifications,
    refuse_unless_may_ask,
)
from mangrove.casework.requests.forms import AnswerForm, AskForm, BackForm, VerificationFilter
from mangrove.casework.requests.models import Verification
from mangrove.casework.requests.personal import PERSON, PERSONS
from mangrove.casework.requests.tables import ITEMS, TONES, VERIFICATIONS
from mangrove.casework.requests.workflow import VERIFICATION
from mangrove.casework.things import Section, act_links, history, state_tag
from mangrove.registry.labels import named
from mangrove.registry.models import User
from mangrove.registry.personal.actions import TO_VERIFY, show
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.components import Fact
from mangrove.ui.exports import excel_response
from mangrove.ui.forms import Answering

Act = Callable[..., object]
ACTS: dict[str, tuple[type[AnswerForm] | type[BackForm], Act]] = {
    "answer": (AnswerForm, actions.answer),
    "give_back": (BackForm, actions.give_back),
    "withdraw": (BackForm, actions.withdraw),
}


def listed(request: HttpRequest) -> tuple[VerificationFilter, QuerySet[Verification]]:
    filters = VerificationFilter(request.GET)
    rows = filters.narrow(readable_verifications(request.user))
    return filters, rows.select_related("case__organisation", "asker").prefetch_related("case__clocks")


@require_safe
@login_required
def verifications(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    acts = (
        [ActLink(_("提出核验请求"), reverse("casework:verification_new"), True)]
        if may_ask(request.user)
        else []
    )
    page = VERIFICATIONS.page(rows, request.GET, reverse("casework:verifications_export"))
    return render(request, "casework/thing_list.html", {"filters": filters, "page": page, "acts": acts})


@require_safe
@login_required
def verifications_export(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    return excel_response(request, VERIFICATIONS, rows, filters.words())


def crumb() -> ActLink:
    return ActLink(_("核验请求"), reverse("casework:verifications"), False)


def facts(found: Verification) -> list[Fact]:
    department = named(found.case.organisation) if found.case.organisation else ""
    return [
        Fact(_("被请求单位"), f"{department} {found.case.unit}".strip()),
        Fact(_("提出"), f"{named(found.asker)} {found.asker_unit}"),
        Fact(_("目的"), found.purpose),
        Fact(_("法律依据"), found.basis),
        Fact(_("核验什么"), found.question),
        Fact(_("保存至"), found.keep_until.isoformat(), _("%(day)s 已清除") % {"day": found.cleared_on} if found.cleared_on else ""),
    ]  # fmt: skip


def sections(found: Verification) -> list[Section]:
    """What is past its time is not shown, though the worker may not have come to it yet."""
    items = Section("items", _("核验清单"), empty=_("保存期限已满，内容已清除。"))
    if not found.is_over(timezone.localdate()):
        download = ActLink(_("下载核验清单"), reverse("casework:verification_items", args=[found.pk]), False)
        items = Section(
            "items", _("核验清单"), ITEMS.page(found.items.order_by("number"), QueryDict()), link=download
        )
    whole = ActLink(_("看全所核验的人员"), reverse("registry:personal", args=[PERSONS, found.pk]), False)
    persons = (
        [Section("persons", _("人员"), empty=_("人员在页面上遮去一部分。"), link=whole)]
        if asks_persons(found)
        else []
    )
    clocks = [line for clock in found.case.clocks.all() for line in explain_clock(clock)]
    return [items, *persons, Section("period", _("答复期限怎样算"), lines=clocks)]


@require_safe
@login_required
def verification(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = access_verification(user, id)
    acts = act_links(user, found.case, "casework:verification_act", found.pk)
    if is_asker(user, found) and VERIFICATION.move(found.case.state, "withdraw"):
        acts.append(
            ActLink(_("撤回请求"), reverse("casework:verification_act", args=[found.pk, "withdraw"]), False)
        )
    said = {
        "heading": str(found), "note": state_tag(found.case, TONES), "crumb": crumb(), "acts": acts,
        "facts": facts(found), "sections": sections(found), "moments": history(found.case),
    }  # fmt: skip
    return render(request, "casework/thing.html", said)


def asks_persons(found: Verification) -> bool:
    return not found.is_over(timezone.localdate()) and found.items.filter(kind=PERSON).exists()


@require_safe
@login_required
def items(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The list to fill in; of what is past its time there is none. Persons are in it in full, so the ledger has who took it."""
    user: User = request.user  # type: ignore[assignment]
    found = access_verification(user, id)
    if found.is_over(timezone.localdate()):
        raise Http404(_("保存期限已满，内容已清除。"))
    if asks_persons(found):
        show(kind=PERSONS, id=str(found.pk), purpose=TO_VERIFY, by=user, on=timezone.localdate(), note="list")
    return excel_response(request, ITEMS, found.items.order_by("number"), str(found))


@login_required
def new(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    refuse_unless_may_ask(user)
    form, made = AskForm(request.POST or None), []
    if done(request, form, lambda: made.append(actions.ask(by=user, **form.cleaned_data))):
        messages.success(request, _("已提出核验请求。"))
        return redirect("casework:verification", made[0].pk)
    said = {"form": form, "act": _("提出核验请求"), "crumb": crumb(), "back": crumb().href}
    return render(request, "casework/thing_act.html", said, status=status(form))


@login_required
def act(request: HttpRequest, id: uuid.UUID, act: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    if act not in ACTS:
        raise Http404(_("没有步骤“%(act)s”。") % {"act": act})
    kind, doing = ACTS[act]
    found = access_verification(user, id, to=reading_or(act, request))
    form: Any = kind(request.POST or None, request.FILES or None, verification=found)
    now = lambda: {"expected_version": access_verification(user, id).case.version}  # noqa: E731
    label = next(step.label for step in VERIFICATION.steps if step.act == act)
    if done(request, form, lambda: doing(by=user, id=id, **form.cleaned_data), now=now):
        messages.success(request, _("已办：%(act)s。") % {"act": label})
        return redirect("casework:verification", id)
    return act_page(request, found, form, label)


def act_page(request: HttpRequest, found: Verification, form: Answering, label: Any) -> HttpResponse:
    back = reverse("casework:verification", args=[found.pk])
    said = {
        "form": form, "act": label, "note": str(found), "crumb": ActLink(str(found), back, False),
        "back": back, "facts": facts(found),
    }  # fmt: skip
    return render(request, "casework/thing_act.html", said, status=status(form))
