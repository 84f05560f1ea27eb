"""What a worker looks after between jobs: each room's function, asked every round, cheap where there is nothing to do."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import connection

Round = Callable[[], object]

log = logging.getLogger(__name__)
_rounds: dict[str, Round] = {}


def register(name: str, round: Round) -> None:
    """Registering a name twice replaces it (start-up may run twice)."""
    _rounds[name] = round


def run() -> None:
    """Each in turn; one that fails is tried again in the next round and keeps no other from its turn."""
    for name, round in _rounds.items():
        try:
            round()
        except Exception:
            log.exception("round %s failed", name)
            connection.close()
