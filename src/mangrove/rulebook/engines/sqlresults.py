"""What a query tells of each clause, and how its columns become :class:`ClauseResult`."""

# ruff: noqa: S608 - names from the vocabulary are quoted, numbers are bound
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from mangrove.rulebook.engines.plan import Compiled
from mangrove.rulebook.engines.results import FAILS, LACKS, MEETS, ClauseResult, Money, mask_type
from mangrove.rulebook.engines.sql import Emitter

Array = npt.NDArray[Any]
#: What is told: standings and what is paid; or which conditions fail, which cap binds, and what is paid by clauses that no other
#: takes up; or all of it, with the steps of every amount.
TELLS = ("paid", "reasons", "all")
MONEY = ("uncapped", "capped", "ungated", "result")
WORDS = {8: "UTINYINT", 16: "USMALLINT", 31: "INTEGER", 63: "BIGINT"}
LEAST, GREATEST = -(1 << 63), (1 << 63) - 1


def amounts(compiled: Compiled, tell: str, taken_up: Collection[str]) -> list[tuple[str, int]]:
    names = (
        MONEY
        if tell == "all"
        else ()
        if tell == "reasons" and compiled.clause.id in taken_up
        else ("result",)
    )
    found = ((name, getattr(compiled, name)) for name in names)
    return [(name, node) for name, node in found if node is not None]


def nodes_told(made: Compiled, tell: str, taken_up: Collection[str]) -> list[int]:
    """What the columns of a clause are made from."""
    money = [node for _name, node in amounts(made, tell, taken_up)]
    if tell == "paid":
        return [made.met, *money]
    why = [one for one in (made.ungated, made.binding) if one is not None]
    return [*made.conditions, *money, *why]


@dataclass(frozen=True)
class Bits:
    """Some bits of a column of reasons: the text that sets them, and where they stand."""

    column: int
    shift: int
    width: int
    texts: tuple[str, ...]

    def of(self, columns: Sequence[Array]) -> Array:
        return (columns[self.column] >> self.shift) & ((1 << self.width) - 1)


