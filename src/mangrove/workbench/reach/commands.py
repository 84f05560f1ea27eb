"""``mangrove access``: the access matrix, printed or written; and what of the routes nobody has declared."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.utils import translation


def add(commands: Any) -> None:
    access = commands.add_parser("access", help="谁能打开、能办什么：从声明、流程表和许可生成的一览")
    access.add_argument("--write", type=Path, help="写进文件，例如 docs/access.md")
    access.set_defaults(run=run_access)


def run_access(chosen: argparse.Namespace) -> int:
    from mangrove.workbench.reach.declared import undeclared
    from mangrove.workbench.reach.report import matrix

    if missing := undeclared():
        print("没有声明的路径（在所在房间的 reach.yaml 里加一行）：" + "、".join(missing))
        return 1
    with translation.override("zh-hans"):
        text = matrix()
    if chosen.write:
        chosen.write.write_text(text, encoding="utf-8")
        print(f"已写入 {chosen.write}。")
    else:
        print(text)
    return 0
