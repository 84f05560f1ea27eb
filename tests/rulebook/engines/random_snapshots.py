"""Random populations for a measure: unknowns everywhere, missing links, empty groups, ties, and numbers at every edge."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

from mangrove.rulebook.decide import Run
from mangrove.rulebook.population import Population, Stored, Thing
from mangrove.rulebook.texts.tables import links
from mangrove.vocabulary.model import Entity, Field, Vocabulary

from .random_words import DAYS, TEXTS

SIZES = [0, 1, 2, 3, 5, 8, 12, 20, 40]
BIG = [2**53, 2**53 + 1, -(2**53) - 1, 2**40 + 1, 10**12]
EXTREME = [2**61, -(2**61), 2**62 - 1, 2**62, -(2**62), 3 * 2**60, 2**61 + 2**60, 2**63 - 1, -(2**63), 1, 0]
EDGES = [date.min, date.max, date(9999, 2, 28), date(1, 3, 1), date(4, 2, 29)]
Make = Callable[[], Stored]


def run(r: Random) -> Run:
    day = r.choice(DAYS) if r.random() < 0.7 else None
    return Run(day, r.choice([2019, 2020, 2021, 0, -1]) if r.random() < 0.7 else None)


def population(r: Random, vocabulary: Vocabulary, most: int = 40) -> Population:
    sizes = {one: r.choice([size for size in SIZES if size <= most]) for one in vocabulary.entities}
    keys = {one: shuffled(r, [f"{one[0]}{n}" for n in range(size)]) for one, size in sizes.items()}
    wild = r.random() < 0.3
    things = [
        thing
        for entity in vocabulary.entities.values()
        for thing in Rows(r, entity, keys, wild=wild).all()
    ]  # fmt: skip
    return Population(things, dict(links(vocabulary)))


def shuffled(r: Random, keys: list[str]) -> list[str]:
    r.shuffle(keys)
    return keys


class Rows:
    """The rows of one table; each column has its own habits."""

    def __init__(self, r: Random, entity: Entity, keys: dict[str, list[str]], *, wild: bool) -> None:
        self.r, self.entity, self.keys, self.wild = r, entity, keys, wild

    def all(self) -> list[Thing]:
        fields = {name: self.column(one) for name, one in self.entity.fields.items()}
        ends = {name: self.ends(self.keys[one.to]) for name, one in self.entity.relations.items()}
        found = []
        for key in self.keys[self.entity.id]:
            known = {name: to for name, make in ends.items() if (to := make()) is not None}
            found.append(Thing(self.entity.id, key, {name: make() for name, make in fields.items()}, known))
        return found

    def ends(self, keys: list[str]) -> Callable[[], str | None]:
        """Where a link leads: to all, or to a few so that the others, the last too, have no children."""
        few = keys if self.r.random() < 0.5 else sorted(keys)[: self.r.randint(0, len(keys))]
        missing = self.r.choice([0, 0.1, 0.5])
        return lambda: None if not few or self.r.random() < missing else self.r.choice(few)

    def column(self, field: Field) -> Make:
        unknown = self.r.choice([0, 0, 0.1, 0.1, 0.3, 1]) if self.r.random() < 0.9 else 0.8
        make = self.values(field)
        return lambda: None if self.r.random() < unknown else make()

    def values(self, field: Field) -> Make:
        r = self.r
        if field.enum:
            known = r.sample(list(field.enum.words), r.randint(1, len(field.enum.words)))
            return lambda: r.choice(known)
        if field.type == "date":
            edges = DAYS + EDGES if self.wild and r.random() < 0.3 else DAYS
            return lambda: r.choice(edges) if r.random() < 0.6 else near(r)
        if field.type == "text":
            return lambda: r.choice(TEXTS)
        if field.type == "boolean":
            return lambda: r.random() < 0.5
        return self.numbers(field)

    def numbers(self, field: Field) -> Make:
        """Stored integers, at the scale of the field."""
        r, one = self.r, 10**field.scale
        if self.wild and r.random() < 0.2:
            return lambda: r.choice(EXTREME)
        if r.random() < 0.1:
            return lambda: r.choice(BIG)
        round_numbers = [n * one for n in (0, 1, 2, 3, 5, 7, 10, 12, 100, 2020, 2021)]
        return r.choice(
            [
                lambda: r.randint(-4, 12), lambda: r.choice(round_numbers), lambda: r.choice(round_numbers),
                lambda: r.choice([100, 200]), lambda: r.randrange(1000 * one), lambda: r.randint(-(10**9), 10**9),
            ]
        )  # fmt: skip


def near(r: Random) -> date:
    return date(2020, 2, 29) + timedelta(r.randint(-1600, 1600))
