"""One question to the sandbox: which numbers, which day, who comes, how large the pots are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.policies.measures.library import measure_of, version_on
from mangrove.policies.measures.models import RuleText
from mangrove.rulebook.decide import Run
from mangrove.rulebook.measures import Measure, Version
from mangrove.rulebook.simulate.engine import Changes
from mangrove.rulebook.simulate.takeup import TakeUp


@dataclass(frozen=True)
class Asked:
    """``changes`` in the order of the measure, ``typed`` as they were written. ``pots``: fen by id, of those that have a size.

    ``order_by``: the date field by which claims are served. ``known_on``: the day as of which the facts count.
    """

    rule: RuleText
    known_on: date
    run: Run
    changes: Changes = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    take_up: TakeUp = field(default_factory=TakeUp)
    pots: Mapping[str, int] = field(default_factory=dict)
    order_by: str = ""

    @property
    def measure(self) -> Measure:
        return measure_of(self.rule)

    @property
    def day(self) -> date:
        assert self.run.decide_on is not None  # the form gives one
        return self.run.decide_on

    def against(self) -> RuleText:
        """What is in force on the day: of a draft, or of another version, the one that holds; else the text as it is written."""
        return version_on(self.rule.rule, self.day) or self.rule


def usual_day(version: Version, today: date, last_year: int | None = None) -> date:
    """Today, or of the last year with records its last day; of days on which the measure is in force the nearest to it."""
    if last_year is not None and last_year < today.year:
        today = date(last_year, 12, 31)
    if version.decided_by or version.holds_on(today):
        return today
    if version.in_force is not None and today < version.in_force:
        return version.in_force
    return version.until - timedelta(days=1) if version.until is not None else today


def refuse_not_in_force(measure: Measure, day: date) -> None:
    """Raises :class:`Refusal` where the day decides and the measure does not hold on it."""
    version = measure.version
    if version.decided_by or version.holds_on(day):
        return
    raise Refusal(
        _("“%(name)s”在 %(day)s 不施行。") % {"name": measure.name, "day": day}, code="policies.not_in_force",
        where=_("决定日"),
        rule=_("施行 %(begin)s，失效 %(end)s") % {"begin": version.in_force or "—", "end": version.until or "—"},
        remedy=_("请换一个决定日，或换一个版本。"),
    )  # fmt: skip
