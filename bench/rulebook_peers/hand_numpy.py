"""The policy written by hand in NumPy, with reasons and near misses on demand. The clauses are in numpy_stages.py."""

from __future__ import annotations

import numpy as np

from rulebook_peers import numpy_reasons
from rulebook_peers.data import Array, Data
from rulebook_peers.numpy_stages import firm_stage, project_stage
from rulebook_peers.results import Result, Run


def share_pot(entitled: Array, pot: int) -> Array:
    """Pro rata with the largest remainders. The product needs 128 bits: the quotient is guessed in floats and put right by the
    remainder, which fits 64 bits whatever wrapped on the way."""
    total = int(entitled.sum())
    if total <= pot:
        return entitled.copy()
    paid = (entitled * (pot / total)).astype(np.int64)
    rest = entitled * np.int64(pot) - paid * np.int64(total)
    for wrong, step in ((rest < 0, -1), (rest >= total, 1)):
        paid[wrong] += step
        rest[wrong] -= step * total
    left = pot - int(paid.sum())
    if left:
        drawn = rest[
            rest > 0
        ]  # more than are left; zeros by the hundred thousand would slow the partition tenfold
        least = np.partition(drawn, len(drawn) - left)[len(drawn) - left]
        above = rest > least
        paid += above
        paid[np.flatnonzero(rest == least)[: left - np.count_nonzero(above)]] += 1
    return paid


def prepare(data: Data, *, reasons: bool = False, near: bool = False) -> Run:
    data.offsets  # noqa: B018 - computed once, before the clock runs

    def run() -> Result:
        projects = project_stage(data.projects, data.known)
        firms = firm_stage(data, projects)
        capped = np.minimum(firms.fen, np.minimum(*firms.caps))
        fails = firms.gate.fails()
        # An unknown gate leaves unknown whatever might be paid
        lacks = (firms.lacks | (firms.gate.open() & firms.met)) & ~fails
        entitled = np.where(fails | lacks, 0, capped)
        paid = share_pot(entitled, data.pot)
        why = numpy_reasons.reasons(data, projects, firms, entitled, lacks) if reasons else None
        misses = numpy_reasons.near(data, projects, firms, capped) if near else None
        return Result(entitled, lacks, paid, why, misses)

    return run
