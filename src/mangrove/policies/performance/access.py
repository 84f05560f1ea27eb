"""The only way to reach a review: a firm sees those of its own awards, the office those of its organisation, oversight all."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.casework.access import access_case, readable_cases
from mangrove.policies.claims.workflow import APPLICANT, OFFICER, READERS
from mangrove.policies.performance.models import Indicator, Performance
from mangrove.policies.performance.workflow import CONFIRMED, PERFORMANCE
from mangrove.policies.plans.models import without_texts
from mangrove.registry.models import User

Visitor = User | AnonymousUser
#: Who works beside the officers in the organisation that paid.
COLLEAGUES = (OFFICER, "signer", "payment_officer", "payment_approver")


def performance_cases(user: User) -> Q:
    """Which cases of reviews this person may read, for the rooms that list cases and hand out their files."""
    if user.has_role(*READERS):
        return Q()
    found = Q(pk__in=[])
    if user.has_role(*COLLEAGUES):
        found |= Q(organisation__in=user.bodies)
    if user.has_role(APPLICANT):
        found |= Q(performance__claim__organisation__in=user.bodies)
    return found


def readable_performances(user: Visitor) -> QuerySet[Performance]:
    if not isinstance(user, User) or not user.is_active:
        return Performance.objects.none()
    cases = readable_cases(user, of=[PERFORMANCE]).filter(pk=OuterRef("case"))
    return (
        Performance.objects.filter(Exists(cases))
        .select_related(
            "case__organisation",
            "case__owner",
            "claim__organisation",
            "claim__application",
            "award__plan_line__plan",
        )
        .defer(*without_texts("award__plan_line__plan"))
    )


def readable_indicators(user: Visitor) -> QuerySet[Indicator]:
    return (
        Indicator.objects.filter(performance__in=readable_performances(user))
        .select_related(
            "performance__case",
            "performance__claim__organisation",
            "performance__award__plan_line__plan",
            "paper",
        )
        .defer(*without_texts("performance__award__plan_line__plan"))
    )


def access_performance(user: Visitor, id: UUID | str, to: str = "read") -> Performance:
    """To ``read``, or to take a step of the workflow."""
    found = readable_performances(user).filter(pk=id).first()
    if found is None:
        raise Http404(_("没有这件绩效评价，或您无权知晓它。"))
    if to != "read":
        access_case(user, found.case_id, to=to)
    return found


def of_the_firm(user: Any, performance: Performance) -> bool:
    """Whether the reader is of the firm itself: it is shown public words, and no history of the office."""
    return bool(user.has_role(APPLICANT) and performance.claim.organisation_id in user.bodies)


def may_reopen(user: Any, performance: Performance) -> bool:
    mine = user.has_role(OFFICER) and performance.case.organisation_id in user.bodies
    return bool(mine and performance.case.state == CONFIRMED)
