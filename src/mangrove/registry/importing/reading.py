"""Lines of cells to rows of an entity: the heads are looked for, each cell is checked, every problem names row and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from mangrove.vocabulary.cells import Line, Table
from mangrove.vocabulary.heads import Head, UnfitUnit, head_of
from mangrove.vocabulary.model import Entity
from mangrove.vocabulary.sheets import Row, declared, read_cell

#: Titles and notes may stand above the heads of a table; no further down than this.
HEADS_WITHIN = 10


@dataclass(frozen=True)
class Wrong:
    """What is wrong at one place of the file. ``column`` is empty where it is about the whole row."""

    line: int
    column: str
    what: str


@dataclass
class Read:
    """``columns``: the ids that the file has; a column that it lacks says nothing about anybody. ``by``: the account that asks."""

    rows: list[Row] = field(default_factory=list)
    columns: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    by: str = ""


def read_rows(
    table: Table,
    entity: Entity,
    must: Iterable[str],
    said: Callable[[int, int], None] = lambda done, total: None,
) -> Read:
    """``must`` are the columns without which no row can be told from another; ``said`` hears how far it is."""
    read = Read(notes=list(table.notes))
    read.wrong += [Wrong(0, "", problem) for problem in table.problems]
    heads = find_heads(table.lines, entity)
    if heads is None:
        wanted = "”“".join(one.zh for one in declared(entity))
        read.wrong.append(Wrong(1, "", f"前{HEADS_WITHIN}行里没有找到表头；表头应从这些列里取：“{wanted}”。"))
        return read
    place, columns = heads
    read.columns = tuple(one.of.id for one in columns.values())
    if place:
        read.notes.append(f"表头在第{table.lines[place].number}行；它上面的{place}行按标题处理，没有导入。")
    read.notes += ignored(table.lines[place], columns)
    read.wrong += missing(table.lines[place], entity, must, read.columns)
    read.wrong += misfits(table.lines[place], entity)
    if not read.wrong:
        body = table.lines[place + 1 :]
        for n, line in enumerate(body):
            said(n, len(body))
            read.rows.append(read_line(line, columns, len(table.lines[place].cells), read.wrong))
    return read


def find_heads(lines: Iterable[Line], entity: Entity) -> tuple[int, dict[int, Head]] | None:
    """The line near the top in which most cells name columns, at least two: its place, and the columns by place."""
    best: tuple[int, dict[int, Head]] | None = None
    for place, line in zip(range(HEADS_WITHIN), lines, strict=False):
        found = {at: one for at, cell in enumerate(line.cells) if (one := named(entity, cell))}
        distinct = {one.of.id for one in found.values()}
        if len(distinct) >= 2 and (
            best is None or len(distinct) > len({one.of.id for one in best[1].values()})
        ):
            best = place, found
    return best


def named(entity: Entity, head: str) -> Head | None:
    """By Chinese or English name or id, perhaps with a unit; a star for *must be filled* and breaks do not matter."""
    try:
        return head_in(entity, head)
    except UnfitUnit:
        return None


def head_in(entity: Entity, head: str) -> Head | None:
    """The same; raises :class:`UnfitUnit`."""
    text = head.replace("*", "").replace("＊", "")
    return head_of(entity, " ".join(text.split())) or head_of(entity, "".join(text.split()))


def misfits(line: Line, entity: Entity) -> list[Wrong]:
    """Heads that name a column and a unit in which its numbers cannot be."""
    found = []
    for cell in line.cells:
        try:
            head_in(entity, cell)
        except UnfitUnit as error:
            found.append(Wrong(line.number, cell, error.zh))
    return found


def ignored(line: Line, columns: dict[int, Head]) -> list[str]:
    left = [cell for at, cell in enumerate(line.cells) if cell and at not in columns]
    return [f"这些列没有导入：“{'”“'.join(left)}”。"] if left else []


def missing(line: Line, entity: Entity, must: Iterable[str], have: tuple[str, ...]) -> list[Wrong]:
    twice = sorted(one for one, times in Counter(have).items() if times > 1)
    names = {one.id: one.zh for one in declared(entity)}
    found = [Wrong(line.number, names[one], "这一列出现了两次，请只留一列。") for one in twice]
    return found + [Wrong(line.number, "", f"缺列“{names[one]}”。") for one in must if one not in have]


def read_line(line: Line, columns: dict[int, Head], width: int, wrong: list[Wrong]) -> Row:
    """``width``: how many cells the heads have; what stands beyond them has slipped out of its column."""
    values = {}
    for at, head in columns.items():
        text = line.cells[at] if at < len(line.cells) else ""
        try:
            values[head.of.id] = read_cell(head.of, head.cell(unquoted(text))) if text else None
        except ValueError as error:
            wrong.append(Wrong(line.number, head.of.zh, str(error)))
    if beyond := [cell for cell in line.cells[width:] if cell]:
        wrong.append(Wrong(line.number, "", f"比表头多出{len(beyond)}格（“{beyond[0]}”…），请检查是否错列。"))
    return Row(line.number, values)


def unquoted(text: str) -> str:
    """Our own exports set an apostrophe before what a spreadsheet would take for a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in {"=", "+", "-", "@"} else text


def empty(row: Row, of: Entity, must: Iterable[str]) -> Iterator[Wrong]:
    """Cells that say nothing; one that could not be read says something."""
    for name in must:
        if name in row.values and row.values[name] is None:
            yield Wrong(row.line, of.field(name).zh, "不能为空。")
