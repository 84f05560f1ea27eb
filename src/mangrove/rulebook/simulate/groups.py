"""Rows by district, by size, by chain link: any word, text, whole number or link, of the thing or of one it belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from mangrove.rulebook.engines.columns import Ints, Snapshot, texts_of
from mangrove.rulebook.language.scope import names
from mangrove.rulebook.problems import START, Place, Problem, unknown
from mangrove.vocabulary.model import Entity, Field, Relation, find

#: Fields that put things into groups; amounts and days would make a group of each thing.
GROUPS = ("enum", "text", "boolean", "integer")
#: A thing that may have the datum and does not, and a thing of a kind without such a datum.
NOT_KNOWN = ("", "未知", "unknown")
NOT_THERE = ("-", "（没有这一项）", "(has no such datum)")
YES_NO = (("0", "否", "no"), ("1", "是", "yes"))


@dataclass(frozen=True)
class Group:
    id: str
    zh: str
    en: str

    def said(self, language: str) -> str:
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True)
class Grouping:
    """``codes`` is the place in ``groups`` of each row."""

    groups: tuple[Group, ...]
    codes: Ints


def grouping(snapshot: Snapshot, entity: str, path: str) -> Grouping:
    """The rows of an entity by a path such as ``所在区`` or ``申报单位.类别``; an empty path puts all in one group."""
    rows = len(snapshot.tables[entity])
    if not path:
        return Grouping((Group("", "合计", "total"),), np.zeros(rows, np.int64))
    found = resolved(snapshot.vocabulary.entities[entity], path, snapshot)
    if found is None:
        return Grouping((Group(*NOT_THERE),), np.zeros(rows, np.int64))
    links, last = found
    ends = np.arange(rows, dtype=np.int64)
    for holder, link in links:
        ends = followed(ends, snapshot.link(holder, link))
    holder = links_end(snapshot, entity, links)
    if isinstance(last, Relation):
        return by_link(snapshot, last, followed(ends, snapshot.link(holder, last.id)))
    return by_field(snapshot, holder, last, ends)


def resolved(
    entity: Entity, path: str, snapshot: Snapshot
) -> tuple[list[tuple[str, str]], Field | Relation] | None:
    """The links on the way, each with its entity, and the last field or link; ``None`` where the entity has none such."""
    links: list[tuple[str, str]] = []
    *way, last = path.split(".")
    for step in way:
        link = find(entity.relations, step)
        if link is None:
            return None
        links.append((entity.id, link.id))
        entity = snapshot.vocabulary.entities[link.to]
    field = find(entity.fields, last)
    if field is not None and field.type in GROUPS:
        return links, field
    relation = find(entity.relations, last)
    return None if relation is None else (links, relation)


def links_end(snapshot: Snapshot, entity: str, links: list[tuple[str, str]]) -> str:
    for holder, link in links:
        entity = snapshot.vocabulary.entities[holder].relations[link].to
    return entity


def followed(ends: Ints, link: Ints) -> Ints:
    """-1 where a link on the way is not known."""
    if not len(link):
        return np.full(len(ends), -1, np.int64)
    return np.where(ends >= 0, link[ends], -1)


def by_link(snapshot: Snapshot, link: Relation, ends: Ints) -> Grouping:
    """The things that the link leads to, called by their name where they have one."""
    groups = [Group(str(key), str(key), str(key)) for key in snapshot.tables[link.to].keys]
    fields = snapshot.vocabulary.entities[link.to].fields
    if "name" in fields and fields["name"].type == "text":
        column, texts = snapshot.column(link.to, "name"), texts_of(snapshot)
        for row, group in enumerate(groups):
            if column.known is None or column.known[row]:
                name = texts[int(column.values[row])]
                groups[row] = Group(group.id, name, name)
    return compacted(groups, ends)


def by_field(snapshot: Snapshot, holder: str, field: Field, ends: Ints) -> Grouping:
    column = snapshot.column(holder, field.id)
    values = np.append(column.values, -1)[ends]
    known = ends >= 0
    if column.known is not None:
        known = known & np.append(column.known, False)[ends]
    present, places = np.unique(values[known], return_inverse=True)
    codes = np.full(len(ends), -1, np.int64)
    codes[known] = places
    return compacted([named(snapshot, field, int(value)) for value in present], codes)


def named(snapshot: Snapshot, field: Field, value: int) -> Group:
    if field.enum:
        word = list(field.enum.words.values())[value]
        return Group(word.id, word.zh, word.en)
    if field.type == "boolean":
        return Group(*YES_NO[bool(value)])
    text = texts_of(snapshot)[value] if field.type == "text" else str(value)
    return Group(text, text, text)


def compacted(groups: list[Group], codes: Ints) -> Grouping:
    """Only groups that have rows, in the order given; -1 becomes the last, what is not known."""
    present = np.unique(codes)
    kept = [groups[code] for code in present if code >= 0]
    place = np.searchsorted(present[present >= 0], codes)
    if (codes < 0).any():
        place = np.where(codes < 0, len(kept), place)
        kept.append(Group(*NOT_KNOWN))
    return Grouping(tuple(kept), place.astype(np.int64))


def refuse_unknown(snapshot: Snapshot, entities: Iterable[str], path: str, place: Place = START) -> None:
    """Raises :class:`Problem` where none of the entities can be grouped so."""
    kinds = [snapshot.vocabulary.entities[one] for one in dict.fromkeys(entities)]
    if not path or any(resolved(one, path, snapshot) for one in kinds):
        return
    if any(find(one.fields, path) for one in kinds):
        zh = f"“{path}”不能用来分组；请用词表取值、文字、整数、是否或关联。"
        en = f"Things cannot be grouped by “{path}”; use a word of a list, a text, a whole number, yes or no, or a link."
        raise Problem("no_group", place, zh, en)
    raise unknown(
        place, ("字段或关联", "field or link"), path, [name for one in kinds for name in names(one)]
    )


def joined(groups: Iterable[Group]) -> list[Group]:
    """Each group once, in the order of first sight, those without the datum last."""
    found = list({group.id: group for group in groups}.values())
    return sorted(found, key=lambda one: one.id in (NOT_KNOWN[0], NOT_THERE[0]))
