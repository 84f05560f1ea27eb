"""Which delegations hold, asked two ways: for a page, and for the act itself under the lock that revoking takes too."""

from __future__ import annotations

import uuid
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.asking import asks, waiting_for
from mangrove.casework.delegations.acts import step_of, words
from mangrove.casework.delegations.models import DelegatedAct, Delegation
from mangrove.casework.models import Case
from mangrove.casework.workflow import Workflow
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import User
from mangrove.ui.house import once
from mangrove.ui.languages import listed


def standing_for(user: User) -> list[Delegation]:
    """The delegations that this person holds today; asked once a page."""
    return once(user, "standing_delegations", lambda: standing_of(user))


def standing_of(user: User) -> list[Delegation]:
    today = timezone.localdate()
    held = Delegation.objects.filter(
        delegate=user, revoked_on=None, starts_on__lte=today, ends_on__gte=today, principal__is_active=True
    )
    return list(held.select_related("principal__organisation").order_by("pk"))


def principals(user: User, act: str) -> list[Delegation]:
    """In whose place this person may take the act today, who may still take it themselves."""
    found = step_of(act)
    if found is None:
        return []
    roles = found[1].roles
    return [one for one in standing_for(user) if act in one.acts and one.principal.has_role(*roles)]


def waiting_for_others(user: User) -> Q:
    """Of the open cases, those that wait for a step that this person may take in another's place."""
    from mangrove.casework.access import within

    waiting = Q(pk__in=[])
    for delegation in standing_for(user):
        for act in delegation.acts:
            found = step_of(act)
            if found and found[1].prompts and delegation.principal.has_role(*found[1].roles):
                flow, step = found
                waiting |= waiting_for(flow, step) & within(delegation.principal, step.scope)
    return waiting


def asked_for_others(user: User, case: Case, flow: Workflow) -> list[str]:
    """What this person is asked on a case in another's place: 代局长签发."""
    from mangrove.casework.access import reaches

    asked = []
    for delegation in standing_for(user):
        for act in delegation.acts:
            found = step_of(act)
            if found is None or found[0].id != flow.id or case.state not in found[1].sources:
                continue
            if (
                asks(case, found[1])
                and delegation.principal.has_role(*found[1].roles)
                and reaches(delegation.principal, case, found[1])
            ):
                asked.append(
                    _("代%(name)s：%(act)s") % {"name": delegation.principal.name, "act": found[1].label}
                )
    return asked


def take_up(id: uuid.UUID, act: str, *, by: User, on: date) -> Delegation:
    """The delegation, locked until the act is over, so that it is not revoked meanwhile.

    It must hold on the business date and now: who once could sign does not sign afterwards for a day when they could.
    Raises :class:`Refusal`.
    """
    held = Delegation.objects.select_for_update().filter(pk=id, delegate=by).first()
    if held is None:
        raise refuse(_("没有给您的这项授权。"), "no_delegation")
    if held.revoked_on is not None:
        raise refuse(_("授权已于 %(on)s 撤销，不能代办。") % {"on": held.revoked_on}, "delegation_revoked")
    if not (held.covers(act, on) and held.covers(act, timezone.localdate())):
        raise refuse(
            _("授权自 %(first)s 至 %(last)s，限于%(acts)s；现在不能据此代办。")
            % {"first": held.starts_on, "last": held.ends_on, "acts": listed(map(words, held.acts))},
            "delegation_not_in_force",
        )
    refuse_powerless(held, act)
    return held


def refuse_powerless(held: Delegation, act: str) -> None:
    """Nobody passes on what they no longer have."""
    found = step_of(act)
    principal = held.principal
    if found is None or not principal.is_active or not principal.has_role(*found[1].roles):
        raise refuse(
            _("授权人%(name)s已不能办理此事，授权随之失效。") % {"name": principal.name},
            "delegation_powerless",
        )


def refuse(what: str, code: str) -> Refusal:
    return Refusal(
        what, code=f"casework.{code}", where=_("代签授权"), remedy=_("请由授权人本人办理，或重新授权。"),
    )  # fmt: skip


def used(delegation: Delegation, event: Event) -> DelegatedAct:
    return DelegatedAct.objects.create(delegation=delegation, event=event)


def principal_of(event: Event) -> str:
    """In whose place an act was taken: their account; empty where it was taken in one's own."""
    found = DelegatedAct.objects.filter(event=event).values_list("delegation__principal__username", flat=True)
    return found.first() or ""
