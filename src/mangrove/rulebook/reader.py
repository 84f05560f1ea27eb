"""From a YAML file to a measure; all that is wrong with the file is told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from mangrove.rulebook.check import check, check_condition
from mangrove.rulebook.combining import Combined, combined
from mangrove.rulebook.groups import condition
from mangrove.rulebook.inputs import read_inputs
from mangrove.rulebook.measures import Clause, Definition, Formula, Measure, Quota, Version, with_names
from mangrove.rulebook.nodes import Fields, Items, Node, Words
from mangrove.rulebook.parser import parse
from mangrove.rulebook.problems import START, Problem, Problems, unknown
from mangrove.rulebook.reading import read
from mangrove.rulebook.scope import RUN, Scope
from mangrove.rulebook.tree import Name
from mangrove.rulebook.typed import Between, Column, Constant, Typed
from mangrove.rulebook.types import DAY, MONEY, TRUTH, Type, type_of
from mangrove.vocabulary.model import Entity, Vocabulary, find, known_names

TOP = ("measure", "id", "version", "inputs", "parameters", "definitions", "clauses", "quotas", "note")
VERSION = ("in_force", "until", "decided_by", "status", "source", "note")
MONEY_KEYS = ("cap", "less", "shares")
CLAUSE = ("id", "article", "text", "text_status", "for", "when", "amount", *MONEY_KEYS, "note")
CHOICE = ("choose", "id", "article", "text", "text_status", "keep", *MONEY_KEYS, "note")
TOTAL = ("total", "id", "article", "text", "text_status", "for", "unknown", *MONEY_KEYS, "note")
QUOTA = ("of", "at_most", "per", "order", "note")
TEXT_STATUS = ("原文", "转述", "待录入")
#: Checked against the official text; not yet; a draft that never came into force as it stands.
STATUS = ("已核", "待核", "草案")
NOT_KNOWN = "不详"
WRITTEN_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def load(path: Path, vocabulary: Vocabulary, called: str = "") -> Measure:
    """The measure of a file. Raises :class:`Problems`."""
    reader = Reader(vocabulary)
    measure = None
    with reader.gathering():
        measure = reader.measure(read(path, called))
    if reader.problems or measure is None:
        raise Problems(reader.problems)
    return with_names(measure)


@dataclass
class Names:
    """What the expressions of a measure may use besides the fields of the thing at hand, as far as it has been read."""

    vocabulary: Vocabulary
    parameters: dict[str, Constant] = field(default_factory=dict)
    given: dict[str, dict[str, Type]] = field(default_factory=dict)

    def scope(self, entity: Entity) -> Scope:
        own = self.given.setdefault(entity.id, {})
        return Scope(self.vocabulary, entity, own, self.given, self.parameters)

    def add_clause(self, clause: Clause) -> None:
        own = self.given.setdefault(clause.entity, {})
        own[clause.id] = TRUTH if clause.amount is None else MONEY
        own[f"meets({clause.id})"] = TRUTH
        own[f"settled({clause.id})"] = MONEY

    def entity(self, words: Words) -> Entity:
        found = find(self.vocabulary.entities, words.text)
        if found is None:
            known = known_names(self.vocabulary.entities.values())
            raise unknown(words.place, ("对象", "thing"), words.text, known)
        return found


class Reader:
    """Reads on after a problem, so that an officer mends a file once and not line by line."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.names = Names(vocabulary)
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
        inputs, self.names.vocabulary = read_inputs(
            top.fields("inputs"), self.names.vocabulary, self.gathering
        )
        self.parameters(top.fields("parameters"))
        version = self.version(top.fields("version"))
        definitions = tuple(self.definitions(top.fields("definitions")))
        clauses = tuple(self.clauses(top, version))
        self.refuse_undecided(top, version, clauses)
        quotas = tuple(self.quotas(top.items("quotas"), clauses))
        words = top.words("id").text, top.words("measure").text
        return Measure(*words, version, inputs, definitions, clauses, quotas, self.names.vocabulary)

    # --- when and with which numbers -----------------------------------------------------------------------------

    def version(self, fields: Fields) -> Version:
        with self.gathering():
            fields.only(*VERSION)
        fields.need("in_force", "status", "source")
        written = fields.words("in_force")
        begin = None if written.text == NOT_KNOWN else day(written)
        end = day(fields.words("until")) if "until" in fields else None
        if begin is not None and end is not None and end <= begin:
            zh, en = "失效日须晚于施行日。", "It must end after it begins."
            self.problems.append(Problem("version_backwards", fields.words("until").place, zh, en))
        status = self.one_of(fields.words("status"), STATUS, ("状态", "status"))
        return Version(begin, end, self.decided_by(fields), status, fields.words("source").text)

    def decided_by(self, fields: Fields) -> str:
        """The name of a date field of some thing; empty for the day of the run."""
        words = fields.words("decided_by", "决定日")
        if words.text in RUN:
            return ""
        entities = self.names.vocabulary.entities.values()
        days = [one for entity in entities for one in entity.fields.values() if type_of(one) == DAY]
        if not any(words.text in (one.id, one.zh) for one in days):
            self.problems.append(
                unknown(words.place, ("日期字段", "date field"), words.text, ["决定日", *known_names(days)])
            )
        return words.text

    def refuse_undecided(self, top: Fields, version: Version, clauses: tuple[Clause, ...]) -> None:
        """The date that decides must be one of the things that the clauses are for."""
        entities = [self.names.vocabulary.entities[one.entity] for one in clauses]
        if (
            version.decided_by
            and entities
            and not any(find(one.fields, version.decided_by) for one in entities)
        ):
            words = top.fields("version").words("decided_by")
            zh = f"条款所对的对象都没有“{words.text}”；请改为它们的日期字段，或写“决定日”。"
            en = f"None of the things that the clauses are for has “{words.text}”; name a date of theirs, or 决定日."
            self.problems.append(Problem("no_deciding_date", words.place, zh, en))

    def parameters(self, fields: Fields) -> None:
        for name, words in fields.all_words():
            with self.gathering():
                self.refuse_no_name(name)
                self.refuse_word(name)
                if name.text in RUN or name.text in self.names.parameters:
                    raise taken(name)
                nothing = Scope(self.names.vocabulary, Entity("", "", "", (), {}, {}))
                meaning = formula(words, nothing, check).meaning
                if not isinstance(meaning, Constant):
                    zh, en = "参数须是写定的数或日期。", "A parameter must be a written number or day."
                    raise Problem("not_constant", words.place, zh, en)
                self.names.parameters[name.text] = Constant(
                    meaning.type, meaning.at, meaning.value, name.text
                )

    def definitions(self, fields: Fields) -> Iterator[Definition]:
        """Each in the order of the file, so that a later one may use those before it."""
        for name, entry in fields.all_fields():
            with self.gathering():
                entry.only("for", "is", "note")
                entity = self.names.entity(entry.words("for"))
                scope = self.names.scope(entity)
                self.refuse_word(name)
                self.refuse_taken(name, scope)
                found = formula(entry.words("is"), scope, check)
                self.names.given[entity.id][name.text] = found.meaning.type
                yield Definition(name.text, entity.id, found)

    def refuse_taken(self, name: Words, scope: Scope) -> None:
        self.refuse_no_name(name)
        if scope.knows(name.text):
            raise taken(name)

    def refuse_word(self, name: Words) -> None:
        """Who makes up a name takes no word of a list: ``kind == 运营商`` is to mean one thing."""
        lists = [enum.zh for enum in self.names.vocabulary.enums.values() if find(enum.words, name.text)]
        if lists:
            zh = f"“{name.text}”是{lists[0]}的取值，请换一个名称。"
            en = f"“{name.text}” is a word of a list; choose another name."
            raise Problem("name_is_word", name.place, zh, en)

    def refuse_no_name(self, name: Words) -> None:
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

    # --- clauses -------------------------------------------------------------------------------------------------

    def clauses(self, top: Fields, version: Version) -> Iterator[Clause]:
        found: dict[str, Clause] = {}
        taken_by: dict[str, str] = {}
        for fields in top.items("clauses").all_fields():
            with self.gathering():
                self.refuse_repeated(fields, found)
                clause = self.step(fields, version, found, taken_by)
                found[clause.id] = clause
                self.names.add_clause(clause)
                yield clause

    def refuse_repeated(self, fields: Fields, found: dict[str, Clause]) -> None:
        fields.need("id")
        words = fields.words("id")
        if words.text in found:
            first = found[words.text].place.line
            zh = f"条款“{words.text}”在第 {first} 行已经有了，请换一个编号。"
            en = f"Clause “{words.text}” stands on line {first} already; give this one another id."
            raise Problem("clause_twice", words.place, zh, en)

    def step(
        self, fields: Fields, version: Version, found: dict[str, Clause], taken_by: dict[str, str]
    ) -> Clause:
        if "choose" in fields or "total" in fields:
            known = CHOICE if "choose" in fields else TOTAL
            with self.gathering():
                fields.only(*known)
            made = combined(fields, self.names.vocabulary, found, taken_by)
            return self.clause(fields, made.entity, made.conditions, made)
        with self.gathering():
            fields.only(*CLAUSE)
        fields.need(
            "id", "article", "text", "for", *(["amount"] if set(MONEY_KEYS) & set(fields.entries) else [])
        )
        entity = self.names.entity(fields.words("for"))
        self.refuse_taken(fields.words("id"), self.names.scope(entity))
        conditions = (*self.in_force(entity, version, fields), *self.conditions(fields, entity))
        return self.clause(fields, entity, conditions, None)

    def clause(
        self, fields: Fields, entity: Entity, conditions: tuple[Formula, ...], made: Combined | None
    ) -> Clause:
        fields.need("id", "article", "text")
        scope = self.names.scope(entity)
        status = fields.words("text_status", "转述")
        return Clause(
            id=fields.words("id").text,
            article=fields.words("article").text,
            text=fields.words("text").text,
            text_status=self.one_of(status, TEXT_STATUS, ("文本状态", "text status")),
            entity=entity.id,
            conditions=conditions,
            amount=made.amount if made else self.one_money(fields, "amount", scope),
            caps=tuple(self.caps(fields, scope)),
            place=fields.place,
            less=self.one_money(fields, "less", scope),
            shares=tuple(self.shares(fields.fields("shares"))),
            members=made.members if made else (),
            keep=made.keep if made else "",
        )

    def in_force(self, entity: Entity, version: Version, fields: Fields) -> Iterator[Formula]:
        """Where a date of the thing decides, it must lie in the time of this version."""
        decides = find(entity.fields, version.decided_by) if version.decided_by else None
        if decides is None:
            return
        begin = Constant(DAY, 0, version.in_force or date.min)
        end = Constant(DAY, 0, version.until or date.max)
        column = Column(DAY, 0, (decides.id,))
        meaning = Between(TRUTH, 0, column, begin, end, True, False, True)
        until = version.until or ""
        yield Formula(f"{decides.zh} in [{version.in_force or NOT_KNOWN} .. {until})", fields.place, meaning)

    def conditions(self, fields: Fields, entity: Entity) -> Iterator[Formula]:
        for node in fields.items("when"):
            with self.gathering():
                yield condition(node, lambda words: formula(words, self.names.scope(entity), check_condition))

    def caps(self, fields: Fields, scope: Scope) -> Iterator[Formula]:
        node: Node | None = fields.entries.get("cap")
        for words in node.all_words() if isinstance(node, Items) else [fields.words("cap")] if node else []:
            with self.gathering():
                yield money(words, scope)

    def one_money(self, fields: Fields, key: str, scope: Scope) -> Formula | None:
        if key not in fields:
            return None
        with self.gathering():
            return money(fields.words(key), scope)
        return None

    def shares(self, fields: Fields) -> Iterator[tuple[str, int]]:
        for name, words in fields.all_words():
            yield name.text, self.whole(words)

    def whole(self, words: Words) -> int:
        if not words.text.isdecimal() or not words.text.isascii() or not 1 <= int(words.text) <= 1_000_000:
            zh, en = "这里应为正整数（不超过一百万）。", "A whole number from 1 to a million is wanted here."
            raise Problem("not_whole", words.place, zh, en)
        return int(words.text)

    # --- quotas --------------------------------------------------------------------------------------------------

    def quotas(self, items: Items, clauses: tuple[Clause, ...]) -> Iterator[Quota]:
        taken = {member for clause in clauses for member in clause.members}
        known = {one.id: one for one in clauses if one.id not in taken}
        for fields in items.all_fields():
            with self.gathering():
                fields.only(*QUOTA)
                of = fields.words("of")
                if of.text not in known:
                    what = ("未被合并的条款", "clause that no other takes over")
                    raise unknown(of.place, what, of.text, known)
                yield self.quota(fields, known[of.text])

    def quota(self, fields: Fields, clause: Clause) -> Quota:
        entity = self.names.vocabulary.entities[clause.entity]
        per = ""
        if "per" in fields:
            words = fields.words("per")
            link = find(entity.relations, words.text)
            if link is None:
                raise unknown(
                    words.place, ("关联", "link"), words.text, known_names(entity.relations.values())
                )
            per = link.id
        order = tuple(self.rank(words, entity) for words in fields.items("order").all_words())
        return Quota(clause.id, self.whole(fields.words("at_most")), per, order)

    def rank(self, words: Words, entity: Entity) -> tuple[str, bool]:
        name, _blank, way = words.text.partition(" ")
        found = find(entity.fields, name)
        if found is None or way not in ("", "asc", "desc"):
            zh_en = ("字段（可接 desc）", "field (desc may follow)")
            raise unknown(words.place, zh_en, words.text, known_names(entity.fields.values()))
        return found.id, way == "desc"

    def one_of(self, words: Words, known: tuple[str, ...], what: tuple[str, str]) -> str:
        if words.text not in known:
            self.problems.append(unknown(words.place, what, words.text, known))
        return words.text


def taken(name: Words) -> Problem:
    zh, en = f"“{name.text}”已经有了，请换一个名称。", f"“{name.text}” is taken; choose another name."
    return Problem("name_taken", name.place, zh, en)


def money(words: Words, scope: Scope) -> Formula:
    found = formula(words, scope, check)
    kind = found.meaning.type
    if kind != MONEY:
        zh, en = f"这里应为金额，却是{kind.zh}。", f"An amount of money is wanted here, this is {kind.en}."
        raise Problem("not_money", words.place, zh, en)
    return found


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
