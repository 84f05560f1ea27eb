"""Between acceptance and the plan: doubts looked for and weighed, each check of the scheme, what people judge, the end of it.

Everything is found and decided by the acts that officers use; only what a person would see for themselves is told by the truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from mangrove.policies.claims import actions, expenses
from mangrove.policies.claims.audit import conclude_audit
from mangrove.policies.claims.credit import listings
from mangrove.policies.claims.models import Claim, Doubt, DoubtState
from mangrove.policies.claims.searching_doubts import ask_to_search
from mangrove.policies.claims.standing import checks
from mangrove.policies.schemes.definition import scheme
from mangrove.policies.schemes.rules import judged_inputs
from mangrove.policies.year.applying import Said, pieces
from mangrove.policies.year.opening import window_id
from mangrove.policies.year.people import Year, done
from mangrove.policies.year.planting import CLAIM, Planted
from mangrove.policies.year.projects import Application, yuan

Pair = tuple[Claim, Application]


def claims_of(year: Year, **which: Any) -> list[Pair]:
    """The year's claims with what was made of each."""
    made = {(one.scheme, one.firm.id): one for one in year.city.applications}
    windows = [window_id(year, one) for one in year.told.schemes]
    rows = Claim.objects.filter(application__opening__in=windows, **which).select_related(
        "case", "organisation", "application"
    )
    return [(one, made[one.scheme, one.organisation_id]) for one in rows.order_by("applied_on", "pk")]


# --- doubts ----------------------------------------------------------------------------------------------------------


def read_lists(year: Year, say: Said) -> str:
    """The list of expenses that came with each application is read into lines."""
    pairs = [
        pair
        for pair in claims_of(year, case__state="checking", expenses=None)
        if scheme(pair[0].scheme).audit
    ]
    for some in pieces(pairs, say):
        with transaction.atomic():
            for claim, _made in some:
                expenses.take_expenses(claim_id=claim.pk, **year.by(officer(year, claim), "checks"))
    return f"读入清单 {len(pairs)}"


def search(year: Year, _say: Said) -> str:
    """What the house finds doubtful; what is known already stays as it was judged."""
    if claims_of(year, case__state="checking", checks=None):
        done(ask_to_search(**year.by(year.who("officer"), "checks")))
    return f"疑点 {Doubt.objects.filter(claim__in=[claim.pk for claim, _made in claims_of(year)]).count()}"


def weigh(year: Year, say: Said, day: str = "weighed") -> str:
    """Each by the truth: people looked into it and say what they found."""
    pairs = claims_of(year, case__state="checking", doubts__state=DoubtState.OPEN)
    counts = {True: 0, False: 0}
    for some in pieces(list({pair[0].pk: pair for pair in pairs}.values()), say):
        with transaction.atomic():
            for claim, made in some:
                for one in claim.doubts.filter(state=DoubtState.OPEN):
                    upheld, reason = verdict(year, made, one.kind)
                    actions.weigh(
                        doubt_id=one.pk,
                        upheld=upheld,
                        reason=reason,
                        **year.by(officer(year, claim), day),
                    )
                    counts[upheld] += 1
    return f"属实 {counts[True]}，不属实 {counts[False]}"


def weigh_again(year: Year, say: Said) -> str:
    """What the audit itself found doubtful."""
    return weigh(year, say, "concluded")


def officer(year: Year, claim: Claim) -> Any:
    return year.officer_of(claim.scheme)


def verdict(year: Year, made: Application, kind: str) -> tuple[bool, str]:
    truth = next(
        (one for one in year.city.truth_of(made.key) if one.kind == kind and one.when == CLAIM), None
    )
    if truth is None:
        return False, "经核实，凭据与内容归本项申报（合成）"
    return truth.founded, f"经核实：{truth.what}（合成）"


# --- checks ----------------------------------------------------------------------------------------------------------


