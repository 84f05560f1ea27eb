"""Names for what an answer rests on: the data, the rules, the answer itself. SHA-256 over what is said, in one order.

None depends on the order of rows, on how words or texts are numbered inside, or on columns that hold nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import numpy as np

from mangrove.rulebook.engines.columns import Column, Ints, Snapshot, Table, texts_of
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.results import ClauseResult, Money, Results
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.simulate.money import WIDEST
from mangrove.vocabulary.model import Field

#: Raised when the same rules on the same data would come to something else.
SEMANTICS = 1


def sha(*parts: bytes) -> str:
    """Each part with its length before it, so that no two lists of parts read alike."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8, "big") + part)
    return found.hexdigest()


# --- data ------------------------------------------------------------------------------------------------------------


def identity(snapshot: Snapshot) -> str:
    """Of all tables; two snapshots with the same rows have the same."""
    return joined(tables(snapshot))


def joined(named: Mapping[str, str]) -> str:
    return sha(*(f"{name} {one}".encode() for name, one in sorted(named.items())))


def tables(snapshot: Snapshot) -> dict[str, str]:
    """The identity of each table that has rows."""
    return {name: of_table(snapshot, table) for name, table in snapshot.tables.items() if len(table)}


def of_table(snapshot: Snapshot, table: Table) -> str:
    order = key_order(table)
    entity = snapshot.vocabulary.entities[table.entity]
    parts = [table.entity.encode(), *(str(key).encode() for key in table.keys[order])]
    for name in sorted(set(table.columns) & set(entity.fields)):
        parts += of_column(snapshot, entity.fields[name], table.columns[name], order)
    for name in sorted(set(table.links) & set(entity.relations)):
        ends = table.links[name][order]
        if (ends >= 0).any():
            targets = snapshot.tables[entity.relations[name].to]
            rank = np.argsort(key_order(targets))
            parts += [name.encode(), as_bytes(np.where(ends >= 0, rank[ends], -1))]
    return sha(*parts)


def key_order(table: Table) -> Ints:
    return np.argsort(np.array([str(key) for key in table.keys], dtype=object), kind="stable")


def of_column(snapshot: Snapshot, field: Field, column: Column, order: Ints) -> list[bytes]:
    """What it is and what it holds; a column of which nothing is known says nothing."""
    known = np.ones(len(order), bool) if column.known is None else column.known[order]
    if not known.any():
        return []
    values = np.where(known, column.values[order], 0)
    words = list(field.enum.words) if field.enum else []
    if field.type == "text":
        numbers, values = np.unique(values[known], return_inverse=True)
        texts = texts_of(snapshot)
        words = [texts[int(number)] for number in numbers]
        # By the texts themselves, not by the order in which they were met.
        rank = np.argsort(np.argsort(np.array(words, dtype=object)))
        words, values = sorted(words), rank[values]
    kind = f"{field.id} {field.type} {field.scale}"
    return [kind.encode(), "\x1f".join(words).encode(), known.tobytes(), as_bytes(values)]


def as_bytes(values: Ints) -> bytes:
    return np.ascontiguousarray(values, "<i8").tobytes()


# --- rules -----------------------------------------------------------------------------------------------------------


def structure(measure: Measure) -> str:
    """The rules apart from their numbers."""
    return lower(measure).structure


def written(value: Fraction | date | str | bool) -> str:
    """A number in base units as a whole or a fraction, a day as it is."""
    return str(value)


def numbers(measure: Measure) -> dict[str, str]:
    return {name: written(one.value) for name, one in measure.constants().items()}


# --- the answer ------------------------------------------------------------------------------------------------------


def of_results(results: Results) -> str:
    """Of the standing and the money of every row of every clause, whichever engine answered it."""
    parts = []
    for id, result in results.clauses.items():
        order = key_order(results.snapshot.tables[result.clause.entity])
        standing = result.standing[order].astype("<i1")
        parts += [id.encode(), standing.tobytes(), *of_money(result.result, result, order)]
    return sha(*parts)


def of_money(money: Money | None, result: ClauseResult, order: Ints) -> list[bytes]:
    """Fen and where they are known; numbers that no int64 holds one by one."""
    if money is None or result.clause.amount is None:
        return []
    known = np.ones(len(order), bool) if money.known is None else money.known.copy()
    fen = np.where(known, money.fen, 0)
    wide: dict[int, int] = {}
    for row, told in result.beyond.items():
        fits = told.fen is not None and abs(told.fen) < WIDEST
        known[row], fen[row] = told.fen is not None, told.fen if fits else 0
        wide |= {} if fits or told.fen is None else {row: told.fen}
    place = {int(row): n for n, row in enumerate(order)} if wide else {}
    told_apart = sorted((place[row], value) for row, value in wide.items())
    return [as_bytes(fen[order]), known[order].tobytes(), repr(told_apart).encode()]
