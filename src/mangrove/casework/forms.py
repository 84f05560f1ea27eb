"""The forms of promises and of the holiday table. A refusal is shown at the field it is about."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.models import CalendarDay, Promise, PromiseEvidence
from mangrove.casework.promise_counts import LACKS, overdue
from mangrove.casework.promise_workflow import PROMISES, WITHDRAWN, deputy_told
from mangrove.casework.uploads import OneFile, UploadField, upload_help
from mangrove.casework.workflow import Step
from mangrove.ui.filters import DateField, FilterForm
from mangrove.ui.forms import Dated
from mangrove.ui.languages import as_data, beside
from mangrove.ui.lines import LINES, line_label

SETTLED = ("owner_unit", "due_on", "measure", "line")

#: Where a refusal is shown, by its code, on every form that has the field.
REFUSED_AT = {
    "ledger.future_date": "on",
    "ledger.back_entry_needs_reason": "why",
    "casework.needs_reason": "why",
    "casework.out_of_order": "on",
    "casework.due_before_promise": "due_on",
    "casework.too_far": "due_on",
    "casework.unknown_line": "line",
    "casework.no_evidence": "evidence",
    "casework.deputy_not_told": "notice",
    "casework.bad_evidence": "what",
}
#: The same for what is wrong with a file.
REFUSED_FILES = dict.fromkeys(
    (
        f"casework.{code}"
        for code in (
            "too_large", "empty_file", "false_extension", "refused_kind", "unknown_kind", "broken_file", "zip_bomb",
            "encrypted", "macros", "no_name",
        )
    ),
    "file",
)  # fmt: skip


class PromiseFilter(FilterForm):
    text = forms.CharField(label=_("编号、承诺或出处"))
    line = forms.ChoiceField(label=_("工作条线"))
    state = forms.ChoiceField(label=_("状态"))
    lacking = forms.ChoiceField(label=_("缺什么"))
    overdue = forms.ChoiceField(label=_("期限"), choices=[("", _("全部")), ("1", _("只看超期"))])

    lookups = {
        "text": (
            "number__icontains", "text__icontains", "owner_unit__icontains", "measure__icontains",
            "case__parent__title__icontains",
        ),
        "line": ("line",),
        "state": ("case__state",),
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", gettext("全部"))]
        choices = {
            "line": [(line.id, line.label) for line in LINES],
            "state": [(state.id, state.label) for state in PROMISES.states],
            "lacking": [(key, words) for key, (_condition, words) in LACKS.items()],
        }
        for name, known in choices.items():
            self.fields[name].choices = [*every, *known]  # type: ignore[attr-defined]

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        chosen, rows = self.chosen(), super().narrow(rows)
        if key := chosen.get("lacking"):
            rows = rows.filter(LACKS[key][0])
        if chosen.get("state") != WITHDRAWN:  # promised to nobody; shown to who asks for it
            rows = rows.exclude(case__state=WITHDRAWN)
        return rows.filter(overdue()) if chosen.get("overdue") else rows


class ActForm(Dated):
    """An act of a page of casework."""

    refused_at = REFUSED_AT | REFUSED_FILES


class VersionedForm(ActForm):
    """An act on something that another officer may change meanwhile: ``expected_version`` is what this page showed."""

    expected_version = forms.IntegerField(widget=forms.HiddenInput)


class SettleForm(VersionedForm):
    """Owner, date, measure and line of work as they stand; only what is changed here is set."""

    owner_unit = forms.CharField(
        label=_("责任单位"), required=False, max_length=200, show_hidden_initial=True,
        help_text=_("写到处室，例如 应用处；由其他单位负责的写单位全称。"),
    )  # fmt: skip
    due_on = DateField(
        label=_("期限"), required=False, show_hidden_initial=True, help_text=_("到这一天应当兑现。")
    )
    measure = forms.CharField(
        label=_("衡量办法"), required=False, show_hidden_initial=True,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("凭什么说已经兑现，例如 政策印发并公布。"),
    )  # fmt: skip

    line = forms.ChoiceField(
        label=_("工作条线"), required=False, show_hidden_initial=True,
        help_text=_("总览和台账按条线归集；未归条线的不计入任何一条。"),
    )  # fmt: skip

    field_order = ["owner_unit", "due_on", "measure", "line", "on", "why", "expected_version"]

    def __init__(self, *args: Any, promise: Promise, **kwargs: Any) -> None:
        kwargs["initial"] = settled(promise) | {"expected_version": promise.case.version}
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = line_choices(promise.line)  # type: ignore[attr-defined]
        self.fields["why"].help_text = _("更改已定的内容须写明理由，例如 经局长办公会同意。")

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data.get("due_on")
        if day is None and "due_on" in self.changed_data:
            raise forms.ValidationError(gettext("已定的期限可以改，不能清空。"))
        return day

    def clean_line(self) -> str:
        line: str = self.cleaned_data["line"]
        if not line and "line" in self.changed_data:
            raise forms.ValidationError(gettext("已定的工作条线可以改，不能清空。"))
        return line

    def given(self) -> dict[str, Any]:
        """What was changed on this page, as :func:`settle_promise` takes it."""
        return {name: self.cleaned_data[name] for name in SETTLED if name in self.changed_data}


def line_choices(present: str) -> list[tuple[str, Any]]:
    """The eight lines; before them that of a promise that a city's file gave another, or 未归条线 while it has none."""
    known = [(line.id, line.label) for line in LINES]
    return (
        known if present in dict(known) else [(present, line_label(present) or gettext("未归条线")), *known]
    )


