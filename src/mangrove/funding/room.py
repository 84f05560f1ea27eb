"""What funding registers with the house."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.funding.access import (
    handles,
    readable_awards,
    readable_orders,
    readable_pots,
)
from mangrove.funding.searching import SEARCH
from mangrove.funding.waiting import to_approve, todos
from mangrove.ledger.refs import Ref
from mangrove.registry.decisions import name_key
from mangrove.registry.models import Organisation
from mangrove.ui.house import Named, NavEntry, Room


def named_awards(user: Any, uids: Collection[str]) -> dict[str, Named]:
    found = readable_awards(user).filter(uid__in=uids)
    return {str(one.uid): Named(one.title, href=reverse("funding:award", args=[one.uid])) for one in found}


def named_pots(user: Any, codes: Collection[str]) -> dict[str, Named]:
    found = readable_pots(user).filter(code__in=codes)
    return {one.code: Named(one.name, href=reverse("funding:pot", args=[one.code])) for one in found}


def named_orders(user: Any, numbers: Collection[str]) -> dict[str, Named]:
    found = readable_orders(user).filter(number__in=numbers)
    return {one.number: Named(one.number, href=reverse("funding:order", args=[one.number])) for one in found}


ROOM = Room(
    id="funding",
    label=_("资金"),
    prefix="funding",
    search=SEARCH,
    urls="mangrove.funding.urls",
    navigation=(
        NavEntry(_("资金池"), "funding:pots", "money", 64, visible=handles),
        NavEntry(_("付款指令"), "funding:orders", "money", 65, count=to_approve, visible=handles),
        NavEntry(_("凭据查重"), "funding:evidence", "money", 66, visible=handles),
    ),
    todos=todos,
    keeps={"treasury_receipt": "funding:orders", "prior_money": "funding:prior_money"},
    acts={
        "funding.pot.open": _("登记资金"),
        "funding.pot.add": _("追加资金"),
        "funding.pot.correct": _("更正登记"),
        "funding.pot.withdraw": _("撤销登记"),
        "funding.award.decide": _("资助决定"),
        "funding.award.confirm": _("确认决定"),
        "funding.award.reduce": _("核减"),
        "funding.award.recover": _("追回"),
        "funding.order.open": _("下付款指令"),
        "funding.order.approve": _("审核通过"),
        "funding.order.cancel": _("作废"),
        "funding.order.send": _("送国库"),
        "funding.order.paid": _("国库已支付"),
        "funding.order.returned": _("退票"),
        "funding.order.lapsed": _("年末收回"),
        "funding.order.received": _("确认到账"),
        "funding.order.transfer": _("登记下拨"),
        "funding.run.make": _("编付款批次"),
        "funding.run.take_out": _("移出批次"),
        "funding.run.send": _("付款批次已送出"),
        "funding.evidence.register": _("登记凭据"),
        "funding.evidence.release": _("释放凭据"),
        "funding.prior_money.import": _("导入先前资金"),
    },
    addresses={
        "pot": lambda code: reverse("funding:pot", args=[code]),
        "award": lambda uid: reverse("funding:award", args=[uid]),
        "order": lambda number: reverse("funding:order", args=[number]),
        "run": lambda uid: reverse("funding:run", args=[uid]),
        "evidence": lambda id: reverse("funding:evidence_item", args=[id]),
    },
    hangs={
        "funding.award.recipient": _("资助决定"),
        "funding.evidence.claimant": _("凭据"),
        "funding.paymentrun.organisation": _("付款批次"),
        "funding.pot.organisation": _("资金池"),
    },
    names={"award": named_awards, "pot": named_pots, "order": named_orders},
)


def ref_of_hand_entry(basis: str, recipient: Organisation, title: str) -> Ref:
    """What an award entered by hand is for: a matter of one body under the paper that decided it; a paper decides on many."""
    told = "\n".join((name_key(basis), recipient.pk, name_key(title)))
    return Ref("funding", "paper", sha256(told.encode()).hexdigest())
