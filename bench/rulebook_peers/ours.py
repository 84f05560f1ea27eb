"""Mangrove's own engines on the policy of policy.yaml, in the form of the peers; the pot by the fast pro-rata of the house."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from mangrove.rulebook.engines.columns import Column, Snapshot, Table
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.plan import Tell
from mangrove.rulebook.engines.pot import pro_rata
from mangrove.rulebook.engines.results import LACKS, Results
from rulebook_peers.data import Data
from rulebook_peers.measure import measure, vocabulary
from rulebook_peers.results import Reasons, Result, Run

Array = np.ndarray[Any, np.dtype[Any]]
EPOCH = 719_163
FIRM, PROJECT = "bench_firm", "bench_project"


def snapshot(firms: pa.Table, projects: pa.Table) -> Snapshot:
    """The two tables as columns of the vocabulary; the firm of a project as its row."""
    tables = [table(FIRM, firms), table(PROJECT, projects)]
    owners = projects["firm"].to_numpy()
    tables[1].links["firm"] = np.searchsorted(firms["id"].to_numpy(), owners).astype(np.int64)
    return Snapshot(tables, vocabulary())


def table(entity: str, arrow: pa.Table) -> Table:
    made = Table(entity, arrow["id"].to_numpy())
    for name in vocabulary().entities[entity].fields:
        if name != "id":
            made.columns[name] = column(arrow[name].combine_chunks())
    return made


def column(array: pa.Array) -> Column:
    known = None if not array.null_count else array.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_date32(array.type):
        values = array.cast(pa.int32()).fill_null(0).to_numpy().astype(np.int64) + EPOCH
    elif pa.types.is_boolean(array.type):
        values = array.fill_null(False).to_numpy(zero_copy_only=False).astype(np.int64)
    else:
        values = array.fill_null(0).to_numpy().astype(np.int64)
    return Column(values, known)


def answer(results: Results, pot: int, reasons: bool) -> Result:
    last = results.clauses["firm_cap"]
    entitled = last.paid()
    told = {
        id: Reasons(one.standing, one.failed, one.unsure, -1 if one.binding is None else one.binding)
        for id, one in results.clauses.items()
    }
    return Result(entitled, last.standing == LACKS, pro_rata(entitled, pot), told if reasons else None)


def runs(engine: Any, pot: int, reasons: bool) -> Run:
    return lambda: answer(engine.run(), pot, reasons)


def near(engine: Any, pot: int) -> Run:
    """The reasons, and of every clause whom one condition alone keeps out and the money that hangs on it."""

    def run() -> Result:
        from mangrove.rulebook.explaining.near import near_misses

        results = engine.run()
        near_misses(results)
        return answer(results, pot, True)

    return run


def prepare(data: Data, *, engine: str, tell: Tell = "paid") -> Run:
    """One of our engines, ready; told what is paid, the reasons as well, or all that near misses need."""
    tables, reasons = snapshot(*data.arrow()), tell != "paid"
    if engine == "numpy":
        from mangrove.rulebook.engines.vector import Vector

        made = Vector(lower(measure()), tables, tell=tell)
        return near(made, data.pot) if tell == "all" else runs(made, data.pot, reasons)
    if engine == "numba":
        from mangrove.rulebook.engines.fused import Fused

        return runs(Fused(lower(measure()), tables, tell), data.pot, reasons)
    from mangrove.rulebook.engines.duck import Duck

    return runs(Duck(lower(measure()), tables, tell=tell), data.pot, reasons)
