"""Texts as tokens: what a reader would call the same word is the same number, and every token knows where it stood.

A Chinese character (any East Asian wide character) is a token, and so is a run of other letters and digits: a word. Width,
case, accents, white space and punctuation make no difference. A number is one token whatever its digits, so that a copy
with other numbers is a copy; `numbers=True` keeps the digits. Traditional characters are not turned into simplified ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]
Flags = NDArray[np.bool_]

NOTHING, BREAK, END, CHARACTER, WORD, DIGIT = range(6)
PAST_UNICODE = 0x110000  # stands after each text: no character has it
ZERO = ord("0")
# Odd, so that each has an inverse modulo 2^64; drawn once and kept: an index on disk depends on them.
LETTER_BASE, TOKEN_BASE = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93
KEPT_POWERS = 1 << 21


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of several texts, one after another.

    hashes, words (is it a word or a number, not a character), starts and ends (places in the text as it was written, in
    characters) have one entry a token; text i has the tokens bounds[i] to bounds[i + 1].
    """

    hashes: Hashes
    words: Flags
    starts: Places
    ends: Places
    bounds: Places


def fold(texts: Sequence[str], numbers: bool = False) -> Tokens:
    """The tokens of the texts. numbers: whether 300 and 500 are two different tokens."""
    codes, kinds, places = _unfolded(texts)
    solid = np.flatnonzero(kinds >= END)
    codes, kinds, places = codes[solid], kinds[solid], places[solid]
    broken = np.diff(solid, prepend=-2) > 1
    after_digit = np.zeros(len(kinds), bool)
    if not numbers:
        after_digit[1:] = (kinds[1:] == DIGIT) & (kinds[:-1] == DIGIT)
        codes[kinds == DIGIT] = ZERO
    edges = np.flatnonzero(_edges(kinds, broken, after_digit))
    return _tokens(codes[~after_digit], kinds, places, edges, np.cumsum(~after_digit)[edges] - 1, texts)


def joined(hashes: Hashes, begins: Places, ends: Places, base: int = TOKEN_BASE) -> Hashes:
    """A hash of hashes[begin:end] for each begin and end: equal where the runs are equal, the same on every machine.

    Sums of powers of an odd base modulo 2^64, so the cost does not depend on how long the runs are.
    """
    powers, inverses = _powers(len(hashes), base)
    sums = np.zeros(len(hashes) + 1, np.uint64)
    np.cumsum(hashes * powers[: len(hashes)], out=sums[1:])
    return mixed((sums[ends] - sums[begins]) * inverses[begins])


