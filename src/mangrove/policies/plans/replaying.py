"""A plan computed once more from what was kept with it: the same rules, facts and pots give the same bytes, years later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.policies.measures.library import measure_of
from mangrove.policies.plans import facts
from mangrove.policies.plans.deciding import Inputs, Told, decide, result_text
from mangrove.policies.plans.models import Plan
from mangrove.rulebook.simulate.identity import SEMANTICS


@dataclass(frozen=True)
class Replay:
    """``found`` as it comes out now; ``same``: byte for byte what was kept; ``notes`` in words where it is not."""

    found: list[Told]
    same: bool
    notes: list[str]


def replay(plan: Plan) -> Replay:
    """Raises :class:`Refusal` where nothing was computed yet."""
    if not plan.result:
        raise Refusal(_("这份计划还没有算过。"), code="policies.not_computed", where=plan.title)
    found = decide(
        inputs_kept(plan), {one.claim.thing: one.step for one in plan.lines.select_related("claim")}
    )
    notes = list(differences(plan, found))
    return Replay(found, not notes, notes)


def inputs_kept(plan: Plan) -> Inputs:
    rows = facts.read(plan.population)
    text = rows.pop("portfolio")[0]["text"]
    rules = [measure_of(one) for one in plan.measures.order_by("rule")]
    left = {one.name: one.left or 0 for one in plan.pots.all()}
    assert plan.decide_on is not None  # it was computed
    return Inputs(rules, text, rows, left, plan.decide_on, plan.budget_year)


def differences(plan: Plan, found: list[Told]) -> Iterator[str]:
    if facts.digest(plan.population) != plan.population_hash:
        yield _("保存的资料与当时的校验值不符。")
    if plan.semantics != SEMANTICS:
        yield _("计算口径的版本由 %(then)s 变为 %(now)s。") % {"then": plan.semantics, "now": SEMANTICS}
    if {(one.key, one.proposed) for one in found} != {*plan.lines.values_list("claim__thing", "proposed")}:
        yield _("列出的金额与算出的不同。")
    if result_text(found) != plan.result or facts.digest(plan.result) != plan.result_hash:
        yield _("结果与当时不同。")
