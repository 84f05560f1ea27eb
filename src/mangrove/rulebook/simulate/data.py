"""The data of a simulation: a folder of tables, read once for one measure or for two that are compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from mangrove.rulebook.engines.arrow import from_csv, from_parquet
from mangrove.rulebook.engines.columns import Snapshot
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.problems import START, Problem
from mangrove.rulebook.running import is_parquet
from mangrove.vocabulary.model import Entity, Enum, Vocabulary


def read_snapshot(folder: Path, vocabulary: Vocabulary) -> Snapshot:
    """``<entity>.parquet`` files where there are any, else CSV. Raises :class:`Problems`."""
    return (from_parquet if is_parquet(folder) else from_csv)(folder, vocabulary)


def joint(measures: Iterable[Measure]) -> Vocabulary:
    """One vocabulary with the inputs of all. Raises :class:`Problem` where two declare one input differently."""
    first, *others = [one.vocabulary for one in measures]
    entities: dict[str, Entity] = dict(first.entities)
    enums: dict[str, Enum] = dict(first.enums)
    for vocabulary in others:
        for id, entity in vocabulary.entities.items():
            entities[id] = grown(entities.get(id, entity), entity)
        enums |= vocabulary.enums
    return replace(first, entities=entities, enums=enums)


def grown(entity: Entity, other: Entity) -> Entity:
    for name, field in other.fields.items():
        if entity.fields.get(name, field) != field:
            zh = f"两个文件里的输入“{name}”写法不同，不能用同一份数据比较。"
            en = f"The two files declare the input “{name}” differently; they cannot be compared on the same data."
            raise Problem("unlike_inputs", START, zh, en)
    return replace(entity, fields={**entity.fields, **other.fields})
