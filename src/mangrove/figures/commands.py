"""``mangrove figures list | set | source | check``."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone

from mangrove.figures.actions import amount_of, known_definition, set_value
from mangrove.figures.check import check_text
from mangrove.figures.periods import Period
from mangrove.figures.report import as_text
from mangrove.figures.sources import add_source
from mangrove.figures.values import form_of, printed, read_book
from mangrove.ledger.refs import OPERATOR
from mangrove.ledger.refusals import Refusal


def add(commands: Any) -> None:
    figures = commands.add_parser("figures", help="指标与口径").add_subparsers(required=True, metavar="动作")
    figures.add_parser("list", help="列出每个指标现在的值").set_defaults(run=run_list)
    add_set(figures.add_parser("set", help="录入一个数值（生成新修订，不改旧值）"))
    add_source_to(figures.add_parser("source", help="登记一个来源；没有见过原件的是待核"))
    check = figures.add_parser("check", help="拿指标库核对一份文本里的数字")
    check.add_argument("file", type=Path)
    check.add_argument("--on", type=date.fromisoformat, help="按哪一天的指标核对，默认今天")
    check.set_defaults(run=run_check)


def add_set(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("definition", help="指标编号或中文名")
    parser.add_argument("amount", help="数值，例如 48650")
    parser.add_argument("--as-of", help="时点：2020、2020-08 或 2021-08-30；默认沿用现值的时点")
    parser.add_argument("--source", help="来源编号；默认沿用现值的来源")
    parser.add_argument("--unit", default="", help="数值的单位，默认为指标自己的单位")
    parser.add_argument("--qualifier", default="", help="超、约、近 等")
    parser.add_argument("--why", default="", help="理由")
    parser.set_defaults(run=run_set)


def add_source_to(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", help="来源编号，例如 bulletin_202610")
    parser.add_argument("--title", required=True, help="标题，照原件")
    parser.add_argument(
        "--published", required=True, type=date.fromisoformat, help="公布日期，例如 2026-10-31"
    )
    parser.add_argument("--publisher", required=True, help="发布者")
    parser.add_argument("--note", default="", help="备注，例如网址")
    parser.add_argument("--verified", action="store_true", help="见过原件，记为已核；须用 --why 写明理由")
    parser.add_argument("--why", default="", help="理由")
    parser.set_defaults(run=run_source)


def run_list(chosen: argparse.Namespace) -> int:
    book = read_book(on=timezone.localdate())
    for definition in book.definitions.values():
        value = book.latest(definition.pk)
        said = (
            f"{printed(value, form_of(definition))}（{value.period}，{value.source.title}）"
            if value
            else "缺数据"
        )
        print(f"{definition.pk:<40} {definition.zh}：{said}")
    return 0


def run_set(chosen: argparse.Namespace) -> int:
    definition = known_definition(chosen.definition)
    now = read_book(on=timezone.localdate()).latest(definition.pk)
    if now is None and not (chosen.as_of and chosen.source):
        raise Refusal(
            f"“{definition.zh}”还没有数值。", code="figures.first_value", remedy="第一次录入须用 --as-of 和 --source 写明时点与来源。"
        )  # fmt: skip
    written = set_value(
        definition.pk,
        as_of=period_of(chosen.as_of) if chosen.as_of else now.period,  # type: ignore[union-attr]
        amount=amount_of(chosen.amount),
        source=chosen.source or now.source_id,  # type: ignore[union-attr]
        unit=chosen.unit,
        qualifier=chosen.qualifier,
        by=OPERATOR,
        on=timezone.localdate(),
        why=chosen.why,
    )
    print(written.words)
    return 0


def run_source(chosen: argparse.Namespace) -> int:
    source = add_source(
        chosen.source,
        title=chosen.title,
        publisher=chosen.publisher,
        published=chosen.published,
        note=chosen.note,
        verified=chosen.verified,
        by=OPERATOR,
        on=timezone.localdate(),
        why=chosen.why,
    )
    print(f"已登记来源“{source.title}”（{source.pk}），{source.get_status_display()}。")
    return 0


def period_of(text: str) -> Period:
    try:
        return Period.parse(text)
    except ValueError as error:
        raise Refusal(str(error), code="figures.period", where="--as-of") from error


def run_check(chosen: argparse.Namespace) -> int:
    found = check_text(text_of(chosen.file), on=chosen.on or timezone.localdate())
    print(as_text(found))
    return 1 if found.findings else 0


def text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise Refusal(
            f"打不开文件“{file}”。", code="figures.no_file", where=str(file), remedy="请核对路径和读取权限。"
        ) from error
    except UnicodeDecodeError as error:
        raise Refusal(
            f"“{file.name}”不是 UTF-8 文本。", code="figures.not_text", where=str(file),
            remedy="请另存为 UTF-8 的 txt；docx、pdf 请用 mangrove letter read。",
        ) from error  # fmt: skip
