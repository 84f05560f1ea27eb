"""The list of offers."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.funding.tables import money
from mangrove.policies.claims.tables import scheme_words
from mangrove.policies.instant.models import Offer
from mangrove.registry.labels import named
from mangrove.ui.components import Link, Short, Tag, Tone
from mangrove.ui.dates import due_tag
from mangrove.ui.tables import SYNTHETIC, Column, Table

TONES: dict[str, Tone] = {"offered": "info", "confirmed": "good", "declined": "calm", "lapsed": "warn"}


def state_tag(offer: Offer) -> Tag:
    return Tag(offer.get_state_display(), TONES[offer.state])


def offer_link(offer: Offer) -> Link:
    return Link(scheme_words(offer.scheme), reverse("policies:offer", args=[offer.pk]))


OFFERS = Table(
    "offers",
    _("免申即享"),
    [
        Column("scheme", _("扶持事项"), sort="scheme", cell=offer_link, export=lambda one: scheme_words(one.scheme)),
        Column("organisation", _("企业"), sort="organisation__name", cell=lambda one: named(one.organisation)),
        money("amount", _("金额"), sort="amount"),
        Column("known_on", _("比对日"), sort="known_on", cell=lambda one: Short(one.known_on.isoformat())),
        Column("until", _("确认期限"), sort="until", cell=lambda one: due_tag(one.until) if one.state == "offered" else Short(one.until.isoformat())),
        Column("state", _("状态"), sort="state", cell=state_tag),
        SYNTHETIC,
    ],
    order="-known_on",
    empty=_("名录里的数据够用、企业只须确认的扶持，比对之后列在这里。"),
)  # fmt: skip
