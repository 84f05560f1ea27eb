"""Turns the lines of a title: words kept whole, lines balanced (GB/T 9704, 7.3.1)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from mangrove.documents.rules import letter_rules, read_rules_file

TORN_WORD = 30  # cost in half-characters of turning a line where no listed word ends or begins
EXTRA_LINE = 12  # cost of one line more than needed


@dataclass(frozen=True, slots=True)
class TurnRules:
    """The words at which a title may be turned, from `rules/title.yaml`."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    whole: tuple[str, ...]
    not_first: str
    not_last: str


def title_lines(title: str, widest: int) -> tuple[str, ...]:
    """The title's lines.

    widest: the longest line allowed, in half-characters (a Chinese character is two). A line break written into
    the title is obeyed and nothing else is decided. A title without any legal turn stays one line.
    """
    if "\n" in title:
        return tuple(line.strip() for line in title.split("\n") if line.strip())
    if text_width(title) <= widest:
        return (title,)
    turns = _turns(title, turn_rules())
    fewest = -(-text_width(title) // widest)
    found = [lines for count in (fewest, fewest + 1) for lines in _splits(title, tuple(turns), count, widest)]
    return min(found, key=lambda lines: (_cost(lines, turns, fewest), lines), default=(title,))


def widest_title() -> int:
    """The longest title line in half-characters."""
    rules = letter_rules()
    return int(rules["title.width"].points / rules["title.size"].points * 2)


@cache
def turn_rules() -> TurnRules:
    """The turn rules, read once."""
    data = read_rules_file("title.yaml")
    before, after, whole = (tuple(data[name]) for name in ("before", "after", "whole"))
    return TurnRules(before, after, whole, data["not_first"], data["not_last"])


def text_width(text: str) -> int:
    """A text's length in half-characters."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def _turns(title: str, rules: TurnRules) -> dict[int, int]:
    """The legal turns (a line ends before this index) and what each costs."""
    legal = [place for place in range(1, len(title)) if _legal(title, place, rules)]
    return {place: 0 if _at_word(title, place, rules) else TORN_WORD for place in legal}


def _legal(title: str, place: int, rules: TurnRules) -> bool:
    left, right = title[place - 1], title[place]
    if left.isascii() and right.isascii():
        return False
    return (
        right not in rules.not_first and left not in rules.not_last and not _tears(title, place, rules.whole)
    )


def _tears(title: str, place: int, whole: tuple[str, ...]) -> bool:
    """Whether a turn here falls inside one of the words to keep whole."""
    return any(title.find(word, max(0, place - len(word) + 1), place + len(word) - 1) >= 0 for word in whole)


def _at_word(title: str, place: int, rules: TurnRules) -> bool:
    return title.startswith(rules.before, place) or title.endswith(rules.after, 0, place)


def _splits(title: str, turns: tuple[int, ...], count: int, widest: int) -> list[tuple[str, ...]]:
    """Every way to set the title in `count` lines, none wider than allowed."""
    found = []
    for chosen in combinations(turns, count - 1):
        edges = (0, *chosen, len(title))
        lines = tuple(title[start:end] for start, end in zip(edges, edges[1:], strict=False))
        if all(text_width(line) <= widest for line in lines):
            found.append(lines)
    return found


def _cost(lines: tuple[str, ...], turns: dict[int, int], fewest: int) -> int:
    widths = [text_width(line) for line in lines]
    ends = [sum(len(line) for line in lines[:index]) for index in range(1, len(lines))]
    torn = sum(turns[end] for end in ends)
    return torn + max(widths) - min(widths) + EXTRA_LINE * (len(lines) - fewest)
