"""From tree to typed tree: names resolved, words found in their lists, units and types agreeing; or a :class:`Problem`."""

from __future__ import annotations

from fractions import Fraction
from functools import singledispatchmethod
from typing import Any

from mangrove.rulebook.language import tree, typed
from mangrove.rulebook.language.functions import FUNCTIONS
from mangrove.rulebook.language.scope import Scope, Text
from mangrove.rulebook.language.types import DAY, NUMBER, TEXT, TRUTH, Type, product, quantity, quotient
from mangrove.rulebook.problems import Place, Problem, not_one_of, unknown
from mangrove.vocabulary.units import unit

WORD = ("取值", "word")
#: Functions whose arguments are not all plain values.
SPECIAL = ("meets", "at_least")
#: The greatest integer that a column can store, in base units; what is written may not be beyond it.
LARGEST = (1 << 63) - 1


def check(node: tree.Node, scope: Scope, text: str, place: Place) -> typed.Typed:
    """The typed tree of an expression. Raises :class:`Problem` at the first part that means nothing."""
    return Checker(scope, Text(text, place)).read(node)


def check_condition(node: tree.Node, scope: Scope, text: str, place: Place) -> typed.Typed:
    """The same for what must hold or not."""
    checker = Checker(scope, Text(text, place))
    return checker.truth(node)


