"""Arithmetic of exact fractions in a plan: tops are nodes, bottoms parameters as long as nothing is divided by a column."""

from __future__ import annotations

from dataclasses import dataclass

from mangrove.rulebook.engines.building import Builder

ROUNDINGS = {"half_up": "divide_half_up", "down": "divide_down", "up": "divide_up"}


@dataclass(frozen=True)
class Ratio:
    """``top`` over parameter ``bottom``, or over node ``by_row`` where that is not ``None``."""

    top: int
    bottom: int
    by_row: int | None = None


#: What an expression becomes: a fraction for quantities, one node for truths, days, words and texts.
Lowered = Ratio | int


class Ratios:
    def __init__(self, build: Builder) -> None:
        self.build = build

    def bottom(self, value: Ratio) -> int:
        return self.build.of(value.bottom) if value.by_row is None else value.by_row

    def divided(self, value: Ratio, way: str) -> int:
        if value.by_row is None and self.build.fixed_value(value.bottom) == 1:
            return value.top
        return self.build.op(ROUNDINGS[way], value.top, self.bottom(value))

    def multiplied(self, left: Ratio, right: Ratio) -> Ratio:
        build = self.build
        top = build.multiplied(left.top, right.top)
        bottom = build.product(left.bottom, right.bottom)
        if left.by_row is None and right.by_row is None:
            return Ratio(top, bottom)
        return Ratio(top, build.fixed(1), build.multiplied(self.bottom(left), self.bottom(right)))

    def inverse(self, value: Ratio) -> Ratio:
        """One over it, with the sign above the line; unknown where it is nothing."""
        build = self.build
        one = build.nodes[value.top]
        if one.op == "param" and value.by_row is None and not build.may_lack(number := int(one.detail[0])):
            sign = build.of(build.parameter("sign", "", number))
            return Ratio(build.times(sign, value.bottom), build.parameter("size", "", number))
        top = build.op("nonzero", value.top)
        over = build.multiplied(build.op("sign", top), self.bottom(value))
        return Ratio(over, build.fixed(1), build.op("abs", top))

    def alike(self, left: Ratio, right: Ratio) -> tuple[int, int, Ratio]:
        """The tops of two fractions brought to one bottom, and a fraction that has it."""
        build = self.build
        if left.by_row is None and right.by_row is None:
            common = build.lcm(left.bottom, right.bottom)
            a, b = (build.times(one.top, build.quotient(common, one.bottom)) for one in (left, right))
            return a, b, Ratio(0, common)
        under = self.bottom(left), self.bottom(right)
        if under[0] == under[1]:
            return left.top, right.top, left
        a, b = build.multiplied(left.top, under[1]), build.multiplied(right.top, under[0])
        return a, b, Ratio(0, build.fixed(1), build.multiplied(*under))

    def selected(self, condition: int, yes: Lowered, no: Lowered) -> Lowered:
        if isinstance(yes, Ratio) and isinstance(no, Ratio):
            if yes.by_row is None and no.by_row is None:
                a, b, like = self.alike(yes, no)
                return Ratio(self.build.op("select", condition, a, b), like.bottom)
            under = self.build.op("select", condition, self.bottom(yes), self.bottom(no))
            top = self.build.op("select", condition, yes.top, no.top)
            return Ratio(top, self.build.fixed(1), under)
        assert isinstance(yes, int) and isinstance(no, int)
        return self.build.op("select", condition, yes, no)

    def further(self, name: str, left: Lowered, right: Lowered) -> Lowered:
        """The lesser or the greater of two; unknown when one is."""
        if isinstance(left, int) and isinstance(right, int):
            return self.build.op(name, left, right)
        assert isinstance(left, Ratio) and isinstance(right, Ratio)
        a, b, like = self.alike(left, right)
        return Ratio(self.build.op(name, a, b), like.bottom, like.by_row)
