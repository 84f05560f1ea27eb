"""The Django form of one section, made from its definition: fields for what is asked, facts for what is known already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from mangrove.intake.decisions import Answered, parsed, shown_value
from mangrove.intake.definition import Question, Section
from mangrove.intake.row_fields import RowsWidget
from mangrove.registry.labels import enum_word, said
from mangrove.ui.components import Fact
from mangrove.ui.filters import DateField
from mangrove.ui.forms import Answering
from mangrove.ui.languages import in_chinese
from mangrove.vocabulary.model import Value

#: From how many characters on a text has more than one line.
LONG = 200


class SectionForm(Answering):
    """What a section asks now. Nothing is refused for being empty: it is a draft; what cannot be read is said at its field."""

    def __init__(
        self, section: Section, read: Answered, *args: Any, only: list[str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.section = section
        asked = {one.id for one in read.questions}
        for question in section.questions:
            if (
                question.id in asked
                and question.id not in read.known
                and (only is None or question.id in only)
            ):
                self.fields[question.id] = field_of(question)
        kept = {one.id: choice_of(one, self.initial.get(one.id, "")) for one in section.questions}
        self.initial = {**self.initial, **kept}

    @property
    def asked(self) -> list[str]:
        return list(self.fields)


def field_of(question: Question) -> forms.Field:
    about: dict[str, Any] = {"label": str(question.label), "required": False, "help_text": help_of(question)}
    if question.rows is not None:
        return forms.CharField(strip=False, widget=RowsWidget(question.rows), **about)
    kind = question.field.type
    if kind == "enum" and question.field.enum:
        words = [(word.id, said(word)) for word in question.field.enum.words.values()]
        return forms.ChoiceField(choices=[("", _("请选择")), *words], **about)
    if kind == "boolean":
        return forms.ChoiceField(choices=[("", _("请选择")), ("是", _("是")), ("否", _("否"))], **about)
    if kind == "date":
        return DateField(**about)
    return forms.CharField(strip=False, widget=widget_of(question), **about)


def choice_of(question: Question, text: str) -> str:
    """The choice that a stored text stands for: drafts hold words as well as ids, and a select keeps only what it offers."""
    if question.field.type not in ("enum", "boolean"):
        return text
    try:
        value = parsed(question, text)
    except ValueError:
        return text
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value or "")


def widget_of(question: Question) -> forms.Widget:
    if question.field.type != "text":
        return forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"})
    if question.most > LONG:
        return forms.Textarea(attrs={"rows": 6})
    return forms.TextInput()


def help_of(question: Question) -> str:
    """What the form says, the unit that a bare number is in, how long it may be, and whether it must be there."""
    notes = [_("必填") if question.required else _("选填"), str(question.note)]
    unit = question.field.unit
    if unit is not None:
        word = unit.zh if in_chinese() else unit.en
        convertible = (
            _("单位：%(unit)s，也可在数后写别的单位")
            if question.field.type == "money"
            else _("单位：%(unit)s")
        )
        notes.append(convertible % {"unit": word})
    if question.rows is not None:
        notes.append(_("最多 %(n)s 行；空行用完了，按“保存”再出空行") % {"n": question.rows.most})
    elif question.field.type == "text" and question.most > LONG:
        notes.append(_("最多 %(n)s 字") % {"n": question.most})
    return " · ".join(note for note in notes if note)


def known_facts(section: Section, read: Answered, values: Mapping[str, Value | None]) -> list[Fact]:
    """What the house knows, shown and not asked."""
    return [
        Fact(str(one.label), shown_value(one, values.get(one.id)), source_note(one))
        for one in section.questions
        if one.id in read.known
    ]


def source_note(question: Question) -> str:
    return _("来自机构名录，无须填写") if question.of == "organisation" else _("本系统已有，无须填写")


def faults(section: Section, typed: Mapping[str, str]) -> dict[str, str]:
    """What cannot be read, by question; empty answers are no fault of a draft."""
    found = {}
    for question in section.questions:
        try:
            parsed(question, typed.get(question.id, ""))
        except ValueError as error:
            found[question.id] = str(error)
    return found


def fault_word(id: str) -> str:
    return enum_word("formal_fault", id)
