"""Delegations, checked against the ledger: as given, as revoked, and every act under one was its delegate's while it held."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from mangrove.casework.delegations.actions import told
from mangrove.casework.delegations.models import DelegatedAct, Delegation
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event

REVOKING = "casework.revoke_delegation"


def verify_delegations() -> list[str]:
    revoked = {
        event.object_id: event.business_date for event in Event.objects.filter(act=REVOKING).order_by("pk")
    }
    rows = Delegation.objects.select_related("principal", "delegate", "event__body").order_by("pk")
    found = [check(row, revoked.get(str(row.pk))) for row in rows.iterator()]
    acts = DelegatedAct.objects.select_related("event__body", "delegation__delegate").order_by("pk")
    found += [check_act(act) for act in acts.iterator()]
    return [fault for fault in found if fault]


def check(row: Delegation, revoked_on: Any) -> str:
    payload = said(row.event)
    if (payload is None or payload == told(row)) and row.revoked_on == revoked_on:
        return ""
    return _("代签授权 %(id)s 与账本所记不同") % {"id": row.pk}


def check_act(act: DelegatedAct) -> str:
    held, event, payload = act.delegation, act.event, said(act.event)
    named = payload is None or payload.get("delegation") == str(held.pk)
    if (
        named
        and event.actor == held.delegate.username
        and held.starts_on <= event.business_date <= held.ends_on
    ):
        return ""
    return _("账本事件 %(event)s 不是据授权 %(id)s 所办") % {"event": event.uid, "id": held.pk}
