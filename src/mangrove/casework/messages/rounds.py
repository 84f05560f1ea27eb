"""What the worker does for messages between jobs: deliver, send mail, and every few minutes look for reminders."""

from __future__ import annotations

import time

from mangrove.casework.messages import delivering, mailing, reminders

#: Seconds between two looks for reminders; each look finds all that is new, so nothing hangs on the number.
LOOK = 600
_looked = {"at": float("-inf")}


def look_after() -> None:
    if time.monotonic() - _looked["at"] >= LOOK:
        reminders.remind()
        _looked["at"] = time.monotonic()
    delivering.deliver()
    mailing.send()
