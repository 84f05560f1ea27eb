"""The DuckDB engine on files: outcomes go to tables or Parquet without passing through Python, however many there are."""

# ruff: noqa: S608 - names from the vocabulary and the measure are quoted, numbers are bound
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from mangrove.rulebook.decide import Deciding, Run
from mangrove.rulebook.engines.drafts import Draft, Drafts
from mangrove.rulebook.engines.files import Files, literal
from mangrove.rulebook.engines.plan import Plan
from mangrove.rulebook.engines.results import CODES, FAILS, LACKS, MEETS, Row, row_of
from mangrove.rulebook.engines.sql import link_column, table_name, table_of
from mangrove.rulebook.engines.sqlresults import Telling
from mangrove.rulebook.engines.sqlwords import quoted
from mangrove.rulebook.measures import Clause
from mangrove.rulebook.population import Population, Stored, Thing
from mangrove.vocabulary.model import Field

SHOWN = {"uncapped": "uncapped", "capped": "capped", "ungated": "ungated", "result": "fen"}


class LeftOut(ValueError):
    """Clauses that no plan can say; only the interpreter runs them, thing by thing."""


@dataclass
class Written:
    """``tables`` by kind of thing: a table of the database or a file. ``beyond``: by (clause, key), what 64 bits do not hold."""

    tables: dict[str, str | Path] = field(default_factory=dict)
    beyond: dict[tuple[str, str], Row] = field(default_factory=dict)


class Lake:
    """One plan on files. Columns of an outcome: ``key``, and for each clause ``<id>.standing`` (0 fails, 1 meets, 2 lacks),
    ``.failed`` and ``.unsure`` (a bit for each condition), ``.binding`` (NULL: no cap cuts), ``.fen``, and with ``tell="all"`` also
    ``.uncapped``, ``.capped`` and ``.ungated``, all in fen. Raises :class:`LeftOut`.
    """

    def __init__(
        self, plan: Plan, files: Files, *, tell: str = "all", only: Sequence[str] | None = None
    ) -> None:
        self.plan, self.files = plan, files
        wanted = [clause.id for clause in plan.measure.clauses if only is None or clause.id in only]
        if missing := [id for id in wanted if id in plan.left_out]:
            raise LeftOut("、".join(missing))
        compiled = [one for one in plan.compiled if one.clause.id in wanted]
        self.drafts = Drafts(plan, compiled, files, tell, spelled=True)
        texts = (one.detail for one in plan.parameters if one.kind == "text")
        self.texts = {str(one): n for n, one in enumerate(dict.fromkeys(texts))}

    def write(
        self,
        folder: Path | None = None,
        run: Run = Run(),  # noqa: B008 a frozen value
        constants: Mapping[str, Fraction | date] | None = None,
    ) -> Written:
        """Into ``<folder>/<entity>.parquet``, or into tables ``out_<entity>`` of the database.

        Raises :class:`~mangrove.rulebook.engines.plan.TooWide` for numbers of the run that no plan takes.
        """
        measure = self.plan.measure.with_constants(constants) if constants else self.plan.measure
        draft, bound = self.drafts.of(self.plan.bind(run, self.texts, constants))
        bound = self.spelled(bound)
        deciding = Deciding(measure, FilePopulation(self.files), run)
        for place, text in draft.stores.items():
            self.files.execute(f"CREATE OR REPLACE TEMP TABLE {table_of(place)} AS {text}", bound)
        done = Written()
        for entity in draft.queries:
            done.tables[entity] = self.outcome(draft, entity, bound, folder, deciding, done)
        for place in draft.stores:
            self.files.execute(f"DROP TABLE {table_of(place)}")
        return done

    def spelled(self, bound: Mapping[str, Any]) -> dict[str, Any]:
        said = {n: text for text, n in self.texts.items()}
        texts = self.drafts.spelled_nodes
        return {name: said.get(value) if int(name[1:]) in texts else value for name, value in bound.items()}

    def outcome(
        self,
        draft: Draft,
        entity: str,
        bound: Mapping[str, Any],
        folder: Path | None,
        deciding: Deciding,
        done: Written,
    ) -> str | Path:
        """Straight to a file, unless some rows must be answered first."""
        tellings, name = draft.tellings[entity], quoted("out_" + entity)
        far = [one for one in tellings if one.far()]
        columns = [column for one in tellings for column in shown(one)]
        text = f"SELECT {', '.join(['k AS key', *columns])} FROM ({draft.queries[entity]})"
        path = None if folder is None else folder / f"{entity}.parquet"
        if far or path is None:
            self.files.execute(f"CREATE OR REPLACE TABLE {name} AS {text}", bound)
            for one in far:
                self.mend(one, name, deciding, done)
            hidden = ", ".join(quoted(f"{one.compiled.clause.id}.far") for one in far)
            text = f"SELECT * {f'EXCLUDE ({hidden})' if far else ''} FROM {name}"
        if path is None:
            return "out_" + entity
        self.files.execute(f"COPY ({text}) TO {literal(str(path))} (FORMAT parquet)", bound)
        if far:
            self.files.execute(f"DROP TABLE {name}")
        return path

    def mend(self, telling: Telling, table: str, deciding: Deciding, done: Written) -> None:
        """The interpreter answers what no integer holds."""
        clause = telling.compiled.clause
        keys = self.files.execute(f"SELECT key FROM {table} WHERE {quoted(clause.id + '.far')}").fetchall()
        for (key,) in keys:
            thing = deciding.population.things[clause.entity, key]
            row = done.beyond[clause.id, key] = row_of(deciding.outcome(clause, thing))
            changes = changed(telling, clause, row)
            sets = ", ".join(f"{quoted(name)} = ?" for name in changes)
            self.files.connection.execute(
                f"UPDATE {table} SET {sets} WHERE key = ?", [*changes.values(), key]
            )


