"""The filter bar of a list: a plain Django form that narrows a queryset and can say itself in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar, TypeVar

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from mangrove.ui.languages import listed, strung

Row = TypeVar("Row", bound=Model)


class FilterForm(forms.Form):
    """``lookups`` says for each field which model lookups it narrows by; several are joined by *or*.

    >>> class Events(FilterForm):
    ...     who = forms.CharField(label=_("何人"), required=False)
    ...     lookups = {"who": ("actor__icontains", "actor_name__icontains")}
    """

    lookups: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = False

    def chosen(self) -> dict[str, Any]:
        """What the user narrowed by; a field with an error narrows nothing and says so beside itself."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", [])}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.chosen())

    def narrow(self, rows: QuerySet[Row]) -> QuerySet[Row]:
        for name, value in self.chosen().items():
            if lookups := self.lookups_of(name, value):
                rows = rows.filter(any_of(lookups, value))
        return rows

    def lookups_of(self, name: str, value: Any) -> tuple[str, ...]:
        """Where this choice is looked for; a form may decide by the value."""
        return self.lookups.get(name, ())

    def words(self) -> str:
        """``状态：办理中；起始日期：2021-01-01`` — for the head of an export."""
        return strung(
            _("%(label)s：%(said)s") % {"label": self.fields[name].label, "said": self.said(name, value)}
            for name, value in self.chosen().items()
        )

    def said(self, name: str, value: Any) -> str:
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, bool):
            return _("是") if value else _("否")
        labels = dict(getattr(self.fields[name], "choices", None) or {})
        chosen = value if isinstance(value, list) else [value]
        return listed(str(labels.get(item, item)) for item in chosen)


class DateField(forms.DateField):
    """A date with the browser's own picker; ISO on the wire in every language."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%d"], **kwargs)


def any_of(lookups: tuple[str, ...], value: Any) -> Q:
    joined = Q()
    for lookup in lookups:
        joined |= Q(**{lookup: value})
    return joined
