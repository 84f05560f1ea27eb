"""``mangrove rulebook columns``: what is listed and written is all that a measure reads, and reads without a complaint."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from mangrove.cli import main
from mangrove.rulebook.engines.arrow import from_csv
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.texts.needed import needed
from mangrove.rulebook.texts.reader import load
from mangrove.vocabulary import vocabulary

MEASURES = sorted(
    path
    for path in (Path(__file__).parents[2] / "rulebooks" / "measures").glob("*/*.yaml")
    if not path.name.endswith(".tests.yaml")
)
MEASURE = """\
measure: 测试
id: test_measure
version: {in_force: 2022-01-01, decided_by: 开通日期, status: 待核, source: 测试用}
inputs:
  等级: {for: 基站, words: [甲, 乙], by: 评审专家组}
  核定金额: {for: 基站, type: 金额, by: 业务处室}
clauses:
- {id: one, article: 一, text: 补助, for: 基站, when: [等级 == 甲, 运营商.地域 == 本市], amount: 核定金额}
quotas:
- {of: one, at_most: 3, per: 所在区, order: [建站投资 desc]}
"""


@pytest.fixture
def measure(tmp_path: Path) -> Path:
    path = tmp_path / "measure.yaml"
    path.write_text(MEASURE, encoding="utf-8")
    return path


def test_every_column_is_told_with_what_fits(measure: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rulebook", "columns", str(measure)]) == 0
    said = capsys.readouterr().out
    rows = {cells[0]: cells[1:] for cells in map(str.split, said.splitlines()) if cells}
    assert (
        "基站.csv（station.csv）" in rows
        and "机构.csv（organisation.csv）" in rows
        and "区.csv（district.csv）" in rows
    )
    assert rows["基站标识"] == ["id", "必填", "文字"]
    assert rows["运营商"] == ["operator", "必填", "机构的标识"]
    assert rows["开通日期"] == ["opened_on", "日期，如", "2021-08-30"]
    assert rows["等级"] == ["等级", "甲、乙（由评审专家组判断）"]
    assert rows["核定金额"] == ["核定金额", "数，至多2位小数，单位元（由业务处室判断）"]
    assert rows["建站投资"][1].endswith("单位元") and rows["所在区"][-1] == "区的标识"
    assert main(["rulebook", "columns", str(measure), "--language", "en"]) == 0
    told = capsys.readouterr().out
    assert "station.csv (基站.csv)" in told and "a day such as 2021-08-30" in told and "judged by" in told


def test_empty_files_are_filled_in_and_read(
    measure: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "new" / "data"
    assert main(["rulebook", "columns", str(measure), "--template", str(folder)]) == 0
    assert "写成空表 3 个" in capsys.readouterr().out
    path = folder / "基站.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    (head,) = csv.reader(path.read_text(encoding="utf-8-sig").splitlines())
    assert head[0] == "基站标识" and "核定金额（元）" in head and "运营商" in head
    assert main(["rulebook", "run", str(measure), "--data", str(folder)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_nothing_is_overwritten(measure: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "station.csv"
    path.write_text("mine", encoding="utf-8")
    assert main(["rulebook", "columns", str(measure), "--template", str(tmp_path)]) == 1
    assert "已经有“station.csv”；请换一个文件夹" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "mine" and not (tmp_path / "机构.csv").exists()


@pytest.mark.parametrize("path", MEASURES, ids=lambda path: path.stem)
def test_all_that_a_measure_reads_is_among_them(path: Path) -> None:
    measure = load(path, vocabulary())
    have = {(file.entity.id, one.of.id) for file in needed(measure) for one in file.columns}
    nodes = lower(measure).nodes
    reads = {(node.entity, str(node.detail[0])) for node in nodes if node.op in ("load", "up")}
    reads |= {(str(node.detail[0]), str(node.detail[1])) for node in nodes if node.op == "gather"}
    assert reads <= have


def test_a_template_of_every_measure_reads(tmp_path: Path) -> None:
    for path in MEASURES:
        folder = tmp_path / path.stem
        assert main(["rulebook", "columns", str(path), "--template", str(folder)]) == 0
        from_csv(folder, load(path, vocabulary()).vocabulary)
