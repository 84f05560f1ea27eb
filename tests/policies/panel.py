"""A panel of experts for the claims of ``life.py``: admitted, assigned to a round, and marking it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mangrove.policies.claims.expert_review import open_review
from mangrove.policies.claims.models import Claim
from mangrove.registry.models import Organisation
from mangrove.reviews import actions, assigning, pool, rounds
from mangrove.reviews.models import EXPERTS_BLIND, Assignment, Expert, Round

from . import life

HEADS = ("need", "technology", "outcome", "means")


def experts(count: int = 3) -> list[Expert]:
    return [expert(n) for n in range(1, count + 1)]


def expert(n: int) -> Expert:
    institute = Organisation.objects.get_or_create(id=f"panel_{n}", defaults={"name": f"样例评审单位{n}"})[0]
    user = life.person(f"panel_{n}", institute, ["expert"])
    known = Expert.objects.filter(user=user).first()
    return known or pool.admit(
        username=user.username, fields=["industry"], active_from=life.days_ago(100), agreed_on=life.days_ago(90),
        by=life.who("officer"), **life.at(),
    )  # fmt: skip


def opened(*claims: Claim, **told: Any) -> Round:
    for one in claims:
        one.case.refresh_from_db()
    said: dict[str, Any] = {
        "title": "样例评审（合成）", "mode": EXPERTS_BLIND, "due_on": life.days_ago(-10), "by": life.who("officer"), **life.at(),
    }  # fmt: skip
    return open_review(claim_ids=[one.pk for one in claims], **{**said, **told})


def step(found: Round, act: str, by: str = "officer") -> None:
    found.refresh_from_db()
    assert found.case is not None
    take = getattr(rounds, act)
    take(by=life.who(by), round_id=found.pk, expected_version=found.case.version, **life.at())


def assigned(found: Round) -> None:
    step(found, "start")
    items, panel = list(found.items.all()), experts(found.least)
    assigning.assign(
        by=life.who("officer"), round_id=found.pk, item_ids=[one.pk for one in items],
        expert_ids=[one.pk for one in panel], seen=assigning.plan(found, items, panel, life.days_ago(40)).digest,
        due_on=found.due_on, **life.at(),
    )  # fmt: skip


def marked(found: Round, marks: dict[Any, Sequence[int]]) -> None:
    """``marks``: by the claim's key what each expert gives under every head."""
    for item in found.items.select_related("policies_review"):
        given = marks[item.policies_review.claim_id]
        for one, mark in zip(item.assignments.order_by("expert__user__username"), given, strict=True):
            written(one, mark)


def written(one: Assignment, mark: int) -> None:
    at = {"by": one.expert.user, **life.at()}
    actions.declare(uid=one.pk, **at)
    said: dict[str, Any] = {head: {"mark": mark, "reason": "样例理由"} for head in HEADS}
    actions.submit(uid=one.pk, said={**said, "comment": "样例意见"}, key=str(one.pk), **at)


def held(marks: dict[Claim, Sequence[int]], **told: Any) -> Round:
    """A round from its opening to its end."""
    found = opened(*marks, **told)
    assigned(found)
    marked(found, {claim.pk: given for claim, given in marks.items()})
    step(found, "close")
    found.refresh_from_db()
    return found
