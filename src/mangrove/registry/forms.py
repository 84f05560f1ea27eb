"""The filter bar of the organisations list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove import vocabulary
from mangrove.registry.labels import label, said
from mangrove.registry.models import District
from mangrove.ui.filters import FilterForm

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
