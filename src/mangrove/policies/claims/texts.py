"""What firms wrote of their projects, and which claims say nearly the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import F, QuerySet

from mangrove.intake.models import Submission
from mangrove.likeness.rules import rule
from mangrove.policies.claims.doubt_rules import doubt_rules
from mangrove.policies.claims.models import Claim
from mangrove.policies.claims.workflow import REFUSED, WITHDRAWN
from mangrove.registry.personal.masking import written
from mangrove.similarity import Finding, Limits, TextIndex

#: The questions of a scheme's form that tell of the project; see ``schemes/forming.py``.
TOLD = ("title", "summary", "results")
#: The key of the limits in ``rulebooks/likeness``.
CORPUS = "policies.claim"


def living() -> QuerySet[Claim]:
    """What ended without money hinders nobody who applies again."""
    return Claim.objects.exclude(case__state__in=(REFUSED, WITHDRAWN))


def texts(claims: QuerySet[Claim]) -> dict[str, str]:
    """By the claim's key, as it was handed in last; numbers of persons are masked."""
    found = Submission.objects.filter(application__claim__in=claims, round=F("application__rounds"))
    rows = found.values_list("application__claim", "content")
    return {str(id): text_of(content["answers"]) for id, content in rows.iterator(chunk_size=500)}


def text_of(answers: Mapping[str, object]) -> str:
    return "\n".join(written(str(answers[id])) for id in TOLD if answers.get(id))


@dataclass(frozen=True)
class Likeness:
    """Pairs of claims whose texts have something in common, by claim; found once for many."""

    by_claim: Mapping[str, list[Finding]] = field(default_factory=dict)

    def of(self, claim: str, limits: Limits) -> dict[str, Finding]:
        """The claims that are like this one by these limits."""
        found = self.by_claim.get(claim, [])
        return {other_of(one, claim): one for one in found if reaches(one, limits)}


def other_of(one: Finding, claim: str) -> str:
    return one.second if one.first == claim else one.first


def reaches(one: Finding, limits: Limits) -> bool:
    return (one.shared >= max(1, limits.shared) and one.share >= limits.share) or one.cosine >= limits.cosine


def alike_limits() -> Limits:
    return rule(CORPUS).limits


def likeness(ids: Collection[str]) -> Likeness:
    """What these claims have in common with each other and with all that are not refused or withdrawn."""
    said = texts(living() | Claim.objects.filter(pk__in=ids))
    asked = [id for id in ids if id in said]
    if not asked:
        return Likeness()
    own, related = alike_limits(), doubt_rules().related.text
    widest = Limits(
        min(own.share, related.share), min(own.cosine, related.cosine), min(own.shared, related.shared)
    )
    by_claim: dict[str, list[Finding]] = {id: [] for id in asked}
    for one in TextIndex.of(sorted(said.items())).pairs(widest, asked):
        for id in {one.first, one.second} & by_claim.keys():
            by_claim[id].append(one)
    return Likeness(by_claim)
