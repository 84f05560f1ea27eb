"""The only way to reach a plan. The office that makes it and oversight read it; a firm reads its own line in its claim."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.casework.access import access_case, readable_cases
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.workflow import OFFICER
from mangrove.policies.plans.models import Plan
from mangrove.policies.plans.workflow import PLAN
from mangrove.registry.models import User

Visitor = User | AnonymousUser


def readable_plans(user: Visitor) -> QuerySet[Plan]:
    if not isinstance(user, User) or not user.is_active:
        return Plan.objects.none()
    cases = readable_cases(user, of=[PLAN]).filter(pk=OuterRef("case"))
    return Plan.objects.filter(Exists(cases)).select_related("case__owner", "case__organisation", "portfolio")


def access_plan(user: Visitor, id: UUID | str, to: str = "read") -> Plan:
    found = readable_plans(user).filter(pk=id).first()
    if found is None:
        raise Http404(_("没有这份资助计划，或您无权知晓它。"))
    if to != "read":
        access_case(user, found.case_id, to=to)
    return found


def may_start(user: Visitor) -> bool:
    return isinstance(user, User) and user.is_active and user.has_role(OFFICER) and bool(user.organisation_id)


def access_starting(user: Visitor) -> User:
    if isinstance(user, User) and may_start(user):
        return user
    raise Refusal(
        _("资助计划由经办人编制。"), code="policies.not_permitted", remedy=_("请交给业务处室的经办人。")
    )
