"""A firm is told of what was found for it without its having asked; an offer of which nobody hears lapses in silence."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.casework.messages.actions import tell
from mangrove.policies.claims.telling import people_of
from mangrove.policies.instant.models import Offer
from mangrove.policies.schemes.definition import scheme
from mangrove.ui.numbers import yuan

OFFERED = "policies.offer_made"
KINDS = {
    OFFERED: _(
        "“%(what)s”：按已有的数据，贵单位可得 %(amount)s 元；%(until)s 前在“免申即享”里确认，不必申报。"
    )
}


def tell_firms(made: Sequence[Offer]) -> None:
    """Once for each offer and its last day. Must be called in the transaction of the match."""
    for one in made:
        title, until = scheme(one.scheme).title, one.until.isoformat()
        tell(
            OFFERED, to=people_of(one.organisation_id), key=f"{one.ref}/{until}", about=one.ref,
            href=reverse("policies:offer", args=[one.pk]), what=title.zh, what_en=title.en, amount=yuan(one.amount), until=until,
        )  # fmt: skip
