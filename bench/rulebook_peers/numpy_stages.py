"""The clauses of the hand-written NumPy (hand_numpy.py): whole columns, no loops. Gates are computed last: every amount is computed as if the
firm's gate held, and the gate is laid over the firm's total, since all that a firm gets hangs on it. That makes near misses cheap.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rulebook_peers import policy
from rulebook_peers.data import Array, Data
from rulebook_peers.policy import BASIS

CHAIN = np.isin(np.arange(policy.SECTORS), policy.CHAIN)
CAPS = np.array(policy.EQUIPMENT_CAPS)
AWARDS = np.array(policy.AWARD_FEN)


@dataclass(frozen=True)
class Tests:
    """The conditions of a clause: for each a mask where it is false and one where it is unknown (None: never)."""

    false: tuple[Array | None, ...]
    unknown: tuple[Array | None, ...]

    def fails(self) -> Array:
        return either(*self.false)

    def open(self) -> Array:
        """Unknown, where nothing is false: callers look at ``fails`` first."""
        return either(*self.unknown)


@dataclass(frozen=True)
class Part:
    """A clause whose gate has not been looked at: its own conditions, its amount, the cap and whether either is unknown."""

    tests: Tests
    fails: Array
    lacks: Array
    fen: Array
    cap: Array | int | None = None
    amount_lacks: Array | None = None

    @property
    def paid(self) -> Array:
        """Under the cap, 0 where it does not meet."""
        capped = self.fen if self.cap is None else np.minimum(self.fen, self.cap)
        return np.where(self.fails | self.lacks, 0, capped)


def either(*masks: Array | None) -> Array:
    given = [mask for mask in masks if mask is not None]
    found = given[0].copy()
    for mask in given[1:]:
        found |= mask
    return found


def part(tests: Tests, lacks: Array | None, fen: Array, cap: Array | int | None = None) -> Part:
    fails = tests.fails()
    unknown = [mask for mask in (*tests.unknown, lacks) if mask is not None]
    return Part(tests, fails, either(*unknown) & ~fails if unknown else np.zeros_like(fails), fen, cap, lacks)


def share(fen: Array, rate: Array | int) -> Array:
    """A rate in 1/10000, a half up."""
    return (fen * rate + BASIS // 2) // BASIS


def ladder(value: Array, steps: tuple[int, int], results: tuple[int, int, int]) -> Array:
    return np.where(value < steps[0], results[0], np.where(value < steps[1], results[1], results[2]))


def sums(values: Array, offsets: Array) -> Array:
    """Per firm, exact in int64, 0 for a firm without projects."""
    running = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=running[1:])
    return running[offsets[1:]] - running[offsets[:-1]]


def flagged(owners: Array, firms: int) -> Array:
    """The firms that own one of these rows."""
    found = np.zeros(firms, np.bool_)
    found[owners] = True
    return found


@dataclass(frozen=True)
class Projects:
    """What is known of the projects as if their firms' gates held. ``own``: the project's gate without its firm's."""

    own: Tests
    fails: Array
    open: Array
    device: Part
    loan: Part
    platform: Part

    @property
    def choice_lacks(self) -> Array:
        return self.device.lacks | self.loan.lacks

    def choice(self) -> Array:
        return np.where(self.choice_lacks, 0, np.maximum(self.device.paid, self.loan.paid))


def project_stage(P: dict[str, Array], K: dict[str, Array]) -> Projects:
    own = project_gate(P, K)
    fails = own.fails()
    unsure = own.open() & ~fails
    return Projects(
        own,
        fails,
        unsure,
        device(P, K, fails, unsure),
        loan(P, K, fails, unsure),
        platform(P, K, fails, unsure),
    )


def project_gate(P: dict[str, Array], K: dict[str, Array]) -> Tests:
    accepted, known, invest_known = P["accepted_on"], K["accepted_on"], K["invest"]
    other = P["kind"] != policy.STATION
    outside = (accepted < policy.ACCEPTED_FROM) | (accepted >= policy.ACCEPTED_UNTIL)
    small = (P["invest"] < policy.LEAST_INVEST) & other & invest_known
    return Tests(
        (~P["approved"], outside & known, small, ~CHAIN[P["sector"]]),
        (None, ~known, ~invest_known & other, None),
    )


def device(P: dict[str, Array], K: dict[str, Array], gate: Array, unsure: Array) -> Part:
    tests = Tests((gate, P["kind"] > policy.LAST_EQUIPMENT_KIND), (unsure, None))
    lacks = ~(K["equipment"] & K["invest"] & K["level"])
    rate = ladder(P["invest"], policy.EQUIPMENT_STEPS, policy.EQUIPMENT_RATES)
    return part(tests, lacks, share(P["equipment"], rate), CAPS[P["level"]])


def loan(P: dict[str, Array], K: dict[str, Array], gate: Array, unsure: Array) -> Part:
    paid, known = P["interest"], K["interest"]
    tests = Tests((gate, (paid <= 0) & known), (unsure, ~known))
    return part(tests, None, share(paid, policy.INTEREST_RATE), policy.INTEREST_CAP)


