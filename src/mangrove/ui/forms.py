"""Fields under headings, for ``ui/form.html``; and what every form of an act asks: the business date and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.ledger.refusals import Refusal
from mangrove.ui.filters import DateField
from mangrove.ui.languages import in_chinese


@dataclass(frozen=True)
class Group:
    """One card of a form."""

    label: Any
    fields: Sequence[BoundField]


def grouped(form: forms.BaseForm, plan: Sequence[tuple[Any, Sequence[str]]]) -> list[Group]:
    """``form`` in groups as ``plan`` names them; a visible field that no group names raises ``ValueError``."""
    named = {name for _label, names in plan for name in names}
    left_out = [bound.name for bound in form.visible_fields() if bound.name not in named]
    if left_out:
        raise ValueError(f"fields in no group: {', '.join(left_out)}")
    return [Group(label, [form[name] for name in names]) for label, names in plan]


class RowField(forms.ModelChoiceField):
    """A row of the database under a text key; what no key can hold is no row, whichever database is asked."""

    def to_python(self, value: Any) -> Any:
        return super().to_python("?" if "\0" in str(value) else value)


class CodeField(forms.SlugField):
    """A code that stands in addresses and numbers; what else was typed is told what may stand in it."""

    default_error_messages = {
        "invalid": _("只能用英文字母、数字、下划线和短横（-），不能有空格和汉字，例如 bm-2026。")
    }


#: Fields that one fills by choosing; every other is written.
CHOSEN = (forms.ChoiceField, forms.ModelChoiceField, forms.FileField, forms.BooleanField)


def asked_for(field: forms.Field, label: str) -> str:
    """What is said at a field that must not be empty: 请填写编号。 or 请选择来源。"""
    if not in_chinese() and not label[:2].isupper():  # within a sentence; PDF stays as it is
        label = label[:1].lower() + label[1:]
    if isinstance(field, CHOSEN):
        return gettext("请选择%(label)s。") % {"label": label}
    return gettext("请填写%(label)s。") % {"label": label}


class Answering(forms.Form):
    """A form of an act. What the act refuses stands at the field that it is about, and nothing typed is lost."""

    #: Where a refusal is shown, by its code, if the form has that field.
    refused_at: Mapping[str, str] = {}

    def full_clean(self) -> None:
        """A field that was left empty is asked for by its name; the form draws its labels late, so it is named late."""
        for name, field in self.fields.items():
            own = field.error_messages.get("required") is not forms.Field.default_error_messages["required"]
            if not own and not field.widget.is_hidden:
                field.error_messages["required"] = asked_for(field, str(self[name].label))
        super().full_clean()

    def refuse(self, refusal: Refusal) -> None:
        field = self.refused_at.get(refusal.code, "")
        self.add_error(field if field in self.fields else None, str(refusal))

    def shows_now(self, values: Mapping[str, Any]) -> None:
        """After a refusal: the page is drawn on the newest state, so the next try is against that.

        Hidden fields take the new values, and fields that this person did not touch; what was typed stays.
        """
        touched = set(self.changed_data)
        data = QueryDict(mutable=True)
        data.update(self.data)
        for name, value in values.items():
            text = "" if value is None else str(value)
            if self.fields[name].show_hidden_initial:
                data[self.add_initial_prefix(name)] = text
            if self.fields[name].widget.is_hidden or name not in touched:
                data[name] = text
        self.data = data


class Dated(Answering):
    """Every act has a business date; an earlier one than today is back-entry and must say why."""

    on = DateField(label=_("业务日期"), help_text=_("实际发生的日期；早于今天即为补录，须写明理由。"))
    why = forms.CharField(label=_("意见或理由"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        on: date | None = said.get("on")
        if on and on > timezone.localdate():
            self.add_error("on", _("业务日期不能在今天之后。"))
        elif on and on < timezone.localdate() and not said.get("why", "").strip():
            self.add_error("why", _("业务日期早于今天，属于补录，请写明理由。"))
        return said
