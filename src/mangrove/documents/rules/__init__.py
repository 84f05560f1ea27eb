"""The format rules of an official letter, as data: one YAML file that setter and checker share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

POINTS = {"pt": Decimal(1), "mm": 72 / Decimal("25.4")}
STRENGTHS = ("规定", "一般", "推荐", "实务", "推算")


@dataclass(frozen=True, slots=True)
class Rule:
    """One format value.

    value and tolerance: in `unit` (mm, pt, 字, 行…); a value that is a word stays text. clause: of `standard` unless it
    names another text. strength: 规定 may fail a document, the others may not. check: 位置, 文字, 人工 or 设定.
    """

    id: str
    element: str
    quantity: str
    value: str
    unit: str
    tolerance: Decimal
    clause: str
    strength: str
    status: str
    source: str
    check: str
    standard: str

    @property
    def number(self) -> Decimal:
        """The value as a number; raises decimal.InvalidOperation if the rule states a word."""
        return Decimal(self.value)

    @property
    def cited(self) -> str:
        """The clause with its standard."""
        return self.clause if self.clause.startswith("GB/T") else f"{self.standard} {self.clause}"

    @property
    def is_number(self) -> bool:
        """Whether the rule states a number."""
        return self.value.replace(".", "", 1).isdecimal()

    @property
    def points(self) -> Decimal:
        """A length in points (1/72 inch)."""
        return self.number * POINTS[self.unit]


def read_rules_file(name: str) -> Any:
    """A YAML file of this package, every scalar read as text (so that 7.10 never becomes 7.1)."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506 - the base loader builds only text, lists and maps


@cache
def letter_rules() -> Mapping[str, Rule]:
    """The rules of 信函格式 by id, in the order of the file."""
    data = read_rules_file("gbt9704_2012_letter.yaml")
    rules = {row["id"]: _rule(row, data["standard"]) for row in data["rules"]}
    if len(rules) != len(data["rules"]):
        raise ValueError("gbt9704_2012_letter.yaml：规则编号重复")
    return MappingProxyType(rules)


def _rule(row: dict[str, str], standard: str) -> Rule:
    words = {name: text for name, text in row.items() if name != "tolerance"}
    return Rule(**words, tolerance=Decimal(row["tolerance"]), standard=standard)
