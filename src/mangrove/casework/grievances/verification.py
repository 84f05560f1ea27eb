"""Objections, complaints and reports, checked: the secret rows are what the ledger's digests say was lodged and answered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mangrove.casework.grievances.actions import sealed
from mangrove.casework.grievances.models import Grievance
from mangrove.casework.grievances.workflow import FLOWS
from mangrove.casework.sealing import digest_of
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event

ACTS = {f"{flow.id}.{act}" for flow in FLOWS.values() for act in ("open", "answer", "decline", "take_back")}


def verify_grievances() -> list[str]:
    """One sentence for each that is not as lodged or answered; it is named by its number alone."""
    told: dict[str, dict[str, str]] = {}
    for event in Event.objects.filter(act__in=ACTS).select_related("body").order_by("pk").iterator():
        stage = "open" if event.act.endswith(".open") else "answer"
        payload = said(event)
        if payload is not None:
            told.setdefault(event.object_id, {})[stage] = payload["digest"]
    rows = Grievance.objects.select_related("secret").order_by("pk")
    return [fault for row in rows.iterator() for fault in check(row, told.get(str(row.case_id), {}))]


def check(row: Grievance, told: dict[str, str]) -> list[str]:
    secret, faults = row.secret, []
    if "open" in told and told["open"] != sealed(secret):
        faults.append(_("%(what)s的内容或反映人与登记时不同") % {"what": row})
    answered = digest_of(secret.salt, {"answer": secret.answer})
    if "answer" in told and told["answer"] != answered:
        faults.append(_("%(what)s的答复与办结时不同") % {"what": row})
    return faults
