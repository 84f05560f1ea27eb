"""When a promise is measured, from where on it is kept, what follows: ``rulebooks/policies/performance.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from mangrove.casework.limits import TextLoader
from mangrove.intake.definition import Words
from mangrove.intake.rows import MONEY, dimension
from mangrove.policies.performance.decisions import Bar
from mangrove.policies.performance.models import Outcome
from mangrove.policies.schemes.definition import schemes
from mangrove.vocabulary.quantity import parse_quantity
from mangrove.vocabulary.units import convert


@dataclass(frozen=True)
class Counted:
    """How an indicator is counted: in which unit, to how many places, and in which unit pages show and ask for it."""

    unit: str
    scale: int
    shown: str


@dataclass(frozen=True)
class Consequence:
    """What a rule text says follows from an outcome. It is shown to people; the system does none of it."""

    outcomes: frozenset[str]
    words: Words
    source: str
    status: str


@dataclass(frozen=True)
class Rules:
    wait: timedelta
    waits: Mapping[str, timedelta]
    bar: Bar
    indicators: Mapping[str, Counted]
    other_scale: int
    consequences: tuple[Consequence, ...]
    source: str
    status: str

    def wait_of(self, scheme: str) -> timedelta:
        """How long after the first payment this scheme's promises are measured."""
        return self.waits.get(scheme, self.wait)

    @property
    def shortest_wait(self) -> timedelta:
        return min([self.wait, *self.waits.values()])


def rules() -> Rules:
    """Raises ``ImproperlyConfigured``, also where a scheme has an indicator that nobody says how to count."""
    return read(Path(settings.MANGROVE_RULEBOOKS))


@cache
def read(folder: Path) -> Rules:
    path = folder / "policies" / "performance.yaml"
    try:
        found = from_data(yaml.load(path.read_text(encoding="utf-8"), TextLoader))  # noqa: S506 -- builds text, lists and maps only
        refuse_uncounted(found)
    except (OSError, KeyError, TypeError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(
            f"绩效评价的规则 {path} 读不懂或缺项：{error}。请对照 rulebooks/policies/performance.yaml 补齐。"
        ) from error
    return found


def from_data(said: Mapping[str, Any]) -> Rules:
    measured, bar = said["measured"], said["bar"]
    return Rules(
        wait=days(measured["days"]), waits={id: days(n) for id, n in (measured.get("schemes") or {}).items()},
        bar=Bar(met=portion(bar["met"]), partly=portion(bar["partly"])),
        indicators={name: counted(one) for name, one in said["indicators"].items()}, other_scale=int(said["others"]["scale"]),
        consequences=tuple(consequence(one) for one in said["consequences"]), source=said["source"], status=said["status"],
    )  # fmt: skip


def days(text: str) -> timedelta:
    return timedelta(days=int(text))


def portion(text: str) -> Fraction:
    return parse_quantity(text).to("倍")


def counted(said: Mapping[str, str]) -> Counted:
    convert(1, said["unit"], said["shown"])  # refuses units that cannot be told in one another
    return Counted(said["unit"], int(said["scale"]), said["shown"])


def counted_as(name: str, unit: str, known: Rules) -> Counted:
    """How an indicator that a firm promised in that unit is counted: money in fen, others in the unit that the firm chose."""
    ruled = known.indicators.get(name)
    if ruled is not None and dimension(ruled.unit) == dimension(unit):
        return Counted(ruled.unit, ruled.scale, unit)
    if dimension(unit) == MONEY:
        return Counted("元", 2, unit)
    return Counted(unit, known.other_scale, unit)


def consequence(said: Mapping[str, Any]) -> Consequence:
    outcomes = frozenset(Outcome(one).value for one in said["outcomes"])
    return Consequence(outcomes, Words(said["zh"], said["en"]), said["source"], said["status"])


def refuse_uncounted(found: Rules) -> None:
    asked = {words.zh for one in schemes().values() for words in one.indicators}
    if missing := sorted(asked - set(found.indicators)):
        raise ValueError(f"没有写明“{missing[0]}”怎么计")
