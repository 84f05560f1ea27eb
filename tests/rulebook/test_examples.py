"""The tests that an officer writes beside a measure: they run, and they fail where the clauses say something else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from mangrove.cli import main

from .test_measures import TEXT

RUN = Callable[..., tuple[int, str, str]]
TESTS = dedent("""\
    tests:
    - name: 超过上限的运营商
      given:
        机构: [{id: cm, kind: 运营商}]
        基站: [{times: 15001, 组网方式: 独立组网, operator: cm}, {组网方式: 非独立组网, operator: cm}]
      expect:
        机构:cm: {station: {standing: 符合, amount: 15000万元, removed: 1万元}}
    - name: 不是运营商，也缺数据
      given:
        机构: [{id: hw, kind: 企业}]
        示范项目: [{id: p1, 示范方向: 行业应用}]
      expect:
        机构:hw: {station: {standing: 不符合, amount: 0元, failing: ['机构标识 in ["cm", "ct"]', kind == 运营商]}}
        示范项目:p1: {demonstration: {standing: 缺数据, amount: 缺数据}}
    """)


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> RUN:
    def ran(old: str = "", new: str = "", *more: str) -> tuple[int, str, str]:
        assert old in TESTS
        (tmp_path / "m.yaml").write_text(TEXT, encoding="utf-8")
        (tmp_path / "m.tests.yaml").write_text(TESTS.replace(old, new) if old else TESTS, encoding="utf-8")
        code = main(["rulebook", "test", str(tmp_path / "m.yaml"), *more])
        found = capsys.readouterr()
        return code, found.out, found.err

    return ran


def test_what_is_meant_comes_true(run: RUN) -> None:
    code, out, err = run()
    assert (code, err) == (0, "") and "检验 2 例，预期结果 3 条，其中不符 0 条。" in out


@pytest.mark.parametrize(
    ("old", "new", "line", "zh"),
    [
        ("amount: 15000万元", "amount: 14999万元", 7, "应为1.5亿元以外"),
        ("removed: 1万元", "removed: 2万元", 7, "应为2万元，算出来是1万元"),
        ("standing: 缺数据", "standing: 符合", 14, "应为符合，算出来是缺数据"),
        ("amount: 缺数据", "amount: 0元", 14, "应为0元，算出来是缺数据"),
        (", kind == 运营商]}}", "]}}", 13, "不符合的条件应为"),
        ("机构:hw: {station", "机构:zz: {station", 13, "没有给出这件的数据"),
        ("{demonstration: {standing", "{station: {standing", 14, "没有对它的条款“station”"),
    ],
)
def test_what_came_out_otherwise_is_told_with_its_line(
    run: RUN, old: str, new: str, line: int, zh: str
) -> None:
    code, out, err = run(old, new)
    wanted = "应为14999万元，算出来是1.5亿元" if "以外" in zh else zh
    assert code == 1 and f"m.tests.yaml:{line}:" in err and wanted in err and "其中不符 1 条" in out


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("kind: 运营商}]", "kinds: 运营商}]", "没有字段“kinds”，是否想写“kind”？"),
        ("kind: 运营商}]", "kind: 运营公司}]", "运营"),
        ("times: 15001", "times: 0", "份数须是 1 至"),
        ("operator: cm}]", "operator: ct}]", "指向不存在的“ct”"),
        ("示范项目: [{id", "示范项木: [{id", "是否想写“示范项目”"),
        ("amount: 0元", "amount: 零", "不是金额"),
        ("amount: 0元", "amount: 0公里", "不是金额"),
        ("amount: 0元", "amount: 约1元", "不是金额"),
        ("amount: 0元", "amount: 0.009元", "不是金额"),
        ("standing: 不符合", "standing: 不合", "没有结果“不合”"),
        ("standing: 不符合", "standing: 不合", "可以写：符合、不符合、缺数据。"),
        ("amount: 0元", "chosen: 选中", "没有名额的结果“选中”，是否想写“入选”？可以写：入选、待定、无。"),
        ("  expect:\n    机构:cm", "  expects:\n    机构:cm", "是否想写“expect”"),
    ],
)
def test_a_test_that_does_not_read_says_where(run: RUN, old: str, new: str, said: str) -> None:
    code, _out, err = run(old, new)
    assert code == 1 and said in err and "m.tests.yaml:" in err


def test_a_measure_without_tests_does_not_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "m.yaml").write_text(TEXT, encoding="utf-8")
    assert main(["rulebook", "test", str(tmp_path / "m.yaml")]) == 1
    assert "m.tests.yaml" in capsys.readouterr().err


def test_the_same_in_english(run: RUN) -> None:
    code, out, err = run("removed: 1万元", "removed: 2万元", "--language", "en")
    assert code == 1 and "came to" in err and "tests 2, expected outcomes 3, of these wrong 1." in out


def test_wrong_outcomes_are_counted_apart_from_wrong_fields(run: RUN) -> None:
    """One outcome with two wrong fields is one of three, not two of three."""
    changed = "amount: 14999万元, removed: 2万元"
    code, out, err = run("amount: 15000万元, removed: 1万元", changed)
    assert code == 1 and err.count("算出来是") == 2
    assert "预期结果 3 条，其中不符 1 条（共 2 处）。" in out
    english = run("amount: 15000万元, removed: 1万元", changed, "--language", "en")[1]
    assert "expected outcomes 3, of these wrong 1 in 2 fields." in english
