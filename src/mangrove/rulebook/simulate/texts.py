"""A draft against what is in force: the words of each article, the rule beside them, and the numbers by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from mangrove.rulebook.language.typed import Constant
from mangrove.rulebook.measures import Clause, Measure

#: A number with its point, a word of letters, or one other sign: Chinese is compared sign by sign, numbers whole.
TOKEN = re.compile(r"\d+(?:\.\d+)?|[A-Za-z_]+|.", re.ASCII | re.DOTALL)
#: What a draft may change of the version, where it stands in the file is not.
VERSION = ("in_force", "until", "decided_by", "status", "source")
Change = Literal["added", "removed", "changed"]


@dataclass(frozen=True)
class Piece:
    """A stretch of text: ``same``, ``old`` (only in force) or ``new`` (only in the draft)."""

    kind: Literal["same", "old", "new"]
    text: str


@dataclass(frozen=True)
class PartChange:
    """One part of an article (``text``, ``amount``, ``when2``): how it reads in force and in the draft, in pieces."""

    part: str
    old: str
    new: str

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(pieces(self.old, self.new))


@dataclass(frozen=True)
class ArticleChange:
    """``parts`` is empty for an article that is wholly new or wholly gone."""

    id: str
    change: Change
    clause: Clause
    parts: tuple[PartChange, ...] = ()


@dataclass(frozen=True)
class ConstantChange:
    """``None`` on the side that does not have this number."""

    name: str
    old: Constant | None
    new: Constant | None


def pieces(old: str, new: str) -> Iterator[Piece]:
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    matched = SequenceMatcher(None, before, after, autojunk=False)
    for _how, a, b, c, d in matched.get_opcodes():
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        if gone == come:
            yield Piece("same", gone)
            continue
        yield from (Piece("old", one) for one in [gone] if one)
        yield from (Piece("new", one) for one in [come] if one)


def article_changes(old: Measure, new: Measure) -> list[ArticleChange]:
    """By clause id: those of the draft in its order, then those that it drops."""
    before, after = ({one.id: one for one in measure.clauses} for measure in (old, new))
    found = []
    for id, clause in after.items():
        if id not in before:
            found.append(ArticleChange(id, "added", clause))
        elif parts := tuple(part_changes(parts_of(before[id]), parts_of(clause))):
            found.append(ArticleChange(id, "changed", clause, parts))
    gone = (clause for id, clause in before.items() if id not in after)
    return found + [ArticleChange(one.id, "removed", one) for one in gone]


def measure_changes(old: Measure, new: Measure) -> list[PartChange]:
    """What stands above and below the articles: name, version, definitions, quotas."""
    return list(part_changes(frame_of(old), frame_of(new)))


def part_changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[PartChange]:
    for part in {**new, **old}:
        before, after = old.get(part, ""), new.get(part, "")
        if before != after:
            yield PartChange(part, before, after)


def parts_of(clause: Clause) -> dict[str, str]:
    """All of a clause that an officer reads, by part."""
    found = {"article": clause.article, "text": clause.text, "text_status": clause.text_status}
    found |= {"for": clause.entity, "keep": clause.keep, "members": ", ".join(clause.members)}
    found |= {part: one.text for part, one in clause.formulas()}
    found["shares"] = ", ".join(f"{name}: {weight}" for name, weight in clause.shares)
    return {part: text for part, text in found.items() if text}


def frame_of(measure: Measure) -> dict[str, str]:
    found = {"measure": measure.name}
    version = {name: getattr(measure.version, name) for name in VERSION}
    found |= {f"version.{name}": str(value) for name, value in version.items() if value not in (None, "")}
    found |= {f"definitions.{one.name}": one.formula.text for one in measure.definitions}
    for number, quota in enumerate(measure.quotas, 1):
        found[f"quotas.{number}"] = str(quota)
    return found


def constant_changes(old: Measure, new: Measure) -> list[ConstantChange]:
    """Numbers and days by name that differ, in the order of the draft; those that it drops last."""
    before, after = old.constants(), new.constants()
    names = [*after, *(name for name in before if name not in after)]
    pairs = ((name, before.get(name), after.get(name)) for name in names)
    return [ConstantChange(*one) for one in pairs if meaning(one[1]) != meaning(one[2])]


def meaning(one: Constant | None) -> object:
    return None if one is None else (one.type, one.value)
