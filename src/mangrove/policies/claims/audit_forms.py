"""The forms of the audit: a list to be taken, and how the audit ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mangrove.casework.uploads import OneFile, UploadField
from mangrove.policies.claims.expense_sheets import expense_entity
from mangrove.policies.claims.models import Expense
from mangrove.ui.forms import Dated
from mangrove.ui.languages import in_words
from mangrove.ui.numbers import yuan
from mangrove.vocabulary.values import parse_value


class BackEntry(Dated):
    """An act whose own reason has a field of its own; ``why`` is only for what is entered late."""

    why = forms.CharField(
        label=_("补录理由"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("业务日期早于今天的才写。"),
    )


class ExpensesForm(OneFile, Dated):
    """Without a file the list of the application is taken."""

    refused_at = {"registry.required": "why"}
    field_order = ("file", "on", "why")

    file = UploadField(
        label=_("更正的清单"), required=False,
        help_text=_("XLSX 或 CSV；不选文件，就读入申报所附的清单。上传更正的，须写明理由，原有各行全部换掉。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.csv"

    def content(self) -> tuple[bytes | None, str]:
        """The bytes and the name of the file; ``None`` where none was chosen."""
        file = self.cleaned_data["file"]
        if file is None:
            return None, ""
        file.seek(0)
        return file.read(), file.name


class AmountField(forms.CharField):
    """An amount as the vocabulary reads it: yuan, or with a unit of its own. Empty is not known."""

    def clean(self, value: Any) -> int | None:
        try:
            found = parse_value(expense_entity().fields["audited"], super().clean(value))
        except ValueError as error:
            raise forms.ValidationError(in_words(str(error))) from error
        if isinstance(found, int) and found < 0:
            raise forms.ValidationError(_("金额不能小于零。"))
        return found if isinstance(found, int) else None


class AmountsForm(Dated):
    """The audited amount of each line, saved all at once against the list that was seen."""

    refused_at = {"registry.required": "why"}
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, lines: Sequence[Expense], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.fields["why"].help_text = _("必写：按哪一份审计材料填写。")
        for one in lines:
            told = {"n": one.number, "what": one.content}
            self.fields[f"audited_{one.number}"] = AmountField(
                label=_("第 %(n)s 行 %(what)s") % told, required=False, max_length=30,
                initial="" if one.audited is None else yuan(one.audited), widget=forms.TextInput(attrs={"inputmode": "decimal"}),
                help_text=_("申报 %(amount)s 元；单位：元，不填为缺数据") % {"amount": yuan(one.declared)},
            )  # fmt: skip
        self.order_fields([*(f"audited_{one.number}" for one in lines), "why", "on"])

    def amounts(self) -> dict[int, int | None]:
        return {one.number: self.cleaned_data[f"audited_{one.number}"] for one in self.lines}


class ConcludeForm(BackEntry):
    refused_at = {"registry.required": "opinion"}
    field_order = ("passed", "report", "opinion", "on", "why")

    passed = forms.TypedChoiceField(
        label=_("结论"), choices=[("yes", _("通过，按逐行认定的金额")), ("no", _("不通过"))], coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )  # fmt: skip
    report = forms.CharField(
        label=_("审计报告"),
        required=False,
        max_length=200,
        help_text=_("会计师事务所出具报告的，写名称和文号。"),
    )
    opinion = forms.CharField(
        label=_("审计意见"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("不通过的，须写明理由。"),
    )
