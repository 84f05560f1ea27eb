"""The policy as SQL written by hand for DuckDB, in memory. Money is BIGINT, the pot's product HUGEINT; NULL is unknown, and its
AND and OR are Kleene's, but ``least``, ``greatest`` and ``sum`` pass over it and are told not to.

``gate_last``: the firm's gate is laid over the total, so that the projects need not be joined to it; without it the SQL is as the
policy reads. With reasons: duckdb_reasons.py.
"""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from rulebook_peers import policy
from rulebook_peers.data import Data
from rulebook_peers.results import Result, Run


def ladder(value: str, steps: tuple[int, ...], results: tuple[int, ...]) -> str:
    """NULL stays NULL: no branch of CASE would take it."""
    whens = "".join(
        f" WHEN {value} < {step} THEN {fen}" for step, fen in zip(steps, results[:-1], strict=True)
    )
    return f"CASE WHEN {value} IS NULL THEN NULL{whens} ELSE {results[-1]} END"


def table(value: str, results: tuple[int, ...]) -> str:
    return f"CASE {value}{''.join(f' WHEN {key} THEN {fen}' for key, fen in enumerate(results))} END"


def share(fen: str, rate: str | int) -> str:
    return f"(({fen}) * ({rate}) + {policy.BASIS // 2}) // {policy.BASIS}"


def capped(fen: str, cap: str | int) -> str:
    return f"CASE WHEN {fen} <= ({cap}) THEN {fen} WHEN {fen} > ({cap}) THEN ({cap}) END"


def higher(one: str, other: str) -> str:
    return f"CASE WHEN {one} IS NULL OR {other} IS NULL THEN NULL ELSE greatest({one}, {other}) END"


def due(test: str, fen: str) -> str:
    """0 where the test is false, NULL where it or the amount is unknown."""
    return f"CASE WHEN NOT ({test}) THEN 0 WHEN {test} THEN {fen} END"


DAY = "DATE '1970-01-01' + {}".format
FIRM_TESTS = (
    "in_city", f"registered_on <= {DAY(policy.REGISTERED_BY)}", "NOT blacklisted", f"credit <= {policy.WORST_CREDIT}", "NOT penalty",
)  # fmt: skip
OWN_TESTS = (
    "approved",
    f"accepted_on >= {DAY(policy.ACCEPTED_FROM)} AND accepted_on < {DAY(policy.ACCEPTED_UNTIL)}",
    f"invest >= {policy.LEAST_INVEST} OR kind = {policy.STATION}",
    f"sector IN {policy.CHAIN}",
)
#: Tests beside the gate.
TESTS = {
    "device": (f"kind <= {policy.LAST_EQUIPMENT_KIND}",),
    "loan": ("interest > 0",),
    "platform": (f"kind = {policy.PLATFORM}", f"served >= {policy.LEAST_SERVED}"),
    "station": ("station_any",),
    "research": (f"rnd >= {policy.LEAST_RND}",),
    "growth": (
        f"revenue >= {policy.LEAST_REVENUE}",
        f"revenue * 100 >= prior_revenue * {policy.GROWTH_PERCENT}",
    ),
    "award": ("award_any",),
    "scale_up": ("first_scale",),
}
INTENSE = f"rnd * 100 >= revenue * {policy.INTENSE_PERCENT}"
RND_RATE = f"CASE WHEN {INTENSE} THEN {policy.RND_HIGH_RATE} WHEN NOT ({INTENSE}) THEN {policy.RND_RATE} END"
#: Each amount before its cap, and the cap.
AMOUNTS: dict[str, tuple[str, str | int]] = {
    "device": (
        share("equipment", ladder("invest", policy.EQUIPMENT_STEPS, policy.EQUIPMENT_RATES)),
        table("level", policy.EQUIPMENT_CAPS),
    ),
    "loan": (share("interest", policy.INTEREST_RATE), policy.INTEREST_CAP),
    "platform": (share("running", policy.PLATFORM_RATE), policy.PLATFORM_CAP),
    "research": (share("rnd", RND_RATE), policy.RND_CAP),
    "station": (
        f"least(macro, {policy.MACRO_FULL}) * {policy.MACRO_FEN} + greatest(macro - {policy.MACRO_FULL}, 0)"
        f" * {policy.MACRO_MORE_FEN} + micro * {policy.MICRO_FEN}",
        policy.STATION_CAP,
    ),
}


def every(tests: tuple[str, ...]) -> str:
    return " AND ".join(f"({test})" for test in tests)


def clause(name: str, gate: str, fen: str) -> str:
    return f"{due(every((gate, *TESTS[name])), fen)} AS {name}_fen"


def capped_clause(name: str, gate: str) -> str:
    return clause(name, gate, capped(f"{name}_raw", AMOUNTS[name][1]))


def raw(*names: str) -> str:
    """Amounts before caps; one without a whole datum is NULL by itself, save for what ``least`` would pass over."""
    guard = {"station": "CASE WHEN macro IS NOT NULL THEN {} END"}
    return ", ".join(f"{guard.get(name, '{}').format(AMOUNTS[name][0])} AS {name}_raw" for name in names)


