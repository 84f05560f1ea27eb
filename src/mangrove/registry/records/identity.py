"""What a thing is called: its key as text, and one id for all its versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from mangrove.vocabulary.model import Entity

JOINED_BY = "/"
THINGS = uuid5(NAMESPACE_URL, "mangrove:registry:record")


def key_of(entity: Entity, values: Mapping[str, Any]) -> str:
    """The parts of the key as links to it have them, as the rulebook's engines join them too."""
    return JOINED_BY.join(str(values[part]) for part in entity.key)


def thing_of(entity: Entity, key: str) -> UUID:
    """The same whoever enters it, and in every snapshot."""
    return uuid5(THINGS, f"{entity.id}/{key}")
