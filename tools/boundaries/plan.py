"""Plans for boundary tests: which input of which clause is decided at which value, said apart from the rulebook itself.

A plan knows nothing of the conditions of a clause. It gives a firm that meets the clause with room to spare, and for each
threshold the input to move, the value at the threshold and which side of it qualifies. Keys such as ``0.归母净利润`` are
fields of the last year (0), the year before (1) and two years before (2); others are fields of the assessment itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Given = Mapping[str, str]
MEETS, FAILS, LACKS = "符合", "不符合", "缺数据"
#: For each sign: the outcome one step below, at and one step above the threshold.
SIDES = {
    ">=": (FAILS, MEETS, MEETS), ">": (FAILS, FAILS, MEETS), "<=": (MEETS, MEETS, FAILS), "<": (MEETS, FAILS, FAILS),
}  # fmt: skip


@dataclass(frozen=True)
class Edge:
    """``given`` makes this input decide: whatever else could carry or break the clause is set aside there."""

    key: str
    sign: str
    at: str
    given: Given = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One firm as told, and what the clause comes to."""

    told: str
    given: Given
    standing: str


@dataclass(frozen=True)
class ClausePlan:
    clause: str
    title: str
    edges: tuple[Edge, ...]
    missing: tuple[tuple[str, Given], ...]
    cases: tuple[Case, ...]
    given: Given


@dataclass
class Plan:
    """All for one measure. ``window`` restates from when and until when (exclusive) the version holds; empty where not known."""

    path: str
    thing: str
    day: tuple[str, str]
    window: tuple[str, str]
    base: Given
    clauses: list[ClausePlan] = field(default_factory=list)

    def clause(
        self,
        clause: str,
        title: str,
        edges: Iterable[Edge] = (),
        missing: Sequence[str | tuple[str, Given]] = (),
        cases: Sequence[Case] = (),
        given: Given | None = None,
    ) -> Plan:
        """Each input of an edge is also left out once; ``missing`` names the other inputs to leave out."""
        edges = tuple(edges)
        absent = [(one.key, one.given) for one in edges]
        absent += [(one, {}) if isinstance(one, str) else one for one in missing]
        self.clauses.append(ClausePlan(clause, title, edges, tuple(absent), tuple(cases), given or {}))
        return self


def edge(key: str, sign: str, at: str, given: Given | None = None) -> Edge:
    return Edge(key, sign, at, given or {})


def must(*keys: str, given: Given | None = None) -> list[Edge]:
    """Inputs that must be yes; ``-`` before one that must be no."""
    return [
        Edge(key.removeprefix("-"), "is", "否" if key.startswith("-") else "是", given or {}) for key in keys
    ]


def profit(year: int, sign: str, at: str, given: Given | None = None, enough: str = "9亿元") -> list[Edge]:
    """The lower of net profit with and without what does not recur: each of the two decides where the other is enough."""
    one, other = f"{year}.归母净利润", f"{year}.扣非净利润"
    return [
        Edge(one, sign, at, {**(given or {}), other: enough}),
        Edge(other, sign, at, {**(given or {}), one: enough}),
    ]


def years(**fields: Sequence[str]) -> dict[str, str]:
    """``营业收入=["3亿元", "2亿元", "1亿元"]``: the last year first."""
    return {f"{year}.{name}": value for name, values in fields.items() for year, value in enumerate(values)}
