"""The rounds that a claim was in, one a row: to whom runs them with the way there, to others in words."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.policies.claims.models import ClaimReview
from mangrove.policies.claims.tables import OUTCOMES
from mangrove.reviews.access import bureau_rounds
from mangrove.reviews.decisions import mean, rounded
from mangrove.reviews.results import Results, Reviewed
from mangrove.reviews.tables import state_tag
from mangrove.reviews.workflow import ENDED
from mangrove.ui.components import Link, Short, Tag
from mangrove.ui.tables import Column, Table

Row = dict[str, Any]


def review_rows(user: Any, claim: Any) -> list[Row]:
    kept = ClaimReview.objects.filter(claim=claim).select_related("item__round__case").order_by("-pk")
    own = set(bureau_rounds(user).values_list("pk", flat=True))
    return list(rows(kept, own))


def rows(kept: Any, own: set[int]) -> Iterator[Row]:
    """Until a round has ended nothing of its marks is told."""
    for one in kept:
        found = one.item.round
        title = (
            Link(found.title, reverse("reviews:round", args=[found.pk])) if found.pk in own else found.title
        )
        yield {
            "round": title, "code": one.item.code, "state": state_tag(found.case), "due_on": Short(found.due_on.isoformat()),
            **(result(one) if found.case.state in ENDED else {}),
        }  # fmt: skip


def result(kept: ClaimReview) -> Row:
    one = reviewed(kept)
    score, passing = mean(one.totals), Fraction(kept.passing)
    if score is None:
        return {}
    return {
        "reviews": one.submitted, "score": rounded(score), "passing": rounded(passing),
        "outcome": Tag(*OUTCOMES[score >= passing]),
    }  # fmt: skip


def reviewed(kept: ClaimReview) -> Reviewed:
    return next(one for one in Results(kept.item.round).items if one.item.pk == kept.item_id)


REVIEWS = Table(
    "reviews",
    _("评审轮次"),
    [
        Column("round", _("轮次"), cell=lambda one: one["round"]),
        Column("code", _("评审编号"), cell=lambda one: one["code"]),
        Column("state", _("状态"), cell=lambda one: one["state"]),
        Column("due_on", _("截止日期"), cell=lambda one: one["due_on"]),
        Column("reviews", _("专家"), numeric=True, cell=lambda one: one.get("reviews")),
        Column("score", _("平均分"), numeric=True, cell=lambda one: one.get("score")),
        Column("passing", _("及格分"), numeric=True, cell=lambda one: one.get("passing")),
        Column("outcome", _("结论"), cell=lambda one: one.get("outcome")),
    ],
)
