"""What children come to, in one pass: sums, counts and extremes as aggregates, all that is yes, no or unknown as bits of a word.

One ``bit_or`` for all conditions is cheaper than two aggregates for each, and a parent without children has the word 0, which
says the right thing: nothing decides, nothing is unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

#: Bits of a word: an INTEGER has no sign to lose.
BITS = 30


@dataclass(frozen=True)
class Gathered:
    """``value`` and ``where`` are texts on the child, or nothing; ``unknown`` says of each whether it may be NULL."""

    function: str
    value: str | None
    where: str | None
    value_unknown: bool
    where_unknown: bool

    @property
    def unknown(self) -> bool:
        return (self.value is not None and self.value_unknown) or (
            self.where is not None and self.where_unknown
        )

    def total(self) -> str | None:
        """The aggregate, where bits do not say it all."""
        return None if self.function in ("any", "all") else TOTALS[self.function](self)

    def counted(self) -> str:
        """What a sum adds up: 0 for what does not belong, NULL for what is not known."""
        assert self.value is not None
        if self.where is None:
            return self.value
        end = f"WHEN NOT {self.where} THEN 0 END" if self.where_unknown else "ELSE 0 END"
        return f"CASE WHEN {self.where} THEN {self.value} {end}"

    # --- bits --------------------------------------------------------------------------------------------------------

    def bits(self, first: int) -> str:
        """Bit ``first`` of a child that decides (any, all) or is not known (the rest); the next where it may decide."""
        if self.function not in ("any", "all"):
            return f"CASE WHEN {self.unsure()} THEN {1 << first} ELSE 0 END" if self.unknown else ""
        if self.where is None:
            return ""
        yes, no = (1 << first, 0) if self.function == "any" else (0, 1 << first)
        if not self.where_unknown:
            return f"CASE WHEN {self.where} THEN {yes} ELSE {no} END"
        return f"CASE WHEN {self.where} THEN {yes} WHEN NOT {self.where} THEN {no} ELSE {2 << first} END"

    def unsure(self) -> str:
        if self.value is None or self.function == "count":
            return f"{self.where} IS NULL"
        if self.where is None:
            return f"{self.value} IS NULL"
        return f"({self.where} IS NULL OR ({self.where} AND {self.value} IS NULL))"

    # --- read back by the parent -------------------------------------------------------------------------------------

    def read(self, total: str, word: str, first: int, exists: str) -> str:
        """What the parent has, of its aggregate, its word and whether it has children."""
        decided, unsure = f"({word} & {1 << first}) <> 0", f"({word} & {2 << first}) <> 0"
        if self.function in ("any", "all"):
            if self.where is None:
                return exists if self.function == "any" else "true"
            yes = "true" if self.function == "any" else "false"
            no = "false" if self.function == "any" else "true"
            last = f"WHEN NOT {unsure} THEN {no}" if self.where_unknown else f"ELSE {no}"
            return f"CASE WHEN {decided} THEN {yes} {last} END"
        found = total if self.function in ("min_of", "max_of") else f"coalesce({total}, 0)"
        return f"CASE WHEN NOT {decided} THEN {found} END" if self.unknown else found


def counted(one: Gathered) -> str:
    return "count(*)" if one.where is None else f"count(CASE WHEN {one.where} THEN 1 END)"


def outermost(function: str) -> Callable[[Gathered], str]:
    def made(one: Gathered) -> str:
        value = one.value if one.where is None else f"CASE WHEN {one.where} THEN {one.value} END"
        return f"{function}({value})"

    return made


TOTALS: dict[str, Callable[[Gathered], str]] = {
    "count": counted, "sum": lambda one: f"sum({one.counted()})", "min_of": outermost("min"), "max_of": outermost("max"),
}  # fmt: skip
