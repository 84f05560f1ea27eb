"""The vocabulary's own words on a page, in the language of the reader."""

from __future__ import annotations

from typing import Any, Protocol

from django.utils.functional import lazy

from mangrove import vocabulary
from mangrove.ui.components import Tag
from mangrove.ui.languages import in_chinese
from mangrove.vocabulary.model import Field, Relation

YEARS = "年份"


class Bilingual(Protocol):
    @property
    def zh(self) -> str: ...
    @property
    def en(self) -> str: ...


def said(thing: Bilingual) -> str:
    """Chinese, or English where the reader reads English."""
    return thing.zh if in_chinese() else thing.en


label = lazy(said, str)
"""For declarations at import time: decided when the page is drawn."""


def enum_word(enum: str, id: str) -> str:
    """The word for a stored enum value; an empty value stays empty."""
    return said(vocabulary.enum(enum).word(id)) if id else ""


def unit_word(one: Field | Relation) -> str:
    """The unit of the plain numbers of a column, for its head. A year needs none."""
    if not isinstance(one, Field) or one.unit is None or is_year(one):
        return ""
    return said(one.unit)


def is_year(one: Field) -> bool:
    """A year is a name, no amount: it is not grouped either."""
    return one.unit is not None and one.unit.dimension == YEARS


def check_tag(status: str) -> Any:
    """已核 or 待核, never by colour alone."""
    return Tag(enum_word("check_status", status), "good" if status == "verified" else "warn")


def named(thing: Any) -> str:
    """An organisation or a district by its English name where the reader reads English and the city gives one."""
    if in_chinese():
        return str(thing.name)
    return str(thing.name_en or thing.name)
