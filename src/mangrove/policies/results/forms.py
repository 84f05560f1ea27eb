"""The form by which a year's results are published."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mangrove.casework.forms import ActForm
from mangrove.policies.results.gathering import years


class PublishForm(ActForm):
    year = forms.TypedChoiceField(label=_("预算年度"), coerce=int)
    field_order = ["year", "on", "why"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(one, str(one)) for one in years()]  # type: ignore[attr-defined]
