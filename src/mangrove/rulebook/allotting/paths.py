"""A field by name, for things of several kinds at once: what money is ranked, classed and matched by.

Written as one name for all of them, ``认定年度``; or by kind of thing where they reach it differently:
``{机构: 地域, 示范项目: 申报单位.地域}``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mangrove.rulebook.language.parser import parse
from mangrove.rulebook.language.scope import Scope, Text
from mangrove.rulebook.language.tree import Name
from mangrove.rulebook.language.typed import Column
from mangrove.rulebook.language.types import Type
from mangrove.rulebook.population import Population, Stored, Thing
from mangrove.rulebook.problems import START, Problem, unknown
from mangrove.rulebook.texts.nodes import Fields, Node, Words, as_words
from mangrove.vocabulary.model import Entity, Vocabulary, find, known_names

#: What may stand behind the name of a field to be ranked by: whether the greatest comes first.
DIRECTIONS = {"asc": False, "desc": True}


@dataclass(frozen=True)
class Path:
    """``steps`` by kind of thing (its id): links, the field last. All of them give one type at one scale."""

    type: Type
    steps: Mapping[str, tuple[str, ...]]

    def value(self, thing: Thing, population: Population) -> Stored:
        """``None`` when the field is not known, or a link on the way. Raises ``KeyError`` for a foreign kind of thing."""
        return population.along(thing, self.steps[thing.entity])


@dataclass(frozen=True)
class Ranking:
    """Paths to rank by, the most important first; ``falling``: the greatest comes first."""

    paths: tuple[Path, ...] = ()
    falling: tuple[bool, ...] = ()

    def values(self, thing: Thing, population: Population) -> tuple[Stored, ...]:
        return tuple(path.value(thing, population) for path in self.paths)


def read_ranking(nodes: Iterable[Node], entities: Iterable[str], vocabulary: Vocabulary) -> Ranking:
    """``[综合得分 desc, 验收日期]``. Raises :class:`Problem`."""
    kinds = list(entities)
    found = [read_directed(node, kinds, vocabulary) for node in nodes]
    return Ranking(tuple(path for path, _ in found), tuple(falling for _, falling in found))


def read_directed(node: Node, entities: Iterable[str], vocabulary: Vocabulary) -> tuple[Path, bool]:
    if isinstance(node, Fields):
        return read_path(node, entities, vocabulary), False
    words = as_words(node, "排序的这一项", "this item of the order")
    name, _, direction = words.text.rstrip().rpartition(" ")
    if direction not in DIRECTIONS or not name:
        return read_path(words, entities, vocabulary), False
    return read_path(shortened(words, name), entities, vocabulary), DIRECTIONS[direction]


def read_path(node: Node, entities: Iterable[str], vocabulary: Vocabulary) -> Path:
    """The path for things of these kinds (ids). Raises :class:`Problem`."""
    written = {id: words_for(node, vocabulary.entities[id]) for id in entities}
    if isinstance(node, Fields):
        refuse_strangers(node, vocabulary)
    found = {id: resolve(words, vocabulary, vocabulary.entities[id]) for id, words in written.items()}
    if len({(one.type, one.factor) for one in found.values()}) > 1:
        zh = "各类对象的这个字段类型或单位不同，不能放在一起。"
        en = "This field has another type or unit for another kind of thing; they cannot be put together."
        raise Problem("unlike", node.place, zh, en)
    return Path(next(iter(found.values())).type, {id: one.steps for id, one in found.items()})


def words_for(node: Node, entity: Entity) -> Words:
    """The name for one kind of thing, from a name for all or from a mapping by kind."""
    if not isinstance(node, Fields):
        return as_words(node, "字段", "the field")
    for name in (entity.id, entity.zh):
        if name in node:
            return node.words(name)
    zh = f"没有写“{entity.zh}”按哪个字段；请加“{entity.zh}: 字段”。"
    en = f"It does not say which field is meant for “{entity.en}”; add “{entity.id}: field”."
    raise Problem("no_field_for", node.place, zh, en)


def refuse_strangers(node: Fields, vocabulary: Vocabulary) -> None:
    for name, written in node.keys.items():
        if find(vocabulary.entities, name) is None:
            raise unknown(written.place, ("对象", "thing"), name, known_names(vocabulary.entities.values()))


def resolve(words: Words, vocabulary: Vocabulary, entity: Entity) -> Column:
    """The field that a name stands for, for one kind of thing."""
    try:
        tree = parse(words.text)
        if not isinstance(tree, Name):
            zh, en = "这里应为一个字段的名称。", "The name of a field is wanted here."
            raise Problem("not_a_field", START, zh, en)
        found = Scope(vocabulary, entity).reached(tree, Text(words.text, START))
        assert isinstance(found, Column)  # no definitions are known here
        return found
    except Problem as problem:
        raise words.in_file(problem) from None


def shortened(words: Words, text: str) -> Words:
    """The beginning of a text, still knowing where it stands."""
    return Words(text, words.place, words.style, words.source, words.start)
