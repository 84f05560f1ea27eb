"""What a form asks, read from YAML: sections, questions that name fields of the vocabulary, and papers to hand in.

Type, unit, words and both labels of a question come from the vocabulary; a question of the form's own is free text. Pure.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import yaml
from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.casework.limits import TextLoader
from mangrove.casework.sniffing import KINDS, Kind
from mangrove.intake.conditions import Condition, read_condition
from mangrove.intake.rows import Rows, declared
from mangrove.ledger.refusals import Refusal
from mangrove.ui.languages import in_chinese
from mangrove.vocabulary.model import Field

#: Of a free text that names no limit of its own, in characters.
TEXT_AT_MOST = 4000
#: Of a text that is a field of the vocabulary (a name, a code) and names no limit: one line.
FIELD_AT_MOST = 200
FORM = {"form", "version", "title", "source", "status", "sections"}
SECTION = {"id", "title", "note", "questions", "papers"}
QUESTION = {"id", "field", "text", "required", "most", "note", "shown when", "not before", "rows"}
PAPER = {"id", "paper", "required", "kinds", "most", "note", "shown when"}
#: What a form may be called.
SLUG = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
#: Of papers asked for under one heading, unless the form says otherwise.
FILES_AT_MOST = 10


@dataclass(frozen=True)
class Words:
    """The same in two languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if in_chinese() else self.en


@dataclass(frozen=True)
class Question:
    """``of`` is the entity of the vocabulary whose field is asked for; empty for a free text. ``most`` in characters.

    ``after`` is the question of a day before which this one must not lie. ``rows``: it is answered line by line."""

    id: str
    section: str
    of: str
    field: Field
    required: bool
    most: int
    note: Words
    shown: Condition | None
    after: str = ""
    rows: Rows | None = None

    @property
    def label(self) -> Words:
        return Words(self.field.zh, self.field.en)


@dataclass(frozen=True)
class Paper:
    """A paper to hand in (申报材料): which kinds of files are taken, and how many at most."""

    id: str
    section: str
    label: Words
    required: bool
    kinds: tuple[Kind, ...]
    most: int
    note: Words
    shown: Condition | None


@dataclass(frozen=True)
class Section:
    id: str
    title: Words
    note: Words
    questions: tuple[Question, ...]
    papers: tuple[Paper, ...]


@dataclass(frozen=True)
class Form:
    """One version of a form; ``sha256`` is that of its text."""

    id: str
    version: int
    title: Words
    source: str
    status: str
    sections: tuple[Section, ...]
    sha256: str

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def papers(self) -> tuple[Paper, ...]:
        return tuple(paper for section in self.sections for paper in section.papers)

    @cached_property
    def by_id(self) -> Mapping[str, Question | Paper]:
        items: list[Question | Paper] = [*self.questions, *self.papers]
        return {one.id: one for one in items}

    @cached_property
    def section_ids(self) -> tuple[str, ...]:
        return tuple(section.id for section in self.sections)

    def section(self, id: str) -> Section:
        """Raises ``KeyError``."""
        return {section.id: section for section in self.sections}[id]


@lru_cache(maxsize=200)
def read_form(text: str) -> Form:
    """The form that a text declares. Raises :class:`Refusal` naming the first fault, its line, and the question it is about."""
    try:
        said = yaml.load(text, TextLoader)  # noqa: S506 -- builds nothing but text, lists and maps
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise bad(line_words(mark.line + 1 if mark else 1), problem_of(error)) from error
    try:
        return form_of(said, text)
    except Refusal as refusal:
        raise at_line(refusal, line_of(text, refusal.where)) from refusal


