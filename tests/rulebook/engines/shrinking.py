"""Makes a measure and its population smaller for as long as they still show a difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from mangrove.rulebook.population import Population, Thing

from .random_rulebooks import Draft

#: Whether a draft and its things still show what went wrong. What does not load does not.
Shows = Callable[[Draft, Population], bool]
PARTS = ("definitions", "parameters", "inputs")
KEYS = ("when", "cap", "less", "shares", "unknown", "keep", "decided_by")


def shrunk(draft: Draft, population: Population, shows: Shows, tries: int = 300) -> tuple[Draft, Population]:
    """The first smaller one that still shows it, again and again; at most so many ``tries``."""
    while tries > 0:
        for smaller in candidates(draft, population):
            tries -= 1
            if shows(*smaller):
                draft, population = smaller
                break
            if tries <= 0:
                break
        else:
            break
    return draft, population


def candidates(draft: Draft, population: Population) -> Iterator[tuple[Draft, Population]]:
    yield from ((smaller, population) for smaller in smaller_drafts(draft))
    yield from ((draft, fewer) for fewer in fewer_things(population))


def smaller_drafts(draft: Draft) -> Iterator[Draft]:
    for n in reversed(range(len(draft["clauses"]))):
        yield without(draft, "clauses", n)
    for part in PARTS:
        for name in draft.get(part, {}):
            yield without(draft, part, name)
    for n, clause in enumerate(draft["clauses"]):
        for key in KEYS:
            if key in clause:
                yield without(draft, "clauses", n, key)
        for m in range(len(clause.get("when", ()))):
            yield without(draft, "clauses", n, "when", m)


def without(draft: Draft, *path: Any) -> Draft:
    made = deepcopy(draft)
    inside: Any = made
    for step in path[:-1]:
        inside = inside[step]
    del inside[path[-1]]
    return made


def fewer_things(population: Population) -> Iterator[Population]:
    things = list(population.things.values())
    size = len(things) // 2
    while size:
        for start in range(0, len(things), size):
            yield of_things([*things[:start], *things[start + size :]], population)
        size //= 2


def of_things(things: list[Thing], population: Population) -> Population:
    """A population of these, without the links to those that are gone."""
    keys, to = {(one.entity, one.key) for one in things}, population.leads_to
    kept = []
    for one in things:
        links = {link: key for link, key in one.links.items() if (to[one.entity, link], key) in keys}
        kept.append(Thing(one.entity, one.key, one.fields, links))
    return Population(kept, to)
