"""DuckDB on files where they lie: the same answers from Parquet, CSV and Arrow, and plain words for what does not read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from mangrove.rulebook.decide import Deciding, Run
from mangrove.rulebook.engines.files import Files
from mangrove.rulebook.engines.lake import Lake, LeftOut, Written
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.results import STANDINGS, Row, row_of
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.problems import Problems
from mangrove.rulebook.texts.tables import links
from mangrove.vocabulary import vocabulary

from .test_duck import firms, measure

KINDS = {"text": pa.string(), "enum": pa.string(), "date": pa.date32(), "boolean": pa.bool_()}
RULES = (
    "id: demo, for: 示范项目, when: [示范方向 == 行业应用, 验收 <= 决定日], amount: 总投资 * 33.3%, cap: [2元, 总投资 / 2]",
    "id: firm, for: 机构, when: ['all(示范项目 where 总投资 > 0元)', '机构名称 != \"乙公司\"'], amount: sum(demo of 示范项目), cap: 5元",
    "id: share, for: 示范项目, when: [meets(demo), '申报单位.机构名称 == \"甲公司\"'], amount: 'demo * (申报单位.firm / 1元)'",
)


@pytest.fixture
def rules(tmp_path: Path) -> Measure:
    return measure(tmp_path, *RULES, top="inputs:\n  验收: {for: 示范项目, type: 日期, by: 处室}\n")


def people() -> Population:
    rows = [
        {"investment": fen, "track": track, "验收": day, "year": 2020}
        for fen in (None, 400, -3, 2**61)
        for track in (None, "industry", "government")
        for day in (None, date(2020, 2, 29), date(2021, 3, 1))
    ]
    names = {"a": {"name": "甲公司"}, "b": {"name": "乙公司"}, "c": {}, "d": {"name": "甲公司"}}
    return firms({"a": rows[9:18], "b": rows[:9], "c": rows[18:], "d": []}, **names)


def arrow(population: Population, rules: Measure) -> dict[str, Any]:
    """Tables by entity, with the columns that the things have."""
    found: dict[str, Any] = {}
    for entity in rules.vocabulary.entities.values():
        things = [one for (kind, _key), one in population.things.items() if kind == entity.id]
        if not things:
            continue
        given = {name for one in things for name in one.fields} & set(entity.fields)
        columns = {
            name: pa.array(
                [one.fields.get(name) for one in things], KINDS.get(entity.fields[name].type, pa.int64())
            )
            for name in sorted(given)
        }
        columns[entity.key[0]] = pa.array([one.key for one in things])
        for link in entity.relations:
            if any(link in one.links for one in things):
                columns[link] = pa.array([one.links.get(link) for one in things], pa.string())
        found[entity.id] = pa.table(columns)
    return found


def keyed(population: Population) -> Population:
    """The same with the key among the fields, as files have it."""
    things = []
    for one in population.things.values():
        entity = vocabulary().entities[one.entity]
        things.append(Thing(one.entity, one.key, {**one.fields, entity.key[0]: one.key}, one.links))
    return Population(things, dict(links(vocabulary())))


def rows_of(written: Written, lake: Lake) -> dict[tuple[str, str], Row]:
    found = {}
    for compiled in lake.plan.compiled:
        id, table = compiled.clause.id, written.tables[compiled.clause.entity]
        relation = f"'{table}'" if isinstance(table, Path) else f'"{table}"'
        result = lake.files.connection.execute(f"SELECT * FROM {relation}")
        names = [one[0] for one in result.description]
        for values in result.fetchall():
            row = dict(zip(names, values, strict=True))
            parts = [
                row.get(f"{id}.{name}")
                for name in ("fen", "uncapped", "capped", "ungated", "binding", "failed", "unsure")
            ]
            found[id, row["key"]] = Row(STANDINGS[row[f"{id}.standing"]], *parts)  # type: ignore[arg-type]
    return found | written.beyond


def wanted(rules: Measure, population: Population, run: Run) -> dict[tuple[str, str], Row]:
    deciding = Deciding(rules, population, run)
    return {
        (clause.id, key): row_of(deciding.outcome(clause, thing))
        for clause in rules.clauses
        for (kind, key), thing in population.things.items()
        if kind == clause.entity
    }


@pytest.mark.parametrize("into", ["table", "parquet"])
@pytest.mark.parametrize("form", ["arrow", "parquet", "csv"])
def test_the_same_from_every_form(rules: Measure, tmp_path: Path, form: str, into: str) -> None:
    population = keyed(people())
    tables = arrow(population, rules)
    sources: dict[str, Any] = tables
    if form == "parquet":
        for entity, table in tables.items():
            pq.write_table(table, tmp_path / f"{entity}.parquet")
        sources = {entity: tmp_path / f"{entity}.parquet" for entity in tables}
    if form == "csv":
        for entity, table in tables.items():
            pacsv.write_csv(in_units(table, rules, entity), tmp_path / f"{entity}.csv")
        sources = {entity: tmp_path / f"{entity}.csv" for entity in tables}
    lake = Lake(lower(rules), Files(sources, rules.vocabulary, threads=1))
    run = Run(date(2020, 12, 31))
    written = lake.write(tmp_path if into == "parquet" else None, run)
    assert rows_of(written, lake) == wanted(rules, population, run)


def in_units(table: Any, rules: Measure, entity: str) -> Any:
    """Money in yuan, as people write it."""
    fields = rules.vocabulary.entities[entity].fields
    for place, name in enumerate(table.column_names):
        if name in fields and fields[name].type == "money":
            yuan = [
                None if fen is None else f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02}"
                for fen in table[name].to_pylist()
            ]
            table = table.set_column(place, fields[name].zh, pa.array(yuan))
    return table


def test_numbers_that_nothing_holds_are_told_apart(tmp_path: Path) -> None:
    """Past 126 bits the interpreter answers, from the files."""
    rules = measure(
        tmp_path, "id: c, for: 示范项目, amount: '总投资 * (总投资 / 1元) * (总投资 / 1元) * 700%', cap: 9元"
    )
    population = keyed(firms({"a": [{"investment": fen} for fen in (2**62, 2**33, 5, None)]}))
    lake = Lake(lower(rules), Files(arrow(population, rules), rules.vocabulary))
    written = lake.write()
    assert {key for _id, key in written.beyond} == {"a000000", "a000001"}
    assert rows_of(written, lake) == wanted(rules, population, Run())


def refused(sources: dict[str, Any]) -> set[str]:
    with pytest.raises(Problems) as caught:
        Files(sources, vocabulary())
    return {one.code for one in caught.value.problems}


def test_what_does_not_read_is_refused(tmp_path: Path) -> None:
    firm = pa.table({"org_id": ["a", "b"]})
    key = vocabulary().entities["organisation"].key[0]
    project = vocabulary().entities["demonstration_project"].key[0]
    firm = firm.rename_columns([key])
    assert refused({"organisation": pa.table({key: ["a", "a"]})}) == {"duplicate_key"}
    assert refused({"organisation": pa.table({key: ["a", None]})}) == {"no_key"}
    assert refused({"organisation": pa.table({"kind": ["operator"]})}) == {"no_key"}
    assert refused({"organisation": pa.table({key: ["a"], "金矿": [1]})}) == {"unknown_name"}
    made = {project: ["p"], "applicant": ["z"]}
    assert refused({"organisation": firm, "demonstration_project": pa.table(made)}) == {"orphan"}
    assert refused({"demonstration_project": pa.table({project: ["p"], "track": ["月球"]})}) == {"bad_data"}
    assert refused({"demonstration_project": pa.table({project: ["p"], "investment": [1.5]})}) == {
        "wrong_type"
    }
    for cell in ("4.005", "四元", "1e3", "99999999999999999"):
        (tmp_path / "p.csv").write_text(f"{project},总投资\np,{cell}\n", encoding="utf-8")
        assert refused({"demonstration_project": tmp_path / "p.csv"}) == {"bad_data"}


def test_a_clause_that_no_plan_says_is_named(tmp_path: Path) -> None:
    rules = measure(
        tmp_path,
        "id: c, for: 机构, amount: sum(总投资 / 认定年度 of 示范项目)",
        "id: d, for: 机构, amount: 1元",
    )
    files = Files({}, rules.vocabulary)
    with pytest.raises(LeftOut, match="c"):
        Lake(lower(rules), files)
    assert Lake(lower(rules), files, only=["d"]).write().tables == {"organisation": "out_organisation"}


def test_more_than_memory(tmp_path: Path) -> None:
    """200,000 parents with twice as many children in 60 MB; half of it goes to the disk."""
    made = duckdb.connect()
    firm, project = (vocabulary().entities[one].key[0] for one in ("organisation", "demonstration_project"))
    made.execute(f"COPY (SELECT 'firm' || range AS \"{firm}\" FROM range(200000)) TO '{tmp_path}/o.parquet'")
    made.execute(
        f"""COPY (SELECT 'project' || range AS "{project}", 'firm' || (range * 7919 % 200000) AS applicant,
        range AS investment FROM range(400000)) TO '{tmp_path}/p.parquet'"""
    )
    rules = measure(
        tmp_path,
        "id: demo, for: 示范项目, amount: 总投资, cap: 3000元",
        "id: firm, for: 机构, amount: sum(demo of 示范项目)",
    )
    sources = {"organisation": tmp_path / "o.parquet", "demonstration_project": tmp_path / "p.parquet"}
    files = Files(sources, rules.vocabulary, threads=1, memory_limit="60MB", spill=tmp_path)
    written = Lake(lower(rules), files).write(tmp_path)
    total = made.execute(f"SELECT sum(\"firm.fen\") FROM '{written.tables['organisation']}'").fetchone()
    assert total == (sum(min(fen, 300_000) for fen in range(400_000)),)
