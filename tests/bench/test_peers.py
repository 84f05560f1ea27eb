"""The engines that ours are measured against compute the same policy: row by row, with what is unknown, and its reasons.

The interpreter of the language, on the same policy as an officer would write it, is the judge of them all.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest

# Behind all others: bench/rulebook.py must not hide the tests of the rulebook
sys.path.append(str(Path(__file__).resolve().parents[2] / "bench"))

from rulebook_peers import duckdb_reasons, hand_duckdb, hand_numba, hand_numpy, hand_polars, policy
from rulebook_peers.data import DATES, Data, load, make
from rulebook_peers.measure import measure, vocabulary
from rulebook_peers.numpy_stages import project_stage
from rulebook_peers.results import Result, rows_off

from mangrove.rulebook.decide import Deciding, Outcome, Run, Standing
from mangrove.rulebook.population import Population, Stored, Thing
from mangrove.rulebook.texts.tables import links

STANDINGS = {Standing.FAILS: policy.FAILS, Standing.MEETS: policy.MEETS, Standing.LACKS: policy.LACKS}
WORDS = {"credit": policy.CREDIT, "kind": policy.KIND, "level": policy.LEVEL}
CASES = {"plain": (2_000, 0), "one firm with 100,000 projects": (2_000, 100_000), "one firm": (1, 0)}


@cache
def case(name: str) -> tuple[Data, Result]:
    """The data, and what NumPy says of them, reasons and near misses with it."""
    firms, biggest = CASES[name]
    data = make(firms, biggest=biggest)
    return data, hand_numpy.prepare(data, reasons=True, near=True)()


def off(found: Result, right: Result) -> dict[str, int]:
    return {what: rows for what, rows in rows_off(found, right).items() if rows}


@pytest.mark.parametrize("name", CASES)
def test_every_peer_pays_the_same(name: str) -> None:
    data, right = case(name)
    runs = {
        "Numba": hand_numba.prepare(data, reasons=True),
        "Polars": hand_polars.prepare(data),
        "DuckDB": hand_duckdb.prepare(data),
        "DuckDB, gate last": hand_duckdb.prepare(data, gate_last=True),
        "DuckDB with reasons": duckdb_reasons.prepare(data, read_out=True),
    }
    found = {engine: run() for engine, run in runs.items()}
    assert {engine: off(result, right) for engine, result in found.items()} == {engine: {} for engine in runs}
    told = {engine for engine, result in found.items() if result.reasons}
    assert told == {"Numba", "DuckDB with reasons"}
    assert all(found[engine].reasons.keys() == right.reasons.keys() for engine in told)


def test_the_data_reach_every_corner() -> None:
    """Each clause fails, meets and lacks somewhere, and the caps bind somewhere."""
    data, right = case("plain")
    for clause, told in right.reasons.items():
        assert set(told.standing) == {policy.FAILS, policy.MEETS, policy.LACKS}, clause
    assert {0, 1} == {
        bit for bit in (0, 1) for one in CASES if bit in case(one)[1].reasons["firm_cap"].binding
    }
    assert all(0 in right.reasons[clause].binding for clause in ("device", "loan", "platform", "research"))
    assert right.lacks.any() and right.paid.sum() == data.pot
    assert 0.10 < (np.diff(data.offsets) == 0).mean() < 0.17


def test_the_interpreter_says_the_same() -> None:
    data = make(150, seed=7)
    right = hand_numpy.prepare(data, reasons=True)()
    population = Population(things(data), dict(links(vocabulary())))
    deciding = Deciding(measure(), population, Run(decide_on=date(2026, 6, 30)))
    wrong = []
    for entity, rows in (("bench_firm", data.firms), ("bench_project", data.projects)):
        for row, key in enumerate(rows["id"]):
            for one in deciding.all_of(population.things[entity, str(key)]):
                told = right.reasons[one.clause.id]
                said = tuple(
                    int(column[row]) for column in (told.standing, told.false, told.unknown, told.binding)
                )
                if said != as_told(one):
                    wrong.append((one.clause.id, row, said, as_told(one)))
                if one.clause.id == "firm_cap" and (one.fen or 0) != right.entitled[row]:
                    wrong.append((one.clause.id, row, right.entitled[row], one.fen))
    assert wrong == []


def as_told(one: Outcome) -> tuple[int, int, int, int]:
    false = sum(1 << bit for bit, answer in enumerate(one.answers) if answer.holds is False)
    unknown = sum(1 << bit for bit, answer in enumerate(one.answers) if answer.holds is None)
    meets = one.standing == Standing.MEETS and one.binding is not None
    return STANDINGS[one.standing], false, unknown, one.binding if meets else -1


def things(data: Data) -> Iterator[Thing]:
    firm_keys = [str(key) for key in data.firms["id"]]
    for row, key in enumerate(firm_keys):
        yield Thing("bench_firm", key, fields(data, data.firms, row))
    for row, key in enumerate(data.projects["id"]):
        link = {"firm": firm_keys[data.projects["firm"][row]]}
        yield Thing("bench_project", str(key), fields(data, data.projects, row), link)


def fields(data: Data, rows: dict[str, np.ndarray], row: int) -> dict[str, Stored]:
    names = [name for name in rows if name not in ("id", "firm")]
    return {name: stored(name, rows[name][row].item()) if known(data, name, row) else None for name in names}


def known(data: Data, name: str, row: int) -> bool:
    return name not in data.known or bool(data.known[name][row])


def stored(name: str, value: int) -> Stored:
    if name in WORDS:
        return WORDS[name][value].lower()
    if name == "sector":
        return f"s{value}"
    return date(1970, 1, 1) + timedelta(days=value) if name in DATES else value


@pytest.mark.parametrize("share_pot", [hand_numpy.share_pot, hand_numba.share_pot])
def test_the_pot_goes_to_the_largest_remainders(share_pot) -> None:
    """Against whole numbers of any size, with many equal claims, claims of nothing and products beyond 64 bits."""
    draw = np.random.default_rng(3)
    for top, pot in ((4, 50), (10**9, 10**10 + 1), (10**9, 7), (10**9, 10**15)):
        asked = draw.integers(0, top, 400)
        asked[::7] = asked[1]
        asked[3] = 0
        assert share_pot(asked, pot).tolist() == shared_exactly(asked.tolist(), pot)


def shared_exactly(asked: list[int], pot: int) -> list[int]:
    total = sum(asked)
    if total <= pot:
        return asked
    paid = [one * pot // total for one in asked]
    by_rest = sorted(range(len(asked)), key=lambda row: (-(asked[row] * pot % total), row))
    for row in by_rest[: pot - sum(paid)]:
        paid[row] += 1
    return paid


@pytest.mark.parametrize(
    ("bit", "field", "good"), [(1, "registered_on", 10_000), (2, "blacklisted", False), (4, "penalty", False)]
)
def test_a_near_miss_is_what_the_firm_would_get(bit: int, field: str, good: int) -> None:
    data, right = case("plain")
    near = right.near["firm_gate"]
    rows = np.flatnonzero(near.sole == bit)
    column = data.firms[field].copy()
    column[rows] = good
    mended = hand_numpy.prepare(replace(data, firms=data.firms | {field: column}))()
    assert len(rows) > 10
    assert np.array_equal(np.where(mended.lacks, -1, mended.entitled)[rows], near.stake[rows])


def test_a_near_miss_is_what_the_project_would_get() -> None:
    data, right = case("plain")
    near = right.near["project_gate"]
    rows = np.flatnonzero(near.sole == 0)
    mended = project_stage(data.projects | {"approved": np.ones_like(data.projects["approved"])}, data.known)
    fen = np.where(mended.choice_lacks | mended.platform.lacks, -1, mended.choice() + mended.platform.paid)
    assert len(rows) > 10
    assert np.array_equal(fen[rows], near.stake[rows])


def test_data_come_back_as_they_were_saved(tmp_path: Path) -> None:
    data, _right = case("plain")
    data.save(tmp_path / "data.npz")
    firms, projects = load(tmp_path / "data.npz").arrow()
    again = make(2_000).arrow()
    assert firms.equals(again[0]) and projects.equals(again[1])
    assert firms["credit"].null_count > 0 and str(firms["registered_on"].type) == "date32[day]"
