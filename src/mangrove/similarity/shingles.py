"""What of a text is compared: its shingles for copied words, its terms for words said again.

A shingle is eight characters in a row, or five words, and where a text mixes both, as many of either as weigh the same: a
character weighs 5 and a word 8, so both make 40. A text shorter than that is one shingle. A term is three characters in a
row, a word, or two words (shared/facts/calls.md §4 measured these against others).
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mangrove.similarity.folding import TOKEN_BASE, Flags, Hashes, Places, Tokens, fold, in_chunks, joined

THREADS = 2
CHUNK = 200_000  # characters folded at once: about 40 MB of working memory a thread, much of it in the cache
DOCUMENT_BITS, TERM_BITS = 20, 22
DOCUMENTS = 1 << DOCUMENT_BITS
SHIFT = np.uint64(DOCUMENT_BITS)


@dataclass(frozen=True, slots=True)
class Measure:
    """How texts are cut and which shingles count.

    characters, words: the length of a shingle. common: a shingle in more documents than this is a set phrase and proves
    nothing. All three are the measured choice of shared/facts/calls.md §4.
    """

    characters: int = 8
    words: int = 5
    common: int = 12

    def __post_init__(self) -> None:
        if self.characters < 1 or self.words < 1 or self.common < 2:
            raise ValueError(f"characters and words must be 1 or more and common 2 or more, not {self}")


@dataclass(frozen=True, slots=True)
class Spans:
    """Runs of tokens: begins and ends among the tokens, the hash of each, and the text it is of."""

    hashes: Hashes
    begins: Places
    ends: Places
    texts: Places


def shingles(tokens: Tokens, measure: Measure) -> Spans:
    """The shingles of the texts, in the order in which they begin; hashes have 44 bits (see `packed`)."""
    counts = np.diff(tokens.bounds)
    texts = np.repeat(np.arange(len(counts)), counts)
    weights = np.where(tokens.words, measure.characters, measure.words)
    before = np.concatenate(([0], np.cumsum(weights)))
    ends = np.searchsorted(before, before[:-1] + measure.characters * measure.words)
    last = tokens.bounds[1:][texts]
    first = tokens.bounds[:-1][texts] == np.arange(len(texts))
    begins = np.flatnonzero((ends <= last) | first)
    ends = np.minimum(ends, last)[begins]
    return Spans(joined(tokens.hashes, begins, ends) >> SHIFT, begins, ends, texts[begins])


def template_shingles(texts: Sequence[str], measure: Measure) -> Hashes:
    """The shingles of texts that everybody pastes, sorted."""
    return distinct(shingles(fold(texts), measure).hashes)


def among(values: Hashes, members: Hashes) -> Flags:
    """Which values are among the members, which are sorted."""
    if not len(members):
        return np.zeros(len(values), bool)
    found = members[np.minimum(np.searchsorted(members, values), len(members) - 1)]
    return np.asarray(found == values)


def covered(tokens: Tokens, spans: Spans, chosen: Flags) -> Flags:
    """Which tokens stand in one of the chosen runs."""
    size = len(tokens.hashes) + 1
    steps = np.bincount(spans.begins[chosen], minlength=size) - np.bincount(
        spans.ends[chosen], minlength=size
    )
    return np.asarray(np.cumsum(steps)[:-1] > 0)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is kept of texts: enough to compare them, not to read them.

    postings: shingle << 20 | text, sorted, each once. terms, times: the terms of text 0, of text 1 and so on, and how often
    each occurs; terms are buckets of 22 bits, so two terms may share one. sizes: how many terms each text has.
    """

    postings: Hashes
    terms: NDArray[np.uint32]
    times: NDArray[np.uint16]
    sizes: Places


