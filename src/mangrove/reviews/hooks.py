"""What rooms above hear of a round that ends, in the transaction of the act: a :class:`Refusal` of theirs refuses it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from mangrove.registry.models import User
from mangrove.reviews.models import Round


@dataclass(frozen=True)
class Closed:
    """A round whose marks now stand; what its things came to is read by ``results.Results``."""

    round: Round
    by: User
    on: date
    why: str


Hear = Callable[[Closed], None]

_listeners: dict[str, Hear] = {}


def listen(room: str, hear: Hear) -> None:
    """Registering a room twice replaces its listener (start-up may run twice)."""
    _listeners[room] = hear


def tell(closed: Closed) -> None:
    for _room, hear in sorted(_listeners.items()):
        hear(closed)
