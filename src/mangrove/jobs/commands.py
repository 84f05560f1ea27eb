"""``mangrove work``: background work, beside the web server. ``mangrove serve`` starts one by itself."""

from __future__ import annotations

import argparse
import os
import signal
from typing import Any


def add(commands: Any) -> None:
    worker = commands.add_parser("work", help="办理后台任务，并随时封存账本；可以同时开几个")
    worker.add_argument("--until-idle", action="store_true", help="没有任务时就结束")
    worker.add_argument("--with-parent", action="store_true", help="启动它的程序结束时也结束")
    worker.set_defaults(run=run_work)


def run_work(chosen: argparse.Namespace) -> int:
    from mangrove.jobs.worker import work

    asked: list[int] = []
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _frame: asked.append(number))
    parent = os.getppid()
    taken = work(
        until_idle=chosen.until_idle,
        stop=lambda: bool(asked) or (chosen.with_parent and os.getppid() != parent),
    )
    print(f"办理了 {taken} 项任务。")
    return 0
