"""The words that two texts have in common, each with its place in both as they were written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mangrove.similarity.folding import Hashes, Places, Tokens, fold
from mangrove.similarity.shingles import Measure, Spans, among, shingles

TRIED = 16  # a shingle that comes again and again is sought at its first places only


@dataclass(frozen=True, slots=True)
class Passage:
    """The same words in two texts: first[first_start:first_end] and second[second_start:second_end], in characters.

    words: how many tokens (a Chinese character, a word, a number) the passage has in the first text.
    """

    first_start: int
    first_end: int
    second_start: int
    second_end: int
    words: int


def common_passages(
    first: str,
    second: str,
    templates: Hashes | None = None,
    measure: Measure | None = None,
    *,
    gap: int = 0,
    least: int = 1,
) -> tuple[Passage, ...]:
    """What two texts have in common, in the order of the first, none overlapping in it.

    Every shingle of the first that the second has lies in a passage, and a passage goes on for as long as both texts do.
    gap: passages that follow each other in both texts with no more than so many tokens between are one, so that a changed
    name does not cut it. least: tokens that a passage must have. templates: shingles that do not count, sorted.
    """
    measure = measure or Measure()
    tokens = fold([first, second])
    spans = shingles(tokens, measure)
    counted = ~among(spans.hashes, np.zeros(0, np.uint64) if templates is None else templates)
    matches = _matches(
        spans, np.flatnonzero(counted & (spans.texts == 0)), np.flatnonzero(counted & (spans.texts == 1))
    )
    runs = _bridged(_runs(tokens, spans, *matches), gap)
    return tuple(_passage(tokens, run) for run in runs if run[1] - run[0] >= least)


Run = tuple[
    int, int, int, int
]  # begin and end in the first text, begin and end in the second, counted in tokens


def _matches(spans: Spans, mine: Places, yours: Places) -> tuple[Places, Places]:
    """Shingles of the first and of the second text that are equal, as pairs of places among the spans."""
    yours = yours[np.argsort(spans.hashes[yours], kind="stable")]
    sought, have = spans.hashes[mine], spans.hashes[yours]
    begins = np.searchsorted(have, sought)
    counts = np.minimum(np.searchsorted(have, sought, "right") - begins, TRIED)
    places = np.repeat(begins - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
    return np.repeat(mine, counts), yours[places]


def _runs(tokens: Tokens, spans: Spans, mine: Places, yours: Places) -> list[Run]:
    """Matches in a row, each as long as it goes, from the first place on; where several go on, the longest."""
    remaining = _remaining(mine, yours)
    best = np.lexsort((yours, -remaining, mine))
    best = best[np.flatnonzero(np.diff(mine[best], prepend=-1))]
    runs: list[Run] = []
    next_mine, covered = 0, 0
    for begin, other, long in np.stack((mine, yours, remaining))[:, best].T.tolist():
        if begin >= next_mine:
            next_mine = begin + long
            run = _run(tokens, spans, (begin, other, long), covered)
            covered = max(covered, run[1])
            runs += [run] if run[0] < run[1] else []
    return runs


def _remaining(mine: Places, yours: Places) -> Places:
    """Of each match, how many matches follow it in both texts at once, itself included."""
    order = np.lexsort((mine, yours - mine))
    goes_on = (np.diff((yours - mine)[order]) == 0) & (np.diff(mine[order]) == 1)
    lasts = np.flatnonzero(np.append(~goes_on, True)) if len(mine) else order
    remaining = np.zeros(len(mine), np.int64)
    places = np.arange(len(mine))
    remaining[order] = lasts[np.searchsorted(lasts, places)] - places + 1
    return remaining


def _run(tokens: Tokens, spans: Spans, match: tuple[int, int, int], covered: int) -> Run:
    """The tokens of matches in a row, without what is covered, and the words after them that are equal too."""
    begin, other, long = match
    start, end = int(spans.begins[begin]), int(spans.ends[begin + long - 1])
    shift = int(spans.begins[other]) - start
    while end < tokens.bounds[1] and end + shift < tokens.bounds[2] and _same(tokens, end, end + shift):
        end += 1
    start = max(start, covered)
    return start, end, start + shift, end + shift


def _same(tokens: Tokens, mine: int, yours: int) -> bool:
    return bool(tokens.hashes[mine] == tokens.hashes[yours])


def _bridged(runs: list[Run], gap: int) -> list[Run]:
    """The runs, those that follow each other in both texts with no more than a gap between made one."""
    joined: list[Run] = []
    for run in runs:
        near = joined and all(0 <= run[side] - joined[-1][side + 1] <= gap for side in (0, 2))
        if near:
            last = joined.pop()
            run = (last[0], run[1], last[2], run[3])
        joined.append(run)
    return joined


def _passage(tokens: Tokens, run: Run) -> Passage:
    begin, end, other, other_end = run
    return Passage(
        int(tokens.starts[begin]),
        int(tokens.ends[end - 1]),
        int(tokens.starts[other]),
        int(tokens.ends[other_end - 1]),
        end - begin,
    )
