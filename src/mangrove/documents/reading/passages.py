"""Where paragraphs, sentences and clauses of a text begin and end."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_SENTENCE_END = re.compile(r"[。！？!?\n]")
_CLAUSE_END = re.compile(r"[。！？!?\n；;，]|,(?!\d)|(?<!\d),")


@dataclass(frozen=True)
class Span:
    """A stretch of a text, end exclusive."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words it covers."""
        return text[self.start : self.end]

    def covers(self, place: int) -> bool:
        """Whether the place lies inside."""
        return self.start <= place < self.end


def paragraphs(text: str) -> list[Span]:
    """The lines of a text that hold anything, without their line ends."""
    return [Span(match.start(), match.end()) for match in re.finditer(r"[^\n]+", text) if match[0].strip()]


def sentences(text: str, within: Span | None = None) -> list[Span]:
    """The sentences, each with the sign that ends it."""
    return _cut(text, _SENTENCE_END, within or Span(0, len(text)))


def clauses(text: str, within: Span | None = None) -> list[Span]:
    """The clauses, each with the comma or stop that ends it; a thousands separator ends none."""
    return _cut(text, _CLAUSE_END, within or Span(0, len(text)))


def _cut(text: str, ends: re.Pattern[str], within: Span) -> list[Span]:
    found, start = [], within.start
    for match in ends.finditer(text, within.start, within.end):
        found.append(Span(start, match.end()))
        start = match.end()
    if start < within.end:
        found.append(Span(start, within.end))
    return [span for span in found if span.of(text).strip()]


def around(spans: list[Span], place: int) -> Span | None:
    """The span that covers the place. Expects the spans in the order of the text, none over another."""
    index = bisect_right(spans, place, key=lambda span: span.start) - 1
    return spans[index] if index >= 0 and spans[index].covers(place) else None


def trimmed(text: str, span: Span, marks: str = " \t\u3000\n。；;，,") -> Span:
    """The span without blanks and stops at its ends."""
    start, end = span.start, span.end
    while start < end and text[start] in " \t\u3000\n":
        start += 1
    while end > start and text[end - 1] in marks:
        end -= 1
    return Span(start, end)