class Checker:
    def __init__(self, scope: Scope, text: Text) -> None:
        self.scope, self.text = scope, text

    def problem(self, code: str, at: int, zh: str, en: str) -> Problem:
        return self.text.problem(code, at, zh, en)

    # --- what is wanted of a part --------------------------------------------------------------------------------

    def truth(self, node: tree.Node) -> typed.Typed:
        found = self.read(node)
        if found.type != TRUTH:
            zh = f"这里应为条件（是或否），却是{found.type.zh}；要比较的请写出比较，例如“>= 0”。"
            en = f"A condition is wanted here, this is {found.type.en}; compare it with something, as in “>= 0”."
            raise self.problem("not_a_condition", node.at, zh, en)
        return found

    def number(self, node: tree.Node) -> typed.Typed:
        found = self.read(node)
        if not found.type.is_quantity:
            zh, en = (
                f"这里应为数或数量，却是{found.type.zh}。",
                f"A quantity is wanted here, this is {found.type.en}.",
            )
            raise self.problem("not_a_quantity", node.at, zh, en)
        return found

    def same(self, at: int, left: typed.Typed, right: typed.Typed, doing: tuple[str, str]) -> None:
        if left.type != right.type:
            zh = f"{left.type.zh}与{right.type.zh}不能{doing[0]}。"
            en = f"{left.type.en.capitalize()} and {right.type.en} cannot be {doing[1]}."
            raise self.problem("unlike", at, zh, en)

    # --- one rule a kind of node ---------------------------------------------------------------------------------

    @singledispatchmethod
    def read(self, node: tree.Node) -> typed.Typed:
        raise TypeError(f"no rule for {type(node).__name__}")

    @read.register
    def number_written(self, node: tree.Number) -> typed.Typed:
        measure = unit(node.unit) if node.unit else None
        value = node.value * (measure.factor if measure else 1)
        if abs(value) > LARGEST:
            zh = "这个数太大，电脑里存不下（金额最多约九亿亿元）；请检查数字和单位。"
            en = "This number is too large to be stored (money: some 9e16 yuan at most); check the digits and the unit."
            raise self.problem("overflow", node.at, zh, en)
        return typed.Constant(quantity(measure.dimension) if measure else NUMBER, node.at, value)

    @read.register
    def day(self, node: tree.Day) -> typed.Typed:
        return typed.Constant(DAY, node.at, node.value)

    @read.register
    def words(self, node: tree.Text) -> typed.Typed:
        return typed.Constant(TEXT, node.at, node.value)

    @read.register
    def yes_or_no(self, node: tree.Truth) -> typed.Typed:
        return typed.Constant(TRUTH, node.at, node.value)

    @read.register
    def name(self, node: tree.Name) -> typed.Typed:
        return self.scope.resolve(node, self.text)

    @read.register
    def negative(self, node: tree.Negative) -> typed.Typed:
        of = self.number(node.of)
        if isinstance(of, typed.Constant) and isinstance(of.value, Fraction):
            return typed.Constant(of.type, node.at, -of.value)
        return typed.Minus(of.type, node.at, of)

    @read.register
    def sum(self, node: tree.Sum) -> typed.Typed:
        left, right = self.number(node.left), self.number(node.right)
        if node.sign in "+-":
            self.same(node.at, left, right, ("相加减", "added or subtracted"))
            return typed.Arithmetic(left.type, node.at, node.sign, left, right)
        made = (product if node.sign == "*" else quotient)(left.type, right.type)
        if made is None:
            doing, how = ("相乘", "multiplied") if node.sign == "*" else ("相除", "divided")
            zh = f"{left.type.zh}与{right.type.zh}{doing}没有意义。"
            en = f"{left.type.en.capitalize()} and {right.type.en} cannot be {how}."
            raise self.problem("senseless_unit", node.at, zh, en)
        if node.sign == "/" and isinstance(right, typed.Constant) and right.value == 0:
            raise self.problem("zero_division", node.right.at, "除数是零。", "The divisor is zero.")
        return typed.Arithmetic(made, node.at, node.sign, left, right)

    @read.register
    def comparison(self, node: tree.Compare) -> typed.Typed:
        left, right = self.pair(node.left, node.right)
        self.same(node.at, left, right, ("比较", "compared"))
        if node.sign not in ("==", "!=") and not left.type.is_ordered:
            zh = f"{left.type.zh}没有大小先后，只能用“==”“!=”或“in”。"
            en = f"{left.type.en.capitalize()} has no order; use “==”, “!=” or “in”."
            raise self.problem("no_order", node.at, zh, en)
        return typed.Comparison(TRUTH, node.at, node.sign, left, right)

    @read.register
    def among(self, node: tree.OneOf) -> typed.Typed:
        value = self.read(node.value)
        choices = tuple(self.beside(value, choice) for choice in node.choices)
        for choice, written in zip(choices, node.choices, strict=True):
            self.same(written.at, value, choice, ("比较", "compared"))
        return typed.Among(TRUTH, node.at, value, choices, node.wanted)

    @read.register
    def between(self, node: tree.Within) -> typed.Typed:
        value, low, high = self.read(node.value), self.read(node.low), self.read(node.high)
        for end in (low, high):
            self.same(end.at, value, end, ("比较", "compared"))
        if not value.type.is_ordered:
            raise self.problem(
                "no_order",
                node.at,
                f"{value.type.zh}没有范围。",
                f"{value.type.en.capitalize()} has no range.",
            )
        if isinstance(low, typed.Constant) and isinstance(high, typed.Constant):
            self.refuse_empty_range(node, low, high)
        ends = (node.low_closed, node.high_closed, node.wanted)
        return typed.Between(TRUTH, node.at, value, low, high, *ends)

    def refuse_empty_range(self, node: tree.Within, low: typed.Constant, high: typed.Constant) -> None:
        lowest: Any = low.value
        if lowest > high.value or (lowest == high.value and not (node.low_closed and node.high_closed)):
            zh, en = (
                "这个范围里什么也没有：起点须在终点之前。",
                "Nothing lies in this range: it must begin before it ends.",
            )
            raise self.problem("empty_range", node.low.at, zh, en)

    @read.register
    def negation(self, node: tree.Not) -> typed.Typed:
        return typed.No(TRUTH, node.at, self.truth(node.of))

    @read.register
    def every(self, node: tree.Both) -> typed.Typed:
        return typed.All(TRUTH, node.at, tuple(self.truth(part) for part in node.of))

    @read.register
    def either(self, node: tree.Either) -> typed.Typed:
        return typed.Some(TRUTH, node.at, tuple(self.truth(part) for part in node.of))

    @read.register
    def call(self, node: tree.Call) -> typed.Typed:
        if node.function in SPECIAL:
            return getattr(self, node.function)(node)
        return self.called(node)

    def meets(self, node: tree.Call) -> typed.Typed:
        """``meets(station)``: whether an earlier clause for the same thing is met."""
        named = node.arguments[0] if len(node.arguments) == 1 else None
        if not isinstance(named, tree.Name):
            zh, en = "写法是 meets(条款编号)。", "Write it as meets(id of a clause)."
            raise self.problem("wrong_arguments", node.at, zh, en)
        said = f"meets({named})"
        if said not in self.scope.given:
            known = [one[6:-1] for one in self.scope.given if one.startswith("meets(")]
            what = ("前面的条款", "earlier clause")
            raise self.scope.outline.instead(
                str(named), unknown(self.text.at(named.at), what, str(named), known)
            )
        return typed.Use(TRUTH, node.at, said)

    def at_least(self, node: tree.Call) -> typed.Typed:
        count, *rest = node.arguments
        if not isinstance(count, tree.Number) or count.unit or count.value not in range(1, len(rest) + 1):
            zh = "写法是 at_least(2, 甲, 乙, 丙)：先写至少几项（不多于所列的项数），再写各项。"
            en = "Write it as at_least(2, a, b, c): how many (no more than are listed), then the conditions."
            raise self.problem("wrong_arguments", node.at, zh, en)
        return typed.AtLeast(TRUTH, node.at, int(count.value), tuple(self.truth(one) for one in rest))

    def called(self, node: tree.Call) -> typed.Typed:
        function = FUNCTIONS.get(node.function)
        if function is None:
            raise unknown(self.text.at(node.at), ("函数", "function"), node.function, [*FUNCTIONS, *SPECIAL])
        arguments = tuple(self.read(argument) for argument in node.arguments)
        if not function.takes(len(arguments)):
            zh, en = f"写法是 {function.form}。", f"Write it as {function.form}."
            raise self.problem("wrong_arguments", node.at, zh, en)
        made = function.gives(arguments)
        if made is None:
            given_zh = "、".join(one.type.zh for one in arguments)
            given_en = ", ".join(one.type.en for one in arguments)
            zh = f"{node.function} 不能用于{given_zh}；写法是 {function.form}。"
            en = f"{node.function} cannot take {given_en}; write it as {function.form}."
            raise self.problem("wrong_arguments", node.at, zh, en)
        return typed.Function(made, node.at, node.function, arguments)

    @read.register
    def ladder(self, node: tree.Tiers) -> typed.Typed:
        value = self.number(node.value)
        steps = tuple(self.step(value, one) for one in node.steps)
        for step in steps[1:]:
            self.same(step.at, steps[0].value, step.value, ("放在同一个分档里", "put in one ladder"))
        self.refuse_bad_ladder(node, steps)
        return typed.Ladder(steps[0].value.type, node.at, value, steps)

    def step(self, value: typed.Typed, node: tree.Tier) -> typed.Step:
        found = self.number(node.value)
        until = self.number(node.until) if node.until else None
        if until is not None:
            self.same(node.at, value, until, ("比较", "compared"))
            if not isinstance(until, typed.Constant):
                zh, en = "分档的界限须是写定的数。", "The bound of a tier must be a written number."
                raise self.problem("tier_bound", node.at, zh, en)
        return typed.Step(found.type, node.at, node.sign, until, found)

    def refuse_bad_ladder(self, node: tree.Tiers, steps: tuple[typed.Step, ...]) -> None:
        """Bounds must rise, and the last tier has none: no gap, no overlap, nothing that is never reached."""
        *bounded, last = steps
        if last.until is not None:
            zh, en = (
                "最后一档之上没有着落：请加“else: …”。",
                "Nothing covers what lies above the last tier; add “else: …”.",
            )
            raise self.problem("tier_gap", node.at, zh, en)
        highest: tuple[Fraction, bool] | None = None
        for step in bounded:
            if step.until is None:
                raise self.problem(
                    "tier_else", step.at, "“else”须是最后一档。", "“else” must be the last tier."
                )
            bound = (step.until.value, step.sign == "<=")  # type: ignore[attr-defined]
            if highest is not None and bound <= highest:
                zh, en = (
                    "这一档的界限不高于上一档，永远用不到。",
                    "This tier's bound is not above the one before; it is never reached.",
                )
                raise self.problem("tier_overlap", step.at, zh, en)
            highest = bound

    @read.register
    def table(self, node: tree.Match) -> typed.Typed:
        value = self.read(node.value)
        rows = tuple(self.row(value, one) for one in node.options)
        for row in rows[1:]:
            self.same(row.at, rows[0].value, row.value, ("放在同一张表里", "put in one table"))
        self.refuse_bad_table(node, value, rows)
        return typed.Table(rows[0].value.type, node.at, value, rows)

    def row(self, value: typed.Typed, node: tree.Option) -> typed.Row:
        word = self.beside(value, node.word) if node.word else None
        if word is not None:
            self.same(node.at, value, word, ("比较", "compared"))
            if not isinstance(word, typed.Constant):
                zh, en = "表里的取值须是写定的。", "The values of a table must be written ones."
                raise self.problem("row_bound", node.at, zh, en)
        found = self.read(node.value)
        return typed.Row(found.type, node.at, word, found)

    def refuse_bad_table(self, node: tree.Match, value: typed.Typed, rows: tuple[typed.Row, ...]) -> None:
        seen: set[object] = set()
        for row in rows:
            said = row.word.value if isinstance(row.word, typed.Constant) else row.word
            if said in seen:
                raise self.problem("row_twice", row.at, "这个取值写了两次。", "This value stands here twice.")
            if None in seen:
                raise self.problem("row_after_else", row.at, "“else”须在最后。", "“else” must come last.")
            seen.add(said)
        if None not in seen and (missing := self.missing(value.type, seen)):
            zh, en = (
                f"没有写到{missing[0]}：请补上，或加“else: …”。",
                f"Nothing is said of {missing[1]}; add it, or “else: …”.",
            )
            raise self.problem("row_missing", node.at, zh, en)

    def missing(self, kind: Type, seen: set[object]) -> tuple[str, str] | None:
        """What a table leaves out, in both languages."""
        if kind == TRUTH and {True, False} <= seen:
            return None
        if kind.name != "word":
            return ("其余取值", "all other values")
        left = [
            word for word in self.scope.vocabulary.enums[kind.detail].words.values() if word.id not in seen
        ]
        return ("、".join(word.zh for word in left), ", ".join(word.en for word in left)) if left else None

    @read.register
    def gathered(self, node: tree.Aggregate) -> typed.Typed:
        child, link = self.scope.children(node.over, self.text)
        if node.function == "all" and node.where is None:
            zh, en = "all 要写明都须怎样：all(基站 where …)。", "Say what all must be: all(station where …)."
            raise self.problem("all_of_what", node.at, zh, en)
        inner = Checker(self.scope.of_child(child), self.text)
        where = inner.truth(node.where) if node.where else None
        value = inner.number(node.value) if node.value else None
        made = value.type if value else TRUTH if node.function in ("any", "all") else NUMBER
        return typed.Gathered(made, node.at, node.function, child.id, link.id, value, where)

    # --- words of lists ------------------------------------------------------------------------------------------

    def pair(self, left: tree.Node, right: tree.Node) -> tuple[typed.Typed, typed.Typed]:
        """Two sides of a comparison; a name on one side may be a word of the list that the other side belongs to."""
        if isinstance(left, tree.Name) and left.steps[0] in self.scope.outline.failed:
            self.read(left)  # says so; the words of its list would only be told as unknown
        unknown_name = isinstance(left, tree.Name) and not self.scope.knows(left.steps[0])
        if unknown_name or (isinstance(left, tree.Text) and isinstance(right, tree.Name)):
            other = self.read(right)
            return self.beside(other, left), other
        found = self.read(left)
        return found, self.beside(found, right)

    def beside(self, value: typed.Typed, node: tree.Node) -> typed.Typed:
        """``node``, read as a word where ``value`` is one of a list."""
        if value.type.name != "word" or not isinstance(node, tree.Name | tree.Text):
            return self.read(node)
        enum = self.scope.vocabulary.enums[value.type.detail]
        said = str(node) if isinstance(node, tree.Name) else node.value
        for word in enum.words.values():
            if said in (word.id, word.zh):
                return typed.Constant(value.type, node.at, word.id)
        if isinstance(node, tree.Name) and self.scope.knows(node.steps[0]):
            return self.read(node)
        known = [name for word in enum.words.values() for name in (word.id, word.zh)]
        what = (f"{enum.zh}的{WORD[0]}", f"{WORD[1]} of {enum.en}")
        listed = [one.zh for one in enum.words.values()], [one.id for one in enum.words.values()]
        raise not_one_of(self.text.at(node.at), what, said, known, listed)
