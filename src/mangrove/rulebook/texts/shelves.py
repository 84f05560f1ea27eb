"""Measures found by their id in folders of files, and of several versions of one the version that holds on a day."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from mangrove.rulebook.measures import Measure
from mangrove.rulebook.problems import Problem, Problems, unknown
from mangrove.rulebook.texts.families import DRAFT, Family, families, same_id, span, where
from mangrove.rulebook.texts.nodes import Words
from mangrove.rulebook.texts.reader import load
from mangrove.rulebook.texts.reading import LARGEST_FILE, read
from mangrove.vocabulary.model import Vocabulary

#: The id of a measure's file, seen without reading it through: a folder may hold many files that nobody asked for.
ID = re.compile(r"^id\s*:\s*[\"']?(\w+)", re.MULTILINE | re.ASCII)
#: Which kind of file it is; a list of tests is neither.
KIND = re.compile(r"^\ufeff?(measure|portfolio)\s*:", re.MULTILINE)


def house() -> Path:
    """The rulebooks of the house, where the settings of the workbench have them too."""
    return Path(os.environ.get("MANGROVE_RULEBOOKS") or Path(__file__).parents[4] / "rulebooks").resolve()


def kind_of(text: str) -> str:
    """``measure``, ``portfolio`` or nothing."""
    found = KIND.search(text)
    return found[1] if found else ""


def text_of(path: Path) -> str:
    """Empty for what cannot be read as a rule file: who names it outright is told by the reader."""
    with suppress(OSError):
        if path.is_file() and path.stat().st_size <= LARGEST_FILE:
            return path.read_text(encoding="utf-8", errors="replace")
    return ""


def is_portfolio(path: Path) -> bool:
    return kind_of(text_of(path)) == "portfolio"


def near(portfolio: Path) -> list[Path]:
    """The files of a portfolio's folder and one level below, as a shelf is laid out; no deeper, it may be a home."""
    folder = portfolio.resolve().parent
    return [*folder.glob("*.yaml"), *folder.glob("*/*.yaml")]


def shelf_of(portfolio: Path, folders: Sequence[Path] = ()) -> Shelf:
    """What a portfolio may draw on: these folders, or else its own and the house's."""
    if folders:
        return Shelf(path for folder in folders for path in folder.rglob("*.yaml"))
    return Shelf([*near(portfolio), *house().rglob("*.yaml")])


class Shelf:
    """The files of each measure by its id; a file met twice counts once."""

    def __init__(self, files: Iterable[Path]) -> None:
        self.files: dict[str, list[Path]] = {}
        for path in sorted({one.resolve() for one in files}):
            text = text_of(path)
            if kind_of(text) == "measure" and (found := ID.search(text)):
                self.files.setdefault(found[1], []).append(path)

    def all_named(
        self, portfolio: Path, vocabulary: Vocabulary, day: date | None, *, latest: bool = False
    ) -> list[Measure]:
        """The measures that a portfolio names, each in the version of the day, in the order of the file.

        ``latest`` takes the last version where no day is given. Raises :class:`Problems` with all that is wrong.
        """
        written = {words.text: words for words in read(portfolio).items("measures").all_words()}
        problems: list[Problem] = []
        found: list[Measure] = []
        for words in written.values():
            try:
                found.append(self.version(words, vocabulary, day, latest=latest))
            except Problem as problem:
                problems.append(problem)
            except Problems as several:
                problems += several.problems
        if problems:
            raise Problems(problems)
        return found

    def version(self, words: Words, vocabulary: Vocabulary, day: date | None, *, latest: bool) -> Measure:
        """Raises :class:`Problem` where none holds, or it cannot be said which; :class:`Problems` of its file."""
        if words.text not in self.files:
            raise unknown(words.place, ("措施", "measure"), words.text, self.files)
        family = families(load(path, vocabulary) for path in self.files[words.text])[0]
        candidates = family.in_force or family.versions
        if len(candidates) > 1 and not family.in_force:
            raise several_drafts(words, candidates)
        if latest and day is None:
            return candidates[-1]
        holding = list(holding_on(candidates, day))
        if len(holding) == 1:
            return holding[0]
        raise undecided(words, candidates, holding, day)


def holding_on(versions: Sequence[Measure], day: date | None) -> Iterator[Measure]:
    """Those that hold on a day. One alone needs no day, and one that asks a date of each case decides by that;
    a draft holds never and may only be tried, where there is nothing else."""
    alone = len(versions) == 1
    for one in versions:
        free = day is None or bool(one.version.decided_by) or one.version.status == DRAFT
        if (alone and free) or (
            day is not None and one.version.status != DRAFT and one.version.holds_on(day)
        ):
            yield one


def several_drafts(words: Words, drafts: Sequence[Measure]) -> Problem:
    """No day can say which: a draft never holds."""
    zh, en = same_id(drafts, words.text)
    advice = (
        "组合可以用 --shelf 指定只有一个的文件夹。",
        "A portfolio may name a folder with only one by --shelf.",
    )
    return Problem("same_id", words.place, f"{zh}{advice[0]}", f"{en} {advice[1]}")


def undecided(
    words: Words, versions: Sequence[Measure], holding: Sequence[Measure], day: date | None
) -> Problem:
    listed = Family(words.text, tuple(holding or versions)).versions
    zh = "；".join(f"{where(one)}（{span(one)}）" for one in listed)
    en = "; ".join(f"{where(one)} ({span(one)})" for one in listed)
    if holding:
        said = (f"措施“{words.text}”在 {day} 有几个版本同时有效：{zh}；请用 --shelf 只给一处，或改正 until。",
                f"Several versions of “{words.text}” hold on {day}: {en}; name one folder with --shelf, or mend an until.")  # fmt: skip
        return Problem("version_overlap", words.place, *said)
    if day is None:
        said = (f"措施“{words.text}”有几个版本：{zh}；请用 --on 给出决定日。",
                f"“{words.text}” has several versions: {en}; say with --on for which day.")  # fmt: skip
        return Problem("which_version", words.place, *said)
    said = (f"措施“{words.text}”在 {day} 没有有效的版本；有：{zh}。",
            f"No version of “{words.text}” holds on {day}; there is: {en}.")  # fmt: skip
    return Problem("no_version", words.place, *said)
