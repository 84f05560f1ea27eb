"""How rooms name things and people to one another, without importing each other's models."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Ref:
    """A thing of some room: ``Ref("proposals", "proposal", "12")``. The id is text."""

    room: str
    kind: str
    id: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "id", str(self.id))

    def __str__(self) -> str:
        return f"{self.room}/{self.kind}/{self.id}"

    @classmethod
    def parse(cls, text: str) -> Ref:
        """Read ``room/kind/id``; raises ``ValueError`` when a part is missing."""
        room, kind, key = text.split("/", 2)
        return cls(room, kind, key)


@dataclass(frozen=True)
class Actor:
    """Who acts, as plain text, so that the ledger outlives accounts and their renaming."""

    username: str
    name: str
    role: str

    def __str__(self) -> str:
        return f"{self.name}（{self.role}）" if self.role else self.name


SYSTEM = Actor("system", "系统", "")

#: Whoever types at the command line of the server.
OPERATOR = Actor("cli", "命令行", "")
