"""How long a measure still holds; which ends are near or just past and have not been evaluated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.db.models import Exists, OuterRef, QuerySet

from mangrove.policies.measures.house_rules import HouseRules
from mangrove.policies.measures.models import Evaluation, RuleKind, RuleText
from mangrove.policies.measures.succession import Successor, replaced
from mangrove.rulebook.texts.families import DRAFT

Standing = Literal["draft", "coming", "holds", "ending", "ended", "replaced"]


@dataclass(frozen=True)
class Validity:
    """``left``: days until it ends, negative since it ended; ``None`` where no end is written. ``by`` took its place."""

    standing: Standing
    left: int | None = None
    by: Successor | None = None


def validity(one: RuleText, day: date, rules: HouseRules) -> Validity:
    if one.status == DRAFT:
        return Validity("draft")
    if one.in_force is not None and day < one.in_force:
        return Validity("coming")
    if newer := replaced(one, day):
        return Validity("replaced", by=newer)
    if one.until is None:
        return Validity("holds")
    left = (one.until - day).days
    if left <= 0:
        return Validity("ended", left)
    return Validity("ending" if left <= rules.warn_days else "holds", left)


def to_evaluate(day: date, rules: HouseRules) -> list[RuleText]:
    """Measures whose last version ends soon or has just ended, that nobody has evaluated; the first end first."""
    first, last = day - timedelta(days=rules.ended_days), day + timedelta(days=rules.warn_days)
    near = last_versions().filter(until__gte=first, until__lte=last).exclude(status=DRAFT)
    return list(
        near.exclude(Exists(Evaluation.objects.filter(rule=OuterRef("pk")))).order_by("until", "rule")
    )


def last_versions() -> QuerySet[RuleText]:
    """Of each measure the last version that is no draft."""
    later = RuleText.objects.filter(
        kind=OuterRef("kind"), rule=OuterRef("rule"), number__gt=OuterRef("number")
    ).exclude(status=DRAFT)
    return RuleText.objects.filter(~Exists(later), kind=RuleKind.MEASURE)


def unevaluated_before(rule: str, day: date, rules: HouseRules) -> RuleText | None:
    """The version that a successor would take over from, where it ends soon or has ended and nobody has evaluated it."""
    last = last_versions().filter(rule=rule).exclude(status=DRAFT).first()
    if last is None or validity(last, day, rules).standing not in ("ending", "ended"):
        return None
    return None if last.evaluations.exists() else last


def with_standing(rows: Iterable[RuleText], wanted: str, day: date, rules: HouseRules) -> list[RuleText]:
    return [one for one in rows if validity(one, day, rules).standing == wanted]
