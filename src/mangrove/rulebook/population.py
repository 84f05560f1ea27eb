"""Rows of things by entity and key, as engines read them: integers at declared scales, true unknowns, links by key.

This is the small, plain form that the interpreter reads; the fast engines read columns. Keys are text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

#: A stored value: ``None`` is unknown, never zero.
Stored = int | str | bool | date | None


@dataclass(frozen=True)
class Thing:
    """One row. ``links`` name the keys of the things that it belongs to; a link that is not known is left out."""

    entity: str
    key: str
    fields: Mapping[str, Stored] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


class Population:
    """Things of all entities. Raises ``ValueError`` for a key given twice and for a link that leads nowhere."""

    def __init__(self, things: Iterable[Thing], leads_to: Mapping[tuple[str, str], str]) -> None:
        """``leads_to`` maps (entity, link) to the entity that the link leads to, as the vocabulary has it."""
        self.things: dict[tuple[str, str], Thing] = {}
        self.leads_to = leads_to
        for thing in things:
            if (thing.entity, thing.key) in self.things:
                raise ValueError(f"{thing.entity} 的标识“{thing.key}”出现了两次。")
            self.things[thing.entity, thing.key] = thing
        self.refuse_orphans()

    def refuse_orphans(self) -> None:
        for thing in self.things.values():
            for link, key in thing.links.items():
                if (self.leads_to[thing.entity, link], key) not in self.things:
                    raise ValueError(f"{thing.entity} {thing.key} 的“{link}”指向不存在的“{key}”。")

    def linked(self, thing: Thing, link: str) -> Thing | None:
        """The thing that a link leads to; ``None`` when that is not known."""
        key = thing.links.get(link)
        return None if key is None else self.things[self.leads_to[thing.entity, link], key]

    def along(self, thing: Thing, steps: tuple[str, ...]) -> Stored:
        """The field at the end of some links; ``None`` when it is not known, or a link on the way."""
        *links, last = steps
        at: Thing | None = thing
        for link in links:
            at = self.linked(at, link) if at else None
        return at.fields.get(last) if at else None

    @cached_property
    def members(self) -> dict[tuple[str, str, str], list[Thing]]:
        """(child entity, link, key of the parent) → the children, in the order of their keys."""
        found: dict[tuple[str, str, str], list[Thing]] = defaultdict(list)
        for thing in sorted(self.things.values(), key=lambda one: one.key):
            for link, key in thing.links.items():
                found[thing.entity, link, key].append(thing)
        return found

    def children(self, thing: Thing, child: str, link: str) -> list[Thing]:
        return self.members.get((child, link, thing.key), [])
