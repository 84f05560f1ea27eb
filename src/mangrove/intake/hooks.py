"""What programmes above hear of: an application handed in, returned, accepted, refused or withdrawn.

A programme listens by the id of its form; it is told in the transaction of the act, so that what it does then happens with it
or not at all. A :class:`Refusal` of a listener refuses the act.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from mangrove.intake.models import Application, Submission
from mangrove.ledger.refs import Actor
from mangrove.registry.models import Organisation


@dataclass(frozen=True)
class Happened:
    """``act`` is an act of ``workflow.APPLICATION``, or ``submit`` for the first handing-in."""

    act: str
    application: Application
    submission: Submission
    by: Actor
    on: date


Hear = Callable[[Happened], None]
#: Gives the values of fields of an entity that are known of an organisation, by the field's id.
Know = Callable[[Organisation], Mapping[str, Any]]

_listeners: dict[tuple[str, str], Hear] = {}
_knowing: dict[str, Know] = {}


def listen(form_id: str, name: str, hear: Hear) -> None:
    """``name`` is the listener's own; the same again replaces it (start-up may run twice)."""
    _listeners[form_id, name] = hear


def tell(happened: Happened) -> None:
    form_id = happened.application.opening.form.form
    for (heard, _name), hear in sorted(_listeners.items(), key=lambda one: one[0]):
        if heard == form_id:
            hear(happened)


def know(entity: str, knowing: Know) -> None:
    """Let a room say what it knows of an organisation, so that forms do not ask for it again."""
    _knowing[entity] = knowing


def known_of(organisation: Organisation, entity: str) -> Mapping[str, Any]:
    knowing = _knowing.get(entity)
    return knowing(organisation) if knowing else {}
