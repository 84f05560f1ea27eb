"""Shared views against the ledger: each is named, and asks, as its last event says."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.workbench.listviews.models import ListView


def verify_views() -> list[str]:
    """One sentence for each shared view that is not as it was last shared or changed."""
    events = Event.objects.filter(room="workbench", kind="list_view").select_related("body").order_by("pk")
    last = {event.object_id: event for event in events.iterator(chunk_size=2000)}
    shared = ListView.objects.filter(shared=True).order_by("pk")
    return [fault for view in shared if (fault := wrong(view, last.get(str(view.pk))))]


def wrong(view: ListView, event: Event | None) -> str:
    if event is None or event.act not in ("workbench.view.share", "workbench.view.change"):
        return _("共享的视图“%(name)s”没有记入账本") % {"name": view.name}
    words = said(event)
    if words is not None and (words["name"], words["query"]) != (view.name, view.query):
        return _("共享的视图“%(name)s”与账本不符") % {"name": view.name}
    return ""
