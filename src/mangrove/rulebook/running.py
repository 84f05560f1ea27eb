"""A measure over a folder of data, as lines of a table: what each clause comes to for each thing, in the order of the keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from mangrove.rulebook.choosing import CHOSEN, WAITING, chosen_by_interpreter, word
from mangrove.rulebook.decide import Deciding, Outcome, Run, Standing
from mangrove.rulebook.engines.arrow import from_csv, from_parquet
from mangrove.rulebook.engines.columns import ColumnPopulation, Snapshot
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.results import STANDINGS, ClauseResult, Money, Results
from mangrove.rulebook.engines.vector import Vector
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Thing
from mangrove.rulebook.problems import Place, Problem, Problems
from mangrove.rulebook.texts.inputs import refuse_columns_out_of_range, refuse_out_of_range
from mangrove.rulebook.texts.tables import read_population

#: Kind of thing, key, clause, standing, fen paid, fen before the caps (``None`` where not known), chosen under a quota or not.
Line = tuple[str, str, str, str, int | None, int | None, str]


def run_over(measure: Measure, folder: Path, run: Run, engine: str = "numpy") -> Iterator[Line]:
    """Raises :class:`~mangrove.rulebook.problems.Problems` for data that do not read, before the first line."""
    refuse_not_in_force(measure, run)
    if engine == "interpreter":
        return by_interpreter(measure, folder, run)
    snapshot = read_snapshot(folder, measure)
    return lines(Vector(lower(measure), snapshot).run(run))


def refuse_not_in_force(measure: Measure, run: Run) -> None:
    """Where the day of the run decides, it must lie in the time of this version. Raises :class:`Problem`."""
    version = measure.version
    if run.decide_on and not version.decided_by and not version.holds_on(run.decide_on):
        time = f"{version.in_force or '不详'} .. {version.until or ''}"
        zh = f"“{measure.name}”在 {run.decide_on} 不施行（{time}）；请换一个版本，或换一个决定日。"
        en = f"“{measure.name}” is not in force on {run.decide_on} ({time}); take another version or another day."
        raise Problem("not_in_force", Place("--on", 1, 1), zh, en)


def is_parquet(folder: Path) -> bool:
    """Raises :class:`Problems` for a folder that has both: nobody could say which was meant."""
    parquet, csv = any(folder.glob("*.parquet")), any(folder.glob("*.csv"))
    if parquet and csv:
        zh, en = (
            "文件夹里既有 CSV 又有 Parquet；请只留一种。",
            "The folder has both CSV and Parquet; keep one.",
        )
        raise Problems([Problem("two_forms", Place(str(folder), 1, 1), zh, en)])
    return parquet


def read_snapshot(folder: Path, measure: Measure) -> Snapshot:
    """Parquet where there is no CSV. Raises :class:`~mangrove.rulebook.problems.Problems`."""
    read = from_parquet if is_parquet(folder) else from_csv
    snapshot = read(folder, measure.vocabulary)
    refuse_columns_out_of_range(measure, snapshot)
    return snapshot


def by_interpreter(measure: Measure, folder: Path, run: Run) -> Iterator[Line]:
    """The same, one thing at a time: slow, and what the fast engines are held against."""
    if is_parquet(folder):
        population = ColumnPopulation(read_snapshot(folder, measure))
        things: list[Thing] = [
            population.thing(entity, row)
            for entity, table in population.snapshot.tables.items()
            for row in range(len(table))
        ]
        deciding = Deciding(measure, population, run)
    else:
        people = read_population(folder, measure.vocabulary)
        refuse_out_of_range(measure, people.things.values(), Place(str(folder), 1, 1))
        things, deciding = list(people.things.values()), Deciding(measure, people, run)
    chosen = chosen_by_interpreter(deciding, things)
    return (
        interpreted(thing, one, word(chosen.get(one.clause.id), thing.key))
        for thing in sorted(things, key=lambda one: (one.entity, one.key))
        for one in deciding.all_of(thing)
    )


def interpreted(thing: Thing, one: Outcome, said: str) -> Line:
    paid = after_quota(one.fen, said)
    return thing.entity, thing.key, one.clause.id, str(one.standing), paid, one.uncapped, said


def lines(results: Results) -> Iterator[Line]:
    for entity in sorted({clause.clause.entity for clause in results.clauses.values()}):
        keys = [str(key) for key in results.snapshot.tables[entity].keys]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        found = [one for one in results.clauses.values() if one.clause.entity == entity]
        columns = [listed(one) for one in found]
        for row in order:
            for one, (standing, fen, uncapped) in zip(found, columns, strict=True):
                said = word(one.selection, keys[row])
                paid = after_quota(fen[row], said)
                yield entity, keys[row], one.clause.id, standing[row], paid, uncapped[row], said


def listed(found: ClauseResult) -> tuple[list[str], list[int | None], list[int | None]]:
    """Standings and fen as lists, rows that int64 does not hold as the interpreter has them."""
    names = np.array([str(STANDINGS[code]) for code in range(len(STANDINGS))], dtype=object)
    standings: list[str] = names[found.standing].tolist()
    fen, uncapped = money(found.result, len(found)), money(found.uncapped, len(found))
    if found.result is None:  # a clause without an amount pays nothing to whom it fails
        fen = [0 if one == Standing.FAILS else None for one in standings]
    for row, told in found.beyond.items():
        standings[row], uncapped[row] = str(told.standing), told.uncapped
        fen[row] = 0 if told.standing == Standing.FAILS else told.fen
    return standings, fen, uncapped


def after_quota(fen: int | None, said: str) -> int | None:
    """Who has no place is paid nothing; of who waits it is not known."""
    return fen if said in ("", CHOSEN) else None if said == WAITING else 0


def money(found: Money | None, rows: int) -> list[int | None]:
    if found is None:
        return [None] * rows
    fen: list[int | None] = found.fen.tolist()
    if found.known is not None:
        for row in np.flatnonzero(~found.known):
            fen[row] = None
    return fen
