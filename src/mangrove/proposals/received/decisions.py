"""What follows from a letter and its items. Pure: no database, no clock."""

from __future__ import annotations

import calendar
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mangrove.documents.reading.dates import find_dates
from mangrove.ledger.hashing import canonical

CLAUSE_END = re.compile(r"[，；。！？\n]")
EDGES = " \t\u3000\n，、；。！？,;"
RELATIVE_YEAR = re.compile(r"(?:(今|明)年|年)(?:底|末|内)前?")


def content_hash(text: str, fingerprints: Iterable[Mapping[str, Any]], filing: int) -> str:
    """What a filing binds to: the text, every item as decided, and which filing of the letter it is."""
    told = {"text": text, "items": sorted(fingerprints, key=lambda one: one["number"]), "filing": filing}
    return hashlib.sha256(canonical(told).encode()).hexdigest()


def due_day(printed: str, dated: str) -> str:
    """The last day that a printed time limit leaves, as ISO; empty where the words do not say which day it is.

    2022年底前 is 2022-12-31; 6月30日前 keeps the day itself (民法典第一千二百五十九条: 以前 includes the number). A bare 6月前, or a count
    of months, is for the officer to decide. ``dated`` is the letter's own date, for 今年 and 明年.
    """
    mentions = find_dates(printed)
    if mentions and mentions[0].iso:
        return last_day(mentions[0].iso, printed[mentions[0].end :])
    relative = RELATIVE_YEAR.fullmatch(printed)
    if relative and dated:
        return f"{int(dated[:4]) + (1 if relative[1] == '明' else 0)}-12-31"
    return ""


def last_day(iso: str, rest: str) -> str:
    parts = [int(part) for part in iso.split("-")]
    if len(parts) == 3:
        return iso if is_day(iso) else ""
    if len(parts) == 2:
        return month_end(*parts) if rest.startswith(("底", "末", "内")) else ""
    return year_part_end(parts[0], rest)


def year_part_end(year: int, rest: str) -> str:
    if rest.startswith(("底", "末", "内", "下半年")):
        return month_end(year, 12)
    if rest.startswith("上半年"):
        return month_end(year, 6)
    quarter = re.match(r"第?([一二三四1-4])季度", rest)
    return month_end(year, 3 * ("一二三四1234".index(quarter[1]) % 4 + 1)) if quarter else ""


def month_end(year: int, month: int) -> str:
    if not 1 <= month <= 12:
        return ""
    return date(year, month, calendar.monthrange(year, month)[1]).isoformat()


def is_day(iso: str) -> bool:
    try:
        date.fromisoformat(iso)
    except ValueError:
        return False
    return True


def lacks(said: Mapping[str, Any]) -> list[str]:
    """Of owner, date and measure, those that a commitment does not state."""
    stated = (
        (_("责任单位"), said["owner"]),
        (_("完成时限"), said["due_on"]),
        (_("衡量指标"), said["measure"]),
    )
    return [name for name, value in stated if not value]


@dataclass(frozen=True)
class Place:
    """Where a passage stands, and the words around it, so that a person can tell one place from another."""

    start: int
    end: int
    around: str


def places(text: str, passage: str, beside: int = 12) -> list[Place]:
    """Every place of a passage. Blanks and line ends in it need not be those of the letter."""
    letters = [letter for letter in passage if not letter.isspace()]
    if not letters:
        return []
    pattern = r"\s*".join(re.escape(letter) for letter in letters)
    return [
        Place(match.start(), match.end(), context(text, match.start(), match.end(), beside))
        for match in re.finditer(pattern, text)
    ]


def same_words(one: str, other: str) -> bool:
    """Whether two passages differ in nothing but blanks and line ends."""
    return "".join(one.split()) == "".join(other.split())


def context(text: str, start: int, end: int, beside: int) -> str:
    before = text[max(0, start - beside) : start].rpartition("\n")[2]
    after = text[end : end + beside].partition("\n")[0]
    return f"{'…' if before else ''}{before}【{text[start:end]}】{after}{'…' if after else ''}"


@dataclass(frozen=True)
class Cut:
    """A commitment as the ledger of promises can hold it: ``start:end`` overlaps no other. ``whole`` when nothing was cut."""

    number: str
    start: int
    end: int
    whole: bool


def apart(text: str, spans: Sequence[tuple[str, int, int]]) -> tuple[list[Cut], list[str]]:
    """Commitments without overlaps, in the order of the text, and the numbers of those of which nothing is left.

    Of two that overlap the shorter keeps its words (an act named among the means of another is a promise of its own);
    the longer keeps its longest clauses beside it. The ledger holds each word once, so that nothing is followed twice.
    """
    taken: list[tuple[int, int]] = []
    cuts, lost = [], []
    for number, start, end in sorted(spans, key=lambda span: (span[2] - span[1], span[1])):
        left = max(remainders(text, start, end, taken), key=lambda part: part[1] - part[0], default=None)
        if left is None:
            lost.append(number)
        else:
            cuts.append(Cut(number, *left, left == (start, end)))
            taken.append(left)
    return sorted(cuts, key=lambda cut: cut.start), sorted(lost)


def remainders(text: str, start: int, end: int, taken: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of a span beside those taken, each piece cut back to whole clauses where there are any."""
    inside = sorted((left, right) for left, right in taken if left < end and right > start)
    if not inside:
        return [(start, end)]
    edges = [start, *(edge for pair in inside for edge in pair), end]
    pieces = zip(edges[::2], edges[1::2], strict=True)
    tidied = (tidy(text, left, right, left > start, right < end) for left, right in pieces if left < right)
    return [piece for piece in tidied if piece[0] < piece[1]]


def tidy(text: str, left: int, right: int, cut_before: bool, cut_after: bool) -> tuple[int, int]:
    ends = [left + match.start() for match in CLAUSE_END.finditer(text[left:right])]
    if cut_before and ends and text[ends[0] : right].strip(EDGES):
        left = ends[0]
    if cut_after and ends and text[left : ends[-1]].strip(EDGES):
        right = ends[-1]
    while left < right and text[left] in EDGES:
        left += 1
    while right > left and text[right - 1] in EDGES:
        right -= 1
    return left, right
