"""The manual: every measure in it reads, every expression of its table parses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mangrove.cli import main
from mangrove.rulebook.parser import parse

MANUAL = (Path(__file__).parents[2] / "docs" / "rulebook.md").read_text(encoding="utf-8")
MEASURE, TESTS = re.findall(r"```yaml\n(.*?)```", MANUAL, re.DOTALL)
#: The first cell of each row of the table of expressions: those words in it that are whole expressions.
CELLS = re.findall(r"^\| (`[^|]*) \|", MANUAL.split("## 式子怎么写")[1].split("## ")[0], re.MULTILINE)
EXPRESSIONS = [
    word
    for cell in CELLS
    for word in re.findall(r"`([^`]+)`", cell)[:1]
    if not word.startswith(("and", "min max"))
]


def test_the_measure_of_the_manual_reads_and_its_tests_come_true(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "example.yaml").write_text(MEASURE, encoding="utf-8")
    (tmp_path / "example.tests.yaml").write_text(TESTS, encoding="utf-8")
    assert main(["rulebook", "test", str(tmp_path / "example.yaml")]) == 0
    assert "检验 2，结果 2，不符 0。" in capsys.readouterr().out


def test_the_table_of_the_manual_has_expressions() -> None:
    assert len(EXPRESSIONS) >= 9


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_every_expression_of_the_manual_parses(text: str) -> None:
    parse(text)
