"""The rules that speak of words and order; they hold for a letter and for the text of a printed page alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mangrove.documents.check.finding import Finding, judge, judge_count

NUMBER_FORM = re.compile(r"^[^\d〔〕\[\]]+〔\d{4}〕(?!0)\d+号$")
DATE_FORM = re.compile(r"^\d{4}年([1-9]|1[0-2])月([1-9]|[12]\d|3[01])日$")
DIGITS = "〇一二三四五六七八九十"

# Level of the number at a paragraph's head (7.3.3), deepest last.
HEADS = (
    re.compile(rf"^([{DIGITS}]+)、"),
    re.compile(rf"^（([{DIGITS}]+)）"),
    re.compile(r"^(\d+)[.．](?!\d)"),
    re.compile(r"^（(\d+)）"),
)


@dataclass(frozen=True, slots=True)
class Head:
    """The number at a paragraph's head: level 1 for 一、 to 4 for （1）."""

    level: int
    ordinal: int
    text: str


def heads(paragraphs: Iterable[str]) -> Iterator[Head]:
    """The numbered paragraphs, in order."""
    for text in paragraphs:
        for level, pattern in enumerate(HEADS, start=1):
            if found := pattern.match(text):
                yield Head(level, _ordinal(found[1]), text[:8])


def check_heads(paragraphs: Iterable[str]) -> Iterator[Finding]:
    """Levels follow each other 一、（一）1.（1） without a leap; numbers run on from 1 without a gap."""
    leaps, gaps = [], []
    counts: list[int] = []
    for head in heads(paragraphs):
        if head.level > len(counts) + 1:
            leaps.append(f"“{head.text}”之前缺上一层")
        counts = (counts + [0] * head.level)[: head.level]
        counts[-1] += 1
        if head.ordinal != counts[-1]:
            gaps.append(f"“{head.text}”应为第{counts[-1]}")
            counts[-1] = head.ordinal
    yield judge("heading.order", not leaps, "、".join(leaps) or "依次")
    yield judge("heading.sequence", not gaps, "、".join(gaps) or "连续")


def check_number(number: str) -> Finding:
    """The form of 发文字号 (7.2.5)."""
    return judge("number.form", NUMBER_FORM.match(number) is not None, number)


def check_date(date: str, page: int | None = None) -> Finding:
    """The form of 成文日期 (7.3.5.4)."""
    return judge("date.form", DATE_FORM.match(date) is not None, date, page)


def check_copies(copies: str, page: int | None = None) -> Finding:
    """抄送 ends with a full stop (7.4.2)."""
    return judge("copies.end", copies.endswith("。"), f"末字“{copies[-1:]}”", page)


def check_addressee(addressee: str) -> Finding:
    """主送机关 ends with a full-width colon (7.3.2)."""
    return judge("addressee.colon", addressee.endswith("："), f"末字“{addressee[-1:]}”")


def check_signer(lines: Iterable[str], page: int | None = None) -> Finding:
    """A letter between organs that are not its superiors names no 签发人 (7.2.6)."""
    return judge_count("signer.absent", [line[:10] for line in lines if "签发人" in line], page)


def _ordinal(text: str) -> int:
    """一 to 九十九, or arabic digits, as a number."""
    if text.isdecimal():
        return int(text)
    tens, ten, units = text.rpartition("十")
    value = DIGITS.index(units) if units else 0
    return value + 10 * (DIGITS.index(tens) if tens else 1) if ten else value
