"""What a comparison says. It says how alike two texts are and where; what that means is for a person to decide."""

from __future__ import annotations

from dataclasses import dataclass

from mangrove.similarity.passages import Passage

DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a pair is told of: by its share or by its cosine, whichever it reaches.

    share: of the rare shingles of the smaller text, from 0 to 1. shared: at least so many of them, since half of four proves
    little. cosine: of weighted terms, from 0 to 1. nearest: when all pairs are compared, so many of each text's nearest are
    looked at for their cosine. There are no defaults for share and cosine: what is usual differs from call to call, and only
    a look at what a limit brings up tells (bench/similarity.py shows how).
    """

    share: float
    cosine: float
    shared: int = 1
    nearest: int = 10


@dataclass(frozen=True, slots=True)
class Finding:
    """Two texts that are alike.

    share = shared / smaller: rare shingles in both, by those of the text that has fewer. cosine: of the weighted terms. Both
    rounded to 4 decimals. passages: what they have in common, once asked for; places are in the texts as written.
    """

    first: str
    second: str
    share: float
    cosine: float
    shared: int
    smaller: int
    passages: tuple[Passage, ...] = ()


def ordered(findings: list[Finding]) -> list[Finding]:
    """The findings by share, then by cosine, the most alike first; ties by key."""
    return sorted(findings, key=lambda one: (-one.share, -one.cosine, one.first, one.second))
