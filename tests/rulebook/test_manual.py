"""The manual: every file in it is written, every command run in order, every answer compared to the letter."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from mangrove.cli import main
from mangrove.rulebook.language.parser import parse

MANUAL = (Path(__file__).parents[2] / "docs" / "rulebook.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
#: The one kind of shell line that the manual needs: a copy of a file with a word changed.
COPY = re.compile(r"sed 's/([^/]*)/([^/]*)/' (\S+) > (\S+)")
#: The first cell of each row of the table of expressions: those words in it that are whole expressions.
CELLS = re.findall(r"^\| (`[^|]*) \|", MANUAL.split("## 式子怎么写")[1].split("## ")[0], re.MULTILINE)
EXPRESSIONS = [
    word
    for cell in CELLS
    for word in re.findall(r"`([^`]+)`", cell)[:1]
    if not word.startswith(("and", "min max"))
]


@pytest.fixture
def capture(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> pytest.CaptureFixture[str]:
    monkeypatch.chdir(tmp_path)
    return capsys


def sessions(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a block with the answer under it."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _newline, answer = part.partition("\n")
        yield command, answer


def copied(line: str) -> None:
    found = COPY.fullmatch(line.strip())
    assert found, f"test_manual.py cannot run “{line}”"
    old, new, source, target = found.groups()
    text = Path(source).read_text(encoding="utf-8")
    assert old in text
    Path(target).write_text("\n".join(one.replace(old, new, 1) for one in text.split("\n")), encoding="utf-8")


def answered(command: str, capture: pytest.CaptureFixture[str]) -> str:
    program, *words = shlex.split(command)
    assert program == "mangrove"
    main(words)
    said = capture.readouterr()
    return (said.out + said.err).replace("\r\n", "\n")  # CSV ends its lines so


def test_who_follows_the_manual_sees_what_it_shows(capture: pytest.CaptureFixture[str]) -> None:
    compared = 0
    for info, text in BLOCK.findall(MANUAL):
        kind, _blank, name = info.partition(" ")
        if name:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text, encoding="utf-8")
        elif kind == "sh":
            copied(text)
        elif kind == "console":
            for command, shown in sessions(text):
                assert answered(command, capture) == shown, command
                compared += 1
    assert compared >= 10


@pytest.mark.parametrize("name", ["条件成组.yaml", "选择.yaml"])
def test_every_other_measure_of_the_manual_reads(name: str, capture: pytest.CaptureFixture[str]) -> None:
    text = next(text for info, text in BLOCK.findall(MANUAL) if info == f"yaml {name}")
    Path(name).write_text(text, encoding="utf-8")
    assert main(["rulebook", "check", name]) == 0, capture.readouterr().err


def test_the_table_of_the_manual_has_expressions() -> None:
    assert len(EXPRESSIONS) >= 12


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_every_expression_of_the_manual_parses(text: str) -> None:
    parse(text)
