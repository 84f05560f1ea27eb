"""The policy as one loop written by hand for Numba: firms outside, their projects inside, nothing in between.

Without reasons it leaves out what cannot pay any more. With reasons every condition is looked at, and standings, both bitmasks and
the binding caps are written. ``threads`` runs the firms on all cores. The clauses are in numba_clauses.py.
"""

from __future__ import annotations

from collections import namedtuple
from functools import cache
from typing import Any

import numba
import numpy as np

from rulebook_peers import numba_clauses as clauses
from rulebook_peers import policy
from rulebook_peers.data import Array, Data
from rulebook_peers.policy import FAILS, FIRM_CLAUSES, LACKS, MEETS, PROJECT_CLAUSES
from rulebook_peers.results import Reasons, Result, Run

PROJECT_GATE, EQUIPMENT, INTEREST, CHOICE, PLATFORM = range(len(PROJECT_CLAUSES))
FIRM_GATE, STATION, RND, GROWTH, FIRM_CHOICE, AWARD, SCALE_UP, TOTAL = range(len(FIRM_CLAUSES))


@numba.njit
def put(stands: Any, false: Any, unknown: Any, binding: Any, clause: int, row: int, outcome: Any) -> None:
    stands[clause, row], false[clause, row], unknown[clause, row] = outcome[0], outcome[2], outcome[3]
    binding[clause, row] = outcome[4]


@numba.njit
def recognised(sure: bool, level: int, known: bool) -> tuple[bool, bool, int]:
    """(counts, might count, level) of a project whose gate does not fail."""
    if not known:
        return False, True, 0
    return sure and level > 0, not sure and level > 0, level


# One loop on purpose: that is what is measured. Columns are taken out of their tuples first, so that none is counted inside.
def decide(  # noqa: C901, PLR0912, PLR0915
    F: Any,
    FK: Any,
    P: Any,
    PK: Any,
    offsets: Any,
    entitled: Any,
    lacks: Any,
    f_out: Any,
    p_out: Any,
    told: Any,
) -> None:
    in_city, registered_on, blacklisted, credit, penalty = (
        F.in_city,
        F.registered_on,
        F.blacklisted,
        F.credit,
        F.penalty,
    )
    revenue, prior_revenue, rnd = F.revenue, F.prior_revenue, F.rnd
    contribution, first_scale = F.contribution, F.first_scale
    city_known, credit_known, revenue_known = FK.in_city, FK.credit, FK.revenue
    prior_known, rnd_known, contribution_known = FK.prior_revenue, FK.rnd, FK.contribution
    approved, accepted_on, invest, equipment, interest = (
        P.approved,
        P.accepted_on,
        P.invest,
        P.equipment,
        P.interest,
    )
    kind, sector, level, macro, micro = P.kind, P.sector, P.level, P.macro, P.micro
    running, served = P.running, P.served
    accepted_known, invest_known, equipment_known = PK.accepted_on, PK.invest, PK.equipment
    interest_known, level_known, macro_known, served_known = PK.interest, PK.level, PK.macro, PK.served
    f1, f2, f3, f4 = f_out
    p1, p2, p3, p4 = p_out
    for f in numba.prange(len(entitled)):
        gate = clauses.firm_gate(
            in_city[f],
            city_known[f],
            registered_on[f],
            blacklisted[f],
            credit[f],
            credit_known[f],
            penalty[f],
        )
        if told is None and gate[0] == FAILS:
            entitled[f], lacks[f] = 0, False
            continue
        fen = big = small = rank = 0
        met = lacking = s_sure = s_might = s_lacks = a_sure = a_might = False
        for p in range(offsets[f], offsets[f + 1]):
            own = clauses.project_gate(
                gate[0],
                approved[p],
                accepted_on[p],
                accepted_known[p],
                invest[p],
                invest_known[p],
                kind[p],
                sector[p],
            )
            if told is None and own[0] == FAILS:
                continue
            known = equipment_known[p] and invest_known[p] and level_known[p]
            e = clauses.equipment(own[0], kind[p], equipment[p], invest[p], level[p], known)
            i = clauses.interest(own[0], interest[p], interest_known[p])
            c = clauses.higher(e, i)
            m = clauses.platform(own[0], kind[p], running[p], served[p], served_known[p])
            fen += c[1] + m[1]
            met |= c[0] == MEETS or m[0] == MEETS
            lacking |= c[0] == LACKS or m[0] == LACKS
            if own[0] != FAILS:
                sure = own[0] == MEETS
                if kind[p] == policy.STATION:
                    s_sure, s_might, s_lacks = (
                        s_sure | sure,
                        s_might | (not sure),
                        s_lacks | (not macro_known[p]),
                    )
                    big, small = big + macro[p], small + micro[p]
                counts, might, one_rank = recognised(sure, level[p], level_known[p])
                a_sure, a_might, rank = a_sure | counts, a_might | might, max(rank, one_rank)
            if told is not None:
                put(p1, p2, p3, p4, PROJECT_GATE, p, own)
                put(p1, p2, p3, p4, EQUIPMENT, p, e)
                put(p1, p2, p3, p4, INTEREST, p, i)
                put(p1, p2, p3, p4, CHOICE, p, c)
                put(p1, p2, p3, p4, PLATFORM, p, m)
        s = clauses.station(gate[0], s_sure, s_might, s_lacks, big, small)
        r = clauses.rnd(gate[0], rnd[f], rnd_known[f], revenue[f], revenue_known[f])
        g = clauses.growth(gate[0], revenue[f], revenue_known[f], prior_revenue[f], prior_known[f])
        c = clauses.higher(r, g)
        a = clauses.award(gate[0], a_sure, a_might, rank)
        u = clauses.scale_up(gate[0], first_scale[f])
        met = met or s[0] == MEETS or c[0] == MEETS or a[0] == MEETS or u[0] == MEETS
        lacking = lacking or s[0] == LACKS or c[0] == LACKS or a[0] == LACKS or u[0] == LACKS
        t = clauses.total(
            met, lacking, fen + s[1] + c[1] + a[1] + u[1], contribution[f], contribution_known[f]
        )
        entitled[f], lacks[f] = t[1], t[0] == LACKS
        if told is not None:
            put(f1, f2, f3, f4, FIRM_GATE, f, gate)
            put(f1, f2, f3, f4, STATION, f, s)
            put(f1, f2, f3, f4, RND, f, r)
            put(f1, f2, f3, f4, GROWTH, f, g)
            put(f1, f2, f3, f4, FIRM_CHOICE, f, c)
            put(f1, f2, f3, f4, AWARD, f, a)
            put(f1, f2, f3, f4, SCALE_UP, f, u)
            put(f1, f2, f3, f4, TOTAL, f, t)


