"""What is asked of who proposes a merge, decides on it, or undoes it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mangrove.registry.labels import named
from mangrove.registry.models import Organisation
from mangrove.ui.forms import Answering


class ProposeForm(Answering):
    kept = forms.ChoiceField(
        label=_("保留哪一家"), widget=forms.RadioSelect,
        help_text=_("保留的一家今后为两家作答；有统一社会信用代码的应当保留。"),
    )  # fmt: skip
    why = forms.CharField(
        label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("凭什么认定是同一家，例如对照了营业执照。"),
    )  # fmt: skip
    refused_at = {"registry.merge.keep_code": "kept"}

    def __init__(self, *args: Any, pair: tuple[Organisation, Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.pk, f"{named(one)} · {one.pk}") for one in pair]
        self.fields["kept"].choices = choices  # type: ignore[attr-defined]


class DecideForm(Answering):
    why = forms.CharField(
        label=_("意见"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("认定不是同一家的，须写明理由。"),
    )  # fmt: skip


class UndoForm(Answering):
    why = forms.CharField(label=_("撤销理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
