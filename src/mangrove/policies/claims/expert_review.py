"""Experts review claims: a round is opened for some of one scheme, and when it ends their checks follow from its marks.

The room ``reviews`` knows the claim as a ``Ref`` alone and runs the round; what its result means for a claim is said here, and
nobody types it. A round that ends when the claim is no longer being checked changes nothing of it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.translation import gettext as _

from mangrove.casework.models import Case
from mangrove.intake.models import Submission
from mangrove.ledger.actions import record
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.access import access_claim
from mangrove.policies.claims.actions import checked, judged, locked, rule_field
from mangrove.policies.claims.models import Check, CheckKind, Claim, ClaimReview
from mangrove.policies.claims.pages import declared_facts
from mangrove.policies.claims.sentences import REVIEW_SAID
from mangrove.policies.claims.texts import TOLD
from mangrove.policies.claims.workflow import CHECKING
from mangrove.policies.schemes.definition import Panel, Scheme, scheme
from mangrove.policies.schemes.rules import judged_inputs
from mangrove.registry.models import Organisation, User
from mangrove.registry.personal.masking import written
from mangrove.reviews import rounds
from mangrove.reviews.decisions import mean, rounded
from mangrove.reviews.hooks import Closed
from mangrove.reviews.leaks import marks_of
from mangrove.reviews.models import NAMED, Item, Round
from mangrove.reviews.results import Results, Reviewed
from mangrove.reviews.rounds import Thing
from mangrove.reviews.workflow import UNDER_WAY
from mangrove.ui.languages import listed
from mangrove.vocabulary.quantity import format_number

#: What stands in a text for experts in the place of the applicant's name.
APPLICANT = "申报单位"


@dataclass(frozen=True)
class Verdict:
    """What the experts' marks of a claim come to under its scheme: exact, and nothing rounded decides."""

    score: Fraction
    passing: Fraction
    reviews: int

    @property
    def passed(self) -> bool:
        return self.score >= self.passing


def panel_of(one: Scheme) -> Panel:
    """Raises :class:`Refusal` for a scheme that nobody reviews."""
    if one.panel is None:
        raise Refusal(_("这一事项没有专家评审。"), code="policies.no_check", where=str(one.title))
    return one.panel


def verdict(one: Reviewed, kept: ClaimReview) -> Verdict:
    score = mean(one.totals)
    assert score is not None  # a round does not end while an item has too few reviews
    return Verdict(score, Fraction(kept.passing), len(one.totals))


# --- the rounds of claims ------------------------------------------------------------------------------------------------


def reviews_of(claims: Collection[Claim] | QuerySet[Claim], states: Sequence[str]) -> QuerySet[ClaimReview]:
    """The newest first, in rounds of these states."""
    return ClaimReview.objects.filter(claim__in=claims, item__round__case__state__in=states).order_by("-pk")


def waiting(like: Claim) -> list[Claim]:
    """The claims of the same scheme and office that are being checked, have not passed a review and are in none now."""
    same = Claim.objects.filter(
        scheme=like.scheme, case__state=CHECKING, case__organisation=like.case.organisation_id
    )  # fmt: skip
    busy = reviews_of(same, UNDER_WAY).values("claim")
    last = Check.objects.filter(claim=OuterRef("pk"), kind=CheckKind.REVIEW).order_by("-pk").values("passed")
    found = same.exclude(pk__in=busy).annotate(passed=Coalesce(Subquery(last[:1]), Value(False)))
    return list(found.filter(passed=False).select_related("organisation").order_by("applied_on", "pk"))


@transaction.atomic
def open_review(
    *, claim_ids: Collection[UUID], title: str, mode: str, due_on: date, by: User, on: date, why: str = ""
) -> Round:  # fmt: skip
    """Open a round for claims of one scheme, with the panel and the rubric that the scheme names. Raises :class:`Refusal`.

    The claims' cases are locked, so that of two rounds opened at once each claim enters one. To have a claim reviewed once more
    needs a reason.
    """
    claims = [locked(one) for one in in_order(claim_ids, by)]
    one = scheme_of(claims)
    panel = panel_of(one)
    refuse_under_way(claims)
    refuse_again(claims, why)
    made = rounds.open_round(
        by=by, title=title, mode=mode, rubric=one.rubric, due_on=due_on, on=on, least=panel.experts, why=why,
        synthetic=any(claim.synthetic for claim in claims),
    )  # fmt: skip
    for claim in claims:
        item = rounds.add_item(by=by, round_id=made.pk, thing=thing_of(claim, mode), on=on, why=why)
        sent(claim, item, panel, by=by, on=on, why=why)
    return made


def sent(claim: Claim, item: Item, panel: Panel, *, by: User, on: date, why: str) -> ClaimReview:
    told = {"round": str(item.round.ref), "item": str(item.ref), "passing": str(panel.passing)}
    event = record("policies.claim.review", subject=claim.ref, by=by.actor, on=on, why=why, payload=told)
    return ClaimReview.objects.create(claim=claim, item=item, passing=str(panel.passing), event=event)