@cache
def kernel(threads: bool) -> Any:
    return numba.njit(parallel=threads)(decide)


def share_pot(entitled: Array, pot: int) -> Array:
    """Pro rata with the largest remainders; NumPy finds the least of them that gets a fen, ten times as fast as Numba's own."""
    total = int(entitled.sum())
    if total <= pot:
        return entitled.copy()
    paid, rest, left = shares(entitled, pot, total)
    if left:
        drawn = rest[
            rest > 0
        ]  # more than are left; zeros by the hundred thousand would slow the partition tenfold
        give(paid, rest, left, np.partition(drawn, len(drawn) - left)[len(drawn) - left])
    return paid


@numba.njit
def shares(entitled: Array, pot: int, total: int) -> tuple[Array, Array, int]:
    """Whole fen, remainders and the fen left over. The product needs 128 bits: the quotient is guessed in floats and put right
    by the remainder, which fits 64 bits whatever wrapped on the way."""
    paid, rest = np.empty_like(entitled), np.empty_like(entitled)
    factor, left = pot / total, pot
    for f in range(len(entitled)):
        whole = np.int64(entitled[f] * factor)
        over = entitled[f] * pot - whole * total
        step = int(over >= total) - int(over < 0)
        paid[f], rest[f] = whole + step, over - step * total
        left -= paid[f]
    return paid, rest, left


@numba.njit
def give(paid: Array, rest: Array, left: int, least: int) -> None:
    """One fen each to the ``left`` largest remainders; among equals the first firms."""
    for f in range(len(rest)):
        if rest[f] > least:
            paid[f] += 1
            left -= 1
    for f in range(len(rest)):
        if left and rest[f] == least:
            paid[f] += 1
            left -= 1


def columns(entity: str, rows: dict[str, Array], known: dict[str, Array]) -> tuple[Any, Any]:
    """The columns and their masks as named tuples, which compiled code can read."""
    masks = {name: mask for name, mask in known.items() if name in rows}
    return namedtuple(entity, rows)(**rows), namedtuple(f"{entity}Known", masks)(**masks)


def prepare(data: Data, *, reasons: bool = False, threads: bool = False) -> Run:
    F, FK = columns("Firms", data.firms, data.known)
    P, PK = columns("Projects", data.projects, data.known)
    offsets, pot, told = data.offsets, data.pot, True if reasons else None

    def run() -> Result:
        n, m = len(F.id), len(P.id)
        entitled, lacks = np.empty(n, np.int64), np.empty(n, np.bool_)
        f_out, p_out = blank(FIRM_CLAUSES, n if reasons else 0), blank(PROJECT_CLAUSES, m if reasons else 0)
        kernel(threads)(F, FK, P, PK, offsets, entitled, lacks, f_out, p_out, told)
        found = by_clause(FIRM_CLAUSES, f_out) | by_clause(PROJECT_CLAUSES, p_out) if reasons else None
        return Result(entitled, lacks, share_pot(entitled, pot), found)

    return run


def blank(clauses: tuple[str, ...], rows: int) -> tuple[Array, Array, Array, Array]:
    shape = (len(clauses), rows)
    return (
        np.empty(shape, np.uint8),
        np.empty(shape, np.uint8),
        np.empty(shape, np.uint8),
        np.empty(shape, np.int8),
    )


def by_clause(names: tuple[str, ...], out: Any) -> dict[str, Reasons]:
    return {name: Reasons(*(rows[index] for rows in out)) for index, name in enumerate(names)}
