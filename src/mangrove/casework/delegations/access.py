"""A delegation is read by both sides and by who oversees; given by the principal; revoked by the principal or the security administrator."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.casework.access import Visitor
from mangrove.casework.delegations.acts import known, step_of
from mangrove.casework.delegations.models import Delegation
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User

OVERSIGHT = ("security", "auditor", "inspector")


def readable_delegations(user: Visitor) -> QuerySet[Delegation]:
    if not isinstance(user, User) or not user.is_active:
        return Delegation.objects.none()
    if user.has_role(*OVERSIGHT):
        return Delegation.objects.all()
    return Delegation.objects.filter(Q(principal=user) | Q(delegate=user))


def access_delegation(user: Visitor, id: uuid.UUID, to: str = "read") -> Delegation:
    found = readable_delegations(user).select_related("principal", "delegate").filter(pk=id).first()
    if found is None or not isinstance(user, User):
        raise Http404(_("没有这项授权。"))
    if to == "revoke" and not may_revoke(user, found):
        raise Refusal(
            _("您不能撤销这项授权。"), code="casework.not_permitted", remedy=_("由授权人或安全管理员撤销。"),
        )  # fmt: skip
    return found


def may_revoke(user: User, delegation: Delegation) -> bool:
    return delegation.revoked_on is None and (delegation.principal_id == user.pk or user.has_role("security"))


def may_delegate(user: Visitor) -> list[str]:
    """The acts that this person may take themselves and so pass on."""
    if not isinstance(user, User) or not user.is_active:
        return []
    steps = {act: step_of(act) for act in known()}
    return [act for act, found in steps.items() if found and user.has_role(*found[1].roles)]


def candidates(user: User, acts: list[str]) -> list[User]:
    """Who can act in this person's place: of the same organisation, and with a part in the same work already."""
    flows = [found[0] for act in acts if (found := step_of(act))]
    roles = {role for flow in flows for step in flow.steps for role in step.roles}
    people = User.objects.filter(is_active=True, organisation__in=user.bodies).exclude(pk=user.pk)
    return [one for one in people.order_by("name") if one.has_role(*roles)]


def sees_delegations(user: Visitor) -> bool:
    return isinstance(user, User) and (
        user.has_role(*OVERSIGHT) or bool(may_delegate(user)) or readable_delegations(user).exists()
    )
