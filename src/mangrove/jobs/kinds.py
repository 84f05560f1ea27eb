"""The kinds of jobs that rooms bring: each with its words and the function that does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mangrove.jobs.models import Job
    from mangrove.jobs.running import Running

#: What the function of a kind returns is kept with the job; plain JSON.
Run = Callable[["Running"], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Kind:
    """``id`` is ``room.what``. ``said(job)`` puts the result into words; ``address(job)`` is the page to go on to.

    ``attempts``: how often it is taken up where the worker dies under it, before it is given up.
    """

    id: str
    label: Any
    run: Run
    said: Callable[[Job], str] = lambda job: ""
    address: Callable[[Job], str] = lambda job: ""
    attempts: int = 5


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Registering an id twice replaces it (start-up may run twice)."""
    _kinds[kind.id] = kind


def kind(id: str) -> Kind | None:
    return _kinds.get(id)
