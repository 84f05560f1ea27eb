"""The forms of a plan: begin it, compute it, announce it, approve it, take another step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mangrove.casework.forms import ActForm, VersionedForm
from mangrove.casework.rules import rules
from mangrove.casework.workflow import Step
from mangrove.funding import totals
from mangrove.funding.access import readable_pots
from mangrove.funding.forms import PotField
from mangrove.funding.models import Pot
from mangrove.policies.claims.access import readable_claims
from mangrove.policies.claims.workflow import READY
from mangrove.policies.plans.composing import FURTHER, MAIN
from mangrove.policies.plans.models import Plan, PlanLine, Way
from mangrove.policies.schemes.definition import schemes
from mangrove.registry.labels import named
from mangrove.registry.models import Unit, User
from mangrove.ui.filters import DateField
from mangrove.ui.forms import RowField
from mangrove.ui.languages import as_data, beside
from mangrove.ui.numbers import yuan


class MoneyField(PotField):
    """A pot of money with its year and what is still to be decided out of it."""

    def label_from_instance(self, pot: Any) -> Any:
        free = yuan(pot.amount - totals.of_pot(pot).decided)
        said = gettext("%(year)s 年度，未决定 %(free)s 元") % {"year": pot.budget_year, "free": free}
        return as_data(beside(pot.name, said))


def scheme_choices(user: User) -> list[tuple[str, str]]:
    """With how many claims are ready, those that have some first."""
    ready = readable_claims(user).filter(case__state=READY, case__organisation__in=user.bodies).order_by()
    counts = dict(ready.values_list("scheme").annotate(count=Count("pk")))
    found = sorted(schemes().values(), key=lambda one: not counts.get(one.id))
    return [
        (one.id, gettext("%(title)s（审核完成 %(n)s 件）") % {"title": one.title, "n": counts.get(one.id, 0)}) for one in found
    ]  # fmt: skip


class StartForm(ActForm):
    title = forms.CharField(label=_("计划名称"), max_length=200)
    schemes_ = forms.MultipleChoiceField(
        label=_("扶持事项"), widget=forms.CheckboxSelectMultiple, help_text=_("审核完成的这些事项的申报列入同一份计划；没有另写资金池的，由第一个支付。")
    )  # fmt: skip
    budget_year = forms.IntegerField(label=_("预算年度"), min_value=2000, max_value=2100)
    pot = MoneyField(label=_("资金池"), queryset=Pot.objects.none())
    pot_2 = MoneyField(label=_("第二个资金池"), queryset=Pot.objects.none(), required=False)
    pays_2 = forms.MultipleChoiceField(
        label=_("由第二个支付的"), required=False, widget=forms.CheckboxSelectMultiple
    )
    pot_3 = MoneyField(label=_("第三个资金池"), queryset=Pot.objects.none(), required=False)
    pays_3 = forms.MultipleChoiceField(
        label=_("由第三个支付的"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = [
        "title",
        "budget_year",
        "pot",
        "schemes_",
        "pot_2",
        "pays_2",
        "pot_3",
        "pays_3",
        "on",
        "why",
    ]
    refused_at = {
        **ActForm.refused_at,
        "policies.no_scheme": "schemes_",
        "policies.pot_shares": "pot",
        "policies.other_year": "pot",
    }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.id, str(one.title)) for one in schemes().values()]
        self.fields["schemes_"].choices = scheme_choices(user)  # type: ignore[attr-defined]
        for name in ("pays_2", "pays_3"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for name in ("pot", *FURTHER):
            self.fields[name].queryset = readable_pots(user).filter(closed_on=None)  # type: ignore[attr-defined]
        self.fields["budget_year"].initial = timezone.localdate().year

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        for n in ("2", "3"):
            if bool(said.get(f"pot_{n}")) != bool(said.get(f"pays_{n}")):
                self.add_error(
                    f"pot_{n}", gettext("写了资金池的，请选它支付的事项；选了事项的，请写资金池。")
                )
        return said

    def given(self) -> dict[str, Any]:
        """As :func:`mangrove.policies.plans.actions.start` takes it: the first pot pays what no other is said to."""
        said = dict(self.cleaned_data)
        pots = {MAIN: said.pop("pot")} | {name: found for name in FURTHER if (found := said.pop(name))}
        pays = {name: said.pop(f"pays_{name[-1]}") for name in FURTHER}
        shares = {name: pays[name] for name in pots if name != MAIN}
        taken = {one for found in shares.values() for one in found}
        rest = [one for one in said["schemes_"] if one not in taken]
        return said | {"pots": pots, "shares": {MAIN: rest, **shares} if shares else None}


class PlanStepForm(VersionedForm):
    def __init__(self, *args: Any, plan: Plan, step: Step, **kwargs: Any) -> None:
        super().__init__(*args, initial={"expected_version": plan.case.version}, **kwargs)
        self.fields["why"].required = step.needs_reason


class ComputeForm(PlanStepForm):
    decide_on = DateField(
        label=_("决定日"), help_text=_("各件以其申报当日有效的一版措施为准；已作出的资助决定计入上限。")
    )
    field_order = ["decide_on", "on", "why", "expected_version"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decide_on"].initial = timezone.localdate


class AnnounceForm(PlanStepForm):
    body = forms.CharField(label=_("公示说明"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    objection_unit = forms.ChoiceField(label=_("异议受理处室"), help_text=_("不能是业务处室。"))
    field_order = ["body", "objection_unit", "on", "why", "expected_version"]
    refused_at = {**VersionedForm.refused_at, "casework.same_office": "objection_unit"}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(organisation__in=user.bodies).values_list("name", flat=True)
        names = dict.fromkeys([rules().grievance("objection").unit, *units])
        self.fields["objection_unit"].choices = [(one, one) for one in names]  # type: ignore[attr-defined]


class ApproveForm(PlanStepForm):
    basis = forms.CharField(label=_("批准依据"), max_length=200, help_text=_("会议纪要或文件的名称、文号。"))
    field_order = ["basis", "on", "why", "expected_version"]
    refused_at = {**VersionedForm.refused_at, "policies.no_basis": "basis"}


class LineField(RowField):
    def label_from_instance(self, line: Any) -> Any:
        return as_data(beside(line.claim.title, named(line.claim.organisation)))


class TakeOutForm(PlanStepForm):
    line = LineField(label=_("移出哪一件"), queryset=PlanLine.objects.none())
    way = forms.ChoiceField(label=_("怎样处理"), choices=Way.choices, widget=forms.RadioSelect)
    number = forms.CharField(
        label=_("异议或举报的编号"), max_length=20, help_text=_("由受理处室告知；账本和页面上只有理由，没有编号。")
    )  # fmt: skip
    field_order = ["line", "way", "number", "on", "why", "expected_version"]
    refused_at = {
        **VersionedForm.refused_at, "policies.no_line": "line", "policies.not_upheld": "number", "casework.telling": "why",
        "registry.required": "why",
    }  # fmt: skip

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, plan=plan, **kwargs)
        rows = (
            plan.lines.filter(departure=None)
            .select_related("claim__organisation")
            .order_by("claim__title", "pk")
        )
        self.fields["line"].queryset = rows  # type: ignore[attr-defined]
        self.fields["why"].label = _("移出的理由")
        self.fields["why"].help_text = _("申报单位看得到，会记入账本；不要写出是谁反映的。")
