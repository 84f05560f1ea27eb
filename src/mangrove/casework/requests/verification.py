"""Verification requests, checked: rows are as the ledger's digests say, and what is past its time is empty."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.requests.actions import TELLING, answered_digest, asked_digest
from mangrove.casework.requests.models import Verification
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event


def verify_verifications() -> list[str]:
    told: dict[str, dict[str, list[str] | None]] = {}
    for event in Event.objects.filter(act__in=TELLING).select_related("body").order_by("pk").iterator():
        payload = said(event)
        told.setdefault(event.object_id, {})[event.act.rpartition(".")[2]] = (
            payload["digests"] if payload else None
        )
    rows = Verification.objects.prefetch_related("items").select_related("case").order_by("pk")
    return [
        fault for row in rows.iterator(chunk_size=200) for fault in check(row, told.get(str(row.case_id), {}))
    ]


def check(row: Verification, told: dict[str, list[str] | None]) -> list[str]:
    items, named = sorted(row.items.all(), key=lambda item: item.number), {"what": row}
    if row.cleared_on is not None:
        left = any(told.values()) or any(item.value or item.answer or item.salt for item in items)
        return [_("%(what)s已到期清除，却还有内容") % named] if left else []
    faults = []
    if told.get("open") not in (None, [asked_digest(item) for item in items]):
        faults.append(_("%(what)s的核验对象与提出时不同") % named)
    if told.get("answer") not in (None, [answered_digest(item) for item in items]):
        faults.append(_("%(what)s的答复与所答的不同") % named)
    return faults + overdue(row)


def overdue(row: Verification) -> list[str]:
    """The worker empties what is over within minutes; a day later is a fault."""
    late = (timezone.localdate() - row.keep_until).days > 1
    return [_("%(what)s的保存期限已满，内容没有清除") % {"what": row}] if late else []
