"""The only way to reach a claim, its doubts and its papers.

A firm sees its own claims and no other's; the office those of its organisation; oversight all. Who may not know of one gets
``Http404``, who may see it but not take the step a :class:`Refusal`.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.casework.access import access_case, readable_cases
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.models import Claim, Doubt
from mangrove.policies.claims.workflow import APPLICANT, BEFORE_THE_PLAN, CHECKING, CLAIM, OFFICER, READERS
from mangrove.registry.models import User

Visitor = User | AnonymousUser
#: What an officer does to a claim without moving it.
WORK = ("check", "judge", "expenses", "search", "weigh")


def claim_cases(user: User) -> Q:
    """Which cases of claims this person may read, for the rooms that list cases."""
    found = Q(pk__in=[])
    if user.has_role(*READERS):
        return Q()
    if user.has_role(OFFICER, "signer", "payment_officer", "payment_approver"):
        found |= Q(organisation__in=user.bodies)
    if user.has_role(APPLICANT):
        found |= Q(claim__organisation__in=user.bodies)
    return found


def readable_claims(user: Visitor) -> QuerySet[Claim]:
    if not isinstance(user, User) or not user.is_active:
        return Claim.objects.none()
    cases = readable_cases(user, of=[CLAIM]).filter(pk=OuterRef("case"))
    return Claim.objects.filter(Exists(cases)).select_related(
        "case__owner", "case__organisation", "organisation"
    )


def access_claim(user: Visitor, id: UUID | str, to: str = "read") -> Claim:
    """To ``read``, to take a step of the workflow, or to do one of :data:`WORK`."""
    found = readable_claims(user).filter(pk=id).first()
    if found is None:
        raise Http404(_("没有这件扶持申报，或您无权知晓它。"))
    if to in WORK:
        refuse_no_officer(user, found)
    elif to != "read":
        access_case(user, found.case_id, to=to)
    return found


def refuse_no_officer(user: Any, claim: Claim) -> None:
    if not (user.has_role(OFFICER) and claim.case.organisation_id in user.bodies):
        raise Refusal(
            _("这一步由本单位经办人办理。"), code="policies.not_permitted", where=claim.title,
            rule=_("扶持申报由受理单位的经办人审核"), remedy=_("请交给经办人。"),
        )  # fmt: skip
    if claim.case.state != CHECKING:
        state = CLAIM.state(claim.case.state).label
        raise Refusal(
            _("现为“%(state)s”，审核已经办完。") % {"state": state}, code="policies.not_checking", where=claim.title,
            remedy=_("须改的，请先“退回审核”。") if claim.case.state in BEFORE_THE_PLAN else "",
        )  # fmt: skip


def as_firm(user: Any, claim: Claim) -> bool:
    """Whether the reader is of the firm itself: it is shown public words, and nothing of who doubts what."""
    return bool(user.has_role(APPLICANT) and claim.organisation_id in user.bodies)


def readable_doubts(user: Visitor) -> QuerySet[Doubt]:
    """Of claims that the person may read as the office or as oversight; never as the firm."""
    if not isinstance(user, User) or not user.has_role(OFFICER, *READERS):
        return Doubt.objects.none()
    return Doubt.objects.filter(claim__in=readable_claims(user)).select_related("claim__organisation")


def access_doubt(user: Visitor, id: int, to: str = "read") -> Doubt:
    found = readable_doubts(user).filter(pk=id).first()
    if found is None:
        raise Http404(_("没有这一处疑点，或您无权知晓它。"))
    if to == "weigh":
        refuse_no_officer(user, found.claim)
    return found
