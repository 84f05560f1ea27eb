"""The programs of PostgreSQL: found on the path or where Debian puts them, and run without a password on the command line."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from mangrove.ledger.refusals import Refusal

DEBIAN = Path("/usr/lib/postgresql")


def found(name: str, places: Path = DEBIAN) -> str:
    """Where the program is: the newest installed, since an older one refuses a newer server. Raises :class:`Refusal`."""
    newest = sorted(places.glob(f"*/bin/{name}"), key=lambda path: version_of(path.parts[-3]))
    if here := (str(newest[-1]) if newest else shutil.which(name)):
        return here
    raise Refusal(
        f"这台机器上没有 {name}。",
        code="operation.no_program",
        where="PostgreSQL 的程序",
        remedy="请安装与数据库同版本或更新的 postgresql-client（Debian、Ubuntu：apt install postgresql-client）。",
    )


def version_of(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))


def run(name: str, arguments: Sequence[str], connection: Mapping[str, str]) -> None:
    """Run to the end; what it complains of becomes the refusal."""
    done = subprocess.run(  # noqa: S603 -- our own program and arguments, no shell
        [found(name), *arguments],
        env=os.environ | dict(connection),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Refusal(
            f"{name} 没有办成：{done.stderr.strip()[-1000:]}",
            code="operation.program_failed",
            where="PostgreSQL",
            remedy="请按上面的话改正后再办；没有留下半份结果。",
        )
