"""The portfolio of a plan: the library's own where one names its schemes' steps, else its own pots cut pro rata, written out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mangrove.policies.measures.library import latest
from mangrove.policies.measures.models import RuleKind, RuleText
from mangrove.policies.measures.publishing import portfolio
from mangrove.policies.plans.models import Plan, PlanPot
from mangrove.policies.schemes.definition import scheme
from mangrove.rulebook.problems import Problems
from mangrove.ui.numbers import FEN_PER_YUAN

#: The pot of a plan for which the library has no portfolio, and those that may stand behind it, in their order.
MAIN = "main"
FURTHER = ("pot_2", "pot_3")


def fitting_portfolio(plan: Plan) -> RuleText | None:
    """The published portfolio whose pots pay every scheme of the plan, where it has a pot of money for each of them."""
    steps = {scheme(one).pays for one in plan.schemes}
    names = set(plan.pots.values_list("name", flat=True))
    for one in latest(RuleKind.PORTFOLIO):
        try:
            found = portfolio(one.text)
        except Problems:
            continue  # its measures have changed since; it is mended in the library
        paid = {step for rule in found.pots for step in rule.steps}
        if steps <= paid and names == {rule.pot.id for rule in found.pots}:
            return one
    return None


def composed(plan: Plan, steps: Sequence[str], left: Mapping[str, int]) -> str:
    """The plan's own pots in their order, each cut evenly where it is too little; who comes first for the odd fen is settled by
    the key of the thing."""
    measures = sorted({step.partition(".")[0] for step in steps})
    pots = [
        line for one in plan.pots.order_by("name") for line in pot_lines(one, steps, left.get(one.name, 0))
    ]
    return "\n".join(
        [
            f"portfolio: 资助计划 {plan.pk}",
            f"id: plan_{plan.pk.hex}",
            "status: 待核",
            "source: 由资助计划写成",
            f"measures: [{', '.join(measures)}]",
            "pots:",
            *pots,
            "",
        ]
    )


def pot_lines(one: PlanPot, steps: Sequence[str], left: int) -> list[str]:
    """A pot pays the steps of its schemes; all where the plan has no other."""
    paid = sorted({scheme(id).pays for id in one.schemes}) or list(steps)
    name = "计划资金" if one.name == MAIN else f"计划资金（{one.name}）"
    return [
        f"- id: {one.name}", f"  name: {name}", f"  amount: {yuan_text(left)}", "  source: 下达文件",
        f"  pays: [{', '.join(paid)}]", "  cut: pro_rata",
    ]  # fmt: skip


def yuan_text(fen: int) -> str:
    return f"{fen // FEN_PER_YUAN}.{fen % FEN_PER_YUAN:02d}元"
