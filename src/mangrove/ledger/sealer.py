"""The one sealer: chains committed events in batches, and writes the chain's head outside the database."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from mangrove.ledger.hashing import DIGEST, GENESIS, seal_hash
from mangrove.ledger.models import Event, Seal, Sealing

BATCH = 2000


def seal_pending() -> int:
    """Seal every committed event that has no seal yet, oldest first; returns how many. Safe to run twice at once."""
    total = 0
    while sealed := seal_batch():
        total += sealed
    return total


def seal_batch() -> int:
    with transaction.atomic():
        Sealing.objects.get_or_create(id=1)
        Sealing.objects.select_for_update().get(id=1)
        last = Seal.objects.order_by("-position").first()
        seals = chain(last, list(Event.objects.filter(seal=None).order_by("id")[:BATCH]))
        Seal.objects.bulk_create(seals)
    if seals:
        write_head(seals[-1])
    return len(seals)


def chain(last: Seal | None, events: list[Event]) -> list[Seal]:
    position, previous = (last.position, last.hash) if last else (0, GENESIS)
    now, seals = timezone.now(), []
    for event in events:
        position += 1
        link = seal_hash(previous, position, event, DIGEST, now)
        seals.append(
            Seal(position=position, event=event, digest=DIGEST, previous=previous, hash=link, sealed_at=now)
        )
        previous = link
    return seals


def heads_file() -> Path:
    return Path(settings.MANGROVE_VAR) / "seals" / "heads.log"


def write_head(seal: Seal) -> None:
    """Append the head to a file that the database's owner need not own; a copy elsewhere is better still."""
    path = heads_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        line = f"{seal.position}\t{seal.hash}\t{seal.sealed_at.isoformat()}\n"
        file.write((line if ends_whole(file) else f"\n{line}").encode())
        file.flush()
        os.fsync(file.fileno())


def ends_whole(file: BinaryIO) -> bool:
    """Whether the last line was written to its end; a process killed in the middle leaves a torn one."""
    if file.seek(0, os.SEEK_END) == 0:
        return True
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"
