"""CSV files read by the vocabulary: heads are field names, cells are checked, every problem names its file and row."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from mangrove.vocabulary.errors import UnknownWord
from mangrove.vocabulary.heads import Head, UnfitUnit, head_of
from mangrove.vocabulary.model import Entity, Field, Relation, Value
from mangrove.vocabulary.values import parse_value

Cell = Value | None


@dataclass(frozen=True)
class Row:
    """One row: its line in the file (the head is line 1) and its values by field or relation id."""

    line: int
    values: dict[str, Cell]

    def text(self, name: str) -> str:
        """The value as text, empty when unknown."""
        value = self.values.get(name)
        return "" if value is None else str(value)


@dataclass(frozen=True)
class Sheet:
    """A file as read: its rows, everything wrong with it, and the SHA-256 of its bytes."""

    file: str
    rows: tuple[Row, ...]
    problems: tuple[str, ...]
    sha256: str


def read_sheet(path: Path, entity: Entity) -> Sheet:
    """Read a UTF-8 CSV of ``entity``. Nothing is raised for bad data: see ``Sheet.problems``."""
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        return Sheet(
            path.name, (), (f"{path.name} 第{line}行：不是 UTF-8 编码，请另存为 UTF-8 的 CSV。",), sha256
        )
    lines = list(csv.reader(io.StringIO(text, newline="")))
    problems: list[str] = []
    columns = read_head(lines[0] if lines else [], entity, path.name, problems)
    rows = []
    if not problems:
        numbered = ((line, cells) for line, cells in enumerate(lines[1:], start=2) if any(cells))
        rows = [read_row(path.name, line, cells, columns, problems) for line, cells in numbered]
        problems += repeated_keys(path.name, rows, entity.key)
    return Sheet(path.name, tuple(rows), tuple(problems), sha256)


def read_head(head: list[str], entity: Entity, file: str, problems: list[str]) -> list[Head]:
    columns: list[Head] = []
    for name in head:
        try:
            columns.append(head_of(entity, name) or Head(column(entity, name)))
        except (UnknownWord, UnfitUnit) as error:
            problems.append(f"{file} 第1行：{error}")
    have = [one.of for one in columns]
    missing = [one.zh for one in declared(entity) if one.required and one not in have]
    if missing and not problems:
        problems.append(f"{file} 第1行：缺列“{'”“'.join(missing)}”。")
    twice = [one.zh for n, one in enumerate(have) if one in have[:n]]
    problems += [f"{file} 第1行：“{zh}”有两列。" for zh in twice]
    return columns


def declared(entity: Entity) -> list[Field | Relation]:
    return [*entity.fields.values(), *entity.relations.values()]


def column(entity: Entity, name: str) -> Field | Relation:
    """The relation or else the field of that name."""
    for relation in entity.relations.values():
        if name in (relation.id, relation.zh):
            return relation
    return entity.field(name)


def read_row(file: str, line: int, cells: list[str], columns: list[Head], problems: list[str]) -> Row:
    values: dict[str, Cell] = {}
    if len(cells) != len(columns):
        problems.append(f"{file} 第{line}行：应有{len(columns)}格，现有{len(cells)}格。")
    for one, text in zip(columns, cells, strict=False):
        try:
            values[one.of.id] = read_cell(one.of, one.cell(text))
        except ValueError as error:
            problems.append(f"{file} 第{line}行“{one.of.zh}”：{error}")
    return Row(line, values)


def read_cell(one: Field | Relation, text: str) -> Cell:
    if isinstance(one, Field):
        return parse_value(one, text)
    if one.required and not text.strip():
        raise ValueError(f"“{one.zh}”不能为空。")
    return text.strip() or None


def repeated_keys(file: str, rows: Iterable[Row], key: tuple[str, ...]) -> list[str]:
    """A row whose key an earlier row already has, naming both lines."""
    seen: dict[tuple[Cell, ...], int] = {}
    problems = []
    for row in rows:
        values = tuple(row.values.get(part) for part in key)
        if values in seen:
            problems.append(
                f"{file} 第{row.line}行：与第{seen[values]}行主键相同（{'、'.join(map(str, values))}）。"
            )
        seen.setdefault(values, row.line)
    return problems


def orphans(
    sheet: Sheet, name: str, known: Iterable[str], what: str, split: Callable[[str], list[str]]
) -> list[str]:
    """Rows whose ``name`` points at something that ``known`` does not have; ``split`` takes a cell apart."""
    have = set(known)
    return [
        f"{sheet.file} 第{row.line}行：没有{what}“{id}”。"
        for row in sheet.rows for id in split(row.text(name)) if id not in have
    ]  # fmt: skip
