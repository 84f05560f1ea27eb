"""Pages to act on money: one form each. The act itself is in ``actions.py`` and its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.funding import access, actions, totals
from mangrove.funding import forms as room_forms
from mangrove.funding.award_facts import decided_facts, judged_facts
from mangrove.funding.confirming import confirm
from mangrove.funding.evidence import register_evidence, release_evidence
from mangrove.funding.models import Award, PaymentOrder
from mangrove.funding.room import ref_of_hand_entry
from mangrove.funding.sending import ask_to_send, take_out
from mangrove.funding.transfers import note_transfer
from mangrove.funding.treasury import plain_yuan
from mangrove.ledger.refs import Ref
from mangrove.registry.models import User
from mangrove.ui.acting import done, status
from mangrove.ui.components import Fact
from mangrove.ui.forms import Answering, Dated

Act = Callable[..., object]


def form_page(
    request: HttpRequest, form: Answering, heading: Any, back: str, note: Any = "", facts: Sequence[Fact] = ()
) -> HttpResponse:
    """``facts``: what who acts has to see before."""
    context = {
        "form": form, "heading": heading, "heading_note": note, "act": heading, "back": back, "judged": facts,
    }  # fmt: skip
    return render(request, "funding/act.html", context, status=status(form))


def told(request: HttpRequest, heading: Any, to: str) -> HttpResponse:
    messages.success(request, _("已办：%(act)s。") % {"act": heading})
    return redirect(to)


@login_required
def open_pot(request: HttpRequest) -> HttpResponse:
    user = access.access_act(request.user, "open_pot")
    form = room_forms.PotForm(request.POST or None)
    if done(
        request, form,
        lambda: actions.open_pot(**form.cleaned_data, organisation=organisation_of(user), by=user.actor),
    ):  # fmt: skip
        return told(request, _("登记资金"), reverse("funding:pot", args=[form.cleaned_data["code"]]))
    return form_page(request, form, _("登记资金"), reverse("funding:pots"))


def organisation_of(user: User) -> Any:
    if user.body is None:
        raise Http404(_("您的账号没有所属机构。"))
    return user.body


@login_required
def decide(request: HttpRequest) -> HttpResponse:
    """An award entered by hand, for what no programme decides here."""
    user = access.access_act(request.user, "decide")
    open_pots = access.readable_pots(user).filter(closed_on=None)
    start = {"pot": open_pots.filter(code=request.GET.get("pot", "")).first()}
    form = room_forms.DecideForm(request.POST or None, pots=open_pots, initial=start)
    made: list[Award] = []
    if done(request, form, lambda: made.append(decided(user, **form.cleaned_data))):
        return told(request, _("资助决定"), reverse("funding:award", args=[made[0].uid]))
    note = _("计划外的决定：登记以后由本单位另一位经办人确认，才能付款。")
    return form_page(request, form, _("登记资助决定"), reverse("funding:pots"), note)


def decided(user: User, **said: Any) -> Award:
    subject = ref_of_hand_entry(said["basis"], said["recipient"], said["title"])
    return actions.decide(**said, subject=subject, by=user.actor, by_hand=True)


AWARD_ACTS: dict[str, tuple[Any, Act]] = {
    "prepare": (gettext_lazy("下付款指令"), actions.prepare_order),
    "reduce": (gettext_lazy("核减"), actions.reduce),
    "recover": (gettext_lazy("登记追回"), actions.recover),
    "confirm": (gettext_lazy("确认决定"), confirm),
}


@login_required
def award_act(request: HttpRequest, uid: UUID, act: str) -> HttpResponse:
    if act not in AWARD_ACTS:
        raise Http404(_("没有“%(act)s”这一步。") % {"act": act})
    heading, doing = AWARD_ACTS[act]
    one = access.access_award(request.user, uid, to=act)
    user: User = request.user  # type: ignore[assignment]
    form = award_form(act, one, request.POST or None, request.GET.get("again", ""))
    back = reverse("funding:award", args=[uid])
    if done(request, form, lambda: doing(award=one, by=user.actor, **form.cleaned_data)):
        return told(request, heading, back)
    return form_page(request, form, heading, back, one.title, [] if act == "reduce" else decided_facts(one))


def award_form(act: str, one: Award, data: Any, again: str = "") -> Dated:
    """``again``: the number of the order that came back, where this one takes its place."""
    if act != "prepare":
        return plain_form(act, data)
    before = one.orders.filter(number=again).first()
    return room_forms.OrderForm(data, initial=as_before(one, before) if before else next_order(one))


def plain_form(act: str, data: Any) -> Dated:
    if act == "reduce":
        return room_forms.AmountForm(data, label=_("核减后金额"))
    return room_forms.RecoverForm(data, label=_("追回金额")) if act == "recover" else Dated(data)


def next_order(one: Award) -> dict[str, Any]:
    last = one.orders.order_by("-tranche", "-pk").first()
    start = {"payee": one.recipient.name, "tranche": last.tranche + 1 if last else 1}
    return {
        **start,
        "amount": plain_yuan(totals.of_award(one).to_order),
        **({"bank": last.bank} if last else {}),
    }


def as_before(one: Award, before: PaymentOrder) -> dict[str, Any]:
    """All but the account, which is typed anew: it may be what was wrong."""
    amount = min(before.amount, totals.of_award(one).to_order)
    told = {
        "tranche": before.tranche, "payee": before.payee, "payee_reason": before.payee_reason, "bank": before.bank,
    }  # fmt: skip
    return {**told, "amount": plain_yuan(amount)}


ORDER_ACTS: dict[str, tuple[Any, Act]] = {
    "approve": (gettext_lazy("审核通过"), actions.approve),
    "cancel": (gettext_lazy("作废"), actions.cancel),
    "take_out": (gettext_lazy("移出批次"), take_out),
    "receive": (gettext_lazy("确认到账"), actions.confirm_received),
    "transfer": (gettext_lazy("登记下拨"), note_transfer),
}
#: Acts that are judged against the version which the page showed.
VERSIONED = ("approve", "cancel", "take_out")


@login_required
def order_act(request: HttpRequest, number: str, act: str) -> HttpResponse:
    if act not in ORDER_ACTS:
        raise Http404(_("没有“%(act)s”这一步。") % {"act": act})
    heading, doing = ORDER_ACTS[act]
    one = access.access_order(request.user, number, to=act)
    user: User = request.user  # type: ignore[assignment]
    form = order_form(act, one, request.POST or None)
    back = reverse("funding:order", args=[number])
    now = (
        (lambda: {"expected_version": access.access_order(user, number).version})
        if act in VERSIONED
        else None
    )
    if done(request, form, lambda: doing(order=one, by=user.actor, **form.cleaned_data), now=now):
        return told(request, heading, back)
    return form_page(request, form, heading, back, number, judged_facts(one) if act == "approve" else [])


def order_form(act: str, one: PaymentOrder, data: Any) -> Dated:
    if act in VERSIONED:
        return room_forms.OrderActForm(
            data, reasoned=act != "approve", initial={"expected_version": one.version}
        )
    return room_forms.TransferForm(data) if act == "transfer" else Dated(data)


@login_required
def send_run(request: HttpRequest, uid: UUID) -> HttpResponse:
    one = access.access_run(request.user, uid, to="send")
    user: User = request.user  # type: ignore[assignment]
    form = Dated(request.POST or None)
    made: list[Any] = []
    if done(request, form, lambda: made.append(ask_to_send(run=one, by=user.actor, **form.cleaned_data))):
        return redirect("jobs:job", made[0].uid)
    return form_page(request, form, _("送国库"), reverse("funding:run", args=[uid]), one.title)


@login_required
def register(request: HttpRequest) -> HttpResponse:
    user = access.access_act(request.user, "register")
    form = room_forms.EvidenceForm(request.POST or None)
    if done(request, form, lambda: registered(user, **form.cleaned_data)):
        return told(request, _("登记凭据"), reverse("funding:evidence"))
    return form_page(request, form, _("登记凭据"), reverse("funding:evidence"))


def registered(user: User, claim_number: str, **said: Any) -> object:
    return register_evidence(**said, claim=Ref("funding", "claim", claim_number), by=user.actor)


@login_required
def release(request: HttpRequest, id: int) -> HttpResponse:
    one = access.access_evidence(request.user, id, to="release")
    user: User = request.user  # type: ignore[assignment]
    form = Dated(request.POST or None)
    form.fields["why"].required = True
    back = reverse("funding:evidence_item", args=[id])
    if done(request, form, lambda: release_evidence(evidence=one, by=user.actor, **form.cleaned_data)):
        return told(request, _("释放凭据"), back)
    return form_page(request, form, _("释放凭据"), back, one.number)
