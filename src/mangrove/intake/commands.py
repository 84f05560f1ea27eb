"""``mangrove intake forms`` and ``mangrove intake publish FILE``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.utils import timezone, translation

from mangrove.intake.actions import publish_form
from mangrove.intake.comparing import Difference
from mangrove.intake.definition import Form
from mangrove.intake.publishing import Proposed, all_proposed, looked_at, text_of
from mangrove.ledger.refs import OPERATOR

STANDINGS = {
    "broken": "读不懂", "new": "未公布过", "in_use": "与在用的相同", "next": "待公布", "clash": "有改动而版本号没有往后",
}  # fmt: skip
KINDS = {"added": "新增", "dropped": "去掉", "changed": "改动"}


def add(commands: Any) -> None:
    intake = commands.add_parser("intake", help="申报").add_subparsers(required=True, metavar="动作")
    intake.add_parser("forms", help="列出 rulebooks/forms 里的表单和在用的版本").set_defaults(run=run_forms)
    publish = intake.add_parser("publish", help="检查一份表单，说明与在用的版本有何不同，公布为新版本")
    publish.add_argument("file", type=Path, help="表单的 YAML 文件，文件名与 form 相同")
    publish.add_argument("--check", action="store_true", help="只检查和比较，不公布")
    publish.add_argument("--why", default="", help="理由，记入账本")
    publish.set_defaults(run=run_publish)


def run_forms(chosen: argparse.Namespace) -> int:
    """One line a file; 1 where one of them cannot be read."""
    found = all_proposed()
    for one in found:
        last = f"在用第 {one.last.version} 版" if one.last else "没有在用的版本"
        print(f"{one.name:<24} {last}；文件：{STANDINGS[one.standing]}")
    return int(any(one.form is None for one in found))


def run_publish(chosen: argparse.Namespace) -> int:
    """Says what applicants will be asked and what changed, then publishes; what is wrong is said with its line."""
    with translation.override("zh-hans"):
        found = looked_at(chosen.file.stem, text_of(chosen.file))
        if found.form is None:
            assert found.refusal is not None
            raise found.refusal
        say(found, found.form)
        if chosen.check:
            return 0
        made = publish_form(text=found.text, by=OPERATOR, on=timezone.localdate(), why=chosen.why)
        print(
            f"在用：{made.title} 第 {made.version} 版（{made.published_on} 公布，SHA-256 {made.sha256[:12]}…）"
        )
    return 0


def say(found: Proposed, form: Form) -> None:
    print(f"{form.title.zh} 第 {form.version} 版；依据：{form.source}（{form.status}）")
    for section in form.sections:
        print(f"  {section.title.zh}：{len(section.questions)} 问，{len(section.papers)} 种材料")
    if found.last is None:
        print("没有在用的版本，这是第一次公布。")
        return
    print(f"与在用的第 {found.last.version} 版相比：{'没有不同' if not found.differences else ''}")
    for one in found.differences:
        print(f"  {line(one)}")


def line(one: Difference) -> str:
    return f"{KINDS[one.kind]} {one.section} · {one.label}" + (f"：{one.what}" if one.what else "")
