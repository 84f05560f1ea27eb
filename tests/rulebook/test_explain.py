"""A case explained and a folder of data run, as an officer would from the command line."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from mangrove.cli import main
from mangrove.rulebook.language.types import DAY, MONEY, NUMBER, TRUTH, Type
from mangrove.rulebook.problems import Problems
from mangrove.rulebook.showing import shown
from mangrove.rulebook.texts.tables import read_population
from mangrove.vocabulary import vocabulary

from .test_measures import TEXT

SPEAK = Callable[..., tuple[int, str, str]]
FIRMS = """id,name,kind,scope,source,synthetic,check_status
cm,移动（合成）,运营商,本市,合成,是,待核
ct,电信（合成）,,本市,合成,是,待核
hw,制造（合成）,企业,本市,合成,是,待核
"""
PROJECTS = """id,name,track,year,investment,source,applicant
p1,港口,行业应用,2020,4000万元,合成,hw
p2,厅堂,政务应用,2020,100万元,合成,hw
p3,车间,行业应用,2020,,合成,hw
p4,园区,行业应用,2020,1000.05元,合成,hw
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "organisation.csv").write_text(
        FIRMS.replace("电信（合成）,,", "电信（合成）,企业,"), encoding="utf-8"
    )
    (folder / "demonstration_project.csv").write_text(PROJECTS, encoding="utf-8")
    stations = [f"s{n},逻辑站,独立组网,2020-01-01,是,cm,futian" for n in range(3)]
    head = "id,counting_unit,mode,opened_on,synthetic,operator,district"
    (folder / "station.csv").write_text("\n".join([head, *stations]), encoding="utf-8")
    (folder / "district.csv").write_text(
        "id,name,short_name,kind,order,source,check_status\nfutian,福田区,福田,行政区,1,合成,待核\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def speak(tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]) -> SPEAK:
    path = tmp_path / "measure.yaml"
    path.write_text(TEXT, encoding="utf-8")

    def said(act: str, *more: str) -> tuple[int, str, str]:
        code = main(["rulebook", act, str(path), "--data", str(data), *more])
        found = capsys.readouterr()
        return code, found.out, found.err

    return said


def test_every_thing_is_decided_by_every_clause_that_is_for_it(speak: SPEAK) -> None:
    code, out, _err = speak("run")
    rows = {(row["标识"], row["条款"]): row for row in csv.DictReader(io.StringIO(out))}
    assert code == 0 and len(rows) == 3 + 4
    paid = {key: (row["结果"], row["金额_分"]) for key, row in rows.items()}
    assert paid["cm", "station"] == ("符合", "3000000")
    assert paid["hw", "station"] == ("不符合", "0")
    assert paid["p1", "demonstration"] == ("符合", "1000000000")
    assert paid["p2", "demonstration"] == ("不符合", "0")
    assert paid["p3", "demonstration"] == ("缺数据", "")
    assert paid["p4", "demonstration"] == ("符合", "30002")  # 300.015 yuan: a half fen goes up


def test_a_case_is_told_condition_by_condition_with_what_the_cap_took(speak: SPEAK) -> None:
    code, out, _err = speak("explain", "示范项目:p1")
    assert code == 0
    assert out.splitlines()[1:] == [
        "  行业应用示范项目按总投资的30%补助，最高1000万元",
        "  符合  示范方向 == 行业应用（实为行业应用；示范项目“示范方向”，来源：合成）",
        "  应得1000万元：算得1200万元，封顶减去200万元",
    ]
    assert "第二条（转述，待核）：符合" in out


def test_what_fails_and_what_is_missing_are_told_apart(speak: SPEAK) -> None:
    _code, out, _err = speak("explain", "示范项目:p2")
    assert "不符合  示范方向 == 行业应用（实为政务应用；" in out and "应得0" in out
    _code, out, _err = speak("explain", "示范项目:p3")
    assert "：缺数据" in out and "应得缺数据" in out


def test_the_same_in_english(speak: SPEAK) -> None:
    _code, out, _err = speak("explain", "示范项目:p1", "--language", "en")
    assert "met  示范方向 == 行业应用 (is Industry use; Demonstration project “Track”, source: 合成)" in out
    assert "Pays 10,000,000 yuan: worked out at 12,000,000 yuan, the cap took 2,000,000 yuan" in out


def test_how_far_a_case_falls_short_is_said_in_its_own_unit(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "strict.yaml"
    path.write_text(TEXT.replace("示范方向 == 行业应用", "总投资 >= 5000万元"), encoding="utf-8")
    assert main(["rulebook", "explain", str(path), "示范项目:p1", "--data", str(data)]) == 0
    assert "不符合  总投资 >= 5000万元（实为4000万元，差1000万元；" in capsys.readouterr().out
    path.write_text(TEXT.replace("示范方向 == 行业应用", "4000万元 != 总投资"), encoding="utf-8")
    assert main(["rulebook", "explain", str(path), "示范项目：p1", "--data", str(data)]) == 0
    said = capsys.readouterr().out
    assert "不符合  4000万元 != 总投资（实为4000万元；" in said and "应得0元" in said and "封顶" not in said


@pytest.mark.parametrize(
    ("thing", "said"), [("示范项目:p9", "数据里没有“示范项目:p9”"), ("示范项木:p1", "是否想写“示范项目”")]
)
def test_what_is_not_there_is_told(speak: SPEAK, thing: str, said: str) -> None:
    code, _out, err = speak("explain", thing)
    assert code == 1 and said in err


def test_bad_data_is_told_with_its_row(data: Path) -> None:
    path = data / "demonstration_project.csv"
    path.write_text(PROJECTS.replace("4000万元", "四千万").replace("p2,", "p1,"), encoding="utf-8")
    with pytest.raises(Problems) as found:
        read_population(data, vocabulary())
    said = str(found.value)
    assert "demonstration_project.csv:2:5" in said and "demonstration_project.csv:3:1" in said
    assert "“四千万”是中文数字，请用阿拉伯数字" in said and "主键与前面的行相同：p1" in said


def test_a_file_that_would_be_passed_over_and_an_empty_folder_are_told(data: Path, tmp_path: Path) -> None:
    (data / "示范项木.csv").write_text("x", encoding="utf-8")
    with pytest.raises(Problems, match=r"没有对象的数据文件“示范项木\.csv”，是否想写“示范项目\.csv”"):
        read_population(data, vocabulary())
    with pytest.raises(Problems, match="里没有 CSV"):
        read_population(tmp_path / "nowhere", vocabulary())


def test_a_unit_that_nobody_knows_is_told_with_its_row(data: Path) -> None:
    (data / "demonstration_project.csv").write_text(PROJECTS.replace("4000万元", "400万亩"), encoding="utf-8")
    with pytest.raises(Problems, match=r"project\.csv:2:5 .*没有单位“万亩”"):
        read_population(data, vocabulary())


def test_a_link_to_nothing_is_told(data: Path) -> None:
    (data / "demonstration_project.csv").write_text(PROJECTS.replace(",hw", ",nobody"), encoding="utf-8")
    with pytest.raises(Problems, match="指向不存在的机构：nobody"):
        read_population(data, vocabulary())


@pytest.mark.parametrize(
    ("value", "kind", "zh", "en"),
    [
        (Fraction(1_500_000_000), MONEY, "1500万元", "15,000,000 yuan"),
        (Fraction(10_000_000_000), MONEY, "1亿元", "100,000,000 yuan"),
        (Fraction(123), MONEY, "1.23元", "1.23 yuan"),
        (Fraction(5), MONEY, "5分", "5 fen"),
        (Fraction(-1_000_000), MONEY, "-1万元", "-10,000 yuan"),
        (Fraction(1, 3), NUMBER, "1/3", "1/3"),
        (Fraction(3, 10), NUMBER, "0.3", "0.3"),
        (Fraction(12), Type("quantity", "电量"), "12千瓦时", "12 kWh"),
        (True, TRUTH, "是", "yes"),
        (None, DAY, "缺数据", "unknown"),
        ("government", Type("word", "project_track"), "政务应用", "Government use"),
    ],
)
def test_values_are_shown_as_people_read_them(
    value: Fraction | bool | str | None, kind: Type, zh: str, en: str
) -> None:
    assert shown(value, kind, vocabulary()) == zh
    assert shown(value, kind, vocabulary(), "en") == en
