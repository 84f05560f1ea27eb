"""The figure check of a letter that somebody else wrote, for a terminal: what to look at, never how to draft."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mangrove.documents.reading.letter import LetterReading
from mangrove.documents.reading.organisations import Whose
from mangrove.figures import report
from mangrove.figures.check import Checked, FigureCheck
from mangrove.figures.decisions import Verdict

NOT_OURS = "不属本市口径，未与指标库核对"
NO_FIGURE = "没有哪个指标的名称和单位与此数相符。"


def differs(expected: str) -> str:
    """What is said of a number when nobody knows whether the letter counts as this city does."""
    return f"与本市指标{expected}不同，请核对是否同一口径。"


def as_read(check: FigureCheck, whose: Whose) -> FigureCheck:
    """The check in the words of who reads: the advice to who drafts is left out."""
    return replace(check, findings=tuple(reader_words(one, whose) for one in check.findings))


def reader_words(one: Checked, whose: Whose) -> Checked:
    if not one.definition_id:
        return replace(one, why=NO_FIGURE)
    unsure = whose == Whose.UNKNOWN and one.value is not None
    return replace(one, why=differs(one.expected), expected="") if unsure else one


def as_text(reading: LetterReading, check: FigureCheck | None) -> str:
    """The section under 与指标核对; a letter of another city says once why it was not checked."""
    if check is None:
        return f"{NOT_OURS}。"
    check = as_read(check, reading.whose)
    about = [one for one in check.findings if one.verdict != Verdict.NO_FIGURE]
    lines = [f"指标核对（按{check.on}的指标）"]
    for number, finding in enumerate(about, start=1):
        lines += [f"{number}. 【{finding.verdict}】{report.words_of(finding)}", *report.details(finding)]
    lines += [f"【{one.verdict}】{report.words_of(one)}（数值{one.value_id}）" for one in check.agreements]
    lines += [report.claim_words(one) for one in check.claims]
    return "\n".join([*lines, totals(check, len(about))])


def totals(check: FigureCheck, different: int) -> str:
    good, lacking = len(check.agreements), len(check.findings) - different
    return (
        f"合计：数字{good + different + lacking}处，与指标一致{good}处，不同{different}处，指标库没有{lacking}处；"
        f"无数字表述{len(check.claims)}处。"
    )


def as_data(reading: LetterReading, check: FigureCheck | None) -> dict[str, Any]:
    """The same as data."""
    if check is None:
        return {"not_checked": NOT_OURS}
    return report.as_data(as_read(check, reading.whose))
