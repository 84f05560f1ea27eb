"""Three firms with what they hand in, and a plain reckoning of what the measure gives them, apart from the product's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from policies.sheets import HEADS, line

from .town import workbook

POT = 200_000_000  # fen
RATE, CAP = Fraction(1, 2), 500_000_000
SHARED = "26440000000000770001"
WINDOW = (date(2025, 1, 10), date(2025, 11, 20))


@dataclass(frozen=True)
class Firm:
    """``nets``: what its sound lines come to without tax, in fen; ``odd``: its line that is not recognised, if any."""

    username: str
    letter: str
    title: str
    summary: str
    results: str
    nets: Sequence[int]
    odd: Mapping[str, Any] | None = None

    @property
    def recognised(self) -> int:
        return sum(self.nets)

    @property
    def due(self) -> int:
        """By the clause: half of what was recognised, a half fen away from zero, under its cap."""
        return min(int(self.recognised * RATE + Fraction(1, 2)), CAP)

    def lines(self) -> list[dict[str, Any]]:
        found = [self.line(n, net) for n, net in enumerate(self.nets, 1)]
        return [*found, *([self.line(len(found) + 1, 40_000_000) | dict(self.odd)] if self.odd else [])]

    def line(self, n: int, net: int) -> dict[str, Any]:
        """With 130,000 yuan of input tax on top; every paper has a number of its own."""
        whole = f"{(net + 13_000_000) // 100}.{net % 100:02d}"
        return line(
            n, content=f"{self.letter}测试设备第{n}套", declared=whole, audited=whole, input_tax="130000", voucher=f"{self.letter}记-{n}",
            contract=f"HT-{self.letter}-25{n:02d}", contract_on=date(2025, 1, 20 + n), seller=f"深圳{self.letter}{n}仪器有限公司（合成）",
            invoice=SHARED if (self.letter, n) == ("甲", 1) else f"264400000000{ord(self.letter):05d}{n:03d}",
            invoice_on=date(2025, 2 * n, 3), bank_slip=f"YH{self.letter}{n}", paid_on=date(2025, 2 * n, 9),
        )  # fmt: skip

    def expenses(self) -> bytes:
        """The spreadsheet as the firm saves it."""
        return workbook(list(HEADS.values()), [[one[id] for id in HEADS] for one in self.lines()])


A = Firm(
    "applicant_a", "甲", "园区5G专网测试验证环境（合成甲）", "在宝安的厂区里搭一张独立组网的专网，供设备商上门测互通。",
    "半年里接了九家厂商，出了三十份报告。", (100_000_000, 100_000_000),
)  # fmt: skip
B = Firm(
    "applicant_b", "乙", "车路协同测试验证场（合成乙）", "沿坪山两公里道路布设路侧单元和标定场，验证终端时延。",
    "两支车队跑满一千小时，定位误差记录公开。", (120_000_000, 90_000_033),
    {"invoice": SHARED, "seller": "深圳甲1仪器有限公司（合成）"},
)  # fmt: skip
C = Firm(
    "applicant_c", "丙", "模组射频一致性实验室（合成丙）", "添置暗室与信道模拟器，按行业规范做模组入库前的一致性检验。",
    "检验模组二百余型，剔除不合格十七型。", (150_000_000, 20_000_001), {"invoice_on": date(2026, 1, 8)},
)  # fmt: skip
FIRMS = (A, B, C)


def shares() -> dict[str, int]:
    """The pot cut evenly: whole fen down, then what is left over to the largest remainders. In fen, by account."""
    whole = sum(one.due for one in FIRMS)
    if whole <= POT:
        return {one.username: one.due for one in FIRMS}
    exact = {one.username: Fraction(POT * one.due, whole) for one in FIRMS}
    found = {name: int(share) for name, share in exact.items()}
    last = sorted(exact, key=lambda name: found[name] - exact[name])
    for name in last[: POT - sum(found.values())]:
        found[name] += 1
    return found


def yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"
