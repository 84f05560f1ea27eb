"""Filters of the library; the form of an evaluation."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.forms import ActForm
from mangrove.policies.measures import library
from mangrove.policies.measures.drawing import kinds_of, plain_kinds
from mangrove.policies.measures.house_rules import house_rules
from mangrove.policies.measures.models import Conclusion, RuleText
from mangrove.policies.measures.tables import STANDINGS, WORDS
from mangrove.policies.measures.validity import validity
from mangrove.ui.filters import DateField, FilterForm


class MeasureFilter(FilterForm):
    """Of each measure one version: that which holds on the day asked for, else the last; of a standing, every version that has it."""

    text = forms.CharField(label=_("名称、文号或条文"), max_length=100)
    status = forms.ChoiceField(label=_("核对状态"))
    standing = forms.ChoiceField(label=_("效力"))
    kind = forms.ChoiceField(label=_("对象"))
    day = DateField(label=_("某日有效"), help_text=_("只列当日有效的一版。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", gettext("全部"))]
        measures = [library.measure_of(one) for one in library.measures()]
        choices = {
            "status": list(WORDS.items()),
            "standing": list(STANDINGS.items()),
            "kind": plain_kinds(measures),
        }
        for name, known in choices.items():
            self.fields[name].choices = [*every, *known]  # type: ignore[attr-defined]

    def found(self, today: date) -> list[RuleText]:
        chosen = self.chosen()
        day = chosen.get("day")
        rows = library.in_force(day) if day else candidates("standing" in chosen)
        return [one for one in rows if self.fits(one, chosen, day or today)]

    def fits(self, one: RuleText, chosen: dict[str, Any], day: date) -> bool:
        told = {
            "status": lambda: one.status,
            "standing": lambda: validity(one, day, house_rules()).standing,
        }
        if any(name in chosen and told[name]() != chosen[name] for name in told):
            return False
        if "kind" in chosen and chosen["kind"] not in kinds_of(library.measure_of(one)):
            return False
        return "text" not in chosen or says(one, chosen["text"])


def candidates(every: bool) -> list[RuleText]:
    """The last version of a measure may not have begun while the one before it still holds."""
    return list(library.every_version().order_by("name", "rule", "-number")) if every else library.measures()


def says(one: RuleText, words: str) -> bool:
    wanted = words.casefold()
    return any(wanted in text.casefold() for text in (one.name, one.rule, one.document_number, one.text))


class EvaluateForm(ActForm):
    refused_at = {**ActForm.refused_at, "policies.no_conclusion": "conclusion"}

    promised = forms.CharField(
        label=_("当初的目标"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("出台时说要达到什么：数字写明口径和出处。"),
    )  # fmt: skip
    measured = forms.CharField(
        label=_("实际的结果"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("量到了什么、没有量到什么；数字写明口径和出处。"),
    )  # fmt: skip
    conclusion = forms.ChoiceField(label=_("结论"), choices=[("", _("请选择")), *Conclusion.choices])

    field_order = ["promised", "measured", "conclusion", "on", "why"]
