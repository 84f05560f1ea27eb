"""Pages of a measure in the making: the list, one, start, write, opinions, and a page for each step."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mangrove.casework.promise_pages import ActLink
from mangrove.casework.workflow import Step
from mangrove.ledger.refusals import Refusal
from mangrove.policies.issuing import actions, drafting, opinions, pages, releasing
from mangrove.policies.issuing.access import (
    access_draft,
    access_opinion,
    access_starting,
    may_start,
    readable_drafts,
)
from mangrove.policies.issuing.asked import told_words, untold_words
from mangrove.policies.issuing.forms import (
    FORMS,
    DisposeForm,
    DraftFilter,
    DraftStepForm,
    OpinionForm,
    StartForm,
    WriteForm,
)
from mangrove.policies.issuing.looking import to_look_at
from mangrove.policies.issuing.models import Draft, Opinion
from mangrove.policies.issuing.standing import reading, round_now
from mangrove.policies.issuing.tables import DRAFTS, source
from mangrove.policies.issuing.workflow import DRAFT
from mangrove.registry.models import User
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.autosave import Draft as OpenDraft
from mangrove.ui.autosave import asked_revision, conflict, refused, saved
from mangrove.ui.components import Fact
from mangrove.ui.exports import excel_response

#: What each step calls; a step that is not here has no page.
TAKES: dict[str, Any] = {
    "circulate": opinions.circulate, "settle": opinions.settle, "submit": actions.submit, "clear": actions.review,
    "find_lawful": actions.review, "send_back": actions.review, "decide": actions.decide, "number": actions.number,
    "publish": releasing.publish, "explain": releasing.explain, "rework": actions.rework, "hand_back": actions.hand_back, "drop": actions.drop,
}  # fmt: skip


def listed(request: HttpRequest) -> tuple[DraftFilter, QuerySet[Draft]]:
    filters = DraftFilter(request.GET)
    rows = filters.narrow(readable_drafts(request.user))
    return filters, rows.select_related("case").prefetch_related("case__clocks", "seekings")


@require_safe
@login_required
def drafts(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    begin = [ActLink(_("起草措施"), reverse("policies:draft_new"), True)] if may_start(request.user) else []
    acts = [*begin, ActLink(_("规则语言"), reverse("policies:language"), False)]
    page = DRAFTS.page(rows, request.GET, reverse("policies:drafts_export"))
    return render(request, "casework/thing_list.html", {"filters": filters, "page": page, "acts": acts})


@require_safe
@login_required
def drafts_export(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    return excel_response(request, DRAFTS, rows, filters.words())


@require_safe
@login_required
def draft(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    return render(request, "policies/draft.html", pages.context(user, access_draft(user, id)))


@login_required
def new(request: HttpRequest) -> HttpResponse:
    user = access_starting(request.user)
    form, made = StartForm(request.POST or None, initial={"base": request.GET.get("base", "")}), []
    if done(request, form, lambda: made.append(drafting.start(by=user, **form.cleaned_data))):
        messages.success(request, _("已开始起草。"))
        return redirect("policies:draft_write", made[0].pk)
    crumb = ActLink(_("措施制定"), reverse("policies:drafts"), False)
    said = {"form": form, "act": _("起草措施"), "crumb": crumb, "back": crumb.href}
    return render(request, "casework/thing_act.html", said, status=status(form))


# --- the text --------------------------------------------------------------------------------------------------------


@login_required
def write(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The editor; saving by hand keeps a text and goes back to the draft, or stays while it does not read."""
    user: User = request.user  # type: ignore[assignment]
    found = access_draft(user, id, to=reading_or("write", request))
    last = found.text_now
    form = WriteForm(request.POST or None, initial={"text": last.text if last else ""})
    base = asked_revision(request) or 0
    keeping = lambda: drafting.write(draft_id=id, by=user, base_revision=base, **form.cleaned_data)  # noqa: E731
    if done(request, form, keeping):
        return kept_by_hand(request, found)
    said = {
        "form": form, "found": found, "reading": reading(last.text if last else ""), "back": reverse("policies:draft", args=[id]),
        "draft": open_text(found, user, base if request.method == "POST" else None),
    }  # fmt: skip
    return render(request, "policies/draft_write.html", said, status=status(form))


def kept_by_hand(request: HttpRequest, found: Draft) -> HttpResponse:
    last = found.text_now
    slips = reading(last.text).slips if last else ()
    if not slips:
        messages.success(request, _("已保存。"))
        return redirect("policies:draft", found.pk)
    messages.warning(request, _("已保存，但还有 %(n)s 处读不通。") % {"n": len(slips)}, extra_tags="warn")
    return redirect("policies:draft_write", found.pk)


