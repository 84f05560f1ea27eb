"""Reviews against the ledger: what is kept of each indicator is what the last report and the last confirmation say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.policies.performance.actions import told
from mangrove.policies.performance.models import Indicator
from mangrove.policies.performance.workflow import CONFIRMED, DUE, PERFORMANCE

#: Under which word an act tells its rows.
ROWS = {"open": "promised", "report": "measured", "enter": "measured", "confirm": "found"}
MEASURED = ("name", "promised_text", "unit", "scale", "measured", "until", "source", "paper")
FOUND = (*MEASURED, "promised", "outcome")
Told = dict[str, Any]


def verify_performances() -> list[str]:
    """One sentence for each indicator that is not as the ledger has it."""
    known = last_told()
    rows = Indicator.objects.select_related("performance__case", "performance__claim", "paper").order_by("pk")
    return [fault for one in rows.iterator(2000) for fault in faults(one, known[one.performance.case_id])]


def last_told() -> dict[int, dict[str, Told | None]]:
    """By case: the last body of each kind of rows; ``None`` where it was withheld."""
    found: defaultdict[int, dict[str, Told | None]] = defaultdict(dict)
    acts = [f"{PERFORMANCE.id}.{act}" for act in ROWS]
    events = Event.objects.filter(act__in=acts).select_related("body").order_by("pk")
    for event in events.iterator(2000):
        found[int(event.object_id)][ROWS[event.act.rpartition(".")[2]]] = said(event)
    return found


def faults(one: Indicator, known: dict[str, Told | None]) -> Iterator[str]:
    state, named = one.performance.case.state, {"claim": one.performance.claim.title, "name": one.name}
    if differs(one, known, "promised", text_of(one)):
        yield _("“%(claim)s”承诺的“%(name)s”与账本所记的原话不同") % named
    kind, fields = ("found", FOUND) if state == CONFIRMED else ("measured", MEASURED)
    now = told(one)
    if one.measured is not None and differs(one, known, kind, {key: now[key] for key in fields}):
        yield _("“%(claim)s”的“%(name)s”与账本所记的填报、核定不同") % named
    if state != CONFIRMED and one.outcome or state == CONFIRMED and not one.outcome:
        yield _("“%(claim)s”的“%(name)s”的结论与办理状态不符") % named
    if state != DUE and one.measured is None:
        yield _("“%(claim)s”的“%(name)s”已填报而没有实测数") % named


def text_of(one: Indicator) -> Told:
    """What a promise says from the beginning; what words come to may be said later, by an officer."""
    said = {"name": one.name, "text": one.promised_text, "due_year": one.due_year}
    return said if one.in_words else said | {"promised": one.promised, "unit": one.unit, "scale": one.scale}


def differs(one: Indicator, known: dict[str, Told | None], kind: str, now: Told) -> bool:
    """Whether the row is not what was told; what was withheld claims nothing, what was never told is a fault."""
    if kind not in known:
        return True
    body = known[kind]
    if body is None:
        return False
    row = next((row for row in body[kind] if row["place"] == one.place), None)
    return row is None or any(row.get(key) != value for key, value in now.items())
