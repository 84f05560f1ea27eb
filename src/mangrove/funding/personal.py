"""The account that a payment goes to, for who prepares or approves payments."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.funding.access import access_order
from mangrove.registry.models import User
from mangrove.registry.personal.kinds import Field, Shown

ORDER = "funding.order"


def account(user: User, number: str) -> Shown:
    order = access_order(user, number, to="show_account")
    fields = [Field(_("账号"), order.account, order.masked_account)]
    return Shown(order.ref, order.number, reverse("funding:order", args=[order.number]), fields)
