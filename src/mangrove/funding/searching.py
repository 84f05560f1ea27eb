"""How money is found: pots by the number of their budget document, orders by theirs, awards by what they are for and on what basis."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.funding.access import readable_awards, readable_orders, readable_pots
from mangrove.funding.models import Award, PaymentOrder, Pot
from mangrove.registry.labels import named
from mangrove.ui.searching import Hit, Search


def pots(_user: Any, rows: Sequence[Pot]) -> list[Hit]:
    return [
        Hit(row.name, reverse("funding:pot", args=[row.code]), [(_("下达文号"), row.document_number)], row.synthetic) for row in rows
    ]  # fmt: skip


def awards(_user: Any, rows: Sequence[Award]) -> list[Hit]:
    return [
        Hit(
            row.title, reverse("funding:award", args=[row.uid]), [(_("受资助单位"), named(row.recipient)), (_("决定依据"), row.basis)],
            row.synthetic,
        )
        for row in rows
    ]  # fmt: skip


def orders(_user: Any, rows: Sequence[PaymentOrder]) -> list[Hit]:
    return [
        Hit(
            row.number, reverse("funding:order", args=[row.number]),
            [(_("收款人"), row.payee), (_("事项"), row.award.title), (_("国库流水号"), row.treasury_reference)], row.award.synthetic,
        )
        for row in rows
    ]  # fmt: skip


SEARCH = (
    Search("pot", _("资金池"), readable_pots, pots, fields=("name",), numbers=("document_number", "code"), order="-budget_year"),
    Search("award", _("资助决定"), readable_awards, awards, fields=("title", "recipient__name", "basis")),
    Search(
        "order", _("付款指令"), readable_orders, orders, fields=("payee", "award__title"), numbers=("number", "treasury_reference")
    ),
)  # fmt: skip
