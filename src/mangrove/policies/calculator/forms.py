"""Questions as a form that is sent by its address: what is asked on this page, and hidden what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove import vocabulary
from mangrove.policies.calculator.answers import (
    LONGEST,
    MOST_TOPICS,
    TOPIC,
    UNKNOWN,
    field_of,
    name_of,
    read_one,
)
from mangrove.policies.calculator.asking import Question
from mangrove.policies.calculator.situation import Ask
from mangrove.policies.calculator.topics import Topic
from mangrove.registry.labels import is_year, said
from mangrove.ui.forms import Answering
from mangrove.ui.languages import in_chinese

#: From how many words on a list is folded into a menu.
FOLDED = 8


class TopicForm(Answering):
    """What one is interested in, by kind of thing."""

    topic = forms.MultipleChoiceField(
        label=gettext_lazy("关心哪些方向"), widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("可以选几个；只问与所选有关的。")
    )  # fmt: skip

    def __init__(self, choices: Sequence[Topic], by: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed: dict[str, list[tuple[str, str]]] = {}
        for one in choices:
            group = said(vocabulary.entity(one.entity)) if one.word else ""
            listed.setdefault(group, []).append((one.id, one.label(by)))
        alone = listed.pop("", [])
        self.fields[TOPIC].choices = [*listed.items(), *([(_("其他"), alone)] if alone else [])]  # type: ignore[attr-defined]

    def clean_topic(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["topic"]
        if len(chosen) > MOST_TOPICS:
            raise forms.ValidationError(_("一次最多选 %(n)s 个方向。") % {"n": MOST_TOPICS})
        return chosen


class QuestionForm(Answering):
    """The questions of one page; those in ``sent`` were on the page before, and what cannot be read is said at them."""

    use_required_attribute = False

    def __init__(self, asked: Sequence[Question], most_rows: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in asked:
            self.fields[name_of(one.ask)] = question_field(one.ask, most_rows)


def question_field(ask: Ask, most_rows: int) -> forms.Field:
    field = field_of(ask)
    assert field is not None
    if ask.counts:
        return number_field(ask, most_rows)
    label = said(field)
    if field.type == "boolean":
        return chosen(label, [("Y", _("是")), ("N", _("否"))])
    if field.enum is not None:
        return chosen(label, [(word.id, said(word)) for word in field.enum.words.values()])
    return ValueField(ask, label=label, required=False, max_length=LONGEST, help_text=help_of(ask))


def chosen(label: str, words: list[tuple[str, str]]) -> forms.Field:
    """One of the words, or that one does not know; many are folded into a menu."""
    words = [*words, (UNKNOWN, _("不知道"))]
    if len(words) <= FOLDED:
        return forms.ChoiceField(label=label, choices=words, widget=forms.RadioSelect)
    return forms.ChoiceField(label=label, choices=[("", _("请选择")), *words])


def number_field(ask: Ask, most_rows: int) -> forms.Field:
    entity = vocabulary.entity(ask.entity)
    return forms.IntegerField(
        label=_("本单位的%(things)s有多少") % {"things": said(entity)}, min_value=0, max_value=most_rows,
        required=False, help_text=_("没有的写 0；有的，接着按情况相同的一批来答；不知道的留空。"),
    )  # fmt: skip


class ValueField(forms.CharField):
    """A number or a day as people write it, read by the vocabulary."""

    def __init__(self, ask: Ask, **kwargs: Any) -> None:
        self.ask = ask
        field = field_of(ask)
        kind = "date" if field is not None and field.type == "date" else "text"
        super().__init__(widget=forms.TextInput(attrs={"type": kind, "autocomplete": "off"}), **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            read_one(self.ask, text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return text


def help_of(ask: Ask) -> str:
    """The unit of a bare number; a year and a share say theirs by themselves. An empty answer is one too."""
    field = field_of(ask)
    unit = field.unit if field is not None else None
    notes = [_("不知道的留空")]
    if field is not None and unit is not None and not is_year(field):
        convertible = (
            _("单位：%(unit)s，也可在数后写别的单位") if field.type == "money" else _("单位：%(unit)s")
        )
        notes.insert(0, convertible % {"unit": unit.zh if in_chinese() else unit.en})
    return " · ".join(notes)
