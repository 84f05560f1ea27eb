"""A city with two measures, a choice between them and two pots, and ``mangrove rulebook`` run on it."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import dedent

import pytest

from mangrove.cli import main

WAN = 1_000_000  # fen
YUAN = 10_000  # of a 万元
FIRM_HEAD = ["机构标识", "机构名称", "类别", "地域", "来源", "合成数据", "核对状态"]
Table = Sequence[Mapping[str, object]]


def write_table(folder: Path, entity: str, rows: Table) -> None:
    folder.mkdir(exist_ok=True)
    names = list(dict.fromkeys(name for row in rows for name in row))
    with (folder / f"{entity}.csv").open("w", encoding="utf-8", newline="") as opened:
        out = csv.DictWriter(opened, names, restval="")
        out.writeheader()
        out.writerows(rows)


def firm(key: str, **more: object) -> dict[str, object]:
    plain = dict(zip(FIRM_HEAD, [key, key, "企业", "本市", "合成", "是", "待核"], strict=True))
    return {**plain, **more}


def project(key: str, applicant: str, **more: object) -> dict[str, object]:
    return {"扶持项目标识": key, "扶持方向": "新增产能", "申报单位": applicant, **more}


class Ran:
    """Runs ``mangrove rulebook`` and keeps what it said; ``@`` stands for the folder of the test."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys

    def __call__(self, *words: str) -> tuple[int, str, str]:
        code = main(["rulebook", *(word.replace("@", f"{self.folder}/") for word in words)])
        said = self.capsys.readouterr()
        return code, said.out, said.err

    def rows(self) -> dict[tuple[str, str], list[str]]:
        """The lines of the CSV by key and step: due, paid, pots, removed, note."""
        with (self.folder / "out.csv").open(encoding="utf-8-sig", newline="") as opened:
            return {(row[1], f"{row[2]}.{row[3]}"): row[4:] for row in list(csv.reader(opened))[1:]}


def cells(out: str, head: str) -> list[str]:
    return next(line.split() for line in out.splitlines() if line.split()[:1] == [head])


def after(out: str, head: str, lines: int) -> list[str]:
    """The cells so many lines below one that begins so."""
    told = out.splitlines()
    return told[next(n for n, line in enumerate(told) if line.startswith(head)) + lines].split()


# --- two measures, a choice, two pots -----------------------------------------------------------------------------

CITY = dedent("""\
    measure: 市级措施（测试）
    id: city
    version: {in_force: 2020-01-01, status: 待核, source: 测试用}
    inputs:
      企业规模: {for: 机构, words: [微型, 大型], by: 业务处室}
      设备核定金额: {for: 机构, type: 金额, between: [0元 .. 1亿元], by: 业务处室}
      得分: {for: 扶持项目, type: 数, between: [0 .. 100], by: 评审专家组}
    clauses:
    - {id: equipment, article: 一, text: 设备, for: 机构, amount: 设备核定金额, cap: 100万元}
    - {id: demo, article: 二, text: 示范, for: 扶持项目, when: [得分 >= 60], amount: 50万元}
    - {id: open, article: 三, text: 没有上限, for: 扶持项目, when: [已开工], amount: 项目总投资 * 10%}
    quotas:
    - {of: demo, at_most: 2, order: [得分 desc]}
    """)
DISTRICT = dedent("""\
    measure: 区级措施（测试）
    id: district
    version: {in_force: 2020-01-01, status: 草案, source: 测试用}
    inputs:
      改造核定金额: {for: 机构, type: 金额, between: [0元 .. 1亿元], by: 区主管部门}
    clauses:
    - {id: renovation, article: 一, text: 改造, for: 机构, amount: 改造核定金额, cap: 80万元}
    """)
PORTFOLIO = dedent("""\
    portfolio: 两级专项（测试）
    id: both
    status: 待核
    source: 测试用
    measures: [city, district]
    groups:
    - {id: once, of: [city.equipment, district.renovation], keep: highest}
    pots:
    - id: main
      name: 市专项
      amount: 150万元
      source: 市级财政
      pays: [city.equipment, district.renovation]
      then: [rest]
      cut: pro_rata
      classes: {by: 企业规模, order: [微型, 大型]}
    - id: rest
      name: 结转
      amount: 60万元
      source: 市级财政
      pays: [city.demo]
      cut: in_order
    """)


def with_both(run: Ran) -> Ran:
    """Firms: a micro 60 (renovation 40 gives way), b large 100, c large of unknown amount, e of unknown size 30."""
    for name, text in (("city", CITY), ("district", DISTRICT), ("both", PORTFOLIO)):
        (run.folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    firms = [
        firm("a", 企业规模="微型", 设备核定金额=60 * YUAN, 改造核定金额=40 * YUAN),
        firm("b", 企业规模="大型", 设备核定金额=500 * YUAN, 改造核定金额=0),
        firm("c", 企业规模="大型", 设备核定金额="", 改造核定金额=0),
        firm("e", 设备核定金额=30 * YUAN, 改造核定金额=0),
    ]
    write_table(run.folder / "data", "organisation", firms)
    projects = [
        project("p1", "a", 得分=90, 已开工="否"), project("p2", "b", 得分=80, 已开工="否"),
        project("p3", "c", 得分=70, 已开工="否"), project("p4", "c", 得分=50, 已开工="是", 项目总投资=100 * YUAN),
        project("p5", "c", 得分=10, 已开工="是"),
    ]  # fmt: skip
    write_table(run.folder / "data", "support_project", projects)
    return run
