"""Searching across rooms: what a room registers, how words are compared, and how what matched is marked.

Nothing is indexed, so nothing can be stale: each kind asks the rows that this reader may open for the words, at once.
Width, case, blanks and the kind of bracket make no difference. A word becomes a regular expression of the ways in
which it may be written; characters that are written in one way only (all of 汉字 but a few) are asked for by a plain
``LIKE`` before it, which leaves few rows for the expression. ``bench/search.py`` measures this on 50,000 rows.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LONGEST = 100
"""Characters of a query that are read; more names no thing."""
MOST_WORDS = 6
RIGID = 3
"""How many characters of a word are asked for by ``LIKE`` before the expression."""
AROUND = 40
"""Characters shown on each side of the first match in a long text."""
BRACKETS = str.maketrans(dict.fromkeys("[［【〔﹝〖", "(") | dict.fromkeys("]］】〕﹞〗", ")"))
BLANKS = "[\\s\u3000]*"


@dataclass(frozen=True)
class Hit:
    """One thing that was found: its name, its page, and lines (label, text) in which words may have matched."""

    title: str
    href: str
    details: Sequence[tuple[Any, str]] = ()
    synthetic: bool = False


@dataclass(frozen=True)
class Search:
    """One kind of thing that can be found.

    ``readable(user)`` is the room's own queryset of what this person may open: nothing else is ever asked, counted or
    shown. ``fields`` are searched, ``numbers`` too, whose exact and leading matches come first; both are columns of the row or of
    what it points to, never of many. ``also(user, word)`` adds what lies elsewhere, again of readable things only.
    ``hits(user, rows)`` names the rows of a page, in as many queries for fifty as for one.
    """

    kind: str
    label: Any
    readable: Callable[[Any], QuerySet[Any]]
    hits: Callable[[Any, Sequence[Any]], list[Hit]]
    fields: Sequence[str] = ()
    numbers: Sequence[str] = ()
    also: Callable[[Any, str], Q] | None = None
    order: str = "-pk"
    related: Sequence[str] = field(default_factory=tuple)

    def found(self, user: Any, words: Sequence[str]) -> QuerySet[Any]:
        """The readable rows that hold every word somewhere; those numbered so first."""
        rows = self.readable(user)
        for word in words:
            rows = rows.filter(self.holds(user, word))
        return rows.annotate(search_rank=self.rank(words)).order_by("search_rank", self.order, "pk")

    def holds(self, user: Any, word: str) -> Q:
        held = Q(pk__in=[])
        for name in (*self.numbers, *self.fields):
            held |= holding(name, word)
        return held | self.also(user, word) if self.also else held

    def rank(self, words: Sequence[str]) -> Case:
        """0 where a number is the word itself, 1 where it begins so, 2 where the first field holds it, else 3."""
        first = self.fields[:1]
        steps = [
            When(Q(**{f"{name}__regex": f"^{written(word)}$"}), then=Value(0))
            for word in words
            for name in self.numbers
        ]
        steps += [
            When(Q(**{f"{name}__regex": f"^{written(word)}"}), then=Value(1))
            for word in words
            for name in self.numbers
        ]
        steps += [When(holding(name, word), then=Value(2)) for word in words for name in first]
        return Case(*steps, default=Value(3), output_field=IntegerField())


def fold(text: str) -> str:
    """What words are compared by: width, case, blanks and the kind of bracket folded."""
    return "".join(unicodedata.normalize("NFKC", text).lower().translate(BRACKETS).split())


def words_of(text: str) -> list[str]:
    """The words of a query, folded, each once."""
    plain = "".join(one if unicodedata.category(one)[0] != "C" else " " for one in text[:LONGEST])
    parts = (fold(part) for part in unicodedata.normalize("NFKC", plain).split())
    return list(dict.fromkeys(part for part in parts if part))[:MOST_WORDS]


@cache
def ways() -> dict[str, list[str]]:
    """The ways of writing each folded character that has more than one: ``g`` as g, G, ｇ, Ｇ."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for code in range(0x21, 0x10000):
        folded = fold(chr(code)) if not 0xD800 <= code < 0xE000 else ""
        if len(folded) == 1:
            found[folded].append(chr(code))
    return {folded: written for folded, written in found.items() if written != [folded]}


def written(word: str) -> str:
    """A regular expression of the ways of writing a folded word, the same for Python and PostgreSQL."""
    return BLANKS.join(f"(?:{'|'.join(map(re.escape, ways().get(one, [one])))})" for one in word)


def holding(name: str, word: str) -> Q:
    """Whether the column holds the word, however it is written."""
    held = Q()
    for one in [one for one in dict.fromkeys(word) if one not in ways()][:RIGID]:
        held &= Q(**{f"{name}__contains": one})
    return held & Q(**{f"{name}__regex": written(word)})


def is_held(text: str, word: str) -> bool:
    """The same for a text in hand."""
    return word in fold(text)


def places(text: str, words: Iterable[str]) -> list[tuple[int, int]]:
    """Where the words stand in the text as written, in order and joined where they meet."""
    found = sorted(
        match.span()
        for word in words
        for match in re.finditer(written(word), text)
        if match.end() > match.start()
    )
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def marked(text: str, words: Sequence[str], whole: bool = False) -> SafeString:
    """The text with what matched in ``<mark>``; of a long one, unless ``whole``, only what stands around the first."""
    found = places(text, words)
    start, end = (0, len(text)) if whole else excerpt(text, found)
    parts, at = [], start
    for begin, stop in [(a, b) for a, b in found if start <= a and b <= end]:
        parts += [("", text[at:begin]), ("mark", text[begin:stop])]
        at = stop
    parts.append(("", text[at:end]))
    drawn = format_html_join(
        "", "{}", ((format_html("<mark>{}</mark>", part) if tag else part,) for tag, part in parts)
    )
    return format_html("{}{}{}", "…" if start else "", drawn, "…" if end < len(text) else "")


def excerpt(text: str, found: Sequence[tuple[int, int]]) -> tuple[int, int]:
    first, last = found[0] if found else (0, AROUND)
    return max(0, first - AROUND), min(len(text), last + 2 * AROUND)
