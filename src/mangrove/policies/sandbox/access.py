"""Who reckons in the sandbox, and who reaches a scenario: its owner, those it is shared with, and oversight what is shared at all."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.policies.sandbox.models import Scenario, Shared
from mangrove.registry.models import User

Visitor = User | AnonymousUser
OVERSEEING = ("chain_chief", "auditor")
READERS = ("case_officer", "signer", *OVERSEEING)
#: The audit looks at everything and changes nothing.
KEEPERS = ("case_officer", "signer", "chain_chief")


def access_sandbox(user: Visitor, to: str = "read") -> User:
    """Raises ``Http404`` to who has nothing to do with drafting measures, :class:`Refusal` to who may not keep scenarios."""
    if not isinstance(user, User) or not user.is_active or not user.has_role(*READERS):
        raise Http404(_("没有这一页。"))
    if to == "save" and not user.has_role(*KEEPERS):
        raise Refusal(
            _("您的角色可以试算，不能保存试算。"), code="policies.not_permitted", where=_("保存试算"),
            remedy=_("请由经办人保存并共享。"),
        )  # fmt: skip
    return user


def readable_scenarios(user: Visitor) -> QuerySet[Scenario]:
    if not isinstance(user, User) or not user.is_active or not user.has_role(*READERS):
        return Scenario.objects.none()
    found = Q(owner=user)
    if user.has_role(*OVERSEEING):
        found |= ~Q(shared=Shared.OWN)
    if user.organisation_id:
        found |= Q(shared=Shared.ORGANISATION, organisation__in=user.bodies)
        found |= Q(shared=Shared.UNIT, organisation__in=user.bodies, unit=user.unit)
    return Scenario.objects.filter(found).select_related("owner", "organisation", "rule", "against")


def access_scenario(user: Visitor, id: UUID | str, to: str = "read") -> Scenario:
    """``to``: read or change. Raises ``Http404``, and :class:`Refusal` to who reads what another owns."""
    found = readable_scenarios(user).filter(pk=id).first()
    if found is None:
        raise Http404(_("没有这个试算方案，或它没有与您共享。"))
    if to != "read" and found.owner_id != user.pk:
        raise Refusal(
            _("“%(name)s”是%(who)s保存的，只有本人能改。") % {"name": found.name, "who": found.owner.name},
            code="policies.not_permitted", where=found.name, remedy=_("您可以打开它的数，另存一个自己的。"),
        )  # fmt: skip
    return found
