"""Who may know of an objection, a complaint, a report: its handling office, and who lodged it by their own account.

Nobody else: no oversight role, no administrator, no other unit of the same bureau.
"""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.casework.access import Visitor, refuse_out_of_reach
from mangrove.casework.grievances.models import Grievance, Secret
from mangrove.casework.grievances.workflow import FLOWS
from mangrove.casework.models import Case
from mangrove.casework.rules import rules
from mangrove.registry.models import Organisation, User

#: The role of each kind's office, as its table has it.
ROLES = {kind: flow.steps[0].roles for kind, flow in FLOWS.items()}  # type: ignore[index]


def handled_cases(user: User) -> Q:
    """Of the cases of these tables, those that this person's own unit handles."""
    mine = Q(pk__in=[])
    if user.organisation_id and user.unit:
        for kind, flow in FLOWS.items():
            if user.has_role(*ROLES[kind]):
                mine |= Q(workflow=flow.id, organisation__in=user.bodies, unit=user.unit)
    return mine


def handled(user: Visitor) -> QuerySet[Grievance]:
    if not isinstance(user, User) or not user.is_active:
        return Grievance.objects.none()
    return Grievance.objects.filter(case__in=Case.objects.filter(handled_cases(user)).values("pk"))


def lodged(user: Visitor) -> QuerySet[Grievance]:
    """What this person lodged by their own account; of what an office entered, only the office knows."""
    if not isinstance(user, User) or not user.is_active:
        return Grievance.objects.none()
    return Grievance.objects.filter(pk__in=Secret.objects.filter(lodged_by=user.username).values("pk"))


def readable(user: Visitor) -> QuerySet[Grievance]:
    return Grievance.objects.filter(
        Q(pk__in=handled(user).values("pk")) | Q(pk__in=lodged(user).values("pk"))
    )


def readable_cases_of(user: User) -> Q:
    """The same for the cases, which their files and time limits follow."""
    mine = Secret.objects.filter(lodged_by=user.username).values("grievance__case")
    return handled_cases(user) | Q(pk__in=mine)


def handles(user: Visitor, grievance: Grievance) -> bool:
    return handled(user).filter(pk=grievance.pk).exists()


def access_grievance(user: Visitor, id: uuid.UUID, to: str = "read") -> Grievance:
    """To ``read``, or for an act of its workflow. Raises ``Http404`` or :class:`Refusal`."""
    found = readable(user).select_related(
        "case__organisation", "notice", "secret__item", "secret__organisation"
    )
    grievance = found.filter(pk=id).first()
    if grievance is None or not isinstance(user, User):
        raise Http404(_("没有这一件。"))
    if to != "read":
        refuse_out_of_reach(user, grievance.case, to)
        if not handles(user, grievance):
            raise Http404(_("没有这一件。"))
    return grievance


def may_enter(user: Visitor, kind: str) -> bool:
    """Whether this person's office takes this kind, so that they enter what came on paper."""
    return (
        isinstance(user, User)
        and user.is_active
        and bool(user.unit and user.organisation_id)
        and user.has_role(*ROLES[kind])
    )


def takers(kind: str, organisation: Organisation | None, unit: str) -> list[User]:
    """The open accounts of that unit that take this kind."""
    if organisation is None:
        return []
    people = User.objects.filter(is_active=True, organisation__in=organisation.bodies, unit=unit)
    return [user for user in people if user.has_role(*ROLES[kind])]


def kinds_entered(user: Visitor) -> list[str]:
    return [rule.id for rule in rules().grievances if may_enter(user, rule.id)]
