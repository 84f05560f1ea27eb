"""The page on which approved orders are chosen for a run: narrowed by pot and year, ticked one by one, with the sums of what is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mangrove.funding import access
from mangrove.funding.act_views import organisation_of, told
from mangrove.funding.forms import GatherFilter, RunForm, pot_words
from mangrove.funding.models import PaymentOrder, Pot
from mangrove.funding.sending import make_run
from mangrove.funding.tables import gather_table
from mangrove.funding.waiting import to_gather
from mangrove.registry.models import User
from mangrove.ui.acting import done, status
from mangrove.ui.components import Fact
from mangrove.ui.numbers import yuan


@login_required
def gather(request: HttpRequest) -> HttpResponse:
    user = access.access_act(request.user, "send")
    ready = ready_for(user)
    filters = GatherFilter(request.GET, pots=Pot.objects.filter(awards__orders__in=ready).distinct())
    shown = filters.narrow(ready).order_by("number")
    form, made = RunForm(request.POST or None), list[Any]()
    ticked = request.POST.getlist("orders")
    if done(request, form, lambda: made.append(gathered(user, ticked, **form.cleaned_data))):
        return told(request, _("编付款批次"), reverse("funding:run", args=[made[0].uid]))
    return page(request, form, filters, shown, ticked)


def ready_for(user: User) -> QuerySet[PaymentOrder]:
    """Who prepared an order never sends it, so it is not offered to them."""
    return to_gather(access.readable_orders(user)).exclude(prepared_by=user.username)


def gathered(user: User, numbers: Sequence[str], **said: Any) -> Any:
    return make_run(numbers=numbers, organisation=organisation_of(user), by=user.actor, **said)


def page(
    request: HttpRequest, form: RunForm, filters: GatherFilter, shown: QuerySet[PaymentOrder], ticked: Collection[str]
) -> HttpResponse:  # fmt: skip
    orders = list(shown[: gather_table(()).page_size])
    chosen = ticked if request.method == "POST" else ticked_at_first(orders)
    context = {
        "form": form, "filters": filters, "page": gather_table(chosen).page(orders, QueryDict()),
        "sums": sums(orders), "left": shown.count() - len(orders), "back": reverse("funding:runs"), "act": _("编付款批次"),
    }  # fmt: skip
    return render(request, "funding/gather.html", context, status=status(form))


def ticked_at_first(orders: Sequence[PaymentOrder]) -> list[str]:
    """All where they are of one pot; what is mixed is chosen by a person."""
    of_one = len({one.award.pot_id for one in orders}) == 1
    return [one.number for one in orders] if of_one else []


def sums(orders: Sequence[PaymentOrder]) -> list[Fact]:
    """By pot, then all together."""
    by_pot: defaultdict[str, list[int]] = defaultdict(list)
    for one in orders:
        by_pot[pot_words(one.award.pot)].append(one.amount)
    every = [one.amount for one in orders]
    return [*(sum_of(name, amounts) for name, amounts in sorted(by_pot.items())), sum_of(_("合计"), every)]


def sum_of(name: str, amounts: Sequence[int]) -> Fact:
    count = ngettext("%(n)s 张指令", "%(n)s 张指令", len(amounts)) % {"n": len(amounts)}
    return Fact(name, _("%(amount)s 元") % {"amount": yuan(sum(amounts))}, count)
