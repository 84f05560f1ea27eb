"""Acting on a promise: settle it, add evidence, take a step. One page an act; the acts are in :mod:`promises`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.casework import promise_pages as pages
from mangrove.casework.access import access_promise
from mangrove.casework.forms import EvidenceForm, PromiseStepForm, SettleForm, VersionedForm, settled
from mangrove.casework.models import Promise
from mangrove.casework.promise_workflow import PROMISES
from mangrove.casework.promises import add_evidence, add_evidence_with_file, advance, settle_promise
from mangrove.casework.tables import with_origins
from mangrove.casework.uploads import refused_uploads
from mangrove.casework.workflow import Step
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User
from mangrove.ui.acting import done, status


@login_required
def settle(request: HttpRequest, id: int) -> HttpResponse:
    """Set owner, date, measure and line of work."""
    user: User = request.user  # type: ignore[assignment]
    promise = access_promise(user, id, to="settle")
    form = SettleForm(request.POST or None, promise=promise)

    def act() -> None:
        said = {name: form.cleaned_data[name] for name in ("on", "why", "expected_version")}
        settle_promise(id, by=user.actor, **said, **form.given())

    if done(request, form, act, now=lambda: shown_now(user, id, settled)):
        return back_to(request, id, _("已落实承诺 %(number)s。") % {"number": promise.number})
    return page(request, form, user, id, _("落实承诺"))


@login_required
def evidence(request: HttpRequest, id: int) -> HttpResponse:
    """Add what shows that the promise moved, with its file."""
    user: User = request.user  # type: ignore[assignment]
    promise = access_promise(user, id, to="add_evidence")
    initial = {"expected_version": promise.case.version}
    form = EvidenceForm(
        request.POST or None, request.FILES or None, initial=initial, refused=refused_uploads(request)
    )

    def act() -> None:
        said = dict(form.cleaned_data) | {"by": user.actor}
        file = said.pop("file")
        if file is None:
            add_evidence(id, **said)
        else:
            add_evidence_with_file(id, upload=file, name=file.name, **said)

    if done(request, form, act, now=lambda: shown_now(user, id)):
        return back_to(request, id, _("已登记证据。"))
    return page(request, form, user, id, _("登记证据"))


@login_required
def step(request: HttpRequest, id: int, act: str) -> HttpResponse:
    """Take one step of the workflow."""
    user: User = request.user  # type: ignore[assignment]
    promise = access_promise(user, id)
    taken = step_named(act)
    if request.method != "POST":
        access_promise(user, id, to=act)
    form = PromiseStepForm(request.POST or None, promise=promise, step=taken)

    def take() -> None:
        refuse_unless_somebody_was_faster(user, id, act)
        said = dict(form.cleaned_data) | {"by": user.actor, "roles": user.roles}
        advance(id, act, **said)

    if done(request, form, take, now=lambda: shown_now(user, id)):
        return back_to(request, id, _("已办：%(act)s。") % {"act": taken.label})
    return page(request, form, user, id, taken.label)


def step_named(act: str) -> Step:
    found = next((step for step in PROMISES.steps if step.act == act), None)
    if found is None:
        raise Http404(_("没有步骤“%(act)s”。") % {"act": act})
    return found


def refuse_unless_somebody_was_faster(user: User, id: int, act: str) -> None:
    """A state that no longer offers the step is left to the act: it says who moved it."""
    try:
        access_promise(user, id, to=act)
    except Refusal as refusal:
        if refusal.code != "casework.wrong_state":
            raise


def shown_now(
    user: User, id: int, values: Callable[[Promise], Mapping[str, Any]] = lambda promise: {}
) -> dict[str, Any]:
    """The promise as the page shows it after a refusal: its version, and the ``values`` that the form asks for."""
    promise = access_promise(user, id)
    return {**values(promise), "expected_version": promise.case.version}


def back_to(request: HttpRequest, id: int, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("casework:promise", id)


def page(request: HttpRequest, form: VersionedForm, user: User, id: int, act: Any) -> HttpResponse:
    """The form, and below it the promise as it stands now, so that who was overtaken sees what changed."""
    (promise,) = with_origins(user, [access_promise(user, id)])
    context = {
        "form": form,
        "promise": promise,
        "act": act,
        "back": reverse("casework:promise", args=[id]),
        "facts": pages.promise_facts(promise),
        "moments": pages.history(user, promise, pages.own_events(promise))[:3],
        "no_evidence": "evidence" in form.fields and not promise.evidence.exists(),
    }
    return render(request, "casework/promise_act.html", context, status=status(form))
