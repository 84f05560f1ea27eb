"""The forms of a claim: end a check, judge an input, take a step, narrow the list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.forms import ActForm, VersionedForm
from mangrove.casework.workflow import Step
from mangrove.policies.claims.models import Claim
from mangrove.policies.claims.workflow import CLAIM
from mangrove.policies.schemes.definition import schemes
from mangrove.rulebook.measures import Input
from mangrove.ui.filters import FilterForm

PASSED = [("1", _("通过")), ("0", _("不通过"))]


class ClaimFilter(FilterForm):
    text = forms.CharField(label=_("项目或企业"))
    scheme = forms.ChoiceField(label=_("扶持事项"))
    state = forms.ChoiceField(label=_("状态"))
    lookups = {
        "text": ("title__icontains", "organisation__name__icontains"), "scheme": ("scheme",), "state": ("case__state",),
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = [("", gettext("全部"))]
        titles = [(one.id, str(one.title)) for one in schemes().values()]
        self.fields["scheme"].choices = [*every, *titles]  # type: ignore[attr-defined]
        states = [(one.id, one.label) for one in CLAIM.states]
        self.fields["state"].choices = [*every, *states]  # type: ignore[attr-defined]


class CheckForm(ActForm):
    passed = forms.TypedChoiceField(
        label=_("结论"), choices=PASSED, coerce=lambda said: said == "1", widget=forms.RadioSelect
    )
    opinion = forms.CharField(label=_("说明"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    field_order = ["passed", "opinion", "on", "why"]
    refused_at = {**ActForm.refused_at, "registry.required": "opinion"}


class JudgeForm(ActForm):
    """One input of the measure; its range and who judges stand beside it."""

    said = forms.CharField(max_length=100)
    reason = forms.CharField(label=_("判断的理由"), widget=forms.Textarea(attrs={"rows": 3}))
    field_order = ["said", "reason", "on", "why"]
    refused_at = {**ActForm.refused_at, "policies.bad_value": "said", "policies.out_of_range": "said"}

    def __init__(self, *args: Any, asked: Input, field: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field.enum or field.type == "boolean":
            words = [one.zh for one in field.enum.words.values()] if field.enum else ["是", "否"]
            self.fields["said"] = forms.ChoiceField(choices=[(one, one) for one in words])
            self.order_fields(self.field_order)
        self.fields["said"].label = asked.name
        self.fields["said"].help_text = gettext("由%(who)s判断。") % {"who": asked.by}


class ClaimStepForm(VersionedForm):
    def __init__(self, *args: Any, claim: Claim, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, initial={"expected_version": claim.case.version}, **kwargs)
        self.fields["why"].required = step.needs_reason
        if step.act == "refuse":
            self.fields["why"].help_text = gettext("申报单位看得到，并会收到消息；不要写别的单位的情况。")
        self.refused_at = {**self.refused_at, "policies.upheld_in_silence": "why"}
