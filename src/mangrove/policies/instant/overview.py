"""Measure by measure what the last match found, beside what became of the offers since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from mangrove.jobs.models import Job
from mangrove.policies.instant.access import readable_offers
from mangrove.policies.instant.counting import Tally, tally_from
from mangrove.policies.instant.matching import instant_schemes
from mangrove.policies.instant.models import OfferState
from mangrove.policies.measures.models import RuleText
from mangrove.policies.schemes.definition import Scheme
from mangrove.registry.models import Organisation


@dataclass(frozen=True)
class SchemeRow:
    """Counts of firms. ``tally`` and ``rule`` are empty where the last match did not reach the scheme; ``listed``: ever offered."""

    scheme: Scheme
    tally: Tally | None
    rule: RuleText | None
    listed: int
    offered: int
    confirmed: int
    paid: int
    synthetic: bool

    # A table sorts by the attributes of its rows.

    @property
    def title(self) -> str:
        return str(self.scheme.title)

    @property
    def meets(self) -> int | None:
        return self.tally.meets if self.tally else None

    @property
    def fails(self) -> int | None:
        return self.tally.fails if self.tally else None

    @property
    def without(self) -> int | None:
        return self.tally.without if self.tally else None

    @property
    def lacks(self) -> int | None:
        return self.tally.lacks if self.tally else None


#: Of a scheme of which nothing was offered.
NOTHING = {"listed": 0, "offered": 0, "confirmed": 0, "paid": 0}


def rows(user: Any, job: Job | None) -> list[SchemeRow]:
    """A row for each scheme that needs no application; of the offers those that the reader may read."""
    told = (job.result or {}).get("schemes", {}) if job else {}
    rules = RuleText.objects.in_bulk([one["rule"] for one in told.values()])
    counts = counted(user)
    made_up = Organisation.objects.filter(kind="firm", synthetic=True).exists()
    return list(row_of(told, rules, counts, made_up))


def row_of(
    told: Mapping[str, Any],
    rules: Mapping[int, RuleText],
    counts: Mapping[str, dict[str, int]],
    made_up: bool,
) -> Iterator[SchemeRow]:
    for one in instant_schemes():
        found, count = told.get(one.id), counts.get(one.id, NOTHING)
        yield SchemeRow(
            one, tally_from(found) if found else None, rules.get(found["rule"]) if found else None, **count, synthetic=made_up
        )  # fmt: skip


def counted(user: Any) -> dict[str, dict[str, int]]:
    """By scheme how many firms were offered something, have yet to answer, confirmed, and were paid."""
    firms = lambda **where: Count("organisation", distinct=True, filter=Q(**where))  # noqa: E731
    found = readable_offers(user).order_by().values("scheme").annotate(
        listed=firms(), offered=firms(state=OfferState.OFFERED), confirmed=firms(state=OfferState.CONFIRMED),
        paid=firms(claim__lines__award__orders__state="paid"),
    )  # fmt: skip
    return {one["scheme"]: {name: one[name] for name in NOTHING} for one in found}  # type: ignore[literal-required]
