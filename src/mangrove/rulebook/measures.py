"""A measure: a dated text whose clauses compute. Read from one YAML file; all that is wrong with it is told at once.

measure: 支持新型信息基础设施建设的若干措施
id: sz_infrastructure_2022
version: {in_force: 2022-10-24, until: 2025-10-24, decided_by: 验收日期, status: 待核, source: 深圳市…}
clauses:
- id: coastal_station
  article: 第五条
  text: 在沿海和乡村建成的合格基站，每站1万元，每家最高200万元
  text_status: 转述
  for: 机构
  when: [机构类别 == 运营商]
  amount: 1万元 * count(基站)
  cap: 200万元
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from mangrove.rulebook.check import check, check_condition
from mangrove.rulebook.nodes import Fields, Words
from mangrove.rulebook.parser import parse
from mangrove.rulebook.problems import START, Place, Problem, Problems, unknown
from mangrove.rulebook.reading import read
from mangrove.rulebook.scope import Scope
from mangrove.rulebook.tree import Name
from mangrove.rulebook.typed import Typed
from mangrove.rulebook.types import MONEY, Type
from mangrove.vocabulary.model import Entity, Vocabulary, find, known_names, look_up

TOP = ("measure", "id", "version", "definitions", "clauses", "note")
VERSION = ("in_force", "until", "decided_by", "status", "source", "note")
CLAUSE = ("id", "article", "text", "text_status", "for", "when", "amount", "cap", "note")
TEXT_STATUS = ("原文", "转述", "待录入")
STATUS = ("已核", "待核")
WRITTEN_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True)
class Version:
    """When the measure holds, from its first day to before ``until``; which date of a case decides; who held the text."""

    in_force: date
    until: date | None
    decided_by: str
    status: str
    source: str

    def holds_on(self, day: date) -> bool:
        return self.in_force <= day and (self.until is None or day < self.until)


@dataclass(frozen=True)
class Formula:
    """An expression as written, with its meaning."""

    text: str
    place: Place
    meaning: Typed


@dataclass(frozen=True)
class Definition:
    """A named expression about one kind of thing, for its clauses to use."""

    name: str
    entity: str
    formula: Formula


@dataclass(frozen=True)
class Clause:
    """One article that computes: for which things, under which conditions, how much, at most how much.

    A clause without an ``amount`` only says who qualifies.
    """

    id: str
    article: str
    text: str
    text_status: str
    entity: str
    conditions: tuple[Formula, ...]
    amount: Formula | None
    cap: Formula | None
    place: Place


@dataclass(frozen=True)
class Measure:
    id: str
    name: str
    version: Version
    definitions: tuple[Definition, ...]
    clauses: tuple[Clause, ...]


def load(path: Path, vocabulary: Vocabulary, called: str = "") -> Measure:
    """The measure of a file. Raises :class:`Problems`."""
    reader = Reader(vocabulary)
    measure = None
    with reader.gathering():
        measure = reader.measure(read(path, called))
    if reader.problems or measure is None:
        raise Problems(reader.problems)
    return measure


class Reader:
    """Reads on after a problem, so that an officer mends a file once and not line by line."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.problems: list[Problem] = []

    @contextmanager
    def gathering(self) -> Iterator[None]:
        try:
            yield
        except Problem as problem:
            self.problems.append(problem)

    def measure(self, top: Fields) -> Measure:
        with self.gathering():
            top.only(*TOP)
        top.need("measure", "id", "version", "clauses")
        version = self.version(top.fields("version"))
        definitions = list(self.definitions(top.fields("definitions")))
        clauses = list(self.clauses(top, definitions))
        self.refuse_repeated(top)
        return Measure(
            top.words("id").text, top.words("measure").text, version, tuple(definitions), tuple(clauses)
        )

    def version(self, fields: Fields) -> Version:
        with self.gathering():
            fields.only(*VERSION)
        fields.need("in_force", "status", "source")
        begin = day(fields.words("in_force"))
        end = day(fields.words("until")) if "until" in fields else None
        if end is not None and end <= begin:
            zh, en = "失效日须晚于施行日。", "It must end after it begins."
            self.problems.append(Problem("version_backwards", fields.words("until").place, zh, en))
        status = self.one_of(fields.words("status"), STATUS, ("状态", "status"))
        return Version(begin, end, fields.words("decided_by", "").text, status, fields.words("source").text)

    def definitions(self, fields: Fields) -> Iterator[Definition]:
        """Each in the order of the file, so that a later one may use those before it."""
        known: list[Definition] = []
        for name, entry in fields.all_fields():
            with self.gathering():
                entry.only("for", "is", "note")
                entity = self.entity(entry)
                scope = self.scope(entity, known)
                self.refuse_unusable(name)
                if scope.knows(name.text):
                    zh, en = (
                        f"“{name.text}”已经有了，请换一个名称。",
                        f"“{name.text}” is taken; choose another name.",
                    )
                    raise Problem("name_taken", name.place, zh, en)
                known.append(Definition(name.text, entity.id, formula(entry.words("is"), scope, check)))
                yield known[-1]

    def refuse_unusable(self, name: Words) -> None:
        """A definition must be one name, and no word of a list: ``kind == 运营商`` is to mean one thing."""
        try:
            tree = parse(name.text)
        except Problem:
            tree = None
        if not (isinstance(tree, Name) and len(tree.steps) == 1):
            zh, en = (
                f"“{name.text}”不能作名称；只用文字、数字和下划线。",
                f"“{name.text}” is no name; use letters, digits and _.",
            )
            raise Problem("no_name", name.place, zh, en)
        lists = [enum.zh for enum in self.vocabulary.enums.values() if find(enum.words, name.text)]
        if lists:
            zh = f"“{name.text}”是{lists[0]}的取值，请换一个名称。"
            en = f"“{name.text}” is a word of a list; choose another name."
            raise Problem("name_is_word", name.place, zh, en)

    def clauses(self, top: Fields, definitions: list[Definition]) -> Iterator[Clause]:
        for fields in top.items("clauses").all_fields():
            with self.gathering():
                yield self.clause(fields, definitions)

    def clause(self, fields: Fields, definitions: list[Definition]) -> Clause:
        with self.gathering():
            fields.only(*CLAUSE)
        fields.need("id", "article", "text", "for", *(["amount"] if "cap" in fields else []))
        scope = self.scope(self.entity(fields), definitions)
        return Clause(
            id=fields.words("id").text,
            article=fields.words("article").text,
            text=fields.words("text").text,
            text_status=self.one_of(
                fields.words("text_status", "转述"), TEXT_STATUS, ("文本状态", "text status")
            ),
            entity=scope.entity.id,
            conditions=tuple(self.conditions(fields, scope)),
            amount=self.money(fields, "amount", scope),
            cap=self.money(fields, "cap", scope),
            place=fields.place,
        )

    def conditions(self, fields: Fields, scope: Scope) -> Iterator[Formula]:
        for words in fields.items("when").all_words():
            with self.gathering():
                yield formula(words, scope, check_condition)

    def money(self, fields: Fields, key: str, scope: Scope) -> Formula | None:
        if key not in fields:
            return None
        with self.gathering():
            words = fields.words(key)
            found = formula(words, scope, check)
            if found.meaning.type != MONEY:
                kind = found.meaning.type
                zh, en = (
                    f"这里应为金额，却是{kind.zh}。",
                    f"An amount of money is wanted here, this is {kind.en}.",
                )
                raise Problem("not_money", words.place, zh, en)
            return found
        return None

    def entity(self, fields: Fields) -> Entity:
        words = fields.words("for")
        try:
            return look_up(self.vocabulary.entities, words.text, "对象")
        except KeyError:
            known = known_names(self.vocabulary.entities.values())
            raise unknown(words.place, ("对象", "thing"), words.text, known) from None

    def scope(self, entity: Entity, definitions: list[Definition]) -> Scope:
        given: Mapping[str, Type] = {
            one.name: one.formula.meaning.type for one in definitions if one.entity == entity.id
        }
        return Scope(self.vocabulary, entity, given)

    def one_of(self, words: Words, known: tuple[str, ...], what: tuple[str, str]) -> str:
        if words.text not in known:
            self.problems.append(unknown(words.place, what, words.text, known))
        return words.text

    def refuse_repeated(self, top: Fields) -> None:
        seen: dict[str, Words] = {}
        for one in top.items("clauses").all_fields():
            if "id" not in one:  # told already
                continue
            words = one.words("id")
            if words.text in seen:
                first = seen[words.text].place.line
                zh = f"条款“{words.text}”在第 {first} 行已经有了，请换一个编号。"
                en = f"Clause “{words.text}” stands on line {first} already; give this one another id."
                self.problems.append(Problem("clause_twice", words.place, zh, en))
            seen.setdefault(words.text, words)


def formula(words: Words, scope: Scope, meaning_of: Callable[..., Typed]) -> Formula:
    """The expression of a scalar; its problems are told with their place in the file."""
    try:
        tree = parse(words.text)
        return Formula(words.text, words.place, meaning_of(tree, scope, words.text, START))
    except Problem as problem:
        raise words.in_file(problem) from None


def day(words: Words) -> date:
    try:
        if not WRITTEN_DAY.fullmatch(words.text):
            raise ValueError(words.text)
        return date.fromisoformat(words.text)
    except ValueError:
        zh = f"“{words.text}”不是日期；请写成 2022-10-24。"
        en = f"“{words.text}” is not a date; write it as 2022-10-24."
        raise Problem("not_a_day", words.place, zh, en) from None
