"""Slips of a Chinese keyboard and of spreadsheets that YAML takes for something else: “键：值”, and 1,000 in a list or braces."""

from __future__ import annotations

import re

from mangrove.rulebook.problems import Place, Problem
from mangrove.rulebook.texts.nodes import Node, Words

#: A line that would begin with a key, were its colon a narrow one; a text that goes on may hold one, but no “: ” then.
WIDE_KEY = re.compile(r" *(?:- +)*(?P<key>[^\s:：'\"#\[\]{},]+) *：(?!.*: )")
#: The part of a number before its comma, at the end of what stands before the next part.
BEFORE_COMMA = re.compile(r"(?<![0-9A-Za-z_.])[0-9]+(?:,[0-9]+)*,$")
GROUPED = re.compile(r"[0-9]+(?:,[0-9]+)+(?:\.[0-9]+)?[^\s,:：\]}]*")
#: Of a list only this is a number in groups; [2020,2021] are two.
GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9])")
#: No number that is written by hand is longer.
LOOK_BACK = 40


def refuse_slip(node: Node, key: Words | None) -> None:
    """Of what libyaml read: a key in braces without a value that was no key, or half a number in a list."""
    if not isinstance(node, Words) or node.style:
        return
    if key is None:
        refuse_half_in_list(node)
    elif not node.text and not key.style:
        if "：" in key.text:
            raise wide_colon(key.at(key.text.index("：")), key.text.partition("：")[0].strip())
        if found := number_in_groups(key):
            raise found


def refuse_half_in_list(item: Words) -> None:
    begin = begins_at(item)
    if begin is not None and GROUPS.match(item.source, begin):
        raise comma_in_number(item, begin)


def number_in_groups(key: Words) -> Problem | None:
    """``{门槛: 3,000万元}`` has a key ``000万元`` without a value."""
    begin = begins_at(key)
    return None if begin is None else comma_in_number(key, begin)


def begins_at(words: Words) -> int | None:
    """Where the number begins of which ``words`` is what follows a comma."""
    if not words.text[:1].isdecimal():
        return None
    from_ = max(0, words.start - LOOK_BACK)
    found = BEFORE_COMMA.search(words.source[from_ : words.start])
    return None if found is None else from_ + found.start()


def comma_in_number(words: Words, begin: int) -> Problem:
    found = GROUPED.match(words.source, begin)
    written = found[0] if found else words.text
    plain = written.replace(",", "")
    zh = f"一个数里不写逗号：“{written}”请写成“{plain}”；是几个数的，请在逗号后空格。"
    en = (
        f"No comma inside a number: write “{plain}” for “{written}”, or a space after each comma for several."
    )
    place = Place(words.place.file, words.place.line, words.place.column - (words.start - begin))
    return Problem("grouped_number", place, zh, en)


def wide_colon_near(text: str, line: int, file: str) -> Problem | None:
    """On the line (from 1) where libyaml stumbled, or on the one before, which it may have taken into the text."""
    lines = text.split("\n")
    for number in (line, line - 1):
        found = WIDE_KEY.match(lines[number - 1]) if 1 <= number <= len(lines) else None
        if found:
            return wide_colon(Place(file, number, found.end()), found["key"])
    return None


def wide_colon(place: Place, key: str) -> Problem:
    zh = f"“{key}”后面的冒号是全角的“：”；请改成半角的“:”加一个空格。"
    en = f"The colon behind “{key}” is a full-width “：”; write a plain “:” and a space."
    return Problem("wide_colon", place, zh, en)
