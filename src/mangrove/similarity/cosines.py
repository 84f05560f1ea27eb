"""TF-IDF: how alike the weighted terms of two texts are, which finds what was said again in other words.

A term weighs (1 + ln times) * ln((texts + 1) / texts that have it). All pairs of 10,000 texts would be ten thousand million
products, so pairs are first guessed on a sketch (a count sketch: Charikar, Chen and Farach-Colton 2002) and the guessed ones
reckoned exactly. The sketch is of small whole numbers, so a guess does not depend on the order in which a machine adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mangrove.similarity.folding import Flags, Hashes, Places
from mangrove.similarity.sharing import pair_codes
from mangrove.similarity.shingles import TERM_BITS, Evidence

WIDTH = 512  # columns of the sketch; a guessed cosine is off by 1 / sqrt(512) = 0.044, one standard deviation
SCALE = (
    2048  # length of a sketched text; products, and parts of them, stay below 2^24: exact in 32-bit floats
)
MARGIN = 3 / WIDTH**0.5  # a pair exactly at the threshold is missed once in some 700
ROWS = 1000

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weights:
    """The terms of each text and what they weigh; every text has length 1, or no terms. Text i: bounds[i] to bounds[i + 1]."""

    terms: NDArray[np.uint32]
    values: NDArray[np.float32]
    bounds: Places

    @classmethod
    def of(cls, parts: Sequence[Evidence]) -> Weights:
        terms, times, sizes = (
            np.concatenate([np.zeros(0, kind), *(getattr(part, name) for part in parts)])
            for name, kind in (("terms", np.uint32), ("times", np.uint16), ("sizes", np.int64))
        )
        # Logarithms are looked up: there are few different counts, and many terms
        rarity = np.log((len(sizes) + 1) / np.arange(1, len(sizes) + 2)).astype(np.float32)
        often = (1 + np.log(np.arange(1, 1 << 16))).astype(np.float32)
        values = often[times - 1] * rarity[np.bincount(terms)[terms] - 1]
        bounds = np.concatenate(([0], np.cumsum(sizes)))
        lengths = np.sqrt(_sums(np.square(values, dtype=np.float64), bounds))
        return cls(terms, values / np.repeat(lengths, sizes).astype(np.float32), bounds)

    def cosines_of(self, text: int) -> Numbers:
        """The cosine of a text with each, itself among them."""
        mine = slice(self.bounds[text], self.bounds[text + 1])
        scratch = np.zeros(1 << TERM_BITS)
        scratch[self.terms[mine]] = self.values[mine]
        return _sums(scratch[self.terms] * self.values, self.bounds)

    def cosines(self, first: Places, second: Places) -> Numbers:
        """The cosine of each pair; pairs are in order of `first`. 0 for a text without terms."""
        found, scratch = np.zeros(len(first)), np.zeros(1 << TERM_BITS, np.float32)
        edges = np.flatnonzero(np.diff(first, prepend=-1, append=-1))
        for begin, end in pairwise(edges):
            mine = slice(*self.bounds[first[begin] : first[begin] + 2])
            scratch[self.terms[mine]] = self.values[mine]
            found[begin:end] = self._products(scratch, second[begin:end])
            scratch[self.terms[mine]] = 0
        return found

    def _products(self, scratch: NDArray[np.float32], texts: Places) -> Numbers:
        runs = [slice(self.bounds[text], self.bounds[text + 1]) for text in texts]
        return np.array([scratch.take(self.terms[run]) @ self.values[run] for run in runs])

    def sketch(self) -> NDArray[np.float32]:
        """The texts in 512 columns: each term is added to one, with a sign, both from its hash."""
        texts = len(self.bounds) - 1
        of = np.repeat(np.arange(texts) * WIDTH, np.diff(self.bounds))
        signs = 1 - 2 * ((self.terms // WIDTH) & 1).astype(np.int8)
        flat = np.bincount(of + self.terms % WIDTH, self.values * signs, minlength=texts * WIDTH)
        return np.rint(flat * SCALE).astype(np.float32).reshape(texts, WIDTH)

    def likely(self, least: float, nearest: int, rows: Flags) -> Hashes:
        """The pairs whose cosine may be `least`, as codes: of each text in `rows` no more than its `nearest` nearest."""
        sketch, found = self.sketch(), [np.zeros(0, np.uint64)]
        bound = np.float32((least - MARGIN) * SCALE**2)
        chosen = np.flatnonzero(rows)
        for texts in (chosen[begin : begin + ROWS] for begin in range(0, len(chosen), ROWS)):
            close = _closest(sketch[texts] @ sketch.T, texts, bound, nearest)
            found.append(pair_codes(np.minimum(*close), np.maximum(*close)))
        return np.unique(np.concatenate(found))


def _sums(values: Numbers, bounds: Places) -> Numbers:
    """The sum of each text's values; 0 where there are none."""
    filled = np.flatnonzero(np.diff(bounds))
    sums = np.zeros(len(bounds) - 1)
    if len(filled):
        sums[filled] = np.add.reduceat(values, bounds[filled])
    return sums


def _closest(
    guesses: NDArray[np.float32], texts: Places, bound: np.float32, nearest: int
) -> tuple[Places, Places]:
    """The pairs of a text and another that reach the bound, the nearest of each text and what ties with them."""
    guesses[np.arange(len(texts)), texts] = -np.inf
    crowded = np.flatnonzero(np.count_nonzero(guesses >= bound, axis=1) > nearest)
    bounds = np.full((len(texts), 1), bound)
    if len(crowded):
        bounds[crowded, 0] = np.partition(guesses[crowded], -nearest, axis=1)[:, -nearest]
    rows, others = np.divmod(np.flatnonzero(guesses >= bounds), guesses.shape[1])
    return texts[rows], others
