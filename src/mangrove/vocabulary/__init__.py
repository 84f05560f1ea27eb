"""The words of the house: every entity, field, unit and enum is declared once, in ``words/*.yaml``.

>>> vocabulary.entity("organisation").field("统一社会信用代码").id
'credit_code'
"""

from __future__ import annotations

from functools import cache

from mangrove.vocabulary.errors import UnknownWord, VocabularyError
from mangrove.vocabulary.loader import load
from mangrove.vocabulary.model import Entity, Enum, Field, Relation, Vocabulary, Word
from mangrove.vocabulary.quantity import Quantity, format_quantity, parse_quantity
from mangrove.vocabulary.units import WORDS, Unit, convert, unit
from mangrove.vocabulary.values import parse_value, show_value

__all__ = [
    "Entity", "Enum", "Field", "Quantity", "Relation", "Unit", "UnknownWord", "Vocabulary", "VocabularyError", "Word",
    "convert", "entity", "enum", "format_quantity", "load", "parse_quantity", "parse_value", "show_value", "unit",
    "vocabulary",
]  # fmt: skip


@cache
def vocabulary() -> Vocabulary:
    """The package's own vocabulary, read once."""
    return load(WORDS)


def entity(name: str) -> Entity:
    """An entity by id or Chinese alias; raises :class:`UnknownWord` with the nearest name."""
    return vocabulary().entity(name)


def enum(name: str) -> Enum:
    return vocabulary().enum(name)
