"""An index of texts: which of them are near-duplicates of each other or of a new one.

Containment of rare shingles finds what was copied, also a fifth of a text lifted into another; TF-IDF finds what was said
again in other words. Both were measured against others in shared/facts/calls.md §4, and are again in bench/similarity.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from mangrove.similarity.cosines import Numbers, Weights
from mangrove.similarity.findings import DECIMALS, Finding, Limits, ordered
from mangrove.similarity.folding import Flags, Hashes, Places
from mangrove.similarity.passages import Passage, common_passages
from mangrove.similarity.sharing import Groups, Sharing, pair_codes, pairs_of
from mangrove.similarity.shingles import (
    DOCUMENTS,
    SHIFT,
    Evidence,
    Measure,
    evidence,
    joint,
    template_shingles,
    unpacked,
)


@dataclass(frozen=True)
class TextIndex:
    """Texts to compare with, by key. It does not change: `extended` gives another that shares what it can.

    keys: of the texts, in the order in which they came. blocks: what is kept of them, in runs of falling size, so that a new
    text does not move all others. templates: shingles that never count. It keeps no text, but about 11 bytes for
    each character of a Chinese text and 3 of an English one; all pairs take five times that for a moment.
    """

    keys: tuple[str, ...]
    blocks: tuple[Evidence, ...]
    templates: Hashes
    measure: Measure

    @classmethod
    def of(
        cls, texts: Iterable[tuple[str, str]], templates: Sequence[str] = (), measure: Measure | None = None
    ) -> TextIndex:
        """The index of (key, text) pairs.

        templates: what everybody pastes, such as the call and its declarations; their shingles never count. A text without
        any letter is like nothing. Raises ValueError for a key that comes twice and for more than 1,048,576 texts.
        """
        measure = measure or Measure()
        return cls((), (), template_shingles(templates, measure), measure).extended(texts)

    def extended(self, texts: Iterable[tuple[str, str]]) -> TextIndex:
        """The index with more (key, text) pairs: the same as one built of all; raises ValueError as `of` does."""
        new = list(texts)
        if not new:
            return self
        keys = (*self.keys, *(key for key, _ in new))
        _check(keys)
        block = evidence([text for _, text in new], self.templates, self.measure)
        return replace(self, keys=keys, blocks=_settled((*self.blocks, block)))

    def compare(self, text: str, limits: Limits, key: str = "") -> list[Finding]:
        """The texts of the index that are like a new one, as `pairs` would tell of it, and the new one comes first.

        key: what the new text is called in the findings. Its cosine with every text is exact. Raises ValueError when the
        index holds 1,048,576 texts.
        """
        _check_room(len(self.keys) + 1)
        block = evidence([text], self.templates, self.measure)
        shared, rare, own = self._shared_with(block)
        new = len(self.keys)
        others = np.arange(new)
        cosines = Weights.of([*self.blocks, block]).cosines_of(new)[:new]
        pairs = _Pairs(np.full(new, new), others, shared, np.minimum(rare, own), cosines)
        return ordered(pairs.findings((*self.keys, key), limits))

    def pairs(self, limits: Limits, touching: Collection[str] | None = None) -> list[Finding]:
        """The pairs of texts that are alike, each with its lesser key first.

        touching: only pairs with at least one of these texts, such as those of this call against each other and all earlier
        ones. Raises KeyError for a key that is not in the index. A cosine is reckoned for pairs that a sketch finds likely, so
        that a pair found by its cosine alone and just above the limit may be missed.
        """
        chosen = self._chosen(touching)
        sharing, rare = self._sharing()
        weights = Weights.of(self.blocks)
        smaller = np.minimum(rare[sharing.first], rare[sharing.second])
        enough = _reach(sharing.shared, smaller, limits) & (chosen[sharing.first] | chosen[sharing.second])
        by_share = pair_codes(sharing.first[enough], sharing.second[enough])
        first, second = pairs_of(np.union1d(by_share, weights.likely(limits.cosine, limits.nearest, chosen)))
        smaller = np.minimum(rare[first], rare[second])
        pairs = _Pairs(first, second, sharing.of(first, second), smaller, weights.cosines(first, second))
        return ordered([_lesser_first(one) for one in pairs.findings(self.keys, limits)])

    def passages(self, first: str, second: str, gap: int = 0, least: int = 1) -> tuple[Passage, ...]:
        """What two texts have in common, for showing them side by side: see `common_passages`; templates do not count."""
        return common_passages(first, second, self.templates, self.measure, gap=gap, least=least)

    def shown(
        self, findings: Iterable[Finding], texts: Mapping[str, str], gap: int = 0, least: int = 1
    ) -> list[Finding]:
        """The findings with their passages. texts: by key; raises KeyError for one that is missing."""
        return [
            replace(one, passages=self.passages(texts[one.first], texts[one.second], gap=gap, least=least))
            for one in findings
        ]

    def _groups(self) -> Groups:
        return Groups.of(joint(self.blocks).postings)

    def _sharing(self) -> tuple[Sharing, Places]:
        """What pairs share, and how many rare shingles each text has."""
        groups = self._groups()
        return groups.sharing(self.measure.common), groups.rare(self.measure.common, len(self.keys))

    @cached_property
    def _rare(self) -> Places:
        """How many rare shingles each text has: once reckoned, a new text is compared in a fraction of the time."""
        return self._groups().rare(self.measure.common, len(self.keys))

    def _chosen(self, touching: Collection[str] | None) -> Flags:
        if touching is None:
            return np.ones(len(self.keys), bool)
        missing = set(touching) - set(self.keys)
        if missing:
            raise KeyError(f"not in the index: {', '.join(sorted(missing))}")
        return np.array([key in set(touching) for key in self.keys], bool)

    def _shared_with(self, block: Evidence) -> tuple[Places, Places, int]:
        """Of each text: rare shingles shared with a new one, rare shingles once the new one is counted; those of the new."""
        which, texts = self._holders(unpacked(block.postings)[0])
        holders = np.bincount(which, minlength=len(block.postings))
        rare, texts_of = holders < self.measure.common, len(self.keys)
        shared = np.bincount(texts[rare[which]], minlength=texts_of)
        no_longer = np.bincount(texts[holders[which] == self.measure.common], minlength=texts_of)
        return shared, self._rare - no_longer, int(rare.sum())

    def _holders(self, hashes: Hashes) -> tuple[Places, Places]:
        """Which of the hashes, and a text that has it: a line for each such text."""
        which, texts, shift = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], 0
        for block in self.blocks:
            begins = np.searchsorted(block.postings, hashes << SHIFT)
            counts = (
                np.searchsorted(block.postings, (hashes << SHIFT) | np.uint64(DOCUMENTS - 1), "right")
                - begins
            )
            which.append(np.repeat(np.arange(len(hashes)), counts))
            places = np.repeat(begins - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
            texts.append(unpacked(block.postings[places])[1] + shift)
            shift += len(block.sizes)
        return np.concatenate(which), np.concatenate(texts)


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Pairs of texts by number, and what was reckoned for each."""

    first: Places
    second: Places
    shared: Places
    smaller: Places
    cosines: Numbers

    def findings(self, keys: Sequence[str], limits: Limits) -> list[Finding]:
        cosines = np.round(np.minimum(self.cosines, 1), DECIMALS)
        told = _reach(self.shared, self.smaller, limits) | ((cosines >= limits.cosine) & (cosines > 0))
        return [self._finding(place, keys, float(cosines[place])) for place in np.flatnonzero(told).tolist()]

    def _finding(self, place: int, keys: Sequence[str], cosine: float) -> Finding:
        shared, smaller = int(self.shared[place]), int(self.smaller[place])
        share = round(shared / smaller, DECIMALS) if smaller else 0.0
        return Finding(
            keys[int(self.first[place])], keys[int(self.second[place])], share, cosine, shared, smaller
        )


def _reach(shared: Places, smaller: Places, limits: Limits) -> Flags:
    """Which pairs share enough; one that shares nothing never does."""
    return np.asarray((shared >= max(limits.shared, 1)) & (shared >= limits.share * smaller))


def _lesser_first(one: Finding) -> Finding:
    return one if one.first <= one.second else replace(one, first=one.second, second=one.first)


def _check_room(texts: int) -> None:
    if texts > DOCUMENTS:
        raise ValueError(f"an index holds at most {DOCUMENTS:,} texts, not {texts:,}: make one for each year")


def _check(keys: Sequence[str]) -> None:
    _check_room(len(keys))
    ordered_keys = sorted(keys)
    twice = sorted({one for one, other in pairwise(ordered_keys) if one == other})
    if twice:
        raise ValueError(
            f"keys that come twice: {', '.join(twice[:5])}; a text that was changed needs a new key"
        )


def _settled(blocks: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """The blocks, the last ones joined until each is at least twice as long as the next: few, and seldom moved."""
    kept = list(blocks)
    while len(kept) > 1 and len(kept[-2].postings) < 2 * len(kept[-1].postings):
        kept[-2:] = [joint(kept[-2:])]
    return tuple(kept)