def mixed(values: Hashes) -> Hashes:
    """The values with every bit depending on every bit (the finish of splitmix64; Steele, Lea and Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


@cache
def folded_character(code: int) -> tuple[tuple[int, int], ...]:
    """What one character becomes: code and kind of each character that stands for it."""
    if code == PAST_UNICODE:
        return ((0, END),)
    plain = "".join(map(_unaccented, unicodedata.normalize("NFKC", chr(code)))).casefold()
    return tuple((_digit(char), _kind(char)) for char in plain) or ((0, NOTHING),)


def _unaccented(char: str) -> str:
    """é is e; a Korean syllable, whose parts are no accents, stays whole."""
    parts = unicodedata.normalize("NFD", char)
    return parts[0] if len(parts) > 1 and all(map(unicodedata.combining, parts[1:])) else char


def _digit(char: str) -> int:
    """The code of a character; of a digit of any script that of the plain digit."""
    return ZERO + unicodedata.decimal(char) if char.isdecimal() else ord(char)


def _kind(char: str) -> int:
    category = unicodedata.category(char)
    if char.isdecimal():
        return DIGIT
    if category in ("Mn", "Me", "Cf"):
        return NOTHING
    if category[0] not in "LNM":
        return BREAK
    return CHARACTER if unicodedata.east_asian_width(char) in "WF" else WORD


def _unfolded(texts: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.uint8], Places]:
    """Codes and kinds of all characters of the texts, folded, and where in the joined texts each stood."""
    raw = np.frombuffer("\n".join([*texts, ""]).encode("utf-32-le", "surrogatepass"), np.uint32).copy()
    raw[_text_starts(texts)[1:] - 1] = PAST_UNICODE
    codes, kinds, first, count = _table(_seen(raw))
    found, places = first[raw], np.arange(len(raw))
    if count.max() > 1:
        counts = count[raw].astype(np.int64)
        places = np.repeat(places, counts)
        found = np.repeat(found - np.cumsum(counts) + counts, counts) + np.arange(len(places))
    return codes[found], kinds[found], places


def _seen(raw: NDArray[np.uint32]) -> Places:
    """The characters that occur, in order: looked up in a table of all, which for long texts beats sorting them."""
    seen = np.zeros(PAST_UNICODE + 1, bool)
    seen[raw] = True
    return np.flatnonzero(seen)


def _text_starts(texts: Iterable[str]) -> Places:
    """Where each text starts when they are joined with one character after each."""
    return np.concatenate(([0], np.cumsum([len(text) + 1 for text in texts], dtype=np.int64)))


def _table(seen: Places) -> tuple[NDArray[np.uint32], NDArray[np.uint8], Places, NDArray[np.uint8]]:
    """What the characters that occur become, in a row, and by code where in the row and how many."""
    each = [folded_character(int(code)) for code in seen]
    flat = np.array([pair for pairs in each for pair in pairs], np.uint32).reshape(-1, 2)
    counts = np.array([len(pairs) for pairs in each], np.int64)
    first, count = np.zeros(PAST_UNICODE + 1, np.int64), np.zeros(PAST_UNICODE + 1, np.uint8)
    first[seen], count[seen] = np.cumsum(counts) - counts, counts
    return flat[:, 0].copy(), flat[:, 1].astype(np.uint8), first, count


def _edges(kinds: NDArray[np.uint8], broken: Flags, after_digit: Flags) -> Flags:
    """Where a token starts or a text ends: 10,000 and 10 000 are one number, so a digit after a digit starts none."""
    after = np.concatenate(([END], kinds[:-1]))
    return (kinds <= CHARACTER) | (after <= CHARACTER) | (broken & ~after_digit)


def _tokens(
    codes: NDArray[np.uint32],
    kinds: NDArray[np.uint8],
    places: Places,
    edges: Places,
    ranks: Places,
    texts: Sequence[str],
) -> Tokens:
    """Tokens between the edges. codes: only of the characters that count; ranks: the edges among those."""
    real = np.flatnonzero(kinds[edges] != END)
    bounds = np.concatenate(([0], np.cumsum(kinds[edges] != END)[kinds[edges] == END]))
    text_starts = np.repeat(_text_starts(texts)[:-1], np.diff(bounds))
    starts = places[edges[real]] - text_starts
    ends = places[edges[real + 1] - 1] + 1 - text_starts
    hashes = joined(codes.astype(np.uint64), ranks[real], ranks[real + 1], LETTER_BASE)
    return Tokens(hashes, kinds[edges[real]] != CHARACTER, starts, ends, bounds)


def _powers(count: int, base: int) -> tuple[Hashes, Hashes]:
    """The powers of a base and of its inverse, `count` of them or more; kept when they are not many."""
    size = 1 << max(count, 1).bit_length()
    return _kept_powers(size, base) if size <= KEPT_POWERS else _made_powers(size, base)


def _made_powers(size: int, base: int) -> tuple[Hashes, Hashes]:
    powers, inverses = np.full((2, size), 1, np.uint64)
    powers[1:], inverses[1:] = np.uint64(base), np.uint64(pow(base, -1, 1 << 64))
    return np.cumprod(powers), np.cumprod(inverses)


_kept_powers = lru_cache(maxsize=8)(_made_powers)


def in_chunks(texts: Sequence[str], characters: int) -> list[Sequence[str]]:
    """The texts in runs of about so many characters: working memory grows with the longest run, not with all texts."""
    filled = np.cumsum([len(text) for text in texts], dtype=np.int64) // characters
    edges = [0, *(np.flatnonzero(np.diff(filled)) + 1).tolist(), len(texts)]
    return [texts[begin:end] for begin, end in pairwise(edges) if begin < end]
