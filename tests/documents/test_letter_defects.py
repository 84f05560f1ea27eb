"""One defect at a time: each is caught by exactly its rule, and the conforming letter raises no alarm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mangrove.documents.check import check_pdf, check_text, failures
from mangrove.documents.fonts import FontShelf
from mangrove.documents.pdf import SetLetter, letter_data, rule_data, typeset

from .park_letter import park_letter

Data = dict[str, Any]


def _rule(rule_id: str, value: float) -> Callable[[Data, Data], None]:
    """A typesetter that was given a wrong value."""

    def spoil(_letter: Data, rules: Data) -> None:
        rules[rule_id] = [value, rules[rule_id][1]]

    return spoil


def _word(name: str, value: object) -> Callable[[Data, Data], None]:
    """A letter that prints something else."""

    def spoil(letter: Data, _rules: Data) -> None:
        letter[name] = value

    return spoil


def _thin_above_thick(_letter: Data, rules: Data) -> None:
    rules["rule.thick"], rules["rule.thin"] = rules["rule.thin"], rules["rule.thick"]


def _first_level_then_third(letter: Data, _rules: Data) -> None:
    words = next(
        part
        for item in letter["paragraphs"]
        for part in item["parts"]
        if part["text"].startswith("来信还建议")
    )
    words["text"] = f"1.{words['text']}"


def _paragraph_starts_with_comma(letter: Data, _rules: Data) -> None:
    first = letter["paragraphs"][0]["parts"][0]
    first["text"] = f"，{first['text']}"


DEFECTS = {
    "纸宽改为205毫米": (_rule("page.width", 205), {"page.width"}),
    "天头35毫米": (_rule("area.top", 35), {"area.top", "folio.gap"}),
    "订口25毫米": (
        _rule("area.left", 25),
        {"area.left", "number.right", "title.centre", "folio.inset", "foot.inset"},
    ),
    "正文16.5磅": (_rule("body.size", 16.5), {"body.size", "line.pitch", "grid.lines", "grid.chars"}),
    "行间过松": (_rule("line.gap", 16), {"line.pitch", "grid.lines"}),
    "段首空三字": (_rule("body.indent", 3), {"body.indent"}),
    "标志距上页边35毫米": (_rule("mark.top", 35), {"mark.top"}),
    "第一条双线距标志8毫米": (_rule("rule.first.gap", 8), {"rule.first.gap"}),
    "第二条双线距下页边25毫米": (_rule("rule.second.bottom", 25), {"rule.second.bottom"}),
    "双线粗细颠倒": (_thin_above_thick, {"rule.first.order", "rule.second.order"}),
    "双线只有版心宽": (_rule("rule.length", 156), {"rule.length"}),
    "双线偏右5毫米": (_rule("rule.centre", 110), {"rule.centre"}),
    "发文字号离双线太远": (_rule("number.gap", 8), {"number.gap"}),
    "标题用一号字": (_rule("title.size", 26), {"title.size"}),
    "标题上空四行": (_rule("title.lines_above", 4), {"title.lines_above"}),
    "主送上空三行": (_rule("addressee.lines_above", 3), {"addressee.lines_above"}),
    "首页有页码": (_word("folio_from", 1), {"folio.first"}),
    "第二页没有页码": (_word("folio_from", 3), {"folio.present"}),
    "页码贴近版心": (_rule("folio.gap", 4), {"folio.gap"}),
    "页码用小字": (_rule("folio.size", 10.5), {"folio.size"}),
    "页码不空字": (_rule("folio.inset", 0), {"folio.inset"}),
    "成文日期右空两字": (_rule("sign.seal_right", 2), {"sign.seal_right"}),
    "抄送用小字": (_rule("foot.size", 12), {"foot.size"}),
    "抄送顶格": (_rule("foot.inset", 0), {"foot.inset"}),
    "层次从一、跳到1.": (_first_level_then_third, {"heading.order"}),
    "段首是逗号": (_paragraph_starts_with_comma, {"line.start"}),
    "抄送没有句号": (_word("copies", "市人民政府督查室"), {"copies.end"}),
    "日期编虚位": (_word("date", "2023年08月9日"), {"date.form"}),
    "年份不全": (_word("date", "23年8月9日"), {"date.form"}),
    "印了签发人": (_word("contact", "（签发人：陈立）"), {"signer.absent"}),
    "主送用半角冒号": (_word("addressee", "尊敬的林晓岚等代表:"), {"addressee.colon"}),
    "字号用方括号": (_word("number", "海城管函[2023]186号"), {"number.form"}),
    "字号编虚位": (_word("number", "海城管函〔2023〕086号"), {"number.form"}),
}


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_caught_by_its_own_rule(name: str, shelf: FontShelf) -> None:
    spoil, expected = DEFECTS[name]
    letter, rules = letter_data(park_letter()), rule_data()
    spoil(letter, rules)
    found = failures(check_pdf(typeset(letter, rules, shelf), None if "右空" not in name else park_letter()))
    assert {finding.rule.id for finding in found} == expected


def test_the_conforming_letter_raises_no_alarm(conforming: SetLetter) -> None:
    assert failures(check_pdf(conforming.pdf, park_letter())) == []
    assert failures(check_text(park_letter())) == []
