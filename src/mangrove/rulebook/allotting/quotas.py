"""How many may be chosen: at most n in all, at most m of each firm, the best first. Greedy by rank, under all quotas at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mangrove.rulebook.allotting.ranking import ranks
from mangrove.rulebook.population import Stored


@dataclass(frozen=True)
class Quota:
    """At most ``at_most``, over all; or for each value of the grouping named ``per``. Raises ``ValueError``."""

    id: str
    at_most: int
    per: str = ""

    def __post_init__(self) -> None:
        if self.at_most < 0:
            raise ValueError(f"名额“{self.id}”是 {self.at_most}，不能小于零。")


@dataclass(frozen=True)
class Candidate:
    """``order`` are the values that it is ranked by; ``groups`` its group by grouping, ``None`` where not known."""

    key: str
    order: tuple[Stored, ...] = ()
    groups: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Selection:
    """Keys, each in one of the three, the best first. ``fell`` has the quota (its id) that was full.

    ``waiting``: a group is not known, so it cannot be said whether there is room; nothing is paid, and the place in the
    other quotas stays held until it is known. ``unranked``: something that it is ranked by is not known, so it came last.
    """

    kept: tuple[str, ...]
    waiting: tuple[str, ...]
    fell: Mapping[str, str]
    unranked: tuple[str, ...] = ()


def select(
    quotas: Sequence[Quota], candidates: Iterable[Candidate], falling: Sequence[bool] = ()
) -> Selection:
    """Go down the ranks and take who fits under every quota. ``falling[n]``: the greatest of order key n is best.

    An unknown order key ranks last, ties go by key. Of several full quotas the first declared is told.
    Raises ``ValueError`` for a key given twice.
    """
    taken: Counter[tuple[str, str | None]] = Counter()
    kept, waiting, fell = list[str](), list[str](), dict[str, str]()
    in_turn = ranked(candidates, falling)
    for one in in_turn:
        seats = {quota.id: seat(quota, one) for quota in quotas}
        full = next((quota.id for quota in quotas if is_full(quota, seats[quota.id], taken)), None)
        if full is not None:
            fell[one.key] = full
            continue
        for place in seats.items():
            taken[place] += place[1] is not None
        (waiting if None in seats.values() else kept).append(one.key)
    return Selection(
        tuple(kept), tuple(waiting), fell, tuple(one.key for one in in_turn if None in one.order)
    )


def ranked(candidates: Iterable[Candidate], falling: Sequence[bool]) -> list[Candidate]:
    given = list(candidates)
    by_key = {one.key: one for one in given}
    if len(by_key) < len(given):
        twice = next(key for key, times in Counter(one.key for one in given).items() if times > 1)
        raise ValueError(f"“{twice}”出现了两次。")
    places = ranks({one.key: one.order for one in given}, falling)
    return sorted(given, key=lambda one: (places[one.key], one.key))


def seat(quota: Quota, one: Candidate) -> str | None:
    """Whose places of the quota are counted: those of its group, or of all together."""
    return one.groups.get(quota.per) if quota.per else ""


def is_full(quota: Quota, group: str | None, taken: Counter[tuple[str, str | None]]) -> bool:
    """Of a group that is not known only a quota of none is full for certain."""
    return quota.at_most == 0 or (group is not None and taken[quota.id, group] >= quota.at_most)
