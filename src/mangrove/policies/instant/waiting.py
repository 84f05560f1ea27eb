"""What a firm is asked for without having applied: whether it wants what was found for it, before the day is over."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.policies.claims.tables import scheme_words
from mangrove.policies.claims.workflow import APPLICANT
from mangrove.policies.instant.access import readable_offers
from mangrove.policies.instant.models import Offer, OfferState
from mangrove.ui.house import Todo


def offers_to_answer(user: Any) -> list[Todo]:
    """Those that can still be answered today."""
    if not user.has_role(APPLICANT):
        return []
    mine = readable_offers(user).filter(state=OfferState.OFFERED, organisation__in=user.bodies)
    return [todo(one) for one in mine.filter(until__gte=timezone.localdate()).order_by("until", "pk")]


def todo(one: Offer) -> Todo:
    return Todo(
        title=scheme_words(one.scheme), act=_("确认或放弃免申即享"), url=reverse("policies:offer", args=[one.pk]),
        due=one.until, since=one.known_on, subject=one.ref,
    )  # fmt: skip
