"""A scenario once more: on what was known then, which gives the same to the last bit; and on what is known and in force now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from django.utils import timezone

from mangrove.policies.measures.library import measure_of, version_on
from mangrove.policies.measures.models import RuleText
from mangrove.policies.sandbox.actions import answered
from mangrove.policies.sandbox.asking import Asked
from mangrove.policies.sandbox.models import Scenario
from mangrove.policies.sandbox.snapshots import City, city, city_at
from mangrove.rulebook.decide import Run
from mangrove.rulebook.simulate import scenario as told
from mangrove.rulebook.simulate.scenario import Difference
from mangrove.rulebook.simulate.takeup import TakeUp


@dataclass(frozen=True)
class Replay:
    """``then``: what differs from what was kept, nothing where every bit is the same. ``now``: what the same question differs in
    on today's facts and the text that holds today; ``fen_now`` its known cost, ``None`` where it can no longer be asked.
    """

    then: tuple[Difference, ...]
    now: tuple[Difference, ...]
    fen_now: int | None

    @property
    def same(self) -> bool:
        return not self.then


def replay(one: Scenario) -> Replay:
    saved, asked = as_told(one), asked_of(one)
    then = tuple(differences(saved, asked, city_at(one.known_at)))
    today = timezone.localdate()
    rule = version_on(one.rule.rule, one.decide_on) or one.rule
    current = city(today)
    if gone := [name for name in asked.changes if name not in measure_of(rule).constants()]:
        return Replay(then, tuple(without(gone)), None)
    again = replace(asked, rule=newer(rule, one.rule), known_on=today)
    found = answered(again, current)
    return Replay(then, tuple(told.differences(saved, found)), int(found.totals["fen"]))


def newer(holds: RuleText, kept: RuleText) -> RuleText:
    """A draft is asked again as it is; of a text that was in force, the version that holds now."""
    return holds if holds.number > kept.number else kept


def differences(saved: told.Scenario, asked: Asked, known: City) -> Iterator[Difference]:
    yield from told.differences(saved, answered(asked, known))


def without(gone: list[str]) -> Iterator[Difference]:
    for name in gone:
        zh = f"现在的文字里已经没有“{name}”，不能照样再算。"
        en = f"The present text no longer has “{name}”; the same cannot be asked of it."
        yield Difference("number_gone", zh, en)


def asked_of(one: Scenario) -> Asked:
    """The question of a scenario."""
    return Asked(
        one.rule, timezone.localtime(one.known_at).date(), Run(one.decide_on, one.budget_year),
        {name: value_of(value) for name, _typed, value in one.changes},
        {name: typed for name, typed, _value in one.changes}, take_up_of(one), one.pots, one.order_by,
    )  # fmt: skip


def value_of(written: str) -> Fraction | date:
    return date.fromisoformat(written) if written.count("-") == 2 else Fraction(written)


def take_up_of(one: Scenario) -> TakeUp:
    return TakeUp(Fraction(one.take_up["meets"]), Fraction(one.take_up["lacks"]))


def as_told(one: Scenario) -> told.Scenario:
    asked = asked_of(one)
    return told.Scenario(
        Path(), one.text_sha256, one.structure, one.numbers, asked.changes, asked.run, asked.take_up, Path(), one.tables,
        one.semantics, one.totals, one.result,
    )  # fmt: skip
