"""Typed expressions read aloud: ``总投资 >= 300万元`` as 总投资不低于300万元, or total investment is at least 3,000,000 yuan.

For officers who read no formulas. Numbers are told in the unit of the field beside them, shares as percents, parameters
with their name; definitions and clauses by what the measure calls them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import singledispatchmethod

from mangrove.rulebook.interpret import Value, round_to
from mangrove.rulebook.language import typed
from mangrove.rulebook.language.articles import in_english
from mangrove.rulebook.language.types import DAY, MONEY, NUMBER, Type
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.showing import number, shown
from mangrove.vocabulary.model import Entity, Field

QUANTITIES = {
    ">=": ("不低于", "is at least"), "<=": ("不高于", "is at most"), ">": ("高于", "is above"),
    "<": ("低于", "is below"), "==": ("为", "is"), "!=": ("不为", "is not"),
}  # fmt: skip
DAYS = QUANTITIES | {
    ">=": ("不早于", "is on or after"), "<=": ("不晚于", "is on or before"), ">": ("晚于", "is after"), "<": ("早于", "is before"),
}  # fmt: skip
FLIPPED = {">=": "<=", "<=": ">=", ">": "<", "<": ">", "==": "==", "!=": "!="}
ROUNDED = {"half_up": ("四舍五入到", "rounded to"), "down": ("舍去零头到", "rounded down to"), "up": ("进到", "rounded up to")}  # fmt: skip
#: How tightly a product and a sum hold together; the rest holds as a word does.
LOOSE = {"+": 1, "-": 1, "*": 2, "/": 2}
PLACES = 10**6
RUN = {"decide_on": ("决定日", "the day of the decision"), "budget_year": ("预算年度", "the budget year")}


class Wording:
    """What expressions about one kind of thing say, in one language."""

    def __init__(self, measure: Measure, entity: str, language: str = "zh") -> None:
        self.measure, self.entity, self.language = measure, entity, language
        self.english = language.startswith("en")

    def pick(self, zh: str, en: str) -> str:
        return en if self.english else zh

    def of(self, entity: str) -> Wording:
        return Wording(self.measure, entity, self.language)

    # --- names -------------------------------------------------------------------------------------------------------

    def thing(self) -> Entity:
        return self.measure.vocabulary.entities[self.entity]

    def field_of(self, node: typed.Typed | None) -> Field | None:
        """The field that a column stands for."""
        if not isinstance(node, typed.Column):
            return None
        return self.end(node.steps[:-1]).fields[node.steps[-1]]

    def end(self, links: Sequence[str]) -> Entity:
        entity = self.thing()
        for link in links:
            entity = self.measure.vocabulary.entities[entity.relations[link].to]
        return entity

    def path(self, links: Sequence[str], last: str) -> str:
        """``申报单位的类别``, ``kind of the applicant``."""
        entity, names = self.thing(), list[str]()
        for link in links:
            relation = entity.relations[link]
            names.append(self.pick(relation.zh, relation.en))
            entity = self.measure.vocabulary.entities[relation.to]
        if self.english:
            return " of the ".join([last, *reversed(names)])
        return "的".join([*names, last])

    # --- values ------------------------------------------------------------------------------------------------------

    def value(self, value: Value, kind: Type, beside: typed.Typed | None = None) -> str:
        """A value in the unit of what stands beside it."""
        if not isinstance(value, Fraction) or kind == MONEY:
            return shown(value, kind, self.measure.vocabulary, self.language)
        field = self.field_of(beside)
        if field is not None and field.unit is not None and field.unit.factor:
            return self.in_unit(value / field.unit.factor, field.unit.zh, field.unit.en)
        if self.is_share(beside) or (kind == NUMBER and 0 < abs(value) < 1):
            return self.digits(value * 100) + "%"
        if kind == NUMBER:
            return self.digits(value)
        return shown(value, kind, self.measure.vocabulary, self.language)

    def digits(self, value: Fraction) -> str:
        """Exactly where six places do; else near enough to read, and said to be so."""
        if PLACES % value.denominator == 0:
            return number(value)
        return self.pick("约", "about ") + number(round_to(value, Fraction(1, 100), "half_up"))

    def in_unit(self, value: Fraction, zh: str, en: str) -> str:
        if zh == "%":
            return self.digits(value) + "%"
        return f"{self.digits(value)} {en}" if self.english else self.digits(value) + zh

    def is_share(self, node: typed.Typed | None) -> bool:
        """A field of that type, or a definition that divides like by like."""
        field = self.field_of(node)
        if field is not None:
            return field.type == "ratio"
        if isinstance(node, typed.Use) and node.type == NUMBER:
            meanings = [one.formula.meaning for one in self.measure.definitions if one.name == node.name]
            return bool(meanings) and self.is_share(meanings[0])
        return isinstance(node, typed.Arithmetic) and node.sign == "/" and node.left.type == node.right.type

    def beside(self, node: typed.Typed, other: typed.Typed) -> str:
        """``node``, a number of which is told in the unit of ``other``."""
        return self.constant_said(node, other) if isinstance(node, typed.Constant) else self.words(node)

    def constant_said(self, node: typed.Constant, other: typed.Typed | None) -> str:
        said = self.value(node.value, node.type, other)
        is_parameter = node.name and "." not in node.name and "#" not in node.name
        return self.pick(f"{said}（{node.name}）", f"{said} ({node.name})") if is_parameter else said

    def listed(self, parts: Sequence[str], last: tuple[str, str] = ("、", " or ")) -> str:
        if not self.english:
            return last[0].join(parts)
        return ", ".join(parts[:-1]) + last[1] + parts[-1] if len(parts) > 1 else parts[0]

    # --- one rule for each kind of node ------------------------------------------------------------------------------

    @singledispatchmethod
    def words(self, node: typed.Typed) -> str:
        raise TypeError(f"no words for {type(node).__name__}")

    @words.register
    def constant(self, node: typed.Constant) -> str:
        return self.constant_said(node, None)

    @words.register
    def column(self, node: typed.Column) -> str:
        field = self.end(node.steps[:-1]).fields[node.steps[-1]]
        return self.path(node.steps[:-1], self.pick(field.zh, field.en))

    @words.register
    def use(self, node: typed.Use) -> str:
        if node.name in RUN:
            return self.pick(*RUN[node.name])
        asked, bracket, rest = node.name.partition("(")
        id = rest[:-1] if bracket else node.name
        clause = next((one for one in self.measure.clauses if one.id == id), None)
        if clause is None:
            return node.name
        said = self.pick(f"{clause.article}（{id}）", f"{in_english(clause.article)} ({id})")
        if asked == "meets" or clause.amount is None:
            return self.pick(f"符合{said}", f"meets {said}")
        return self.pick(f"{said}的金额", f"the amount of {said}")

    @words.register
    def above(self, node: typed.Above) -> str:
        last = self.of(self.end(node.links).id).words(node.of)
        return self.path(node.links, last)

    @words.register
    def minus(self, node: typed.Minus) -> str:
        return self.pick("负", "minus ") + self.inside(node.of, 3)

    @words.register
    def arithmetic(self, node: typed.Arithmetic) -> str:
        if node.sign == "*":
            for share, whole in ((node.left, node.right), (node.right, node.left)):
                if is_part(share):
                    said, of = self.words(share), self.inside(whole, 2)
                    return self.pick(f"{of}的{said}", f"{said} of {of}")
        signs = {
            "+": ("加", "plus"),
            "-": ("减", "minus"),
            "*": ("乘以", "times"),
            "/": ("除以", "divided by"),
        }
        left, right = self.inside(node.left, LOOSE[node.sign]), self.inside(node.right, LOOSE[node.sign] + 1)
        zh, en = signs[node.sign]
        return self.pick(f"{left}{zh}{right}", f"{left} {en} {right}")

    def inside(self, node: typed.Typed, at_least: int) -> str:
        said = self.words(node)
        loose = isinstance(node, typed.Arithmetic) and LOOSE[node.sign] < at_least
        return self.pick(f"（{said}）", f"({said})") if loose else said

    @words.register
    def comparison(self, node: typed.Comparison) -> str:
        left, right, sign = node.left, node.right, node.sign
        if isinstance(left, typed.Constant):
            left, right, sign = right, left, FLIPPED[sign]  # type: ignore[assignment]
        zh, en = (DAYS if left.type == DAY else QUANTITIES)[sign]
        return self.pick(
            f"{self.words(left)}{zh}{self.beside(right, left)}",
            f"{self.words(left)} {en} {self.beside(right, left)}",
        )

    @words.register
    def among(self, node: typed.Among) -> str:
        value, choices = self.words(node.value), [self.beside(one, node.value) for one in node.choices]
        listed = self.listed(choices)
        if node.wanted:
            zh = f"{value}为{listed}" + ("之一" if len(choices) > 1 else "")
            return self.pick(zh, f"{value} is {listed}")
        zh = f"{value}不为{listed}" + ("中的任何一个" if len(choices) > 1 else "")
        return self.pick(zh, f"{value} is not {listed}")

    @words.register
    def between(self, node: typed.Between) -> str:
        value, ends = self.words(node.value), self.ends(node)
        zh, en = (
            f"{value}{'' if node.wanted else '不'}在{ends}",
            f"{value} is {'' if node.wanted else 'not '}{ends}",
        )
        return self.pick(zh, en)

    def ends(self, node: typed.Between) -> str:
        """A measure whose first or last day nobody knows has the ends of the calendar."""
        low, high = (self.beside(one, node.value) for one in (node.low, node.high))
        opened, closed = (is_end_of_days(one) for one in (node.low, node.high))
        in_or_out = {True: ("（含）", ""), False: ("（不含）", " (excluded)")}
        low_zh, low_en = in_or_out[node.low_closed]
        high_zh, high_en = in_or_out[node.high_closed]
        if closed and not opened:
            return self.pick(f"{low}{low_zh}以后", f"from {low}{low_en} on")
        if opened and not closed:
            return self.pick(
                f"{high}{high_zh}以前", f"before {high}" if not node.high_closed else f"up to {high}"
            )
        return self.pick(f"{low}{low_zh}至{high}{high_zh}之间", f"from {low}{low_en} to {high}{high_en}")

    @words.register
    def no(self, node: typed.No) -> str:
        said = self.words(node.of)
        if isinstance(node.of, typed.Column | typed.Use | typed.Above):
            return self.pick(f"{said}为否", f"not: {said}")
        return self.pick(f"并非“{said}”", f"not “{said}”")

    @words.register
    def all(self, node: typed.All) -> str:
        return self.pick("，且", ", and ").join(self.part(one) for one in node.of)

    @words.register
    def some(self, node: typed.Some) -> str:
        return self.pick("，或", ", or ").join(self.part(one) for one in node.of)

    def part(self, node: typed.Typed) -> str:
        """A group inside a group stands in brackets."""
        said = self.words(node)
        grouped = isinstance(node, typed.All | typed.Some | typed.AtLeast)
        return self.pick(f"（{said}）", f"({said})") if grouped else said

    @words.register
    def at_least(self, node: typed.AtLeast) -> str:
        listed = self.pick("；", "; ").join(self.part(one) for one in node.of)
        return self.pick(f"下列至少{node.least}项：{listed}", f"at least {node.least} of these: {listed}")

    @words.register
    def function(self, node: typed.Function) -> str:
        return FUNCTIONS[node.name](self, [self.words(one) for one in node.arguments], node)

    @words.register
    def ladder(self, node: typed.Ladder) -> str:
        steps = [self.step(one, node.value) for one in node.steps]
        listed = self.pick("，", ", ").join(steps)
        return self.pick(
            f"分档数（{self.words(node.value)}{listed}）",
            f"a rate by tiers ({self.words(node.value)} {listed})",
        )

    def step(self, one: typed.Step, value: typed.Typed) -> str:
        said = self.words(one.value)
        if one.until is None:
            return self.pick(f"其余的{said}", f"otherwise: {said}")
        zh, en = QUANTITIES[one.sign]
        until = self.beside(one.until, value)
        return self.pick(f"{zh}{until}的{said}", f"{en.removeprefix('is ')} {until}: {said}")

    @words.register
    def table(self, node: typed.Table) -> str:
        rows = [
            self.pick("其余", "otherwise") if one.word is None else self.beside(one.word, node.value)
            for one in node.rows
        ]
        said = [
            self.pick(f"{row}为{self.words(one.value)}", f"{row}: {self.words(one.value)}")
            for row, one in zip(rows, node.rows, strict=True)
        ]
        listed = self.pick("，", ", ").join(said)
        return self.pick(f"按{self.words(node.value)}（{listed}）", f"by {self.words(node.value)} ({listed})")

    @words.register
    def gathered(self, node: typed.Gathered) -> str:
        inner = self.of(node.child)
        name = self.pick(inner.thing().zh, inner.thing().en.lower())
        where = "" if node.where is None else inner.words(node.where)
        value = "" if node.value is None else inner.words(node.value)
        of = self.pick(f"“{where}”的{name}" if where else name, f"{name} where {where}" if where else name)
        zh, en = GATHERED[node.function]
        return self.pick(zh, en).format(of=of, value=value, name=name, where=where)


GATHERED = {
    "count": ("{of}的个数", "the number of {of}"),
    "sum": ("{of}的{value}之和", "the sum of {value} over {of}"),
    "min_of": ("{of}的{value}的最小值", "the least {value} of {of}"),
    "max_of": ("{of}的{value}的最大值", "the greatest {value} of {of}"),
    "any": ("至少有一个{of}", "there is a {of}"),
    "all": ("每个{name}都“{where}”", "for every {name}: {where}"),
}


def lowest(by: Wording, said: list[str], _node: typed.Function) -> str:
    return by.pick(
        f"{by.listed(said)}中{'较' if len(said) == 2 else '最'}低的",
        f"the lower of {by.listed(said, ('、', ' and '))}",
    )


def highest(by: Wording, said: list[str], _node: typed.Function) -> str:
    return by.pick(
        f"{by.listed(said)}中{'较' if len(said) == 2 else '最'}高的",
        f"the higher of {by.listed(said, ('、', ' and '))}",
    )


def chosen(by: Wording, said: list[str], _node: typed.Function) -> str:
    return by.pick(
        f"（{said[0]}的，{said[1]}；否则{said[2]}）", f"(if {said[0]}: {said[1]}; otherwise {said[2]})"
    )


def years_between(by: Wording, said: list[str], _node: typed.Function) -> str:
    return by.pick(f"{said[0]}至{said[1]}的满年数", f"the full years from {said[0]} to {said[1]}")


def days_between(by: Wording, said: list[str], _node: typed.Function) -> str:
    return by.pick(f"{said[0]}至{said[1]}的天数", f"the days from {said[0]} to {said[1]}")


def years_after(by: Wording, said: list[str], node: typed.Function) -> str:
    years = node.arguments[1]
    count = (
        years.value
        if isinstance(years, typed.Constant) and isinstance(years.value, Fraction)
        else Fraction(0)
    )
    if count < 0:
        return by.pick(f"{said[0]}前{number(-count)}年", f"{number(-count)} years before {said[0]}")
    return by.pick(f"{said[0]}后{number(count)}年", f"{number(count)} years after {said[0]}")


def rounded(by: Wording, said: list[str], node: typed.Function) -> str:
    way = node.arguments[2]
    zh, en = ROUNDED[str(way.value) if isinstance(way, typed.Constant) else "half_up"]
    return by.pick(f"{said[0]}（{zh}{said[1]}的整数倍）", f"{said[0]} ({en} whole steps of {said[1]})")


FUNCTIONS = {
    "min": lowest, "max": highest, "if": chosen,
    "years_between": years_between, "days_between": days_between, "years_after": years_after, "round_to": rounded,
}  # fmt: skip


def is_part(node: typed.Typed) -> bool:
    """A written bare number of at most one: half of a sum, not two and a half times it."""
    return (
        isinstance(node, typed.Constant)
        and node.type == NUMBER
        and isinstance(node.value, Fraction)
        and 0 < node.value <= 1
    )


def is_end_of_days(node: typed.Typed) -> bool:
    return isinstance(node, typed.Constant) and node.value in (date.min, date.max)
