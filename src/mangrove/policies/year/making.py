"""A whole synthetic year from a seed: the same seed and the same told files give the same bytes. Pure; no float, no clock."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from random import Random
from typing import Any

from mangrove.policies.year.firms import Firm, Known, Row, dishonesty, firms, known, prior
from mangrove.policies.year.planting import Planted, Planting
from mangrove.policies.year.projects import Application, Making
from mangrove.policies.year.telling import Telling

#: Applications of the cases in one set, and firms that they take; see ``planting.py``.
OF_A_SET = 23


@dataclass(frozen=True)
class City:
    """What was made. ``later`` are listings that nobody knew of when applications came in; ``truth`` is for who judges."""

    seed: int
    year: int
    firms: tuple[Firm, ...]
    known: Known
    credit: tuple[Row, ...]
    later: tuple[Row, ...]
    prior: tuple[Row, ...]
    applications: tuple[Application, ...]
    truth: tuple[Planted, ...]

    @property
    def digest(self) -> str:
        text = json.dumps(
            asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=plain
        )
        return hashlib.sha256(text.encode()).hexdigest()

    def of_scheme(self, scheme: str) -> list[Application]:
        return [one for one in self.applications if one.scheme == scheme]

    def truth_of(self, key: str) -> list[Planted]:
        return [one for one in self.truth if one.key == key]


def plain(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {value!r}")


def make(told: Telling, *, seed: int, firms_count: int, applications_count: int) -> City:
    """Raises ``ValueError`` where there are too few firms or applications for one set of the planted cases."""
    refuse_too_few(firms_count, applications_count)
    chance = Random(seed)  # noqa: S311 -- made up on purpose, and again the same
    making, made = Making(told, chance), firms(told, chance, firms_count)
    planting = Planting(told, making, made)
    planting.sets(max(1, applications_count // told.calendar["each_set"]))
    ordinary = rest(told, making, made[planting.spent :], applications_count - len(planting.applications))
    applications = sorted([*planting.applications, *ordinary], key=lambda one: (one.applied_on, one.key))
    return City(
        seed=seed, year=told.year, firms=tuple(made), known=with_owners(known(told, chance, made), planting.ownership),
        credit=(*dishonesty(told, chance, idle(made, applications)), *planting.credit), later=tuple(planting.later),
        prior=(*prior(told, chance, made), *planting.prior), applications=tuple(applications), truth=tuple(planting.truth),
    )  # fmt: skip


def refuse_too_few(firms_count: int, applications_count: int) -> None:
    if applications_count < OF_A_SET or firms_count < 2 * applications_count:
        raise ValueError(f"至少要 {OF_A_SET} 件申报，企业至少是申报的两倍")


def rest(told: Telling, making: Making, free: Sequence[Firm], count: int) -> Iterator[Application]:
    """Ordinary applications: a firm applies once or twice, never twice in one window."""
    schemes = told.schemes
    for n in range(count):
        firm = free[n * 2 // 3]
        scheme = schemes[(n + n // len(schemes)) % len(schemes)]
        yield making.application(f"{told.year}-{scheme}-{firm.id[-5:]}", scheme, firm)


def with_owners(found: Known, more: Sequence[Row]) -> Known:
    """Who is held in a case is held by nobody else."""
    return Known({**found.rows, "ownership": (*found.of("ownership"), *more)})


def idle(made: Sequence[Firm], applications: Sequence[Application]) -> list[Firm]:
    busy = {one.firm.id for one in applications}
    return [one for one in made if one.id not in busy]


def by_key(city: City) -> Mapping[str, Application]:
    return {one.key: one for one in city.applications}
