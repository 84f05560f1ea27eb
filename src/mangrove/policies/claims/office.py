"""What the office's pages of a claim share: they are not for the firm, and lead from one to the other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from mangrove.policies.claims.access import access_claim, as_firm
from mangrove.policies.claims.models import Claim
from mangrove.policies.claims.standing import open_doubts
from mangrove.policies.claims.workflow import CHECKING, CLAIM, OFFICER
from mangrove.policies.schemes.definition import scheme
from mangrove.ui.components import Tab


def access_as_office(user: Any, id: UUID | str) -> Claim:
    """A claim as the office sees it; to the firm these pages do not exist."""
    claim = access_claim(user, id)
    if as_firm(user, claim):
        raise Http404(_("没有这件扶持申报，或您无权知晓它。"))
    return claim


def may_work(user: Any, claim: Claim) -> bool:
    """Whether the page offers the acts; whether they may happen the acts themselves ask."""
    mine = user.has_role(OFFICER) and claim.case.organisation_id in user.bodies
    return bool(mine and claim.case.state == CHECKING)


def state_words(claim: Claim) -> str:
    return str(CLAIM.state(claim.case.state).label)


def claim_href(claim: Claim) -> str:
    """The claim's own page, where the room has one."""
    try:
        return reverse("policies:claim", args=[claim.pk])
    except NoReverseMatch:
        return ""


def tabs(claim: Claim, here: str) -> list[Tab]:
    """The audit, where the scheme asks for one, and the doubts."""
    found = (
        [Tab(_("专项审计"), reverse("policies:audit", args=[claim.pk]), here == "audit")]
        if scheme(claim.scheme).audit
        else []
    )
    doubts = Tab(
        _("疑点"),
        reverse("policies:claim_doubts", args=[claim.pk]),
        here == "doubts",
        open_doubts(claim).count(),
    )
    return [*found, doubts]
