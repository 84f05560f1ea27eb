"""What pages of intake ask besides the questions of a form: a window, an extension, a check, a reason; and the filters of lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove import vocabulary
from mangrove.casework.uploads import CHOOSE_AGAIN, UploadField
from mangrove.intake.checking import FAULTS, Finding
from mangrove.intake.decisions import Answered
from mangrove.intake.models import FormVersion, Opening
from mangrove.intake.workflow import APPLICATION
from mangrove.registry.labels import said
from mangrove.ui.filters import FilterForm
from mangrove.ui.forms import Answering, CodeField, Dated, RowField

OUTCOMES = [
    ("accept", gettext_lazy("通过")),
    ("return", gettext_lazy("退回补正")),
    ("refuse", gettext_lazy("不予受理")),
]


class MomentField(forms.DateTimeField):
    """A moment in Shanghai to the second, with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": "1"}
        )
        formats = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M"]
        super().__init__(widget=widget, input_formats=formats, **kwargs)


class OpeningForm(Dated):
    """A window for a published form."""

    id = CodeField(label=gettext_lazy("窗口编号"), max_length=40, help_text=gettext_lazy("英文字母、数字与短横，回执号以它开头，例如 bm-2026"))  # fmt: skip
    form_version = RowField(FormVersion.objects.all(), label=gettext_lazy("表单"))
    title = forms.CharField(label=gettext_lazy("标题"), max_length=120)
    title_en = forms.CharField(label=gettext_lazy("英文标题"), max_length=200)
    opens_at = MomentField(label=gettext_lazy("开始时间"))
    closes_at = MomentField(label=gettext_lazy("截止时间"), help_text=gettext_lazy("到这一秒为止；当日 24 时请填次日 0 时 0 分 0 秒。"))  # fmt: skip
    grace_seconds = forms.IntegerField(label=gettext_lazy("宽限"), min_value=0, max_value=86400, initial=0, help_text=gettext_lazy("秒；宽限内收到的照收，回执注明。"))  # fmt: skip
    each_most = forms.IntegerField(label=gettext_lazy("每单位最多申报"), min_value=1, max_value=50, initial=1)
    eligible = forms.CharField(label=gettext_lazy("谁可以申报"), max_length=300, required=False, help_text=gettext_lazy("关于机构的条件，用规则语言写；不填则不限。"))  # fmt: skip
    refused_at = {
        "intake.opening_taken": "id", "intake.bad_times": "closes_at", "intake.bad_condition": "eligible",
    }  # fmt: skip


class PublishForm(Dated):
    """What is published is what was looked at: ``seen`` is the SHA-256 of its text."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ExtendForm(Dated):
    closes_at = MomentField(label=gettext_lazy("新的截止时间"))
    refused_at = {"intake.not_later": "closes_at", "intake.needs_reason": "why"}
    field_order = ("closes_at", "on", "why")


class StepForm(Dated):
    """A step with a reason, against the version that was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    refused_at = {"casework.needs_reason": "why", "casework.out_of_order": "on"}


class PaperForm(Answering):
    """One file. The bytes are judged by the check; here is only that there is one."""

    file = UploadField(label=gettext_lazy("文件"), help_text=CHOOSE_AGAIN)


class CheckForm(StepForm):
    """The checklist: for each question and paper that was asked, what is wrong with it, and a conclusion."""

    outcome = forms.ChoiceField(label=gettext_lazy("结论"), choices=OUTCOMES, widget=forms.RadioSelect)
    refused_at = {
        **StepForm.refused_at, "intake.nothing_named": "outcome", "intake.faults_left": "outcome",
        "intake.returned_before": "outcome", "intake.paper_not_clean": "outcome",
    }  # fmt: skip

    def __init__(self, read: Answered, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].help_text = _("不写的，以各项的说明为理由；通过的可以不写。")
        faults = [(word.id, said(word)) for word in vocabulary.enum(FAULTS).words.values()]
        self.items = read.items
        for item in self.items:
            self.fields[f"fault_{item.id}"] = forms.ChoiceField(label=_("问题"), choices=[("", _("无问题")), *faults], required=False, widget=forms.Select(attrs={"aria-label": _("%(label)s的问题") % {"label": item.label}}))  # fmt: skip
            self.fields[f"note_{item.id}"] = forms.CharField(label=_("说明"), max_length=300, required=False, widget=forms.TextInput(attrs={"aria-label": _("%(label)s的说明") % {"label": item.label}}))  # fmt: skip

    def findings(self) -> list[Finding]:
        return list(self.found())

    def found(self) -> Iterator[Finding]:
        for item in self.items:
            if fault := self.cleaned_data.get(f"fault_{item.id}"):
                yield Finding(item.id, fault, self.cleaned_data.get(f"note_{item.id}", ""))


class SubmissionFilter(FilterForm):
    text = forms.CharField(label=gettext_lazy("编号或单位"))
    opening = forms.ModelChoiceField(
        Opening.objects.all(), label=gettext_lazy("所属窗口"), empty_label=gettext_lazy("全部")
    )
    state = forms.ChoiceField(label=gettext_lazy("状态"))
    owner = forms.CharField(label=gettext_lazy("审查人"))
    lookups = {
        "text": ("submissions__number__icontains", "organisation__name__icontains"), "opening": ("opening",),
        "state": ("case__state",), "owner": ("case__owner__name__icontains",),
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(state.id, state.label) for state in APPLICATION.states]
        self.fields["state"].choices = [("", _("全部")), *states]  # type: ignore[attr-defined]
