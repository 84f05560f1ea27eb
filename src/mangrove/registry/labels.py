"""The vocabulary's own words on a page, in the language of the reader."""

from __future__ import annotations

from typing import Any

from django.utils.functional import lazy

from mangrove import vocabulary
from mangrove.ui.components import Tag
from mangrove.ui.languages import in_chinese
from mangrove.vocabulary.model import Named


def said(thing: Named) -> str:
    """Chinese, or English where the reader reads English."""
    return thing.zh if in_chinese() else thing.en


label = lazy(said, str)
"""For declarations at import time: decided when the page is drawn."""


def enum_word(enum: str, id: str) -> str:
    """The word for a stored enum value; an empty value stays empty."""
    return said(vocabulary.enum(enum).word(id)) if id else ""


def check_tag(status: str) -> Any:
    """已核 or 待核, never by colour alone."""
    return Tag(enum_word("check_status", status), "good" if status == "verified" else "warn")


def named(thing: Any) -> str:
    """An organisation or a district by its English name where the reader reads English and the city gives one."""
    if in_chinese():
        return str(thing.name)
    return str(thing.name_en or thing.name)
