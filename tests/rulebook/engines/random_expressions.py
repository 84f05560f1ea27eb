"""Random expressions that are well typed by construction: each is made for the type that its place wants.

Every expression that is not one word stands in brackets, so that it may stand anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from mangrove.rulebook.language.types import DAY, MONEY, NUMBER, TEXT, TRUTH, Type, quantity
from mangrove.vocabulary.units import unit

from .random_words import DAYS, NUMBERS, QUANTITIES, UNITS, World, written

POWER, PRICE = quantity("电量"), quantity("电价")
COMPARE = ["==", "!=", "<", "<=", ">", ">=", "≤", "≥"]


class Writer:
    """Writes expressions for one measure; ``left`` is how many operations the one being written may still have."""

    def __init__(self, r: Random, world: World) -> None:
        self.r, self.world, self.left = r, world, 0

    def amount(self, entity: str, size: int = 8) -> str:
        found = self.fresh(MONEY, entity, size)
        # written alone it is refused below zero; what comes out below zero is not
        return (
            found.removeprefix("-")
            if found[1:2].isdigit() and found[-1:] in "元分" and " " not in found
            else found
        )

    def fresh(self, kind: Type, entity: str, size: int) -> str:
        self.left = self.r.randrange(size + 1)
        return bare(self.of(kind, entity))

    def of(self, kind: Type, entity: str) -> str:
        if self.left <= 0 or self.r.random() < 0.12:
            return self.leaf(kind, entity)
        self.left -= 1
        if kind == TRUTH:
            return self.truth(entity)
        if kind == DAY:
            return self.day(entity)
        return self.quantity(kind, entity) if kind.is_quantity else self.chosen(kind, entity)

    # --- words -----------------------------------------------------------------------------------------------------

    def leaf(self, kind: Type, entity: str, *, varies: bool = False) -> str:
        """One name or written value; ``varies`` wants a name: two written values are not worth a comparison."""
        r = self.r
        if kind == TRUTH and r.random() < 0.5:
            return self.compared(entity, leaves=True)
        known = list(self.world.named(entity, kind, r))
        parameters = [one.names[0] for one in self.world.parameters if one.type == kind]
        if kind == TRUTH:
            varies = r.random() < 0.97
            known += [f"meets({one})" for one in self.world.meets[entity]] * 2
        run = {NUMBER: ["预算年度", "budget_year"], DAY: ["决定日", "decide_on"]}.get(kind, [])
        chance = r.random()
        if parameters and chance < 0.15 and not varies:
            return r.choice(parameters)
        if run and chance < 0.2:
            return r.choice(run)
        if known and (chance < 0.7 or varies or kind.name == "word"):
            # what stands first is nearer: own fields, and what the measure itself has named
            return r.choice(known[: r.choice([3, 6, 100])] + known[-1:])
        return written(kind, r)

    def word(self, kind: Type) -> str:
        """A word of a list, in either language or as a text."""
        name = self.r.choice(self.r.choice(self.world.lists[kind.detail]))
        return f'"{name}"' if self.r.random() < 0.1 else name

    # --- conditions ------------------------------------------------------------------------------------------------

    def truth(self, entity: str) -> str:
        ways: list[tuple[int, Callable[[str], str]]] = [
            (6, self.compared), (3, self.joined), (2, self.negated), (2, self.among), (2, self.within),
            (2, self.at_least), (1, lambda one: self.chosen(TRUTH, one)),
        ]  # fmt: skip
        if self.world.children(entity, self.r):
            ways.append((4, self.any_or_all))
        return self.one_of(ways, entity)

    def one_of(self, ways: list[tuple[int, Callable[[str], str]]], entity: str) -> str:
        weights = [weight for weight, _way in ways]
        return self.r.choices([way for _weight, way in ways], weights)[0](entity)

    def side(self, kind: Type, entity: str, *, leaves: bool = False) -> str:
        return self.leaf(kind, entity, varies=True) if leaves else self.varying(kind, entity)

    def varying(self, kind: Type, entity: str) -> str:
        return self.of(kind, entity) if self.left > 0 else self.leaf(kind, entity, varies=True)

    def compared(self, entity: str, *, leaves: bool = False) -> str:
        r = self.r
        kind = r.choice([one for one in self.world.types(entity) if one != TRUTH])
        if kind.name == "word":
            left, right = self.leaf(kind, entity), self.word(kind)
            if r.random() < 0.15:
                right = self.leaf(kind, entity)
            elif r.random() < 0.15 and not right.startswith('"'):
                left, right = right, left
            return f"({left} {r.choice(['==', '!='])} {right})"
        if kind == TEXT or (r.random() < 0.04 and not leaves):
            kind = kind if kind == TEXT else TRUTH
            return (
                f"({self.leaf(kind, entity, varies=True)} {r.choice(['==', '!='])} {self.leaf(kind, entity)})"
            )
        if kind.is_quantity and r.random() < 0.3:
            kind = NUMBER  # of which there are most: counts, shares, ratios
        left = self.side(kind, entity, leaves=leaves)
        right = written(kind, r) if r.random() < 0.5 else self.side(kind, entity, leaves=leaves)
        return f"({left} {r.choice(COMPARE)} {right})"

    def joined(self, entity: str) -> str:
        sign = self.r.choice([" and ", " or ", " 且 ", " 或 "])
        return f"({sign.join(self.of(TRUTH, entity) for _ in range(self.r.choice([2, 2, 3])))})"

    def negated(self, entity: str) -> str:
        return f"({self.r.choice(['not', '非'])} {self.of(TRUTH, entity)})"

    def among(self, entity: str) -> str:
        r, kind = self.r, self.r.choice([one for one in self.world.types(entity) if one != TRUTH])
        count = r.choice([1, 2, 3])
        if kind.name == "word":
            choices = [self.word(kind) if r.random() < 0.9 else self.leaf(kind, entity) for _ in range(count)]
            value = self.leaf(kind, entity)
        else:
            choices = [
                written(kind, r) if r.random() < 0.7 else self.leaf(kind, entity) for _ in range(count)
            ]
            value = self.varying(kind, entity)
        return f"({value} {r.choice(['in', 'not in', '属于', '不属于'])} [{', '.join(choices)}])"

    def within(self, entity: str) -> str:
        r = self.r
        kind = r.choice([one for one in self.world.types(entity) if one.is_ordered])
        if r.random() < 0.3:
            low, high = self.leaf(kind, entity), f"max({self.leaf(kind, entity)}, {self.leaf(kind, entity)})"
        else:
            low, high = self.rising(kind, 2)
        value, sign = self.varying(kind, entity), r.choice(["in", "in", "not in"])
        return f"({value} {sign} {r.choice('[(')}{low} .. {high}{r.choice('])')})"

    def rising(self, kind: Type, count: int) -> list[str]:
        """So many written values of a type, each above the one before."""
        r = self.r
        if kind == DAY:
            return [one.isoformat() for one in sorted(r.sample(sorted(set(DAYS)), count))]
        found: dict[Fraction, str] = {}
        while len(found) < count:
            number, name = r.choice(NUMBERS), r.choice(UNITS[kind.detail])
            found[Fraction(number) * (unit(name).factor if name else 1)] = f"{number}{name}"
        return [found[value] for value in sorted(found)]

    def at_least(self, entity: str) -> str:
        parts = [self.of(TRUTH, entity) for _ in range(self.r.choice([2, 3, 3, 4]))]
        return f"at_least({self.r.randint(1, len(parts))}; {', '.join(parts)})"

    def any_or_all(self, entity: str) -> str:
        child, name = self.r.choice(self.world.children(entity, self.r))
        function = self.r.choice(["any", "all"])
        if function == "any" and self.r.random() < 0.15:
            return f"any({name})"
        return f"{function}({name} where {bare(self.of(TRUTH, child))})"

    # --- choices among values ----------------------------------------------------------------------------------------

    def chosen(self, kind: Type, entity: str) -> str:
        ways = [(2, lambda one: self.either(kind, one)), (1, lambda one: self.match(kind, one))]
        return self.one_of(ways, entity)

    def either(self, kind: Type, entity: str) -> str:
        return f"if({bare(self.of(TRUTH, entity))}, {self.of(kind, entity)}, {self.of(kind, entity)})"

    def match(self, kind: Type, entity: str) -> str:
        r = self.r
        asked = r.choice(self.world.types(entity))
        if asked.name == "word":
            options = [r.choice(names) for names in self.world.lists[asked.detail]]
        elif asked == TRUTH:
            options = ["是", "否"]
        elif asked == TEXT:
            options = [f'"{one}"' for one in ("甲", "乙")]
        else:
            options = self.rising(asked, r.choice([1, 2, 3]))
        r.shuffle(options)
        whole = asked == TRUTH or asked.name == "word"
        if not whole or r.random() < 0.5:
            options = [*options[: r.randint(0 if r.random() < 0.2 else 1, len(options))], "else"]
        value = self.leaf(asked, entity) if asked.name in ("word", "text") else self.of(asked, entity)
        rows = [f"{option}：{self.of(kind, entity)}" for option in options]
        return f"match({value}；{', '.join(rows)})"

    def tiers(self, kind: Type, entity: str) -> str:
        r = self.r
        asked = r.choice(QUANTITIES if r.random() < 0.3 else [MONEY, NUMBER])
        bounds = self.rising(asked, r.choice([0, 1, 2, 2, 3]))
        steps = [f"{r.choice(['<', '<='])}{bound}：{self.of(kind, entity)}" for bound in bounds]
        return f"tiers({self.of(asked, entity)}；{'，'.join([*steps, f'其余：{self.of(kind, entity)}'])})"

    # --- quantities ------------------------------------------------------------------------------------------------

    def quantity(self, kind: Type, entity: str) -> str:
        ways: list[tuple[int, Callable[[str], str]]] = [
            (4, lambda one: self.added(kind, one)), (4, lambda one: self.scaled(kind, one)),
            (2, lambda one: self.divided(kind, one)), (1, lambda one: f"(-{self.of(kind, one)})"),
            (2, lambda one: self.extreme(kind, one)), (2, lambda one: self.chosen(kind, one)),
            (3, lambda one: self.tiers(kind, one)), (2, lambda one: self.rounded(kind, one)),
        ]  # fmt: skip
        if self.world.children(entity, self.r):
            ways.append((6, lambda one: self.gathered(kind, one)))
        if kind == NUMBER:
            ways += [(3, self.ratio), (2, self.years)]
        if kind == MONEY:
            ways.append((1, lambda one: f"({self.of(POWER, one)} * {self.of(PRICE, one)})"))
        return self.one_of(ways, entity)

    def added(self, kind: Type, entity: str) -> str:
        return f"({self.of(kind, entity)} {self.r.choice('+-')} {self.of(kind, entity)})"

    def scaled(self, kind: Type, entity: str) -> str:
        parts = [self.of(kind, entity), self.of(NUMBER, entity)]
        self.r.shuffle(parts)
        return f"({parts[0]} * {parts[1]})"

    def divided(self, kind: Type, entity: str) -> str:
        return f"({self.of(kind, entity)} / {self.divisor(NUMBER, entity)})"

    def divisor(self, kind: Type, entity: str) -> str:
        """Anything but a written nothing."""
        found = self.of(kind, entity) if self.r.random() < 0.8 else written(kind, self.r)
        return found if found[:1] not in "0-" else f"3{self.r.choice(UNITS[kind.detail])}"

    def ratio(self, entity: str) -> str:
        kind = self.r.choice([one for one in self.world.types(entity) if one.is_quantity])
        return f"({self.of(kind, entity)} / {self.divisor(kind, entity)})"

    def extreme(self, kind: Type, entity: str) -> str:
        parts = [self.of(kind, entity) for _ in range(self.r.choice([2, 2, 3]))]
        return f"{self.r.choice(['min', 'max'])}({', '.join(parts)})"

    def rounded(self, kind: Type, entity: str) -> str:
        step = self.rising(kind, 2)[1]
        return f'round_to({self.of(kind, entity)}, {step}, "{self.r.choice(["half_up", "down", "up"])}")'

    def years(self, entity: str) -> str:
        function = self.r.choice(["years_between", "days_between"])
        return f"{function}({self.of(DAY, entity)}, {self.of(DAY, entity)})"

    def gathered(self, kind: Type, entity: str) -> str:
        r = self.r
        child, name = r.choice(self.world.children(entity, r))
        where = f" where {bare(self.of(TRUTH, child))}" if r.random() < 0.6 else ""
        if kind == NUMBER and r.random() < 0.5:
            return f"count({name}{where})"
        function = r.choice(["sum", "sum", "min_of", "max_of"])
        return f"{function}({self.of(kind, child)} of {name}{where})"

    # --- days ------------------------------------------------------------------------------------------------------

    def day(self, entity: str) -> str:
        r, way = self.r, self.r.random()
        if way < 0.4:
            return f"years_after({self.of(DAY, entity)}, {r.choice([-4, -1, 0, 1, 3, 4, 10, 100])})"
        return self.extreme(DAY, entity) if way < 0.6 else self.chosen(DAY, entity)


def bare(text: str) -> str:
    """Without the brackets around the whole."""
    if not text.startswith("("):
        return text
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return text[1:-1] if at == len(text) - 1 else text
    return text
    return text
