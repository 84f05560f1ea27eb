"""Rooms above that must know when a figure was revised: they are told inside the transaction of the act that did it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Protocol

from mangrove.ledger.refs import Actor


class Listener(Protocol):
    """Called after values were written; raising undoes the act. Returns in one sentence what followed, or nothing.

    ``definitions``: whose values were written; ``None`` when definitions and sources may have changed, too.
    """

    def __call__(
        self, *, by: Actor, on: date, why: str, definitions: Collection[str] | None = None
    ) -> str: ...


_listeners: dict[str, Listener] = {}


def listen(name: str, listener: Listener) -> None:
    """Register under a name; the same name again replaces it (start-up may run twice)."""
    _listeners[name] = listener


def tell(*, by: Actor, on: date, why: str, definitions: Collection[str] | None = None) -> list[str]:
    """Tell every listener; returns what each says followed, for the person who acted."""
    said = [_listeners[name](by=by, on=on, why=why, definitions=definitions) for name in sorted(_listeners)]
    return [words for words in said if words]
