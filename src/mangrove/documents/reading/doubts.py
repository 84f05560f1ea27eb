"""What a reading is unsure of, said so that a person can look: numbers, dates, words without a number, missing parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mangrove.documents.reading.commitments import Commitment
from mangrove.documents.reading.dates import DateMention
from mangrove.documents.reading.elements import Elements
from mangrove.documents.reading.lexicon import not_quantities, vague_numbers
from mangrove.documents.reading.numerals import ARABIC, half_width
from mangrove.documents.reading.quantities import Quantity

#: Digits next to these are parts of names (5G, F5, 3D), and everybody knows it.
_PART_OF_A_NAME = re.compile(r"[A-Za-z0-9.,:/%#№_+~～—–-]")


@dataclass(frozen=True)
class Doubt:
    """One thing to look at: ``start`` and ``end`` cover it in the text; both are 0 where it is nowhere."""

    start: int
    end: int
    words: str


def find_doubts(
    text: str,
    quantities: Sequence[Quantity],
    dates: Sequence[DateMention],
    elements: Elements,
    commitments: Sequence[Commitment],
) -> list[Doubt]:
    """Every doubt in the order of the text, the missing parts of the letter last."""
    found = [
        *_unsure(quantities),
        *_undated(quantities),
        *_inferred(quantities),
        *_without_year(quantities, dates),
    ]
    found += [*_vague(text, quantities, dates), *_unread(text, quantities, dates, elements)]
    return [
        *sorted(found, key=lambda doubt: doubt.start),
        *_missing(elements),
        *_unpromising(elements, commitments),
    ]


def _unsure(quantities: Sequence[Quantity]) -> Iterator[Doubt]:
    for quantity in quantities:
        if not quantity.sure:
            yield Doubt(quantity.start, quantity.end, f"“{quantity.text}”：{quantity.doubt}")


def _inferred(quantities: Sequence[Quantity]) -> Iterator[Doubt]:
    """目前, 去年: the date was worked out from the letter's own."""
    concerned = [q for q in quantities if q.as_of and "推定" in q.as_of_why]
    if concerned:
        named = "、".join(f"“{quantity.text}”（{quantity.as_of}）" for quantity in concerned)
        yield Doubt(concerned[0].start, concerned[0].end, f"时点按来函日期推定：{named}")


def _undated(quantities: Sequence[Quantity]) -> Iterator[Doubt]:
    """One line for all numbers whose date is unknown for the same reason, so that it is read and not skipped."""
    whys = dict.fromkeys(quantity.as_of_why for quantity in quantities if not quantity.as_of)
    for why in whys:
        concerned = [q for q in quantities if not q.as_of and q.as_of_why == why]
        named = "、".join(f"“{quantity.text}”" for quantity in concerned)
        first = concerned[0]
        yield Doubt(first.start, first.end, f"{len(concerned)} 个数字不知是何时的（{why}）：{named}")


def _without_year(quantities: Sequence[Quantity], dates: Sequence[DateMention]) -> Iterator[Doubt]:
    """3月12日: which year it was, the letter leaves to its reader."""
    for mention in dates:
        if not mention.iso:
            yield Doubt(mention.start, mention.end, f"“{mention.text}”：没有写明年份")


def _vague(text: str, quantities: Sequence[Quantity], dates: Sequence[DateMention]) -> Iterator[Doubt]:
    """翻一番, 数十家: words in a number's place, unless a number or a date (二〇二三年) was read there."""
    taken = bytearray(len(text))
    spans = [(one.start, one.end) for one in quantities] + [(one.start, one.end) for one in dates]
    for start, end in spans:
        taken[start:end] = b"x" * (end - start)
    for pattern, why in vague_numbers():
        for match in pattern.finditer(text):
            if not any(taken[match.start() : match.end()]):
                taken[match.start() : match.end()] = b"x" * (match.end() - match.start())
                yield Doubt(match.start(), match.end(), f"“{match[0]}”：{why}")


def _unread(
    text: str, quantities: Sequence[Quantity], dates: Sequence[DateMention], elements: Elements
) -> Iterator[Doubt]:
    """Digits that are neither a quantity nor anything that is known to be none: a unit that the vocabulary lacks."""
    plain = half_width(text)
    known = bytearray(len(text))
    parts = [p for p in (elements.document_number, elements.date, *elements.contacts) if p]
    spans = [(q.start, q.end) for q in quantities] + [(d.start, d.end) for d in dates]
    spans += [(part.start, part.end) for part in parts]
    spans += [match.span() for pattern in not_quantities() for match in pattern.finditer(plain)]
    for start, end in spans:
        known[start:end] = b"x" * (end - start)
    for match in ARABIC.finditer(plain):
        if not any(known[match.start() : match.end()]) and not _in_a_name(plain, match):
            follows = text[match.end() : match.end() + 4].split("\n")[0]
            yield Doubt(match.start(), match.end(), f"“{match[0][:30]}{follows}”：没有认出单位，未作数字读")


def _in_a_name(plain: str, match: re.Match[str]) -> bool:
    around = plain[max(0, match.start() - 1) : match.start()] + plain[match.end() : match.end() + 1]
    return bool(_PART_OF_A_NAME.search(around))


def _missing(elements: Elements) -> Iterator[Doubt]:
    wanted = (
        ("标题", elements.title),
        ("主送", elements.addressee),
        ("署名", elements.signatory),
        ("成文日期", elements.date),
    )
    for label, part in wanted:
        if part is None:
            yield Doubt(0, 0, f"没有认出{label}")


def _unpromising(elements: Elements, commitments: Sequence[Commitment]) -> Iterator[Doubt]:
    """A reply that promises nothing is rare; one whose promises are worded in a way not known here is not."""
    if not commitments and (elements.proposal or elements.addressee):
        yield Doubt(0, 0, "没有读出承诺：请通读全文，看有没有答应要做的事")
