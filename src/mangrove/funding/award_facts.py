"""What stands beside every payment: who was granted, by which paper, who entered it, and whether another is paid."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.funding import tables
from mangrove.funding.models import Award, PaymentOrder
from mangrove.funding.payees import differs
from mangrove.registry.labels import named
from mangrove.registry.models import User
from mangrove.ui.components import Fact, Link, Tag
from mangrove.ui.numbers import yuan


def person_words(username: str) -> str:
    return User.objects.filter(username=username).values_list("name", flat=True).first() or username


def recipient_link(award: Award) -> Link:
    return Link(named(award.recipient), reverse("registry:organisation", args=[award.recipient_id]))


def decided_facts(award: Award) -> list[Fact]:
    """The firm, the paper and the amount, and loudly where no plan decided it."""
    return [
        Fact(_("受资助单位"), recipient_link(award)), Fact(_("决定依据"), award.basis, award.decided_on.isoformat()),
        Fact(_("决定金额"), _("%(amount)s 元") % {"amount": yuan(award.decided)}), *by_hand(award),
    ]  # fmt: skip


def by_hand(award: Award) -> list[Fact]:
    if not award.registered_by:
        return []
    who = {"who": person_words(award.registered_by)}
    if award.awaits_confirming:
        return [Fact(_("来历"), Tag(_("未经计划公示的决定，由 %(who)s 一人登记，待第二人确认") % who, "bad"))]
    who["second"] = person_words(award.confirmed_by)
    return [Fact(_("来历"), Tag(_("未经计划公示的决定，由 %(who)s 登记，%(second)s 确认") % who, "warn"))]


def judged_facts(order: PaymentOrder) -> list[Fact]:
    """What the approver approves: who was granted and who is paid, side by side."""
    award = order.award
    return [
        Fact(_("受资助单位"), recipient_link(award)), *paid_to(order),
        Fact(_("指令金额"), _("%(amount)s 元") % {"amount": yuan(order.amount)}),
        Fact(_("决定依据"), award.basis, award.decided_on.isoformat()), Fact(_("资助决定"), tables.award_link(award)),
        *by_hand(award),
    ]  # fmt: skip


def paid_to(order: PaymentOrder) -> list[Fact]:
    payee = Fact(_("收款人"), order.payee, order.bank)
    if not differs(order):
        return [payee]
    warning: Any = Tag(_("收款人与受资助单位不一致"), "bad")
    return [payee, Fact(_("收款人核对"), warning, order.payee_reason or _("没有写明理由"))]
