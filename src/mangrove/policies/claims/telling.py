"""What the firm is told of its claim: that it is refused and why, what was approved, that nothing was left for it."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.casework.messages.actions import tell
from mangrove.policies.claims.models import Claim
from mangrove.policies.claims.workflow import APPLICANT
from mangrove.registry.models import User, bodies_of
from mangrove.ui.numbers import yuan

REFUSED, AWARDED, NOTHING = "policies.claim_refused", "policies.claim_awarded", "policies.claim_nothing"
KINDS = {
    REFUSED: _("“%(title)s”不予资助：%(why)s。有不同意见的，可向%(unit)s询问，也可以投诉。"),
    AWARDED: _("“%(title)s”已批准资助 %(amount)s 元；拨付到哪一步，看“本企业”。"),
    NOTHING: _("“%(title)s”没有列入资助；依据和理由看申报的页面和公示。"),
}


def people_of(firm: str) -> list[User]:
    """Who applies for it."""
    rows = User.objects.filter(is_active=True, organisation__in=bodies_of(firm))
    return [one for one in rows if one.has_role(APPLICANT)]


def tell_firm(kind: str, claim: Claim, **said: str) -> None:
    """Once for each end. Must be called in the transaction of the act."""
    tell(
        kind, to=people_of(claim.organisation_id), key=f"{kind}/{claim.pk}", about=claim.ref, href=reverse("policies:claim", args=[claim.pk]),
        title=claim.title, **said,
    )  # fmt: skip


def tell_refused(claim: Claim, why: str) -> None:
    tell_firm(REFUSED, claim, why=why.strip().rstrip("。"), unit=claim.case.unit)


def tell_decided(claim: Claim, fen: int) -> None:
    """After a plan was approved: what it gave."""
    if fen:
        tell_firm(AWARDED, claim, amount=yuan(fen))
    else:
        tell_firm(NOTHING, claim)
