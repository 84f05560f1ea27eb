"""The forms of a review: report what was measured, confirm it, take another step, narrow the list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.forms import VersionedForm
from mangrove.casework.uploads import OneFile, UploadField, upload_help
from mangrove.casework.workflow import Step
from mangrove.figures.labels import unit_word
from mangrove.ledger.refusals import Refusal
from mangrove.policies.measures.models import RuleText
from mangrove.policies.performance import amounts
from mangrove.policies.performance.models import Indicator, Outcome, Performance
from mangrove.policies.performance.workflow import PERFORMANCE
from mangrove.policies.plans.models import Plan
from mangrove.policies.schemes.definition import schemes
from mangrove.ui.filters import DateField, FilterForm

REPORTED_AT = {
    **VersionedForm.refused_at, "registry.required": "source", "policies.bad_until": "until",
}  # fmt: skip
MOST_DIGITS, MOST_PLACES = 18, 6


class PerformanceFilter(FilterForm):
    text = forms.CharField(label=_("项目或企业"))
    scheme = forms.ChoiceField(label=_("扶持事项"))
    plan = forms.ChoiceField(label=_("资助计划"))
    measure = forms.ChoiceField(label=_("措施"))
    state = forms.ChoiceField(label=_("状态"))
    outcome = forms.ChoiceField(label=_("结论"))
    lookups = {
        "text": ("performance__claim__title__icontains", "performance__claim__organisation__name__icontains"),
        "scheme": ("performance__claim__scheme",), "plan": ("performance__award__plan_line__plan",),
        "state": ("performance__case__state",), "outcome": ("outcome",),
    }  # fmt: skip

    def __init__(self, *args: Any, plans: QuerySet[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [one for one in schemes().values() if one.indicators]
        every = ("", gettext("全部"))
        choices: dict[str, list[tuple[Any, Any]]] = {
            "scheme": [(one.id, str(one.title)) for one in known],
            "plan": [(str(pk), title) for pk, title in plans.values_list("pk", "title")],
            "measure": measures({one.measure for one in known}),
            "state": [(one.id, one.label) for one in PERFORMANCE.states],
            "outcome": list(Outcome.choices),
        }
        for name, found in choices.items():
            self.fields[name].choices = [every, *found]  # type: ignore[attr-defined]

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().narrow(rows)
        if measure := self.chosen().get("measure"):
            of = [one.id for one in schemes().values() if one.measure == measure]
            rows = rows.filter(performance__claim__scheme__in=of)
        return rows


def measures(ids: set[str]) -> list[tuple[str, str]]:
    """By the name of the last version in the library; of one that is not there, its id."""
    names = dict(RuleText.objects.filter(rule__in=ids).order_by("number").values_list("rule", "name"))
    return [(one, names.get(one, one)) for one in sorted(ids)]


class AmountsForm(VersionedForm):
    """A field for each indicator that is asked about, ``amount_1`` and on, in the unit that pages show."""

    def __init__(self, *args: Any, performance: Performance, **kwargs: Any) -> None:
        super().__init__(*args, initial={"expected_version": performance.case.version}, **kwargs)
        self.asked = [one for one in performance.indicators.order_by("place") if self.asks(one)]
        for one in self.asked:
            self.fields[f"amount_{one.place}"] = self.amount(one)
        named = [f"amount_{one.place}" for one in self.asked]
        self.order_fields([*named, *(self.field_order or ())])

    def asks(self, one: Indicator) -> bool:
        return True

    def amount(self, one: Indicator) -> forms.Field:
        return forms.DecimalField(
            label=self.label(one), max_digits=MOST_DIGITS, decimal_places=MOST_PLACES,
            help_text=self.help(one),
        )  # fmt: skip

    def help(self, one: Indicator) -> str:
        said = {"unit": unit_word(one.shown), "promised": one.promised_text, "year": one.due_year}
        if one.in_words:
            return gettext("单位%(unit)s。承诺的是：%(promised)s") % said
        return gettext("单位%(unit)s。承诺的是：%(promised)s，%(year)s 年完成") % said

    def label(self, one: Indicator) -> str:
        return gettext("实测%(name)s") % {"name": amounts.name(one)}

    def typed(self) -> dict[int, Decimal]:
        return {one.place: self.cleaned_data[f"amount_{one.place}"] for one in self.asked}

    def refuse(self, refusal: Refusal) -> None:
        """What is wrong with an amount stands at its field."""
        place = next((one.place for one in self.asked if one.name == refusal.where), None)
        if refusal.code in ("policies.bad_amount", "policies.no_promise") and place is not None:
            self.add_error(f"amount_{place}", str(refusal))
        else:
            super().refuse(refusal)


class ReportForm(OneFile, AmountsForm):
    until = DateField(label=_("统计截止日"), help_text=_("实测的数统计到哪一天。"))
    source = forms.CharField(
        label=_("数据来源"), max_length=300, help_text=_("财务报表、税务申报表、检测报告等，写明名称和期间。")
    )
    file = UploadField(label=_("证明材料"), required=False)
    field_order = ["until", "source", "file", "on", "why", "expected_version"]
    refused_at = REPORTED_AT

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = upload_help()

    def given(self) -> dict[str, Any]:
        """As :func:`mangrove.policies.performance.actions.report` takes it."""
        said = {
            name: self.cleaned_data[name] for name in ("until", "source", "on", "why", "expected_version")
        }
        return {**said, "measured": self.typed(), "paper": self.cleaned_data["file"]}


class ConfirmForm(AmountsForm):
    """Asks what a promise comes to only where its words are no number."""

    field_order = ["on", "why", "expected_version"]

    def asks(self, one: Indicator) -> bool:
        return one.promised is None

    def help(self, one: Indicator) -> str:
        said = {"unit": unit_word(one.shown), "promised": one.promised_text}
        return gettext("文字承诺，不能计算：%(promised)s。请照原话折成多少%(unit)s，理由写在说明里。") % said

    def label(self, one: Indicator) -> str:
        return gettext("承诺的%(name)s折成") % {"name": amounts.name(one)}

    def given(self) -> dict[str, Any]:
        said = {name: self.cleaned_data[name] for name in ("on", "why", "expected_version")}
        return {**said, "promised": self.typed()}


class StepForm(VersionedForm):
    def __init__(self, *args: Any, performance: Performance, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, initial={"expected_version": performance.case.version}, **kwargs)
        self.fields["why"].required = step.needs_reason

    def given(self) -> dict[str, Any]:
        return dict(self.cleaned_data)
