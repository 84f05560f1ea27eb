"""Pages of merging: the suspected doubles, two entries side by side, and one merge."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mangrove import vocabulary
from mangrove.ledger.models import Event
from mangrove.registry.access import access_merge, access_merging, access_organisation
from mangrove.registry.labels import said
from mangrove.registry.merging import actions
from mangrove.registry.merging.actions import NAMED
from mangrove.registry.merging.compared import compared, table
from mangrove.registry.merging.doubles import suspected
from mangrove.registry.merging.forms import DecideForm, ProposeForm, UndoForm
from mangrove.registry.merging.holdings import came_since, in_words
from mangrove.registry.merging.tables import DOUBLES, MERGES, state
from mangrove.registry.models import Merge, Organisation, User
from mangrove.registry.records.answering import clashing
from mangrove.registry.records.models import Record
from mangrove.registry.tables import linked
from mangrove.ui.acting import done, status
from mangrove.ui.components import Fact, Link, moments
from mangrove.ui.forms import Answering
from mangrove.ui.tables import TablePage

both = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def doubles(request: HttpRequest) -> HttpResponse:
    access_merging(request.user)
    merges = Merge.objects.select_related("kept", "other").order_by("-pk")
    context = {"page": DOUBLES.page(suspected(), request.GET), "merges": MERGES.page(merges, QueryDict())}
    return render(request, "registry/doubles.html", context)


@both
@login_required
def side_by_side(request: HttpRequest, one: str, other: str) -> HttpResponse:
    user = access_merging(request.user)
    pair = (access_organisation(user, one), access_organisation(user, other))
    if pair[0] == pair[1]:
        raise Http404(_("要两家不同的机构。"))
    form, made = ProposeForm(request.POST or None, pair=pair), list[Merge]()
    if done(request, form, lambda: made.append(proposed(pair, form.cleaned_data, user))):
        messages.success(request, _("已提出，等另一人复核。"), extra_tags="good")
        return redirect("registry:merge", made[0].pk)
    context = {
        "form": form, "compared": beside(*pair), "act": _("提出合并"), "back": reverse("registry:doubles"),
    }  # fmt: skip
    return render(request, "registry/double.html", context, status=status(form))


def beside(one: Organisation, other: Organisation) -> TablePage:
    return table(one, other).page(compared(one, other), QueryDict())


def proposed(pair: tuple[Organisation, Organisation], told: dict[str, Any], user: User) -> Merge:
    ids = {one.pk for one in pair}
    other = (ids - {told["kept"]}).pop()
    return actions.propose(kept=told["kept"], other=other, by=user, on=timezone.localdate(), why=told["why"])


@both
@login_required
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """What was proposed; for another person with the two ways of deciding, and once merged with the way back."""
    user, one = access_merging(request.user), access_merge(request.user, pk)
    form = (UndoForm if one.state == "confirmed" else DecideForm)(request.POST or None)
    if done(request, form, lambda: act(request, one, form, user)):
        messages.success(request, _("已办。"), extra_tags="good")
        return redirect("registry:merge", one.pk)
    since = since_words(one)
    context = {
        "merge": one, "form": form, "facts": facts(one), "since": since,
        "may_decide": one.state == "proposed" and one.proposed_by != user.username,
        "compared": beside(one.kept, one.other), "clashes": clashes(one),
        "moments": moments(Event.objects.filter(room="registry", kind="organisation", object_id=one.other_id)),
    }  # fmt: skip
    return render(request, "registry/merge.html", context, status=status(form))


def act(request: HttpRequest, one: Merge, form: Answering, user: User) -> Merge:
    told: dict[str, Any] = {
        "merge": one,
        "by": user,
        "on": timezone.localdate(),
        "why": form.cleaned_data["why"],
    }
    acts = {"confirm": actions.confirm, "decline": actions.decline, "undo": actions.undo}
    asked = acts.get(request.POST.get("decision", ""))
    if asked is None:
        raise Http404(_("没有这一步。"))
    return asked(**told)


def since_words(one: Merge) -> list[Fact]:
    """What came to each of the two since they were merged; it stays with each when the merge is undone."""
    if one.state != "confirmed":
        return []
    now = actions.hung_now(one)
    sides = {"kept": one.kept, "other": one.other}
    return [
        Fact(linked(entry), in_words(came_since(one.hung.get(side, {}), now[side])) or _("没有新添"))
        for side, entry in sides.items()
    ]


def clashes(one: Merge) -> list[Fact]:
    """Records of the entry to be merged that the kept one has as well: one of each two has to be taken out first."""
    found = clashing(one.kept, one.other) if one.state == "proposed" else []
    return [Fact(said(vocabulary.entity(row.entity)), record_link(row)) for row in found[:NAMED]]


def record_link(row: Record) -> Link:
    return Link(row.key, reverse("registry:record", args=[row.entity, row.thing]))


def facts(one: Merge) -> list[Fact]:
    return [
        Fact(_("保留的一家"), linked(one.kept)),
        Fact(_("并入的一家"), linked(one.other)),
        Fact(_("状态"), state(one)),
        Fact(_("理由"), one.why),
        Fact(_("提出人"), one.proposed_by_name, one.proposed_on.isoformat()),
        Fact(_("复核人"), one.decided_by_name, one.decided_why),
        Fact(_("撤销人"), one.undone_by_name, one.undone_why),
    ]
