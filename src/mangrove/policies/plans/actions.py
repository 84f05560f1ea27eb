"""What people do with a plan: start it, compute it, announce it, approve it. Approval decides every award in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.actions import open_case, take_step, write_step
from mangrove.casework.models import Case
from mangrove.casework.notices import actions as notices
from mangrove.funding import actions as funding
from mangrove.funding import totals
from mangrove.funding.models import Pot
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.evidence import release_all
from mangrove.policies.claims.models import Claim
from mangrove.policies.claims.sentences import PLAN_GAVE_NOTHING
from mangrove.policies.claims.telling import tell_decided
from mangrove.policies.claims.workflow import ANNOUNCED, CLAIM, PLANNED, PROGRAMME, READY
from mangrove.policies.measures.library import measure_of
from mangrove.policies.measures.models import RuleText
from mangrove.policies.plans import facts
from mangrove.policies.plans.access import access_plan, access_starting
from mangrove.policies.plans.announcing import public_line
from mangrove.policies.plans.composing import composed, fitting_portfolio
from mangrove.policies.plans.deciding import Inputs, Told, decide, result_text
from mangrove.policies.plans.guards import UPHELD, raised_about
from mangrove.policies.plans.models import Plan, PlanLine, PlanPot
from mangrove.policies.plans.workflow import ANNOUNCED as PROMISED
from mangrove.policies.plans.workflow import COMPUTED, PLAN
from mangrove.policies.schemes.definition import scheme, schemes
from mangrove.policies.schemes.rules import rule_on
from mangrove.registry.models import User
from mangrove.rulebook.problems import Problems
from mangrove.rulebook.simulate.identity import SEMANTICS


@transaction.atomic
def start(
    *, title: str, schemes_: Sequence[str], budget_year: int, pots: Mapping[str, Pot], by: User, on: date, why: str = "",
    shares: Mapping[str, Sequence[str]] | None = None, synthetic: bool = False,
) -> Plan:  # fmt: skip
    """Begin a plan for some schemes. ``pots``: the pot of money for each pot of the portfolio (``main`` where none fits).

    ``shares``: where there are several of the plan's own, by the pot's name the schemes that it pays.
    """
    access_starting(by)
    refuse_unknown(schemes_)
    refuse_other_year(budget_year, pots)
    shares = shares or {}
    refuse_shares(schemes_, pots, shares)
    plan = Plan(title=title, schemes=list(schemes_), budget_year=budget_year, synthetic=synthetic)
    told = {
        "schemes": list(schemes_),
        "budget_year": budget_year,
        "pots": {name: pot.code for name, pot in pots.items()},
        **({"shares": {name: list(found) for name, found in shares.items()}} if shares else {}),
    }
    plan.case = open_case(
        workflow_id=PLAN.id, subject=plan.ref, title=title, by=by.actor, on=on, why=why, owner=by, unit=by.unit,
        organisation=by.body, details=told,
    )  # fmt: skip
    plan.save(force_insert=True)
    PlanPot.objects.bulk_create(
        PlanPot(plan=plan, name=name, pot=pot, schemes=list(shares.get(name, ()))) for name, pot in sorted(pots.items())
    )  # fmt: skip
    return plan


def refuse_shares(asked: Sequence[str], pots: Mapping[str, Pot], shares: Mapping[str, Sequence[str]]) -> None:
    """Each scheme is paid by one pot, each pot pays something, and no pot of money stands twice."""
    if not shares:
        return
    told = [one for found in shares.values() for one in found]
    each_once = sorted(told) == sorted(asked) and all(shares.get(name) for name in pots)
    if not each_once or len({pot.pk for pot in pots.values()}) < len(pots):
        raise Refusal(
            _("每个扶持事项须由一个资金池支付，每个资金池至少支付一个事项，同一资金池只写一次。"), code="policies.pot_shares",
            where=_("资金池"), remedy=_("请看各资金池所付的事项有没有重复、有没有遗漏。"),
        )  # fmt: skip


def refuse_other_year(budget_year: int, pots: Mapping[str, Pot]) -> None:
    """Limits count by the year of the plan, results by that of the pot: they are the same year."""
    other = next((one for one in pots.values() if one.budget_year != budget_year), None)
    if other is not None:
        raise Refusal(
            _("“%(pot)s”是 %(year)s 年度的资金，不能支付 %(plan)s 年度的计划。")
            % {"pot": other.name, "year": other.budget_year, "plan": budget_year},
            code="policies.other_year", where=_("资金池"), remedy=_("请选本年度的资金池，或改预算年度；结转的资金请以本年度的下达文件另立资金池。"),
        )  # fmt: skip


def refuse_unknown(asked: Sequence[str]) -> None:
    if not asked or set(asked) - set(schemes()):
        raise Refusal(_("请选择至少一个扶持事项。"), code="policies.no_scheme", where=_("扶持事项"))


def standing(plan: Plan) -> QuerySet[PlanLine]:
    """The lines that have not been taken out since they were announced."""
    return plan.lines.filter(departure=None)


def coming(plan: Plan) -> QuerySet[Claim]:
    """The claims that a computation takes in: ready ones of its schemes in its organisation, and those that it holds."""
    ready = Q(case__state=READY, scheme__in=plan.schemes, case__organisation=plan.case.organisation)
    held = Q(lines__plan=plan, lines__departure=None, case__state__in=(PLANNED, ANNOUNCED))
    return Claim.objects.filter(ready | held).distinct().order_by("pk")


def taken_in(plan: Plan) -> list[Claim]:
    """Locked in the order of their cases, and asked again: of two plans that are computed at once each claim enters one."""
    cases = list(coming(plan).values_list("case", flat=True))
    list(Case.objects.select_for_update().filter(pk__in=cases).order_by("pk"))
    return list(coming(plan).filter(case__in=cases).select_related("case", "organisation"))


def refuse_nothing(plan: Plan, claims: Sequence[Claim]) -> None:
    if not claims:
        raise Refusal(
            _("没有审核完成的申报可列入。"), code="policies.nothing_ready", where=plan.title, remedy=_("请先办完申报的审核。"),
        )  # fmt: skip


@transaction.atomic
def compute(
    *, plan_id: uuid.UUID, decide_on: date, by: User, on: date, expected_version: int, why: str = "", known_at: datetime | None = None,
) -> Plan:  # fmt: skip
    """Take in what is ready and compute who gets what. May be done again until the plan is announced."""
    plan = access_plan(by, plan_id, to="compute")
    claims = of_one_version(taken_in(plan))
    refuse_nothing(plan, claims)
    inputs, chosen = inputs_of(plan, claims, decide_on, known_at or timezone.now())
    found = answered(plan, inputs, steps_of(claims))
    keep(plan, inputs, chosen, found, by, known_at)
    told = {
        "decide_on": decide_on.isoformat(), "claims": len(claims), "proposed": sum(one.proposed for one in found),
        "population": plan.population_hash, "result": plan.result_hash, "rules": [one.sha256 for one in chosen],
    }  # fmt: skip
    taken = take_step(
        plan.case_id, "compute", by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why, details=told
    )  # fmt: skip
    lines(plan, claims, found)
    move(claims, READY, "plan", by, on, why, {"plan": str(plan.ref)})
    plan.case = taken.case
    return plan


def steps_of(claims: Sequence[Claim]) -> dict[str, str]:
    return {one.thing: scheme(one.scheme).pays for one in claims}


def inputs_of(
    plan: Plan, claims: Sequence[Claim], decide_on: date, moment: datetime
) -> tuple[Inputs, list[RuleText]]:
    chosen = rules_for(plan, claims, decide_on)
    portfolio = fitting_portfolio(plan)
    left = {one.name: free_of(one, plan) for one in plan.pots.select_related("pot").order_by("pot")}
    steps = sorted({scheme(one).pays for one in plan.schemes})
    text = portfolio.text if portfolio else composed(plan, steps, left)
    rows = facts.facts_for(claims, decide_on, moment)
    plan.portfolio, plan.known_at = portfolio, moment
    return Inputs([measure_of(one) for one in chosen], text, rows, left, decide_on, plan.budget_year), chosen


def free_of(one: PlanPot, plan: Plan) -> int:
    """What is left in a pot of money: less what was decided, and less what other plans that are under way propose out of it."""
    pot = Pot.objects.select_for_update().get(pk=one.pot_id)
    proposed = PlanLine.objects.filter(
        departure=None,
        plan__case__state__in=(COMPUTED, PROMISED),
        plan__pots__pot=pot,
        plan__pots__name=F("pot"),
    ).exclude(plan=plan)
    left = pot.amount - totals.of_pot(pot).decided - (proposed.aggregate(sum=Sum("proposed"))["sum"] or 0)
    return max(left, 0)  # plans of before this was counted may promise more than there is


def rules_for(plan: Plan, claims: Sequence[Claim], decide_on: date) -> list[RuleText]:
    """Each measure once, in the version under which its claims were made; of a scheme that nobody claimed, what holds on the day."""
    claimed = {(one.scheme, one.applied_on) for one in claims}
    idle = set(plan.schemes) - {name for name, _day in claimed}
    asked = [
        *((name, decide_on) for name in sorted(idle)),
        *sorted(claimed),
    ]  # what was claimed has the last word
    found = {rule.rule: rule for name, day in asked for rule in [rule_on(scheme(name), day)]}
    return [found[rule] for rule in sorted(found)]


def of_one_version(claims: Sequence[Claim]) -> list[Claim]:
    """Of the claims under one measure those that were made under its oldest version; the others wait for a plan of their own."""
    versions = {
        key: rule_on(scheme(key[0]), key[1]) for key in {(one.scheme, one.applied_on) for one in claims}
    }
    oldest: dict[str, int] = {}
    for rule in versions.values():
        oldest[rule.rule] = min(rule.number, oldest.get(rule.rule, rule.number))
    held = {key for key, rule in versions.items() if rule.number == oldest[rule.rule]}
    return [one for one in claims if (one.scheme, one.applied_on) in held]


def answered(plan: Plan, inputs: Inputs, steps: Mapping[str, str]) -> list[Told]:
    try:
        return decide(inputs, steps)
    except Problems as problems:
        raise Refusal(
            _("算不出来：%(first)s") % {"first": problems.problems[0].said()}, code="policies.not_computable",
            where=plan.title, remedy=_("请改正所列的资料或规则，再算一次。"),
        ) from problems  # fmt: skip


def keep(
    plan: Plan, inputs: Inputs, chosen: Sequence[RuleText], found: Sequence[Told], by: User, known_at: datetime | None
) -> None:  # fmt: skip
    plan.decide_on, plan.semantics, plan.computed_by = inputs.decide_on, SEMANTICS, by.username
    plan.population = facts.written({"portfolio": [{"text": inputs.portfolio}], **inputs.rows})
    plan.population_hash = facts.digest(plan.population)
    plan.result = result_text(found)
    plan.result_hash = facts.digest(plan.result)
    plan.save()
    plan.measures.set(chosen)
    for one in plan.pots.all():
        PlanPot.objects.filter(pk=one.pk).update(left=inputs.pots[one.name])


def lines(plan: Plan, claims: Sequence[Claim], found: Sequence[Told]) -> None:
    by_thing = {one.thing: one for one in claims}
    plan.lines.all().delete()
    PlanLine.objects.bulk_create(
        PlanLine(
            plan=plan, claim=by_thing[one.key], step=one.step, standing=one.standing, asked=one.asked,
            proposed=one.proposed, pot=one.pot, because=dict(one.because),
        )
        for one in found
    )  # fmt: skip


def move(
    claims: Sequence[Claim], source: str, act: str, by: User, on: date, why: str, details: Mapping[str, Any]
) -> None:
    """The claims follow the plan: steps that nobody takes by hand."""
    for one in claims:
        case = Case.objects.select_for_update().get(pk=one.case_id)
        step = CLAIM.move(case.state, act)
        if case.state == source and step is not None:
            write_step(CLAIM, case, step, by=by.actor, on=on, why=why, details=details)


@transaction.atomic
def announce(
    *, plan_id: uuid.UUID, objection_unit: str, by: User, on: date, expected_version: int, body: str = "", why: str = ""
) -> Plan:  # fmt: skip
    """Draw up the public notice of the plan; the signer publishes it, and its period runs by the rules of notices."""
    plan = access_plan(by, plan_id, to="announce")
    found = list(plan.lines.select_related("claim__organisation").order_by("-proposed", "claim__title", "pk"))
    plan.notice = notices.prepare(
        by=by, on=on, title=f"{plan.title}公示",
        lines=[public_line(one) for one in found], objection_unit=objection_unit, body=body, why=why,
    )  # fmt: skip
    plan.save(update_fields=["notice"])
    taken = take_step(
        plan.case_id, "announce", by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why,
        details={"notice": str(plan.notice.ref), "result": plan.result_hash},
    )  # fmt: skip
    move([one.claim for one in found], PLANNED, "announce", by, on, why, {"plan": str(plan.ref)})
    plan.case = taken.case
    return plan


@transaction.atomic
def approve(
    *, plan_id: uuid.UUID, basis: str, by: User, on: date, expected_version: int, why: str = ""
) -> Plan:  # fmt: skip
    """Decide every award of the plan. ``basis``: the minutes or document that decides. Nobody approves what they proposed."""
    plan = access_plan(by, plan_id, to="approve")
    refuse_no_basis(basis)
    found = list(standing(plan).select_related("claim__organisation", "claim__case").order_by("pk"))
    taken = take_step(
        plan.case_id, "approve", by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why,
        details={"basis": basis, "result": plan.result_hash, "sum": sum(one.proposed for one in found)},
    )  # fmt: skip
    plan.basis = basis
    plan.save(update_fields=["basis"])
    pots = {one.name: one.pot for one in plan.pots.select_related("pot")}
    for one in found:
        awarded(plan, one, pots, by, on, why)
    move(
        [one.claim for one in found if one.proposed], ANNOUNCED, "award", by, on, why, {"plan": str(plan.ref)}
    )
    move(
        [one.claim for one in found if not one.proposed],
        ANNOUNCED,
        "nothing",
        by,
        on,
        why,
        {"plan": str(plan.ref)},
    )
    for one in found:
        tell_decided(one.claim, one.proposed)
        if not one.proposed:
            release_all(one.claim, by=by.actor, on=on, why=why or PLAN_GAVE_NOTHING)
    plan.case = taken.case
    return plan


def refuse_no_basis(basis: str) -> None:
    if not basis.strip():
        raise Refusal(
            _("请写明批准所依据的会议纪要或文件。"), code="policies.no_basis", where=_("批准依据"),
        )  # fmt: skip


def awarded(plan: Plan, one: PlanLine, pots: Mapping[str, Pot], by: User, on: date, why: str) -> None:
    if not one.proposed:
        return
    one.award = funding.decide(
        pot=pots[one.pot], recipient=one.claim.organisation, programme=PROGRAMME, subject=one.claim.ref, title=one.claim.title,
        amount=one.proposed, basis=plan.basis, by=by.actor, on=on, why=why, synthetic=plan.synthetic,
    )  # fmt: skip
    one.save(update_fields=["award"])


@transaction.atomic
def step(*, plan_id: uuid.UUID, act: str, by: User, on: date, expected_version: int, why: str) -> Plan:
    """Send the plan back, or drop it; its claims are ready again."""
    plan = access_plan(by, plan_id, to=act)
    taken = take_step(
        plan.case_id, act, by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why
    )
    held = [one.claim for one in standing(plan).select_related("claim__case")]
    for state in (PLANNED, ANNOUNCED):
        move(held, state, "unplan", by, on, why, {"plan": str(plan.ref)})
    move(upheld_about(plan, held), READY, "recheck", by, on, why, {"plan": str(plan.ref)})
    forget(plan)
    plan.case = taken.case
    return plan


def upheld_about(plan: Plan, claims: Sequence[Claim]) -> list[Claim]:
    """Those about which something raised was upheld are looked at anew before any plan takes them in again."""
    upheld = raised_about(plan).filter(outcome__in=UPHELD)
    about = set(upheld.values_list("secret__item__about_id", flat=True))
    return [one for one in claims if str(one.pk) in about]


def forget(plan: Plan) -> None:
    """What was computed no longer stands; the ledger keeps that it was."""
    plan.lines.all().delete()
    plan.population = plan.population_hash = plan.result = plan.result_hash = ""
    plan.save(update_fields=["population", "population_hash", "result", "result_hash"])
