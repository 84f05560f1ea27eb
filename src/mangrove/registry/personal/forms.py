"""What is asked of who looks at personal data in full."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mangrove.registry.personal.rules import rules
from mangrove.ui.forms import Answering


class ShowForm(Answering):
    purpose = forms.ChoiceField(label=_("查看的目的"), widget=forms.RadioSelect)
    refused_at = {"registry.personal.purpose": "purpose"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [(one.id, one.said) for one in rules().purposes]  # type: ignore[attr-defined]
        self.fields["purpose"].help_text = rules().showing_cited
