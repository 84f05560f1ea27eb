"""The same answers in plain Python, a character and a pair at a time: what the library is held against."""

from __future__ import annotations

import math
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from mangrove.similarity import Measure


@dataclass(frozen=True)
class Token:
    word: str
    wide: bool  # a character of its own
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Tokens with their places."""
    found: list[Token] = []
    apart, digit_before = True, False
    for place, char in enumerate(text):
        for plain, kind in folded(char):
            if kind == "break":
                apart = True
                continue
            goes_on = bool(found) and not found[-1].wide and not apart
            again = kind == "digit" and digit_before
            if kind == "wide" or not (goes_on or again):
                found.append(Token(plain, kind == "wide", place, place + 1))
            else:
                last = found[-1]
                found[-1] = Token(last.word + ("" if again else plain), False, last.start, place + 1)
            apart, digit_before = False, kind == "digit"
    return found


def folded(char: str) -> list[tuple[str, str]]:
    """The characters that stand for one, and their kinds; numbers are 0."""
    parts = []
    for one in unicodedata.normalize("NFKC", char):
        apart = unicodedata.normalize("NFD", one)
        accents = len(apart) > 1 and all(unicodedata.combining(mark) for mark in apart[1:])
        parts.append(apart[0] if accents else one)
    return [pair for one in "".join(parts).casefold() for pair in _kinds(one)]


def _kinds(one: str) -> list[tuple[str, str]]:
    category = unicodedata.category(one)
    if category in ("Mn", "Me", "Cf"):
        return []
    if category == "Nd":
        return [("0", "digit")]
    if category[0] not in "LMN":
        return [("", "break")]
    return [(one, "wide" if unicodedata.east_asian_width(one) in "WF" else "word")]


def shingles(text: str, measure: Measure) -> set[tuple[str, ...]]:
    """Runs of tokens that weigh enough; the whole text if it does not."""
    found, words = set(), tokens(text)
    for begin in range(len(words)):
        weight = 0
        for end in range(begin, len(words)):
            weight += measure.words if words[end].wide else measure.characters
            if weight >= measure.words * measure.characters:
                found.add(tuple(token.word for token in words[begin : end + 1]))
                break
    return found or ({tuple(token.word for token in words)} if words else set())


def terms(text: str) -> Counter[tuple[str, ...]]:
    """Three characters, one word, two words."""
    words = tokens(text)
    found: Counter[tuple[str, ...]] = Counter()
    for begin, token in enumerate(words):
        for long in (3,) if token.wide else (1, 2):
            if begin + long <= len(words):
                found[tuple(token.word for token in words[begin : begin + long])] += 1
    return found


def shares(
    texts: Sequence[str], measure: Measure, templates: Sequence[str] = ()
) -> dict[tuple[int, int], tuple[int, int]]:
    """Of each pair: shared rare shingles, and those of the text that has fewer."""
    pasted = {one for text in templates for one in shingles(text, measure)}
    having = [shingles(text, measure) - pasted for text in texts]
    times = Counter(one for of in having for one in of)
    rare = [{one for one in of if times[one] <= measure.common} for of in having]
    return {
        (a, b): (len(rare[a] & rare[b]), min(len(rare[a]), len(rare[b])))
        for a, b in combinations(range(len(texts)), 2)
    }


def cosines(texts: Sequence[str]) -> dict[tuple[int, int], float]:
    """Of each pair, the cosine of their terms, (1 + ln times) * ln((texts + 1) / texts that have it) each."""
    counts = [terms(text) for text in texts]
    times = Counter(term for of in counts for term in of)
    weights = [
        {term: (1 + math.log(n)) * math.log((len(texts) + 1) / times[term]) for term, n in of.items()}
        for of in counts
    ]
    return {(a, b): _cosine(weights[a], weights[b]) for a, b in combinations(range(len(texts)), 2)}


def _cosine(first: dict[tuple[str, ...], float], second: dict[tuple[str, ...], float]) -> float:
    lengths = math.sqrt(sum(one**2 for one in first.values()) * sum(one**2 for one in second.values()))
    return sum(one * second.get(term, 0) for term, one in first.items()) / lengths if lengths else 0.0
