"""What casework keeps, checked: states and due dates are recomputed, promises compared with what the ledger says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.casework.clock_actions import recomputed
from mangrove.casework.models import Case, CaseAct, Clock, Promise
from mangrove.casework.promise_workflow import PROMISES
from mangrove.casework.workflow import fold, workflow
from mangrove.casework.working_days import working_calendar
from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal

OPENING, SETTLING = f"{PROMISES.id}.open", "casework.settle_promise"
#: The acts that say a promise in the letter's words; the last one counts.
SAYING = (OPENING, "casework.restate_promise")
#: What a letter says of a promise; what the first one says besides; what is 未定 until somebody settles it.
WORDS, PLACE, UNSET = ("number", "text"), ("heading", "line"), ("owner_unit", "due_on", "measure")
SETTLED = (*UNSET, "line")
#: The field that only says that the promise was recorded.
ID = "id"
#: Of what was withheld, or never written down, the ledger says nothing.
UNKNOWN = object()
LABELS = {
    "number": gettext_lazy("编号"), "text": gettext_lazy("文字"), "heading": gettext_lazy("所在标题"),
    "owner_unit": gettext_lazy("责任单位"), "due_on": gettext_lazy("期限"), "measure": gettext_lazy("衡量办法"),
    "line": gettext_lazy("工作条线"),
}  # fmt: skip


def verify_states() -> list[str]:
    """One Chinese sentence for each case whose stored state is not the fold of its acts; empty when all agree."""
    acts: dict[int, list[str]] = defaultdict(list)
    for case_id, act in CaseAct.objects.order_by("case_id", "sequence").values_list("case_id", "act"):
        acts[case_id].append(act)
    found = [check_state(case, acts[case.pk]) for case in Case.objects.order_by("pk").iterator()]
    return [fault for fault in found if fault]


def check_state(case: Case, acts: list[str]) -> str | None:
    flow, named = workflow(case.workflow), {"id": case.pk, "title": case.title}
    try:
        folded = fold(flow, acts)
    except Refusal as refusal:
        return _("办件 %(id)s“%(title)s”的步骤走不通：%(what)s") % {**named, "what": refusal.what}
    if folded == case.state:
        return None
    return _("办件 %(id)s“%(title)s”存的是 %(state)s，按步骤推算是 %(folded)s") % {
        **named,
        "state": case.state,
        "folded": folded,
    }


def verify_clocks() -> list[str]:
    """One sentence for each running clock whose stored due date differs from today's calendar and its own dates."""
    calendar, found = working_calendar(), []
    for clock in Clock.objects.filter(met_on=None).prefetch_related("stops").order_by("pk"):
        due = recomputed(clock, calendar)
        if due != clock.due_on:
            found.append(
                _("时限 %(id)s（办件 %(case)s，%(rule)s）存的是 %(kept)s，推算是 %(due)s")
                % {
                    "id": clock.pk,
                    "case": clock.case_id,
                    "rule": clock.rule,
                    "kept": clock.due_on,
                    "due": due,
                }
            )
    return found


def verify_promises() -> list[str]:
    """One sentence for each field of a promise that is not as the ledger last said, and for each promise that is gone."""
    told = told_of_promises()
    promises = Promise.objects.select_related("case").order_by("pk")
    found = [fault for one in promises for fault in check_promise(one, told.pop(one.case.ref.id, None))]
    return found + [
        _("账本事件 %(event)s 登记的承诺不见了") % {"event": fields[ID].event} for fields in told.values()
    ]


@dataclass(frozen=True)
class Said:
    """What the ledger last said of one field, and in which event."""

    value: Any
    event: Any


def told_of_promises() -> dict[str, dict[str, Said]]:
    """What the ledger says of each promise, by the id of its case: the events that say and settle it, one after another."""
    told: dict[str, dict[str, Said]] = {}
    events = Event.objects.filter(act__in=(*SAYING, SETTLING)).select_related("body").order_by("pk")
    for event in events.iterator():
        if event.act != SETTLING:
            told.setdefault(event.object_id, {})[ID] = Said(event.object_id, event.uid)
        if event.object_id in told:
            fields = fields_said(event)
            told[event.object_id] |= {name: Said(value, event.uid) for name, value in fields.items()}
    return told


def fields_said(event: Event) -> dict[str, Any]:
    """The fields of a promise that the event sets; ``UNKNOWN`` what a withheld one may have set."""
    payload = said(event)
    if event.act == SETTLING:
        withheld = dict.fromkeys(SETTLED, {"to": UNKNOWN})
        return {name: change["to"] for name, change in (payload or withheld).items()}
    told = payload or {}
    words = {name: told.get(name, UNKNOWN) for name in WORDS}
    if event.act != OPENING:
        return words
    return words | {name: told.get(name, UNKNOWN) for name in PLACE} | dict.fromkeys(UNSET)


def check_promise(promise: Promise, told: dict[str, Said] | None) -> list[str]:
    named = {"number": promise.number, "id": promise.pk}
    if told is None:
        return [_("承诺 %(number)s（%(id)s）在账本中没有登记") % named]
    return [
        _("承诺 %(number)s（%(id)s）的%(field)s与账本事件 %(event)s 所记不同")
        % {**named, "field": label, "event": told[name].event}
        for name, label in LABELS.items()
        if told[name].value not in (UNKNOWN, kept(promise, name))
    ]


def kept(promise: Promise, name: str) -> str | None:
    """The field as the ledger writes it; what is not settled is ``None`` and not an empty text."""
    value = getattr(promise, name)
    return value.isoformat() if isinstance(value, date) else value
