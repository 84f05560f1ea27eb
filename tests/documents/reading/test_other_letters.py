"""Letters of other cities and trades, as text, DOCX and PDF: numbers with their units right, and none invented."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mangrove.documents.reading.extract import extract
from mangrove.documents.reading.letter import LetterReading, read_letter

from . import printing, scoring

WANTED = 0.95
office = pytest.mark.skipif(printing.OFFICE is None, reason="LibreOffice 未安装：没有核对它印的 PDF")


def _text(name: str, folder: Path) -> bytes:
    return scoring.letter_source(name).encode(scoring.gold(name).get("encoding", "utf-8"))


def _docx(name: str, folder: Path) -> bytes:
    return printing.as_docx(scoring.letter_source(name))


def _set(name: str, folder: Path) -> bytes:
    return printing.as_set_letter(scoring.letter_source(name))


def _typst(name: str, folder: Path) -> bytes:
    return printing.as_typst(scoring.letter_source(name))


def _office(name: str, folder: Path) -> bytes:
    return printing.as_office_pdf(scoring.letter_source(name), folder)


FORMS = [
    pytest.param("parks", _text, "txt", id="parks-utf8"),
    pytest.param("ports", _text, "txt", id="ports-first-read-blind"),
    pytest.param("chengdu", _docx, "docx", id="chengdu-docx-written-blind"),
    pytest.param("lanzhou", _docx, "docx", id="lanzhou-docx-written-blind"),
    pytest.param("lanzhou", _office, "pdf", id="lanzhou-pdf-written-blind", marks=office),
    pytest.param("xiamen", _text, "txt", id="xiamen-written-blind"),
    pytest.param("water", _text, "txt", id="water-gb18030"),
    pytest.param("schools", _docx, "docx", id="schools-docx-merged-cells"),
    pytest.param("hospitals", _docx, "docx", id="hospitals-docx"),
    pytest.param("buses", _set, "pdf", id="buses-pdf-of-our-setter"),
    pytest.param("hospitals", _typst, "pdf", id="hospitals-pdf-with-table"),
    pytest.param("hospitals", _office, "pdf", id="hospitals-pdf-of-an-office-suite", marks=office),
    pytest.param("schools", _office, "pdf", id="schools-pdf-of-an-office-suite", marks=office),
]


def _read(name: str, make: Callable[[str, Path], bytes], folder: Path) -> LetterReading:
    return read_letter(extract(make(name, folder)), organisations=scoring.gold(name).get("names", {}))


@pytest.mark.parametrize(("name", "make", "kind"), FORMS)
def test_what_the_letter_states_is_read(
    name: str, make: Callable[[str, Path], bytes], kind: str, tmp_path: Path
) -> None:
    wanted = scoring.gold(name)

    reading = _read(name, make, tmp_path)

    scores = scoring.scores(name, reading)
    print(scoring.table({f"{name} {kind}": scores}))
    assert reading.source.kind == kind
    assert scores["numbers"].invented == () and scores["numbers"].missed == ()
    for found in ("numbers with date", "organisations", "commitments"):
        assert min(scores[found].recall, scores[found].precision) >= WANTED, (found, scores[found])
    assert scoring.elements_wrong(wanted["elements"], reading) == {}
    assert [[item.kind, item.verdict] for item in reading.arithmetic] == wanted["arithmetic"]


@pytest.mark.parametrize("name", scoring.OTHERS)
def test_every_span_is_what_the_text_says_there(name: str) -> None:
    reading = read_letter(extract(_docx(name, Path())), organisations={})

    text = reading.source.text
    named = (*reading.quantities, *reading.enumerations, *reading.claims, *reading.commitments)
    for item in (*named, *reading.organisations, *reading.dates, *reading.elements.headings):
        assert text[item.start : item.end] == item.text


def test_a_number_in_a_merged_cell_counts_once() -> None:
    source = "|区|投入（万元）|项目（个）|\n|东区|120|3|\n|西区|^|4|\n|合计|120|7|"

    read = extract(printing.as_docx(f"各区投入如下。\n{source}"))

    assert [row[1] for row in read.tables[0].rows] == ["120", "", "120"]


def test_a_column_of_units_gives_each_row_its_own() -> None:
    source = "|指标|单位|2022年|2023年|\n|用水量|万立方米|1,200|1,150|\n|用户|户|98,000|99,500|"

    found = read_letter(extract(printing.as_docx(f"用水情况见下表。\n{source}"))).quantities

    assert [(q.value, q.unit, q.as_of) for q in found] == [
        (12000000, "立方米", "2022"),
        (11500000, "立方米", "2023"),
        (98000, "户", "2022"),
        (99500, "户", "2023"),
    ]


def test_a_unit_above_the_table_does_not_count_its_numbering_or_its_shares() -> None:
    source = "单位：万元\n|序号|区|投入|占比（%）|\n|1|东区|120|60|\n|2|西区|80|40|"

    found = read_letter(extract(printing.as_docx(f"各区投入见下表。\n{source}"))).quantities

    assert [(int(q.value), q.unit) for q in found] == [(1200000, "元"), (60, "%"), (800000, "元"), (40, "%")]
