"""Which texts share rare shingles, and how many: the sparse product of texts by shingles with itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from mangrove.similarity.folding import Hashes, Places
from mangrove.similarity.shingles import DOCUMENT_BITS, DOCUMENTS, unpacked

PAIR = np.uint64(DOCUMENT_BITS)


@dataclass(frozen=True, slots=True)
class Sharing:
    """Pairs of texts by number, first < second and in this order, and how many rare shingles they share."""

    first: Places
    second: Places
    shared: Places

    def of(self, first: Places, second: Places) -> Places:
        """How many of these pairs; 0 for a pair that shares none."""
        mine, asked = pair_codes(self.first, self.second), pair_codes(first, second)
        if not len(mine):
            return np.zeros(len(asked), np.int64)
        place = np.minimum(np.searchsorted(mine, asked), len(mine) - 1)
        return np.where(mine[place] == asked, self.shared[place], 0)


def pair_codes(first: Places, second: Places) -> Hashes:
    """A pair as one number, in the order of pairs."""
    return (first.astype(np.uint64) << PAIR) | second.astype(np.uint64)


def pairs_of(codes: Hashes) -> tuple[Places, Places]:
    return (codes >> PAIR).view(np.int64), (codes & np.uint64(DOCUMENTS - 1)).view(np.int64)


@dataclass(frozen=True, slots=True)
class Groups:
    """Postings by shingle: where each shingle's run of texts starts, how long it is, and the texts."""

    starts: Places
    counts: Places
    texts: Places

    @classmethod
    def of(cls, postings: Hashes) -> Groups:
        hashes, texts = unpacked(postings)
        edges = np.flatnonzero(np.concatenate(([True], hashes[1:] != hashes[:-1], [True])))
        if not len(hashes):
            edges = np.zeros(1, np.int64)
        return cls(edges[:-1], np.diff(edges), texts)

    def rare(self, common: int, texts: int) -> Places:
        """How many shingles of each text are in no more than `common` texts."""
        counted = np.repeat(self.counts <= common, self.counts)
        return np.bincount(self.texts[counted], minlength=texts)

    def sharing(self, common: int) -> Sharing:
        """The pairs that share a shingle which no more than `common` texts have."""
        parts = [_counted(np.concatenate(codes)) for codes in self._by_size(common)]
        codes, counts = _summed(parts)
        return Sharing(*pairs_of(codes), counts)

    def _by_size(self, common: int) -> Iterator[list[Hashes]]:
        """The pairs of all runs of one length, for each length: a table with a run a row, two columns at a time."""
        for size in range(2, common + 1):
            rows = self.starts[self.counts == size]
            table = [self.texts[rows + column] for column in range(size)]
            yield [pair_codes(table[a], table[b]) for a in range(size) for b in range(a + 1, size)]


def _counted(codes: Hashes) -> tuple[Hashes, Places]:
    return np.unique(codes, return_counts=True)


def _summed(parts: list[tuple[Hashes, Places]]) -> tuple[Hashes, Places]:
    """Counts of the same pair added up."""
    codes = np.concatenate([codes for codes, _ in parts])
    counts = np.concatenate([counts for _, counts in parts])
    order = np.argsort(codes, kind="stable")
    codes, counts = codes[order], counts[order]
    starts = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1]))) if len(codes) else order
    return codes[starts], np.add.reduceat(counts, starts) if len(codes) else counts
