"""One measure that uses every part of the language, for the tests of each part and of each mistake."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

from mangrove.rulebook.decide import Deciding, Outcome, Run
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.problems import Problem, Problems
from mangrove.rulebook.texts.reader import load
from mangrove.rulebook.texts.tables import links
from mangrove.vocabulary import vocabulary

WAN = 1_000_000  # fen
WHOLE = dedent("""\
    measure: 测试用措施
    id: whole_2022
    version: {in_force: 2022-01-01, until: 2025-01-01, decided_by: 决定日, status: 待核, source: 测试用，转述}
    inputs:
      评审等级: {for: 示范项目, words: [一等, 二等, 三等], by: 评审专家组}
      综合得分: {for: 示范项目, type: 数, scale: 1, between: [0 .. 100], by: 评审专家组}
      贷款利息: {for: 示范项目, type: 金额, by: 业务处室}
    parameters:
      比例: 30%
      门槛: 300万元
    definitions:
      够大: {for: 示范项目, is: 总投资 >= 门槛}
    clauses:
    - id: equipment
      article: 第一条
      text: 按总投资的30%补助
      for: 示范项目
      when:
      - 够大
      - at_least: 2
        of: [示范方向 == 行业应用, 评审等级 == 一等, 综合得分 >= 80]
      amount: 比例 * 总投资
      cap: [1000万元, 总投资 / 4]
      shares: {省级: 1, 市级: 2}
    - id: interest
      article: 第二条
      text: 按利息的一半贴息
      for: 示范项目
      amount: 贷款利息 / 2
    - id: station
      article: 第三条
      text: 每站1万元
      for: 机构
      amount: 1万元 * count(基站)
    - id: listed
      article: 第三条
      text: 上过名单
      for: 机构
      when: [kind == 企业]
    - id: best
      choose: [equipment, interest]
      article: 第四条
      text: 就高不重复
      keep: highest
    - id: all_in
      total: [best, station]
      for: 机构
      article: 第五条
      text: 每家最高1500万元
      cap: 1500万元
    quotas:
    - {of: all_in, at_most: 10, order: [name desc]}
    """)


def measure_of(text: str, folder: Path, called: str = "m.yaml") -> Measure:
    path = folder / "measure.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, vocabulary(), called)


def problems_of(text: str, folder: Path) -> list[Problem]:
    try:
        measure_of(text, folder)
    except Problems as problems:
        return problems.problems
    return []


def changed(old: str, new: str, text: str = WHOLE) -> str:
    assert text.count(old) >= 1, old
    return text.replace(old, new, 1)


def project(key: str = "p", firm: str = "", **fields: Any) -> Thing:
    return Thing("demonstration_project", key, fields, {"applicant": firm} if firm else {})


def firm(key: str = "f", **fields: Any) -> Thing:
    return Thing("organisation", key, fields)


def outcomes(measure: Measure, *things: Thing, run: Run = Run()) -> dict[str, Outcome]:  # noqa: B008 a frozen value
    """What each clause comes to for the first of ``things``, the others being there too."""
    population = Population(things, dict(links(measure.vocabulary)))
    deciding = Deciding(measure, population, run)
    return {one.clause.id: one for one in deciding.all_of(things[0])}
