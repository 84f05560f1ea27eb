"""What follows from answers alone: which questions are asked, what is missing, how two texts join, what changed. Pure.

An answer of a draft is text as it was typed; its stored value is what the vocabulary makes of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from mangrove import vocabulary
from mangrove.intake import rows
from mangrove.intake.conditions import Condition
from mangrove.intake.definition import Form, Paper, Question, Section
from mangrove.ledger.hashing import canonical
from mangrove.registry import credit_code
from mangrove.registry.labels import said
from mangrove.ui.languages import in_chinese
from mangrove.vocabulary.model import Value

Answers = Mapping[str, str]


@dataclass(frozen=True)
class Answered:
    """The answers of a form read: the questions and papers that are asked, the value of each, and what cannot be read."""

    questions: tuple[Question, ...]
    papers: tuple[Paper, ...]
    values: Mapping[str, Value | None]
    faults: Mapping[str, str]
    known: Collection[str]

    @property
    def items(self) -> list[Question | Paper]:
        return [*self.questions, *self.papers]

    def asks(self, id: str) -> bool:
        return any(one.id == id for one in self.items)


def answered(form: Form, typed: Answers, known: Mapping[str, Value]) -> Answered:
    """``typed`` by question; ``known`` are the values that the registry has, which nobody retypes.

    What is not asked has no value, so that nothing further is asked because of it.
    """
    values: dict[str, Value | None] = {}
    faults, asked = dict[str, str](), list[Question]()
    for question in form.questions:
        if not holds(question.shown, values):
            continue
        asked.append(question)
        if question.id in known:
            values[question.id] = known[question.id]
            continue
        try:
            values[question.id] = parsed(question, typed.get(question.id, ""))
        except ValueError as error:
            values[question.id], faults[question.id] = None, str(error)
    faults |= {id: what for id, what in too_early(asked, values).items() if id not in known}
    papers = tuple(paper for paper in form.papers if holds(paper.shown, values))
    return Answered(tuple(asked), papers, values, faults, frozenset(known) & frozenset(values))


def too_early(asked: Iterable[Question], values: Mapping[str, Value | None]) -> dict[str, str]:
    """Days that lie before one that they must not precede, with both days, by question."""
    found, labels = dict[str, str](), dict[str, str]()
    for one in asked:
        labels[one.id] = str(one.label)
        day, first = values.get(one.id), values.get(one.after)
        if isinstance(day, date) and isinstance(first, date) and day < first:
            words = _("%(label)s %(day)s 早于%(other)s %(first)s，请核对。")
            told = {"label": one.label, "day": day, "other": labels[one.after], "first": first}
            found[one.id] = words % told
    return found


def holds(condition: Condition | None, values: Mapping[str, Any]) -> bool:
    return condition is None or condition.holds(values) is True


def parsed(question: Question, text: str) -> Value | None:
    """Raises ``ValueError`` in words; an empty text is no answer yet, whatever the field says."""
    whole, text = text, text.strip()
    if not text:
        return None
    if len(text) > question.most:
        raise ValueError(_("最多 %(most)s 字，现为 %(n)s 字。") % {"most": question.most, "n": len(text)})
    if question.rows is not None:
        return rows.read(question.rows, str(question.label), whole)
    if (question.of, question.field.id) == ("organisation", "credit_code"):
        return read_code(text)
    return vocabulary.parse_value(question.field, text)


def read_code(text: str) -> str:
    """A credit code by the house's own check; who has none (a body from abroad) says 无 and why."""
    if text.startswith("无"):
        return text
    certain = [one for one in credit_code.check(text) if one.certain]
    if certain:
        raise ValueError(f"{certain[0]} {_('没有代码的，写“无”和原因。')}")
    return credit_code.read(text).code


@dataclass(frozen=True)
class Lack:
    """What stands between a draft and its submission: at which question or paper, and what to do."""

    item: str
    section: str
    label: str
    what: str


def lacks(
    form: Form, read: Answered, papers: Collection[str], refused: Collection[str], empty: Collection[str] = ()
) -> list[Lack]:
    """Everything missing or unreadable. ``papers``: the requirements with a file; ``refused``: those with a file refused;
    ``empty``: those with a table that has nothing in it."""
    return [
        *(Lack(one.id, one.section, str(one.label), what) for one in read.questions if (what := fault(one, read))),
        *(Lack(one.id, one.section, str(one.label), _("请上传%(label)s。") % {"label": one.label})
          for one in read.papers if one.required and one.id not in papers),
        *(Lack(one.id, one.section, str(one.label), _("有文件未通过核对，请删去或另传。"))
          for one in read.papers if one.id in refused),
        *(Lack(one.id, one.section, str(one.label), _("所交的%(label)s是空表，请填好后重新上传。") % {"label": one.label})
          for one in read.papers if one.required and one.id in empty),
    ]  # fmt: skip


