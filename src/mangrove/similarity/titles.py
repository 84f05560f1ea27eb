"""Titles of projects that are nearly equal: the same words in another order, with or without 项目 or （二期）.

Only for titles. An organisation is the one its 统一社会信用代码 says, never the one whose name looks like it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import yaml

from mangrove.similarity.folding import fold

Feature = tuple[int, ...]  # one token or two in a row, and which time it comes


@dataclass(frozen=True, slots=True)
class TitleRules:
    """What of a title does not count: words, and patterns of the part of a project."""

    generic: re.Pattern[str]
    parts: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class TitleMatch:
    """Two titles that are nearly equal.

    score: 1 where they have the same words in the same order, 0 where they share none; 4 decimals. parts: of which part of a
    project each says that it is ("二期"), empty where it does not say; they do not count in the score.
    """

    first: str
    second: str
    score: float
    parts: tuple[str, str]


@cache
def title_rules() -> TitleRules:
    """The rules of `titles.yaml`, read once."""
    data = yaml.safe_load(Path(__file__).with_name("titles.yaml").read_text("utf-8"))
    words = sorted(data["generic"], key=lambda word: (-len(word), word))
    generic = [rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word) for word in words]
    return TitleRules(re.compile("|".join(generic)), re.compile("|".join(data["parts"])))


def title_score(first: str, second: str) -> float:
    """How nearly equal two titles are, from 0 to 1: twice what they share by what they have, in words and pairs of words.

    Chinese characters are the words, so no dictionary is needed and words may stand in any order. 0 where one has no words.
    """
    one, other = _read([("", first), ("", second)])
    return _score(one.features, other.features)


def near_titles(titles: Iterable[tuple[str, str]], least: float) -> list[TitleMatch]:
    """The pairs of (key, title) whose score is `least` or more, the nearest first, ties by key; none is missed.

    Raises ValueError unless 0 < least <= 1.
    """
    if not 0 < least <= 1:
        raise ValueError(f"least must be above 0 and at most 1, not {least}")
    known = sorted(_read(list(titles)), key=lambda one: one.key)
    pairs = (_match(known[a], known[b]) for a, b in _candidates(known, least))
    return sorted(
        (match for match in pairs if match.score >= least),
        key=lambda match: (-match.score, match.first, match.second),
    )


@dataclass(frozen=True, slots=True)
class _Title:
    key: str
    features: frozenset[Feature]
    part: str


def _read(titles: list[tuple[str, str]]) -> list[_Title]:
    """The titles, all folded at once; one that is nothing but words that do not count is compared by those."""
    rules = title_rules()
    plain = [unicodedata.normalize("NFKC", title).casefold() for _, title in titles]
    bare = [rules.parts.sub(" ", title) for title in plain]
    own = _folded([rules.generic.sub(" ", title) for title in bare])
    features = [_features(some or every) for some, every in zip(own, _folded(bare), strict=True)]
    parts = [" ".join(found.group() for found in rules.parts.finditer(title)) for title in plain]
    return [_Title(key, of, part) for (key, _), of, part in zip(titles, features, parts, strict=True)]


def _folded(titles: list[str]) -> list[list[int]]:
    """The tokens of each title."""
    tokens = fold(titles, numbers=True)
    return [tokens.hashes[begin:end].tolist() for begin, end in pairwise(tokens.bounds.tolist())]


def _features(tokens: list[int]) -> frozenset[Feature]:
    """Tokens and pairs of tokens, numbered where one comes again."""
    times: Counter[Feature] = Counter()
    found = []
    for feature in [(token,) for token in tokens] + list(zip(tokens, tokens[1:], strict=False)):
        times[feature] += 1
        found.append((*feature, times[feature]))
    return frozenset(found)


def _score(first: Collection[Feature], second: Collection[Feature]) -> float:
    """Dice's coefficient."""
    both = len(first) + len(second)
    return round(2 * len(set(first) & set(second)) / both, 4) if first and second else 0.0


def _match(first: _Title, second: _Title) -> TitleMatch:
    return TitleMatch(
        first.key, second.key, _score(first.features, second.features), (first.part, second.part)
    )


def _candidates(titles: list[_Title], least: float) -> Iterator[tuple[int, int]]:
    """Pairs that may reach the score: for each title, how many of its features every title after it has."""
    numbers: dict[Feature, int] = {}
    features = [[numbers.setdefault(one, len(numbers)) for one in title.features] for title in titles]
    sizes = np.array([len(of) for of in features], np.int64)
    flat = np.array([one for of in features for one in of], np.int64)
    holders = np.repeat(np.arange(len(titles)), sizes)[np.argsort(flat, kind="stable")]
    bounds = np.concatenate(([0], np.cumsum(np.bincount(flat, minlength=len(numbers)))))
    for number in np.flatnonzero(sizes).tolist():
        having = np.concatenate([holders[bounds[one] : bounds[one + 1]] for one in features[number]])
        shared = np.bincount(having, minlength=len(titles))[number + 1 :]
        # A ten-thousandth less, since scores are rounded to four decimals
        enough = (shared > 0) & (2 * shared >= (least - 1e-4) * (sizes[number] + sizes[number + 1 :]))
        yield from ((number, number + 1 + other) for other in np.flatnonzero(enough).tolist())
