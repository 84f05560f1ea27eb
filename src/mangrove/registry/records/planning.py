"""Rows of a file against what is known: whom each is about, what it leads to, and what it would change. Writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from typing import Any
from unicodedata import category

from mangrove.registry.credit_code import read as read_code
from mangrove.registry.decisions import name_key
from mangrove.registry.importing.organisations import HIDDEN, Registered
from mangrove.registry.importing.plan import Change, Plan
from mangrove.registry.importing.reading import Read, Wrong
from mangrove.registry.models import Organisation
from mangrove.registry.records.answering import (
    ORGANISATION,
    answered_for,
    answered_key,
    keys_answered,
    merged_now,
)
from mangrove.registry.records.identity import JOINED_BY, key_of, thing_of
from mangrove.registry.records.kept import EVERYWHERE, SYNTHETIC, filed, recorded_entity
from mangrove.registry.records.models import Record
from mangrove.vocabulary.model import Entity, Relation, Value
from mangrove.vocabulary.sheets import Row, declared
from mangrove.vocabulary.values import as_json, from_json

DISTRICT = "district"
KEY_AT_MOST = 200
MOST = 1 << 63
#: Keys asked for in one query.
AT_ONCE = 5000


@dataclass(frozen=True)
class Entry:
    """A row that reads: its values as they are stored, links as the keys that they lead to."""

    line: int
    key: str
    values: dict[str, Any]


class Finding:
    """Names in a file to what they mean, asked for in as many queries for a thousand rows as for one."""

    def __init__(self, entity: Entity, on: date, rows: Iterable[Row]) -> None:
        self.entity, self.registered, self.merged = entity, Registered(on), merged_now()
        self.keys: dict[str, dict[str, str]] = {}
        told = list(rows)
        for link in entity.relations.values():
            if link.to not in (ORGANISATION, DISTRICT):
                wanted = {self.key_text(link, row.text(link.id)) for row in told if row.text(link.id)}
                self.keys[link.to] = self.keys.get(link.to, {}) | self.kept_under(link.to, wanted)

    def kept_under(self, entity: str, wanted: Iterable[str]) -> dict[str, str]:
        """Under which key a record is kept, by the key that it is read by."""
        return {key: one.key for key, one in self.held(entity, wanted).items()}

    def held(self, entity: str, wanted: Iterable[str]) -> dict[str, Record]:
        """The current records that are read at these keys, under whichever entry of a body they were entered."""
        keys = {kept for key in wanted for kept in keys_answered(entity, key, self.merged)}
        found, answered = held(entity, keys), partial(answered_key, entity, merged=self.merged)
        # The last of two stands, and it is the one that facts are read from.
        in_turn = sorted(found, key=lambda key: (key != answered(key), key), reverse=True)
        return {answered(key): found[key] for key in in_turn}

    def end(self, link: Relation, text: str) -> str:
        """The key that a link leads to. Raises ``ValueError`` in Chinese."""
        if link.to == ORGANISATION:
            return str(self.organisation(text).pk)
        if link.to == DISTRICT:
            if text not in self.registered.districts:
                raise ValueError(
                    f"没有区“{text}”；可用：{'、'.join(dict.fromkeys(self.registered.districts))}。"
                )
            return self.registered.districts[text]
        key = self.key_text(link, text)
        if key not in self.keys[link.to]:
            raise ValueError(f"没有{recorded_entity(link.to).zh}“{text}”；请先导入它，或改正标识。")
        return self.keys[link.to][key]

    def organisation(self, text: str) -> Organisation:
        """By id, by code, by its name of today or, since a list may be old, by a former one."""
        known = self.registered
        key = name_key(text)
        found = (
            known.by_id.get(text) or known.by_code.get(read_code(text).code)
            or known.by_name.get(key) or known.former.get(key)
        )  # fmt: skip
        if found is None:
            raise ValueError(f"没有机构“{text}”；请先在机构名录登记，或改用机构标识、统一社会信用代码。")
        return found

    def key_text(self, link: Relation, text: str) -> str:
        """``深圳市示例有限公司/2024`` with the body's id in place of its name."""
        to = recorded_entity(link.to)
        parts = text.split(JOINED_BY)
        if len(parts) != len(to.key) or len(parts) == 1:
            return text
        return JOINED_BY.join(self.part(to, id, part.strip()) for id, part in zip(to.key, parts, strict=True))

    def part(self, to: Entity, id: str, text: str) -> str:
        if id not in to.relations or to.relations[id].to != ORGANISATION:
            return text
        try:
            return str(self.organisation(text).pk)
        except ValueError:
            return text


def held(entity: str, keys: Iterable[str], *, lock: bool = False) -> dict[str, Record]:
    """The current records with these keys."""
    rows = Record.objects.current().filter(entity=entity)
    rows = rows.select_for_update() if lock else rows
    found: dict[str, Record] = {}
    wanted = iter(sorted(keys))
    while some := list(islice(wanted, AT_ONCE)):
        found |= {one.key: one for one in rows.filter(key__in=some)}
    return found


