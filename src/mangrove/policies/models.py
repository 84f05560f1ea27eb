"""Django finds the models of the room through this module; each part keeps its own."""

from mangrove.policies.claims.models import Check, Claim, ClaimReview, Doubt, Expense, Judgement
from mangrove.policies.instant.models import Offer
from mangrove.policies.issuing.models import Draft, DraftText, Opinion, Publication, Review, Seeking
from mangrove.policies.measures.models import Evaluation, Guide, RuleText
from mangrove.policies.performance.models import Indicator, Performance
from mangrove.policies.plans.models import Departure, Plan, PlanLine, PlanPot
from mangrove.policies.sandbox.models import Scenario

__all__ = [
    "Check",
    "Claim",
    "ClaimReview",
    "Departure",
    "Doubt",
    "Draft",
    "DraftText",
    "Evaluation",
    "Expense",
    "Guide",
    "Indicator",
    "Judgement",
    "Offer",
    "Opinion",
    "Performance",
    "Plan",
    "PlanLine",
    "PlanPot",
    "Publication",
    "Review",
    "RuleText",
    "Scenario",
    "Seeking",
]
