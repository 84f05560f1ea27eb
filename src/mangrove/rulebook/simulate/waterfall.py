"""From what is in force to a draft one step at a time, in the order declared; the effects of the steps add up exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.columns import Snapshot
from mangrove.rulebook.engines.results import Results
from mangrove.rulebook.language.typed import Constant, Typed, Use, rebuilt
from mangrove.rulebook.measures import Clause, Measure
from mangrove.rulebook.simulate.engine import Simulator
from mangrove.rulebook.simulate.money import paid_under
from mangrove.rulebook.simulate.texts import constant_changes

#: Numbers of the draft go by a name of their own while clauses of both versions stand side by side.
DRAFT = "draft "


@dataclass(frozen=True)
class WaterfallStep:
    """What was changed (names of parameters or clauses), and the cost after it, in fen; ``effect`` is its difference."""

    changed: tuple[str, ...]
    fen: int
    effect: int


@dataclass(frozen=True)
class Waterfall:
    """``kind``: by parameters or by clauses. ``base`` and the effects of the steps sum to ``end``, exactly."""

    kind: str
    base: int
    steps: tuple[WaterfallStep, ...]

    @property
    def end(self) -> int:
        return self.steps[-1].fen if self.steps else self.base


def cost(results: Results) -> int:
    """Fen paid now by all paid steps."""
    return sum(paid_under(results, one.id).total() for one in results.measure.paid())


def made(kind: str, base: int, found: Iterator[tuple[tuple[str, ...], int]]) -> Waterfall:
    steps, before = [], base
    for changed, fen in found:
        steps.append(WaterfallStep(changed, fen, fen - before))
        before = fen
    return Waterfall(kind, base, tuple(steps))


def waterfall(old: Measure, new: Measure, snapshot: Snapshot, run: Run = Run()) -> Waterfall:  # noqa: B008 a frozen value
    """By parameters in the order of the draft where only numbers differ, else by clauses."""
    like = [one.id for one in old.clauses] == [one.id for one in new.clauses]
    changes = constant_changes(old, new)
    paired = all(one.old and one.new and one.old.type == one.new.type for one in changes)
    if like and paired and same_but_for_numbers(old, new):
        values = [(one.name, value_of(one.new)) for one in changes]
        return by_parameters(Simulator(old, snapshot, run), values)
    return by_clauses(old, new, snapshot, run)


def value_of(one: Constant | None) -> Fraction | date:
    assert one is not None and isinstance(one.value, Fraction | date)
    return one.value


def same_but_for_numbers(old: Measure, new: Measure) -> bool:
    """Whether the older with the numbers of the newer says what the newer says."""
    values = {one.name: value_of(one) for one in new.constants().values()}
    if old.constants().keys() != values.keys():
        return False
    return rules(old.with_constants(values)) == rules(new)


def rules(measure: Measure) -> list[object]:
    """What computes, without words and places."""
    found: list[object] = [(one.name, one.entity, bare(one.formula.meaning)) for one in measure.definitions]
    for one in measure.clauses:
        parts = [(part, bare(formula.meaning)) for part, formula in one.formulas()]
        found.append((one.id, one.entity, one.members, one.keep, parts))
    return [*found, measure.quotas]


def bare(node: Typed) -> Typed:
    return rebuilt(node, lambda one: replace(one, at=0))


def by_parameters(simulator: Simulator, changes: Sequence[tuple[str, Fraction | date]]) -> Waterfall:
    """One number after another, each on top of those before. Raises ``KeyError`` for an unknown name."""

    def steps() -> Iterator[tuple[tuple[str, ...], int]]:
        so_far: dict[str, Fraction | date] = {}
        for name, value in changes:
            so_far[name] = value
            yield (name,), cost(simulator.results(so_far))

    return made("parameters", cost(simulator.results()), steps())


# --- clause by clause -------------------------------------------------------------------------------------------------


def by_clauses(old: Measure, new: Measure, snapshot: Snapshot, run: Run = Run()) -> Waterfall:  # noqa: B008 a frozen value
    """Each clause that differs, in the order of the draft; definitions with the first clause, dropped clauses last."""

    def steps() -> Iterator[tuple[tuple[str, ...], int]]:
        for changed, measure in mixtures(old, new):
            yield changed, cost(Simulator(measure, snapshot, run).results())

    return made("clauses", cost(Simulator(old, snapshot, run).results()), steps())


def mixtures(old: Measure, new: Measure) -> Iterator[tuple[tuple[str, ...], Measure]]:
    """What changed, and the measure that is so far of both; the last is the draft."""
    draft = renamed(new)
    before = {one.id: one for one in old.clauses}
    left = list(old.clauses)
    done: list[Clause] = []
    for clause in draft.clauses:
        done.append(clause)
        left = [one for one in left if one.id != clause.id]
        if not differs(clause.id, old, new):
            continue
        if breaks(before.get(clause.id), clause, left):
            rest = [one for one in draft.clauses if one not in done]
            names = [one.id for one in rest if differs(one.id, old, new)]
            gone = [one.id for one in left if one.id not in {other.id for other in rest}]
            yield (clause.id, *names, *gone), draft
            return
        yield (clause.id,), mixed(old, draft, done, left)
    gone = [one.id for one in left]
    if gone:
        yield tuple(gone), draft


def differs(id: str, old: Measure, new: Measure) -> bool:
    """Whether a clause, with the definitions it uses, computes otherwise; words do not count."""
    sides = []
    for measure in (old, new):
        found = [one for one in measure.clauses if one.id == id]
        sides.append([meaning_of(measure, one) for one in found])
    return sides[0] != sides[1]


def meaning_of(measure: Measure, clause: Clause) -> object:
    parts = [(part, bare(one.meaning)) for part, one in clause.formulas()]
    named = {name for _part, node in parts for name in uses(node)}
    definitions = [
        (one.name, bare(one.formula.meaning))
        for one in measure.definitions
        if one.name in reached(measure, named)
    ]
    return clause.entity, clause.members, clause.keep, parts, definitions


def uses(node: Typed) -> set[str]:
    return {one.name for one in node.walk() if isinstance(one, Use)}


def reached(measure: Measure, named: set[str]) -> set[str]:
    """These names and those that their definitions use."""
    found, left = set[str](), set(named)
    while left:
        found |= left
        more = (uses(one.formula.meaning) for one in measure.definitions if one.name in left)
        left = set[str]().union(*more) - found
    return found


def breaks(old: Clause | None, new: Clause, left: Sequence[Clause]) -> bool:
    """Whether clauses of the older version that still stand read this one as what it no longer is."""
    if old is None or (old.entity, old.amount is None) == (new.entity, new.amount is None):
        return False
    return any(new.id in plain(name) for one in left for _p, f in one.formulas() for name in uses(f.meaning))


def plain(name: str) -> tuple[str, ...]:
    """``meets(demo)`` reads demo."""
    return name, name.partition("(")[2].rstrip(")")


def renamed(new: Measure) -> Measure:
    """The draft with its numbers and definitions under names of its own."""
    own = {one.name for one in new.definitions}

    def change(_where: str, node: Typed) -> Typed:
        if isinstance(node, Constant) and node.name:
            return replace(node, name=DRAFT + node.name)
        return replace(node, name=DRAFT + node.name) if isinstance(node, Use) and node.name in own else node

    found = new.rewritten(change)
    return replace(found, definitions=tuple(replace(one, name=DRAFT + one.name) for one in found.definitions))


def mixed(old: Measure, draft: Measure, done: Sequence[Clause], left: Sequence[Clause]) -> Measure:
    """Clauses of the draft first, then those of the older version that have not been replaced yet."""
    return replace(
        draft,
        definitions=(*old.definitions, *draft.definitions),
        clauses=(*done, *left),
    )
