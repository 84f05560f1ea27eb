"""Judgements against the ledger: each pair is judged as its last event says, or open since a text changed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.likeness.models import Pair, Verdict


def verify_judgements() -> list[str]:
    events = Event.objects.filter(room="likeness", kind="pair").select_related("body").order_by("pk")
    last = {event.object_id: event for event in events.iterator(chunk_size=2000)}
    judged = Pair.objects.exclude(verdict=Verdict.OPEN).order_by("pk")
    return [fault for pair in judged if (fault := wrong(pair, last.get(str(pair.pk))))]


def wrong(pair: Pair, event: Event | None) -> str:
    if event is None:
        return _("相近文本 %(pair)s 的判断没有记入账本") % {"pair": pair}
    words = said(event)
    if words is not None and words["verdict"] != pair.verdict:
        return _("相近文本 %(pair)s 的判断与账本不符") % {"pair": pair}
    return ""
