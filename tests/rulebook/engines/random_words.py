"""The small world in which random rulebooks are written, and the numbers that they and their data share: ties are common."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from mangrove.rulebook.language.types import DAY, MONEY, NUMBER, TEXT, TRUTH, Type, quantity, type_of
from mangrove.vocabulary.loader import UNITS_FILE, load
from mangrove.vocabulary.model import Vocabulary
from mangrove.vocabulary.units import WORDS

#: How a written number of each dimension ends. A number alone is refused where a share is wanted, one with 个 means the same.
UNITS = {"": ["个", "个", "个", "%", "个", "万", "‰"], "金额": ["元", "元", "元", "分", "万元"], "人口": ["人", "人", "万人"],
         "时间": ["天"], "电量": ["千瓦时", "万千瓦时"], "电价": ["元/千瓦时"], "面积": ["平方公里", "平方米"]}  # fmt: skip
NUMBERS = [
    "0",
    "1",
    "2",
    "3",
    "5",
    "7",
    "10",
    "12",
    "100",
    "0.5",
    "0.1",
    "1.005",
    "33.3",
    "0.0001",
    "2020",
    "2021",
]
#: Larger than any amount that is paid, and than what a float holds.
LARGE = ["90071992547409.93", "123456789.123456", "1000000007"]
DAYS = [date(2020, 2, 29), date(2021, 2, 28), date(2021, 3, 1), date(2019, 2, 28), date(2016, 2, 29), date(2022, 12, 31),
        date(2020, 1, 1), date(2100, 2, 28), date(2000, 2, 29), date(1969, 12, 31), date(1970, 1, 1)]  # fmt: skip
TEXTS = ["甲", "乙", "丙丁", ""]
QUANTITIES = [MONEY, NUMBER, *(quantity(name) for name in ("人口", "时间", "电量", "电价", "面积"))]


@cache
def words() -> Vocabulary:
    """The vocabulary of ``words/``, with the units of the house."""
    with TemporaryDirectory() as folder:
        for path in (WORDS / UNITS_FILE, *(Path(__file__).parent / "words").glob("*.yaml")):
            shutil.copy(path, folder)
        return load(Path(folder))


@dataclass(frozen=True)
class Known:
    """Something with a type that an expression about some thing may name."""

    names: tuple[str, ...]
    type: Type


@dataclass
class World:
    """What expressions may name, as far as a measure has been written: fields, inputs, definitions, clauses, parameters."""

    vocabulary: Vocabulary
    by_entity: dict[str, list[Known]] = field(default_factory=dict)
    parameters: list[Known] = field(default_factory=list)
    meets: dict[str, list[str]] = field(default_factory=dict)
    lists: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entity in self.vocabulary.entities.values():
            fields = [Known((one.id, one.zh), type_of(one)) for one in entity.fields.values()]
            self.by_entity[entity.id] = fields
            self.meets[entity.id] = []
        for enum in self.vocabulary.enums.values():
            self.lists[enum.id] = [(word.id, word.zh) for word in enum.words.values()]

    def add(self, entity: str, name: str, type: Type) -> None:
        self.by_entity[entity].append(Known((name,), type))

    def add_parameter(self, name: str, type: Type) -> None:
        self.parameters.append(Known((name,), type))

    def links(self, entity: str) -> list[tuple[tuple[str, str], str]]:
        """The names of each link, and the entity that it leads to."""
        return [((one.id, one.zh), one.to) for one in self.vocabulary.entities[entity].relations.values()]

    def named(self, entity: str, type: Type, r: Random) -> Iterator[str]:
        """Every name of this type for ``entity`` and for the things that its links lead to."""
        yield from (r.choice(one.names) for one in self.by_entity[entity] if one.type == type)
        for names, to in self.links(entity):
            step = r.choice(names)
            yield from (f"{step}.{rest}" for rest in self.named(to, type, r))

    def children(self, entity: str, r: Random) -> list[tuple[str, str]]:
        """The kinds of thing that an aggregate about ``entity`` may gather, and how it names them."""
        found = []
        for child in self.vocabulary.entities.values():
            links = [one for one in child.relations.values() if one.to == entity]
            for link in links:
                name = r.choice((child.id, child.zh))
                alone = len(links) == 1 and r.random() < 0.7
                found.append((child.id, name if alone else f"{name}.{r.choice((link.id, link.zh))}"))
        return found

    def types(self, entity: str) -> list[Type]:
        """What can be compared about ``entity``."""
        return [one.type for one in self.by_entity[entity]]


def written(kind: Type, r: Random) -> str:
    """A number with its unit, a day or a text."""
    if kind == DAY:
        return r.choice(DAYS).isoformat()
    if kind == TEXT:
        return f'"{r.choice(TEXTS)}"'
    if kind == TRUTH:
        return r.choice(["true", "false", "是", "否"])
    if r.random() < 0.02:
        return f"{r.choice(LARGE)}{UNITS[kind.detail][-1 if kind.detail == '面积' else 0]}"
    number = r.choice(NUMBERS)
    sign = "-" if r.random() < 0.08 and number != "0" else ""
    return f"{sign}{number}{r.choice(UNITS[kind.detail])}"
