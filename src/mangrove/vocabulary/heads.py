"""Heads of columns as people write them: the name of a field, behind it perhaps the unit of its numbers, 总投资（万元）."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from mangrove.vocabulary.model import Entity, Field, Relation, find, in_english
from mangrove.vocabulary.quantity import NUMBER
from mangrove.vocabulary.units import Unit, known_units

BRACKETED = re.compile(r"(.+?)\s*[（(]\s*([^（）()]+?)\s*[）)]")


class UnfitUnit(ValueError):
    """A unit that does not go with the field, said in both languages with those that do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.zh, self.en = zh, en


@dataclass(frozen=True)
class Head:
    """What a column holds. ``unit`` is that of its plain numbers, where the head names one."""

    of: Field | Relation
    unit: Unit | None = None

    def cell(self, text: str) -> str:
        """A plain number with the unit of the head behind it; what has a unit of its own keeps that."""
        narrow = unicodedata.normalize("NFKC", text).strip() if self.unit else ""
        return f"{narrow}{self.unit.zh}" if self.unit and NUMBER.fullmatch(narrow) else text


def head_of(entity: Entity, text: str) -> Head | None:
    """The link or else the field that a head names, by id or by its name in either language. Raises :class:`UnfitUnit`."""
    if (found := named(entity, text)) is not None:
        return Head(found)
    bare, bracketed = parted(text)
    found = named(entity, bare)
    return None if found is None else Head(found, fitting(found, bracketed))


def named(entity: Entity, name: str) -> Field | Relation | None:
    found = find(entity.relations, name) or find(entity.fields, name)
    return found or in_english(entity.relations.values(), name) or in_english(entity.fields.values(), name)


def parted(text: str) -> tuple[str, str]:
    """The name, and what stands in brackets behind it."""
    found = BRACKETED.fullmatch(text.strip())
    return (found[1], found[2]) if found else (text, "")


def fitting(one: Field | Relation, name: str) -> Unit:
    """The unit of that name, if numbers of the field may be in it."""
    units = units_of(one)
    narrow = unicodedata.normalize("NFKC", "".join(name.split()))
    found = known_units().by_name.get(narrow) or in_english(units, name)
    if found is not None and found in units:
        return found
    if not units:
        zh, en = (
            f"“{one.zh}”没有单位；请删去括号和里面的“{name}”。",
            f"“{one.en}” has no unit; delete the brackets and “{name}” in them.",
        )
        raise UnfitUnit(zh, en)
    names = [unit.zh for unit in units]
    zh = f"“{one.zh}”的单位不能是“{name}”；可以写：{'、'.join(names)}。"
    en = f"“{name}” is no unit of “{one.en}”; one of: {', '.join(names)}."
    raise UnfitUnit(zh, en)


def units_of(one: Field | Relation) -> list[Unit]:
    """In what the numbers of a field may be written; none for what has no unit."""
    if not isinstance(one, Field) or one.unit is None:
        return []
    return [unit for name, unit in known_units().by_name.items()
            if name == unit.zh and unit.dimension == one.unit.dimension]  # fmt: skip
