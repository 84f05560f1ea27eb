"""Letters longer than any that is written: nothing here may take more than a few seconds, or the suite shows it."""

from __future__ import annotations

import pytest

from mangrove.documents.reading.letter import read_letter
from mangrove.documents.reading.report import as_text
from mangrove.documents.reading.source import SourceText

from . import scoring

PATTERNS = (
    *(
        "5",
        "一",
        "亿",
        "第1",
        "《",
        "a@",
        "等",
        "甲、乙等",
        "5个、",
        "占5%",
        "2020、",
        "，",
        "由甲局",
        "市局",
        "1:2",
    ),
    *("5—", " ", "针对甲以及", "百分之", "“三个", "，建设", "合计5个", "1,234", "𠮷"),
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_line_of_a_hundred_thousand_signs_is_read(pattern: str) -> None:
    text = (pattern * (100_000 // len(pattern) + 1))[:100_000]

    reading = read_letter(SourceText("来函", "txt", text), organisations=scoring.city_names())

    assert all(text[item.start : item.end] == item.text for item in reading.quantities)
    assert all(len(item.clause) <= 300 for item in reading.quantities)


def test_ten_thousand_lines_are_read_and_reported() -> None:
    lines = scoring.founding_letter().read_text(encoding="utf-8").splitlines()
    text = "\n".join((lines * 300)[:10_000])

    reading = read_letter(SourceText("来函", "txt", text), organisations=scoring.city_names())

    assert len(reading.quantities) > 1000
    assert as_text(reading).count("超4.8万个") > 100
