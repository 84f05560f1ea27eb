"""The files under MANGROVE_VAR that are kept: which they are, and copying them with their hash taken on the way."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from mangrove.ledger.sealer import heads_file
from mangrove.ledger.verify import HEAD
from mangrove.workbench.operation import excused
from mangrove.workbench.operation.databases import sync

PIECE = 1 << 20
HASH = re.compile(r"[0-9a-f]{64}")
ATTACHED = re.compile(r"files/[0-9a-f]{2}/[0-9a-f]{64}")


@dataclass(frozen=True)
class File:
    """``name`` is the path from the top of the place or of the backup."""

    name: str
    size: int
    sha256: str


def place() -> Path:
    return Path(settings.MANGROVE_VAR)


def is_excused(name: str) -> bool:
    parts = name.split("/")
    heads = ["/".join(parts[:n]) for n in range(1, len(parts) + 1)]
    return any(fnmatchcase(head, pattern) for head in heads for pattern in excused.FILES)


def kept_names(top: Path | None = None) -> list[str]:
    """Every kept file, by its path from ``MANGROVE_VAR``; hidden ones are drafts of files not yet in place."""
    return sorted(walk(top or place(), ""))


def walk(folder: Path, prefix: str) -> Iterator[str]:
    if not folder.exists():
        return
    for entry in os.scandir(folder):
        name = f"{prefix}{entry.name}"
        if entry.name.startswith(".") or is_excused(name):
            continue
        if entry.is_dir():
            yield from walk(Path(entry.path), f"{name}/")
        elif entry.is_file():
            yield name


def strays(names: list[str], known: set[str]) -> set[str]:
    """Files of attachments for which the snapshot has no row: still being uploaded, or of an upload that failed.

    They must not come back without one: the next backup has those that were committed meanwhile.
    """
    return {name for name in names if ATTACHED.fullmatch(name) and Path(name).name not in known}


def copy(source: Path, to: Path, name: str) -> File:
    """A copy, synced; the hash is of the bytes written. A file by whose hash a thing is named is checked by the caller."""
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as read, to.open("xb") as written:
        while piece := read.read(PIECE):
            digest.update(piece)
            size += len(piece)
            written.write(piece)
        settle(written)
    return File(name, size, digest.hexdigest())


def settle(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def file_at(path: Path, name: str) -> File:
    with path.open("rb") as file:
        return File(name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def copy_heads(to: Path, name: str, position: int) -> File:
    """The heads up to the snapshot's last seal: what was sealed after it is in the next backup, and was not cut off."""
    lines = heads_file().read_bytes().splitlines(keepends=True)
    to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    to.write_bytes(b"".join(line for line in lines if head_position(line) <= position))
    sync(to)
    return file_at(to, name)


def head_position(line: bytes) -> int:
    """A line that cannot be read stays, as it would in place."""
    found = HEAD.fullmatch(line.decode("utf-8", errors="replace").rstrip("\n"))
    return int(found["position"]) if found else 0