def conclude_audits(year: Year, say: Said) -> str:
    """What the audit's measure recognises line by line takes the place of what was declared; what lies outside the time is doubted."""
    pairs = [
        pair
        for pair in claims_of(year, case__state="checking")
        if "audit" in {one.kind for one in checks(pair[0]) if one.last is None}
    ]
    for some in pieces(pairs, say):
        with transaction.atomic():
            for claim, _made in some:
                conclude_audit(
                    claim_id=claim.pk, passed=True, opinion="按专项审计规则逐行认定（合成）",
                    **year.by(officer(year, claim), "concluded"),
                )  # fmt: skip
    return f"审计 {len(pairs)}"


def check(year: Year, say: Said) -> str:
    """Every check of the scheme, then the end: ready for the plan, or refused with the reason."""
    counts = {"finish": 0, "refuse": 0}
    for some in pieces(claims_of(year, case__state="checking"), say):
        with transaction.atomic():
            for claim, made in some:
                counts[checked(year, claim, made)] += 1
    return f"审核完成 {counts['finish']}，不予资助 {counts['refuse']}"


def checked(year: Year, claim: Claim, made: Application) -> str:
    for one in checks(claim):
        if one.last is None and one.kind in CHECKS:
            CHECKS[one.kind](year, claim, made)
    judge(year, claim, made)
    reasons = refusing(year, made)
    act, why = ("refuse", "；".join(one.what for one in reasons)) if reasons else ("finish", year.told.why)
    claim.case.refresh_from_db()
    actions.step(
        claim_id=claim.pk, act=act, expected_version=claim.case.version,
        **{**year.by(officer(year, claim), "concluded"), "why": why},
    )  # fmt: skip
    return act


def refusing(year: Year, made: Application) -> list[Planted]:
    return [one for one in year.city.truth_of(made.key) if one.founded and one.refuses and one.when == CLAIM]


def kept(
    year: Year,
    claim: Claim,
    kind: str,
    passed: bool,
    opinion: str,
    detail: Mapping[str, Any] | None = None,
    day: str = "checks",
) -> None:
    actions.check(
        claim_id=claim.pk, kind=kind, passed=passed, opinion=opinion, detail=detail, **year.by(officer(year, claim), day)
    )  # fmt: skip


def credit(year: Year, claim: Claim, _made: Application) -> None:
    """A listing that had ended is found and said, and stops nobody."""
    rows = listings([claim.organisation_id])
    holding = [one.key for one in rows if one.on(claim.applied_on)]
    ended = [one.key for one in rows if one.removed_on and one.removed_on <= claim.applied_on]
    opinion = "申报时在失信名单上" if holding else "曾列入，申报前已移出" if ended else "未列入失信名单"
    kept(year, claim, "credit", not holding, f"{opinion}（合成）", {"listed": holding, "ended": ended})


def doubles(year: Year, claim: Claim, _made: Application) -> None:
    upheld = list(claim.doubts.filter(state=DoubtState.UPHELD).exclude(kind__in=("credit", "window")))
    opinion = "；".join(one.reason for one in upheld) or "查重没有属实的疑点（合成）"
    kept(
        year,
        claim,
        "doubles",
        not upheld,
        opinion,
        {"upheld": [[one.kind, one.key] for one in upheld]},
        "weighed",
    )


def site(year: Year, claim: Claim, _made: Application) -> None:
    kept(year, claim, "site", True, "设备在位、有标签（合成）", {}, "concluded")


CHECKS = {"credit": credit, "doubles": doubles, "site": site}


def judge(year: Year, claim: Claim, made: Application) -> None:
    """What the measure leaves to people: a score, an amount, whether it works well."""
    said = {"综合得分": str(made.score), "评审核定金额": yuan(made.judged), "应用效果良好": "是"}
    there = set(claim.judgements.values_list("name", flat=True))
    for one in judged_inputs(claim):
        if one.name not in there:
            actions.judge(
                claim_id=claim.pk, name=one.name, said=said[one.name], reason="专家评审意见（合成）",
                **year.by(officer(year, claim), "weighed"),
            )  # fmt: skip
