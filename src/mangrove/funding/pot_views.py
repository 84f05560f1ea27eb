"""Pages to change a pot, and what its own page shows of the papers behind it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.funding import access, pots
from mangrove.funding.act_views import form_page, told
from mangrove.funding.forms import PotAddForm, PotCorrectForm, PotWithdrawForm
from mangrove.funding.models import Pot
from mangrove.funding.treasury import plain_yuan
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.registry.models import User
from mangrove.ui.acting import done
from mangrove.ui.components import Fact, Link
from mangrove.ui.languages import strung
from mangrove.ui.numbers import yuan

POT_ACTS: dict[str, tuple[Any, Any, Any]] = {
    "add_to_pot": (gettext_lazy("追加资金"), PotAddForm, pots.add_to_pot),
    "correct_pot": (gettext_lazy("更正登记"), PotCorrectForm, pots.correct_pot),
    "withdraw_pot": (gettext_lazy("撤销登记"), PotWithdrawForm, pots.withdraw_pot),
}


@login_required
def pot_act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    if act not in POT_ACTS:
        raise Http404(_("没有“%(act)s”这一步。") % {"act": act})
    heading, form_of, doing = POT_ACTS[act]
    one = access.access_pot(request.user, code, to=act)
    user: User = request.user  # type: ignore[assignment]
    form = form_of(request.POST or None, initial=start(act, one))
    back = reverse("funding:pot", args=[code])
    if done(
        request, form, lambda: doing(pot=one, by=user.actor, **form.cleaned_data),
        now=lambda: {"expected_amount": access.access_pot(user, code).amount},
    ):  # fmt: skip
        return told(request, heading, back)
    note = _("%(pot)s · 现为 %(amount)s 元") % {"pot": one.name, "amount": yuan(one.amount)}
    return form_page(request, form, heading, back, note)


def start(act: str, one: Pot) -> dict[str, Any]:
    seen: dict[str, Any] = {"expected_amount": one.amount}
    if act != "correct_pot":
        return seen
    return seen | {
        "name": one.name, "budget_year": one.budget_year, "document_number": one.document_number, "amount": plain_yuan(one.amount)
    }  # fmt: skip


def acts(user: Any, one: Pot, used: bool) -> list[Link]:
    """What this person may do with it now; ``used``: something was decided from it."""
    if one.closed_on:
        return []
    return [
        Link(str(heading), reverse("funding:pot_act", args=[one.code, act]))
        for act, (heading, _form, _doing) in POT_ACTS.items()
        if access.may(user, act) and not (used and act == "withdraw_pot")
    ]


def papers(one: Pot) -> list[Fact]:
    """Each addition and correction with its document, as the ledger has them."""
    events = Event.objects.filter(
        room=one.ref.room, kind=one.ref.kind, object_id=one.ref.id, act__in=("funding.pot.add", "funding.pot.correct")
    ).select_related("body")  # fmt: skip
    return [fact for event in events.order_by("pk") if (fact := paper(event))]


def paper(event: Event) -> Fact | None:
    told = said(event)
    if told is None:
        return None
    by = f"{told['document_number']} · {told['document_on']}"
    if "added" in told:
        return Fact(_("追加"), _("%(amount)s 元") % {"amount": yuan(told["added"])}, by)
    return Fact(_("更正"), strung(changes(told)), by)


def changes(told: dict[str, Any]) -> Iterator[str]:
    labels = {
        "name": _("资金池名称"),
        "budget_year": _("预算年度"),
        "document_number": _("下达文件"),
        "amount": _("下达金额"),
    }
    for key, was in told["was"].items():
        old, new = (yuan(one) if key == "amount" else str(one) for one in (was, told["now"][key]))
        yield _("%(label)s：%(was)s → %(now)s") % {"label": labels[key], "was": old, "now": new}
