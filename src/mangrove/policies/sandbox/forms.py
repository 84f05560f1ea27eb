"""What is typed in the sandbox, every number with its unit; and what is asked when a scenario is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mangrove import vocabulary
from mangrove.ledger.refusals import Refusal
from mangrove.policies.measures.library import measure_of
from mangrove.policies.measures.models import RuleText
from mangrove.policies.sandbox.asking import Asked, refuse_not_in_force, usual_day
from mangrove.policies.sandbox.models import Scenario, Shared
from mangrove.policies.sandbox.numbers import called, label, shown, written
from mangrove.policies.sandbox.pots import Paying, pots_of
from mangrove.policies.sandbox.snapshots import city
from mangrove.rulebook.decide import Run
from mangrove.rulebook.language.typed import Constant
from mangrove.rulebook.language.types import MONEY, NUMBER, Type
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.problems import Place, Problem
from mangrove.rulebook.simulate import values
from mangrove.rulebook.simulate.takeup import TakeUp
from mangrove.rulebook.simulate.telling import Teller
from mangrove.ui.filters import DateField
from mangrove.ui.forms import Answering
from mangrove.ui.languages import in_chinese

HERE = Place("", 1, 1)
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST = 60


class AskForm(forms.Form):
    """One measure with other numbers. Number ``n`` of the measure is ``n<n>``, pot ``n`` is ``pot<n>``; what is left empty stays."""

    use_required_attribute = False

    def __init__(self, rule: RuleText, data: QueryDict | Mapping[str, Any]) -> None:
        self.rule, self.measure, self.pots = rule, measure_of(rule), pots_of(rule)
        self.constants = self.measure.constants()
        self.found: dict[str, Any] = {}
        super().__init__(filled(data, self.starting()))
        for n, name in enumerate(self.constants):
            self.fields[f"n{n}"] = number_field(self.measure, name)
        for n, pot in enumerate(self.pots):
            self.fields[f"pot{n}"] = text_field(pot.name or _("额度"), _("例如 6000万元；空着就不看额度"))
        self.fields |= {
            "order": forms.ChoiceField(label=_("先后按"), required=False, choices=orders(self.measure)),
            "meets": text_field(_("符合的会来"), _("占多少，例如 60%")),
            "lacks": text_field(_("缺数据的会来"), _("占多少，例如 30%；不高于上一项")),
            "known": DateField(label=_("资料截至"), required=False),
            "decide": DateField(label=_("决定日"), required=False),
            "year": forms.IntegerField(label=_("预算年度"), required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR),
        }  # fmt: skip

    def starting(self) -> dict[str, str]:
        """What stands in the form before anything is changed: the measure as it is, with the pots of the portfolios."""
        today = timezone.localdate()
        day = self.usual_day(today)
        numbers = {f"n{n}": written(self.measure, one) for n, one in enumerate(self.constants.values())}
        pots = {f"pot{n}": pot_written(self.measure, one) for n, one in enumerate(self.pots)}
        rest = {
            "meets": "100%",
            "lacks": "100%",
            "known": today.isoformat(),
            "decide": day.isoformat(),
            "year": str(day.year),
        }
        return {**numbers, **pots, **rest, "order": usual_order(self.measure)}  # fmt: skip

    def usual_day(self, today: date) -> date:
        """In the last year of which the city has something that this measure pays for."""
        return usual_day(self.measure.version, today, city(today).last_year(self.measure))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for n, name in enumerate(self.constants):
            self.read(f"n{n}", lambda text, name=name: self.changed(name, text))
        for n, _pot in enumerate(self.pots):
            self.read(f"pot{n}", lambda text, n=n: pot_size(f"pot{n}", text))
        for name in ("meets", "lacks"):
            self.read(name, lambda text, name=name: share(name, text))
        self.check_days(said)
        return said

    def read(self, field: str, reading: Any) -> None:
        """What was typed in a field as what it means; a problem stands at the field, with an example."""
        text = str(self.cleaned_data.get(field) or "").strip()
        if not text:
            return
        try:
            self.found[field] = reading(text)
        except Problem as problem:
            self.add_error(field, problem.zh if in_chinese() else problem.en)

    def changed(self, name: str, text: str) -> Fraction | date:
        """Raises :class:`Problem`, with how such a number is written."""
        old = self.constants[name]
        if text == written(self.measure, old):
            return number_or_day(old)
        try:
            return values.changed(self.measure, f"{name}={text}")[1]
        except Problem as problem:
            raise with_example(problem, written(self.measure, old)) from problem

    def check_days(self, said: Mapping[str, Any]) -> None:
        known, day = said.get("known"), said.get("decide")
        if known and known > timezone.localdate():
            self.add_error("known", _("资料最晚截至今天。"))
        if day:
            try:
                refuse_not_in_force(self.measure, day)
            except Refusal as refusal:
                self.add_error("decide", refusal.briefly)

    def asked(self) -> Asked:
        """The question, of a form that is valid."""
        said, day = (
            self.cleaned_data,
            self.cleaned_data.get("decide") or self.usual_day(timezone.localdate()),
        )
        names = [(f"n{n}", name) for n, name in enumerate(self.constants) if f"n{n}" in self.found]
        changes = {
            name: self.found[field]
            for field, name in names
            if self.found[field] != self.constants[name].value
        }
        typed = {name: said[field].strip() for field, name in names if name in changes}
        pots = {one.id: self.found[f"pot{n}"] for n, one in enumerate(self.pots) if f"pot{n}" in self.found}
        return Asked(
            self.rule, said.get("known") or timezone.localdate(), Run(day, said.get("year") or day.year), changes, typed,
            TakeUp(self.found.get("meets", Fraction(1)), self.found.get("lacks", Fraction(1))), pots, said.get("order") or "",
        )  # fmt: skip

    def number(self, name: str) -> forms.BoundField:
        return self[f"n{list(self.constants).index(name)}"]

    def of_pots(self) -> Sequence[forms.BoundField]:
        return [self[f"pot{n}"] for n in range(len(self.pots))]


def filled(data: QueryDict | Mapping[str, Any], starting: Mapping[str, str]) -> dict[str, Any]:
    """What was sent; a field that was not sent at all is as at the start."""
    return {name: data.get(name, value) for name, value in starting.items()}


def number_or_day(one: Constant) -> Fraction | date:
    """What has a name is one of them."""
    assert isinstance(one.value, Fraction | date)
    return one.value


def with_example(problem: Problem, example: str) -> Problem:
    zh, en = (f"写法如 {example}。", f" Write it like {example}.") if example else ("", "")
    return Problem(problem.code, problem.place, problem.zh + zh, problem.en + en)


def text_field(words: Any, help: Any = "") -> forms.CharField:
    return forms.CharField(label=words, required=False, max_length=LONGEST, help_text=help)


def number_field(measure: Measure, name: str) -> forms.CharField:
    one = measure.constants()[name]
    made = text_field(label(measure, name), _("现为 %(value)s") % {"value": shown(measure, one)})
    made.widget.attrs["aria-label"] = called(measure, name)
    return made


def pot_written(measure: Measure, pot: Paying) -> str:
    return "" if pot.fen is None else Teller(measure.vocabulary).money(pot.fen)


def pot_size(_field: str, text: str) -> int:
    """Fen. Raises :class:`Problem`."""
    fen = exact(text, MONEY)
    if fen < 0 or fen.denominator != 1:
        raise Problem("bad_pot", HERE, "额度须是不小于零的金额，精确到分，例如 6000万元。", "A pot is an amount of at least zero, to the fen, such as 6000万元.")  # fmt: skip
    return int(fen)


def share(_field: str, text: str) -> Fraction:
    """Raises :class:`Problem`."""
    found = exact(text, NUMBER)
    if not 0 <= found <= 1:
        raise Problem("bad_take_up", HERE, "参与率在 0 与 100% 之间，例如 60%。", "A take-up lies between 0 and 100%, such as 60%.")  # fmt: skip
    return found


def exact(text: str, kind: Type) -> Fraction:
    found = values.value(text, kind, vocabulary.vocabulary(), HERE)
    assert isinstance(found, Fraction)  # neither kind is a day
    return found


def dates_of(measure: Measure) -> dict[str, tuple[str, str]]:
    """The date fields of what is paid for, by id."""
    kinds = [measure.vocabulary.entities[one.entity] for one in measure.paid()]
    return {
        field.id: (field.zh, field.en)
        for kind in kinds
        for field in kind.fields.values()
        if field.type == "date"
    }


def orders(measure: Measure) -> list[tuple[str, str]]:
    own = [(id, zh if in_chinese() else en) for id, (zh, en) in dates_of(measure).items()]
    return [("", _("不排先后")), *own]


def usual_order(measure: Measure) -> str:
    """The day of applying, where there is one."""
    return "applied_on" if "applied_on" in dates_of(measure) else ""


class KeepForm(Answering):
    """``name``, whom it is shared with, and a note."""

    refused_at = {"policies.scenario_named": "name", "policies.no_office": "shared"}

    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    shared = forms.ChoiceField(
        label=gettext_lazy("给谁看"), choices=Shared.choices, initial=Shared.OWN, widget=forms.RadioSelect,
        help_text=gettext_lazy("共享后对方可以打开、重做、比较，不能改；链长办和审计看得到共享的。保存、共享、删除都记入账本。"),
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("说明"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ChangeForm(KeepForm):
    """``version``: the one that the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class DeleteForm(Answering):
    version = forms.IntegerField(widget=forms.HiddenInput)


def starting(one: Scenario) -> dict[str, Any]:
    return {"name": one.name, "shared": one.shared, "note": one.note, "version": one.version}
