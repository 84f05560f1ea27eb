"""Which version took the place of another, and from which day: the library keeps both, and only one of them holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from mangrove.policies.measures.models import RuleText
from mangrove.rulebook.texts.families import DRAFT


@dataclass(frozen=True)
class Successor:
    number: int
    since: date


def with_successor(rows: QuerySet[RuleText]) -> QuerySet[RuleText]:
    """Each with what :func:`successor` asks of it, so that a list asks once."""
    newer = newer_than(OuterRef("kind"), OuterRef("rule"), OuterRef("number"))
    return rows.annotate(
        next_number=Subquery(newer.values("number")[:1]), next_since=Subquery(newer.values("since")[:1])
    )


def newer_than(kind: object, rule: object, number: object) -> QuerySet[Any]:
    """The first to begin comes first; a draft never takes a place. Where no source says the first day, that of publication."""
    rows = RuleText.objects.filter(kind=kind, rule=rule, number__gt=number).exclude(status=DRAFT)
    return rows.annotate(since=Coalesce("in_force", "published_on")).order_by("since", "number")


def successor(one: RuleText) -> Successor | None:
    """The version that takes or took its place first, whatever the day."""
    if not hasattr(one, "next_number"):
        found = newer_than(one.kind, one.rule, one.number).values_list("number", "since").first()
        one.next_number, one.next_since = found or (None, None)  # type: ignore[attr-defined]
    number, since = one.next_number, one.next_since  # type: ignore[attr-defined]
    return Successor(number, since) if number else None


def replaced(one: RuleText, day: date) -> Successor | None:
    """What had taken its place on the day; nothing where it ended before that."""
    found = successor(one)
    if found is None or found.since > day or (one.until is not None and one.until < found.since):
        return None
    return found