@dataclass
class Telling:
    """Columns of one clause, named ``<what>_<number>``; ``number`` is the place of the clause in the plan.

    ``taken_up``: clauses that a choice or a total takes up.
    """

    emitter: Emitter
    compiled: Compiled
    number: int
    tell: str
    taken_up: Collection[str] = ()

    def amounts(self) -> list[tuple[str, int]]:
        return amounts(self.compiled, self.tell, self.taken_up)

    @cached_property
    def columns(self) -> dict[str, str]:
        """Texts of a SELECT by name."""
        number = self.number
        found = {f"standing_{number}": self.standing()} if self.tell == "paid" else self.words()
        found |= {f"{name}_{number}": self.fen(node) for name, node in self.amounts()}
        if far := self.far():
            found[f"far_{number}"] = f"({' OR '.join(far)})"
        return found

    def standing(self) -> str:
        """What is met and yet has no amount is found when it is read."""
        met = self.text(self.compiled.met)
        return f"CASE WHEN {met} THEN {MEETS} WHEN NOT {met} THEN {FAILS} ELSE {LACKS} END::TINYINT"

    def fen(self, node: int) -> str:
        """Money of 64 bits; what is wider is far, and told otherwise."""
        text = self.text(node)
        return f"TRY_CAST({text} AS BIGINT)" if node in self.emitter.layout.facts.huge else text

    def far(self) -> list[str]:
        """Tests for the rows that 64 bits do not hold."""
        facts = self.emitter.layout.facts
        told = nodes_told(self.compiled, self.tell, self.taken_up)
        huge = [one for _name, one in self.amounts() if one in facts.huge]
        beyond = [f"coalesce({self.text(one)} NOT BETWEEN {LEAST} AND {GREATEST}, false)" for one in huge]
        return [f"r{one}" for one in dict.fromkeys(told) if one in facts.risky] + beyond

    def text(self, node: int) -> str:
        return self.emitter.text(node)

    # --- reasons: few columns of bits, since every column costs -------------------------------------------------------

    @cached_property
    def reasons(self) -> dict[str, Bits]:
        """failed and unsure (a bit for each condition), lacks (no amount), binding (one more than the place of the cap)."""
        widths = {"failed": len(self.compiled.conditions), "unsure": len(self.compiled.conditions)}
        widths |= {"lacks": 1, "binding": (len(self.compiled.clause.caps) + 1).bit_length()}
        found, column, shift = dict[str, Bits](), 0, 0
        for name, width in widths.items():
            if shift + width > max(WORDS):
                column, shift = column + 1, 0
            found[name] = Bits(column, shift, width, ())
            shift += width
        return {name: replace(bits, texts=self.setting(name, found)) for name, bits in found.items()}

    def setting(self, name: str, places: Mapping[str, Bits]) -> tuple[str, ...]:
        made, shift, unknown = self.compiled, places[name].shift, self.emitter.layout.facts.unknown
        together = places["failed"].column == places["unsure"].column
        if name == "lacks" and made.ungated in unknown:
            return (f"CASE WHEN {self.text(made.ungated)} IS NULL THEN {1 << shift} ELSE 0 END",)
        if name == "binding" and made.binding is not None:
            return (f"(coalesce({self.text(made.binding)}, -1) + 1) * {1 << shift}",)
        if name == "failed":
            unsure = places["unsure"].shift if together else None
            return tuple(
                self.condition(node, shift + n, None if unsure is None else unsure + n)
                for n, node in enumerate(made.conditions)
            )
        if name == "unsure" and not together:
            return tuple(
                f"CASE WHEN {self.text(node)} IS NULL THEN {1 << n} ELSE 0 END"
                for n, node in enumerate(made.conditions)
            )
        return ()

    def condition(self, node: int, failed: int, unsure: int | None) -> str:
        """Both bits of a condition at once where they stand in one column."""
        text = self.text(node)
        if node not in self.emitter.layout.facts.unknown:
            return f"CASE WHEN {text} THEN 0 ELSE {1 << failed} END"
        return f"CASE WHEN {text} THEN 0 WHEN NOT {text} THEN {1 << failed} ELSE {0 if unsure is None else 1 << unsure} END"

    def words(self) -> dict[str, str]:
        by_column: dict[int, list[Bits]] = {}
        for bits in self.reasons.values():
            by_column.setdefault(bits.column, []).append(bits)
        found = {}
        for column, members in by_column.items():
            width = max(one.shift + one.width for one in members)
            kind = next(name for size, name in WORDS.items() if width <= size)
            texts = [text for one in members for text in one.texts]
            found[f"why{column}_{self.number}"] = f"({' + '.join(texts) or '0'})::{kind}"
        return found

    # --- back from the query -----------------------------------------------------------------------------------------

    def read(self, found: Mapping[str, Array], rows: int) -> tuple[ClauseResult, Array]:
        """The result, and the rows that someone else must answer."""
        money = {name: whole(found[f"{name}_{self.number}"]) for name, _node in self.amounts()}
        result = self.paid(found, rows) if self.tell == "paid" else self.why(found)
        result = replace(result, **money)  # type: ignore[arg-type]
        if result.result is not None and result.result.known is not None:
            result.standing[~result.result.known] = LACKS
        far = found.get(f"far_{self.number}")
        return result, np.array([], np.int64) if far is None else np.flatnonzero(far)

    def paid(self, found: Mapping[str, Array], rows: int) -> ClauseResult:
        standing = np.array(found[f"standing_{self.number}"], dtype=np.int8)
        none = np.zeros(rows, np.uint8)
        return ClauseResult(self.compiled.clause, standing, none, none)

    def why(self, found: Mapping[str, Array]) -> ClauseResult:
        columns = [np.asarray(found[name]) for name in self.words()]
        kind = mask_type(len(self.compiled.conditions))
        failed, unsure = (self.reasons[name].of(columns).astype(kind) for name in ("failed", "unsure"))
        standing = np.full(len(failed), MEETS, np.int8)
        if self.reasons["lacks"].texts:
            standing[self.reasons["lacks"].of(columns) != 0] = LACKS
        standing[unsure != 0] = LACKS
        standing[failed != 0] = FAILS
        result = ClauseResult(self.compiled.clause, standing, failed, unsure)
        if self.compiled.binding is not None:
            result.binding = self.reasons["binding"].of(columns).astype(np.int8) - np.int8(1)
        return result


def whole(column: Array) -> Money:
    """A column with its gaps apart."""
    if isinstance(column, np.ma.MaskedArray):
        gaps = np.ma.getmaskarray(column)
        return Money(np.asarray(column.data), ~gaps if gaps.any() else None)
    return Money(column)


def selected(tellings: Sequence[Telling]) -> list[str]:
    """What is told of each clause, as columns of a SELECT."""
    return [f"{text} AS {name}" for one in tellings for name, text in one.columns.items()]
