"""The checker on pages that no typesetter of ours would make, and on words alone."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from io import BytesIO

import pypdfium2
import pytest

from mangrove.documents.check import Verdict, check_pdf, check_text, failures
from mangrove.documents.check.finding import Finding, judge, judge_length
from mangrove.documents.check.geometry import Sheet, check_geometry
from mangrove.documents.check.page import Page, read_pages
from mangrove.documents.check.printed import check_printed
from mangrove.documents.check.words import check_heads
from mangrove.documents.errors import DocumentError
from mangrove.documents.letter import paragraph
from mangrove.documents.pdf import SetLetter, set_letter
from mangrove.documents.rules import STRENGTHS, letter_rules

from .park_letter import park_letter


def _broken(findings: list[Finding]) -> set[str]:
    return {finding.rule.id for finding in failures(findings)}


def _pages(conforming: SetLetter) -> list[Page]:
    return list(read_pages(conforming.pdf))


def test_red_rules_on_a_later_page_are_caught(conforming: SetLetter) -> None:
    pages = _pages(conforming)
    pages[1] = replace(pages[1], bars=pages[0].bars)
    assert _broken(check_geometry(Sheet(tuple(pages)))) == {"rule.second.pages"}


def test_black_rules_at_the_foot_are_caught(conforming: SetLetter) -> None:
    pages = _pages(conforming)
    black = tuple(replace(bar, red=False) for bar in pages[0].bars[:1])
    pages[3] = replace(pages[3], bars=black)
    assert _broken(check_geometry(Sheet(tuple(pages)))) == {"foot.rules"}


def test_black_double_rules_are_caught(conforming: SetLetter) -> None:
    pages = _pages(conforming)
    pages[0] = replace(pages[0], bars=tuple(replace(bar, red=False) for bar in pages[0].bars))
    assert _broken(check_geometry(Sheet(tuple(pages)))) == {"rule.colour"}


def test_text_close_above_the_second_rule_is_caught(conforming: SetLetter) -> None:
    pages = _pages(conforming)
    last = pages[0].lines[-1]
    lower = tuple(replace(char, y=pages[0].bars[-1].top - last.size // 2) for char in last.chars)
    pages[0] = replace(pages[0], chars=(*pages[0].chars, *lower))
    assert {"rule.second.text", "area.height"} <= _broken(check_geometry(Sheet(tuple(pages))))


def test_a_missing_second_rule_is_caught(conforming: SetLetter) -> None:
    pages = _pages(conforming)
    pages[0] = replace(pages[0], bars=pages[0].bars[:2])
    assert _broken(check_geometry(Sheet(tuple(pages)))) == {"rule.first.gap"}


def test_a_signature_alone_on_its_page_is_caught(conforming: SetLetter) -> None:
    pages = _pages(conforming)
    lines = pages[3].lines
    signed = next(index for index, line in enumerate(lines) if line.text == "2023年8月9日") - 1
    pages[3] = replace(pages[3], chars=tuple(char for line in lines[signed:] for char in line.chars))
    assert _broken(check_printed(Sheet(tuple(pages)), None)) == {"sign.with_body"}


def test_a_line_that_begins_with_a_comma_is_caught(conforming: SetLetter) -> None:
    pages = _pages(conforming)
    first = pages[1].lines[1].chars[0]
    comma = replace(first, text="，")
    pages[1] = replace(pages[1], chars=tuple(comma if char == first else char for char in pages[1].chars))
    assert _broken(check_geometry(Sheet(tuple(pages)))) == {"line.start"}


def test_text_below_the_type_area_is_caught(conforming: SetLetter) -> None:
    pages = _pages(conforming)
    last = pages[1].lines[-2]
    lower = tuple(replace(char, y=char.y + last.size * 2) for char in last.chars)
    pages[1] = replace(pages[1], chars=(*pages[1].chars, *lower))
    assert "area.height" in _broken(check_geometry(Sheet(tuple(pages))))


def test_a_character_without_ink_is_listed(conforming: SetLetter) -> None:
    pages = _pages(conforming)
    char = pages[1].lines[3].chars[4]
    blank = replace(char, right=char.left)
    pages[1] = replace(pages[1], chars=tuple(blank if item == char else item for item in pages[1].chars))
    found = failures(check_printed(Sheet(tuple(pages)), None))
    assert [(finding.rule.id, finding.measured) for finding in found] == [
        ("glyph.missing", f"1个：{char.text}（U+{ord(char.text):04X}）")
    ]


def test_a_character_of_the_letter_that_is_not_on_paper_is_listed(conforming: SetLetter) -> None:
    letter = park_letter(paragraphs=(*park_letter().paragraphs[:-1], paragraph("专此函复。")))
    found = failures(check_pdf(conforming.pdf, letter))
    assert [(finding.rule.id, finding.measured) for finding in found] == [
        ("glyph.missing", "1个：函（U+51FD）")
    ]


@pytest.mark.parametrize(
    ("texts", "broken"),
    [
        (["一、甲", "（一）乙", "1.丙", "（1）丁", "二、戊", "（一）己"], set()),
        (["一、甲", "1.丙"], {"heading.order"}),
        (["（一）乙"], {"heading.order"}),
        (["一、甲", "三、丙"], {"heading.sequence"}),
        (["一、甲", "（一）乙", "二、丙", "（二）丁"], {"heading.sequence"}),
        (["十、甲"], {"heading.sequence"}),
        (["3.5亿元的项目已经完工"], set()),
    ],
)
def test_headings_run_on_without_leap_or_gap(texts: list[str], broken: set[str]) -> None:
    assert _broken(list(check_heads(texts))) == broken


def test_twenty_one_headings_are_counted_in_chinese() -> None:
    digits = "一二三四五六七八九"
    ordinals = [*digits, "十", *(f"十{digit}" for digit in digits), "二十", "二十一"]
    assert _broken(list(check_heads(f"{ordinal}、标题" for ordinal in ordinals))) == set()


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        ({"addressee": "尊敬的林晓岚等代表"}, {"addressee.colon"}),
        ({"number": "海城管函（2023）186号"}, {"number.form"}),
        ({"number": "海城管函〔2023〕第186号"}, {"number.form"}),
        ({"contact": "签发人：陈立"}, {"signer.absent"}),
        ({"paragraphs": (paragraph("一、甲", 1), paragraph("1.乙", 3))}, {"heading.order"}),
    ],
)
def test_words_are_checked_before_anything_is_printed(changes: dict[str, object], broken: set[str]) -> None:
    assert _broken(check_text(park_letter(**changes))) == broken


def test_only_a_ruling_can_fail_a_letter() -> None:
    for rule in letter_rules().values():
        verdict = judge(rule.id, met=False, measured="").verdict
        assert (verdict is Verdict.FAIL) == (rule.strength == "规定")
        assert rule.strength in STRENGTHS
        assert rule.status in ("已核", "待核")


def test_the_tolerance_itself_still_passes() -> None:
    assert judge_length("area.top", 38_000).verdict is Verdict.PASS
    assert judge_length("area.top", 38_010).verdict is Verdict.FAIL
    assert letter_rules()["area.top"].number == Decimal(37)


def test_paper_and_seal_are_always_left_to_a_person(conforming: SetLetter) -> None:
    by_hand = [finding for finding in check_pdf(conforming.pdf) if finding.verdict is Verdict.BY_HAND]
    assert [finding.rule.id for finding in by_hand] == ["paper.print"]


def test_a_finding_reads_as_a_sentence_and_as_data(conforming: SetLetter) -> None:
    found = next(finding for finding in check_pdf(conforming.pdf) if finding.rule.id == "rule.second.bottom")
    assert found.as_text == (
        "合格　第1页　第二条双线·距下页边：应为20±1mm，实为20.00mm（GB/T 9704-2012 10.1，规定，已核）"
    )
    assert json.loads(json.dumps(found.as_dict()))["verdict"] == "合格"


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(DocumentError, match="打不开"):
        check_pdf(b"not a pdf")


def test_a_scan_is_refused_rather_than_passed() -> None:
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842).close()
    written = BytesIO()
    document.save(written)
    document.close()
    with pytest.raises(DocumentError, match="扫描件"):
        check_pdf(written.getvalue())


def test_two_threads_may_check_at_once(conforming: SetLetter) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: len(check_pdf(conforming.pdf)), range(8)))
    assert len(set(results)) == 1


def test_a_very_short_letter_is_measured_from_its_edge_and_not_from_its_indents() -> None:
    body = tuple(paragraph(f"第{n}件事已经办好。") for n in "一二三四五")
    letter = replace(park_letter(), paragraphs=body)
    found = {one.rule.id: one for one in check_pdf(set_letter(letter).pdf, letter)}
    assert found["area.left"].measured == "28.00mm"
    assert found["body.indent"].verdict == Verdict.PASS
    assert "area.width" not in found  # no line is full: nothing to measure it by