def platform(P: dict[str, Array], K: dict[str, Array], gate: Array, unsure: Array) -> Part:
    few = (P["served"] < policy.LEAST_SERVED) & K["served"]
    tests = Tests((gate, P["kind"] != policy.PLATFORM, few), (unsure, None, ~K["served"]))
    return part(tests, None, share(P["running"], policy.PLATFORM_RATE), policy.PLATFORM_CAP)


@dataclass(frozen=True)
class Firms:
    """What firms come to as if their gates held."""

    gate: Tests
    station: Part
    research: Part
    growth: Part
    award: Part
    scale_up: Part
    met: Array
    lacks: Array
    fen: Array
    caps: tuple[int, Array]


def firm_stage(data: Data, projects: Projects) -> Firms:
    F, K, n = data.firms, data.known, len(data.firms["id"])
    owner = data.projects["firm"]
    children = sums(projects.choice() + projects.platform.paid, data.offsets)
    lacking = flagged(owner[projects.choice_lacks | projects.platform.lacks], n)
    station, award = stations(data, projects), awards(data, projects)
    spent, grown = research(F, K), growth(F, K)
    scale_up = part(Tests((~F["first_scale"],), (None,)), None, np.full(n, policy.SCALE_UP_FEN))
    choice_lacks = spent.lacks | grown.lacks
    choice = np.where(choice_lacks, 0, np.maximum(spent.paid, grown.paid))
    fen = children + station.paid + choice + award.paid + scale_up.paid
    # A clause that meets pays: POLICY.md
    met = fen > 0
    lacks = either(lacking, station.lacks, choice_lacks, award.lacks, met & ~K["contribution"])
    half = share(F["contribution"], policy.CONTRIBUTION_RATE)
    return Firms(
        firm_gate(F, K), station, spent, grown, award, scale_up, met, lacks, fen, (policy.FIRM_CAP, half)
    )


def firm_gate(F: dict[str, Array], K: dict[str, Array]) -> Tests:
    city, credit = K["in_city"], K["credit"]
    late, poor = F["registered_on"] > policy.REGISTERED_BY, (F["credit"] > policy.WORST_CREDIT) & credit
    return Tests(
        (~F["in_city"] & city, late, F["blacklisted"], poor, F["penalty"]), (~city, None, None, ~credit, None)
    )


def stations(data: Data, projects: Projects) -> Part:
    P, n = data.projects, len(data.firms["id"])
    rows = np.flatnonzero((P["kind"] == policy.STATION) & ~projects.fails)
    owner, unsure = P["firm"][rows], projects.open[rows]
    # Counts of stations are far below 2**53, where floats are still exact
    macro = np.bincount(owner, P["macro"][rows], n).astype(np.int64)
    micro = np.bincount(owner, P["micro"][rows], n).astype(np.int64)
    sure, might = flagged(owner[~unsure], n), flagged(owner[unsure], n)
    full = np.minimum(macro, policy.MACRO_FULL)
    fen = full * policy.MACRO_FEN + (macro - full) * policy.MACRO_MORE_FEN + micro * policy.MICRO_FEN
    lacks = might | flagged(owner[~data.known["macro"][rows]], n)
    return part(Tests((~(sure | might),), (might & ~sure,)), lacks, fen, policy.STATION_CAP)


def awards(data: Data, projects: Projects) -> Part:
    P, n = data.projects, len(data.firms["id"])
    known = data.known["level"]
    rows = np.flatnonzero(((P["level"] > 0) | ~known) & ~projects.fails)
    owner, level, unsure = P["firm"][rows], P["level"][rows], projects.open[rows] | ~known[rows]
    highest = np.zeros(n, np.int8)
    for rank in (1, 2, 3):
        highest[owner[level == rank]] = rank
    sure, might = flagged(owner[~unsure], n), flagged(owner[unsure], n)
    return part(Tests((~(sure | might),), (might & ~sure,)), might, AWARDS[highest])


def research(F: dict[str, Array], K: dict[str, Array]) -> Part:
    spent, known = F["rnd"], K["rnd"]
    intense = spent * 100 >= F["revenue"] * policy.INTENSE_PERCENT
    fen = share(spent, np.where(intense, policy.RND_HIGH_RATE, policy.RND_RATE))
    tests = Tests(((spent < policy.LEAST_RND) & known,), (~known,))
    return part(tests, ~K["revenue"], fen, policy.RND_CAP)


def growth(F: dict[str, Array], K: dict[str, Array]) -> Part:
    revenue, prior, known = F["revenue"], F["prior_revenue"], K["revenue"]
    both = known & K["prior_revenue"]
    small = (revenue < policy.LEAST_REVENUE) & known
    slow = (revenue * 100 < prior * policy.GROWTH_PERCENT) & both
    return part(
        Tests((small, slow), (~known, ~both)),
        None,
        ladder(revenue - prior, policy.GROWTH_STEPS, policy.GROWTH_FEN),
    )
