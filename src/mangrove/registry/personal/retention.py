"""Personal data whose time is over, emptied between jobs: each room says what is due and how it is emptied.

Safe to ask twice, and by two workers at once: what was emptied is due no more, and only who emptied it says so in the ledger.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from mangrove.ledger.actions import record
from mangrove.ledger.refs import SYSTEM, Ref
from mangrove.registry.personal.rules import Retention, rules

PURGE = "registry.purge_personal"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """One kind of personal data. ``due(last)`` counts what is over, ``purge(last)`` empties it: all up to that day.

    ``left`` says what stays. ``act`` is what the ledger calls the emptying.
    """

    id: str
    label: Any
    left: Any
    due: Callable[[date], int]
    purge: Callable[[date], int]
    act: str = PURGE

    @property
    def rule(self) -> Retention:
        return rules().kept(self.id)


_kept: dict[str, Kept] = {}


def register(one: Kept) -> None:
    """Registering an id twice replaces it (start-up may run twice)."""
    _kept[one.id] = one


def kept() -> list[Kept]:
    return list(_kept.values())


def purge_all() -> int:
    """What is over today, of every kind; returns how many things were emptied. One that fails keeps no other."""
    today, emptied = timezone.localdate(), 0
    for one in kept():
        try:
            emptied += one.purge(one.rule.over(today))
        except Exception:
            log.exception("purging %s failed", one.id)
    return emptied


def told(kind: str, count: int, last: date) -> None:
    """In the transaction of the emptying: how many, and up to which day; nothing of what they were."""
    today, rule = timezone.localdate(), rules().kept(kind)
    payload = {"kind": kind, "count": count, "until": last.isoformat(), "days": rule.days}
    record(PURGE, subject=Ref("registry", "retention", kind), by=SYSTEM, on=today, payload=payload)
