"""What programmes above say before an order is prepared, approved or sent: a :class:`Refusal` of theirs refuses the act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from mangrove.funding.models import Award

#: Asked with awards of the programme and the business day; raises a ``Refusal``.
Check = Callable[[Sequence[Award], date], None]

_checks: dict[str, Check] = {}


def before_order(programme: str, check: Check) -> None:
    """Registering a programme twice replaces its check (start-up may run twice)."""
    _checks[programme] = check


def ask(awards: Iterable[Award], on: date) -> None:
    """Ask each programme once for all of its awards, however many."""
    by_programme: defaultdict[str, list[Award]] = defaultdict(list)
    for award in awards:
        by_programme[award.programme].append(award)
    for programme, found in sorted(by_programme.items()):
        if programme in _checks:
            _checks[programme](found, on)
