"""What people do with a time limit of a reply: extend it with consent, let it stand, let it run again.

The arithmetic and what may not be are casework's; here is only who may, and on whose reply.
"""

from __future__ import annotations

from datetime import date

from mangrove.casework import clock_actions
from mangrove.casework.models import Clock
from mangrove.proposals.access import access_clock
from mangrove.registry.models import User


def extend_limit(*, by: User, on: date, clock_id: int, total: int, consent_by: str, why: str) -> Clock:
    """Extend once, with the consent of a named office, to ``total`` of the rule's units counted from the start."""
    clock = access_clock(by, clock_id, to="change")
    return clock_actions.extend_clock(
        clock.pk, total=total, consent_by=consent_by, reason=why, by=by.actor, on=on
    )


def stop_limit(*, by: User, on: date, clock_id: int, category: str, why: str) -> Clock:
    """Let the limit stand from ``on``; ``category`` says what is waited for."""
    clock = access_clock(by, clock_id, to="change")
    return clock_actions.stop_clock(clock.pk, category=category, reason=why, by=by.actor, on=on)


def restart_limit(*, by: User, on: date, clock_id: int, why: str = "") -> Clock:
    """Let a standing limit run again from ``on``."""
    clock = access_clock(by, clock_id, to="change")
    return clock_actions.restart_clock(clock.pk, by=by.actor, on=on, why=why)