def planner(entity: Entity) -> Callable[[Read, date], Plan]:
    return partial(plan_of, entity)


def plan_of(entity: Entity, read: Read, on: date) -> Plan:
    """What taking these rows in would do on that day."""
    plan = Plan(notes=list(read.notes))
    plan.refuse(read.wrong)
    finding = Finding(entity, on, read.rows)
    entries = [one for row in read.rows if (one := entry_of(row, finding, plan))]
    known, lines = finding.held(entity.id, {one.key for one in entries}), dict[str, int]()
    for one in entries:
        if (first := lines.setdefault(one.key, one.line)) != one.line:
            plan.refuse([Wrong(one.line, "", f"与第{first}行是同一条（{one.key}）。")])
        elif one.key in known:
            compare(finding, one, known[one.key], plan)
        else:
            plan.refuse(lacking(entity, one))
            plan.new.append((one.line, one.values))
    return plan


def entry_of(row: Row, finding: Finding, plan: Plan) -> Entry | None:
    """``None`` after saying what is wrong with the row."""
    entity = finding.entity
    values = {id: value for id, value in row.values.items() if value is not None}
    plan.refuse(unfit(row, entity, values))
    for link in entity.relations.values():
        if link.id in values:
            try:
                values[link.id] = finding.end(link, str(values[link.id]))
            except ValueError as error:
                plan.refuse([Wrong(row.line, link.zh, str(error))])
    plan.refuse(
        Wrong(row.line, named(entity, part), "不能为空。") for part in entity.key if part not in values
    )
    if row.line in plan.wrong_lines:
        return None
    key = key_of(entity, values)
    if len(key) > KEY_AT_MOST:
        plan.refuse(
            [Wrong(row.line, named(entity, entity.key[0]), f"最多{KEY_AT_MOST}个字，现有{len(key)}个。")]
        )
        return None
    return Entry(row.line, key, values)


def unfit(row: Row, entity: Entity, values: Mapping[str, Value]) -> Iterator[Wrong]:
    """What could not be kept or found again: characters that nobody sees, numbers past 64 bits, a source that is too long."""
    for id, value in values.items():
        if isinstance(value, str) and any(category(letter) in HIDDEN for letter in value):
            yield Wrong(row.line, named(entity, id), "含有换行或看不见的字符，请重新键入。")
        if isinstance(value, int) and abs(value) >= MOST:
            yield Wrong(row.line, named(entity, id), "数太大，存不下。")
    if len(str(values.get("source", ""))) > KEY_AT_MOST:
        yield Wrong(row.line, named(entity, "source"), f"最多{KEY_AT_MOST}个字。")


def named(entity: Entity, id: str) -> str:
    return next((one.zh for one in declared(filed(entity.id)) if one.id == id), id)


def lacking(entity: Entity, one: Entry) -> Iterator[Wrong]:
    """What a new one must say. Its source the file says."""
    for column in declared(entity):
        if column.required and column.id not in one.values and column.id not in EVERYWHERE:
            yield Wrong(one.line, column.zh, "新的一条必须填写。")


def compare(finding: Finding, one: Entry, record: Record, plan: Plan) -> None:
    """What the row says otherwise; an empty cell, or a column that the file lacks, says nothing."""
    entity, was = finding.entity, stored(finding.entity, record)
    answered = answered_for(was, entity.id, finding.merged)
    said = answered_for(one.values, entity.id, finding.merged)
    now = {id: value for id, value in one.values.items() if answered.get(id) != said[id]}
    plan.refuse(not_by_file(entity, one, was, now))
    if one.line in plan.wrong_lines:
        return
    if now:
        told = {id: was.get(id) for id in now}
        plan.changed.append(Change(one.line, str(record.thing), record.key, told, now))
    plan.same += not now


def not_by_file(
    entity: Entity, one: Entry, was: Mapping[str, Any], now: Mapping[str, Any]
) -> Iterator[Wrong]:
    if entity.about in now and was.get(entity.about):
        what = f"标识“{one.key}”已经是另一家机构的；请换一个标识，或改正机构。"
        yield Wrong(one.line, named(entity, entity.about), what)
    if SYNTHETIC in now:
        yield Wrong(one.line, named(entity, SYNTHETIC), "合成数据的标记不能由导入改动。")


def stored(entity: Entity, record: Record) -> dict[str, Any]:
    """The values of a record as rows have them."""
    values: dict[str, Any] = {"source": record.source, "synthetic": record.synthetic}
    for id, value in record.values.items():
        values[id] = from_json(entity.fields[id], value) if id in entity.fields else value
    return values


def kept(entity: Entity, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a row as a record keeps them; source and synthetic have columns of their own."""
    told = {id: value for id, value in values.items() if id not in EVERYWHERE}
    return {
        id: as_json(entity.fields[id], value) if id in entity.fields else value for id, value in told.items()
    }


def thing_id(entity: Entity, values: Mapping[str, Any]) -> str:
    return str(thing_of(entity, key_of(entity, values)))
