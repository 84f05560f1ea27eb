"""Who is served first: priority classes by the words of a field, ``{by: 规模, order: [[微型, 小型], [中型, 大型]]}``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mangrove.rulebook.allotting.paths import Path, read_path
from mangrove.rulebook.language.types import TRUTH
from mangrove.rulebook.population import Stored
from mangrove.rulebook.problems import Problem, not_one_of
from mangrove.rulebook.texts.nodes import Fields, Items, Node, Words, as_words
from mangrove.vocabulary.model import BOOLEANS, Vocabulary, find, known_names

#: All values that no class names.
ELSE = ("else", "其余")
KINDS = ("word", "text", "truth")


@dataclass(frozen=True)
class Classes:
    """The class of each value, 0 first; ``rest`` for values not named. A value that is not known is in the last class:
    whichever it turns out to be, nobody is then worse off for it."""

    by: Path
    of: Mapping[Stored, int]
    rest: int | None
    last: int

    def index(self, value: Stored) -> int:
        if value is None:
            return self.last
        return self.of.get(value, self.last if self.rest is None else self.rest)


def read_classes(fields: Fields, entities: Iterable[str], vocabulary: Vocabulary) -> Classes:
    """Raises :class:`Problem`: also for a value in two classes, and for one of a closed list that is in none."""
    fields.only("by", "order")
    fields.need("by", "order")
    by = read_path(fields.entries["by"], entities, vocabulary)
    if by.type.name not in KINDS:
        zh = f"优先顺序要按词表、文字或是否的字段来分，这是{by.type.zh}。"
        en = f"Classes go by a word of a list, a text or yes and no; this is {by.type.en}."
        raise Problem("class_field", fields.entries["by"].place, zh, en)
    order = fields.items("order")
    placed = placed_once(order, by, vocabulary)
    rest = placed.pop(ELSE, None)
    of: dict[Stored, int] = {value: index for value, index in placed.items() if not isinstance(value, tuple)}
    if rest is None:
        refuse_left_out(order, by, of, vocabulary)
    return Classes(by, of, rest, len(order) - 1)


def placed_once(order: Items, by: Path, vocabulary: Vocabulary) -> dict[Stored | tuple[str, str], int]:
    """The class of each value, and of all others under ``ELSE``."""
    placed: dict[Stored | tuple[str, str], int] = {}
    for index, node in enumerate(order):
        for words in members(node):
            value = ELSE if words.text in ELSE else value_of(words, by, vocabulary)
            if value in placed:
                zh, en = (
                    f"“{words.text}”已经在前面了；请删去一个。",
                    f"“{words.text}” is in a class already; delete one.",
                )
                raise Problem("class_twice", words.place, zh, en)
            placed[value] = index
    return placed


def members(node: Node) -> Iterator[Words]:
    """A class is one value or a list of them."""
    if isinstance(node, Items):
        yield from node.all_words()
    else:
        yield as_words(node, "优先顺序的这一类", "this class")


def value_of(words: Words, by: Path, vocabulary: Vocabulary) -> Stored:
    """A written value as it is stored."""
    if by.type == TRUTH:
        if words.text not in BOOLEANS:
            raise not_one_of(words.place, ("取值", "value"), words.text, BOOLEANS)
        return BOOLEANS[words.text]
    enum = vocabulary.enums.get(by.type.detail)
    if enum is None:
        return words.text
    found = find(enum.words, words.text)
    if found is None:
        what = (f"{enum.zh}的取值", f"word of {enum.en}")
        listed = [one.zh for one in enum.words.values()], [one.id for one in enum.words.values()]
        raise not_one_of(words.place, what, words.text, known_names(enum.words.values()), listed)
    return found.id


def refuse_left_out(order: Items, by: Path, of: Mapping[Stored, int], vocabulary: Vocabulary) -> None:
    enum = vocabulary.enums.get(by.type.detail)
    if enum is not None:
        left = [(word.zh, word.en) for word in enum.words.values() if word.id not in of]
    elif by.type == TRUTH:
        left = [(zh, en) for value, zh, en in ((True, "是", "yes"), (False, "否", "no")) if value not in of]
    else:
        left = [("其余取值", "all other values")]
    if left:
        zh = f"没有写{'、'.join(zh for zh, _ in left)}排在哪一类：请补上，或加“其余”。"
        en = f"In no class: {', '.join(en for _, en in left)}; add it, or “else”."
        raise Problem("class_missing", order.place, zh, en)