def evidence(texts: Sequence[str], templates: Hashes, measure: Measure) -> Evidence:
    """What is kept of the texts; words in a template count neither as shingles nor as terms."""
    chunks = in_chunks(texts, CHUNK)
    if len(chunks) < 2:
        return joint([_part(chunk, templates, measure) for chunk in chunks])
    # NumPy works outside the interpreter's lock, so two threads take little more than half the time of one
    with ThreadPoolExecutor(THREADS) as pool:
        return joint(list(pool.map(lambda chunk: _part(chunk, templates, measure), chunks)))


def joint(parts: Sequence[Evidence]) -> Evidence:
    """The evidence of texts that follow each other."""
    if len(parts) < 2:
        return parts[0] if parts else nothing()
    shifts = np.cumsum([0, *(len(part.sizes) for part in parts)]).astype(np.uint64)
    postings = np.concatenate([part.postings + shift for part, shift in zip(parts, shifts, strict=False)])
    postings.sort()
    terms, times, sizes = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("terms", "times", "sizes")
    )
    return Evidence(postings, terms, times, sizes)


def nothing() -> Evidence:
    """The evidence of no texts."""
    kept, terms, times = np.zeros(0, np.uint64), np.zeros(0, np.uint32), np.zeros(0, np.uint16)
    return Evidence(kept, terms, times, np.zeros(0, np.int64))


def _part(chunk: Sequence[str], templates: Hashes, measure: Measure) -> Evidence:
    tokens = fold(chunk)
    spans = shingles(tokens, measure)
    pasted = among(spans.hashes, templates)
    postings = packed(spans.hashes[~pasted], spans.texts[~pasted], DOCUMENT_BITS)
    return Evidence(distinct(postings), *_terms(tokens, covered(tokens, spans, pasted), len(chunk)))


def distinct(values: Hashes) -> Hashes:
    """The values in order, each once; by sorting, which for millions of values is several times as fast as np.unique."""
    values = np.sort(values)
    return values[np.concatenate((np.full(min(len(values), 1), True), values[1:] != values[:-1]))]


def packed(hashes: Hashes, texts: Places, bits: int) -> Hashes:
    """Two numbers in one, so that one sort orders both: of 15 million shingles some six share their 44 bits by chance."""
    return (hashes << np.uint64(bits)) | texts.astype(np.uint64)


def unpacked(postings: Hashes) -> tuple[Hashes, Places]:
    """The shingles and the texts of postings."""
    return postings >> SHIFT, (postings & np.uint64(DOCUMENTS - 1)).view(np.int64)


def _terms(
    tokens: Tokens, pasted: Flags, texts: int
) -> tuple[NDArray[np.uint32], NDArray[np.uint16], Places]:
    """Terms and how often, by text; a term counts when it begins outside what was pasted."""
    of = np.repeat(np.arange(texts), np.diff(tokens.bounds))
    begins = np.flatnonzero(~pasted)
    words, last = tokens.words[begins], tokens.bounds[1:][of[begins]]
    runs = [(begins[words], 1), (begins[words], 2), (begins[~words], 3)]
    last_of = [last[words], last[words], last[~words]]
    chosen = [(start[start + long <= end], long) for (start, long), end in zip(runs, last_of, strict=True)]
    keys = np.concatenate([_term_keys(tokens, of, start, long) for start, long in chosen])
    keys.sort()
    edges = np.flatnonzero(np.concatenate((np.full(min(len(keys), 1), True), keys[1:] != keys[:-1])))
    found, times = keys[edges], np.diff(edges, append=len(keys))
    sizes = np.bincount((found >> np.uint64(TERM_BITS)).astype(np.int64), minlength=texts)
    terms = (found & np.uint64((1 << TERM_BITS) - 1)).astype(np.uint32)
    return terms, np.minimum(times, np.iinfo(np.uint16).max).astype(np.uint16), sizes


def _term_keys(tokens: Tokens, of: Places, begins: Places, long: int) -> Hashes:
    """Text and term in one number, the text first."""
    hashes = joined(tokens.hashes, begins, begins + long, TOKEN_BASE)
    return packed(
        of[begins].astype(np.uint64), (hashes >> np.uint64(64 - TERM_BITS)).astype(np.int64), TERM_BITS
    )
