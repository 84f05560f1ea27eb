"""``mangrove rulebook allot``: several measures of one programme on a population, and the pots that pay them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def add(acts: Any) -> None:
    allot = acts.add_parser("allot", help="组合：几项措施一起算，互不重复，按资金池的额度核减，谁得多少")
    allot.add_argument("portfolio", type=Path, metavar="组合", help="组合文件")
    allot.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="文件夹",
        help="每类对象一个 CSV，文件名是中文名或英文标识",
    )
    allot.add_argument(
        "--shelf", type=Path, action="append", default=[], metavar="文件夹",
        help="到哪里找措施，可写多次；不写则找组合旁边和 rulebooks",
    )  # fmt: skip
    allot.add_argument("--on", metavar="日期", help="决定日；一项措施有几版时，用当日有效的")
    allot.add_argument("--budget-year", type=int, metavar="年度", help="预算年度")
    allot.add_argument(
        "--csv", type=Path, metavar="文件", help="逐件写成 CSV：应得、实付、减去（分），为什么"
    )
    allot.add_argument("--language", choices=("zh", "en"), default="zh", help="用哪种语言说明")
    allot.set_defaults(run=run_allot)


def run_allot(chosen: argparse.Namespace) -> int:
    """0 when told, 1 when something does not read."""
    # The engines are not loaded for those who only check a measure.
    from mangrove.rulebook.allotting.acting import act
    from mangrove.rulebook.simulate.acting import guarded

    return guarded(act, chosen)


def check_portfolio(path: Path, language: str) -> bool:
    """Whether it reads; says so, or what is wrong."""
    from mangrove.rulebook.allotting.acting import checked

    said, reads = checked(path, language)
    (sys.stdout if reads else sys.stderr).write("".join(f"{one}\n" for one in said))
    return reads
