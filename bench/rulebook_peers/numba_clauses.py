"""The clauses of the hand-written Numba loop (hand_numba.py), on the numbers of one row: (standing, fen, false, unknown, binding).

They take no arrays, which compiled code would count references of at every call. ``gate`` is the standing of the gate.
"""

from __future__ import annotations

import numba

from rulebook_peers import policy
from rulebook_peers.policy import BASIS, FAILS, LACKS, MEETS

STEP_1, STEP_2 = policy.EQUIPMENT_STEPS
RATE_1, RATE_2, RATE_3 = policy.EQUIPMENT_RATES
CAPS = policy.EQUIPMENT_CAPS
GROWTH_1, GROWTH_2 = policy.GROWTH_STEPS
GROWN_1, GROWN_2, GROWN_3 = policy.GROWTH_FEN
AWARDS = policy.AWARD_FEN
UNCAPPED = 1 << 62
Outcome = tuple[int, int, int, int, int]


@numba.njit
def share(fen: int, rate: int) -> int:
    """A rate in 1/10000 of ``fen``, a half up."""
    return (fen * rate + BASIS // 2) // BASIS


@numba.njit
def standing(false: int, unknown: int) -> int:
    return FAILS if false else LACKS if unknown else MEETS


@numba.njit
def gate_of(false: int, unknown: int) -> Outcome:
    return standing(false, unknown), 0, false, unknown, -1


@numba.njit
def close(false: int, unknown: int, lacks: bool, fen: int, cap: int) -> Outcome:
    """The end of a clause: ``fen`` under the cap where it meets."""
    found = LACKS if lacks and not false else standing(false, unknown)
    if found != MEETS:
        return found, 0, false, unknown, -1
    return found, min(fen, cap), false, unknown, 0 if fen > cap else -1


@numba.njit
def higher(one: Outcome, other: Outcome) -> Outcome:
    """The choice of the higher of two; its one condition is that one of them is met."""
    if one[0] == LACKS or other[0] == LACKS:
        return LACKS, 0, 0, int(one[0] != MEETS and other[0] != MEETS), -1
    if one[0] == FAILS and other[0] == FAILS:
        return FAILS, 0, 1, 0, -1
    return MEETS, max(one[1], other[1]), 0, 0, -1


@numba.njit
def firm_gate(
    in_city: bool,
    city_known: bool,
    registered: int,
    blacklisted: bool,
    credit: int,
    credit_known: bool,
    penalty: bool,
) -> Outcome:
    """No branches: what is random would be guessed wrong too often."""
    false = (city_known & (not in_city)) | (registered > policy.REGISTERED_BY) << 1 | blacklisted << 2
    false |= (credit_known & (credit > policy.WORST_CREDIT)) << 3 | penalty << 4
    return gate_of(false, (not city_known) | (not credit_known) << 3)


@numba.njit
def project_gate(
    gate: int,
    approved: bool,
    accepted: int,
    accepted_known: bool,
    invest: int,
    invest_known: bool,
    kind: int,
    sector: int,
) -> Outcome:
    """``gate`` is the standing of its firm."""
    outside = (accepted < policy.ACCEPTED_FROM) | (accepted >= policy.ACCEPTED_UNTIL)
    needs, small = kind != policy.STATION, invest < policy.LEAST_INVEST
    elsewhere = not (policy.CHAIN_MASK >> sector) & 1
    false = (not approved) | (accepted_known & outside) << 1 | (needs & invest_known & small) << 2
    false |= elsewhere << 3 | (gate == FAILS) << 4
    return gate_of(
        false, (not accepted_known) << 1 | (needs & (not invest_known)) << 2 | (gate == LACKS) << 4
    )


@numba.njit
def equipment(gate: int, kind: int, spent: int, invest: int, level: int, known: bool) -> Outcome:
    false, unknown = int(gate == FAILS), int(gate == LACKS)
    if kind > policy.LAST_EQUIPMENT_KIND:
        false |= 2
    rate = RATE_1 if invest < STEP_1 else RATE_2 if invest < STEP_2 else RATE_3
    return close(false, unknown, not known, share(spent, rate), CAPS[level])


@numba.njit
def interest(gate: int, paid: int, known: bool) -> Outcome:
    false, unknown = int(gate == FAILS), int(gate == LACKS)
    if not known:
        unknown |= 2
    elif paid <= 0:
        false |= 2
    return close(false, unknown, False, share(paid, policy.INTEREST_RATE), policy.INTEREST_CAP)


@numba.njit
def platform(gate: int, kind: int, running: int, served: int, served_known: bool) -> Outcome:
    false, unknown = int(gate == FAILS), int(gate == LACKS)
    if kind != policy.PLATFORM:
        false |= 2
    if not served_known:
        unknown |= 4
    elif served < policy.LEAST_SERVED:
        false |= 4
    return close(false, unknown, False, share(running, policy.PLATFORM_RATE), policy.PLATFORM_CAP)


@numba.njit
def rnd(gate: int, spent: int, spent_known: bool, revenue: int, revenue_known: bool) -> Outcome:
    false, unknown = int(gate == FAILS), int(gate == LACKS)
    if not spent_known:
        unknown |= 2
    elif spent < policy.LEAST_RND:
        false |= 2
    rate = policy.RND_HIGH_RATE if spent * 100 >= revenue * policy.INTENSE_PERCENT else policy.RND_RATE
    return close(false, unknown, not (spent_known and revenue_known), share(spent, rate), policy.RND_CAP)


@numba.njit
def growth(gate: int, revenue: int, revenue_known: bool, prior: int, prior_known: bool) -> Outcome:
    false, unknown = int(gate == FAILS), int(gate == LACKS)
    if not revenue_known:
        unknown |= 2
    elif revenue < policy.LEAST_REVENUE:
        false |= 2
    if not (revenue_known and prior_known):
        unknown |= 4
    elif revenue * 100 < prior * policy.GROWTH_PERCENT:
        false |= 4
    more = revenue - prior
    fen = GROWN_1 if more < GROWTH_1 else GROWN_2 if more < GROWTH_2 else GROWN_3
    return close(false, unknown, unknown > 1, fen, UNCAPPED)


@numba.njit
def any_child(gate: int, sure: bool, might: bool, lacks: bool, fen: int, cap: int) -> Outcome:
    """A clause with the conditions "firm_gate; any project …": unknown only while no child surely counts, while its amount
    is unknown as soon as one might."""
    false, unknown = int(gate == FAILS), int(gate == LACKS)
    if not sure:
        if might:
            unknown |= 2
        else:
            false |= 2
    return close(false, unknown, might or lacks, fen, cap)


@numba.njit
def station(gate: int, sure: bool, might: bool, lacks: bool, macro: int, micro: int) -> Outcome:
    full = min(macro, policy.MACRO_FULL)
    fen = full * policy.MACRO_FEN + (macro - full) * policy.MACRO_MORE_FEN + micro * policy.MICRO_FEN
    return any_child(gate, sure, might, lacks, fen, policy.STATION_CAP)


@numba.njit
def award(gate: int, sure: bool, might: bool, level: int) -> Outcome:
    return any_child(gate, sure, might, False, AWARDS[level], UNCAPPED)


@numba.njit
def scale_up(gate: int, first: bool) -> Outcome:
    return close((gate == FAILS) | 2 * (not first), int(gate == LACKS), False, policy.SCALE_UP_FEN, UNCAPPED)


@numba.njit
def total(met: bool, lacks: bool, fen: int, contribution: int, known: bool) -> Outcome:
    if lacks or (met and not known):
        return LACKS, 0, 0, int(not met), -1
    if not met:
        return FAILS, 0, 1, 0, -1
    half = share(contribution, policy.CONTRIBUTION_RATE)
    cap = min(policy.FIRM_CAP, half)
    return MEETS, min(fen, cap), 0, 0, int(half < policy.FIRM_CAP) if fen > cap else -1
