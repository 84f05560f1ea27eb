"""The parts of a letter: who writes to whom about what, under which number, headings, close, signature, foot."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, cached_property

from mangrove.documents.reading.dates import find_dates
from mangrove.documents.reading.lexicon import any_of, words
from mangrove.documents.reading.passages import Span, paragraphs, trimmed

_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,14}\s?[〔\[（(]\s?(?:19|20)\d\d\s?[〕\]）)]\s?第?\s?\d+\s?号")
_PROPOSAL = re.compile(r"(?:第|编号[：:]?)\s?(?P<number>[A-Za-z]{0,4}\d{1,12})\s?号")
_HEAD_LINES = 16
_LONGEST_SIGNATURE = 40


@dataclass(frozen=True)
class Element:
    """One part of a letter: where it stands, the words as printed, and what they amount to.

    ``value`` is the title without its line breaks, a date as 2021-08-30, what stands after a label; else the words.
    """

    kind: str
    start: int
    end: int
    text: str
    value: str


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 4; ``run_in`` when text follows it in the same paragraph."""

    level: int
    number: str
    title: str
    start: int
    end: int
    text: str
    run_in: bool


@dataclass(frozen=True)
class Elements:
    """The parts that were found; None or empty where the letter has none or they could not be told."""

    issuer: Element | None
    title: Element | None
    addressee: Element | None
    document_number: Element | None
    headings: tuple[Heading, ...]
    closing: Element | None
    signatory: Element | None
    date: Element | None
    disclosure: Element | None
    copies: Element | None
    contacts: tuple[Element, ...]
    proposal: Element | None = None

    def body_end(self, text: str) -> int:
        """Where the body ends and the close, the signature or the foot begins."""
        foot = (self.closing, self.signatory, self.date, self.disclosure, self.copies)
        body_start = self.addressee.end if self.addressee else 0
        return min((part.start for part in foot if part and part.start >= body_start), default=len(text))

    def path(self, place: int) -> tuple[Heading, ...]:
        """The headings that a place stands under, from the highest level down."""
        index = bisect_right(self.headings, place, key=lambda heading: heading.start) - 1
        return self._paths[index] if index >= 0 else ()

    @cached_property
    def _paths(self) -> list[tuple[Heading, ...]]:
        """Each heading with those that it stands under."""
        paths: list[tuple[Heading, ...]] = []
        for heading in self.headings:
            above = paths[-1] if paths else ()
            paths.append((*(h for h in above if h.level < heading.level), heading))
        return paths


def find_elements(text: str) -> Elements:
    """The parts of a letter's text."""
    lines = [trimmed(text, line, " \t\u3000") for line in paragraphs(text)]
    addressee = _addressee(text, lines)
    head = [line for line in lines[:_HEAD_LINES] if addressee is None or line.end <= addressee.start]
    title = _title(text, head)
    date = _date(text, lines)
    signatory = _signatory(text, lines, date)
    labelled = _labelled(text, lines)
    return Elements(
        issuer=_issuer(text, head, title, signatory),
        title=title,
        addressee=addressee,
        document_number=_document_number(text, head),
        headings=find_headings(text),
        closing=_closing(text, lines),
        signatory=signatory,
        date=date,
        disclosure=next((item for item in labelled if item.kind == "disclosure"), _disclosed(text, lines)),
        copies=next((item for item in labelled if item.kind == "copies"), None),
        contacts=tuple(item for item in labelled if item.kind == "contact"),
        proposal=_proposal(text, title, addressee),
    )


def _element(kind: str, text: str, span: Span, value: str | None = None) -> Element:
    printed = span.of(text)
    return Element(kind, span.start, span.end, printed, printed if value is None else value)


def _addressee(text: str, lines: list[Span]) -> Element | None:
    for line in lines[:_HEAD_LINES]:
        printed = line.of(text)
        if (
            printed.endswith(("：", ":"))
            and len(printed) <= 80
            and "。" not in printed
            and not _level(printed)
        ):
            return _element("addressee", text, line, printed[:-1])
    return None


def _document_number(text: str, head: list[Span]) -> Element | None:
    for line in head:
        match = _NUMBER.search(line.of(text))
        if match:
            span = Span(line.start + match.start(), line.start + match.end())
            return _element("document_number", text, span, re.sub(r"\s", "", match[0]))
    return None


def _title(text: str, head: list[Span]) -> Element | None:
    """The lines from the organ, from 关于 or from 对…建议 to the kind of document, which ragged lines may break anywhere."""
    about = next((i for i, line in enumerate(head) if _begins_title(line.of(text))), None)
    if about is None:
        return None
    first = about
    if about and head[about].of(text).startswith("关于") and _is_organ(head[about - 1].of(text)):
        first = about - 1
    last = about
    while (
        last + 1 < len(head)
        and not _ends_title(head[last].of(text))
        and not _is_apart(head[last + 1].of(text))
    ):
        last += 1
    value = "".join(head[i].of(text) for i in range(first, last + 1))
    return _element("title", text, Span(head[first].start, head[last].end), value)


def _proposal(text: str, title: Element | None, addressee: Element | None) -> Element | None:
    """The number of the proposal that is answered: in the title, else where the letter begins."""
    begin = addressee.end if addressee else 0
    places = [Span(title.start, title.end)] if title else []
    for place in [*places, Span(begin, begin + 200)]:
        match = _PROPOSAL.search(text, place.start, min(place.end, len(text)))
        if match:
            return _element("proposal", text, Span(*match.span()), match["number"])
    return None


