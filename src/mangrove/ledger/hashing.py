"""What is hashed, and how. Changing anything here changes what old seals must be verified with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from mangrove.ledger.models import Event

GENESIS = "0" * 64
#: How a seal may have been made, and its hash function: ``sha256`` left out when it was made, ``sha256-at`` covers that.
DIGESTS = {"sha256": "sha256", "sha256-at": "sha256"}
DIGEST = "sha256-at"
SEALED_FIELDS = (
    "act", "room", "kind", "object_id", "actor", "actor_name", "actor_role", "why", "payload_hash",
)  # fmt: skip


def canonical(payload: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no spaces; raises ``TypeError`` on what is not JSON, floats included."""
    refuse_floats(payload)
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("账本不收浮点数：金额用整数分，小数用文本。")
    if isinstance(value, Mapping):
        for inner in value.values():
            refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            refuse_floats(inner)


def payload_hash(salt: str, text: str, digest: str = DIGEST) -> str:
    return hashlib.new(DIGESTS[digest], f"{salt}\n{text}".encode()).hexdigest()


def seal_hash(previous: str, position: int, event: Event, digest: str, sealed_at: datetime) -> str:
    """Hash of one link: the previous hash, the position, when it was sealed, every field of the event that means something."""
    said = {name: getattr(event, name) for name in SEALED_FIELDS}
    said |= {
        "uid": str(event.uid),
        "business_date": event.business_date.isoformat(),
        "recorded_at": instant(event.recorded_at),
        "back_entry": event.back_entry,
        "batch": str(event.batch) if event.batch else "",
        "previous": previous,
        "position": position,
    }
    if digest != "sha256":
        said |= {"digest": digest, "sealed_at": instant(sealed_at)}
    return hashlib.new(DIGESTS[digest], canonical(said).encode()).hexdigest()


def instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
