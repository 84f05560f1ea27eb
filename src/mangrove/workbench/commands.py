"""``mangrove load``, ``mangrove demo`` and ``mangrove serve``."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.conf import settings

from mangrove.ui.catalogue import compile_missing


def add(commands: Any) -> None:
    load = commands.add_parser(
        "load", help="建库，装入本市的机构、假日表、指标；不含样例账号和样例办件，可重复执行"
    )
    load.add_argument("--why", default="装入城市资料", help="写进账本的理由")
    load.set_defaults(run=run_load)
    demo = commands.add_parser("demo", help="装入样例城市，办完一件建议，写出复函与各项报告")
    demo.add_argument("--out", type=Path, default=Path("out"))
    demo.add_argument("--address", default="http://127.0.0.1:8000", help="工作台的地址，来函对照里的链接用它")
    demo.set_defaults(run=run_demo)
    serve = commands.add_parser("serve", help="启动工作台")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=2)
    serve.add_argument(
        "--no-work", dest="work", action="store_false", help="后台任务另由 mangrove work 办理，这里不办"
    )
    serve.set_defaults(run=run_serve)


def run_load(chosen: argparse.Namespace) -> int:
    from mangrove.workbench import loading

    loading.take([*loading.city_steps(chosen.why), loading.SEAL])
    print("装好了。用 mangrove account open 开立第一个账号，再用 mangrove serve 启动。")
    return 0


def run_demo(chosen: argparse.Namespace) -> int:
    from mangrove.workbench import demo

    demo.run(chosen.out, chosen.address)
    return 0


def run_serve(chosen: argparse.Namespace) -> int:
    """Start a worker, which ends with us, and hand over to gunicorn; on this machine only, unless a proxy stands before it."""
    compile_missing()
    if chosen.work:
        subprocess.Popen([sys.executable, "-m", "mangrove.cli", "work", "--with-parent"])  # noqa: S603
    if settings.HTTPS and not settings.MANGROVE_PROXIES:
        print(
            "注意：没有设 MANGROVE_PROXIES，所有人看上去都来自代理的地址，输错密码的锁定会波及他人。",
            flush=True,
        )
    print(f"工作台：http://127.0.0.1:{chosen.port}   停止：Ctrl+C", flush=True)
    os.execv(  # noqa: S606 -- our own program and arguments, no shell
        sys.executable,
        [
            sys.executable, "-m", "gunicorn", "mangrove.workbench.wsgi", "--bind", f"127.0.0.1:{chosen.port}",
            "--workers", str(chosen.workers), "--threads", "4", "--worker-class", "gthread", "--log-level", "warning",
        ],
    )  # fmt: skip
