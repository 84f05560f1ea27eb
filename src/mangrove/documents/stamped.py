"""A stamped file against the letter that was signed: where their words differ. White space and page numbers are no words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from mangrove.documents.plain import texts_of

AROUND = 8
DIFFERENCES_AT_MOST = 50
_FOLIO = re.compile(r"^[—\-–]\s*\d+\s*[—\-–]$", re.MULTILINE)
_WHITE = re.compile(r"\s+")


@dataclass(frozen=True)
class Difference:
    """``signed`` are the words of the signed letter, ``stamped`` those of the file; ``after`` and ``before`` stand in both."""

    after: str
    signed: str
    stamped: str
    before: str


def words_of(path: Path) -> str:
    """The words of the file without white space and folios; empty for a scan, whose words nobody reads here."""
    return "".join(_WHITE.sub("", _FOLIO.sub("", text)) for text in texts_of(path))


def differences(signed: Path, stamped: Path) -> list[Difference]:
    """Where the words of two files differ, in order, at most :data:`DIFFERENCES_AT_MOST`."""
    ours, theirs = words_of(signed), words_of(stamped)
    return [] if ours == theirs else list(compared(ours, theirs))[:DIFFERENCES_AT_MOST]


def compared(ours: str, theirs: str) -> Iterator[Difference]:
    for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind != "equal":
            yield Difference(ours[max(a - AROUND, 0) : a], ours[a:b], theirs[c:d], ours[b : b + AROUND])
