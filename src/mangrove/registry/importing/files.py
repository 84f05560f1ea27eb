"""The uploaded file, kept under the hash of its bytes, so that what was imported can be shown years later."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import Protocol

from django.conf import settings


class Readable(Protocol):
    def read(self) -> bytes: ...


def keep(upload: Readable) -> str:
    """Store the bytes once; returns their SHA-256. The limit on uploads holds already at the door."""
    content = upload.read()
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{sha256}.{secrets.token_hex(4)}")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    return sha256


def content_of(sha256: str) -> bytes:
    return path_of(sha256).read_bytes()


def path_of(sha256: str) -> Path:
    return Path(settings.MANGROVE_VAR) / "imports" / sha256
