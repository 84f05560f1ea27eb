"""The policy as OpenFisca and PolicyEngine formulas, the same for both: each names its variables, periods and entities alike.

Neither knows a missing value. Here NaN stands for it, and truths that may be unknown are floats: 0, 1 or NaN. Money is what these
engines have for it, float32. ``by_max`` asks for the highest award with their ``max``, as one would write it, which goes over all
rows as often as the largest firm has projects; without it the award is asked level by level.

A firm more than there are, with one project, stands at the end: OpenFisca's sums are too short when the last has none.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from rulebook_peers import policy
from rulebook_peers.data import Array, Data
from rulebook_peers.hand_numpy import share_pot

YEAR = 2026
CHAIN = np.isin(np.arange(policy.SECTORS), policy.CHAIN)
CAPS = np.array(policy.EQUIPMENT_CAPS, np.float32)
AWARDS = np.array(policy.AWARD_FEN, np.float32)
WHOLE = {"registered_on", "kind", "sector", "micro"}
TRUTHS = {"blacklisted", "penalty", "approved", "first_scale"}
UNKNOWN = np.float32(np.nan)
TYPES = {float: np.float32, int: np.int32, bool: np.bool_}
#: Set once by the peer that runs: whether unknown values come with a mask, and how the highest award is found.
masked = False
by_max = True


def read(entity: Any, name: str, period: Any) -> Array:
    """A column with gaps. PolicyEngine refuses NaN among its inputs, and is given a mask beside."""
    return (
        np.where(entity(f"{name}_known", period), entity(name, period), UNKNOWN)
        if masked
        else entity(name, period)
    )


def test(found: Array, *values: Array) -> Array:
    """1 or 0, NaN where one of the values compared is."""
    return np.where(np.isnan(sum(values)), UNKNOWN, found.astype(np.float32))


def every(*tests: Array) -> Array:
    fails = np.zeros(len(tests[0]), bool)
    for one in tests:
        fails |= one == 0
    return np.where(fails, np.float32(0), np.where(np.isnan(sum(tests)), UNKNOWN, np.float32(1)))


def due(gate: Array, fen: Array) -> Array:
    return np.where(gate == 0, np.float32(0), np.where(gate == 1, fen, UNKNOWN))


def share(fen: Array, rate: Array | int) -> Array:
    return np.floor(fen * (rate / np.float32(policy.BASIS)) + np.float32(0.5))


def ladder(value: Array, steps: tuple[int, ...], results: tuple[int, ...]) -> Array:
    return np.select(
        [np.isnan(value), *(value < step for step in steps)], [UNKNOWN, *results[:-1]], results[-1]
    )


def any_child(firm: Any, tests: Array) -> Array:
    sure, might = firm.sum(tests == 1) > 0, firm.sum(np.isnan(tests)) > 0
    return np.where(sure, np.float32(1), np.where(might, UNKNOWN, np.float32(0)))


def firm_gate(firm: Any, period: Any) -> Array:
    credit = read(firm, "credit", period)
    return every(
        read(firm, "in_city", period),
        firm("registered_on", period) <= policy.REGISTERED_BY,
        ~firm("blacklisted", period),
        test(credit <= policy.WORST_CREDIT, credit),
        ~firm("penalty", period),
    )


def project_gate(project: Any, period: Any) -> Array:
    accepted, invest = read(project, "accepted_on", period), read(project, "invest", period)
    large = test(invest >= policy.LEAST_INVEST, invest)
    return every(
        project("approved", period),
        test((accepted >= policy.ACCEPTED_FROM) & (accepted < policy.ACCEPTED_UNTIL), accepted),
        np.where(project("kind", period) == policy.STATION, 1, large),
        CHAIN[project("sector", period)],
        project.firm("firm_gate", period),
    )


def equipment_fen(project: Any, period: Any) -> Array:
    level = read(project, "level", period)
    rate = ladder(read(project, "invest", period), policy.EQUIPMENT_STEPS, policy.EQUIPMENT_RATES)
    cap = np.where(np.isnan(level), UNKNOWN, CAPS[np.nan_to_num(level).astype(int)])
    wanted = project("kind", period) <= policy.LAST_EQUIPMENT_KIND
    return due(
        every(project("project_gate", period), wanted),
        np.minimum(share(read(project, "equipment", period), rate), cap),
    )


def interest_fen(project: Any, period: Any) -> Array:
    paid = read(project, "interest", period)
    gate = every(project("project_gate", period), test(paid > 0, paid))
    return due(gate, np.minimum(share(paid, policy.INTEREST_RATE), policy.INTEREST_CAP))


def device_or_loan(project: Any, period: Any) -> Array:
    return np.maximum(project("equipment_fen", period), project("interest_fen", period))


def platform_fen(project: Any, period: Any) -> Array:
    served = read(project, "served", period)
    enough = test(served >= policy.LEAST_SERVED, served)
    gate = every(project("project_gate", period), project("kind", period) == policy.PLATFORM, enough)
    return due(gate, np.minimum(share(project("running", period), policy.PLATFORM_RATE), policy.PLATFORM_CAP))


def station_fen(firm: Any, period: Any) -> Array:
    projects = firm.members
    counted = every(projects("project_gate", period), projects("kind", period) == policy.STATION)
    macro = firm.sum(due(counted, read(projects, "macro", period)))
    micro = firm.sum(due(counted, projects("micro", period)))
    full = np.minimum(macro, policy.MACRO_FULL)
    fen = full * policy.MACRO_FEN + (macro - full) * policy.MACRO_MORE_FEN + micro * policy.MICRO_FEN
    gate = every(firm("firm_gate", period), any_child(firm, counted))
    return due(gate, np.minimum(fen, policy.STATION_CAP))


def rnd_fen(firm: Any, period: Any) -> Array:
    spent, revenue = read(firm, "rnd", period), read(firm, "revenue", period)
    intense = spent * 100 >= revenue * policy.INTENSE_PERCENT
    rate = np.where(np.isnan(revenue), UNKNOWN, np.where(intense, policy.RND_HIGH_RATE, policy.RND_RATE))
    gate = every(firm("firm_gate", period), test(spent >= policy.LEAST_RND, spent))
    return due(gate, np.minimum(share(spent, rate), policy.RND_CAP))


def growth_fen(firm: Any, period: Any) -> Array:
    revenue, prior = read(firm, "revenue", period), read(firm, "prior_revenue", period)
    quick = test(revenue * 100 >= prior * policy.GROWTH_PERCENT, revenue, prior)
    gate = every(firm("firm_gate", period), test(revenue >= policy.LEAST_REVENUE, revenue), quick)
    return due(gate, ladder(revenue - prior, policy.GROWTH_STEPS, policy.GROWTH_FEN))


def rnd_or_growth(firm: Any, period: Any) -> Array:
    return np.maximum(firm("rnd_fen", period), firm("growth_fen", period))


def award_fen(firm: Any, period: Any) -> Array:
    projects = firm.members
    level = read(projects, "level", period)
    counted = every(projects("project_gate", period), test(level > 0, level))
    fen = highest_by_max(firm, counted, level) if by_max else highest_by_level(firm, counted, level)
    return due(every(firm("firm_gate", period), any_child(firm, counted)), fen)


def highest_by_max(firm: Any, counted: Array, level: Array) -> Array:
    """As one would write it: NaN goes through the maximum."""
    return firm.max(due(counted, AWARDS[np.nan_to_num(level).astype(int)]))


def highest_by_level(firm: Any, counted: Array, level: Array) -> Array:
    fen = np.zeros(firm.count, np.float32)
    for rank, award in enumerate(policy.AWARD_FEN[1:], start=1):
        fen = np.where(firm.sum((counted == 1) & (level == rank)) > 0, np.float32(award), fen)
    return np.where(firm.sum(np.isnan(counted)) > 0, UNKNOWN, fen)


def scale_up_fen(firm: Any, period: Any) -> Array:
    return due(every(firm("firm_gate", period), firm("first_scale", period)), np.float32(policy.SCALE_UP_FEN))


def total(firm: Any, period: Any) -> Array:
    children = firm.sum(firm.members("device_or_loan", period) + firm.members("platform_fen", period))
    own = [firm(name, period) for name in ("station_fen", "rnd_or_growth", "award_fen", "scale_up_fen")]
    fen = children + sum(own)
    half = share(read(firm, "contribution", period), policy.CONTRIBUTION_RATE)
    return np.where(fen == 0, 0, np.minimum(np.minimum(fen, policy.FIRM_CAP), half))


def paid(firm: Any, period: Any) -> Array:
    """The pot knows the whole population, so the formula leaves the engine for NumPy."""
    entitled = np.nan_to_num(firm("total", period)).astype(np.float64)
    return share_pot(np.rint(entitled).astype(np.int64), int(paid.pot))  # type: ignore[attr-defined]


PROJECT_FORMULAS = (project_gate, equipment_fen, interest_fen, device_or_loan, platform_fen)
FIRM_FORMULAS = (
    firm_gate, station_fen, rnd_fen, growth_fen, rnd_or_growth, award_fen, scale_up_fen, total, paid,
)  # fmt: skip


def variables(api: SimpleNamespace, data: Data) -> list[type]:
    """Variable classes for inputs and formulas. ``api`` has Variable, YEAR and the entities firm and project."""
    paid.pot = data.pot  # type: ignore[attr-defined]
    made = []
    for entity, rows, formulas in (
        (api.firm, data.firms, FIRM_FORMULAS),
        (api.project, data.projects, PROJECT_FORMULAS),
    ):
        names = [name for name in rows if name not in ("id", "firm")]
        made += [variable(api, entity, name, value_type(name), {}) for name in names]
        made += [
            variable(api, entity, f"{name}_known", bool, {})
            for name in names
            if masked and name in data.known
        ]
        made += [variable(api, entity, one.__name__, float, {"formula": one}) for one in formulas]
    return made


def variable(api: SimpleNamespace, entity: Any, name: str, kind: type, more: dict[str, Any]) -> type:
    fixed = {"value_type": kind, "entity": entity, "definition_period": api.YEAR, "label": name}
    return type(name, (api.Variable,), fixed | more)


def value_type(name: str) -> type:
    return int if name in WHOLE else bool if name in TRUTHS else float


def inputs(data: Data) -> dict[str, Array]:
    """Every column as these engines hold it, with the row at the end that is entitled to nothing."""
    made = {}
    for rows in (data.firms, data.projects):
        for name in rows.keys() - {"id", "firm"}:
            made[name] = rows[name].astype(TYPES[value_type(name)])
            if name in data.known and masked:
                made[f"{name}_known"] = data.known[name]
            elif name in data.known:
                made[name][~data.known[name]] = UNKNOWN
    return {name: np.append(values, np.zeros(1, values.dtype)) for name, values in made.items()}
