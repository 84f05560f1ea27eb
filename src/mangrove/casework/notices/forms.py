"""The forms of a notice: draw it up, correct a line, take a step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.forms import ActForm, VersionedForm
from mangrove.casework.notices.actions import Line
from mangrove.casework.notices.models import Notice
from mangrove.casework.notices.workflow import NOTICE
from mangrove.casework.rules import rules
from mangrove.casework.workflow import Step
from mangrove.registry.models import Organisation, OrganisationName, Unit, User
from mangrove.ui.filters import FilterForm

SEPARATORS = ("｜", "|", "\t")


class NoticeFilter(FilterForm):
    text = forms.CharField(label=_("标题或处室"))
    state = forms.ChoiceField(label=_("状态"))
    lookups = {"text": ("title__icontains", "case__unit__icontains"), "state": ("case__state",)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(state.id, state.label) for state in NOTICE.states]
        self.fields["state"].choices = [("", gettext("全部")), *states]  # type: ignore[attr-defined]


class PrepareForm(ActForm):
    refused_at = {
        **ActForm.refused_at,
        "casework.same_office": "objection_unit",
        "casework.empty_notice": "lines",
    }

    title = forms.CharField(label=_("公示标题"), max_length=200)
    body = forms.CharField(label=_("说明"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    lines = forms.CharField(
        label=_("公示内容"), widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("一行一项：单位全称｜公示结果。单位须在机构名录中，只有它可以对这一项提异议。"),
    )  # fmt: skip
    objection_unit = forms.ChoiceField(label=_("异议受理处室"), help_text=_("不能是业务处室。"))

    field_order = ["title", "body", "lines", "objection_unit", "on", "why"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(organisation__in=user.bodies).values_list("name", flat=True)
        usual = rules().grievance("objection").unit
        names = dict.fromkeys([usual, *units])
        self.fields["objection_unit"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]

    def clean_lines(self) -> list[Line]:
        said = [line for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        return [read_line(number, line) for number, line in enumerate(said, start=1)]


def read_line(number: int, text: str) -> Line:
    separator = next((one for one in SEPARATORS if one in text), "")
    name, _mark, result = (
        (part.strip() for part in text.partition(separator)) if separator else (text, "", "")
    )
    where = {"number": number, "name": name}
    if not name or not result:
        raise forms.ValidationError(gettext("第 %(number)s 行须写成：单位全称｜公示结果。") % where)
    organisation = Organisation.objects.standing().filter(name=name).first() or known_as(name)
    if organisation is None:
        raise forms.ValidationError(
            gettext("第 %(number)s 行的“%(name)s”不在机构名录中，请先登记或改正。") % where
        )
    return Line(organisation.ref, name, result, organisation, organisation.name_en)


def known_as(name: str) -> Organisation | None:
    found = OrganisationName.objects.filter(text=name).select_related("organisation__merged_into")
    bodies = {one.organisation.standing for one in found}
    return bodies.pop() if len(bodies) == 1 else None


class NoticeStepForm(VersionedForm):
    """A step without more of its own."""

    def __init__(self, *args: Any, notice: Notice, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, initial={"expected_version": notice.case.version}, **kwargs)
        self.fields["why"].required = step.needs_reason


class CorrectForm(NoticeStepForm):
    refused_at = {**VersionedForm.refused_at, "casework.same_result": "result"}

    number = forms.TypedChoiceField(label=_("更正哪一项"), coerce=int)
    result = forms.CharField(label=_("更正为"), max_length=300)

    field_order = ["number", "result", "on", "why", "expected_version"]

    def __init__(self, *args: Any, notice: Notice, **kwargs: Any) -> None:
        super().__init__(*args, notice=notice, **kwargs)
        choices = [
            (one.number, f"{one.number} {one.words_said} {one.result_said}") for one in items_of(notice)
        ]
        self.fields["number"].choices = choices  # type: ignore[attr-defined]


def items_of(notice: Notice) -> QuerySet[Any]:
    return notice.items.select_related("applicant").order_by("number")
