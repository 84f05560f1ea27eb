"""The filter bar, the form that states a value, and the form of the figure check."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.figures.actions import COMPUTED, amount_of
from mangrove.figures.labels import name, qualifier_word, source_words, unit_word
from mangrove.figures.models import Concept, Definition, Kind, Source, Status
from mangrove.figures.periods import Period
from mangrove.ledger.refusals import Refusal
from mangrove.ui.filters import DateField, FilterForm
from mangrove.ui.forms import Dated, RowField
from mangrove.ui.languages import beside, in_chinese, in_words
from mangrove.ui.lines import line_label
from mangrove.vocabulary.units import known_units

#: A letter of some eighty pages; more than that is not a letter.
LONGEST_TEXT = 200_000


class FigureFilter(FilterForm):
    """``conflicts`` is not a lookup: what contradicts what is decided by comparing values, see ``pages.contradicted``."""

    text = forms.CharField(label=_("名称或规则"))
    line = forms.ChoiceField(label=_("工作条线"))
    kind = forms.ChoiceField(label=_("类别"), choices=[("", _("全部")), *Kind.choices])
    rule_status = forms.ChoiceField(label=_("口径核对"), choices=[("", _("全部")), *Status.choices])
    conflicts = forms.ChoiceField(label=_("多来源"), choices=[("", _("全部")), ("1", _("只看不一致的"))])

    lookups = {
        "text": ("zh__icontains", "en__icontains", "rule_zh__icontains", "concept__zh__icontains", "pk"),
        "line": ("concept__line",),
        "kind": ("kind",),
        "rule_status": ("rule_status",),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = Concept.objects.order_by("order").values_list("line", flat=True)
        known = [(line, line_label(line)) for line in dict.fromkeys(lines) if line]
        self.fields["line"].choices = [("", gettext("全部")), *known]  # type: ignore[attr-defined]


class DefinitionChoice(RowField):
    def label_from_instance(self, one: Any) -> str:
        return beside(name(one), unit_word(one.unit))


class SourceChoice(RowField):
    def label_from_instance(self, one: Any) -> str:
        return source_words(one)


class StateForm(Dated):
    """One value of one definition. Everything is read as text first, so that what was typed stays as it was typed."""

    definition = DefinitionChoice(Definition.objects.all(), label=_("指标"), empty_label=_("请选择"))
    as_of = forms.CharField(
        label=_("时点"), max_length=20, help_text=_("2020 是全年，2020-08 是当月，2021-08-30 是当日")
    )
    amount = forms.CharField(label=_("数值"), max_length=40, help_text=_("例如 48650 或 5349.18，照来源原样"))
    unit = forms.CharField(
        label=_("单位"), max_length=20, required=False,
        help_text=_("例如 万个、亿元；不填即用指标自己的单位（括号中所示）"),
    )  # fmt: skip
    qualifier = forms.ChoiceField(
        label=_("限定"), required=False, help_text=_("来源写“超、约、近”时照选，数值便是界限而非确数")
    )
    source = SourceChoice(
        Source.objects.exclude(pk=COMPUTED), label=_("来源"), empty_label=_("请选择"),
        help_text=_("同一时点不同来源各记各的，只并列，不取平均"),
    )  # fmt: skip
    note = forms.CharField(label=_("备注"), max_length=300, required=False)

    refused_at = {
        "figures.later_than_source": "source",
        "figures.unit": "unit",
        "figures.too_fine": "amount",
        "figures.too_large": "amount",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [
            (word, beside(word, qualifier_word(word) if not in_chinese() else ""))
            for word in known_units().qualifiers
        ]
        self.fields["qualifier"].choices = [("", gettext("无，是确数")), *words]  # type: ignore[attr-defined]

    def clean_as_of(self) -> Period:
        try:
            return Period.parse(self.cleaned_data["as_of"])
        except ValueError as error:
            raise forms.ValidationError(in_words(error)) from error

    def clean_amount(self) -> Any:
        try:
            return amount_of(self.cleaned_data["amount"])
        except Refusal as refusal:
            raise forms.ValidationError(refusal.briefly) from refusal


#: The form in groups, see ``ui.forms.grouped``.
PLAN = (
    (_("什么"), ("definition", "as_of")),
    (_("多少"), ("amount", "unit", "qualifier")),
    (_("依据"), ("source", "note", "on", "why")),
)


class CheckForm(forms.Form):
    text = forms.CharField(
        label=_("文本"), max_length=LONGEST_TEXT, strip=False, widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("粘贴复函或材料的正文；只在这一页核对，不保存"),
    )  # fmt: skip
    on = DateField(label=_("按哪一天的指标"), help_text=_("一般填成文日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = timezone.localdate

    def clean_text(self) -> str:
        """One kind of line break, so that offsets in the text are those of the report."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")
