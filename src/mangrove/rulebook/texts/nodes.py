"""What a rule file holds: texts, lists and mappings that know file, line and column. Every scalar is a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeAlias

from mangrove.rulebook.problems import Place, Problem
from mangrove.vocabulary.errors import nearest

#: What a quoted text may hold besides its own letters, as written; ``''`` is one quote.
LETTERS = {
    '"': re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|\n *|.)|[^ \n]"),
    "'": re.compile(r"''|[^ \n]"),
}


LETTER = re.compile(r"[^ \n]")


@dataclass(frozen=True)
class Words:
    """A text. ``place`` is where its first letter stands: after an opening quote, on the line below a ``|``."""

    text: str
    place: Place
    style: str = ""
    source: str = field(default="", repr=False, compare=False)
    start: int = field(default=0, repr=False, compare=False)

    def at(self, offset: int) -> Place:
        """Where ``text[offset]`` stands in the file, also in folded lines and after escapes; exact for letters."""
        before = self.text[:offset]
        inked = before.rstrip(" \n")
        blanks = len(before) - len(inked)
        passed = sum(letter not in " \n" for letter in inked)
        spans = self.letters()
        last = next(islice(spans, passed - 1, None), (self.start, self.start)) if passed else None
        onto = next(spans, None) if self.text[offset : offset + 1].strip(" \n") else None
        if onto is not None:
            return self.place_of(onto[0])
        return self.place_of(last[1] + blanks) if last else self.place

    def letters(self) -> Iterator[tuple[int, int]]:
        """Where each letter of the text that is not blank is written in the source: from, to."""
        for match in LETTERS.get(self.style, LETTER).finditer(self.source, self.start):
            if not is_blank(match[0]):
                yield match.span()

    def place_of(self, index: int) -> Place:
        line = self.place.line + self.source.count("\n", self.start, index)
        return Place(self.place.file, line, index - self.source.rfind("\n", 0, index))

    def in_file(self, problem: Problem) -> Problem:
        """A problem found in :attr:`text` taken alone (parsed from ``START``), now with its place in the file."""
        lines = self.text.split("\n")[: problem.place.line - 1]
        offset = sum(len(line) + 1 for line in lines) + problem.place.column - 1
        return Problem(problem.code, self.at(offset), problem.zh, problem.en)


@dataclass(frozen=True)
class Items:
    """A list."""

    place: Place
    nodes: list[Node] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[Node]:
        return iter(self.nodes)

    def all_words(self) -> list[Words]:
        """The items, each of which must be a text."""
        return [as_words(node, "列表的这一项", "this item of the list") for node in self.nodes]

    def all_fields(self) -> list[Fields]:
        """The items, each of which must be a mapping."""
        return [as_fields(node, "列表的这一项", "this item of the list") for node in self.nodes]


@dataclass(frozen=True)
class Fields:
    """A mapping, in the order of the file. ``keys`` has where each key stands."""

    place: Place
    entries: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Words] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def only(self, *known: str) -> None:
        """Refuse the first key that is not ``known``, naming the nearest."""
        for key, written in self.keys.items():
            if key not in known:
                raise unknown_key(written.place, key, known)

    def need(self, *keys: str) -> None:
        """Refuse when one of ``keys`` is missing."""
        for key in keys:
            if key not in self.entries:
                zh, en = f"这里缺“{key}”；请补上。", f"“{key}” is missing here; add it."
                raise Problem("missing_key", self.place, zh, en)

    def words(self, key: str, default: str | None = None) -> Words:
        """The text under ``key``; a key left empty is refused, an absent one too unless there is a ``default``."""
        if default is not None and key not in self.entries:
            return Words(default, self.place)
        self.need(key)
        return as_words(self.entries[key], *called(key))

    def fields(self, key: str) -> Fields:
        """The mapping under ``key``, empty when the key is absent."""
        node = self.entries.get(key)
        return Fields(self.place) if node is None else as_fields(node, *called(key))

    def items(self, key: str) -> Items:
        """The list under ``key``, empty when the key is absent."""
        node = self.entries.get(key)
        return Items(self.place) if node is None else as_items(node, *called(key))

    def all_words(self) -> Iterator[tuple[Words, Words]]:
        """Each key with its text."""
        for key, node in self.entries.items():
            yield self.keys[key], as_words(node, *called(key))

    def all_fields(self) -> Iterator[tuple[Words, Fields]]:
        """Each key with its mapping."""
        for key, node in self.entries.items():
            yield self.keys[key], as_fields(node, *called(key))


Node: TypeAlias = Words | Fields | Items


def is_blank(written: str) -> bool:
    """Whether a letter as written in double quotes means a blank or a line end, which folding may move."""
    if written[:1] != "\\" or len(written) == 1:
        return False
    if len(written) > 3 and written[1] in "xuU":
        return int(written[2:], 16) in (0x20, 0x0A)
    return written[1] in "n \n"


def unknown_key(place: Place, key: str, known: Iterable[str]) -> Problem:
    near = nearest(key, list(known))
    zh = f"是否想写“{near}”？" if near else f"这里可以写：{'、'.join(known)}。"
    en = f"did you mean “{near}”?" if near else f"known here: {', '.join(known)}."
    return Problem("unknown_key", place, f"不认识的键“{key}”，{zh}", f"Unknown key “{key}”; {en}")


def called(key: str) -> tuple[str, str]:
    return f"“{key}”", f"“{key}”"


def as_words(node: Node, zh: str, en: str) -> Words:
    """The node as a text, ``zh`` and ``en`` in a refusal. ``''`` in quotes is a text; nothing at all is not."""
    if not isinstance(node, Words):
        raise Problem("not_words", node.place, f"{zh}应为一段文字。", f"Write {en} as one text.")
    if not node.text and node.style == "":
        raise Problem(
            "empty",
            node.place,
            f"{zh}是空的；请写上，或删去。",
            f"{en[0].upper()}{en[1:]} is empty; fill it in, or delete it.",
        )
    return node


def as_fields(node: Node, zh: str, en: str) -> Fields:
    if isinstance(node, Fields):
        return node
    raise Problem("not_fields", node.place, f"{zh}应为若干“键: 值”。", f"Write {en} as “key: value” lines.")


def as_items(node: Node, zh: str, en: str) -> Items:
    if isinstance(node, Items):
        return node
    raise Problem(
        "not_items",
        node.place,
        f"{zh}应为列表；每项以“- ”开头。",
        f"Write {en} as a list, each item after “- ”.",
    )
