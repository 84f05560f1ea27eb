"""Acting: one page a step. The form is chosen by the act; the act itself is in :mod:`actions` and :mod:`signing`.

What somebody typed outlives a refusal: the page comes back with the words, the reason, and the state as it now is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.models import Case
from mangrove.casework.workflow import Step, workflow
from mangrove.proposals import actions, pages, registration, sending, signing
from mangrove.proposals.access import access_proposal, access_reply, visible_replies
from mangrove.proposals.decisions import next_number
from mangrove.proposals.delegated import access_to, choices
from mangrove.proposals.forms import (
    ContactForm,
    DeliverForm,
    HandOverForm,
    KeepingForm,
    NumberForm,
    OpinionForm,
    OpinionStepForm,
    ParticularsForm,
    RateForm,
    ReviewForm,
    SignForm,
    StepForm,
    SubmitForm,
)
from mangrove.proposals.letter_pages import LetterView, try_letter
from mangrove.proposals.models import Numbering, Reply
from mangrove.proposals.rules import rules
from mangrove.registry.models import User
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.forms import Answering

FORMS: dict[str, type[Answering]] = {
    "submit": SubmitForm,
    "pass_review": ReviewForm,
    "sign": SignForm,
    "number": NumberForm,
    "deliver": DeliverForm,
    "rate": RateForm,
    "give_opinion": OpinionForm,
}
Act = Callable[..., object]

#: The steps of a reply that add something of their own, and what takes them.
REPLY_ACTS: dict[str, Act] = {
    "return_to_office": actions.return_to_office,
    "submit": actions.submit,
    "pass_review": actions.pass_review,
    "sign": lambda why, **said: signing.sign(opinion=why, **said),
    "recall": signing.recall,
    "number": sending.give_number,
    "deliver": sending.deliver,
    "rate": actions.rate,
    "give_opinion": lambda why, **said: actions.give_opinion(text=why, **said),
}
PROPOSAL_ACTS: dict[str, tuple[type[Answering], Act]] = {
    "hand_over": (HandOverForm, actions.hand_over),
    "keep_units": (OpinionStepForm, actions.keep_units),
    "close": (StepForm, actions.close_proposal),
    "withdraw": (OpinionStepForm, registration.withdraw_proposal),
}


@login_required
def act(request: HttpRequest, id: str, act: str) -> HttpResponse:
    """Take one step of a reply."""
    user: User = request.user  # type: ignore[assignment]
    found = access_reply(user, id)
    step = named_step(found.case, act)
    access_to(user, id, reading_or(act, request))
    on, doing = asked_day(request.POST), REPLY_ACTS.get(act, lambda **said: actions.step(act, **said))
    letter = None if request.method == "POST" else try_letter(user, found, on=on)[0]
    form = form_for(found, step, request.POST or None, letter)
    if isinstance(form, SignForm):
        form.offer(choices(user, found))
    if done(
        request, form, lambda: doing(by=user, reply_id=id, **form.cleaned_data),
        now=lambda: shown_now(user, id, form, on),
    ):  # fmt: skip
        messages.success(request, _("已办：%(act)s。") % {"act": step.label})
        still = visible_replies(user).filter(pk=id).exists()  # who gave it back has no part in it any more
        return redirect("proposals:reply", id) if still else redirect("proposals:list")
    if request.method == "POST":  # refused: the page comes back as things now stand
        found = access_reply(user, id)
        letter = try_letter(user, found, on=on)[0]
    return act_page(request, user, found, step, form, letter)


def act_page(
    request: HttpRequest, user: User, found: Reply, step: Step, form: Answering, letter: LetterView | None
) -> HttpResponse:
    if isinstance(form, KeepingForm):
        form.ask_only_where(bool(letter and letter.check.findings))
    said = {
        "form": form, "reply": found, "step": step, "act": step.label, "letter": letter, "back": back(found),
        "facts": pages.signing_facts(user, found) if step.act == "sign" else None,
    }  # fmt: skip
    return render(request, "proposals/act.html", said, status=status(form))


def asked_day(data: Mapping[str, Any]) -> date:
    """The business date that the form was sent with, since the letter is what it is on that day; else today."""
    try:
        return date.fromisoformat(str(data.get("on", "")))
    except ValueError:
        return timezone.localdate()


def named_step(case: Case, act: str) -> Step:
    """The step of that name as the case now offers it, or as its table has it; ``Http404`` when the table has none."""
    flow = workflow(case.workflow)
    found = flow.move(case.state, act) or next((step for step in flow.steps if step.act == act), None)
    if found is None:
        raise Http404(_("没有“%(act)s”这一步。") % {"act": act})
    return found


def form_for(
    reply: Reply, step: Step, data: Mapping[str, Any] | None, letter: LetterView | None
) -> Answering:
    kind = FORMS.get(step.act, OpinionStepForm if step.needs_reason else StepForm)
    return kind(data, initial=initial(reply, step.act) | shown_state(reply, kind.base_fields, letter))


#: What a signer's opinion starts from; it is recorded as it stands, so it is in Chinese whatever the reader reads.
SIGNING_OPINION = "同意签发。"


def initial(reply: Reply, act: str) -> dict[str, Any]:
    """What the form of an act starts from."""
    if act == "sign":
        return {"why": SIGNING_OPINION}
    if act == "number":
        given = Numbering.objects.filter(letter__reply__organisation=reply.organisation_id)
        numbers = given.order_by("id").values_list("number", flat=True)
        return {"document_number": next_number(numbers, timezone.localdate().year)}
    if act == "deliver":
        person = rules().authors[reply.proposal.kind].person
        return {"to": "\n".join([f"{reply.proposal.lead_deputy}{person}", *reply.copies])}
    return {}


def shown_state(reply: Reply, fields: Mapping[str, Any], letter: LetterView | None) -> dict[str, Any]:
    """What binds an act to the page that it was decided on: the case's version, and the letter's hash where asked."""
    said: dict[str, Any] = {"expected_version": reply.case.version}
    if "seen_hash" in fields:
        said["seen_hash"] = letter.content_hash if letter else ""
    return said


def shown_now(user: User, id: str, form: Answering, on: date) -> dict[str, Any]:
    found = access_reply(user, id)
    letter = try_letter(user, found, on=on)[0] if "seen_hash" in form.fields else None
    return shown_state(found, form.fields, letter)


def back(reply: Reply) -> str:
    return reverse("proposals:reply", args=[reply.pk])


@login_required
def proposal_act(request: HttpRequest, id: str, act: str) -> HttpResponse:
    """Hand a proposal over, leave it with the units that have it, or close it."""
    user: User = request.user  # type: ignore[assignment]
    if act not in PROPOSAL_ACTS:
        raise Http404(_("没有“%(act)s”这一步。") % {"act": act})
    kind, doing = PROPOSAL_ACTS[act]
    found = access_proposal(user, id, to=reading_or(act, request))
    step = named_step(found.case, act)
    form = kind(request.POST or None, initial={"expected_version": found.case.version})
    if done(
        request, form, lambda: doing(by=user, proposal_id=id, **form.cleaned_data),
        now=lambda: {"expected_version": access_proposal(user, id).case.version},
    ):  # fmt: skip
        messages.success(request, _("已办：%(act)s。") % {"act": step.label})
        return redirect("proposals:proposal", id)
    here = reverse("proposals:proposal", args=[id])
    said = {"form": form, "proposal": found, "act": step.label, "back": here}
    return render(request, "proposals/proposal_act.html", said, status=status(form))


@login_required
def contact(request: HttpRequest, id: str) -> HttpResponse:
    """Note a talk with a deputy."""
    user: User = request.user  # type: ignore[assignment]
    found = access_reply(user, id, to=reading_or("write", request))
    form = ContactForm(request.POST or None, initial={"deputy": found.proposal.lead_deputy})
    if done(request, form, lambda: actions.record_contact(by=user, reply_id=id, **form.cleaned_data)):
        return redirect("proposals:reply", id)
    said = {"form": form, "reply": found, "back": back(found), "act": _("记下")}
    return render(request, "proposals/contact.html", said, status=status(form))


@login_required
def particulars(request: HttpRequest, id: str) -> HttpResponse:
    """Set what stands around the text: result class, openness, contact, copies."""
    user: User = request.user  # type: ignore[assignment]
    found = access_reply(user, id, to=reading_or("write", request))
    form = ParticularsForm(request.POST or None, initial=particulars_of(found))
    if done(
        request, form, lambda: actions.set_particulars(by=user, reply_id=id, **form.cleaned_data),
        now=lambda: particulars_of(access_reply(user, id)),
    ):  # fmt: skip
        return redirect("proposals:reply", id)
    said = {"form": form, "reply": found, "back": back(found), "act": _("保存")}
    return render(request, "proposals/particulars.html", said, status=status(form))


def particulars_of(reply: Reply) -> dict[str, Any]:
    """What the form starts from."""
    now = {name: getattr(reply, name) for name in ("result_class", "openness", "openness_reason", "contact")}
    return now | {"copies": "\n".join(reply.copies), "expected_version": reply.case.version}
