"""Roles and how far they reach, as written in a line: ``registrar case_officer@organisation deputy@own``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from mangrove.registry.roles import BY_ID, ROLES

#: How far a role reaches: to the person's own things, those of their unit, of their organisation, or to anyone's.
Reach = Literal["own", "unit", "organisation", "anyone"]
#: Where an account stands to a thing: it is theirs or their unit's, their organisation's, or of another organisation.
Place = Literal["own", "house", "other"]

EVERYONE, NOBODY = "everyone", "nobody"
COVERED: Mapping[Reach, tuple[Place, ...]] = {
    "own": ("own",),
    "unit": ("own",),
    "organisation": ("own", "house"),
    "anyone": ("own", "house", "other"),
}


class Undeclared(ValueError):
    """A line that cannot be read; says which and why."""


@dataclass(frozen=True)
class Grant:
    """The roles that a line names, each with its reach."""

    roles: Mapping[str, frozenset[Reach]]

    def covers(self, role: str, place: Place) -> bool:
        return any(place in COVERED[reach] for reach in self.roles.get(role, ()))

    def __or__(self, other: Grant) -> Grant:
        return joined([self, other])

    def __bool__(self) -> bool:
        return bool(self.roles)


def joined(grants: Iterable[Grant]) -> Grant:
    found: dict[str, frozenset[Reach]] = {}
    for grant in grants:
        for role, reaches in grant.roles.items():
            found[role] = found.get(role, frozenset()) | reaches
    return Grant(found)


def grant(text: str, groups: Mapping[str, str]) -> Grant:
    """Read a line's roles. A name may be a role, a group of the file, ``everyone`` or ``nobody``."""
    found: dict[str, frozenset[Reach]] = {}
    for word in text.split():
        name, _at, reach = word.partition("@")
        for role in members(name, groups):
            found[role] = found.get(role, frozenset()) | {as_reach(reach or "anyone", word)}
    return Grant(found)


def members(name: str, groups: Mapping[str, str]) -> Iterable[str]:
    if name == EVERYONE:
        return [role.id for role in ROLES]
    if name == NOBODY:
        return []
    if name in groups:
        return groups[name].split()
    if name in BY_ID:
        return [name]
    raise Undeclared(f"没有角色或分组“{name}”")


def as_reach(text: str, word: str) -> Reach:
    for reach in get_args(Reach):
        if text == reach:
            found: Reach = reach
            return found
    raise Undeclared(f"“{word}”：@ 后面只能是 {'、'.join(get_args(Reach))}")
