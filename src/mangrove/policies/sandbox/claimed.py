"""What firms claimed, as things beside the registry's records, as it was known at a moment: what a measure of the year really pays for.

A plan reads claims in the same way (:mod:`mangrove.policies.plans.facts`); here it is those of every scheme at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from mangrove import vocabulary as house
from mangrove.casework.models import CaseAct
from mangrove.ledger.models import Event
from mangrove.policies.claims.actions import ENDS
from mangrove.policies.claims.models import Check, CheckKind, Claim, Judgement
from mangrove.policies.claims.workflow import CLAIM
from mangrove.policies.measures.library import measure_of, versions
from mangrove.policies.plans.facts import Row, Rows, owner_links
from mangrove.policies.schemes.definition import schemes
from mangrove.registry.records.bodies import merged_at

#: By the measure, the kind of thing and its key.
ByThing = dict[str, dict[str, dict[str, Row]]]


@dataclass(frozen=True)
class Claimed:
    """``judged``: what people judged under a measure; another measure does not know it. ``brought``: things that only the claims
    under a measure bring, of which the registry has no record, as they stand among the rows.
    """

    judged: ByThing = field(default_factory=dict)
    brought: ByThing = field(default_factory=dict)

    def keys(self, entity: str) -> set[str]:
        """The keys of the things of a kind that were brought."""
        return {key for kinds in self.brought.values() for key in kinds.get(entity, ())}

    def count(self, entity: str, measure: str = "") -> int:
        """How many things of a kind were brought, by the claims under all measures or under one."""
        return sum(len(kinds.get(entity, ())) for id, kinds in self.brought.items() if measure in ("", id))


def newest_claims() -> tuple[Any, ...]:
    """Differs as soon as a claim came in or ended, was checked or judged."""
    last = [model.objects.aggregate(last=Max("pk"))["last"] for model in (Check, Judgement)]
    ended = CaseAct.objects.filter(act__in=ENDS, case__workflow=CLAIM.id).count()
    return *last, Claim.objects.count(), ended


def claims_at(moment: datetime) -> list[Claim]:
    """Those accepted before the moment and not refused by the office or withdrawn by then; in the order of applying."""
    told = Event.objects.filter(act=f"{CLAIM.id}.open", recorded_at__lt=moment).values_list(
        "object_id", flat=True
    )
    accepted = {int(case) for case in told}
    ended = CaseAct.objects.filter(act__in=ENDS, recorded__lt=moment, case__workflow=CLAIM.id).values("case")
    rows = Claim.objects.exclude(case__in=ended).order_by("applied_on", "pk")
    return [one for one in rows if one.case_id in accepted]


def with_claims(rows: Rows, moment: datetime) -> tuple[Rows, Claimed]:
    """The rows of the registry with the claims among them, in the order of their keys."""
    found = claims_at(moment)
    kinds, audits, said = kinds_of(found), audited_by(moment), judged_by(moment)
    answers, claimed = merged_at(moment), Claimed()
    recorded = {entity: {row["id"]: row for row in rows.get(entity, [])} for entity in set(kinds.values())}
    things = {entity: dict(known) for entity, known in recorded.items()}
    for one in found:
        if (entity := kinds.get(one.scheme)) is None:
            continue
        row = things[entity].get(one.thing, {}) | row_of(one, entity, answers) | audits.get(one.pk, {})
        things[entity][one.thing] = row
        measure = schemes()[one.scheme].measure
        if one.thing not in recorded[entity]:
            kept_in(claimed.brought, measure, entity, one.thing, row)
        if one.pk in said:
            kept_in(claimed.judged, measure, entity, one.thing, said[one.pk])
    return rows | {entity: [known[key] for key in sorted(known)] for entity, known in things.items()}, claimed


def kept_in(found: ByThing, measure: str, entity: str, key: str, row: Row) -> None:
    found.setdefault(measure, {}).setdefault(entity, {})[key] = row


def kinds_of(found: Iterable[Claim]) -> dict[str, str]:
    """For what kind of thing the clause of each scheme is; a scheme whose clause no published version has is left out."""
    asked = {one.scheme for one in found} & set(schemes())
    kinds = {id: kind_of(schemes()[id].measure, schemes()[id].step) for id in asked}
    return {id: entity for id, entity in kinds.items() if entity}


def kind_of(measure: str, step: str) -> str:
    clauses = (clause for rule in versions(measure) for clause in measure_of(rule).clauses)
    return next((one.entity for one in clauses if one.id == step), "")


def row_of(claim: Claim, entity: str, answers: Mapping[str, str]) -> Row:
    """What was declared, and whose it is: the entry that answered for the firm then."""
    declared, firm = house.entity(entity), answers.get(claim.organisation_id, claim.organisation_id)
    said: Row = {"id": claim.thing, **claim.declared}
    if "applied_on" in declared.fields:
        said["applied_on"] = claim.applied_on.isoformat()
    return said | {link.id: firm for link in owner_links(declared)}


def audited_by(moment: datetime) -> dict[UUID, Row]:
    """What the last special audit recognised, by claim."""
    rows = Check.objects.filter(kind=CheckKind.AUDIT, passed=True, event__recorded_at__lt=moment)
    told = rows.order_by("pk").values_list("claim", "detail__recognised")
    return {claim: dict(recognised or {}) for claim, recognised in told}


def judged_by(moment: datetime) -> dict[UUID, Row]:
    """The last word on each input, by claim."""
    found: dict[UUID, Row] = {}
    rows = Judgement.objects.filter(event__recorded_at__lt=moment).order_by("pk")
    for claim, name, value in rows.values_list("claim", "name", "value"):
        found.setdefault(claim, {})[name] = value
    return found
