"""The official letter as a value: what it says, before anyone decides what it looks like.

A letter knows no fonts and no millimetres. The setter (`pdf`), the writer (`docx`) and the checker
(`check`) read the same value, so that they cannot disagree about its words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Date
from enum import StrEnum


class Category(StrEnum):
    """The five type categories that GB/T 9704 names; it names no products."""

    FANGSONG = "仿宋体"
    KAI = "楷体"
    HEI = "黑体"
    XIAOBIAOSONG = "小标宋体"
    SONG = "宋体"


# 7.3.3: 一、in 黑体, （一） in 楷体, 1. and （1） in 仿宋; body text in 仿宋.
LEVEL_CATEGORY = {0: Category.FANGSONG, 1: Category.HEI, 2: Category.KAI, 3: Category.FANGSONG}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `mark` names what it states (a figure, a promise), empty for plain words."""

    text: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph.

    level: 0 body, 1 "一、", 2 "（一）", 3 "1.". The number is part of the text, as it is printed.
    runs: the words; of a heading, the heading sentence.
    body: what follows a run-in heading in the same paragraph, in the body face.
    """

    level: int
    runs: tuple[Run, ...]
    body: tuple[Run, ...] = ()

    def __post_init__(self) -> None:
        if self.level not in LEVEL_CATEGORY:
            raise ValueError(f"段落层次只能是0至3，现为{self.level}")

    @property
    def text(self) -> str:
        """The paragraph's words without marks."""
        return "".join(run.text for run in (*self.runs, *self.body))

    def parts(self) -> Iterator[tuple[Category, tuple[Run, ...]]]:
        """The paragraph's stretches of one face each."""
        yield LEVEL_CATEGORY[self.level], self.runs
        if self.body:
            yield Category.FANGSONG, self.body


def paragraph(text: str, level: int = 0, body: str = "") -> Paragraph:
    """A paragraph of plain words."""
    return Paragraph(level, (Run(text),), (Run(body),) if body else ())


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter (信函格式, GB/T 9704-2012 §10.1).

    number: 发文字号, empty or None until the office has given one. openness: 公开类型, such as 主动公开.
    copies: 抄送, organs in order. contact: 联系人及电话. result_class: A–D, where a jurisdiction prints it.
    sealed: the paper will carry the organ's seal, so that 7.3.5.1 places the signature, not 7.3.5.2.
    """

    issuer: str
    title: str
    addressee: str
    paragraphs: tuple[Paragraph, ...]
    signatory: str
    date: Date | None = None
    number: str | None = None
    openness: str | None = None
    copies: tuple[str, ...] = ()
    contact: str | None = None
    result_class: str | None = None
    sealed: bool = True
    draft: bool = False

    @property
    def date_text(self) -> str:
        """The date as 7.3.5.4 prints it, or the blank form while it is open."""
        if self.date is None:
            return "　　年　月　日"
        return f"{self.date.year}年{self.date.month}月{self.date.day}日"

    @property
    def contact_text(self) -> str:
        """The 附注 line of 7.3.6: in round brackets, saying what it is."""
        if not self.contact:
            return ""
        return f"（{self.contact}）" if self.contact.startswith("联系") else f"（联系人：{self.contact}）"

    @property
    def openness_text(self) -> str:
        """The line 公开类型, a local field outside GB/T 9704."""
        return f"公开类型：{self.openness}" if self.openness else ""

    @property
    def copies_text(self) -> str:
        """The organs after 抄送：, closed by a full stop (7.4.2)."""
        return "、".join(self.copies) + "。" if self.copies else ""

    @property
    def result_text(self) -> str:
        """The result class as it stands at the top right."""
        return f"办理结果：{self.result_class}" if self.result_class else ""

    def printed(self) -> Iterator[tuple[Category, str]]:
        """Every stretch of text on the paper with its type category, in reading order."""
        yield Category.HEI, self.result_text
        yield Category.XIAOBIAOSONG, self.issuer
        yield Category.FANGSONG, self.number or ""
        yield Category.XIAOBIAOSONG, self.title
        yield Category.FANGSONG, self.addressee
        for item in self.paragraphs:
            for category, runs in item.parts():
                yield category, "".join(run.text for run in runs)
        yield Category.FANGSONG, self.signatory + self.date_text + self.contact_text
        yield Category.FANGSONG, self.openness_text
        yield Category.FANGSONG, f"抄送：{self.copies_text}" if self.copies else ""
        yield Category.SONG, "—0123456789"


@dataclass(frozen=True, slots=True)
class Span:
    """Where a run stands in the letter's plain text: `text[start:end]`."""

    start: int
    end: int
    paragraph: int
    mark: str


def plain_text(letter: Letter) -> str:
    """The letter's words, one line an element, one line a paragraph."""
    return "\n".join(text for _, text in _lines(letter))


def spans(letter: Letter) -> tuple[Span, ...]:
    """Each run's place in `plain_text(letter)`, in order; paragraph numbers count from 0."""
    found: list[Span] = []
    start = 0
    for index, text in _lines(letter):
        if index is not None:
            found.extend(_run_spans(letter.paragraphs[index], index, start))
        start += len(text) + 1
    return tuple(found)


def _lines(letter: Letter) -> Iterator[tuple[int | None, str]]:
    """The lines of the plain text, each with its paragraph's number or None."""
    head = (letter.issuer, letter.number or "", letter.title.replace("\n", ""), letter.addressee)
    yield from ((None, text) for text in head if text)
    yield from ((index, item.text) for index, item in enumerate(letter.paragraphs))
    copies = f"抄送：{letter.copies_text}" if letter.copies else ""
    tail = (letter.signatory, letter.date_text, letter.contact_text, letter.openness_text, copies)
    yield from ((None, text) for text in tail if text)


def _run_spans(item: Paragraph, index: int, start: int) -> Iterator[Span]:
    for run in (*item.runs, *item.body):
        yield Span(start, start + len(run.text), index, run.mark)
        start += len(run.text)
