"""What pages of casework have in common: acts, time limits, the history of a case, sections; templates only lay it out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from mangrove.casework.access import Visitor, of_the_house, steps_for
from mangrove.casework.inbox import Due
from mangrove.casework.models import Case
from mangrove.casework.promise_pages import ActLink
from mangrove.casework.workflow import workflow
from mangrove.casework.working_days import working_calendar
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref
from mangrove.ui.components import Fact, Link, Moment, Tag, Tone, moments
from mangrove.ui.dates import due_tag
from mangrove.ui.tables import TablePage


@dataclass(frozen=True)
class Section:
    """One card of a page: facts, a table, lines, or words; ``empty`` stands where there is nothing."""

    id: str
    head: Any
    page: TablePage | None = None
    lines: Sequence[Any] = ()
    facts: Sequence[Fact] = ()
    text: Any = ""
    empty: Any = ""
    link: ActLink | None = None


def act_links(user: Visitor, case: Case, url_name: str, id: Any, but: Collection[str] = ()) -> list[ActLink]:
    """The steps that this person may take now, each with its page."""
    steps = [step for step in steps_for(user, case) if step.act not in but]
    return [
        ActLink(step.label, reverse(url_name, args=[id, step.act]), place == 0 and step.prompts)
        for place, step in enumerate(steps)
    ]


def clock_facts(user: Visitor, case: Case) -> list[Fact]:
    """The time limits of a case; each leads to its own arithmetic for who may see it."""
    opens, today, calendar = of_the_house(user, case), timezone.localdate(), working_calendar()
    found = []
    for clock in case.clocks.all():
        due = Due.seen(clock.due_on, today, calendar) if clock.due_on else None
        day = f"{clock.met_on.isoformat()}" if clock.met_on else due_tag(due)
        explained = Link(day if clock.met_on else due_words(due), reverse("casework:clock", args=[clock.pk]))
        found.append(Fact(clock.what, explained if opens else day))
    return found


def due_words(due: Any) -> str:
    return str(due_tag(due).plain())


def events_of(*refs: Ref) -> list[Event]:
    found: list[Event] = []
    for ref in refs:
        found += Event.objects.filter(room=ref.room, kind=ref.kind, object_id=ref.id)
    return found


def history(case: Case) -> list[Moment]:
    return moments(events_of(case.ref))


def state_tag(case: Case, tones: dict[str, Tone]) -> Tag:
    return Tag(workflow(case.workflow).state(case.state).label, tones.get(case.state, "info"))
