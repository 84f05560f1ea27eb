"""What waits for whom: orders to approve, to gather and to make anew, and runs to send. One line of each, not one an order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.funding.access import may, readable_awards, readable_orders, readable_runs
from mangrove.funding.confirming import to_confirm
from mangrove.funding.models import Award, PaymentOrder, RunState
from mangrove.funding.workflow import LIVE
from mangrove.registry.models import User
from mangrove.ui.house import Todo


def to_make_anew(orders: QuerySet[PaymentOrder]) -> QuerySet[PaymentOrder]:
    """Of these, the last of each tranche that came back or lapsed with no living order after it, and money still decided for it."""
    of_award = PaymentOrder.objects.filter(award=OuterRef("award"))
    followed = of_award.filter(
        tranche=OuterRef("tranche"), pk__gt=OuterRef("pk"), state__in=(*LIVE, "returned", "lapsed")
    )
    ordered = of_award.filter(state__in=LIVE).order_by().values("award").annotate(sum=Sum("amount"))
    return orders.filter(
        ~Exists(followed), state__in=("returned", "lapsed"),
        award__decided__gt=Coalesce(Subquery(ordered.values("sum")), 0),
    )  # fmt: skip


def to_gather(orders: QuerySet[PaymentOrder]) -> QuerySet[PaymentOrder]:
    """Approved and in no run."""
    return orders.filter(state="approved", run=None)


def to_approve(user: Any) -> int | None:
    return readable_orders(user).filter(state="prepared").count() if may(user, "approve") else None


def to_order(awards: QuerySet[Award]) -> QuerySet[Award]:
    """Awards that may be paid and of which no order was ever made, or none but such as were voided."""
    ordered = PaymentOrder.objects.filter(award=OuterRef("pk")).exclude(state="cancelled")
    confirmed = Q(registered_by="") | ~Q(confirmed_by="")
    return awards.filter(~Exists(ordered), confirmed, decided__gt=0)


def todos(user: User) -> list[Todo]:
    anew = prepares(user) if may(user, "prepare") else ()
    approving = approves(user) if may(user, "approve") else ()
    return [*anew, *approving, *(confirms(user) if may(user, "confirm") else ())]


def confirms(user: User) -> Iterator[Todo]:
    """Those that another person entered."""
    for one in to_confirm(readable_awards(user)).exclude(registered_by=user.username):
        yield Todo(
            one.title, _("确认决定"), reverse("funding:award", args=[one.uid]), None, one.decided_on, one.ref
        )


def prepares(user: User) -> Iterator[Todo]:
    found = to_make_anew(readable_orders(user)).order_by().aggregate(n=Count("pk"), since=Min("settled_on"))
    if found["n"]:
        title = _("%(n)s 张退票或年末收回，待重下") % {"n": found["n"]}
        since = found["since"] or timezone.localdate()
        yield line(title, _("下付款指令"), "anew", since)
    waiting = to_order(readable_awards(user)).order_by().aggregate(n=Count("pk"), since=Min("decided_on"))
    if waiting["n"]:
        title = _("%(n)s 项资助决定还没有付款指令") % {"n": waiting["n"]}
        where = f"{reverse('funding:awards')}?state=to_order&sort=decided_on"
        yield Todo(title, _("下付款指令"), where, None, waiting["since"], None)


def approves(user: User) -> Iterator[Todo]:
    today = timezone.localdate()
    others = readable_orders(user).exclude(prepared_by=user.username)
    if count := others.filter(state="prepared").count():
        yield line(_("%(n)s 张付款指令待审核") % {"n": count}, _("审核通过"), "prepared", today)
    if count := to_gather(others).count():
        yield line(_("%(n)s 张已审核，待编批次") % {"n": count}, _("编付款批次"), "to_gather", today)
    for run in readable_runs(user).filter(state=RunState.OPEN):
        where = reverse("funding:run", args=[run.uid])
        yield Todo(run.title, _("送国库"), where, None, run.made_on, run.ref)


def line(title: str, act: str, state: str, since: date) -> Todo:
    return Todo(title, act, f"{reverse('funding:orders')}?state={state}", None, since, None)
