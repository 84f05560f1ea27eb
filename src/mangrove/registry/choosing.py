"""A field for an organisation: its name is typed, and the register, too long for a list, suggests as one types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove.ledger.refusals import Refusal
from mangrove.registry.labels import named
from mangrove.registry.models import Organisation
from mangrove.registry.names import candidates, find_organisation
from mangrove.ui.languages import listed


class OrganisationField(forms.CharField):
    """Takes a name of today, a credit code or a key; gives the :class:`Organisation` that stands for it, or ``None``."""

    def __init__(self, **told: Any) -> None:
        suggesting = forms.TextInput(attrs={"data-suggest": reverse_lazy("registry:suggested"), "autocomplete": "off"})  # fmt: skip
        super().__init__(
            max_length=200, widget=suggesting,
            help_text=gettext_lazy("输入名称的一部分，从提示中选；也可填统一社会信用代码。"), **told,
        )  # fmt: skip

    def prepare_value(self, value: Any) -> Any:
        """A form that was opened with somebody in it shows the name; what was typed stays as it was typed."""
        return named(value) if isinstance(value, Organisation) else value

    def clean(self, value: Any) -> Any:
        said = super().clean(value)
        return found(said) if said else None


def by_number(said: str) -> Organisation | None:
    """By key or credit code; of entries that were merged the one that stands."""
    one = (
        Organisation.objects.filter(pk=said).first()
        or Organisation.objects.filter(credit_code=said.upper()).first()
    )
    return one.standing if one else None


def found(said: str) -> Organisation:
    """Raises ``ValidationError`` where nobody, or more than one, is called so."""
    today = timezone.localdate()
    try:
        one = by_number(said) or find_organisation(said, today) or in_english(said)
    except Refusal as refusal:
        raise forms.ValidationError(str(refusal)) from refusal
    if one is None:
        raise forms.ValidationError(unknown(said, [near.text for near in candidates(said, today)]))
    return one


def in_english(said: str) -> Organisation | None:
    """By the name that an English page shows."""
    bearing = Organisation.objects.standing().filter(name_en=said)[:2]
    return bearing[0] if len(bearing) == 1 else None


def unknown(said: str, near: list[str]) -> str:
    words = _("机构名录里没有“%(said)s”。") % {"said": said}
    if near:
        return words + _("相近的有：%(named)s。") % {"named": listed(near)}
    return words + _("请核对名称，或先在机构名录中登记。")
