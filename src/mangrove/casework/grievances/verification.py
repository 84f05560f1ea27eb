"""Objections, complaints and reports, checked: the secret rows are what the ledger's digests say was lodged and answered."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mangrove.casework.grievances.actions import sealed
from mangrove.casework.grievances.forgetting import ACT, TELLING
from mangrove.casework.grievances.models import Grievance, Secret
from mangrove.casework.grievances.workflow import FLOWS
from mangrove.casework.sealing import digest_of
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event

ACTS = {f"{flow.id}.{act}" for flow in FLOWS.values() for act in ("open", "answer", "decline", "take_back")}


def verify_grievances() -> list[str]:
    """One sentence for each that is not as lodged or answered, or as it was left; it is named by its number alone."""
    told: dict[str, dict[str, str]] = {}
    for event in Event.objects.filter(act__in={*ACTS, ACT}).select_related("body").order_by("pk").iterator():
        payload = said(event)
        if payload is not None:
            stages = told.setdefault(event.object_id, {})
            stages |= stages_of(event.act, payload)
    rows = Grievance.objects.select_related("secret").order_by("pk")
    return [fault for row in rows.iterator() for fault in check(row, told.get(str(row.case_id), {}))]


def stages_of(act: str, payload: dict[str, str]) -> dict[str, str]:
    """The digests that an event gives: emptying the sender gives both anew."""
    if act == ACT:
        return {"open": payload["digest"], "answer": payload["answer"], "purged": "1"}
    return {"open" if act.endswith(".open") else "answer": payload["digest"]}


def check(row: Grievance, told: dict[str, str]) -> list[str]:
    secret, faults = row.secret, []
    if (secret.purged_on is not None) != ("purged" in told) or (secret.purged_on and tells(secret)):
        faults.append(_("%(what)s的反映人是否到期清除，与账本不符") % {"what": row})
    if "open" in told and told["open"] != sealed(secret):
        faults.append(_("%(what)s的内容或反映人与登记时不同") % {"what": row})
    answered = digest_of(secret.salt, {"answer": secret.answer})
    if "answer" in told and told["answer"] != answered:
        faults.append(_("%(what)s的答复与办结时不同") % {"what": row})
    return faults


def tells(secret: Secret) -> bool:
    return any(getattr(secret, field) for field in TELLING)
