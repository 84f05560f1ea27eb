"""``mangrove backup``, ``restore``, ``drill`` and ``check``: for whoever keeps the house running."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

from django.core.checks import ERROR, run_checks

from mangrove.ledger.refs import OPERATOR

#: Django's own words for what ``deploy.py`` says with what to do here: HTTPS, its cookies, debug, hosts, the key.
SAID_BY_OURS = {f"security.W{number:03d}" for number in (4, 5, 8, 9, 12, 16, 18, 20, 21)}
#: That pages may be framed by our own pages is meant: a letter is shown within the page that signs it.
SAID_BY_OURS.add("security.W019")


def add(commands: Any) -> None:
    backup = commands.add_parser("backup", help="备份数据库和全部文件到一个新目录，附清单和散列")
    backup.add_argument("folder", type=Path, help="还不存在的目录，例如 /backup/mangrove-20260801")
    backup.set_defaults(run=run_backup)
    restore = commands.add_parser(
        "restore", help="把备份放回空的数据库和空的 MANGROVE_VAR，核对清单并核验账本"
    )
    restore.add_argument("folder", type=Path, help="mangrove backup 做成的目录")
    restore.add_argument("--over", action="store_true", help="这里不是空的也恢复；现有的数据挪到一旁")
    restore.set_defaults(run=run_restore)
    drill = commands.add_parser("drill", help="演练：备份、在另一处恢复、逐项比对，报告实测的 RPO 和 RTO")
    drill.add_argument("--sample", action="store_true", help="用样例城市演练，不动现有数据")
    drill.set_defaults(run=run_drill)
    check = commands.add_parser("check", help="检查设置；--deploy 检查能否交付使用，逐条说明怎么办")
    check.add_argument("--deploy", action="store_true", help="连同安全设置、备份、后台程序、链头、时钟")
    check.add_argument("--strict", action="store_true", help="有提醒也算没有通过")
    check.set_defaults(run=run_check)


def say(text: str) -> None:
    print(f"· {text}", flush=True)


def run_backup(chosen: argparse.Namespace) -> int:
    from mangrove.workbench.operation.backup import back_up, record_backup, unfinished

    made = back_up(chosen.folder)
    record_backup(made, by=OPERATOR)
    said = made.manifest
    rows = sum(table.rows for table in said.tables.values())
    print(
        f"已备份到 {made.folder}：{len(said.tables)} 张表 {rows} 行，{len(said.files)} 个文件，{said.size / 1_000_000:.1f} MB。"
    )
    print(f"账本到第 {said.position} 条。清单散列 {made.sha256}，请与备份分开抄存。")
    for fault in said.faults:
        print(f"注意：{fault}")
    if said.strays:
        print(f"有 {len(said.strays)} 个文件没有附件记录（正在上传或上传未成），不入备份。")
    for left in unfinished(chosen.folder):
        print(f"此前没有做完的备份留下了 {left}，没有别的备份在做时可以删除。")
    return 1 if said.faults else 0


def run_restore(chosen: argparse.Namespace) -> int:
    from mangrove.ledger.commands import as_text
    from mangrove.workbench.operation.restoring import restore, settle

    restored = restore(chosen.folder, over=chosen.over, say=say)
    print("\n".join([as_text(restored.verification), *map(str, restored.checked)]))
    if not restored.holds:
        print("放回的与备份一致，但备份时账本或所存就有不符：见上。恢复没有记入账本，请先查明。")
        return 1
    settle(restored, by=OPERATOR)
    print(f"恢复完毕：{restored.manifest.taken_at} 的备份，清单散列 {restored.sha256}。各人须重新登录。")
    return 0


def run_drill(chosen: argparse.Namespace) -> int:
    from mangrove.workbench.operation.drill import drill, on_sample, record_drill

    if chosen.sample:
        with tempfile.TemporaryDirectory(prefix="mangrove-sample-") as folder:
            return on_sample(Path(folder), say)
    report = drill(say)
    record_drill(report, by=OPERATOR)
    print("\n".join(report.lines()))
    return 0 if report.passed else 1


def run_check(chosen: argparse.Namespace) -> int:
    """Ours first; of Django's those that ours do not say already."""
    found = run_checks(include_deployment_checks=chosen.deploy)
    shown = sorted(
        (one for one in found if one.id not in SAID_BY_OURS), key=lambda one: (-one.level, str(one.id))
    )
    for one in shown:
        print(
            f"{'错误' if one.level >= ERROR else '提醒'} {one.id}：{one.msg}\n  办法：{one.hint or '见 Django 文档'}"
        )
    errors = sum(one.level >= ERROR for one in shown)
    print(f"{errors} 处错误，{len(shown) - errors} 处提醒。" if shown else "检查通过。")
    return 1 if errors or (chosen.strict and shown) else 0
