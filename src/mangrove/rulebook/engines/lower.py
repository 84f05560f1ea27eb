"""From a measure to its plan: exact fractions become integers over a common denominator, names become nodes.

A fraction is (top, bottom): ``bottom`` is a parameter as long as nothing is divided by a column, and then a node; both
stand above zero. What no plan can say (a sum of fractions with unlike divisors) is left to the interpreter.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import singledispatchmethod

from mangrove.rulebook.engines.building import Builder
from mangrove.rulebook.engines.plan import Compiled, Node, Plan
from mangrove.rulebook.engines.ratios import Lowered, Ratio, Ratios
from mangrove.rulebook.language import typed
from mangrove.rulebook.language.scope import RUN
from mangrove.rulebook.measures import Clause, Definition, Formula, Measure

COMPARISONS = {
    "==": ("eq", False),
    "!=": ("ne", False),
    "<": ("lt", False),
    "<=": ("le", False),
    ">": ("lt", True),
    ">=": ("le", True),
}
RUN_NAMES = {name for name, _type in RUN.values()}


class NotPlanned(Exception):
    """Only the interpreter can run this."""


def lower(measure: Measure) -> Plan:
    """The plan of a measure; its clauses in order, those that no plan can say in :attr:`Plan.left_out`."""
    lowering = Lowering(measure)
    plan = Plan(measure)
    for clause in measure.clauses:
        try:
            plan.compiled.append(lowering.clause(clause))
        except NotPlanned:
            plan.left_out.add(clause.id)
    plan.nodes, plan.parameters = lowering.build.nodes, lowering.build.parameters
    return plan


class Lowering:
    def __init__(self, measure: Measure) -> None:
        self.measure = measure
        self.build = Builder()
        self.definitions: dict[tuple[str, str], Definition] = {
            (one.entity, one.name): one for one in measure.definitions
        }
        self.done: dict[str, Compiled] = {}
        self.lowered: dict[tuple[str, str], Lowered] = {}

    # --- a clause ------------------------------------------------------------------------------------------------

    def clause(self, clause: Clause) -> Compiled:
        at = Expressions(self, clause.entity)
        conditions = tuple(at.truth(one) for one in clause.conditions)
        met = self.build.every(list(conditions))
        found = Compiled(clause, conditions, met, met)
        if clause.amount is not None:
            found = self.money(found, clause.amount, at)
        self.done[clause.id] = found
        return found

    def money(self, found: Compiled, amount: Formula, at: Expressions) -> Compiled:
        op = self.build.op
        uncapped = at.fen(amount)
        caps = [at.fen(one) for one in found.clause.caps]
        zero = self.build.number(0)
        lowest = uncapped
        for cap in caps:
            lowest = op("min", lowest, cap)
        capped = op("max", lowest, zero)
        ungated = capped
        if found.clause.less is not None:
            ungated = op("max", op("sub", capped, op("max", at.fen(found.clause.less), zero)), zero)
        met = found.met
        return Compiled(
            found.clause, found.conditions, met,
            meets=op("and", met, op("sure", ungated)),
            uncapped=uncapped, capped=capped, ungated=ungated,
            binding=self.binding(uncapped, caps),
            result=op("select", met, ungated, zero),
        )  # fmt: skip

    def binding(self, uncapped: int, caps: list[int]) -> int | None:
        """Which cap cuts: the first of the lowest; -1 where none does."""
        if not caps:
            return None
        op, lowest = self.build.op, caps[0]
        for cap in caps[1:]:
            lowest = op("min", lowest, cap)
        found = self.build.number(len(caps) - 1)
        for index in reversed(range(len(caps) - 1)):
            found = op("which", op("eq", caps[index], lowest), self.build.number(index), found)
        return op("which", op("lt", lowest, uncapped), found, self.build.number(-1))

    def named(self, entity: str, name: str) -> Lowered:
        """A definition of the kind of thing, a date of the run, or what a clause came to."""
        if (entity, name) not in self.lowered:
            definition = self.definitions.get((entity, name))
            if definition:
                self.lowered[entity, name] = Expressions(self, entity).value(definition.formula.meaning)
            elif name in RUN_NAMES:
                self.lowered[entity, name] = self.of_run(name)
            else:
                self.lowered[entity, name] = self.result(name)
        return self.lowered[entity, name]

    def of_run(self, name: str) -> Lowered:
        node = self.build.of(self.build.parameter("run", name))
        return node if name == "decide_on" else Ratio(node, self.build.fixed(1))

    def result(self, name: str) -> Lowered:
        asked, bracket, rest = name.partition("(")
        found = self.done.get(rest[:-1] if bracket else name)
        if found is None:
            raise NotPlanned
        if asked == "settled" and found.result is not None:
            return Ratio(self.build.op("or_zero", found.result), self.build.fixed(1))
        if bracket or found.result is None:
            return found.meets
        return Ratio(found.result, self.build.fixed(1))


class Expressions(Ratios):
    """Expressions about one kind of thing."""

    def __init__(self, lowering: Lowering, entity: str) -> None:
        super().__init__(lowering.build)
        self.lowering, self.entity = lowering, entity

    def truth(self, formula: Formula) -> int:
        return self.node(formula.meaning)

    def fen(self, formula: Formula) -> int:
        """Money rounded to the fen, a half away from zero, as a node."""
        return self.divided(self.ratio(formula.meaning), "half_up")

    def node(self, node: typed.Typed) -> int:
        found = self.value(node)
        assert isinstance(found, int)
        return found

    def ratio(self, node: typed.Typed) -> Ratio:
        found = self.value(node)
        assert isinstance(found, Ratio)
        return found

    @singledispatchmethod
    def value(self, node: typed.Typed) -> Lowered:
        raise TypeError(f"no rule for {type(node).__name__}")

    # --- leaves --------------------------------------------------------------------------------------------------

    @value.register
    def constant(self, node: typed.Constant) -> Lowered:
        build, value = self.build, node.value
        if isinstance(value, bool):
            return build.true() if value else build.op("not", build.true())
        if isinstance(value, Fraction):
            return self.written(node.name, value)
        if isinstance(value, date):
            return build.of(
                build.parameter("whole", node.name) if node.name else build.fixed(value.toordinal())
            )
        if node.type.name == "word":
            words = list(self.lowering.measure.vocabulary.enums[node.type.detail].words)
            return build.number(words.index(value))
        return build.of(build.parameter("text", value))

    def written(self, name: str, value: Fraction) -> Ratio:
        """A number by its name, so that a what-if may change it; whole ones stay whole."""
        build = self.build
        if not name:
            return Ratio(build.number(value.numerator), build.fixed(value.denominator))
        if value.denominator == 1:
            return Ratio(build.of(build.parameter("whole", name)), build.fixed(1))
        return Ratio(build.of(build.parameter("top", name)), build.parameter("bottom", name))

    @value.register
    def column(self, node: typed.Column) -> Lowered:
        found = self.loaded(self.entity, node.steps, node.type.name == "truth")
        if not node.type.is_quantity:
            return found
        build = self.build
        return Ratio(
            build.times(found, build.fixed(node.factor.numerator)), build.fixed(node.factor.denominator)
        )

    def loaded(self, entity: str, steps: tuple[str, ...], is_truth: bool) -> int:
        if len(steps) == 1:
            return self.build.node(Node("load", entity, (), steps, is_truth))
        to = self.lowering.measure.vocabulary.entities[entity].relations[steps[0]].to
        above = self.loaded(to, steps[1:], is_truth)
        return self.build.node(Node("up", entity, (above,), steps[:1], is_truth))

    @value.register
    def use(self, node: typed.Use) -> Lowered:
        return self.lowering.named(self.entity, node.name)

    @value.register
    def above(self, node: typed.Above) -> Lowered:
        """What a name comes to for the thing that links lead to."""
        entities, passed = self.lowering.measure.vocabulary.entities, [self.entity]
        for link in node.links:
            passed.append(entities[passed[-1]].relations[link].to)
        found = Expressions(self.lowering, passed[-1]).value(node.of)
        for entity, link in reversed(list(zip(passed, node.links, strict=False))):
            found = self.up(entity, link, found)
        return found

    def up(self, entity: str, link: str, found: Lowered) -> Lowered:
        def linked(node: int) -> int:
            return self.build.node(Node("up", entity, (node,), (link,), self.build.nodes[node].is_truth))

        if isinstance(found, int):
            return linked(found)
        by_row = None if found.by_row is None else linked(found.by_row)
        return Ratio(linked(found.top), found.bottom, by_row)

    # --- arithmetic ----------------------------------------------------------------------------------------------

    @value.register
    def minus(self, node: typed.Minus) -> Lowered:
        found = self.ratio(node.of)
        return Ratio(self.build.op("neg", found.top), found.bottom, found.by_row)

    @value.register
    def arithmetic(self, node: typed.Arithmetic) -> Lowered:
        left, right = self.ratio(node.left), self.ratio(node.right)
        if node.sign in "+-":
            a, b, like = self.alike(left, right)
            return Ratio(self.build.op("add" if node.sign == "+" else "sub", a, b), like.bottom, like.by_row)
        return self.multiplied(left, right if node.sign == "*" else self.inverse(right))

    # --- conditions ----------------------------------------------------------------------------------------------

    def compared(self, sign: str, left: typed.Typed, right: typed.Typed) -> int:
        op, turned = COMPARISONS[sign]
        a, b = self.pair(left, right)
        return self.build.op(op, b, a) if turned else self.build.op(op, a, b)

    def pair(self, left: typed.Typed, right: typed.Typed) -> tuple[int, int]:
        a, b = self.value(left), self.value(right)
        if isinstance(a, Ratio) and isinstance(b, Ratio):
            return self.alike(a, b)[:2]
        assert isinstance(a, int) and isinstance(b, int)
        return a, b

    @value.register
    def comparison(self, node: typed.Comparison) -> Lowered:
        return self.compared(node.sign, node.left, node.right)

    @value.register
    def among(self, node: typed.Among) -> Lowered:
        found = self.build.some([self.compared("==", node.value, choice) for choice in node.choices])
        return found if node.wanted else self.build.op("not", found)

    @value.register
    def between(self, node: typed.Between) -> Lowered:
        above = self.compared("<=" if node.low_closed else "<", node.low, node.value)
        below = self.compared("<=" if node.high_closed else "<", node.value, node.high)
        found = self.build.op("and", above, below)
        return found if node.wanted else self.build.op("not", found)

    @value.register
    def no(self, node: typed.No) -> Lowered:
        return self.build.op("not", self.node(node.of))

    @value.register
    def all(self, node: typed.All) -> Lowered:
        return self.build.every([self.node(part) for part in node.of])

    @value.register
    def some(self, node: typed.Some) -> Lowered:
        return self.build.some([self.node(part) for part in node.of])

    @value.register
    def at_least(self, node: typed.AtLeast) -> Lowered:
        return self.build.op("at_least", *(self.node(part) for part in node.of), detail=(node.least,))

    # --- choices among values ------------------------------------------------------------------------------------

    @value.register
    def ladder(self, node: typed.Ladder) -> Lowered:
        *steps, last = node.steps
        found = self.value(last.value)
        for step in reversed(steps):
            assert step.until is not None
            found = self.selected(
                self.compared(step.sign, node.value, step.until), self.value(step.value), found
            )
        return found if steps else self.where_known(node.value, found)

    @value.register
    def table(self, node: typed.Table) -> Lowered:
        rows = list(node.rows)
        found = self.value(rows.pop().value)  # the last holds for all that is left, said or not
        for row in reversed(rows):
            assert row.word is not None
            found = self.selected(self.compared("==", node.value, row.word), self.value(row.value), found)
        return found if rows else self.where_known(node.value, found)

    def where_known(self, asked: typed.Typed, found: Lowered) -> Lowered:
        """Of a ladder or table of one step: unknown as long as what is asked is."""
        value = self.value(asked)
        known = self.build.op("sure", value.top if isinstance(value, Ratio) else value)
        return self.selected(known, found, found)

    # --- functions -----------------------------------------------------------------------------------------------

    @value.register
    def function(self, node: typed.Function) -> Lowered:
        if node.name == "if":
            condition, yes, no = node.arguments
            return self.selected(self.node(condition), self.value(yes), self.value(no))
        if node.name in ("min", "max"):
            return self.extreme(node.name, node.arguments)
        if node.name == "round_to":
            return self.rounded(node.arguments)
        a, b = node.arguments
        if node.name == "days_between":
            return Ratio(self.build.op("sub", self.node(b), self.node(a)), self.build.fixed(1))
        if node.name == "years_between":
            return Ratio(self.build.op("years_between", self.node(a), self.node(b)), self.build.fixed(1))
        return self.later(self.node(a), self.ratio(b).top)

    def later(self, day: int, years: int) -> int:
        """Unknown where the day would lie beyond the calendar; engines then need not look."""
        build, number = self.build, int(self.build.nodes[years].detail[0])
        first, last = (build.of(build.parameter(kind, "", number)) for kind in ("first_day", "last_day"))
        inside = build.op("and", build.op("le", first, day), build.op("le", day, last))
        known = build.op("nonzero", build.op("select", inside, day, build.number(0)))
        return build.op("years_after", known, years)

    def extreme(self, name: str, arguments: tuple[typed.Typed, ...]) -> Lowered:
        found = self.value(arguments[0])
        for one in arguments[1:]:
            found = self.further(name, found, self.value(one))
        return found

    def rounded(self, arguments: tuple[typed.Typed, ...]) -> Lowered:
        value, step, way = arguments
        assert isinstance(way, typed.Constant)
        unit = self.ratio(step)
        steps = self.multiplied(self.ratio(value), self.inverse(unit))
        whole = self.divided(steps, str(way.value))
        return self.multiplied(Ratio(whole, self.build.fixed(1)), unit)

    # --- what belongs to a thing ---------------------------------------------------------------------------------

    @value.register
    def gathered(self, node: typed.Gathered) -> Lowered:
        build, inside = self.build, Expressions(self.lowering, node.child)
        where = inside.node(node.where) if node.where is not None else -1
        value, bottom = -1, build.fixed(1)
        if node.value is not None and node.function != "count":
            found = inside.ratio(node.value)
            if found.by_row is not None:
                raise NotPlanned
            value, bottom = found.top, found.bottom
        is_truth = node.function in ("any", "all")
        detail = (node.child, node.link, node.function)
        made = build.node(Node("gather", self.entity, (value, where), detail, is_truth))
        return made if is_truth else Ratio(made, bottom)
