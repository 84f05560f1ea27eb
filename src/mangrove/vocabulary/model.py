"""Entities, fields, relations and enums as frozen data: what the word files say, checked and looked up by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from mangrove.vocabulary.errors import UnknownWord
from mangrove.vocabulary.units import Unit

TYPES = frozenset({"text", "integer", "decimal", "money", "ratio", "date", "boolean", "enum"})
VARIES = frozenset({"static", "dated", "periodic"})
BOOLEANS = {"是": True, "Y": True, "Yes": True, "否": False, "N": False, "No": False}

Value = str | int | date | bool


class Named(Protocol):
    """Anything with an English id, one Chinese alias and an English label."""

    @property
    def id(self) -> str: ...
    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


class InEnglish(Protocol):
    """Anything with an English label."""

    @property
    def en(self) -> str: ...


N = TypeVar("N", bound=Named)
E = TypeVar("E", bound=InEnglish)


def find(things: Mapping[str, N], name: str) -> N | None:
    """By id or by Chinese alias."""
    return things.get(name) or next((thing for thing in things.values() if thing.zh == name), None)


def in_english(things: Iterable[E], name: str) -> E | None:
    """By English label, as files in English have it; capitals and blanks do not matter."""
    said = " ".join(name.split()).casefold()
    return next((thing for thing in things if thing.en.casefold() == said), None) if said else None


def look_up(things: Mapping[str, N], name: str, what: str) -> N:
    """The same; raises :class:`UnknownWord` naming the nearest."""
    found = find(things, name)
    if found is None:
        raise UnknownWord(what, name, known_names(things.values()))
    return found


def known_names(things: Iterable[Named]) -> Iterator[str]:
    for thing in things:
        yield thing.id
        yield thing.zh


@dataclass(frozen=True)
class Word:
    """One value of an enum."""

    id: str
    zh: str
    en: str
    note: str = ""


@dataclass(frozen=True)
class Enum:
    """A closed list of words, in the order in which people read them."""

    id: str
    zh: str
    en: str
    words: Mapping[str, Word]

    def word(self, name: str) -> Word:
        return look_up(self.words, name, f"{self.zh}的取值")


@dataclass(frozen=True)
class Field:
    """One property of an entity. ``varies``: static, dated (holds from a day) or periodic (belongs to a period).

    A ``decimal`` is stored as an integer times 10**-``scale``; ``money`` is stored in fen; a ``ratio`` at its scale.
    ``personal``: about one person, and shown only to who needs it.
    """

    id: str
    zh: str
    en: str
    type: str
    varies: str = "static"
    unit: Unit | None = None
    scale: int = 0
    enum: Enum | None = None
    required: bool = False
    note: str = ""
    personal: bool = False


@dataclass(frozen=True)
class Relation:
    """A link from each row to exactly one row, or none where not ``required``, of another entity."""

    id: str
    zh: str
    en: str
    to: str
    required: bool = False
    note: str = ""


@dataclass(frozen=True)
class Entity:
    """Things of one kind: their key, their to-one relations and their fields.

    ``about`` is the relation to the organisation that such a thing is about; ``own_table``: a room keeps these things in a
    table of its own, all others are kept as records (``registry/records``).
    """

    id: str
    zh: str
    en: str
    key: tuple[str, ...]
    fields: Mapping[str, Field]
    relations: Mapping[str, Relation]
    note: str = ""
    about: str = ""
    own_table: bool = False

    def field(self, name: str) -> Field:
        """The field of that id or Chinese alias; raises :class:`UnknownWord`."""
        return look_up(self.fields, name, "字段")

    def relation(self, name: str) -> Relation:
        return look_up(self.relations, name, "关联")


@dataclass(frozen=True)
class Vocabulary:
    """All that the word files declare."""

    entities: Mapping[str, Entity]
    enums: Mapping[str, Enum]

    def entity(self, name: str) -> Entity:
        return look_up(self.entities, name, "实体")

    def enum(self, name: str) -> Enum:
        return look_up(self.enums, name, "词表")