def project_steps(gate_last: bool) -> str:
    """CTEs down to one row a firm: what its projects come to, NULL where one of them is not known."""
    firm = "" if gate_last else ", f.gate AS firm_gate FROM projects p JOIN gates f ON f.id = p.firm"
    own = every(OWN_TESTS)
    return f"""
gates AS MATERIALIZED (SELECT *, {every(FIRM_TESTS)} AS gate FROM firms),
gated AS (SELECT *, {own if gate_last else own + " AND firm_gate"} AS project_gate, {raw("device", "loan", "platform")}
  FROM {"projects" if gate_last else "(SELECT p.*" + firm + ")"}),
priced AS (SELECT *, {", ".join(capped_clause(name, "project_gate") for name in ("device", "loan", "platform"))} FROM gated),
chosen AS (SELECT *, {higher("device_fen", "loan_fen")} AS choice_fen, choice_fen + platform_fen AS fen,
  project_gate AND kind = {policy.STATION} AS is_station, project_gate AND level > 0 AS is_ranked FROM priced),
children AS (SELECT firm,
  CASE WHEN count(*) = count(fen) THEN sum(fen) END::BIGINT AS children_fen,
  bool_or(choice_fen > 0 OR platform_fen > 0) AS children_met,
  {any_of("is_station")} AS station_any,
  CASE WHEN bool_and(is_station IS NOT NULL AND (NOT is_station OR macro IS NOT NULL))
    THEN coalesce(sum(macro) FILTER (is_station), 0) END::BIGINT AS macro,
  coalesce(sum(micro) FILTER (is_station), 0)::BIGINT AS micro,
  {any_of("is_ranked")} AS award_any,
  CASE WHEN bool_and(is_ranked IS NOT NULL) THEN coalesce(max(level) FILTER (is_ranked), 0) END AS highest
  FROM chosen GROUP BY firm),"""


def any_of(test: str) -> str:
    """Kleene's or over rows: ``bool_or`` alone passes over what is unknown."""
    return f"CASE WHEN bool_or({test}) THEN true WHEN count(*) = count({test}) THEN false END"


def firm_steps(gate_last: bool, extra: str = "") -> str:
    """CTEs down to one row a firm with its total; ``extra`` columns are kept beside it."""
    gate = "true" if gate_last else "gate"
    growth = ladder("revenue - prior_revenue", policy.GROWTH_STEPS, policy.GROWTH_FEN)
    parts = [capped_clause(name, gate) for name in ("station", "research")]
    parts += [clause("growth", gate, growth), clause("award", gate, table("highest", policy.AWARD_FEN))]
    parts += [clause("scale_up", gate, str(policy.SCALE_UP_FEN))]
    alone = "c.firm IS NULL"
    half = share("contribution", policy.CONTRIBUTION_RATE)
    under = capped("fen", policy.FIRM_CAP)
    total = f"CASE WHEN fen = 0 THEN 0 ELSE {capped('most', 'half')} END"
    if gate_last:
        total = f"CASE WHEN NOT gate OR (gate IS NULL AND fen = 0) THEN 0 WHEN gate THEN {total} END"
    return f"""
joined AS (SELECT g.*, CASE WHEN {alone} THEN 0 ELSE children_fen END AS children_fen, children_met,
  CASE WHEN {alone} THEN false ELSE station_any END AS station_any, CASE WHEN {alone} THEN 0 ELSE macro END AS macro,
  CASE WHEN {alone} THEN 0 ELSE micro END AS micro, CASE WHEN {alone} THEN false ELSE award_any END AS award_any,
  CASE WHEN {alone} THEN 0 ELSE highest END AS highest FROM gates g LEFT JOIN children c ON c.firm = g.id),
raw_firms AS (SELECT *, {raw("station", "research")} FROM joined),
clauses AS (SELECT *, {", ".join(parts)} FROM raw_firms),
summed AS (SELECT *, {higher("research_fen", "growth_fen")} AS best_fen,
  children_fen + station_fen + best_fen + award_fen + scale_up_fen AS fen,
  {half} AS half FROM clauses),
bounded AS (SELECT *, {under} AS most FROM summed),
decided AS MATERIALIZED (SELECT id, total{extra} FROM (SELECT *, {total} AS total FROM bounded))"""


def pot_steps(pot: int) -> str:
    """Largest remainders: the product in 128 bits, then places by remainder."""
    share, all_paid = f"coalesce(total, 0)::HUGEINT * {pot}", f"wanted <= {pot}"
    return f"""
pool AS (SELECT sum(total)::BIGINT AS wanted FROM decided),
shares AS (SELECT *, CASE WHEN {all_paid} THEN coalesce(total, 0) ELSE ({share} // wanted)::BIGINT END AS whole,
  CASE WHEN {all_paid} THEN 0 ELSE ({share} % wanted)::BIGINT END AS rest FROM decided, pool),
ranked AS (SELECT *, row_number() OVER (ORDER BY rest DESC, id) AS place, least(wanted, {pot}) - sum(whole) OVER () AS spare
  FROM shares)"""


ANSWER = "coalesce(total, 0) AS entitled, total IS NULL AS lacks, whole + (place <= spare)::BIGINT AS paid"


def prepare(data: Data, *, gate_last: bool = False, threads: int | None = None) -> Run:
    connection = connect(data, threads)
    sql = f"WITH {project_steps(gate_last)}{firm_steps(gate_last)},{pot_steps(data.pot)}\nSELECT {ANSWER} FROM ranked ORDER BY id"

    def run() -> Result:
        found = connection.sql(sql).fetchnumpy()
        return Result(found["entitled"], found["lacks"].astype(np.bool_), found["paid"])

    return run


def connect(data: Data, threads: int | None) -> Any:
    import duckdb

    connection = duckdb.connect(config={"threads": threads or os.cpu_count()})
    for name, rows in zip(("firms", "projects"), data.arrow(), strict=True):
        connection.register("arrived", rows)
        connection.execute(f"CREATE TABLE {name} AS FROM arrived")
        connection.unregister("arrived")
    return connection
