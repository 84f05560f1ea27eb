"""Experts review what their schemes ask them to: rounds are opened, experts assigned, marks handed in, and the rounds end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from mangrove.policies.claims.expert_review import open_review, reviews_of
from mangrove.policies.claims.models import Claim
from mangrove.policies.schemes.definition import scheme
from mangrove.policies.year.applying import Said, pieces
from mangrove.policies.year.checking import claims_of
from mangrove.policies.year.people import Year
from mangrove.registry.models import User
from mangrove.reviews import actions, assigning, pool, rounds
from mangrove.reviews.models import EXPERTS_BLIND, Assignment, Expert, Round
from mangrove.reviews.pool import FIELDS
from mangrove.reviews.rubrics import read_rubric
from mangrove.reviews.workflow import ENDED, UNDER_WAY
from mangrove.vocabulary import enum

REASON, COMMENT = "按材料评分（合成）。", "材料能说明项目的做法和成效（合成）。"


def review(year: Year, say: Said) -> str:
    """Each scheme that asks for a review in rounds of so many claims; a round that was left half way is taken to its end."""
    count = 0
    for id in year.told.schemes:
        if scheme(id).panel is not None:
            count += reviewed(year, id, say)
    return f"送评 {count}"


def reviewed(year: Year, scheme_id: str, say: Said) -> int:
    every = claims_of(year, scheme=scheme_id, case__state="checking")
    claims = [claim for claim, _made in every]
    known = set(reviews_of(claims, (*UNDER_WAY, *ENDED)).values_list("claim", flat=True))
    fresh = [claim for claim in claims if claim.pk not in known]
    score = {claim.pk: made.score for claim, made in every}
    for some in pieces(fresh, say):
        with transaction.atomic():
            held(year, scheme_id, list(some), score)
    return len(fresh)


def held(year: Year, scheme_id: str, claims: list[Claim], score: dict[Any, int]) -> None:
    """One round from its opening to its end, in one transaction."""
    officer = year.officer_of(scheme_id)
    panel = scheme(scheme_id).panel
    assert panel is not None
    found = open_review(
        claim_ids=[one.pk for one in claims], title=f"{year.told.year}年{scheme(scheme_id).title.zh}评审（合成）",
        mode=EXPERTS_BLIND, due_on=due(year), **year.by(officer, "checks"),
    )  # fmt: skip
    step(year, found, "start", officer, "checks")
    assign(year, found, officer, experts(year, officer)[: panel.experts])
    for one in Assignment.objects.filter(item__round=found).select_related(
        "item__policies_review", "expert__user"
    ):
        mark(year, one, score[one.item.policies_review.claim_id])
    step(year, found, "close", officer, "weighed")


def due(year: Year) -> date:
    return year.told.day("weighed")


def step(year: Year, found: Round, act: str, officer: User, day: str) -> None:
    found.refresh_from_db()
    assert found.case is not None
    take = getattr(rounds, act)
    take(round_id=found.pk, expected_version=found.case.version, **year.by(officer, day))


def experts(year: Year, officer: User) -> list[Expert]:
    """The bureau's pool has the year's experts; who is not in it yet is admitted, with the promise of secrecy given."""
    return [admitted(year, officer, name) for name in year.told.calendar["experts"]]


def admitted(year: Year, officer: User, username: str) -> Expert:
    known = Expert.objects.filter(user__username=username, bureau=year.bureau).first()
    since = year.told.day("registry")
    return known or pool.admit(
        username=username, fields=list(enum(FIELDS).words), active_from=since, agreed_on=since, **year.by(officer, since)
    )  # fmt: skip


def assign(year: Year, found: Round, officer: User, panel: list[Expert]) -> None:
    items, at = list(found.items.all()), year.by(officer, "checks")
    seen = assigning.plan(found, items, panel, at["on"]).digest
    assigning.assign(
        round_id=found.pk, item_ids=[one.pk for one in items], expert_ids=[one.pk for one in panel], seen=seen,
        due_on=due(year), **at,
    )  # fmt: skip


def mark(year: Year, one: Assignment, score: int) -> None:
    """Each expert gives what the year made of the project, under every head."""
    at = year.by(one.expert.user, "checks")
    actions.declare(uid=one.pk, **at)
    marks: dict[str, Any] = {head.id: {"mark": score, "reason": REASON} for head in heads(one)}
    actions.submit(uid=one.pk, said={**marks, "comment": COMMENT}, key=str(one.pk), **at)


def heads(one: Assignment) -> Any:
    return read_rubric(one.item.round.rubric).criteria