def in_order(claim_ids: Collection[UUID], by: User) -> list[Claim]:
    """In the order in which cases are locked everywhere."""
    return sorted((access_claim(by, id, to="check") for id in set(claim_ids)), key=lambda one: one.case_id)


def scheme_of(claims: Sequence[Claim]) -> Scheme:
    if len({one.scheme for one in claims}) != 1:
        raise Refusal(
            _("请选同一扶持事项的申报。"), code="policies.one_scheme", where=_("申报"),
            rule=_("人数、评分表和及格分按扶持事项定"), remedy=_("不同事项的请分开开轮次。"),
        )  # fmt: skip
    return scheme(claims[0].scheme)


def refuse_under_way(claims: Sequence[Claim]) -> None:
    if found := [one.claim.title for one in reviews_of(claims, UNDER_WAY).select_related("claim")]:
        raise Refusal(
            _("已在评审中：%(what)s。") % {"what": listed(found)}, code="policies.under_review", where=found[0],
            remedy=_("请等那一轮结束；还没有开始的，可以先取消那一轮。"),
        )  # fmt: skip


def refuse_again(claims: Sequence[Claim], why: str) -> None:
    found = [one.title for one in claims if one.checks.filter(kind=CheckKind.REVIEW).exists()]
    if found and not why.strip():
        raise Refusal(
            _("已经评审过：%(what)s。再评一次须写明理由。") % {"what": listed(found)}, code="casework.needs_reason", where=found[0],
            remedy=_("请写明为什么再评；先前的结果仍留着。"),
        )  # fmt: skip


# --- what experts read ---------------------------------------------------------------------------------------------------


def thing_of(claim: Claim, mode: str) -> Thing:
    """The claim as experts read it. In a blind round every known form of the applicant's name is taken out; what no register
    knows (a product, a person) the officer looks for, and the round refuses what it still finds."""
    text = text_of(claim)
    hidden = str(claim.title) if mode == NAMED else redacted(claim.title, claim.organisation)
    return Thing(
        claim.ref, f"{claim.organisation.name} {claim.title}"[:200], hidden[:200],
        text if mode == NAMED else redacted(text, claim.organisation), [claim.organisation_id],
    )  # fmt: skip


def text_of(claim: Claim) -> str:
    """What was written of the project and what was declared; in Chinese, since it is kept."""
    with translation.override("zh-hans"):
        declared = "\n".join(f"{one.label}：{one.value}" for one in declared_facts(claim))
    return "\n\n".join(part for part in (told_of(claim), declared) if part) or claim.title


def told_of(claim: Claim) -> str:
    last = Submission.objects.filter(application=claim.application_id).order_by("-round").first()
    answers = last.content["answers"] if last else {}
    return "\n\n".join(written(str(answers[id])) for id in TOLD if answers.get(id))


def redacted(text: str, firm: Organisation) -> str:
    for form in sorted(marks_of([firm]).values(), key=len, reverse=True):
        text = text.replace(form, APPLICANT)
    return text


# --- what follows --------------------------------------------------------------------------------------------------------


def hear(closed: Closed) -> None:
    """A round has ended: in its transaction each claim in it that is still being checked has its review."""
    found = {one.item.pk: one for one in Results(closed.round).items}
    kept = ClaimReview.objects.filter(item__in=found).select_related("claim").order_by("claim__case")
    for one in kept:
        one.claim.case = Case.objects.select_for_update().get(pk=one.claim.case_id)
        if one.claim.case.state == CHECKING:
            follow(one, found[one.item_id], closed)


def follow(kept: ClaimReview, one: Reviewed, closed: Closed) -> None:
    """The check, and the input of the measure that the experts' mean fills where the scheme names one."""
    claim, found = kept.claim, verdict(one, kept)
    by, on, why = closed.by.actor, closed.on, closed.why
    checked(
        claim,
        CheckKind.REVIEW,
        found.passed,
        said(found),
        told(found, one, closed.round),
        by=by,
        on=on,
        why=why,
    )
    for asked in judged_inputs(claim):
        if asked.name == scheme(claim.scheme).score:
            judged(claim, asked, at_scale(claim, asked, found.score), said(found), by=by, on=on, why=why)


def said(found: Verdict) -> str:
    return REVIEW_SAID % {
        "n": found.reviews, "score": rounded(found.score), "passing": rounded(found.passing)
    }  # fmt: skip


def told(found: Verdict, one: Reviewed, round: Round) -> dict[str, Any]:
    """What the check rests on: the round by its reference, and the exact numbers."""
    return {
        "round": str(round.ref), "item": str(one.item.ref), "reviews": found.reviews, "score": str(found.score),
        "passing": str(found.passing),
    }  # fmt: skip


def at_scale(claim: Claim, asked: Any, score: Fraction) -> str:
    """As the input is kept: its own decimals, half away from zero."""
    return format_number(score, rule_field(claim, asked).scale)