def _begins_title(line: str) -> bool:
    return "关于" in line or re.match(words("elements")["titles_without_about"], line) is not None


def _ends_title(line: str) -> bool:
    return bool(re.search(any_of(words("elements")["kinds"]) + "$", line)) and not line.endswith("关于")


def _is_apart(line: str) -> bool:
    return bool(_NUMBER.search(line) or re.match(r"[（(]|[A-D]类?$", line))


def _is_organ(line: str) -> bool:
    return len(line) <= _LONGEST_SIGNATURE and bool(
        re.search(any_of(words("elements")["organ_endings"]) + "$", line)
    )


def _issuer(text: str, head: list[Span], title: Element | None, signatory: Element | None) -> Element | None:
    """Named before 关于 in the title; else the letterhead; else the signature."""
    if title:
        name = title.text.partition("关于")[0] if "关于" in title.text else ""
        if name.strip():
            span = trimmed(text, Span(title.start, title.start + len(name)))
            return _element("issuer", text, span, re.sub(r"\s", "", span.of(text)))
    for line in head:
        printed = line.of(text).removesuffix("文件")
        if _is_organ(printed):
            return _element("issuer", text, Span(line.start, line.start + len(printed)))
    return (
        Element("issuer", signatory.start, signatory.end, signatory.text, signatory.value)
        if signatory
        else None
    )


@cache
def _levels() -> tuple[tuple[int, re.Pattern[str]], ...]:
    return tuple((entry["level"], re.compile(entry["pattern"])) for entry in words("elements")["levels"])


def _level(line: str) -> tuple[int, str] | None:
    for level, pattern in _levels():
        match = pattern.match(line)
        if match:
            return level, match[0]
    return None


def leading_number(line: str) -> str:
    """The blanks and the mark of level that a paragraph begins with: （四） of “（四）安装水表…”."""
    blank = line[: len(line) - len(line.lstrip(" \t\u3000"))]
    mark = _level(line[len(blank) :])
    return blank + mark[1] if mark else ""


def find_headings(text: str) -> tuple[Heading, ...]:
    """Headings of the four levels; of a paragraph that begins with one, up to its first full stop."""
    found = []
    for line in paragraphs(text):
        span = trimmed(text, line, " \t\u3000")
        mark = _level(span.of(text))
        if mark:
            heading = _heading(text, span, *mark)
            if heading:
                found.append(heading)
    return tuple(found)


def _heading(text: str, span: Span, level: int, number: str) -> Heading | None:
    printed = span.of(text)
    stop = printed.find("。")
    run_in = 0 <= stop < len(printed) - 1
    words_of = printed[: stop + 1] if stop >= 0 else printed
    if len(words_of) > words("elements")["longest_heading"]:
        return None
    title = words_of[len(number) :].strip(" \u3000。")
    return Heading(level, number, title, span.start, span.start + len(words_of), words_of, run_in)


def _closing(text: str, lines: list[Span]) -> Element | None:
    pattern = re.compile(any_of(words("elements")["closings"]) + "[。！.]?$")
    hits = [line for line in lines if pattern.match(line.of(text))]
    return _element("closing", text, hits[-1]) if hits else None


def _date(text: str, lines: list[Span]) -> Element | None:
    """The last line that is a full date and nothing else."""
    for line in reversed(lines):
        mentions = find_dates(line.of(text))
        if len(mentions) == 1 and mentions[0].text == line.of(text) and mentions[0].iso.count("-") == 2:
            return _element("date", text, line, mentions[0].iso)
    return None


def _signatory(text: str, lines: list[Span], date: Element | None) -> Element | None:
    """The organs that stand on the lines right above the date."""
    if date is None:
        return None
    above = [line for line in lines if line.end <= date.start]
    names: list[Span] = []
    while above and _is_organ(above[-1].of(text)):
        names.insert(0, above.pop())
    if not names:
        return None
    value = "、".join(name.of(text) for name in names)
    return _element("signatory", text, Span(names[0].start, names[-1].end), value)


def _disclosed(text: str, lines: list[Span]) -> Element | None:
    """（此件公开发布） on a line of its own, which says the same as 公开类型：主动公开."""
    for line in reversed(lines):
        printed = re.fullmatch(r"[（(]\s*(.+?)\s*[）)]", line.of(text))
        for known in words("elements")["disclosed"] if printed else ():
            if printed and re.fullmatch(known["pattern"], printed[1]):
                return _element("disclosure", text, line, known["value"])
    return None


def _labelled(text: str, lines: list[Span]) -> list[Element]:
    found = []
    for kind, labels in words("elements")["labels"].items():
        spaced = ["\\s*".join(label) for label in sorted(labels, key=len, reverse=True)]
        pattern = re.compile(
            rf"(?:^|(?<=[\s（(，；]))(?:{'|'.join(spaced)})\s*[：:]\s*(?P<value>(?:[^\n（()）；]|[（(][^\n（()）]*[）)])*)"
        )
        for line in lines:
            for match in pattern.finditer(line.of(text)):
                span = Span(line.start + match.start(), line.start + match.end())
                found.append(_element(kind, text, span, match["value"].strip(" \u3000。")))
    return found
