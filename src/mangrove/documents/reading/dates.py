"""Dates and years as letters write them, and the date at which a number holds."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from itertools import pairwise

from mangrove.documents.reading.lexicon import any_of, words
from mangrove.documents.reading.numerals import DIGITS, chinese_value, half_width
from mangrove.documents.reading.passages import Span, around, paragraphs, sentences

_Y, _N = r"(?:19|20)\d\d", r"\d{1,2}"
_CY = r"[一二][〇零○OＯ0九][零〇○OＯ0一二三四五六七八九]{2}"
_CN = r"[一二三四五六七八九十]{1,3}"
_DATES = (
    # 2021年8月30日, 2021年8月, 2021年
    rf"(?P<y>{_Y})\s?年(?:\s?(?P<m>{_N})\s?月(?:\s?(?P<d>{_N})\s?日)?)?",
    # 二〇二一年八月三十日
    rf"(?P<y>{_CY})年(?:(?P<m>{_CN})月(?:(?P<d>{_CN})日)?)?",
    # 2021-08-30, 2021/8/30, 2021.8.30
    rf"(?P<y>{_Y})(?P<sep>[-/.])(?P<m>{_N})(?P=sep)(?P<d>{_N})(?![\d])",
)
_RANGE = rf"{_Y}\s?年?\s?(?:[-—–－~～至到]+)\s?(?P<y>{_Y})\s?年"
_DAY_RANGE = rf"(?P<m>{_N})\s?月\s?{_N}\s?日?[-—–－~～至到]+\s?(?:{_N}\s?月\s?)?(?P<d>{_N})\s?日"
_MONTHS = rf"{_N}\s?月?[-—–－~～至到]+\s?(?P<m>{_N})\s?月(?!\d|个)"
_MONTH_DAY = rf"(?P<m>{_N})\s?月(?:份|\s?(?P<d>{_N})\s?日)?"
_CHINESE_MONTH_DAY = rf"(?P<m>{_CN})月(?:份|(?P<d>{_CN})日)"
_LIST = rf"{_Y}(?=(?:、{_Y}){{1,12}}年)|(?<=、){_Y}(?=、)"
_ALL = [re.compile(rf"(?<![\d.]){p}") for p in (_RANGE, *_DATES, _DAY_RANGE, _MONTHS, _MONTH_DAY, _LIST)]
_PATTERNS = [*_ALL, re.compile(rf"(?<![一二三四五六七八九十]){_CHINESE_MONTH_DAY}")]

#: 《……规划（2025—2035年）》: a year in a name dates nothing.
_TITLE = re.compile(r"《[^《》\n]{1,120}》")

#: Farther back than this many letters no word ties a date to a number.
_REACH = 60
_FAR = 400


@dataclass(frozen=True)
class DateMention:
    """A date in a text; ``iso`` is as exact as it was printed: 2020, 2020-06 or 2020-06-30; "" without a year."""

    start: int
    end: int
    text: str
    iso: str


def find_dates(text: str) -> list[DateMention]:
    """Every calendar date of the text in order; a month without a year has an empty ``iso``."""
    plain, taken, found = half_width(text), [False] * len(text), []
    for pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            start, end = match.span()
            if start < end and not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                found.append(DateMention(start, end, text[start:end], _iso(match.groupdict())))
    return sorted(found, key=lambda mention: mention.start)


def _parts(printed: str) -> dict[str, str | None]:
    """The month and the day of a date without its year; of several, the last."""
    plain = half_width(printed)
    return next((match.groupdict() for match in (p.fullmatch(plain) for p in _PATTERNS) if match), {})


def _iso(parts: dict[str, str | None]) -> str:
    year, month, day = parts.get("y"), parts.get("m"), parts.get("d")
    if not year:
        return ""
    iso = "".join(str(_digit(sign)) for sign in year)
    for part in (month, day):
        if part:
            number = int(part) if part.isascii() else int(chinese_value(part) or 0)
            iso += f"-{number:02d}"
    return iso


def _digit(sign: str) -> int:
    return int(sign) if sign.isdigit() else DIGITS.get(sign, 0)


def date_of_letter(text: str) -> str:
    """The date that stands alone on a line near the end: the letter's own; "" when there is none."""
    for line in reversed(paragraphs(text)):
        mentions = find_dates(line.of(text))
        if (
            len(mentions) == 1
            and mentions[0].text == line.of(text).strip()
            and mentions[0].iso.count("-") == 2
        ):
            return mentions[0].iso
    return ""


