"""``make demo`` as a newcomer runs it: in a process of its own, on an empty folder, and then once more."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from docx import Document

pytestmark = pytest.mark.acceptance

PAPERS = {
    "figure_check.json", "figure_check.txt", "font_report.txt", "ledger.txt", "letter.docx", "letter.pdf",
    "letter_map.html", "promises.csv",
}  # fmt: skip
#: Words of the founding letter's claims without a number, by their rows of the letter map.
CLAIMS = {
    "L06": "全球5G发展高地",
    "L15": "受到广泛好评",
    "L27": "全国第一个5G独立组网",
    "L34": "出货量全球第一",
    "L37": "国际领先水平",
}


def mangrove(folder: Path, *arguments: str) -> str:
    environment = os.environ | {
        "MANGROVE_VAR": str(folder / "var"),
        "MANGROVE_DATABASE": "",
        "MANGROVE_DEBUG": "1",
    }
    command = [str(Path(sys.executable).with_name("mangrove")), *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    mangrove(folder, "demo", "--out", str(folder / "out"))
    return folder


def paper(demo: Path, name: str) -> str:
    return (demo / "out" / name).read_text(encoding="utf-8")


def test_all_papers_are_there(demo: Path) -> None:
    assert {path.name for path in (demo / "out").iterdir()} == PAPERS


def test_the_letter_prints_and_opens(demo: Path) -> None:
    pdf = pypdfium2.PdfDocument(demo / "out" / "letter.pdf")
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert len(pdf) == 3
    assert "超4.8万个" in text and "59.9%" in text and "2021年8月30日" in text
    words = "\n".join(line.text for line in Document(str(demo / "out" / "letter.docx")).paragraphs)
    assert "专此答复" in words


def test_our_letter_has_no_finding_and_the_founding_one_exactly_one(demo: Path) -> None:
    checks = json.loads(paper(demo, "figure_check.json"))
    assert checks["ours"]["findings"] == []
    (finding,) = checks["founding"]["findings"]
    assert (finding["text"], finding["verdict"], finding["expected"]) == ("59.8%", "截断未四舍五入", "59.9%")


def test_the_founding_letters_five_claims_are_named_as_without_a_number(demo: Path) -> None:
    claims = json.loads(paper(demo, "figure_check.json"))["founding"]["claims"]
    assert len(claims) == len(CLAIMS)
    for claim, words in zip(claims, CLAIMS.values(), strict=True):
        assert words in claim["text"]
        assert claim["verdict"] == "无数字表述"


def test_seventeen_promises_stand_with_owner_date_and_measure_unsettled(demo: Path) -> None:
    with (demo / "out" / "promises.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["编号"] for row in rows] == [f"C{n:02}" for n in range(1, 18)]
    assert {(row["责任单位"], row["期限"], row["衡量办法"]) for row in rows} == {("未定", "未定", "未定")}


def test_each_row_of_the_letter_map_leads_somewhere(demo: Path) -> None:
    rows = re.findall(r'<tr id="row-([LC]\d\d)">(.*?)</tr>', paper(demo, "letter_map.html"), re.S)
    assert len(rows) == 58
    assert all("href=" in row or "后续：" in row for _id, row in rows)
    assert {id for id, row in rows if "不写入答复" in row} == set(CLAIMS)


def test_the_ledger_holds(demo: Path) -> None:
    assert "完整" in paper(demo, "ledger.txt")
    assert "完整" in mangrove(demo, "ledger", "verify")


def test_a_second_run_keeps_the_data_and_prints_the_same(demo: Path) -> None:
    before = {name: (demo / "out" / name).read_bytes() for name in PAPERS - {"letter.docx"}}
    mangrove(demo, "demo", "--out", str(demo / "out"))
    assert {name: (demo / "out" / name).read_bytes() for name in before} == before


def test_a_revised_figure_leaves_the_signed_letter_as_it_is(demo: Path, tmp_path: Path) -> None:
    signed = (demo / "out" / "letter.pdf").read_bytes()
    said = mangrove(
        demo, "figures", "set", "基站总数", "49300", "--as-of", "2021-08-30", "--source", "letter", "--why", "核对后更正",
    )  # fmt: skip
    assert "差异报告" in said
    mangrove(demo, "letter", "compose", "20210615", "--out", str(tmp_path / "again.pdf"))
    assert (tmp_path / "again.pdf").read_bytes() == signed
