"""Files of a case: streamed in, sniffed, stored once under the hash of their bytes, never overwritten.

A file lies at ``MEDIA_ROOT/ab/abcdef…``. It is written beside, synced, and linked into place as the last thing before
its row is committed; so a row never lacks its file, a refused act leaves no file, and a file without a row (a failed
commit) is named by :func:`verify_files`.
"""

from __future__ import annotations

import hashlib
import os
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.casework.models import Attachment, Case
from mangrove.casework.sniffing import CHUNK, Kind, megabytes, refused, sniff
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.registry.classified import refuse_classified_file

NAME_AT_MOST = 200
INCOMING = "incoming"


class Readable(Protocol):
    """Anything that is read in pieces: an uploaded file, an open file."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Arrived:
    """A file that has been written to a temporary place."""

    path: Path
    sha256: str
    size: int


def path_of(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def store(upload: Readable, *, name: str, by: Actor, case: Case, on: date, why: str = "") -> Attachment:
    """Keep an upload with a case. Raises :class:`Refusal` for its size, its content, or a name that belies it.

    Memory use does not grow with the file; a refused or interrupted upload leaves nothing behind.
    """
    name = clean_name(name)
    with arriving(upload, name) as arrived:
        kind = sniff(arrived.path, name)
        refuse_classified_file(arrived.path, name)
        with transaction.atomic():
            kept = keep_row(arrived, kind, name=name, by=by, case=case, on=on, why=why)
            put_in_place(arrived)
        return kept


def keep_row(
    arrived: Arrived, kind: Kind, *, name: str, by: Actor, case: Case, on: date, why: str
) -> Attachment:
    payload = {
        "name": name,
        "sha256": arrived.sha256,
        "size": arrived.size,
        "content_type": kind.content_type,
    }
    event = record("casework.attach", subject=case.ref, by=by, on=on, why=why, payload=payload)
    return Attachment.objects.create(
        case=case, sha256=arrived.sha256, size=arrived.size, name=name, content_type=kind.content_type,
        uploaded_by=by.username, uploaded_on=on, recorded=event.recorded_at,
    )  # fmt: skip


def clean_name(name: str) -> str:
    """The last part of the name, without control or direction-changing characters; refuses what is left empty."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    kept = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip()
    if not kept.strip("."):
        raise refused(name, _("文件没有名字。"), "no_name", _("请命名后再传。"))
    stem, dot, extension = kept.rpartition(".")
    return kept if len(kept) <= NAME_AT_MOST else stem[: NAME_AT_MOST - len(extension) - 1] + dot + extension


@contextmanager
def arriving(upload: Readable, name: str) -> Iterator[Arrived]:
    """The upload in a temporary file beside the store, synced to disk; gone afterwards, whatever happens."""
    folder = Path(settings.MEDIA_ROOT) / INCOMING
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / uuid.uuid4().hex
    try:
        yield receive(upload, path, name)
    finally:
        path.unlink(missing_ok=True)


def receive(upload: Readable, path: Path, name: str) -> Arrived:
    refuse_too_large(name, getattr(upload, "size", None) or 0)
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        while chunk := upload.read(CHUNK):
            size += len(chunk)
            refuse_too_large(name, size)
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Arrived(path, digest.hexdigest(), size)


def refuse_too_large(name: str, size: int) -> None:
    if size > settings.UPLOAD_LIMIT:
        raise too_large(name, size)


def too_large(name: str, size: int) -> Refusal:
    """``size`` is how much of the file is known to be there, in bytes."""
    what = _("文件至少 %(size)s，超过每件 %(most)s 的上限。") % {
        "size": megabytes(size),
        "most": megabytes(settings.UPLOAD_LIMIT),
    }
    return refused(name, what, "too_large", _("请压缩或拆分后再传。"))


def put_in_place(arrived: Arrived) -> None:
    """Link the file under its hash; the same bytes need no second copy."""
    put(arrived.path, path_of(arrived.sha256))


def put(source: Path, target: Path) -> None:
    """Link the bytes into place and sync the folder; a link never replaces what is there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        os.link(source, target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def digest(path: Path) -> str:
    """SHA-256 of the bytes that lie there."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify_files() -> list[str]:
    """Every file read again: what is missing, changed, or belongs to no attachment, one Chinese sentence each."""
    lying = sorted(
        Path(settings.MEDIA_ROOT).glob("??/*")
    )  # listed first, so that one arriving meanwhile has its row
    known = dict(Attachment.objects.order_by("-id").values_list("sha256", "name"))
    found = [check_file(sha256, name) for sha256, name in sorted(known.items())]
    orphans = [
        _("文件 %(file)s 没有附件记录") % {"file": path.name} for path in lying if path.name not in known
    ]
    return [fault for fault in found if fault] + orphans


def check_file(sha256: str, name: str) -> str | None:
    path, named = path_of(sha256), {"name": name, "file": sha256}
    if not path.exists():
        return _("附件“%(name)s”的文件 %(file)s 不见了") % named
    with path.open("rb") as file:
        now = hashlib.file_digest(file, "sha256").hexdigest()
    return None if now == sha256 else _("附件“%(name)s”的文件 %(file)s 内容已变") % named
