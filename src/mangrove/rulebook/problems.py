"""What is wrong with a rulebook: said in Chinese and in English, with file, line, column and the nearest known name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mangrove.vocabulary.errors import nearest


@dataclass(frozen=True, order=True)
class Place:
    """A line and column, both from 1, of a file; of an expression given without a file, ``file`` is empty."""

    file: str
    line: int
    column: int

    def after(self, text: str, offset: int) -> Place:
        """The place of ``text[offset]``, for a text that begins here."""
        before = text[:offset]
        if "\n" not in before:
            return Place(self.file, self.line, self.column + offset)
        return Place(self.file, self.line + before.count("\n"), offset - before.rindex("\n"))

    def __str__(self) -> str:
        return f"{self.file or '-'}:{self.line}:{self.column}"


START = Place("", 1, 1)


class Problem(ValueError):
    """One refusal. ``code`` names the kind of mistake, for tests and for the manual."""

    def __init__(self, code: str, place: Place, zh: str, en: str) -> None:
        super().__init__(f"{place} {zh}")
        self.code, self.place, self.zh, self.en = code, place, zh, en

    def said(self, language: str = "zh") -> str:
        """``file:line:column`` and the sentence, in ``zh`` or ``en``."""
        return f"{self.place} {self.en if language.startswith('en') else self.zh}"


class Problems(Exception):
    """All that is wrong with a file, in the order of its lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(problems, key=lambda one: (one.place, one.code))
        super().__init__("\n".join(one.said() for one in self.problems))


def unknown(place: Place, what: tuple[str, str], name: str, known: Iterable[str]) -> Problem:
    """A name that nobody declared; ``what`` is the kind of thing in both languages."""
    near = nearest(name, list(known))
    zh = f"没有{what[0]}“{name}”" + (f"，是否想写“{near}”？" if near else "。")
    en = f"No {what[1]} “{name}”" + (f"; did you mean “{near}”?" if near else ".")
    return Problem("unknown_name", place, zh, en)


#: A list that is longer is not told in a refusal.
MOST_LISTED = 12


def not_one_of(
    place: Place,
    what: tuple[str, str],
    name: str,
    known: Iterable[str],
    listed: tuple[Iterable[str], Iterable[str]] | None = None,
) -> Problem:
    """As :func:`unknown`, of a short closed list: also what may be written, ``listed`` in both languages if not ``known``."""
    words = list(known)
    problem = unknown(place, what, name, words)
    zh, en = (list(one) for one in listed or (words, words))
    if len(zh) > MOST_LISTED:
        return problem
    zh_said, en_said = f"{problem.zh}可以写：{'、'.join(zh)}。", f"{problem.en} One of: {', '.join(en)}."
    return Problem(problem.code, place, zh_said, en_said)