def changed(telling: Telling, clause: Clause, row: Row) -> dict[str, int | None]:
    """An answer by the columns of a table; money of more than 64 bits is told apart only."""
    found: dict[str, int | None] = {f"{clause.id}.standing": CODES[row.standing]}
    if telling.tell != "paid":
        found |= {
            f"{clause.id}.failed": row.failed,
            f"{clause.id}.unsure": row.unsure,
            f"{clause.id}.binding": row.binding,
        }
    money = {"uncapped": row.uncapped, "capped": row.capped, "ungated": row.ungated, "result": row.fen}
    for name, _node in telling.amounts():
        fen = money[name]
        found[f"{clause.id}.{SHOWN[name]}"] = fen if fen is not None and abs(fen) < 1 << 63 else None
    return found


def shown(telling: Telling) -> list[str]:
    """Columns of an outcome from the packed ones of a query."""
    id, number = telling.compiled.clause.id, telling.number
    made: dict[str, str] = {}
    if telling.tell == "paid":
        made["standing"] = f"standing_{number}"
        if telling.amounts():
            made["standing"] = f"CASE WHEN result_{number} IS NULL THEN {LACKS} ELSE standing_{number} END"
    else:
        bits = {
            name: f"((why{one.column}_{number} >> {one.shift}) & {(1 << one.width) - 1})"
            for name, one in telling.reasons.items()
        }
        lacks = f"{bits['unsure']} <> 0 OR {bits['lacks']} <> 0"
        made["standing"] = (
            f"CASE WHEN {bits['failed']} <> 0 THEN {FAILS} WHEN {lacks} THEN {LACKS} ELSE {MEETS} END::TINYINT"
        )
        made |= {
            "failed": bits["failed"],
            "unsure": bits["unsure"],
            "binding": f"nullif({bits['binding']}, 0) - 1",
        }
    made |= {SHOWN[name]: f"{name}_{number}" for name, _node in telling.amounts()}
    if telling.far():
        made["far"] = f"far_{number}"
    return [f"{text} AS {quoted(f'{id}.{name}')}" for name, text in made.items()]


# --- rows for the interpreter ----------------------------------------------------------------------------------------


class FilePopulation(Population):
    """Things of files, each read when it is asked for."""

    def __init__(self, files: Files) -> None:
        self.files = files
        entities = files.vocabulary.entities.values()
        self.leads_to = {
            (entity.id, link.id): link.to for entity in entities for link in entity.relations.values()
        }
        self.things = Things(self)

    def linked(self, thing: Thing, link: str) -> Thing | None:
        key = thing.links.get(link)
        return None if key is None else self.things[self.leads_to[thing.entity, link], key]

    def children(self, thing: Thing, child: str, link: str) -> list[Thing]:
        return self.read(child, link_column(link), thing.key)

    def read(self, entity: str, column: str, value: str) -> list[Thing]:
        """The things whose ``column`` has that value, in the order of their keys."""
        text = f"SELECT * FROM {table_name(entity)} WHERE {column} = ? ORDER BY k"
        found = self.files.connection.execute(text, [value])
        names = [one[0] for one in found.description]
        return [self.thing(entity, dict(zip(names, row, strict=True))) for row in found.fetchall()]

    def thing(self, entity: str, row: Mapping[str, Any]) -> Thing:
        declared = self.files.vocabulary.entities[entity]
        fields = {name: stored(one, row["f_" + name]) for name, one in declared.fields.items()}
        links = {name: row["l_" + name] for name in declared.relations if row["l_" + name] is not None}
        return Thing(entity, row["k"], fields, links)


class Things(dict[tuple[str, str], Thing]):
    def __init__(self, people: FilePopulation) -> None:
        self.people = people

    def __missing__(self, place: tuple[str, str]) -> Thing:
        [self[place]] = self.people.read(place[0], "k", place[1])
        return self[place]


def stored(one: Field, value: Any) -> Stored:
    if value is None:
        return None
    if one.enum:
        return list(one.enum.words)[value]
    return date.fromordinal(value) if one.type == "date" else value
