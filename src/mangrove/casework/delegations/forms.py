"""The forms of a delegation: give one, revoke it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mangrove.casework.delegations.access import candidates, may_delegate
from mangrove.casework.delegations.acts import words
from mangrove.casework.forms import ActForm
from mangrove.registry.models import User
from mangrove.ui.filters import DateField
from mangrove.ui.forms import RowField


class DelegateField(RowField):
    def label_from_instance(self, person: Any) -> str:
        return " ".join(filter(None, [person.name, person.unit, person.rank]))


class GiveForm(ActForm):
    refused_at = {
        **ActForm.refused_at, "casework.not_ones_own": "acts", "casework.bad_delegate": "delegate",
        "casework.bad_span": "ends_on", "casework.too_far": "ends_on", "casework.delegated_too_long": "ends_on",
    }  # fmt: skip

    delegate = DelegateField(label=_("受托人"), queryset=User.objects.none())
    acts = forms.MultipleChoiceField(label=_("授权事项"), widget=forms.CheckboxSelectMultiple)
    starts_on = DateField(label=_("授权起日"))
    ends_on = DateField(label=_("授权止日"), help_text=_("到这一天为止，当天仍有效。"))

    field_order = ["delegate", "acts", "starts_on", "ends_on", "on", "why"]

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        acts = may_delegate(user)
        people = [one.pk for one in candidates(user, acts)]
        self.fields["delegate"].queryset = User.objects.filter(pk__in=people).order_by("name")  # type: ignore[attr-defined]
        self.fields["acts"].choices = [(act, words(act)) for act in acts]  # type: ignore[attr-defined]
        self.fields["why"].required = True


class RevokeForm(ActForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = True
