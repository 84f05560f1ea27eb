"""What programmes above hear of: an application handed in, returned, accepted, refused or withdrawn.

A programme listens by the id of its form; it is told in the transaction of the act, so that what it does then happens with it
or not at all. A :class:`Refusal` of a listener refuses the act.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mangrove.intake.models import Application, Submission
from mangrove.ledger.refs import Actor
from mangrove.registry.models import Organisation
from mangrove.ui.components import Link, Tag


@dataclass(frozen=True)
class Happened:
    """``act`` is an act of ``workflow.APPLICATION``, or ``submit`` for the first handing-in; ``why`` its opinion or reason."""

    act: str
    application: Application
    submission: Submission
    by: Actor
    on: date
    why: str = ""


@dataclass(frozen=True)
class Further:
    """How an accepted application goes on in its programme, in words for the applicant: how it stands, with whom (nobody once it
    is over), since when, and where to read it."""

    state: Tag
    holder: str
    since: str
    link: Link


Hear = Callable[[Happened], None]
#: Gives of applications by their keys how those go on that the programme has taken up; asked once for a whole list.
Follow = Callable[[Collection[int]], Mapping[int, Further]]
#: Gives the values of fields of an entity that are known of an organisation, by the field's id.
Know = Callable[[Organisation], Mapping[str, Any]]


@dataclass(frozen=True)
class Reading:
    """What a programme read in a table: ``said`` in a sentence, ``wrong`` place by place. It refuses nothing: before a deadline
    a table with mistakes is worth more than none, and who handed it in sees what cannot be read. ``empty``: it has its heads and
    nothing under them, which is as good as not handed in."""

    said: str
    wrong: tuple[str, ...] = ()
    empty: bool = False


@dataclass(frozen=True)
class TablePaper:
    """A paper that is a table. ``blank`` is the name of the route that gives an empty one with its heads."""

    read: Callable[[bytes], Reading]
    blank: str


_tables: dict[tuple[str, str], TablePaper] = {}
_listeners: dict[tuple[str, str], Hear] = {}
_knowing: dict[str, Know] = {}
_following: dict[str, Follow] = {}


def listen(form_id: str, name: str, hear: Hear) -> None:
    """``name`` is the listener's own; the same again replaces it (start-up may run twice)."""
    _listeners[form_id, name] = hear


def tell(happened: Happened) -> None:
    form_id = happened.application.opening.form.form
    for (heard, _name), hear in sorted(_listeners.items(), key=lambda one: one[0]):
        if heard == form_id:
            hear(happened)


def read_tables(form_id: str, requirement: str, table: TablePaper) -> None:
    """Let a programme read a paper of its form as soon as the file is found clean."""
    _tables[form_id, requirement] = table


def table_of(form_id: str, requirement: str) -> TablePaper | None:
    return _tables.get((form_id, requirement))


def follow(programme: str, following: Follow) -> None:
    """Let a programme tell how what was accepted goes on."""
    _following[programme] = following


def further(applications: Collection[int]) -> dict[int, Further]:
    return {key: one for _name, ask in sorted(_following.items()) for key, one in ask(applications).items()}


def know(entity: str, knowing: Know) -> None:
    """Let a room say what it knows of an organisation, so that forms do not ask for it again."""
    _knowing[entity] = knowing


def known_of(organisation: Organisation, entity: str) -> Mapping[str, Any]:
    knowing = _knowing.get(entity)
    return knowing(organisation) if knowing else {}