class Calendar:
    """What the dates of one text say about a place in it. ``as_of(place)`` gives (date, why) or ("", why not)."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.letter = date_of_letter(text)
        self.paragraphs = paragraphs(text)
        self.sentences = sentences(text)
        self.all = self._completed(_without_overlap([*self._relative(), *find_dates(text)]))
        titles = [Span(*match.span()) for match in _TITLE.finditer(text)]
        self.mentions = [
            mention for mention in self.all if mention.iso and around(titles, mention.start) is None
        ]
        self.starts = [mention.start for mention in self.mentions]

    def _relative(self) -> list[DateMention]:
        table = words("dates")
        pattern = re.compile(
            rf"(?<![\d一二三四五六七八九十两几数多])(?:{any_of(table['now'])}(?!年)|{any_of([*table['years']])})"
        )
        return [
            DateMention(match.start(), match.end(), match[0], self._resolve(match[0]))
            for match in pattern.finditer(self.text)
        ]

    def _resolve(self, word: str) -> str:
        years = words("dates")["years"]
        if word in years:
            return str(int(self.letter[:4]) + years[word]) if self.letter else ""
        return self.letter

    def _completed(self, mentions: list[DateMention]) -> list[DateMention]:
        """今年11月, 2024年1—10月: the month takes its year from the word right before it."""
        done = mentions[:1]
        for before, mention in pairwise(mentions):
            close = not self.text[before.end : mention.start].strip(" ")
            if not mention.iso and close and re.fullmatch(r"\d{4}", before.iso):
                iso = _iso({**_parts(mention.text), "y": before.iso})
                mention = replace(
                    before, end=mention.end, text=self.text[before.start : mention.end], iso=iso
                )
                done.pop()
            done.append(mention)
        return done

    def as_of(self, place: int) -> tuple[str, str]:
        """The date at which a number at this place holds, and how it was found."""
        if re.search(words("dates")["goal_of"], self.text[max(0, place - 12) : place]):
            return "", "规划或规定的数，不是某日的实数"
        sentence = around(self.sentences, place)
        near = self._last(sentence, place)
        if near and self._shared_out(sentence, place):
            return "", "同句有几个日期“分别”对应，未能一一对上"
        if near:
            return near.iso, self._why(near, "同句")
        carried = self._last(around(self.paragraphs, place), place)
        if carried:
            return carried.iso, self._why(carried, "承本段上文")
        return "", "上下文没有日期"

    def _last(self, within: Span | None, place: int) -> DateMention | None:
        """The last date before the place that the number can hold at."""
        index = bisect_left(self.starts, place) - 1
        while within and index >= 0 and self.mentions[index].start >= within.start:
            if not self._is_only_compared(self.mentions[index], place):
                return self.mentions[index]
            index -= 1
        return None

    def _is_only_compared(self, mention: DateMention, place: int) -> bool:
        """比2022年提高, 由上年的12.4%降至7.9%: the later number holds at the date before."""
        table = words("dates")
        if re.search(table["next_item"], self.text[mention.end : min(place, mention.end + _FAR)]):
            return True
        before = self.text[max(0, mention.start - 2) : mention.start]
        if re.search(f"{any_of(table['compared_after'])}$", before):
            return True
        between = self.text[mention.end : min(place, mention.end + _REACH)]
        began = re.search(f"{any_of(table['began_after'])}$", before)
        return bool(began and re.search(any_of(table["came_to"]), between))

    def _shared_out(self, sentence: Span | None, place: int) -> bool:
        """2020年、2021年分别增长3%、4.5%: which date is whose is not for us to guess."""
        if sentence is None or "分别" not in self.text[sentence.start : place]:
            return False
        first, last = bisect_left(self.starts, sentence.start), bisect_left(self.starts, place)
        dated = self.mentions[first:last]
        return len({mention.iso for mention in dated}) > 1 or any(_is_span(mention.text) for mention in dated)

    def _why(self, mention: DateMention, where: str) -> str:
        if not re.search(r"(?:19|20)\d\d|[〇零○]", mention.text):
            return f"{where}“{mention.text}”，按来函日期{self.letter}推定"
        return f"{where}“{mention.text}”"


def _is_span(printed: str) -> bool:
    """2022年至2024年: more than one year."""
    return len(re.findall(_Y, half_width(printed))) > 1


def _without_overlap(mentions: list[DateMention]) -> list[DateMention]:
    """In the order of the text; of mentions that overlap the first given is kept (上年, not 年)."""
    kept: list[DateMention] = []
    for mention in sorted(mentions, key=lambda mention: mention.start):
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def dates_in_full(text: str) -> list[DateMention]:
    """Every calendar date, a month with the year that its words give it; words such as 目前 alone are left out."""
    words_only = {*words("dates")["now"], *words("dates")["years"]}
    return [mention for mention in Calendar(text).all if mention.text not in words_only]
