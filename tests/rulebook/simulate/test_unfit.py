"""A what-if is refused the numbers that a rule file is refused."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from mangrove.rulebook.problems import Problem
from mangrove.rulebook.simulate.values import changed, points
from mangrove.rulebook.texts.reader import load
from mangrove.vocabulary import vocabulary

TEXT = dedent("""\
    measure: 步长与年数（测试用）
    id: unfit
    version: {in_force: 不详, status: 待核, source: 测试用}
    parameters: {步长: 1元, 年限: 2}
    clauses:
    - {id: a, article: 一, text: 甲, for: 示范项目, amount: "round_to(总投资, 步长, \\"down\\")"}
    - {id: b, article: 二, text: 乙, for: 基站, when: ["years_after(开通日期, 年限) <= 2024-01-01"]}
    """)


@pytest.mark.parametrize("said", ["步长=0元", "步长=-1元", "年限=1.5"])
def test_a_step_of_nothing_and_half_a_year(said: str, tmp_path: Path) -> None:
    path = tmp_path / "unfit.yaml"
    path.write_text(TEXT, encoding="utf-8")
    measure = load(path, vocabulary())
    with pytest.raises(Problem) as caught:
        changed(measure, said, "--set")
    assert caught.value.code == "unfit_number"


def test_nor_on_a_curve(tmp_path: Path) -> None:
    path = tmp_path / "unfit.yaml"
    path.write_text(TEXT, encoding="utf-8")
    with pytest.raises(Problem):
        points(load(path, vocabulary()), "步长=0元..2元/2", "--curve")


SHARE = dedent("""\
    measure: 比例与上限（测试用）
    id: share
    version: {in_force: 不详, status: 待核, source: 测试用}
    parameters: {比例: 30%, 上限: 500万元}
    clauses:
    - {id: a, article: 一, text: 甲, for: 示范项目, amount: 总投资 * 比例, cap: 上限}
    """)


@pytest.mark.parametrize(("said", "code"), [("比例=35", "forgotten_percent"), ("上限=-5万元", "below_zero")])
def test_a_share_without_percent_and_a_cap_below_zero(said: str, code: str, tmp_path: Path) -> None:
    path = tmp_path / "share.yaml"
    path.write_text(SHARE, encoding="utf-8")
    with pytest.raises(Problem) as caught:
        changed(load(path, vocabulary()), said, "--set")
    assert caught.value.code == code
    assert changed(load(path, vocabulary()), "比例=350%", "--set")[0] == "比例"
