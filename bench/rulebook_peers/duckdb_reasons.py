"""The SQL of hand_duckdb.py once more, writing out one table of projects and one of firms with the reasons of every clause."""

from __future__ import annotations

from typing import Any

import numpy as np

from rulebook_peers import hand_duckdb as sql
from rulebook_peers.data import Data
from rulebook_peers.policy import FAILS, FIRM_CLAUSES, LACKS, MEETS, PROJECT_CLAUSES
from rulebook_peers.results import Reasons, Result, Run

KINDS = ("standing", "false", "unknown", "binding")


def bits(name: str, tests: tuple[str, ...]) -> str:
    false = " + ".join(f"{1 << bit} * (({test}) IS FALSE)::UTINYINT" for bit, test in enumerate(tests))
    unknown = " + ".join(f"{1 << bit} * (({test}) IS NULL)::UTINYINT" for bit, test in enumerate(tests))
    return f"({false})::UTINYINT AS {name}_false, ({unknown})::UTINYINT AS {name}_unknown"


def binding(name: str, standing: str) -> str:
    if name not in sql.AMOUNTS:
        return f"(-1)::TINYINT AS {name}_binding"
    return f"CASE WHEN ({standing}) = {MEETS} AND {name}_raw > ({sql.AMOUNTS[name][1]}) THEN 0 ELSE -1 END::TINYINT AS {name}_binding"


def clause(name: str, gate: str) -> str:
    tests = (gate, *sql.TESTS[name])
    standing = f"CASE WHEN ({sql.every(tests)}) IS FALSE THEN {FAILS} WHEN {name}_fen IS NULL THEN {LACKS} ELSE {MEETS} END"
    return f"{standing}::UTINYINT AS {name}_standing, {bits(name, tests)}, {binding(name, standing)}"


def gate(name: str, value: str, tests: tuple[str, ...]) -> str:
    standing = f"CASE {value} WHEN true THEN {MEETS} WHEN false THEN {FAILS} ELSE {LACKS} END"
    return f"({standing})::UTINYINT AS {name}_standing, {bits(name, tests)}, (-1)::TINYINT AS {name}_binding"


def combined(name: str, fen: str, parts: tuple[str, ...], binding: str = "-1") -> str:
    """A choice or total, whose one condition is that a part is met. In this data what meets pays: POLICY.md."""
    standing = f"CASE WHEN {fen} IS NULL THEN {LACKS} WHEN {fen} > 0 THEN {MEETS} ELSE {FAILS} END"
    none_met = " AND ".join(f"({part} > 0) IS NOT TRUE" for part in parts)
    bits = f"({fen} = 0 IS TRUE)::UTINYINT AS {name}_false, ({fen} IS NULL AND {none_met})::UTINYINT AS {name}_unknown"
    return f"({standing})::UTINYINT AS {name}_standing, {bits}, ({binding})::TINYINT AS {name}_binding"


def total() -> str:
    cap = f"least({sql.policy.FIRM_CAP}, half)"
    binding = f"CASE WHEN total > 0 AND fen > {cap} THEN (half < {sql.policy.FIRM_CAP})::TINYINT ELSE -1 END"
    parts = ("children_met::TINYINT", "station_fen", "best_fen", "award_fen", "scale_up_fen")
    return combined("firm_cap", "total", parts, binding)


def project_table() -> str:
    steps = sql.project_steps(False).split("children AS")[0].rstrip().rstrip(",")
    told = [gate("project_gate", "project_gate", (*sql.OWN_TESTS, "firm_gate"))]
    told += [clause(name, "project_gate") for name in ("device", "loan", "platform")]
    told += [combined("device_or_loan", "choice_fen", ("device_fen", "loan_fen"))]
    kept = "id, firm, fen, choice_fen, platform_fen, is_station, is_ranked, macro, micro, level"
    return f"CREATE OR REPLACE TEMP TABLE told_projects AS WITH {steps} SELECT {kept}, {', '.join(told)} FROM chosen"


def firm_table(pot: int) -> str:
    gates = f"gates AS MATERIALIZED (SELECT *, {sql.every(sql.FIRM_TESTS)} AS gate FROM firms)"
    children = sql.project_steps(False).split("children AS")[1].replace("FROM chosen", "FROM told_projects")
    told = [gate("firm_gate", "gate", sql.FIRM_TESTS)]
    told += [clause(name, "gate") for name in ("station", "research", "growth", "award", "scale_up")]
    told += [combined("research_or_growth", "best_fen", ("research_fen", "growth_fen")), total()]
    steps = (
        f"{gates}, children AS{children}{sql.firm_steps(False, ', ' + ', '.join(told))},{sql.pot_steps(pot)}"
    )
    kept = ", ".join(columns(FIRM_CLAUSES))
    return (
        f"CREATE OR REPLACE TEMP TABLE told_firms AS WITH {steps} SELECT id, {sql.ANSWER}, {kept} FROM ranked"
    )


def columns(clauses: tuple[str, ...]) -> list[str]:
    return [f"{name}_{kind}" for name in clauses for kind in KINDS]


def prepare(data: Data, *, threads: int | None = None, read_out: bool = False) -> Run:
    """Both tables stay in DuckDB, where one would ask them; ``read_out`` sorts and fetches them as well."""
    connection = sql.connect(data, threads)
    projects, firms = project_table(), firm_table(data.pot)

    def run() -> Result:
        connection.execute(projects)
        connection.execute(firms)
        found = connection.sql("SELECT entitled, lacks, paid FROM told_firms ORDER BY id").fetchnumpy()
        why = None
        if read_out:
            why = read(connection, "told_firms", FIRM_CLAUSES) | read(
                connection, "told_projects", PROJECT_CLAUSES
            )
        return Result(found["entitled"], found["lacks"].astype(np.bool_), found["paid"], why)

    return run


def read(connection: Any, table: str, clauses: tuple[str, ...]) -> dict[str, Reasons]:
    rows = connection.sql(f"SELECT {', '.join(columns(clauses))} FROM {table} ORDER BY id").fetchnumpy()
    return {name: Reasons(*(rows[f"{name}_{kind}"] for kind in KINDS)) for name in clauses}
