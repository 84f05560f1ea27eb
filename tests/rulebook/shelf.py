"""What the tests beside a measure really try: the sides of every threshold and cap, and every datum left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from mangrove.rulebook.decide import Deciding, Outcome
from mangrove.rulebook.interpret import Interpreter
from mangrove.rulebook.language import typed
from mangrove.rulebook.measures import Clause, Measure
from mangrove.rulebook.population import Thing
from mangrove.rulebook.texts.examples import Example, examples_of, read_examples
from mangrove.rulebook.texts.reader import load
from mangrove.vocabulary import vocabulary

SHELF = Path(__file__).parents[2] / "rulebooks" / "measures"
#: A clause, the words of its condition or cap, and the side: below (-1), at (0), above (1).
Side = tuple[str, str, int]


class Came(NamedTuple):
    """What a clause came to for one thing of a test."""

    example: Example
    deciding: Deciding
    outcome: Outcome
    thing: Thing


@dataclass(frozen=True)
class Shelved:
    """One measure and the tests beside it."""

    path: Path
    measure: Measure
    examples: tuple[Example, ...]

    @property
    def name(self) -> str:
        return self.path.stem

    @cached_property
    def outcomes(self) -> list[Came]:
        """What came out wherever a test expects something."""
        return [came for example in self.examples for came in self.came(example)]

    def came(self, example: Example) -> Iterator[Came]:
        deciding = Deciding(self.measure, example.population, example.run)
        for expectation in example.expected:
            thing = example.population.things[expectation.thing]
            clause = self.measure.clause(expectation.clause)
            yield Came(example, deciding, deciding.outcome(clause, thing), thing)


@cache
def shelved(path: Path) -> Shelved:
    measure = load(path, vocabulary())
    return Shelved(path, measure, tuple(read_examples(examples_of(path), measure)))


def files() -> list[Path]:
    return sorted(path for path in SHELF.glob("*/*.yaml") if not path.name.endswith(".tests.yaml"))


# --- thresholds and caps -----------------------------------------------------------------------------------------


def thresholds(node: typed.Typed, entity: str) -> Iterator[tuple[str, str, typed.Typed, typed.Typed]]:
    """(entity, what it is, left, right) of every comparison of quantities or days; rows gathered are of their own entity."""
    inner = node.child if isinstance(node, typed.Gathered) else entity
    if isinstance(node, typed.Comparison) and node.left.type.is_ordered:
        yield entity, f"{node.at}", node.left, node.right
    if isinstance(node, typed.Between):
        yield entity, f"{node.at} from", node.value, node.low
        yield entity, f"{node.at} until", node.value, node.high
    for part in node.parts():
        yield from thresholds(part, inner)


def sides_wanted(measure: Measure) -> set[Side]:
    conditions = {
        (clause.id, f"{formula.text} @{what}", side)
        for clause in measure.clauses
        for formula in clause.conditions
        for _entity, what, _left, _right in thresholds(formula.meaning, clause.entity)
        for side in (-1, 0, 1)
    }
    caps = {(clause.id, "cap", side) for clause in measure.clauses if clause.caps for side in (-1, 0, 1)}
    return conditions | caps


def sides_tried(one: Shelved) -> Iterator[Side]:
    for _example, deciding, outcome, thing in one.outcomes:
        clause = outcome.clause
        if (
            clause.caps
            and outcome.uncapped is not None
            and outcome.capped is not None
            and outcome.fen is not None
        ):
            lowest = min(lowest_cap(clause, deciding, thing))
            yield clause.id, "cap", compared(outcome.uncapped, lowest)
        for formula in clause.conditions:
            for entity, what, left, right in thresholds(formula.meaning, clause.entity):
                for each in [thing] if entity == thing.entity else things_of(deciding, entity):
                    interpreter = Interpreter(deciding.population, each, deciding.named)
                    pair: tuple[Any, Any] = interpreter.value(left), interpreter.value(right)
                    if None not in pair:
                        yield clause.id, f"{formula.text} @{what}", compared(*pair)


def lowest_cap(clause: Clause, deciding: Deciding, thing: Thing) -> list[int]:
    caps: list[Any] = [deciding.value(one, thing) for one in clause.caps]
    return [round(one) for one in caps if one is not None]


def compared(left: Any, right: Any) -> int:
    return (left > right) - (left < right)


def things_of(deciding: Deciding, entity: str) -> list[Thing]:
    return [one for one in deciding.population.things.values() if one.entity == entity]


# --- data left out -----------------------------------------------------------------------------------------------


def data_used(one: Shelved, clause: Clause) -> set[tuple[str, str]]:
    """(entity, field) of every datum that the clause reads itself or by a definition."""
    return {
        used
        for _part, formula in clause.formulas()
        for used in data_read(one.measure, formula.meaning, clause.entity)
    }


def data_read(measure: Measure, node: typed.Typed, entity: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, typed.Column):
        for link in node.steps[:-1]:
            entity = measure.vocabulary.entities[entity].relations[link].to
        yield entity, node.steps[-1]
    if isinstance(node, typed.Use):
        found = [one for one in measure.definitions if (one.entity, one.name) == (entity, node.name)]
        for definition in found:
            yield from data_read(measure, definition.formula.meaning, entity)
    inner = node.child if isinstance(node, typed.Gathered) else entity
    for part in node.parts():
        yield from data_read(measure, part, inner)


def data_left_out(one: Shelved, clause: Clause) -> set[tuple[str, str]]:
    """(entity, field) that some thing lacks in a test where the clause comes out as 缺数据."""
    return {
        (near.entity, field)
        for _example, deciding, outcome, thing in one.outcomes
        if outcome.clause is clause and outcome.standing == "缺数据"
        for near in near_to(deciding, thing)
        for field in one.measure.vocabulary.entities[near.entity].fields
        if near.fields.get(field) is None
    }


def near_to(deciding: Deciding, thing: Thing) -> Iterator[Thing]:
    """The thing, those that it links to, and those that link to it."""
    yield thing
    for link in thing.links:
        if above := deciding.population.linked(thing, link):
            yield above
    for entity, link, key in list(deciding.population.members):
        if key == thing.key and deciding.population.leads_to[entity, link] == thing.entity:
            yield from deciding.population.children(thing, entity, link)
