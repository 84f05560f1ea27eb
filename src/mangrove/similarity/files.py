"""Files that are the same: byte by byte, or in what they say."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mangrove.similarity.folding import fold

PIECE = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Same:
    """Things with one digest; keys sorted, two or more."""

    digest: str
    keys: tuple[str, ...]


def file_digest(file: Path | BinaryIO) -> str:
    """The SHA-256 of a file in hexadecimal, read piece by piece; raises OSError as reading does."""
    if isinstance(file, Path):
        with file.open("rb") as stream:
            return file_digest(stream)
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def text_digest(text: str) -> str | None:
    """A SHA-256 of what a text says: width, case, spaces, line breaks and punctuation make no difference, numbers do.

    None for a text without any letter or digit, such as that of a scanned page: two of them say nothing of each other.
    """
    tokens = fold([text], numbers=True)
    return hashlib.sha256(tokens.hashes.astype("<u8").tobytes()).hexdigest() if len(tokens.hashes) else None


def same(digests: Iterable[tuple[str, str | None]]) -> list[Same]:
    """The groups of keys with one digest, by their first key. A key whose digest is None is in none."""
    keys = defaultdict(set)
    for key, digest in digests:
        keys[digest].add(key)
    groups = [Same(digest, tuple(sorted(of))) for digest, of in keys.items() if digest and len(of) > 1]
    return sorted(groups, key=lambda group: (group.keys, group.digest))
