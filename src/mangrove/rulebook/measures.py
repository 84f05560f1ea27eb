"""A measure: a dated text whose clauses compute. What :mod:`reader` makes of one YAML file.

measure: 支持新型信息基础设施建设的若干措施
id: sz_infrastructure_2022
version: {in_force: 2022-10-24, until: 2025-10-24, decided_by: 验收日期, status: 待核, source: 深圳市…}
parameters: {每站: 1万元}
clauses:
- id: coastal_station
  article: 第五条
  text: 在沿海和乡村建成的合格基站，每站1万元，每家最高200万元
  text_status: 转述
  for: 机构
  when: [机构类别 == 运营商]
  amount: 每站 * count(基站)
  cap: 200万元
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from mangrove.rulebook.language.typed import Constant, Typed, rebuilt
from mangrove.rulebook.problems import START, Place
from mangrove.vocabulary.model import Vocabulary


@dataclass(frozen=True)
class Version:
    """When the measure holds, from its first day to before ``until``; which date of a case decides; who held the text.

    ``decided_by`` is the id of a field of the things, empty where the day of the run decides. ``in_force`` is ``None`` where
    no source says it: nothing is then refused for coming too early.
    """

    in_force: date | None
    until: date | None
    decided_by: str
    status: str
    source: str
    place: Place = START

    def holds_on(self, day: date) -> bool:
        return (self.in_force is None or self.in_force <= day) and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Formula:
    """An expression as written, with its meaning."""

    text: str
    place: Place
    meaning: Typed


@dataclass(frozen=True)
class Definition:
    """A named expression about one kind of thing, for its clauses to use."""

    name: str
    entity: str
    formula: Formula


@dataclass(frozen=True)
class Input:
    """What a person judges and records; unknown until then. ``by`` is the role that answers for it."""

    name: str
    entity: str
    by: str
    low: Fraction | None = None
    high: Fraction | None = None


@dataclass(frozen=True)
class Clause:
    """One article that computes: for which things, under which conditions, how much, at most how much.

    A clause without an ``amount`` only says who qualifies. Of ``caps`` the lowest binds; ``less``, money already had, is
    taken off after them. ``shares`` says who bears what is paid. ``members`` are the earlier clauses whose money a choice
    (``keep``: highest, first, sum) or a total takes over; they are then no longer paid by themselves.
    """

    id: str
    article: str
    text: str
    text_status: str
    entity: str
    conditions: tuple[Formula, ...]
    amount: Formula | None
    caps: tuple[Formula, ...]
    place: Place
    less: Formula | None = None
    shares: tuple[tuple[str, int], ...] = ()
    members: tuple[str, ...] = ()
    keep: str = ""

    def formulas(self) -> Iterator[tuple[str, Formula]]:
        """Every expression with the name of its part: ``when1``, ``amount``, ``cap`` or ``cap2``, ``less``."""
        yield from ((f"when{n}", one) for n, one in enumerate(self.conditions, 1))
        yield from (("amount", one) for one in [self.amount] if one)
        yield from ((f"cap{n}" if len(self.caps) > 1 else "cap", one) for n, one in enumerate(self.caps, 1))
        yield from (("less", one) for one in [self.less] if one)


@dataclass(frozen=True)
class Quota:
    """At most ``at_most`` of what clause ``of`` pays: in all, or for each value of the links and fields ``per`` together.

    ``order`` ranks them: (field, whether the greater goes first).
    """

    of: str
    at_most: int
    per: tuple[str, ...]
    order: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Measure:
    """``vocabulary`` is the house's with the measure's own inputs as fields."""

    id: str
    name: str
    version: Version
    inputs: tuple[Input, ...]
    definitions: tuple[Definition, ...]
    clauses: tuple[Clause, ...]
    quotas: tuple[Quota, ...]
    vocabulary: Vocabulary

    def clause(self, id: str) -> Clause:
        return next(one for one in self.clauses if one.id == id)

    def paid(self) -> list[Clause]:
        """The clauses with an amount whose money no choice or total takes over."""
        taken = {member for clause in self.clauses for member in clause.members}
        return [one for one in self.clauses if one.amount is not None and one.id not in taken]

    def constants(self) -> dict[str, Constant]:
        """Every number and day written in it, by the name under which a what-if changes it."""
        written = (
            node
            for formula in self.formulas()
            for node in formula.meaning.walk()
            if isinstance(node, Constant) and node.name
        )
        return {node.name: node for node in written}

    def formulas(self) -> Iterator[Formula]:
        yield from (one.formula for one in self.definitions)
        yield from (formula for clause in self.clauses for _part, formula in clause.formulas())

    def rewritten(self, change: Callable[[str, Typed], Typed]) -> Measure:
        """The same measure with ``change`` made to every node; it is told where the node stands (``station.cap``)."""

        def formula(where: str, one: Formula) -> Formula:
            return replace(one, meaning=rebuilt(one.meaning, lambda node: change(where, node)))

        def clause(one: Clause) -> Clause:
            new = {part: formula(f"{one.id}.{part}", written) for part, written in one.formulas()}
            return replace(
                one,
                conditions=tuple(new[part] for part in new if part.startswith("when")),
                amount=new.get("amount"),
                caps=tuple(new[part] for part in new if part.startswith("cap")),
                less=new.get("less"),
            )

        return replace(
            self,
            definitions=tuple(
                replace(one, formula=formula(one.name, one.formula)) for one in self.definitions
            ),
            clauses=tuple(clause(one) for one in self.clauses),
        )

    def with_constants(self, values: Mapping[str, Fraction | date]) -> Measure:
        """The same rules with other numbers. Raises ``KeyError`` for a name that stands nowhere."""
        known = self.constants()
        if strangers := [name for name in values if name not in known]:
            raise KeyError(strangers[0])

        def changed(_where: str, node: Typed) -> Typed:
            if isinstance(node, Constant) and node.name in values:
                return replace(node, value=values[node.name])
            return node

        return self.rewritten(changed)


def with_names(measure: Measure) -> Measure:
    """Each written number and day named after where it stands: ``station.cap``, or ``station.amount#2``."""
    counted: dict[str, int] = {}
    alone = {
        f"{clause.id}.{part}"
        for clause in measure.clauses
        for part, one in clause.formulas()
        if isinstance(one.meaning, Constant)
    }

    def named(where: str, node: Typed) -> Typed:
        if not isinstance(node, Constant) or node.name or not node.type.is_ordered:
            return node
        counted[where] = counted.get(where, 0) + 1
        return replace(node, name=where if where in alone else f"{where}#{counted[where]}")

    return measure.rewritten(named)
