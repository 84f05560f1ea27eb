"""Rows as Arrow tables in the types that the rulebook's engines read: integers and fen, decimals in the field's unit, days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from mangrove.vocabulary.model import Entity, Field, Relation
from mangrove.vocabulary.sheets import declared

TYPES = {
    "text": pa.string(), "enum": pa.string(), "integer": pa.int64(), "money": pa.int64(),
    "date": pa.date32(), "boolean": pa.bool_(),
}  # fmt: skip
#: Digits of a decimal, the most that Arrow keeps.
DIGITS = 38


def columns_of(entity: Entity) -> list[Field | Relation]:
    """What leaves the registry: nobody computes with what is about a person."""
    return [one for one in declared(entity) if isinstance(one, Relation) or not one.personal]


def type_of(one: Field | Relation) -> Any:
    if isinstance(one, Relation):
        return pa.string()
    return TYPES.get(one.type) or pa.decimal128(DIGITS, one.scale)


def table_of(entity: Entity, rows: Sequence[Mapping[str, Any]]) -> Any:
    """``rows`` hold values in the forms of :func:`mangrove.vocabulary.values.as_json`; what they lack is unknown."""
    columns = columns_of(entity)
    schema = pa.schema([(one.id, type_of(one)) for one in columns])
    return pa.table([column(one, [row.get(one.id) for row in rows]) for one in columns], schema=schema)


def column(one: Field | Relation, values: Iterable[Any]) -> Any:
    kind = type_of(one)
    if pa.types.is_date(kind) or pa.types.is_decimal(kind):
        return pa.array(values, pa.string()).cast(kind)
    return pa.array(values, kind)
