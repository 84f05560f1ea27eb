"""Published results against the ledger: each value that a publication names is there, and says what was published."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from mangrove.figures.models import Value
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.policies.results.publishing import told


def verify_published() -> list[str]:
    """One sentence for each value that is gone or other than it was published."""
    events = Event.objects.filter(act="policies.results.publish").select_related("body").order_by("pk")
    return [fault for event in events for fault in faults(event)]


def faults(event: Event) -> Iterator[str]:
    claimed = {one["value"]: one for one in (said(event) or {}).get("values", ())}
    kept = Value.objects.in_bulk(list(claimed))
    for id, one in claimed.items():
        if id not in kept or told(kept[id]) != one:
            yield _("%(year)s 年度发布的“%(figure)s”与账本事件 %(event)s 所记不同") % {
                "year": event.object_id, "figure": one["definition"], "event": event.uid,
            }  # fmt: skip
