"""How an accepted application goes on as a claim, told to the applicant in the lists of intake."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.casework.standing import holder_of, with_standing
from mangrove.intake.hooks import Further
from mangrove.policies.claims.models import Claim
from mangrove.policies.claims.tables import public_tag, since
from mangrove.ui.components import Link


def follow(applications: Collection[int]) -> dict[int, Further]:
    rows = Claim.objects.filter(application__in=applications).select_related(
        "case__organisation", "case__owner"
    )
    return {one.application_id: further(one) for one in with_standing(rows) if one.application_id is not None}


def further(claim: Any) -> Further:
    """Of a row of :func:`with_standing`."""
    holder = "" if claim.case.closed_on else str(holder_of(claim.case, person=False))
    return Further(
        public_tag(claim),
        holder,
        since(claim),
        Link(_("扶持申报的进展"), reverse("policies:claim", args=[claim.pk])),
    )
