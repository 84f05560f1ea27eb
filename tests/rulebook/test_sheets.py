"""Spreadsheets as officers send them: units in the head, Chinese file names, and all that is wrong told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from mangrove.rulebook.engines.arrow import from_csv
from mangrove.rulebook.engines.columns import from_population
from mangrove.rulebook.problems import Problem, Problems
from mangrove.rulebook.texts.tables import read_population
from mangrove.vocabulary import vocabulary

HEAD = "项目标识,项目名称,示范方向,认定年度,总投资,来源\n"
ROW = "{},甲,行业应用,2020,{},测试\n"
WAN = 1_000_000  # fen


def told(folder: Path, *rows: str, head: str = HEAD, name: str = "示范项目.csv") -> list[Problem]:
    """What is wrong, the same whichever way the data are read."""
    (folder / name).write_text(head + "".join(rows), encoding="utf-8")
    found = []
    for read in (from_csv, read_population):
        with pytest.raises(Problems) as caught:
            read(folder, vocabulary())
        found.append(caught.value.problems)
    assert [one.said() for one in found[0]] == [one.said() for one in found[1]]
    return found[0]


def investments(folder: Path, head: str, *cells: str) -> list[int]:
    """In fen, the same whichever way the data are read."""
    rows = "".join(ROW.format(f"p{n}", cell) for n, cell in enumerate(cells))
    text = HEAD.replace("总投资", head) + rows
    (folder / "示范项目.csv").write_text(text, encoding="utf-8")
    quickly = from_csv(folder, vocabulary())
    slowly = from_population(read_population(folder, vocabulary()), vocabulary())
    found = [one.column("demonstration_project", "investment").values.tolist() for one in (quickly, slowly)]
    assert found[0] == found[1]
    return found[0]


# --- units in the head ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("head", ["总投资（万元）", "总投资(万元)", "总投资 （ 万元 ）", "investment(万元)"])
def test_plain_numbers_are_in_the_unit_of_the_head(tmp_path: Path, head: str) -> None:
    assert investments(tmp_path, head, "4000", "0.000001", "12.345678") == [4000 * WAN, 1, 12_345_678]


def test_a_cell_with_its_own_unit_keeps_it(tmp_path: Path) -> None:
    cells = ("4000", "2亿元", "１２", '"1,000"', " 5 ")
    found = investments(tmp_path, "总投资（万元）", *cells)
    assert found == [4000 * WAN, 20000 * WAN, 12 * WAN, 1000 * WAN, 5 * WAN]


@pytest.mark.parametrize(
    ("unit", "cell", "fen"),
    [("分", "7", 7), ("元", "0.07", 7), ("亿元", "0.0000000007", 7), ("万亿元", "0.00001", 10**9)],
)
def test_money_is_exact_in_every_unit(tmp_path: Path, unit: str, cell: str, fen: int) -> None:
    assert investments(tmp_path, f"总投资（{unit}）", cell) == [fen]


@pytest.mark.parametrize("cells", [("9" * 17, "1"), ("92233720368547758.07", "1")])
def test_whole_numbers_that_no_64_bits_hold_are_not_wrapped(tmp_path: Path, cells: tuple[str, str]) -> None:
    """99,999,999,999,999,999 yuan are more fen than that; the greatest that fits is exact."""
    if "." in cells[0]:
        assert investments(tmp_path, "总投资", *cells) == [2**63 - 1, 100]
        return
    (one,) = told(tmp_path, *(ROW.format(f"p{n}", cell) for n, cell in enumerate(cells)))
    assert (one.code, one.place.line) == ("overflow", 2)


def test_what_is_finer_than_a_fen_is_refused_in_the_unit_of_the_head(tmp_path: Path) -> None:
    (one,) = told(tmp_path, ROW.format("p1", "1.2345678"), head=HEAD.replace("总投资", "总投资（万元）"))
    assert one.place.line == 2 and "“1.2345678万元”比记录的精度（2位小数）更细" in one.zh
    assert "单位万元" in one.zh and "in 万元" in one.en


@pytest.mark.parametrize(
    ("old", "new", "zh", "en"),
    [
        ("总投资", "总投资（平方米）", "单位不能是“平方米”；可以写：分、元、万元、亿元、万亿元", "one of: 分, 元, 万元"),
        ("总投资", "总投资（含税）", "单位不能是“含税”", "“含税” is no unit of “Total investment”"),
        ("项目名称", "项目名称（全称）", "“项目名称”没有单位", "has no unit"),
        ("总投资", "总投次（万元）", "没有字段或关联“总投次”，是否想写“总投资”", "did you mean “总投资”"),
    ],
)  # fmt: skip
def test_a_unit_that_does_not_fit_is_refused(tmp_path: Path, old: str, new: str, zh: str, en: str) -> None:
    (one,) = told(tmp_path, ROW.format("p1", "1"), head=HEAD.replace(old, new))
    assert zh in one.zh and en in one.en, (one.zh, one.en)
    assert (one.place.line, one.place.column) == (1, HEAD.split(",").index(old) + 1)


def test_the_same_field_with_and_without_a_unit_is_two_columns(tmp_path: Path) -> None:
    row = ROW.format("p1", "1").strip() + ",2\n"
    (one,) = told(tmp_path, row, head=HEAD.strip() + ",总投资（万元）\n")
    assert one.code == "column_twice" and one.place.column == 7


# --- files ----------------------------------------------------------------------------------------------------------


def test_two_files_of_one_kind_are_refused(tmp_path: Path) -> None:
    (tmp_path / "demonstration_project.csv").write_text(HEAD, encoding="utf-8")
    (one,) = told(tmp_path, ROW.format("p1", "1"))
    assert one.code == "two_files" and "“示范项目.csv”和“demonstration_project.csv”都是示范项目" in one.zh


@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_head_alone_is_no_things(tmp_path: Path, end: str) -> None:
    (tmp_path / "示范项目.csv").write_text(HEAD.strip() + end, encoding="utf-8-sig")
    assert len(from_csv(tmp_path, vocabulary()).tables["demonstration_project"]) == 0


# --- all that is wrong ----------------------------------------------------------------------------------------------


def test_every_bad_value_is_told_with_line_column_value_and_what_fits(tmp_path: Path) -> None:
    rows = [
        ROW.format("p1", "四千万"),
        ROW.format("p2", "不详"),
        ROW.format("p3", "四千万").replace("行业", "航业"),
    ]
    found = told(tmp_path, *rows, ROW.format("p4", "1").replace("2020", "去年"))
    assert [(one.place.line, one.place.column) for one in found] == [(2, 5), (3, 5), (4, 3), (5, 4)]
    for one, value in zip(found, ("四千万", "不详", "航业应用", "去年"), strict=True):
        assert f"“{value}”" in one.zh and f"“{value}”" in one.en
    assert "第 2、4 行" in found[0].zh and "单位元，或自带单位（分、元、万元、亿元、万亿元）" in found[0].zh
    assert "这里应为政务应用、行业应用" in found[2].zh and "government, industry is wanted" in found[2].en


def test_past_twenty_only_how_many_more(tmp_path: Path) -> None:
    found = told(tmp_path, *(ROW.format(f"p{n}", f"约莫{n}") for n in range(50)))
    assert [one.place.line for one in found[:20]] == list(range(2, 22))
    assert len(found) == 21 and "另有 30 处" in found[20].zh and "30 more" in found[20].en


def test_every_ragged_row_is_told_with_its_line(tmp_path: Path) -> None:
    rows = [ROW.format("p1", "1"), "p2,甲\n", "\n,,,,,\n,,\n", ROW.format("p3", "1,000")]
    found = told(tmp_path, *rows)
    assert [(one.place.line, one.place.column) for one in found] == [(3, 3), (7, 7)]
    assert (
        "第 3 行应有6格，现有2格（“p2,甲”）" in found[0].zh
        and "Row 7: 6 cells wanted, 7 found" in found[1].en
    )


def test_what_leads_to_a_file_that_does_not_read_is_not_told_to_lead_to_nothing(tmp_path: Path) -> None:
    (tmp_path / "机构.csv").write_text("id,name\na\n", encoding="utf-8")
    row = ROW.format("p1", "1").strip() + ",a\n"
    (one,) = told(tmp_path, row, head=HEAD.strip() + ",申报单位\n")
    assert (one.code, one.place.file) == ("bad_rows", "机构.csv")