def form_of(said: Any, text: str) -> Form:
    only(said, FORM, "")
    reader = Reader(said)
    return Form(
        id=name_of(said), version=whole(said, "version", "", 1), title=words(said, "title", ""),
        source=need(said, "source", ""), status=need(said, "status", ""), sections=tuple(reader.sections()),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip


def name_of(said: Mapping[str, Any]) -> str:
    """What the form is called in addresses and receipts."""
    id = need(said, "form", "")
    if not SLUG.fullmatch(id):
        raise bad("form", _("form 只能用英文字母、数字与下划线，最多 60 个"))
    return id


def problem_of(error: yaml.YAMLError) -> str:
    """What the reader of YAML complains of, on one line."""
    return str(getattr(error, "problem", "") or error).replace("\n", " ")


def at_line(refusal: Refusal, line: int) -> Refusal:
    where = f"{line_words(line)} {refusal.where}".strip()
    return Refusal(refusal.what, code=refusal.code, where=where, rule=refusal.rule, remedy=refusal.remedy)


def line_words(line: int) -> str:
    return _("第 %(n)s 行") % {"n": line}


def line_of(text: str, where: str) -> int:
    """The line on which the named question, paper or section begins; of one named twice, the second."""
    wanted = where.split()[-1] if where else ""
    lines = [line for id, line in places(yaml.compose(text, yaml.CSafeLoader)) if id == wanted]
    return lines[-1] if lines else 1


def places(node: yaml.Node | None) -> Iterator[tuple[str, int]]:
    """Every key at the top and every ``id`` below, with its line, in order."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "id" and isinstance(value, yaml.ScalarNode):
                yield value.value, value.start_mark.line + 1
            elif key.start_mark.column == 0:
                yield key.value, key.start_mark.line + 1
            yield from places(value)
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from places(one)


class Reader:
    """Goes through the sections in order: a condition may ask only about what was asked before it."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.said = said
        self.seen: dict[str, Field] = {}
        self.taken: set[str] = set()

    def sections(self) -> Iterator[Section]:
        for one in listing(self.said, "sections", ""):
            only(one, SECTION, "")
            id = self.name(one, "")
            questions = tuple(self.question(each, id) for each in listing(one, "questions", id, must=False))
            papers = tuple(self.paper(each, id) for each in listing(one, "papers", id, must=False))
            yield Section(id, words(one, "title", id), words(one, "note", id, must=False), questions, papers)

    def name(self, said: Mapping[str, Any], where: str) -> str:
        id = need(said, "id", where)
        if id in self.taken or not id.isidentifier() or not id.isascii() or "__" in id:
            raise bad(f"{where} {id}".strip(), _("标识重复，或不是英文字母、数字与下划线"))
        self.taken.add(id)
        return id

    def question(self, said: Mapping[str, Any], section: str) -> Question:
        only(said, QUESTION, section)
        id = self.name(said, section)
        of, field = self.field(said, id)
        shown = self.condition(said, id)
        after = self.earlier_day(said, id, field)
        self.seen[id] = field
        most = whole(said, "most", id, FIELD_AT_MOST if of else TEXT_AT_MOST)
        return Question(id, section, of, field, flag(said, "required", id), most, words(said, "note", id, must=False), shown, after, self.rows(said, id))  # fmt: skip

    def rows(self, said: Mapping[str, Any], id: str) -> Rows | None:
        """Only a question of the form's own has rows; a field of the vocabulary is one value."""
        if "rows" not in said:
            return None
        if "text" not in said:
            raise bad(id, _("rows 只用于写 text 的问题"))
        try:
            return declared(said["rows"])
        except ValueError as error:
            raise bad(id, str(error)) from error

    def earlier_day(self, said: Mapping[str, Any], id: str, field: Field) -> str:
        """What ``not before`` names: a day that is asked for before this one."""
        if "not before" not in said:
            return ""
        name = need(said, "not before", id)
        if field.type != "date" or name not in self.seen or self.seen[name].type != "date":
            raise bad(id, _("not before 只用于日期，须写排在前面的一个日期问题的标识"))
        return name

    def field(self, said: Mapping[str, Any], id: str) -> tuple[str, Field]:
        if ("field" in said) == ("text" in said):
            raise bad(id, _("须写 field 或 text 之一"))
        if "text" in said:
            label = words(said, "text", id)
            return "", Field(id, label.zh, label.en, "text")
        of, _dot, name = need(said, "field", id).partition(".")
        try:
            return of, vocabulary.entity(of).field(name)
        except vocabulary.UnknownWord as error:
            raise bad(id, str(error)) from error

    def paper(self, said: Mapping[str, Any], section: str) -> Paper:
        only(said, PAPER, section)
        id = self.name(said, section)
        kinds = tuple(kind_of(name, id) for name in listing(said, "kinds", id, must=False)) or KINDS
        most = whole(said, "most", id, FILES_AT_MOST)
        return Paper(id, section, words(said, "paper", id), flag(said, "required", id), kinds, most, words(said, "note", id, must=False), self.condition(said, id))  # fmt: skip

    def condition(self, said: Mapping[str, Any], id: str) -> Condition | None:
        return read_condition(need(said, "shown when", id), self.seen, id) if "shown when" in said else None


def bad(where: str, what: str) -> Refusal:
    return Refusal(
        _("表单读不懂：%(what)s。") % {"what": what}, code="intake.bad_form", where=where,
        remedy=_("请对照 rulebooks/forms 里的表单改正。"),
    )  # fmt: skip


def only(said: Any, known: set[str], where: str) -> None:
    if not isinstance(said, dict):
        raise bad(where, _("这里应为“键: 值”"))
    if extra := sorted(set(said) - known):
        raise bad(where, _("没有 %(keys)s 这一项") % {"keys": ", ".join(extra)})


def need(said: Mapping[str, Any], key: str, where: str) -> str:
    found = said.get(key)
    if not isinstance(found, str) or not found.strip():
        raise bad(where or key, _("缺少 %(key)s") % {"key": key})
    return found.strip()


def words(said: Mapping[str, Any], key: str, where: str, *, must: bool = True) -> Words:
    found = said.get(key)
    if found is None and not must:
        return Words("", "")
    if not isinstance(found, dict) or set(found) != {"zh", "en"} or not all(map(str.strip, found.values())):
        raise bad(where or key, _("%(key)s 须写 zh 和 en 两种文字") % {"key": key})
    return Words(found["zh"].strip(), found["en"].strip())


def listing(said: Mapping[str, Any], key: str, where: str, *, must: bool = True) -> list[Any]:
    found = said.get(key)
    if found is None and not must:
        return []
    if not isinstance(found, list) or not found:
        raise bad(where or key, _("%(key)s 应为列表") % {"key": key})
    return found


def whole(said: Mapping[str, Any], key: str, where: str, default: int) -> int:
    text = said.get(key, str(default))
    if not isinstance(text, str) or not text.isdecimal() or not 0 < int(text) <= 100_000:
        raise bad(where or key, _("%(key)s 应为正整数") % {"key": key})
    return int(text)


def flag(said: Mapping[str, Any], key: str, where: str) -> bool:
    if (text := said.get(key, "false")) not in ("true", "false"):
        raise bad(where, _("%(key)s 应为 true 或 false") % {"key": key})
    return bool(text == "true")


def kind_of(name: str, where: str) -> Kind:
    for kind in KINDS:
        if f".{name}" in kind.extensions:
            return kind
    raise bad(where, _("不收 %(name)s 这种文件") % {"name": name})
