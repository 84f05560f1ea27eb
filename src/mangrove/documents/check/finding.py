"""What a check says: one finding a rule, with what the rule expects and what was measured."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from mangrove.documents.rules import Rule, letter_rules


class Verdict(StrEnum):
    """合格; 不合格 (only a 规定 can be broken); 提示 (a weaker rule is not met); 须人工 (a person must look)."""

    PASS = "合格"  # noqa: S105 - a verdict, not a password
    FAIL = "不合格"
    HINT = "提示"
    BY_HAND = "须人工"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule held against one document; page counts from 1 and is None for the document as a whole."""

    rule: Rule
    expected: str
    measured: str
    page: int | None
    verdict: Verdict

    @property
    def as_text(self) -> str:
        """One line in Chinese: verdict, element, expectation, measurement, clause and its strength."""
        where = f"第{self.page}页" if self.page else "全文"
        rule = self.rule
        return (
            f"{self.verdict}　{where}　{rule.element}·{rule.quantity}：应为{self.expected}，实为{self.measured}"
            f"（{rule.cited}，{rule.strength}，{rule.status}）"
        )

    def as_dict(self) -> dict[str, Any]:
        """JSON-able, also for a table on a page."""
        rule = self.rule
        return {
            "rule": rule.id,
            "element": rule.element,
            "quantity": rule.quantity,
            "clause": rule.cited,
            "strength": rule.strength,
            "status": rule.status,
            "expected": self.expected,
            "measured": self.measured,
            "page": self.page,
            "verdict": str(self.verdict),
        }


def judge(rule_id: str, met: bool, measured: str, page: int | None = None) -> Finding:
    """A finding from a rule that is met or not."""
    rule = letter_rules()[rule_id]
    missed = Verdict.FAIL if rule.strength == "规定" else Verdict.HINT
    return Finding(rule, _expected(rule), measured, page, Verdict.PASS if met else missed)


def judge_length(rule_id: str, micrometres: int, page: int | None = None) -> Finding:
    """A finding from a length on the page, in µm, for a rule in mm or pt."""
    rule = letter_rules()[rule_id]
    unit_um = Decimal(1000) if rule.unit == "mm" else Decimal(25400) / 72
    value = (Decimal(micrometres) / unit_um).quantize(Decimal("0.01"))
    return judge(rule_id, abs(value - rule.number) <= rule.tolerance, f"{value}{rule.unit}", page)


def judge_number(rule_id: str, value: Decimal, page: int | None = None) -> Finding:
    """A finding from a number in the rule's own unit."""
    rule = letter_rules()[rule_id]
    shown = value.quantize(Decimal("0.01")).normalize()
    return judge(rule_id, abs(value - rule.number) <= rule.tolerance, f"{shown:f}{rule.unit}", page)


def judge_count(rule_id: str, where: list[str], page: int | None = None) -> Finding:
    """A finding from a rule that allows none: what was found is listed."""
    unit = letter_rules()[rule_id].unit
    measured = f"{len(where)}{unit}" + (f"：{'、'.join(where[:5])}" if where else "")
    return judge(rule_id, not where, measured, page)


def by_hand(rule_id: str, why: str) -> Finding:
    """A finding that only a person can make."""
    rule = letter_rules()[rule_id]
    return Finding(rule, _expected(rule), why, None, Verdict.BY_HAND)


def _expected(rule: Rule) -> str:
    spread = f"±{rule.tolerance}" if rule.tolerance else ""
    return f"{rule.value}{spread}{rule.unit}"
