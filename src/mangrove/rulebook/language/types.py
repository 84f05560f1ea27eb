"""What an expression gives: a quantity of a dimension, yes or no, a day, a text, or a word of a closed list.

Quantities are exact and in the base unit of their dimension (fen, kWh). Counts and shares are bare numbers: 100座 and
30% multiply anything, and 万 is no kind of thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mangrove.vocabulary.model import Field

TypeName = Literal["quantity", "truth", "day", "text", "word"]
#: Dimensions that only say how many or what part.
BARE = frozenset({"计数", "比重", "年份"})
#: What two dimensions make when multiplied; every other product of two dimensions is refused.
PRODUCTS = {frozenset({"电价", "电量"}): "金额"}
NAMES = {
    "truth": ("是否", "yes or no"), "day": ("日期", "a date"), "text": ("文字", "a text"), "word": ("词表取值", "a word of a list"),
}  # fmt: skip
OF_FIELD: dict[str, TypeName] = {
    "text": "text", "date": "day", "boolean": "truth", "enum": "word",
    "integer": "quantity", "decimal": "quantity", "money": "quantity", "ratio": "quantity",
}  # fmt: skip


@dataclass(frozen=True)
class Type:
    """``detail`` is a quantity's dimension, empty for a bare number; or the id of the list that a word belongs to."""

    name: TypeName
    detail: str = ""

    @property
    def zh(self) -> str:
        return (self.detail or "数") if self.name == "quantity" else NAMES[self.name][0]

    @property
    def en(self) -> str:
        return (
            (f"a quantity ({self.detail})" if self.detail else "a number")
            if self.name == "quantity"
            else NAMES[self.name][1]
        )

    @property
    def is_quantity(self) -> bool:
        return self.name == "quantity"

    @property
    def is_ordered(self) -> bool:
        return self.name in ("quantity", "day")


NUMBER, TRUTH, DAY, TEXT = Type("quantity"), Type("truth"), Type("day"), Type("text")
MONEY = Type("quantity", "金额")


def quantity(dimension: str) -> Type:
    return NUMBER if dimension in BARE else Type("quantity", dimension)


def type_of(field: Field) -> Type:
    """What a field of the vocabulary gives."""
    name = OF_FIELD[field.type]
    if name == "word":
        return Type("word", field.enum.id if field.enum else "")
    if name == "quantity":
        return MONEY if field.type == "money" else quantity(field.unit.dimension if field.unit else "")
    return Type(name)


def product(left: Type, right: Type) -> Type | None:
    """The type of ``left * right``; ``None`` where that means nothing."""
    if not left.detail or not right.detail:
        return Type("quantity", left.detail or right.detail)
    made = PRODUCTS.get(frozenset({left.detail, right.detail}))
    return quantity(made) if made else None


def quotient(left: Type, right: Type) -> Type | None:
    """The type of ``left / right``; ``None`` where that means nothing."""
    if not right.detail:
        return left
    return NUMBER if left == right else None
