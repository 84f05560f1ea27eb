"""The forms of the audit: a list to be taken, and how the audit ended."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mangrove.casework.uploads import OneFile, UploadField
from mangrove.ui.forms import Dated


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
