"""Claims without a number: that the writer is first, ahead or acclaimed. They are shown with their source or 待核."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from mangrove.documents.reading.lexicon import any_of, words
from mangrove.documents.reading.passages import Span, clauses, trimmed

STANDING = "standing"
_TITLES = re.compile(r"《[^《》\n]*》")


@dataclass(frozen=True)
class Claim:
    """One claim: the clause or clauses that make it, the words that betray it, and why it needs a source.

    ``kind`` is ``superlative`` (居首), ``standing`` (地位) or ``reception`` (评价); ``goal`` says that it is an aim and not
    yet a state of things.
    """

    start: int
    end: int
    text: str
    words: tuple[str, ...]
    kind: str
    goal: bool
    why: str


@dataclass(frozen=True)
class _Word:
    pattern: re.Pattern[str]
    kind: str
    why: str


@cache
def _vocabulary() -> tuple[_Word, ...]:
    scope = any_of(words("claims")["scope"])
    return tuple(
        _Word(re.compile(entry["pattern"].replace("{SCOPE}", scope)), entry["kind"], entry["why"])
        for entry in words("claims")["words"]
    )


def find_claims(text: str) -> list[Claim]:
    """Every claim of the text in order; names of documents (《…》) claim nothing."""
    found: list[Claim] = []
    for span in clauses(text):
        claim = _claim(text, trimmed(text, span))
        if claim and found and _says_the_same(text, found[-1], claim):
            found[-1] = _joined(text, found[-1], claim)
        elif claim:
            found.append(claim)
    return found


def _claim(text: str, clause: Span) -> Claim | None:
    plain = _TITLES.sub(lambda title: "□" * len(title[0]), clause.of(text))
    hits = [
        (match.start(), match[0], word) for word in _vocabulary() for match in word.pattern.finditer(plain)
    ]
    if not hits:
        return None
    hits.sort(key=lambda hit: (hit[0], -len(hit[1])))
    strongest = next((word for _, _, word in hits if word.kind != STANDING), hits[0][2])
    printed = tuple(dict.fromkeys(words_ for _, words_, _ in hits))
    goal = bool(re.search(any_of(words("claims")["goal_words"]), plain))
    return Claim(clause.start, clause.end, clause.of(text), printed, strongest.kind, goal, strongest.why)


def _says_the_same(text: str, one: Claim, other: Claim) -> bool:
    """A claim of standing in the clause next to another claim of the sentence adds nothing that could be checked apart."""
    between = text[one.end : other.start].strip()
    return between in ("，", ",") and STANDING in (one.kind, other.kind)


def _joined(text: str, one: Claim, other: Claim) -> Claim:
    strong = other if one.kind == STANDING else one
    return Claim(
        one.start,
        other.end,
        text[one.start : other.end],
        one.words + other.words,
        strong.kind,
        one.goal or other.goal,
        strong.why,
    )
