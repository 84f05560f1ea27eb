"""What the page of a promise shows, gathered from rows and ledger; templates only lay it out."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.casework.access import Visitor, may_act, of_the_house, steps_for
from mangrove.casework.models import Case, CaseAct, Promise
from mangrove.casework.promise_counts import LACKS, PromiseCounts, lacks
from mangrove.casework.promise_workflow import PROMISES
from mangrove.casework.tables import due, origin_link, state_tag
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref
from mangrove.registry.labels import named
from mangrove.ui import house
from mangrove.ui.components import Fact, Moment, Step, StepState, Tab, moments
from mangrove.ui.languages import strung
from mangrove.ui.lines import line_label
from mangrove.ui.naming import about

#: The states along which a promise moves; the other end takes the place of the last.
PATH = ("not_started", "limited", "substantial", "complete")
OPENED, RESTATED = f"{PROMISES.id}.open", "casework.restate_promise"


@dataclass(frozen=True)
class ActLink:
    """Something that this person may do now."""

    label: Any
    href: str
    primary: bool


@dataclass(frozen=True)
class Version:
    """The promise as one version of the letter has it; ``letter`` opens that letter."""

    text: str
    on: date
    letter: str
    current: bool


def count_tabs(found: PromiseCounts, chosen: dict[str, Any]) -> list[Tab]:
    """How many lack what, each a filter; ``chosen`` is what the filter bar says."""
    base, key = reverse("casework:promises"), chosen.get("lacking", "")
    lacking = {
        "owner_unit": found.without_owner, "due_on": found.without_date,
        "measure": found.without_measure, "evidence": found.without_evidence,
    }  # fmt: skip
    late = bool(chosen.get("overdue"))
    return [
        Tab(_("全部"), base, not chosen, found.total),
        *(Tab(LACKS[name][1], f"{base}?lacking={name}", key == name, n) for name, n in lacking.items()),
        Tab(_("超期"), f"{base}?overdue=1", late and not key, found.overdue),
    ]


def state_words(found: PromiseCounts) -> str:
    """未启动 12 · 有限进展 3 · …, the states that hold any."""
    labels = {state.id: state.label for state in PROMISES.states}
    return " · ".join(f"{labels[state]} {n}" for state, n in found.by_state.items() if n)


def promise_facts(promise: Promise) -> list[Fact]:
    """Of a promise that came by :func:`with_origins`."""
    case = promise.case
    unsettled = _("未定")
    return [
        Fact(_("责任单位"), promise.owner_unit or unsettled),
        Fact(_("期限"), due(promise) or unsettled),
        Fact(_("衡量办法"), promise.measure or unsettled),
        Fact(_("状态"), state_tag(case), closed_note(case)),
        Fact(_("工作条线"), line_label(promise.line) or _("未归条线")),
        Fact(_("承办单位"), named(case.organisation) if case.organisation else ""),
        Fact(_("出自"), origin_link(promise)),
        Fact(_("所在标题"), promise.heading),
        Fact(_("作出承诺"), case.opened_on.isoformat()),
    ]


def closed_note(case: Case) -> str:
    return _("%(day)s 了结") % {"day": case.closed_on} if case.closed_on else ""


def step_bar(promise: Promise) -> list[Step]:
    """Where the promise stands; each state that was reached with who recorded it and when."""
    acts = list(promise.case.acts.order_by("sequence"))
    state = promise.case.state
    path = PATH if state in PATH else (*PATH[:-1], state)
    now = path.index(state)
    reached = {act.to_state: act for act in acts}
    return [
        Step(PROMISES.state(one).label, note(reached.get(one)), place(position, now, len(path)))
        for position, one in enumerate(path)
    ]


def place(position: int, now: int, length: int) -> StepState:
    """The last state is an end: who stands there has done it."""
    if position < now or position == now == length - 1:
        return "done"
    return "now" if position == now else "waiting"


def note(act: CaseAct | None) -> str:
    return f"{act.by_name} {act.on}" if act else ""


def own_events(promise: Promise) -> list[Event]:
    ref = promise.case.ref
    found = Event.objects.filter(room=ref.room, kind=ref.kind, object_id=ref.id)
    return list(found.select_related("body").order_by("id"))


def versions(user: Visitor, promise: Promise, events: Sequence[Event]) -> list[Version]:
    """Every wording that a signed letter gave the promise, the newest first; outside the house, that a sent one gave."""
    told = [(event, said(event)) for event in events if event.act in (OPENED, RESTATED)]
    kept = [(event, payload) for event, payload in told if payload.get("text")]
    if not of_the_house(user, promise.case):
        sent = {str(source.letter) for source in promise.sources.filter(sent_on__isnull=False)}
        kept = [(event, payload) for event, payload in kept if payload["letter"] in sent]
    found = [
        Version(payload["text"], event.business_date, letter_href(payload), (event, payload) == kept[-1])
        for event, payload in kept
    ]
    return found[::-1]


def said(event: Event) -> dict[str, Any]:
    """What an event recorded; empty where it was withheld."""
    text = event.body.text
    return json.loads(text) if text else {}


def letter_href(payload: dict[str, Any]) -> str:
    try:
        return house.address(Ref.parse(payload.get("letter", "")))
    except ValueError:
        return ""


def passage_href(promise: Promise) -> str:
    """The passage of the letter, on the page of the case that it answers, for who may open that.

    Its anchor is the promise's number.
    """
    answered = about(promise)
    return f"{answered.href}#{promise.number}" if answered and answered.href else ""


def history(user: Visitor, promise: Promise, events: Sequence[Event]) -> list[Moment]:
    """The ledger about this promise, newest first, each act with what it changed.

    Opinions and reasons are the house's own, and so are wordings on their way; a deputy reads what was done, on what
    evidence, and of what they were told.
    """
    inside = of_the_house(user, promise.case)
    told = [event for event in events if inside or event.act != RESTATED]
    newest = sorted(told, key=lambda event: event.pk, reverse=True)
    shown = {one.pk: one.what for one in promise.evidence.all()}
    return [
        replace(moment, detail=detail(event, shown), why=moment.why if inside else "")
        for moment, event in zip(moments(newest), newest, strict=True)
    ]


def detail(event: Event, shown: dict[int, str]) -> str:
    payload = said(event)
    words: dict[str, Callable[[], str]] = {
        "casework.settle_promise": lambda: settled_words(payload),
        "casework.add_evidence": lambda: _("%(what)s（%(source)s，%(dated)s）") % payload,
        "casework.attach": lambda: str(payload["name"]),
        RESTATED: lambda: _("原文：%(text)s") % {"text": payload["text_before"]},
    }
    if not payload:
        return ""
    return words[event.act]() if event.act in words else step_words(payload, shown)


def settled_words(payload: dict[str, Any]) -> str:
    labels = {
        "owner_unit": _("责任单位"),
        "due_on": _("期限"),
        "measure": _("衡量办法"),
        "line": _("工作条线"),
    }
    return strung(
        _("%(what)s：%(before)s → %(after)s")
        % {
            "what": label,
            "before": value_words(name, payload[name]["from"]) or _("未定"),
            "after": value_words(name, payload[name]["to"]),
        }
        for name, label in labels.items()
        if name in payload
    )


def value_words(name: str, value: str) -> Any:
    """What was set, as people read it: the ledger keeps the id of a line of work."""
    return line_label(value) if name == "line" else value


def step_words(payload: dict[str, Any], shown: dict[int, str]) -> str:
    named = [shown.get(key, str(key)) for key in payload.get("evidence", ())]
    words = [_("凭证据：%(what)s") % {"what": strung(named)}] if named else []
    if payload.get("notice"):
        words.append(_("告知函：%(notice)s") % {"notice": payload["notice"]})
    return _("。").join(words)


def act_links(user: Visitor, promise: Promise) -> list[ActLink]:
    """What this person may do now; what the promise lacks comes first."""
    case = promise.case
    if case.closed_on is not None:
        return []
    links, missing = [], lacks(promise)
    if may_act(user, case, "settle"):
        unsettled = [name for name in missing if name != "evidence"]
        label = _("落实责任、期限、衡量、条线") if unsettled else _("更改责任、期限、衡量、条线")
        links.append(ActLink(label, reverse("casework:settle", args=[promise.pk]), bool(unsettled)))
    if may_act(user, case, "add_evidence"):
        href = reverse("casework:evidence", args=[promise.pk])
        links.append(ActLink(_("登记证据"), href, not links or not links[0].primary))
    for step in steps_for(user, case):
        href = reverse("casework:promise_act", args=[promise.pk, step.act])
        links.append(ActLink(step.label, href, False))
    return links


def advice(promise: Promise) -> list[str]:
    """What is lacking, and what to do about each."""
    remedies = {
        "owner_unit": _("责任单位未定：由承办单位经办人写明由谁负责。"),
        "due_on": _("期限未定：写明到哪一天兑现；未定期限的不计超期，但在台账上一直列为未定。"),
        "measure": _("衡量办法未定：写明凭什么说已经兑现。"),
        "evidence": _("尚无证据：登记文件、数据或纪要之后，才能记进展。"),
    }
    return [remedies[key] for key in lacks(promise)]