def unmended(
    form: Form, items: Iterable[str], before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[Lack]:
    """Of the items that a return named, those that say the same in both contents; a file counts by its bytes."""
    return [
        Lack(one.id, one.section, str(one.label), _("待补正：与退回前相同。"))
        for one in form.by_id.values()
        if one.id in set(items) and said_in(one, before) == said_in(one, after)
    ]


def said_in(one: Question | Paper, content: Mapping[str, Any]) -> Any:
    if isinstance(one, Question):
        return content["answers"].get(one.id)
    return sorted(paper["sha256"] for paper in content["papers"] if paper["requirement"] == one.id)


def fault(question: Question, read: Answered) -> str:
    if question.id in read.faults:
        return read.faults[question.id]
    if question.required and read.values.get(question.id) is None:
        return _("请填写%(label)s。") % {"label": question.label}
    return ""


def shown_value(question: Question, value: Value | None) -> str:
    """A stored value as people read it, in the reader's language."""
    if value is None:
        return ""
    if question.rows is not None:
        return rows.shown(question.rows, str(value))
    if question.field.enum:
        return said(question.field.enum.word(str(value)))
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, int):
        return shown_number(question, value)
    return str(value)


def typed_words(question: Question, text: str) -> str:
    """What somebody typed, whether it can be read or not; rows as lines that people can follow."""
    return text if question.rows is None else rows.shown(question.rows, text)


def shown_number(question: Question, value: int) -> str:
    """With its unit, in groups of three: 5,000,000.00元."""
    field = question.field
    number = vocabulary.format_quantity(Fraction(value, 10**field.scale), "", field.scale, group=",")
    if field.unit is None or field.unit.zh == "年":  # a year is no quantity
        return number.replace(",", "") if field.unit else number
    return f"{number}{field.unit.zh}" if in_chinese() else f"{number} {field.unit.en}"


def stored(value: Value | None) -> Any:
    """As JSON keeps it: a date is ISO text."""
    return value.isoformat() if isinstance(value, date) else value


def restored(question: Question, value: Any) -> Value | None:
    """What :func:`stored` kept, as the vocabulary knows it."""
    if isinstance(value, str) and question.field.type == "date":
        return date.fromisoformat(value)
    found: Value | None = value
    return found


# --- two people on one text ------------------------------------------------------------------------------------


def merge(base: Answers, theirs: Answers, mine: Answers) -> tuple[dict[str, str], list[str]]:
    """The two newer texts joined question by question, and the questions that both changed, each otherwise.

    Of those the joined text keeps what stands (``theirs``); the caller keeps ``mine`` as well.
    """
    joined, both = dict(theirs), list[str]()
    for id in sorted({*base, *theirs, *mine}):
        was, now, own = base.get(id, ""), theirs.get(id, ""), mine.get(id, "")
        if own in (was, now):
            continue
        if now == was:
            joined[id] = own
        else:
            both.append(id)
    return {id: text for id, text in joined.items() if text}, both


# --- what was handed in ----------------------------------------------------------------------------------------


def content_hash(content: Mapping[str, Any]) -> str:
    """Hash of all that was handed in; canonical JSON, so that anybody can reckon it again."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


@dataclass(frozen=True)
class Change:
    """One question or paper in two rounds; ``before`` and ``after`` as people read them, empty where there was nothing.

    ``free``: what a person wrote, which may hold telephone numbers; a list of files with their hashes is not.
    """

    label: str
    section: str
    before: str
    after: str
    free: bool = True


def changes(form: Form, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs between the contents of two submissions of one form, in the order of the form."""
    return [change for section in form.sections for change in changes_in(section, before, after)]


def changes_in(section: Section, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Change]:
    for question in section.questions:
        old, new = (answer_in(question, content) for content in (before, after))
        if old != new:
            yield Change(str(question.label), str(section.title), old, new)
    for paper in section.papers:
        old, new = (papers_in(paper, content) for content in (before, after))
        if old != new:
            yield Change(str(paper.label), str(section.title), old, new, free=False)


def answer_in(question: Question, content: Mapping[str, Any]) -> str:
    return shown_value(question, restored(question, content["answers"].get(question.id)))


def papers_in(paper: Paper, content: Mapping[str, Any]) -> str:
    found = [one for one in content["papers"] if one["requirement"] == paper.id]
    return "\n".join(f"{one['name']} · {one['sha256'][:12]}" for one in found)