def open_text(found: Draft, user: User, base: int | None) -> OpenDraft:
    """What the page tells the browser; a text that was refused stays on the revision that it was built on."""
    last, url = found.text_now, reverse("policies:draft_autosave", args=[found.pk])
    if base is not None or last is None:
        return OpenDraft(url, base or 0, user.username)
    return OpenDraft(url, last.revision, user.username, last.saved_at)


@login_required
@require_POST
def autosave(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    text, base = request.POST.get("text", ""), asked_revision(request) or 0
    try:
        kept = drafting.write(draft_id=id, text=text, base_revision=base, by=user)
    except Refusal as refusal:
        if refusal.code != "policies.newer_text":
            return refused(str(refusal))
        last = access_draft(user, id).text_now
        assert last is not None  # something newer stands
        return conflict(last.saved_by_name, last.saved_at)
    wrong = len(reading(kept.text).slips)
    note = ngettext("%(n)s 处读不通", "%(n)s 处读不通", wrong) % {"n": wrong} if wrong else ""
    return saved(kept.revision, kept.saved_at, note=note)


@login_required
@require_safe
def problems(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """What is wrong with the newest text; the editor asks for it after each save."""
    last = access_draft(request.user, id, to="write").text_now
    said = {"reading": reading(last.text if last else "")}
    return render(request, "policies/parts/problems.html", said)


# --- opinions --------------------------------------------------------------------------------------------------------


@login_required
def opinion_new(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    found = access_draft(user, id, to="opine")
    round = round_now(found)
    assert round is not None  # the state is reached by a round
    form = OpinionForm(request.POST or None, round=round)
    if done(request, form, lambda: opinions.opine(draft_id=id, by=user, **form.said())):
        messages.success(request, _("已登记意见。"))
        return redirect("policies:draft", id)
    return act_page(request, found, form, _("登记意见"))


@login_required
def opinion(request: HttpRequest, id: uuid.UUID, number: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    one = access_opinion(user, id, number, to="dispose")
    form = DisposeForm(request.POST or None, opinion=one)
    acting = lambda: opinions.dispose(draft_id=id, opinion_id=one.pk, by=user, **form.cleaned_data)  # noqa: E731
    if done(request, form, acting):
        messages.success(request, _("已写明采纳与否。"))
        return redirect("policies:draft", id)
    return act_page(request, one.seeking.draft, form, _("办理意见"), opinion_facts(one))


def opinion_facts(one: Opinion) -> list[Fact]:
    return [
        Fact(_("谁的意见"), source(one)),
        Fact(_("意见内容"), one.text or _("无意见")),
        Fact(_("收到日"), one.received_on.isoformat()),
    ]


# --- steps -----------------------------------------------------------------------------------------------------------


def named_step(act: str) -> Step:
    found = next((step for step in DRAFT.steps if step.act == act and act in TAKES), None)
    if found is None:
        raise Http404(_("没有步骤“%(act)s”。") % {"act": act})
    return found


@login_required
def act(request: HttpRequest, id: uuid.UUID, act: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    step = named_step(act)
    found = access_draft(user, id, to=reading_or(act, request))
    form = FORMS.get(act, DraftStepForm)(request.POST or None, draft=found, step=step, user=user)
    taking = lambda: TAKES[act](draft_id=id, by=user, **form.cleaned_data)  # noqa: E731
    if done(request, form, taking, now=lambda: {"expected_version": access_draft(user, id).case.version}):
        messages.success(request, _("已办：%(act)s。") % {"act": step.label})
        if act == "circulate":
            say_who_was_told(request, found)
        return redirect("policies:draft", id)
    facts = [*to_look_at(found), *pages.facts(user, found)]
    return act_page(request, found, form, step.label, facts, pages.advice(found))


def say_who_was_told(request: HttpRequest, found: Draft) -> None:
    round = round_now(found)
    assert round is not None  # it has just begun
    if words := told_words(round):
        messages.info(request, words)
    if words := untold_words(round):
        messages.warning(request, words, extra_tags="warn")


def act_page(
    request: HttpRequest, found: Draft, form: Any, label: Any, facts: Any = (), advice: Any = ()
) -> HttpResponse:
    back = reverse("policies:draft", args=[found.pk])
    said = {
        "form": form, "act": label, "note": found.title, "crumb": ActLink(found.title, back, False), "back": back,
        "facts": facts, "advice": advice, "tone": "warn",
    }  # fmt: skip
    return render(request, "casework/thing_act.html", said, status=status(form))
