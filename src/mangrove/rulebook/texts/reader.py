"""From a YAML file to a measure; all that is wrong with the file is told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from mangrove.rulebook.allotting.amounts import whole_number
from mangrove.rulebook.language.check import check, check_condition
from mangrove.rulebook.language.known import Names
from mangrove.rulebook.language.parser import parse
from mangrove.rulebook.language.scope import RUN, Scope
from mangrove.rulebook.language.typed import Between, Column, Constant, Typed
from mangrove.rulebook.language.types import DAY, MONEY, TRUTH, type_of
from mangrove.rulebook.measures import Clause, Definition, Formula, Measure, Quota, Version, with_names
from mangrove.rulebook.problems import START, Problem, Problems, not_one_of, unknown
from mangrove.rulebook.texts.combining import NOTHING, Combined, Earlier, combined
from mangrove.rulebook.texts.groups import condition
from mangrove.rulebook.texts.inputs import read_inputs
from mangrove.rulebook.texts.literals import refuse_negative, without_percent
from mangrove.rulebook.texts.naming import (
    FOLLOWS,
    outline,
    refuse_many,
    refuse_no_name,
    refuse_taken,
    refuse_word,
)
from mangrove.rulebook.texts.nodes import Fields, Items, Node, Words
from mangrove.rulebook.texts.reach import refuse_unreachable
from mangrove.rulebook.texts.reading import clean, read, read_text
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
PLAIN_ID = re.compile(r"[A-Za-z0-9_]+", re.ASCII)
#: After so many problems nobody reads on; it also keeps a hostile file cheap.
MOST_PROBLEMS = 50
#: Each condition of a clause has a bit in a word of 64.
MOST_CONDITIONS = 60
#: The greatest share, and the greatest quota.
MOST_SHARES = 1_000_000


def load(path: Path, vocabulary: Vocabulary, called: str = "") -> Measure:
    """The measure of a file. Raises :class:`Problems`."""
    return measure_of(lambda: read(path, called), vocabulary)


def load_text(text: str, vocabulary: Vocabulary, called: str = "") -> Measure:
    """The measure of a text that lies in no file: one that was published, or is being written. Raises :class:`Problems`."""
    return measure_of(lambda: read_text(clean(text.encode(), called), called), vocabulary)


def measure_of(reading: Callable[[], Fields], vocabulary: Vocabulary) -> Measure:
    reader = Reader(vocabulary)
    measure = None
    with suppress(Enough), reader.gathering():
        measure = reader.measure(reading())
    if reader.problems or measure is None:
        raise Problems(one for one in reader.problems if one.code != FOLLOWS)
    return with_names(measure)


class Enough(Exception):
    """So many problems that nobody reads on."""


class Reader:
    """Reads on after a problem, so that an officer mends a file once and not line by line."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.names = Names(vocabulary)
        self.problems: list[Problem] = []
        #: Of each parameter what was written; a share in it is told of where it stands, not where it is used.
        self.parameters_written: dict[str, Words] = {}

    @contextmanager
    def gathering(self, name: str = "") -> Iterator[None]:
        """Keep a problem and go on; ``name`` is the entry that is being read."""
        with self.names.outline.reading(name, self.problems):
            try:
                yield
            except Problem as problem:
                self.problems.append(problem)
        if len(self.problems) >= MOST_PROBLEMS:
            raise Enough

    def measure(self, top: Fields) -> Measure:
        with self.gathering():
            top.only(*TOP)
        top.need("measure", "id", "version", "clauses")
        refuse_many(top)
        self.names.outline = outline(top)
        words = plain_id(top.words("id")), top.words("measure").text
        inputs, self.names.vocabulary = read_inputs(
            top.fields("inputs"), self.names.vocabulary, self.gathering
        )
        self.parameters(top.fields("parameters"))
        version = self.version(top.fields("version"))
        definitions = tuple(self.definitions(top.fields("definitions")))
        clauses = tuple(self.clauses(top, version))
        self.refuse_undecided(top, version, clauses)
        quotas = tuple(self.quotas(top.items("quotas"), clauses))
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
        decided_by, source = self.decided_by(fields), fields.words("source").text
        return Version(begin, end, decided_by, status, source, written.place)

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
        nothing = Scope(self.names.vocabulary, Entity("", "", "", (), {}, {}))
        for name, words in fields.all_words():
            with self.gathering(name.text):
                self.refuse_name(name, RUN)
                meaning = formula(words, nothing, check).meaning
                if not isinstance(meaning, Constant) or not meaning.type.is_ordered:
                    zh, en = "参数须是写定的数或日期。", "A parameter must be a written number or day."
                    raise Problem("not_constant", words.place, zh, en)
                self.parameters_written[name.text] = words
                self.names.parameters[name.text] = Constant(
                    meaning.type, meaning.at, meaning.value, name.text
                )

    def definitions(self, fields: Fields) -> Iterator[Definition]:
        """Each in the order of the file, so that a later one may use those before it."""
        for name, entry in fields.all_fields():
            with self.gathering(name.text):
                entry.only("for", "is", "note")
                entity = self.names.entity(entry.words("for"))
                scope = self.names.scope(entity)
                self.refuse_name(name, scope.names())
                found = self.formula(entry.words("is"), scope, check)
                made = Definition(name.text, entity.id, found)
                self.names.add_definition(made)
                yield made

    def refuse_name(self, name: Words, known: Iterable[str]) -> None:
        refuse_no_name(name)
        refuse_word(name, self.names.vocabulary)
        refuse_taken(name, known)

    # --- clauses -------------------------------------------------------------------------------------------------

    def clauses(self, top: Fields, version: Version) -> Iterator[Clause]:
        earlier = Earlier(self.names.outline)
        for fields in top.items("clauses").all_fields():
            id = fields.entries.get("id")
            with self.gathering(id.text if isinstance(id, Words) else ""):
                self.refuse_repeated(fields, earlier.found)
                clause = self.step(fields, version, earlier)
                earlier.found[clause.id] = clause
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

    def step(self, fields: Fields, version: Version, earlier: Earlier) -> Clause:
        if "choose" in fields or "total" in fields:
            known = CHOICE if "choose" in fields else TOTAL
            with self.gathering():
                fields.only(*known)
            made = combined(fields, self.names.vocabulary, earlier)
            self.refuse_clause_name(fields, made.entity)
            return self.clause(fields, made.entity, made.conditions, made)
        with self.gathering():
            fields.only(*CLAUSE)
        fields.need(
            "id", "article", "text", "for", *(["amount"] if set(MONEY_KEYS) & set(fields.entries) else [])
        )
        entity = self.names.entity(fields.words("for"))
        self.refuse_clause_name(fields, entity)
        conditions = (*self.in_force(entity, version, fields), *self.conditions(fields, entity))
        if len(conditions) > MOST_CONDITIONS:
            zh = f"条件超过 {MOST_CONDITIONS} 条；请用 all、any 归成几组。"
            en = f"More than {MOST_CONDITIONS} conditions; group them by all and any."
            raise Problem("too_many", fields.place, zh, en)
        with self.gathering():
            refuse_unreachable(conditions)
        return self.clause(fields, entity, conditions, None)

    def refuse_clause_name(self, fields: Fields, entity: Entity) -> None:
        refuse_no_name(fields.words("id"))
        refuse_taken(fields.words("id"), self.names.scope(entity).names())

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
        meaning = Between(TRUTH, 0, column, begin, end, True, version.until is None, True)
        until = version.until or ""
        yield Formula(f"{decides.zh} in [{version.in_force or NOT_KNOWN} .. {until})", fields.place, meaning)

    def conditions(self, fields: Fields, entity: Entity) -> Iterator[Formula]:
        scope = self.names.scope(entity)
        for node in fields.items("when"):
            with self.gathering():
                yield condition(node, lambda words: self.formula(words, scope, check_condition))

    def caps(self, fields: Fields, scope: Scope) -> Iterator[Formula]:
        node: Node | None = fields.entries.get("cap")
        listed = node.all_words() if isinstance(node, Items) else [fields.words("cap")] if node else []
        if node is not None and not listed:
            zh, en = (
                "上限的列表是空的；请写上，或删去。",
                "The list of caps is empty; fill it in, or delete it.",
            )
            raise Problem("empty", node.place, zh, en)
        for words in listed:
            with self.gathering():
                yield self.money(words, scope, "cap")

    def one_money(self, fields: Fields, key: str, scope: Scope) -> Formula | None:
        if key not in fields:
            return None
        with self.gathering():
            return self.money(fields.words(key), scope, key)
        return Formula("", fields.place, NOTHING)  # what follows is then told of money, not of its lack

    def money(self, words: Words, scope: Scope, key: str) -> Formula:
        found = self.formula(words, scope, check)
        kind = found.meaning.type
        if kind != MONEY:
            zh, en = (
                f"这里应为金额，却是{kind.zh}。",
                f"An amount of money is wanted here, this is {kind.en}.",
            )
            raise Problem("not_money", words.place, zh, en)
        refuse_negative(words, found.meaning, key)
        return found

    def formula(self, words: Words, scope: Scope, meaning_of: Callable[..., Typed]) -> Formula:
        """Also looked through for shares without a percent sign; what uses it still reads."""
        found = formula(words, scope, meaning_of)
        for problem in without_percent(words, found.meaning, scope, self.parameters_written):
            if not any(problem.place == one.place for one in self.problems):
                self.problems.append(problem)
        return found

    def shares(self, fields: Fields) -> Iterator[tuple[str, int]]:
        for name, words in fields.all_words():
            with self.gathering():
                yield name.text, whole_number(words, 1, MOST_SHARES)

    # --- quotas --------------------------------------------------------------------------------------------------

    def quotas(self, items: Items, clauses: tuple[Clause, ...]) -> Iterator[Quota]:
        taken = {member: clause.id for clause in clauses for member in clause.members}
        known = {one.id: one for one in clauses}
        for fields in items.all_fields():
            with self.gathering():
                fields.only(*QUOTA)
                of = fields.words("of")
                if of.text not in known:
                    problem = unknown(of.place, ("条款", "clause"), of.text, known)
                    raise self.names.outline.instead(of.text, problem)
                if of.text in taken:
                    zh = (
                        f"“{of.text}”已并入“{taken[of.text]}”，不再单独支付；名额请写在“{taken[of.text]}”上。"
                    )
                    en = f"“{of.text}” is part of “{taken[of.text]}” and not paid by itself; put the quota on that."
                    raise Problem("quota_on_taken", of.place, zh, en)
                yield self.quota(fields, known[of.text])

    def quota(self, fields: Fields, clause: Clause) -> Quota:
        entity = self.names.vocabulary.entities[clause.entity]
        node = fields.entries.get("per")
        written = node.all_words() if isinstance(node, Items) else [fields.words("per")] if node else []
        per = tuple(self.grouped_by(words, entity) for words in written)
        order = tuple(self.rank(words, entity) for words in fields.items("order").all_words())
        return Quota(clause.id, whole_number(fields.words("at_most"), 1, MOST_SHARES), per, order)

    def grouped_by(self, words: Words, entity: Entity) -> str:
        found = find(entity.relations, words.text) or find(entity.fields, words.text)
        if found is None:
            known = known_names([*entity.relations.values(), *entity.fields.values()])
            raise unknown(words.place, ("关联或字段", "link or field"), words.text, known)
        return found.id

    def rank(self, words: Words, entity: Entity) -> tuple[str, bool]:
        name, _blank, way = words.text.partition(" ")
        found = find(entity.fields, name)
        if found is None:
            problem = unknown(words.place, ("字段", "field"), name, known_names(entity.fields.values()))
            raise self.names.outline.instead(name, problem)
        if way not in ("", "asc", "desc"):
            zh = f"字段后面只可写 desc（大的在先）或 asc，却是“{way}”。"
            en = f"Only desc (the greater first) or asc may follow a field, not “{way}”."
            raise Problem("bad_order", words.place, zh, en)
        return found.id, way == "desc"

    def one_of(self, words: Words, known: tuple[str, ...], what: tuple[str, str]) -> str:
        if words.text not in known:
            self.problems.append(not_one_of(words.place, what, words.text, known))
        return words.text


def plain_id(words: Words) -> str:
    if not PLAIN_ID.fullmatch(words.text):
        zh, en = "标识只用英文字母、数字和下划线。", "Use letters, digits and _ for the id."
        raise Problem("bad_id", words.place, zh, en)
    return words.text


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
