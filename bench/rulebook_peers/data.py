"""Made firms and projects, the same for the same seed, as NumPy columns with a mask of what is known, and as Arrow.

firms, sorted by id              type     missing   projects, sorted by firm and id   type     missing
  id                             int64              id                                int64
  in_city                        bool     0.5 %     firm (id of its firm)             int64
  registered_on                  date32             approved                          bool
  blacklisted                    bool               accepted_on                       date32   1 %
  credit (policy.CREDIT)         int8     3 %       invest, fen                       int64    2 %
  penalty                        bool               equipment, fen                    int64    1 %
  revenue, fen                   int64    0.5 %     interest, fen                     int64    1 %
  prior_revenue, fen             int64    1 %       kind (policy.KIND)                int8
  rnd, fen                       int64    1 %       sector (0 to 7)                   int8
  contribution, fen              int64    1 %       level (policy.LEVEL)              int8     0.5 %
  first_scale                    bool               macro, micro (station counts)     int32    1 % of macro
                                                    running, fen                      int64
                                                    served                            int32    1 %

In NumPy dates are int32 days since 1970, ``firm`` is the row of the firm, and unknown values are 0 beside ``known`` False.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from rulebook_peers import policy

Array = np.ndarray[Any, np.dtype[Any]]
FIRST_FIRM = 1_000_001
#: (column, share missing), in the order in which they are drawn.
FIRM_GAPS = {
    "in_city": 0.005,
    "credit": 0.03,
    "revenue": 0.005,
    "prior_revenue": 0.01,
    "rnd": 0.01,
    "contribution": 0.01,
}
PROJECT_GAPS = {
    "accepted_on": 0.01, "invest": 0.02, "equipment": 0.01, "interest": 0.01, "level": 0.005, "macro": 0.01,
    "served": 0.01,
}  # fmt: skip
DATES = ("registered_on", "accepted_on")


@dataclass(frozen=True)
class Data:
    """``firms`` and ``projects``: column → values; ``known``: column → mask, for columns with gaps. ``offsets``: firm i owns
    the projects ``offsets[i]:offsets[i + 1]``. ``pot`` in fen."""

    firms: dict[str, Array]
    projects: dict[str, Array]
    known: dict[str, Array]
    pot: int
    folder: Path | None = field(default=None, compare=False)

    @cached_property
    def offsets(self) -> Array:
        found = np.zeros(len(self.firms["id"]) + 1, np.int64)
        np.cumsum(np.bincount(self.projects["firm"], minlength=len(found) - 1), out=found[1:])
        return found

    def arrow(self) -> tuple[Any, Any]:
        """The two tables as pyarrow Tables with true nulls; ``firm`` is the firm's id."""
        import pyarrow as pa

        def column(name: str, values: Array) -> Any:
            mask = ~self.known[name] if name in self.known else None
            if name == "firm":
                values = self.firms["id"][values]
            made = pa.array(values, mask=mask)
            return made.cast(pa.date32()) if name in DATES else made

        tables = (
            pa.table({n: column(n, v) for n, v in rows.items()}) for rows in (self.firms, self.projects)
        )
        return next(tables), next(tables)

    def save(self, path: Path) -> None:
        parts = {"firms": self.firms, "projects": self.projects, "known": self.known}
        flat = {
            f"{part}.{name}": values for part, columns in parts.items() for name, values in columns.items()
        }
        np.savez(path, pot=np.int64(self.pot), **flat)


def load(path: Path) -> Data:
    parts: dict[str, dict[str, Array]] = {"firms": {}, "projects": {}, "known": {}}
    with np.load(path) as stored:
        for key in stored.files:
            if key != "pot":
                part, name = key.split(".")
                parts[part][name] = stored[key]
        return Data(**parts, pot=int(stored["pot"]))


