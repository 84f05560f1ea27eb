"""What rooms keep, checked against the ledger: each room registers its checks when it opens.

The ledger is the lowest room and knows no row of another; so a check is a function that names, one sentence each,
the objects that are not as their events say. It only reads.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mangrove.ledger.models import Event

Check = Callable[[], list[str]]


@dataclass(frozen=True)
class Checked:
    """One check and what it found: ``first`` names the first broken object and is empty when all agree."""

    label: Any
    first: str
    others: int

    @property
    def holds(self) -> bool:
        return not self.first

    def __str__(self) -> str:
        if self.holds:
            return _("%(check)s：相符") % {"check": self.label}
        more = _("；另有 %(n)s 处") % {"n": self.others} if self.others else ""
        return _("%(check)s：%(first)s%(more)s") % {"check": self.label, "first": self.first, "more": more}


_checks: dict[str, tuple[Any, Check]] = {}


def register(name: str, label: Any, check: Check) -> None:
    """Register under a name (``casework.states``); the same name again replaces it (start-up may run twice)."""
    _checks[name] = (label, check)


def run_checks() -> list[Checked]:
    """Every registered check, in the order of registration."""
    return [run(label, check) for label, check in _checks.values()]


def run(label: Any, check: Check) -> Checked:
    """Ask twice before naming anything: an act may commit between two reads, but what is broken stays broken."""
    faults = faults_of(check) and faults_of(check)
    return Checked(label, faults[0] if faults else "", max(len(faults) - 1, 0))


def faults_of(check: Check) -> list[str]:
    try:
        return check()
    except (
        Exception
    ) as error:  # rows that somebody changed by hand may hold anything: that is a finding, not a crash
        return [_("无法核对，数据读不懂：%(error)s") % {"error": f"{type(error).__name__} {error}"}]


def said(event: Event) -> dict[str, Any] | None:
    """What the event says; ``None`` when it was withheld (the chain names a body that is missing or forged)."""
    body = getattr(event, "body", None)
    found: dict[str, Any] | None = json.loads(body.text) if body is not None and body.text else None
    return found
