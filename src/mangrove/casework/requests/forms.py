"""The forms of a verification request: ask, answer by hand or by file, give back, withdraw."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.forms import ActForm, VersionedForm
from mangrove.casework.requests.admission import Asked
from mangrove.casework.requests.answering import read_answers
from mangrove.casework.requests.models import Verification, VerificationItem
from mangrove.casework.requests.workflow import VERIFICATION
from mangrove.casework.rules import rules
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import Organisation
from mangrove.ui.filters import DateField, FilterForm
from mangrove.ui.forms import RowField

TELLING = _("会记入账本，到期也不撤下；不能写出所核验的对象。")


class VerificationFilter(FilterForm):
    text = forms.CharField(label=_("目的或被请求单位"))
    state = forms.ChoiceField(label=_("状态"))
    lookups = {"text": ("purpose__icontains", "case__title__icontains"), "state": ("case__state",)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [(state.id, state.label) for state in VERIFICATION.states]
        self.fields["state"].choices = [("", gettext("全部")), *states]  # type: ignore[attr-defined]


class AskForm(ActForm):
    refused_at = {
        **ActForm.refused_at, "casework.no_purpose": "purpose", "casework.asks_itself": "department",
        "casework.bad_items": "values", "casework.keep_until": "keep_until", "casework.telling": "purpose",
    }  # fmt: skip

    department = RowField(label=_("被请求单位"), queryset=Organisation.objects.none())
    unit = forms.CharField(
        label=_("被请求处室"), required=False, max_length=100, help_text=_("不填则由该单位经办人答复。")
    )
    purpose = forms.CharField(label=_("目的"), max_length=300)
    basis = forms.CharField(label=_("法律依据"), max_length=300)
    question = forms.CharField(
        label=_("核验什么"), max_length=300, help_text=_("能用命中或未命中回答，例如 有无未结清的欠税。")
    )
    kind = forms.ChoiceField(label=_("对象类别"), choices=VerificationItem.KINDS)
    values = forms.CharField(
        label=_("核验对象"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("一行一个；只有本处室和被请求单位看得到。"),
    )
    keep_until = DateField(label=_("保存至"))

    field_order = [
        "department",
        "unit",
        "purpose",
        "basis",
        "question",
        "kind",
        "values",
        "keep_until",
        "on",
        "why",
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = Organisation.objects.standing().exclude(kind="firm").order_by("name")
        self.fields["department"].queryset = offices  # type: ignore[attr-defined]
        most = {"months": rules().months_kept, "source": rules().retention_cited}
        self.fields["keep_until"].help_text = (
            gettext("到期次日清除对象和答复，账本正文撤下；最长 %(months)s 个月。%(source)s") % most
        )
        self.fields["why"].help_text = TELLING

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        lines = [line for line in said.pop("values", "").splitlines() if line.strip()]
        kind, said["items"] = said.pop("kind", "other"), []
        for number, line in enumerate(lines, start=1):
            try:
                said["items"].append(Asked.read(kind, line))
            except Refusal as refusal:
                where = gettext("第 %(number)s 行") % {"number": number}
                self.add_error("values", f"{where} {refusal.what}")
        return said


class AnswerForm(VersionedForm):
    """One choice an item, and a remark; or a file, which then counts."""

    refused_at = {
        **VersionedForm.refused_at,
        "casework.telling": "why",
        "casework.bad_answers": "file",
        "casework.bad_answer_file": "file",
    }

    file = forms.FileField(
        label=_("按清单填好的文件"),
        required=False,
        help_text=_("下载核验清单，填“结果”一列后上传；有文件时以文件为准。"),
    )

    def __init__(self, *args: Any, verification: Verification, **kwargs: Any) -> None:
        super().__init__(*args, initial={"expected_version": verification.case.version}, **kwargs)
        self.items = list(verification.items.order_by("number"))
        own: dict[str, forms.Field] = {}
        for item in self.items:
            own[f"answer_{item.number}"] = forms.ChoiceField(
                label=f"{item.number} {item.value}",
                required=False,
                choices=[("", gettext("未答复")), *VerificationItem.ANSWERS],
            )
        self.fields = {**own, **self.fields}
        self.fields["why"].help_text = TELLING

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        by_hand = {item.number: (said.pop(f"answer_{item.number}", ""), "") for item in self.items}
        file = said.pop("file", None)
        said["answers"] = by_hand
        if file is not None:
            try:
                said["answers"] = read_answers(file.read())
            except Refusal as refusal:
                self.add_error("file", str(refusal))
        return said


class BackForm(VersionedForm):
    """Giving back, or withdrawing: with a reason."""

    refused_at = {**VersionedForm.refused_at, "casework.telling": "why"}

    def __init__(self, *args: Any, verification: Verification, **kwargs: Any) -> None:
        super().__init__(*args, initial={"expected_version": verification.case.version}, **kwargs)
        self.fields["why"].required = True
        self.fields["why"].help_text = TELLING
