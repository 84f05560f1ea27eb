"""The uploaded file, kept under the hash of its bytes, so that what was imported can be shown years later."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Protocol

from django.conf import settings

from mangrove.registry.classified import refuse_classified_file


class Readable(Protocol):
    def read(self) -> bytes: ...


def keep(upload: Readable, name: str = "") -> str:
    """Store the bytes of the file with that name once; returns their SHA-256. The limit on uploads holds already at the door.

    Raises :class:`~mangrove.ledger.refusals.Refusal` for a file that is marked as a state secret, and keeps nothing of it.
    """
    content = upload.read()
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if not path.exists():
        write(path, content, name)
    return sha256


def write(path: Path, content: bytes, name: str) -> None:
    """The bytes in their place, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        refuse_classified_file(draft, name)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def content_of(sha256: str) -> bytes:
    return path_of(sha256).read_bytes()


def path_of(sha256: str) -> Path:
    return Path(settings.MANGROVE_VAR) / "imports" / sha256
