"""``mangrove rulebook whatif`` and ``diff``: what a change would cost, whom it reaches, and what a draft changes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add(acts: Any) -> None:
    whatif = acts.add_parser("whatif", help="试算：改几个数，金额、受益对象、增减的对象各变多少")
    whatif.add_argument("file", type=Path, nargs="?", metavar="文件")
    whatif.add_argument(
        "--data", type=Path, metavar="文件夹", help="每类对象一个 CSV，文件名是中文名或英文标识"
    )
    whatif.add_argument(
        "--set", action="append", default=[], metavar="名称=值", help="例如 门槛=500万元，可写多次"
    )
    whatif.add_argument(
        "--curve", metavar="名称=低..高/段数", help="例如 demo.cap=0万元..500万元/50，结果是 CSV"
    )
    whatif.add_argument(
        "--take-up",
        action="append",
        default=[],
        metavar="[组=]比例",
        help="假定多少会来申报，可写多次：全体写 60%%；缺数据的写 缺数据=30%%；"
        "分组的写 组名=比例，并用 --by 说按什么分。例如 --by 所在区 --take-up 60%% --take-up 南山区=50%% --take-up 缺数据=30%%",
    )
    whatif.add_argument("--pot", metavar="金额", help="额度；与 --order-by 一起说出哪一天用完")
    whatif.add_argument("--order-by", metavar="日期字段", help="按这个日期先后支付")
    whatif.add_argument("--save", type=Path, metavar="文件", help="把这次试算存成文件，日后可重做")
    whatif.add_argument("--replay", type=Path, metavar="文件", help="重做存下的试算，说出是否一模一样")
    whatif.set_defaults(run=run_whatif)
    diff = acts.add_parser("diff", help="草案与现行比：条文、数，有数据时还有金额和增减的对象")
    diff.add_argument("old", type=Path, metavar="现行")
    diff.add_argument("new", type=Path, metavar="草案")
    diff.add_argument("--data", type=Path, metavar="文件夹")
    diff.set_defaults(run=run_diff)
    for one in (whatif, diff):
        one.add_argument("--by", default="", metavar="字段或关联", help="分组，例如 所在区、申报单位.类别")
        one.add_argument("--on", metavar="日期", help="决定日")
        one.add_argument("--budget-year", type=int, metavar="年度", help="预算年度")
        one.add_argument("--language", choices=("zh", "en"), default="zh", help="用哪种语言说明")


def run_whatif(chosen: argparse.Namespace) -> int:
    """0 when answered, or replayed to the last bit; 1 when something does not read, or differs."""
    # The engines are not loaded for those who only check a file.
    from mangrove.rulebook.simulate.acting import guarded, replayed, whatif

    return guarded(replayed if chosen.replay else whatif, chosen)


def run_diff(chosen: argparse.Namespace) -> int:
    """0 when told, 1 when something does not read."""
    from mangrove.rulebook.simulate.acting import compared, guarded

    return guarded(compared, chosen)
