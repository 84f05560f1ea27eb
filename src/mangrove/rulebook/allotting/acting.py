"""What ``mangrove rulebook allot`` does with what was typed, and the checking of a portfolio file."""

from __future__ import annotations

import argparse
import csv
import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mangrove.rulebook.allotting.allotment import Outcome, allotted, steps_of, words_of
from mangrove.rulebook.allotting.portfolio import Portfolio, load
from mangrove.rulebook.allotting.telling import Telling
from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.arrow import from_csv, from_parquet
from mangrove.rulebook.engines.columns import Snapshot
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.vector import Vector
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.problems import Place, Problem, Problems
from mangrove.rulebook.running import is_parquet
from mangrove.rulebook.simulate.acting import run_of, say
from mangrove.rulebook.simulate.telling import Teller
from mangrove.rulebook.texts.inputs import refuse_columns_out_of_range
from mangrove.rulebook.texts.shelves import shelf_of
from mangrove.vocabulary import vocabulary
from mangrove.vocabulary.model import Vocabulary


def act(chosen: argparse.Namespace) -> int:
    """A hundred thousand dues are made and none thrown away: to look for garbage among them takes as long as the rest."""
    with uncollected():
        return allot(chosen)


@contextmanager
def uncollected() -> Iterator[None]:
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def allot(chosen: argparse.Namespace) -> int:
    run = run_of(chosen)
    measures = shelf_of(chosen.portfolio, chosen.shelf).all_named(
        chosen.portfolio, vocabulary(), run.decide_on
    )
    words = words_of(measures, vocabulary())
    portfolio = load(chosen.portfolio, words, steps_of(measures))
    outcome = outcome_on(portfolio, measures, chosen.data, words, run)
    telling = Telling(outcome, measures, Teller(words, chosen.language))
    said = list(telling.lines(run.decide_on))
    if chosen.csv:
        write(chosen.csv, telling.table())
    say(said)
    return 0


def outcome_on(
    portfolio: Portfolio, measures: Iterable[Measure], folder: Path, words: Vocabulary, run: Run
) -> Outcome:
    """Raises :class:`Problems` for data that do not read, or lie outside what a measure allows."""
    snapshot = snapshot_of(folder, words, measures)
    results = [Vector(lower(one), snapshot).run(run) for one in measures]
    return allotted(portfolio, results, snapshot)


def snapshot_of(folder: Path, words: Vocabulary, measures: Iterable[Measure]) -> Snapshot:
    snapshot = (from_parquet if is_parquet(folder) else from_csv)(folder, words)
    for one in measures:
        refuse_columns_out_of_range(one, snapshot)
    return snapshot


def write(path: Path, rows: Iterable[Iterable[object]]) -> None:
    """With a mark of UTF-8 in front, which Excel needs to read Chinese."""
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as opened:
            csv.writer(opened, lineterminator="\n").writerows(rows)
    except OSError as error:
        zh = f"写不了文件（{error.strerror}）；请换一处。"
        en = f"The file cannot be written ({error.strerror}); name another place."
        raise Problem("unwritable", Place(str(path), 1, 1), zh, en) from error


def checked(path: Path, language: str) -> tuple[list[str], bool]:
    """What there is to say of a portfolio file, and whether it reads; its measures in their last versions."""
    try:
        measures = shelf_of(path).all_named(path, vocabulary(), None, latest=True)
        found = load(path, words_of(measures, vocabulary()), steps_of(measures))
    except Problems as problems:
        return [one.said(language) for one in problems.problems], False
    except Problem as problem:
        return [problem.said(language)], False
    counts = len(measures), len(found.groups), len(found.pots)
    if language == "en":
        return [
            f"{path}: {found.name}: the portfolio reads; measures {counts[0]}, choices {counts[1]}, pots {counts[2]}."
        ], True
    return [
        f"{path}：组合《{found.name}》读通；措施 {counts[0]}，选择组 {counts[1]}，资金池 {counts[2]}。"
    ], True
