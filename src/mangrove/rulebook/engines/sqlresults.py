"""What a query tells of each clause, and how its columns become :class:`ClauseResult`."""

# ruff: noqa: S608 - names from the vocabulary are quoted, numbers are bound
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from mangrove.rulebook.engines.plan import Compiled
from mangrove.rulebook.engines.results import FAILS, LACKS, MEETS, ClauseResult, Money, mask_type
from mangrove.rulebook.engines.sql import Emitter

Array = npt.NDArray[Any]
#: What is told: standings and what is paid; also which conditions fail and which cap binds; also the steps of the amount.
TELLS = ("paid", "reasons", "all")
MONEY = ("uncapped", "capped", "ungated", "result")
MASKS = {8: "UTINYINT", 16: "USMALLINT", 32: "UINTEGER", 64: "UBIGINT"}
LEAST, GREATEST = -(1 << 63), (1 << 63) - 1


def mask_name(bits: int) -> str:
    return next(name for size, name in MASKS.items() if bits <= size)


@dataclass
class Telling:
    """Columns of one clause, named ``<what>_<number>``; ``number`` is the place of the clause in the plan."""

    emitter: Emitter
    compiled: Compiled
    number: int
    tell: str

    def nodes(self) -> list[int]:
        """What the columns are made from."""
        made = self.compiled
        told = [made.met] if self.tell == "paid" else list(made.conditions)
        amounts = [node for _name, node in self.amounts()]
        return told + amounts + ([made.binding] if self.tell != "paid" and made.binding is not None else [])

    def amounts(self) -> list[tuple[str, int]]:
        names = MONEY if self.tell == "all" else ("result",)
        found = ((name, getattr(self.compiled, name)) for name in names)
        return [(name, node) for name, node in found if node is not None]

    def columns(self) -> Iterator[str]:
        """As texts of a SELECT."""
        number, made = self.number, self.compiled
        if self.tell == "paid":
            yield f"{self.standing()} AS standing_{number}"
        else:
            yield from self.masks()
            if made.binding is not None:
                yield f"coalesce({self.text(made.binding)}, -1)::TINYINT AS binding_{number}"
        for name, node in self.amounts():
            yield f"{self.fen(node)} AS {name}_{number}"
        if far := self.far():
            yield f"({' OR '.join(far)}) AS far_{number}"

    def standing(self) -> str:
        """What is met and yet has no amount is found when it is read."""
        met = self.text(self.compiled.met)
        return f"CASE WHEN {met} THEN {MEETS} WHEN NOT {met} THEN {FAILS} ELSE {LACKS} END::TINYINT"

    def masks(self) -> Iterator[str]:
        conditions, unknown = self.compiled.conditions, self.emitter.layout.facts.unknown
        kind = mask_name(len(conditions))
        texts = [self.text(one) for one in conditions]
        failed = [
            f"CASE WHEN {text} THEN 0 WHEN NOT {text} THEN {1 << bit} ELSE 0 END"
            for bit, text in enumerate(texts)
        ]
        if failed:
            yield f"({' + '.join(failed)})::{kind} AS failed_{self.number}"
        unsure = [
            f"CASE WHEN {text} IS NULL THEN {1 << bit} ELSE 0 END"
            for bit, (text, one) in enumerate(zip(texts, conditions, strict=True))
            if one in unknown
        ]
        if unsure:
            yield f"({' + '.join(unsure)})::{kind} AS unsure_{self.number}"

    def fen(self, node: int) -> str:
        """Money of 64 bits; what is wider is far, and told otherwise."""
        text = self.text(node)
        return f"TRY_CAST({text} AS BIGINT)" if node in self.emitter.layout.facts.huge else text

    def far(self) -> list[str]:
        """Tests for the rows that 64 bits do not hold."""
        facts = self.emitter.layout.facts
        huge = [one for _name, one in self.amounts() if one in facts.huge]
        beyond = [f"coalesce({self.text(one)} NOT BETWEEN {LEAST} AND {GREATEST}, false)" for one in huge]
        return [f"r{one}" for one in self.nodes() if one in facts.risky] + beyond

    def text(self, node: int) -> str:
        return self.emitter.text(node)

    # --- back from the query -----------------------------------------------------------------------------------------

    def read(self, found: Mapping[str, Array], rows: int) -> tuple[ClauseResult, Array]:
        """The result, and the rows that someone else must answer."""
        money = {name: whole(found[f"{name}_{self.number}"]) for name, _node in self.amounts()}
        failed, unsure = (self.mask(found, name, rows) for name in ("failed", "unsure"))
        if self.tell == "paid":
            standing = np.array(found[f"standing_{self.number}"], dtype=np.int8)
        else:
            standing = np.full(rows, MEETS, np.int8)
            standing[unsure != 0] = LACKS
            standing[failed != 0] = FAILS
        result = replace(ClauseResult(self.compiled.clause, standing, failed, unsure), **money)  # type: ignore[arg-type]
        if result.result is not None and result.result.known is not None:
            standing[~result.result.known] = LACKS
        if f"binding_{self.number}" in found:
            result = replace(result, binding=np.asarray(found[f"binding_{self.number}"]))
        far = found.get(f"far_{self.number}")
        return result, np.array([], np.int64) if far is None else np.flatnonzero(far)

    def mask(self, found: Mapping[str, Array], name: str, rows: int) -> Array:
        mask = found.get(f"{name}_{self.number}")
        return np.zeros(rows, mask_type(len(self.compiled.conditions))) if mask is None else np.asarray(mask)


def whole(column: Array) -> Money:
    """A column with its gaps apart."""
    if isinstance(column, np.ma.MaskedArray):
        gaps = np.ma.getmaskarray(column)
        return Money(np.asarray(column.data), ~gaps if gaps.any() else None)
    return Money(column)


def query(tellings: Sequence[Telling], relation: str) -> str:
    """One row for each thing: its key and what is told of each clause."""
    columns = [column for one in tellings for column in one.columns()]
    return f"SELECT {', '.join(['k', *columns])} FROM {relation}"
