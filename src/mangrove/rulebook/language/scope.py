"""The names that an expression may use: fields and links of the thing at hand, definitions, inputs, words of lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from mangrove.rulebook.language.tree import Name
from mangrove.rulebook.language.typed import Above, Column, Constant, Typed, Use
from mangrove.rulebook.language.types import DAY, NUMBER, Type, type_of
from mangrove.rulebook.problems import Place, Problem, unknown
from mangrove.rulebook.texts.naming import Outline
from mangrove.vocabulary.model import Entity, Field, Named, Relation, Vocabulary, find, known_names

#: What a run says of itself: the day for which it decides, and the year whose budget pays.
RUN = {
    "决定日": ("decide_on", DAY), "decide_on": ("decide_on", DAY),
    "预算年度": ("budget_year", NUMBER), "budget_year": ("budget_year", NUMBER),
}  # fmt: skip
FIELD, ENTITY = ("字段或名称", "field or name"), ("对象", "thing")


@dataclass(frozen=True)
class Text:
    """The text of one expression and where it begins, to point at a word of it."""

    text: str
    place: Place

    def at(self, offset: int) -> Place:
        return self.place.after(self.text, offset)

    def problem(self, code: str, offset: int, zh: str, en: str) -> Problem:
        return Problem(code, self.at(offset), zh, en)


@dataclass(frozen=True)
class Scope:
    """``entity`` is the thing at hand. ``given`` are definitions and earlier clauses by name; they may not hide a field.

    ``others`` are those of other entities, for the rows that an aggregate gathers. ``parameters`` are for all.
    """

    vocabulary: Vocabulary
    entity: Entity
    given: Mapping[str, Type] = field(default_factory=dict)
    others: Mapping[str, Mapping[str, Type]] = field(default_factory=dict)
    parameters: Mapping[str, Constant] = field(default_factory=dict)
    outline: Outline = field(default_factory=Outline)

    def of_child(self, child: Entity) -> Scope:
        """The names for one of the rows that an aggregate gathers: its own, not those of the thing at hand."""
        return replace(self, entity=child, given=self.others.get(child.id, {}))

    def knows(self, name: str) -> bool:
        return name in set(self.names())

    def names(self) -> Iterator[str]:
        yield from (name for name in self.given if "(" not in name)
        yield from self.parameters
        yield from RUN
        yield from names(self.entity)

    def resolve(self, name: Name, text: Text) -> Typed:
        """The column, the given value or the parameter that a name stands for. Raises :class:`Problem`."""
        first = name.steps[0]
        if len(name.steps) == 1 and (found := self.by_name(first, name.at)):
            if isinstance(found, Constant):
                self.refuse_hidden(first, name.at, text)
            return found
        return self.reached(name, text)

    def refuse_hidden(self, name: str, at: int, text: Text) -> None:
        """A parameter is for all things; it may not hide a field of the one at hand."""
        if find(self.entity.fields, name) or find(self.entity.relations, name):
            zh = f"“{name}”既是参数，又是“{self.entity.zh}”的字段；请给参数换一个名称。"
            en = (
                f"“{name}” is a parameter and a field of “{self.entity.en}”; give the parameter another name."
            )
            raise text.problem("two_meanings", at, zh, en)

    def by_name(self, name: str, at: int) -> Typed | None:
        if name in self.given:
            return Use(self.given[name], at, name)
        if name in self.parameters:
            return replace(self.parameters[name], at=at)
        if name in RUN:
            return Use(RUN[name][1], at, RUN[name][0])
        return None

    def reached(self, name: Name, text: Text) -> Column | Above:
        entity, steps = self.entity, list[str]()
        for step in name.steps[:-1]:
            link = self.link(entity, step, name, text)
            steps.append(link.id)
            entity = self.vocabulary.entities[link.to]
        found = find(entity.fields, name.steps[-1])
        named = self.others.get(entity.id, {}).get(name.steps[-1]) if steps else None
        if found is None and named is not None:
            return Above(named, name.at, tuple(steps), Use(named, name.at, name.steps[-1]))
        if found is None and (last := find(entity.relations, name.steps[-1])):
            raise self.link_alone(name, last, text)
        if found is None:
            known = self.names() if len(name.steps) == 1 else names(entity)
            raise self.outline.instead(name.steps[-1], unknown(text.at(name.at), FIELD, str(name), known))
        return Column(type_of(found), name.at, (*steps, found.id), base_factor(found))

    def link_alone(self, name: Name, link: Relation, text: Text) -> Problem:
        first = next(iter(self.vocabulary.entities[link.to].fields.values())).zh
        zh = f"“{name}”是关联，后面请接字段，例如 {name}.{first}。"
        en = f"“{name}” is a link; add a field behind it, such as {name}.{first}."
        return text.problem("link_alone", name.at, zh, en)

    def link(self, entity: Entity, step: str, name: Name, text: Text) -> Relation:
        found = find(entity.relations, step)
        if found is None:
            raise unknown(text.at(name.at), FIELD, str(name), names(entity))
        return found

    def children(self, name: Name, text: Text) -> tuple[Entity, Relation]:
        """The entity that an aggregate gathers, and its link to the thing at hand: ``基站`` or ``基站.运营商``."""
        child = find(self.vocabulary.entities, name.steps[0])
        if child is None:
            raise unknown(
                text.at(name.at), ENTITY, name.steps[0], known_names(self.vocabulary.entities.values())
            )
        if len(name.steps) > 2:
            zh, en = (
                f"“{name}”太长：只写对象和它的一个关联。",
                f"“{name}” is too long; write a thing and one of its links.",
            )
            raise text.problem("long_path", name.at, zh, en)
        links = [link for link in child.relations.values() if link.to == self.entity.id]
        if len(name.steps) > 1:
            links = [link for link in links if name.steps[1] in (link.id, link.zh)]
        if len(links) != 1:
            raise self.no_one_link(child, name, text)
        return child, links[0]

    def no_one_link(self, child: Entity, name: Name, text: Text) -> Problem:
        links = [link for link in child.relations.values() if link.to == self.entity.id]
        if not links:
            zh = f"“{child.zh}”没有关联到“{self.entity.zh}”，不能在这里合计。"
            en = f"“{child.en}” has no link to “{self.entity.en}” and cannot be gathered here."
            return text.problem("no_link", name.at, zh, en)
        known = "、".join(f"{child.zh}.{link.zh}" for link in links)
        zh = f"“{name}”不能确定按哪一个关联合计；可写：{known}。"
        en = f"“{name}” does not say by which link to gather; write one of: {known}."
        return text.problem("which_link", name.at, zh, en)


def names(entity: Entity) -> list[str]:
    things: list[Named] = [*entity.fields.values(), *entity.relations.values()]
    return list(known_names(things))


def base_factor(field: Field) -> Fraction:
    """What a stored integer of this field is worth in base units of its dimension; money is stored in them."""
    if field.type == "money":
        return Fraction(1)
    scale = Fraction(1, 10**field.scale)
    return scale * field.unit.factor if field.unit else scale