def settled(promise: Promise) -> dict[str, Any]:
    return {name: getattr(promise, name) for name in SETTLED}


class EvidenceForm(OneFile, VersionedForm):
    what = forms.CharField(
        label=_("证明什么"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("一句话，例如 若干措施已印发。"),
    )
    source = forms.CharField(
        label=_("出处"), max_length=300, help_text=_("文号、网址、指标或会议纪要，让别人找得到。")
    )
    dated = DateField(label=_("证据日期"), help_text=_("文件或事实本身的日期。"))
    file = UploadField(label=_("文件"), required=False)

    field_order = ["what", "source", "dated", "file", "on", "why", "expected_version"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = upload_help()
        self.fields["why"].label = _("说明")

    def clean_dated(self) -> date:
        day: date = self.cleaned_data["dated"]
        if day > timezone.localdate():
            raise forms.ValidationError(gettext("证据日期不能在今天之后。"))
        return day


class EvidenceChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, shown: Any) -> Any:
        return as_data(f"{shown.dated} {beside(shown.what, shown.source)}")


class PromiseStepForm(VersionedForm):
    """A step of the workflow: on which evidence, and where the deputy must be told, by which notice."""

    evidence = EvidenceChoice(
        label=_("凭哪些证据"), queryset=PromiseEvidence.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("状态凭证据改变；至少选一件，日期不晚于业务日期。"),
    )  # fmt: skip
    notice = forms.CharField(
        label=_("告知函"), required=False, max_length=200, help_text=_("书面告知代表的文号和日期。")
    )

    field_order = ["evidence", "notice", "on", "why", "expected_version"]

    def __init__(self, *args: Any, promise: Promise, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, initial={"expected_version": promise.case.version}, **kwargs)
        self.fields["evidence"].queryset = promise.evidence.all()  # type: ignore[attr-defined]
        self.fields["why"].required = step.needs_reason
        if step.guard is not deputy_told:
            del self.fields["notice"]


class YearFilter(FilterForm):
    year = forms.TypedChoiceField(label=_("年份"), coerce=int, empty_value=None)
    status = forms.ChoiceField(
        label=_("核对"), choices=[("", _("全部")), ("已核", _("已核")), ("待核", _("待核"))]
    )

    lookups = {"year": ("date__year",), "status": ("status",)}

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [("", gettext("全部")), *((year, year) for year in years)]  # type: ignore[attr-defined]


class DayForm(ActForm):
    date = DateField(label=_("日期"))
    kind = forms.ChoiceField(
        label=_("性质"),
        choices=CalendarDay.KINDS,
        help_text=_("休：放假，不计入工作日；班：周末调休上班，计入。"),
    )
    name = forms.CharField(label=_("所属假日"), max_length=60)
    source = forms.CharField(label=_("依据"), max_length=200, help_text=_("放假安排通知的文号。"))

    field_order = ["date", "kind", "name", "source", "on", "why"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = True
