"""What a question comes to: cost, who wins and who loses, one change after another, and whether the pots suffice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from mangrove.policies.sandbox.asking import Asked
from mangrove.policies.sandbox.engines import Ready, ready
from mangrove.policies.sandbox.pots import Paying, pots_of
from mangrove.policies.sandbox.rules import rules
from mangrove.policies.sandbox.snapshots import City
from mangrove.rulebook.decide import FEN
from mangrove.rulebook.engines.results import Results
from mangrove.rulebook.interpret import round_to
from mangrove.rulebook.simulate.compare import (
    LARGEST,
    Moved,
    Rows,
    ThingMoved,
    by_group,
    greatest,
    matched,
    moved_by,
    order,
    summed,
)
from mangrove.rulebook.simulate.dry import Dry, day_field, dry
from mangrove.rulebook.simulate.engine import Changes
from mangrove.rulebook.simulate.groups import Group
from mangrove.rulebook.simulate.takeup import TakeUp
from mangrove.rulebook.simulate.totals import Cost, Totals, paid_kinds, totals
from mangrove.rulebook.simulate.waterfall import Waterfall, cost, made

Grouped = Sequence[tuple[Group, Moved]]


@dataclass(frozen=True)
class Expected:
    """Of those that qualify by the assumed share, in fen; ``high`` with those that may yet. ``claims``: how many come."""

    fen: int
    high: int
    claims: int


@dataclass(frozen=True)
class PotTold:
    """``unspent``: fen of the pot that stay, by the assumed take-up; ``short``: fen that are lacking. One of them is 0."""

    pot: Paying
    fen: int
    before: Expected
    after: Expected
    dry: Dry | None

    @property
    def unspent(self) -> int:
        return max(0, self.fen - self.after.fen)

    @property
    def short(self) -> int:
        return max(0, self.after.fen - self.fen)

    @property
    def share(self) -> Fraction:
        """Of the pot that stays unspent."""
        return Fraction(self.unspent, self.fen) if self.fen else Fraction(0)

    @property
    def risk(self) -> str:
        """``short``, ``high``, ``notable`` or ``low``."""
        if self.short:
            return "short"
        limits = rules()
        return "high" if self.share >= limits.high else "notable" if self.share >= limits.notable else "low"


@dataclass(frozen=True)
class Answer:
    """``groups`` by the id of a grouping. ``largest``: the greatest changes, whichever way."""

    asked: Asked
    city: City
    against: Ready
    results: Results
    before: Totals
    after: Totals
    all: Moved
    kinds: Sequence[tuple[str, Moved]]
    groups: Mapping[str, Grouped]
    largest: Sequence[ThingMoved]
    waterfall: Waterfall
    before_expected: Expected
    expected: Expected
    pots: Sequence[PotTold]

    @property
    def change(self) -> int:
        return self.after.fen - self.before.fen


def answer(asked: Asked, city: City) -> Answer:
    """Raises :class:`Problem` for a date field that no claim has."""
    own = ready(asked.rule, city, asked.run)
    against = ready(asked.against(), city, asked.run)
    with city.lock:
        falls, results = walked(own, against, asked.changes)
        after = totals(results) if results is not own.written else own.totals
        kinds = list(dict.fromkeys([*paid_kinds(against.written), *paid_kinds(results)]))
        rows = [matched(against.written, results, kind) for kind in kinds]
        groups = {
            by.id: [list(moved_by(one, own.grouping(one.entity, by.id))) for one in rows]
            for by in rules().groups
        }
        by_kind = [(one.entity, total(groups, n, one)) for n, one in enumerate(rows)]
        return Answer(
            asked, city, against, results, against.totals, after, sum((one for _, one in by_kind), Moved()), by_kind,
            {by: tuple(summed(pair for kind in found for pair in kind)) for by, found in groups.items()}, largest(rows), falls,
            expected(whole(against.totals), asked.take_up), expected(whole(after), asked.take_up),
            [told(one, asked, against, results, after) for one in pots_of(asked.rule) if one.id in asked.pots],
        )  # fmt: skip


def walked(own: Ready, against: Ready, changes: Changes) -> tuple[Waterfall, Results]:
    """From what is in force to the text as written, then one number after another; and what the last comes to."""
    results = own.written
    steps: list[tuple[tuple[str, ...], int]] = [] if own is against else [((), cost(results))]
    so_far: dict[str, Fraction | date] = {}
    for name, value in changes.items():
        so_far[name] = value
        results = own.results(so_far)
        steps.append(((name,), cost(results)))
    return made("parameters", cost(against.written), iter(steps)), results


def total(groups: Mapping[str, Sequence[Grouped]], n: int, rows: Rows) -> Moved:
    """All things of the n-th kind: whatever grouping adds up to the same."""
    parts = next((found[n] for found in groups.values()), None)
    return sum((moved for _group, moved in (parts if parts is not None else by_group(rows, ""))), Moved())


def largest(rows: Sequence[Rows]) -> list[ThingMoved]:
    return sorted((one for kind in rows for one in greatest(kind, LARGEST)), key=order)[:LARGEST]


# --- who comes, and whether there is enough ------------------------------------------------------------------------------


def whole(found: Totals, steps: frozenset[str] | None = None) -> tuple[Cost, int]:
    """The cost of these steps (all of them), and how many claims they pay."""
    chosen = [one for one in found.steps if steps is None or one.clause.id in steps]
    return sum((one.cost for one in chosen), Cost()), sum(one.beneficiaries for one in chosen)


def expected(found: tuple[Cost, int], assumed: TakeUp) -> Expected:
    price, claims = found
    fen = rounded(assumed.meets * price.low)
    more = rounded(min(assumed.meets, assumed.lacks) * (price.high - price.low))
    return Expected(fen, fen + more, rounded(assumed.meets * claims))


def rounded(exact: Fraction) -> int:
    return int(round_to(exact, FEN, "half_up"))


def told(one: Paying, asked: Asked, against: Ready, results: Results, after: Totals) -> PotTold:
    fen = asked.pots[one.id]
    before = expected(whole(against.totals, one.steps), asked.take_up)
    return PotTold(
        one, fen, before, expected(whole(after, one.steps), asked.take_up), day_of(one, asked, results, fen)
    )


def day_of(one: Paying, asked: Asked, results: Results, fen: int) -> Dry | None:
    """``None`` where no order was chosen, or nothing that this pot pays has such a date."""
    kinds = {step.entity for step in results.measure.paid() if step.id in one.steps}
    dated = asked.order_by and any(day_field(results.snapshot, kind, asked.order_by) for kind in kinds)
    return dry(results, fen, asked.order_by, asked.take_up, only=one.steps) if dated else None
