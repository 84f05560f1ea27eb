"""What the public reads of a line of a plan."""

from __future__ import annotations

from mangrove.casework.notices.actions import Line
from mangrove.policies.plans.models import PlanLine
from mangrove.ui.numbers import yuan


def public_line(one: PlanLine) -> Line:
    """Public words are Chinese in the row, with their English beside them."""
    firm, amount = one.claim.organisation, yuan(one.proposed)
    result = f"拟资助 {amount} 元" if one.proposed else "不予资助"
    result_en = f"Proposed grant: CNY {amount}" if one.proposed else "No grant"
    title = one.claim.title.removesuffix(f" {firm.name}")  # what was offered is called by its firm
    words = f"{firm.name} · {title}"
    return Line(one.claim.ref, words, result, firm, firm.name_en, result_en)
