"""Two claims that rest on one invoice, one of them half audited: what the pages of audit and doubts are looked at with."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from mangrove.ledger.refs import SYSTEM
from mangrove.policies.claims.actions import opened
from mangrove.policies.claims.expenses import take_expenses
from mangrove.policies.claims.models import Claim
from mangrove.policies.claims.searching_doubts import search
from mangrove.policies.measures.publishing import publish_shelf
from mangrove.policies.schemes.definition import scheme
from mangrove.registry.models import Organisation, User
from policies.sheets import line, sheet

DECLARED = {
    "direction": "testbed", "total_investment": 400_000_000, "begins_on": "2025-01-10", "finished_on": "2025-11-20",
}  # fmt: skip


def claims_doubted() -> SimpleNamespace:
    """The second claim has lines of every finding, and doubts against the first."""
    publish_shelf(by=SYSTEM, on=timezone.localdate(), why="样例（合成）")
    officer = User.objects.get(username="officer_a")
    firms = Organisation.objects.filter(kind="firm").order_by("pk")[:2]
    first, second = (claimed(firm, n, officer) for n, firm in enumerate(firms, 1))
    listed(first, officer, line(1), line(2))
    listed(
        second, officer, line(1, contract="HT-2025-0900"), line(2, bank_slip="", invoice="26440000000000000902"),
        line(3, audited="", invoice="26440000000000000903"), line(4, invoice="26440000000000000904", invoice_on=date(2026, 1, 8)),
    )  # fmt: skip
    for one in (first, second):
        search(claim_id=one.pk, by=officer, on=timezone.localdate())
    return SimpleNamespace(claim=second, doubt=second.doubts.get(kind="invoice"))


def claimed(firm: Organisation, n: int, officer: User) -> Claim:
    return opened(
        scheme("testbed"), organisation=firm, title=f"样例测试验证环境{n}（合成）", applied_on=timezone.localdate() - timedelta(days=9),
        declared=DECLARED, by=officer.actor, on=timezone.localdate(), unit=officer.unit, office=officer.body, owner=officer, synthetic=True,
    )  # fmt: skip


def listed(claim: Claim, officer: User, *lines: Any) -> None:
    take_expenses(
        claim_id=claim.pk,
        by=officer,
        on=timezone.localdate(),
        content=sheet(*lines),
        name="清单.csv",
        why="样例（合成）",
    )
