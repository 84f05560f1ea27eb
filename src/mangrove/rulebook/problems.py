"""What is wrong with a rulebook: said in Chinese and in English, with file, line, column and the nearest known name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


class Untold(Problem):
    """Stands for ``count`` more mistakes of a file that are not told one by one."""

    def __init__(self, place: Place, count: int) -> None:
        zh = f"另有 {count} 处没有列出；改好以上各处，再读一次。"
        en = f"{count} more are not told; mend these and read it again."
        super().__init__("too_many", place, zh, en)
        self.count = count


#: So many mistakes of one file are told.
MOST_TOLD = 20


def shortened(problems: Iterable[Problem]) -> list[Problem]:
    """The first of each file, and how many more there are."""
    by_file: dict[str, list[Problem]] = {}
    for one in Problems(problems).problems:
        by_file.setdefault(one.place.file, []).append(one)
    return [one for own in by_file.values() for one in first_of(own)]


def first_of(problems: Sequence[Problem]) -> list[Problem]:
    told = [one for one in problems if not isinstance(one, Untold)]
    count = sum(one.count for one in problems if isinstance(one, Untold)) + len(told[MOST_TOLD:])
    told = told[:MOST_TOLD]
    return [*told, Untold(told[-1].place, count)] if count else told


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