def make(firms: int, *, seed: int = 5, biggest: int = 0) -> Data:
    """``firms`` firms with two projects each on average. ``biggest``: one firm in the middle owns so many; the others then
    share the rest of the two a firm, so that the number of projects stays the same where it can."""
    draw = np.random.default_rng(seed)
    rate = max(2 - biggest / firms, 0.5) if biggest else 2
    counts = draw.poisson(rate, firms)
    if biggest:
        counts[firms // 2] = biggest
    owner = np.repeat(np.arange(firms, dtype=np.int32), counts)
    made = Data(make_firms(draw, firms), make_projects(draw, owner), {}, pot=policy.POT_PER_FIRM * firms)
    drop(draw, made.firms, made.known, FIRM_GAPS)
    drop(draw, made.projects, made.known, PROJECT_GAPS)
    if biggest:
        favour(made, firms // 2)
    for columns in (made.firms, made.projects):
        for name in columns.keys() & made.known.keys():
            columns[name][~made.known[name]] = 0
    return made


def make_firms(draw: np.random.Generator, n: int) -> dict[str, Array]:
    revenue = fen(draw.lognormal(np.log(6e7), 1.5, n) * 100)
    prior = fen(revenue / draw.normal(1.15, 0.25, n).clip(0.3, 3))
    rnd = fen(revenue * draw.gamma(2, 0.025, n))
    # Ratios and amounts exactly on a threshold, where engines that divide go wrong
    on_edge = draw.random(n) < 0.02
    revenue[on_edge] = revenue[on_edge] // 100 * 100 + 2_000 * policy.WAN
    rnd[on_edge] = revenue[on_edge] // 20
    return {
        "id": np.arange(FIRST_FIRM, FIRST_FIRM + n, dtype=np.int64),
        "in_city": draw.random(n) < 0.92,
        "registered_on": draw.integers(policy.day(1998, 1, 1), policy.day(2026, 6, 1), n, dtype=np.int32),
        "blacklisted": draw.random(n) < 0.03,
        "credit": draw.choice(np.arange(4, dtype=np.int8), n, p=(0.5, 0.28, 0.14, 0.08)),
        "penalty": draw.random(n) < 0.06,
        "revenue": revenue,
        "prior_revenue": prior,
        "rnd": rnd,
        "contribution": fen(revenue * draw.gamma(2, 0.015, n)),
        "first_scale": draw.random(n) < 0.08,
    }


def make_projects(draw: np.random.Generator, owner: Array) -> dict[str, Array]:
    n = len(owner)
    kind = draw.choice(np.arange(5, dtype=np.int8), n, p=(0.3, 0.15, 0.25, 0.2, 0.1))
    invest = fen(draw.lognormal(np.log(6e6), 1.2, n) * 100)
    for step in (policy.LEAST_INVEST, *policy.EQUIPMENT_STEPS):
        invest[draw.random(n) < 0.005] = step
    station = kind == policy.STATION
    return {
        "id": np.arange(1, n + 1, dtype=np.int64),
        "firm": owner,
        "approved": draw.random(n) < 0.88,
        "accepted_on": draw.integers(policy.day(2024, 10, 1), policy.day(2026, 2, 1), n, dtype=np.int32),
        "invest": invest,
        "equipment": fen(invest * draw.uniform(0.2, 0.9, n)),
        "interest": fen(invest * draw.uniform(0.001, 0.08, n)) * (draw.random(n) < 0.6),
        "kind": kind,
        "sector": draw.integers(0, policy.SECTORS, n, dtype=np.int8),
        "level": draw.choice(np.arange(4, dtype=np.int8), n, p=(0.6, 0.25, 0.1, 0.05)),
        "macro": (station * (1 + draw.poisson(40, n) * (draw.random(n) < 0.8))).astype(np.int32),
        "micro": (station * draw.poisson(25, n)).astype(np.int32),
        "running": fen((kind == policy.PLATFORM) * (1 + draw.lognormal(np.log(2e6), 1, n)) * 100),
        "served": draw.integers(10, 200, n, dtype=np.int32),
    }


def fen(values: Array) -> Array:
    return np.asarray(values).round().astype(np.int64)


def drop(
    draw: np.random.Generator, columns: dict[str, Array], known: dict[str, Array], gaps: dict[str, float]
) -> None:
    for name, share in gaps.items():
        known[name] = draw.random(len(columns[name])) >= share
        if name == "macro":
            known[name] |= columns["kind"] != policy.STATION


def favour(made: Data, firm: int) -> None:
    """Nothing of the biggest firm is unknown, its gate holds and it pays its way: its sums are the point of the skewed data."""
    good = {"in_city": True, "registered_on": 10_000, "blacklisted": False, "credit": 0, "penalty": False}
    good["contribution"] = 10_000 * policy.WAN
    for name, value in good.items():
        made.firms[name][firm] = value
    for name in FIRM_GAPS:
        made.known[name][firm] = True
    for name in PROJECT_GAPS:
        made.known[name][made.projects["firm"] == firm] = True
