"""The filter bar of the organisations list, and what is asked of who takes a file in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove import vocabulary
from mangrove.registry.labels import label, said
from mangrove.registry.models import District
from mangrove.ui.filters import FilterForm
from mangrove.ui.forms import Dated

FIELDS = vocabulary.entity("organisation")


class OrganisationFilter(FilterForm):
    """``text`` searches every name there ever was; see ``names.search``."""

    text = forms.CharField(label=gettext_lazy("名称或代码"))
    kind = forms.ChoiceField(label=label(FIELDS.field("kind")))
    scope = forms.ChoiceField(label=label(FIELDS.field("scope")))
    district = forms.ModelChoiceField(
        District.objects.all(), label=label(FIELDS.relation("district")), empty_label=gettext_lazy("全部")
    )
    check_status = forms.ChoiceField(label=label(FIELDS.field("check_status")))
    lookups = {name: (name,) for name in ("kind", "scope", "district", "check_status")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("kind", "scope", "check_status"):
            enum = FIELDS.field(name).enum
            words = enum.words.values() if enum else ()
            self.fields[name].choices = [("", _("全部")), *((word.id, said(word)) for word in words)]  # type: ignore[attr-defined]


class ImportForm(Dated):
    """A file of organisations. What is in it is judged when it is read; here is only that there is one."""

    file = forms.FileField(
        label=gettext_lazy("文件"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy("Excel 工作簿（.xlsx）或 CSV；上传后先核对，给您看过再导入。"),
    )  # fmt: skip
    source = forms.CharField(label=gettext_lazy("来源"), max_length=200)
    field_order = ("file", "source", "on", "why")

    def __init__(self, *args: Any, example: Any = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = _("文件从哪里来，例如“%(example)s，2026年11月”。行里另有来源的，以行为准。")
        self.fields["source"].help_text = told % {"example": example or _("来文单位和表名")}
