"""The form of what the office system sends back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mangrove.casework.forms import REFUSED_FILES
from mangrove.casework.uploads import OneFile, UploadField
from mangrove.proposals.forms import NumberForm
from mangrove.ui.filters import DateField


class ComingBackForm(OneFile, NumberForm):
    """Number, date and stamped file. ``keep_reason`` answers for differences, once they have been told."""

    refused_at = REFUSED_FILES | {
        "registry.classified": "file",
        "registry.unreadable_file": "file",
        "proposals.unreadable_stamped": "file",
        "proposals.stamped_differs": "keep_reason",
        "proposals.number_used": "document_number",
        "proposals.bad_document_number": "document_number",
    }
    dated = DateField(label=_("成文日期"), help_text=_("盖章文件上印的日期。"))
    file = UploadField(label=_("盖章文件"), help_text=_("PDF 或 OFD；系统与签发的文本逐字核对。"))
    keep_reason = forms.CharField(
        label=_("有差异仍办的理由"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("文字相同的不用填。扫描件系统不能核对，请人工核对后写明。差异和理由记入账本。"),
    )  # fmt: skip

    field_order = ["document_number", "dated", "file", "keep_reason", "on", "why"]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        return said | {"name": said["file"].name} if said.get("file") else said
