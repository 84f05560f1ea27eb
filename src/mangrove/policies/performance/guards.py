"""Who confirms what was measured: nobody who decided the award, and nobody who entered it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from mangrove.casework.workflow import Occasion
from mangrove.ledger.refusals import Refusal
from mangrove.policies.performance.models import Performance


def may_confirm(occasion: Occasion) -> None:
    performance = occasion.case.performance
    if hindered := hindrance(performance, occasion.by.username):
        raise refused(performance, hindered)


def hindrance(performance: Performance, who: str) -> str:
    """Why this person may not confirm it; empty where nothing is in the way."""
    if who in deciders(performance):
        return _("这笔资助由您批准或提出，不能由您核定它的成效。")
    if performance.indicators.filter(reported_by=who).exists():
        return _("实测的数是您填的，不能由您核定。")
    return ""


def deciders(performance: Performance) -> set[str]:
    """Who computed, announced or approved the plan by which it was decided."""
    line = performance.award.plan_line
    taken = line.plan.case.acts.filter(act__in=("compute", "announce", "approve"))
    return set(taken.values_list("by", flat=True))


def refused(performance: Performance, what: str) -> Refusal:
    return Refusal(
        what, code="policies.own_award", where=performance.claim.title, rule=_("决定资助的人、填报的人、核定成效的人不是同一人"),
        remedy=_("请由另一位经办人核定。"),
    )  # fmt: skip
