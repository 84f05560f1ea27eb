"""An officer gives items to experts: choose, look at the plan, carry it out; draw by lot; recuse, give back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mangrove.reviews import actions, assigning
from mangrove.reviews.access import access_assignment, access_round
from mangrove.reviews.assigning import Plan
from mangrove.reviews.forms import AssignForm, DrawForm, ReopenForm, VersionedForm
from mangrove.reviews.models import Expert, Item, Round
from mangrove.reviews.results import Results, Reviewed
from mangrove.reviews.tables import employer, field_words, standing_tag
from mangrove.reviews.workflow import ASSIGNMENT
from mangrove.ui.acting import done, status
from mangrove.ui.languages import strung

OVERSEEING: dict[str, Callable[..., object]] = {"recuse": actions.recuse, "reopen": actions.reopen}


@dataclass(frozen=True)
class Candidate:
    """An expert in the list to choose from."""

    expert: Expert
    load: int
    chosen: bool
    against: str

    @property
    def fields(self) -> str:
        return field_words(self.expert.fields)

    @property
    def employer(self) -> Any:
        return employer(self.expert)

    @property
    def tag(self) -> Any:
        return standing_tag(self.expert)


@dataclass(frozen=True)
class Choice:
    """What is chosen so far, from the address of the page."""

    items: list[Item]
    experts: list[Expert]

    @classmethod
    def read(cls, found: Round, query: QueryDict) -> Choice:
        wanted, asked = set(query.getlist("item")), set(query.getlist("expert"))
        items = [item for item in found.items.all() if str(item.pk) in wanted]
        return cls(items, [one for one in assigning.experts_of(found) if str(one.pk) in asked])


@login_required
def assign(request: HttpRequest, id: int) -> HttpResponse:
    """Choose items and experts; below stands what that would do; only what was looked at is carried out."""
    user: Any = request.user
    found = access_round(user, id)
    choice, today = Choice.read(found, request.GET), timezone.localdate()
    planned = assigning.plan(found, choice.items, choice.experts, today)
    form = AssignForm(request.POST or None, initial={"due_on": found.due_on, "seen": planned.digest})
    if done(
        request, form, lambda: carry_out(user, found, choice, form),
        now=lambda: {"seen": assigning.plan(found, choice.items, choice.experts, today).digest},
    ):  # fmt: skip
        n = len(planned.possible)
        messages.success(request, ngettext("已指派 %(n)s 件次。", "已指派 %(n)s 件次。", n) % {"n": n})
        return redirect("reviews:round", id)
    if request.method == "POST":
        planned = assigning.plan(found, choice.items, choice.experts, today)
    return render(
        request, "reviews/assign.html", assign_context(found, choice, planned, form), status=status(form)
    )


def carry_out(user: Any, found: Round, choice: Choice, form: AssignForm) -> object:
    return assigning.assign(
        by=user, round_id=found.pk, item_ids=[item.pk for item in choice.items],
        expert_ids=[one.pk for one in choice.experts], **form.cleaned_data,
    )  # fmt: skip


def assign_context(found: Round, choice: Choice, planned: Plan, form: AssignForm) -> dict[str, Any]:
    chosen = {item.pk for item in choice.items}
    items = [(one, one.item.pk in chosen) for one in Results(found).items]
    after = [(one, planned.load[one.pk]) for one in choice.experts]
    return {
        "round": found, "items": items, "experts": candidates(found, choice), "plan": planned, "after": after,
        "form": form, "back": reverse("reviews:round", args=[found.pk]), "looked": bool(choice.items and choice.experts),
    }  # fmt: skip


def candidates(found: Round, choice: Choice) -> list[Candidate]:
    """The pool, the least loaded first; what stands against each at the chosen items."""
    load, chosen = assigning.loads(found), {one.pk for one in choice.experts}
    experts = assigning.experts_of(found)
    against: dict[int, list[str]] = {one.pk: [] for one in experts}
    for pair in assigning.pairs_of(choice.items, experts, timezone.localdate()):
        against[pair.expert.pk] += [f"{pair.item.code} {word}" for word in pair.words]
    shown = [Candidate(one, load[one.pk], one.pk in chosen, strung(against[one.pk][:3])) for one in experts]
    return sorted(shown, key=lambda one: (one.load, one.expert.user.name, one.expert.pk))


@login_required
def draw(request: HttpRequest, id: int) -> HttpResponse:
    """Draw for every item that lacks experts."""
    user: Any = request.user
    found = access_round(user, id)
    lacking = Results(found).short
    form = DrawForm(request.POST or None, initial={"due_on": found.due_on})
    made: list[Any] = []
    if done(request, form, lambda: made.extend(draw_for(user, found, lacking, form))):
        messages.success(
            request,
            ngettext("抽取了 %(n)s 件次，已指派。", "抽取了 %(n)s 件次，已指派。", len(made))
            % {"n": len(made)},
        )
        return redirect("reviews:round", id)
    context = {
        "form": form, "title": _("抽取专家"), "act": _("抽取并指派"), "note": found.title, "round": found,
        "back": reverse("reviews:round", args=[id]), "ahead": [lacking_words(lacking)],
    }  # fmt: skip
    return render(request, "reviews/round_form.html", context, status=status(form))


def draw_for(user: Any, found: Round, lacking: list[Reviewed], form: DrawForm) -> list[Any]:
    return assigning.draw(
        by=user, round_id=found.pk, item_ids=[one.item.pk for one in lacking], **form.cleaned_data
    )


def lacking_words(lacking: list[Reviewed]) -> str:
    return _("%(n)s 件还不足专家数，为它们各抽足。") % {"n": len(lacking)}


@login_required
def oversee(request: HttpRequest, uid: UUID, act: str) -> HttpResponse:
    """Recuse an expert, or give submitted marks back."""
    user: Any = request.user
    found = access_assignment(user, uid, to="oversee")
    step = next((one for one in ASSIGNMENT.steps if one.act == act and act in OVERSEEING), None)
    if step is None:
        raise Http404
    kind = ReopenForm if act == "reopen" else VersionedForm
    form = kind(request.POST or None, initial={"expected_version": found.case.version})
    form.fields["why"].required = True
    if done(
        request, form, lambda: OVERSEEING[act](by=user, uid=uid, **form.cleaned_data),
        now=lambda: {"expected_version": access_assignment(user, uid, to="oversee").case.version},
    ):  # fmt: skip
        messages.success(request, _("已办：%(act)s。") % {"act": step.label})
        return redirect("reviews:item", found.item_id)
    context = {
        "form": form, "title": step.label, "act": step.label, "note": f"{found.item} · {found.expert}",
        "round": found.item.round, "back": reverse("reviews:item", args=[found.item_id]),
    }  # fmt: skip
    return render(request, "reviews/round_form.html", context, status=status(form))
