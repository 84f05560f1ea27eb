"""What a plan is decided on, as rows: the firms, what the registry knows of them, the claims as things, money had before.

The rows are kept as canonical JSON with the plan, so that the same answer can be computed from them for ever.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Sum

from mangrove import vocabulary as house
from mangrove.funding.models import Award, Recovery
from mangrove.ledger.hashing import canonical
from mangrove.ledger.models import Event
from mangrove.policies.claims.models import Claim
from mangrove.policies.claims.standing import judgements
from mangrove.policies.schemes.definition import scheme
from mangrove.policies.schemes.rules import paying, rule_of
from mangrove.registry.models import bodies_of
from mangrove.registry.records.arrow import table_of
from mangrove.registry.records.bodies import merged_at
from mangrove.registry.records.facts import rows_at
from mangrove.rulebook.engines.arrow import from_arrow
from mangrove.rulebook.engines.columns import Snapshot
from mangrove.vocabulary.model import Entity, Vocabulary

Row = dict[str, Any]
Rows = dict[str, list[Row]]


def facts_for(claims: Sequence[Claim], decide_on: date, moment: datetime) -> Rows:
    """By entity, sorted by key. Of the kinds of things that are claimed only the claims themselves: nobody else asks this money."""
    firms = {id for one in claims for id in bodies_of(one.organisation_id)}
    rows, answers = rows_at(moment, firms), merged_at(moment)
    for entity, things in things_of(claims, answers).items():
        known = {row["id"]: row for row in rows.get(entity, [])}
        rows[entity] = [{**known.get(key, {}), **row} for key, row in sorted(things.items())]
    awards = [*rows.get("funding_award", []), *awards_before(firms, decide_on, moment, answers)]
    if awards:
        rows["funding_award"] = sorted(awards, key=lambda row: row["id"])
    return rows


def things_of(claims: Iterable[Claim], answers: Mapping[str, str]) -> dict[str, dict[str, Row]]:
    found: dict[str, dict[str, Row]] = {}
    for one in claims:
        entity = paying(scheme(one.scheme), rule_of(one)).entity
        found.setdefault(entity, {})[one.thing] = thing_of(one, entity, answers)
    return found


def thing_of(claim: Claim, entity: str, answers: Mapping[str, str]) -> Row:
    """What was declared, what audit and people found instead, and whose it is: the entry that answered for the firm then."""
    said: Row = {"id": claim.thing, **claim.declared}
    declared = house.entity(entity)
    if "applied_on" in declared.fields:
        said["applied_on"] = claim.applied_on.isoformat()
    firm = answers.get(claim.organisation_id, claim.organisation_id)
    said |= {link.id: firm for link in owner_links(declared)}
    return said | audited(claim) | judgements(claim)


def owner_links(entity: Entity) -> list[Any]:
    return [one for one in entity.relations.values() if one.id == entity.about]


def audited(claim: Claim) -> Row:
    """What the special audit recognised, by field of the thing; it takes the place of what was declared."""
    last = claim.checks.filter(kind="audit", passed=True).order_by("-pk").first()
    return dict(last.detail.get("recognised", {})) if last else {}


def awards_before(
    firms: Iterable[str], decide_on: date, moment: datetime, answers: Mapping[str, str]
) -> list[Row]:
    """Money decided already, on whatever day, as far as it was entered by then, less what came back until the day of this decision."""
    entered = Event.objects.filter(act="funding.award.decide", recorded_at__lt=moment).values("object_id")
    awards = Award.objects.filter(recipient__in=list(firms), uid__in=[one["object_id"] for one in entered])
    back = dict(
        Recovery.objects.filter(award__in=awards, on__lte=decide_on)
        .order_by()
        .values_list("award")
        .annotate(sum=Sum("amount"))
    )
    directions = direction_of([one.subject_id for one in awards if one.subject_room == "policies"])
    return [
        {
            "id": f"award-{one.uid}", "level": "municipal", "kind": "project_grant", "recipient": answers.get(one.recipient_id, one.recipient_id),
            "decided_on": one.decided_on.isoformat(), "decided": one.decided, "recovered": back.get(one.pk, 0),
            "direction": directions.get(one.subject_id),
        }
        for one in awards
    ]  # fmt: skip


def direction_of(claims: list[str]) -> dict[str, str | None]:
    rows = Claim.objects.filter(pk__in=claims).values_list("pk", "declared")
    return {str(id): declared.get("direction") for id, declared in rows}


# --- kept and read again -------------------------------------------------------------------------------------------------


def written(rows: Mapping[str, Sequence[Row]]) -> str:
    return canonical({entity: list(found) for entity, found in rows.items()})


def read(text: str) -> Rows:
    return dict(json.loads(text))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def snapshot_of(rows: Rows, words: Vocabulary) -> Snapshot:
    """As the engines read it. Raises :class:`Problems` for a link that leads to nothing."""
    tables = {entity: table_of(words.entities[entity], found) for entity, found in rows.items() if found}
    return from_arrow(tables, words)
