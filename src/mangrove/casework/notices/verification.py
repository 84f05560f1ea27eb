"""Notices, checked against the ledger: every line says what the events say that was published and corrected."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from mangrove.casework.notices.models import Notice, NoticeItem
from mangrove.casework.notices.workflow import NOTICE
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event

ACTS = {f"{NOTICE.id}.{act}" for act in ("open", "publish", "correct")}
#: Of what was withheld the ledger says nothing.
UNKNOWN = object()


def verify_notices() -> list[str]:
    told = told_of_notices()
    found = []
    for notice in Notice.objects.prefetch_related("items").order_by("pk").iterator(chunk_size=500):
        found += check(notice, told.get(str(notice.case_id)))
    return found


def told_of_notices() -> dict[str, dict[str, Any]]:
    """By the id of the case: title, lines by number, and the day of publishing, as the events say them in order."""
    told: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for event in Event.objects.filter(act__in=ACTS).select_related("body").order_by("pk").iterator():
        payload, known = said(event), told[event.object_id]
        if event.act.endswith(".publish"):
            known["published_on"] = event.business_date
        elif payload is None:
            known["lines"] = UNKNOWN
        elif event.act.endswith(".open"):
            known["title"] = payload["title"]
            known["lines"] = {
                n: (line["words"], line["result"]) for n, line in enumerate(payload["lines"], 1)
            }
        elif known["lines"] is not UNKNOWN:
            number = payload["number"]
            known["lines"][number] = (known["lines"][number][0], payload["now"])
    return told


def check(notice: Notice, told: dict[str, Any] | None) -> list[str]:
    named = {"title": notice.title}
    if told is None:
        return [_("公示“%(title)s”在账本中没有登记") % named]
    items: dict[int, tuple[str, str]] = {line.number: pair(line) for line in notice.items.all()}
    faults = []
    if told["lines"] is not UNKNOWN and told["lines"] != items:
        faults.append(_("公示“%(title)s”的内容与账本所记不同") % named)
    if notice.published_on != told.get("published_on") or told.get("title", notice.title) != notice.title:
        faults.append(_("公示“%(title)s”的标题或首日与账本所记不同") % named)
    return faults


def pair(line: NoticeItem) -> tuple[str, str]:
    return line.words, line.result
