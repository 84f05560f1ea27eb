"""Pages of scenarios: kept, listed, opened, changed, replayed, compared."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mangrove.ledger.models import Event
from mangrove.policies.measures import library
from mangrove.policies.measures.models import RuleText
from mangrove.policies.measures.tables import address
from mangrove.policies.plans.tables import shortened
from mangrove.policies.sandbox import actions
from mangrove.policies.sandbox.access import access_sandbox, access_scenario, readable_scenarios
from mangrove.policies.sandbox.comparing import lines, side_by_side
from mangrove.policies.sandbox.forms import AskForm, ChangeForm, DeleteForm, KeepForm, starting
from mangrove.policies.sandbox.models import Scenario
from mangrove.policies.sandbox.numbers import called, shown
from mangrove.policies.sandbox.replaying import replay
from mangrove.policies.sandbox.snapshots import city
from mangrove.policies.sandbox.tables import SCENARIOS, sandbox_page
from mangrove.registry.models import User
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.components import Fact, Link, moments
from mangrove.ui.exports import excel_response
from mangrove.ui.filters import FilterForm
from mangrove.ui.languages import beside, in_chinese


class ScenarioFilter(FilterForm):
    name = forms.CharField(label=gettext_lazy("名称或措施"), max_length=80)

    lookups = {"name": ("name__icontains", "rule__name__icontains")}


class CompareForm(forms.Form):
    """Two or three of those that this person may read."""

    use_required_attribute = False

    def __init__(self, data: Any, user: User) -> None:
        super().__init__(data)
        for name, label in (("a", _("方案甲")), ("b", _("方案乙")), ("c", _("方案丙"))):
            self.fields[name] = forms.ModelChoiceField(
                readable_scenarios(user), label=label, required=name != "c"
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        chosen = [one for one in said.values() if one]
        if len(set(chosen)) < len(chosen):
            self.add_error("b", _("请选不同的方案。"))
        return said

    def chosen(self) -> list[Scenario]:
        return [one for one in self.cleaned_data.values() if one]


# --- kept ----------------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest, rule: str, number: int) -> HttpResponse:
    """Keep what the address asks."""
    user = access_sandbox(request.user, to=reading_or("save", request))
    asking = AskForm(library.version(rule, number), request.GET)
    back = f"{sandbox_page(asking.rule)}?{request.GET.urlencode()}"
    if not asking.is_valid():
        return redirect(back)
    form, kept = KeepForm(request.POST or None), list[Scenario]()
    if done(request, form, lambda: kept.append(saved(form, asking, user))):
        messages.success(request, _("已保存试算方案“%(name)s”。") % {"name": kept[0].name})
        return redirect("policies:scenario", kept[0].pk)
    context = {"form": form, "back": back, "rule": asking.rule, "changes": changes_of(asking)}
    return render(request, "policies/scenario_save.html", context, status=status(form))


def saved(form: KeepForm, asking: AskForm, user: User) -> Scenario:
    asked = asking.asked()
    return actions.save(
        asked=asked, city=city(asked.known_on), by=user, on=timezone.localdate(), **form.cleaned_data
    )


def changes_of(asking: AskForm) -> list[tuple[str, str, str]]:
    measure, known = asking.measure, asking.constants
    return [
        (called(measure, name), shown(measure, known[name]), shown(measure, known[name], new))
        for name, new in asking.asked().changes.items()
    ]


@require_safe
@login_required
def scenarios(request: HttpRequest) -> HttpResponse:
    user, filters = access_sandbox(request.user), ScenarioFilter(request.GET)
    rows = filters.narrow(readable_scenarios(user))
    page = SCENARIOS.page(rows, request.GET, export_href=reverse("policies:scenarios_export"))
    context = {"page": page, "filters": filters, "comparing": CompareForm(None, user)}
    return render(request, "policies/scenarios.html", context)


@require_safe
@login_required
def scenarios_export(request: HttpRequest) -> HttpResponse:
    user, filters = access_sandbox(request.user), ScenarioFilter(request.GET)
    return excel_response(request, SCENARIOS, filters.narrow(readable_scenarios(user)), filters.words())


# --- one -----------------------------------------------------------------------------------------------------------------


@require_safe
@login_required
def scenario(request: HttpRequest, id: UUID) -> HttpResponse:
    one = access_scenario(request.user, id)
    return render(request, "policies/scenario.html", shown_scenario(one, request))


def shown_scenario(one: Scenario, request: HttpRequest) -> dict[str, Any]:
    events = Event.objects.filter(room="policies", kind="scenario", object_id=str(one.pk))
    return {
        "scenario": one, "facts": facts(one), "moments": moments(events), "lines": lines([one]), "open": opened(one),
        "mine": one.owner_id == request.user.pk, "delete": DeleteForm(initial={"version": one.version}),
    }  # fmt: skip


def facts(one: Scenario) -> list[Fact]:
    shared = _("本处室：%(unit)s") % {"unit": one.unit} if one.unit else one.get_shared_display()
    return [
        Fact(_("保存人"), one.owner.name), Fact(_("保存时间"), timezone.localtime(one.created_at).strftime("%Y-%m-%d %H:%M")),
        Fact(_("给谁看"), shared), Fact(_("说明"), one.note or None), Fact(_("措施"), rule_link(one.rule)), Fact(_("比较对象"), rule_link(one.against)),
        Fact(_("条文校验"), shortened(one.text_sha256)), Fact(_("数据标识"), shortened(one.snapshot)),
        Fact(_("结果校验"), shortened(one.result)),
        Fact(_("计算口径"), one.semantics),
    ]  # fmt: skip


def rule_link(rule: RuleText) -> Link:
    """A measure and its version in words."""
    return Link(beside(rule.name, _("第 %(n)s 版") % {"n": rule.number}), address(rule))


def opened(one: Scenario) -> str:
    """The sandbox with the numbers of a scenario."""
    form = AskForm(one.rule, {})
    names, typed = list(form.constants), {name: written for name, written, _value in one.changes}
    query = {f"n{names.index(name)}": written for name, written in typed.items()}
    query |= {
        f"pot{n}": f"{one.pots[pot.id]}分" if pot.id in one.pots else "" for n, pot in enumerate(form.pots)
    }
    query |= {
        "meets": one.take_up["meets"], "lacks": one.take_up["lacks"], "order": one.order_by, "decide": one.decide_on.isoformat(),
        "known": timezone.localtime(one.known_at).date().isoformat(), "year": str(one.budget_year),
    }  # fmt: skip
    return f"{sandbox_page(one.rule)}?{urlencode(query)}"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, id: UUID) -> HttpResponse:
    one = access_scenario(request.user, id, to=reading_or("change", request))
    form = ChangeForm(request.POST or None, initial=starting(one))

    def act() -> Scenario:
        said = dict(form.cleaned_data)
        return actions.change(
            scenario_id=id,
            expected_version=said.pop("version"),
            by=user_of(request),
            on=timezone.localdate(),
            **said,
        )

    if done(request, form, act, now=lambda: starting(access_scenario(request.user, id))):
        messages.success(request, _("已保存。"))
        return redirect("policies:scenario", id)
    context = {"form": form, "scenario": one, "back": reverse("policies:scenario", args=[id])}
    return render(request, "policies/scenario_change.html", context, status=status(form))


@login_required
@require_POST
def delete(request: HttpRequest, id: UUID) -> HttpResponse:
    one, form = access_scenario(request.user, id), DeleteForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    actions.delete(scenario_id=id, expected_version=version, by=user_of(request), on=timezone.localdate())
    messages.success(request, _("已删除试算方案“%(name)s”。") % {"name": one.name})
    return redirect("policies:scenarios")


def user_of(request: HttpRequest) -> User:
    return access_sandbox(request.user)


@require_safe
@login_required
def again(request: HttpRequest, id: UUID) -> HttpResponse:
    """Replay it."""
    one = access_scenario(request.user, id)
    found, language = replay(one), "zh" if in_chinese() else "en"
    context = {
        "scenario": one, "replay": found, "then": [each.said(language) for each in found.then],
        "now": [each.said(language) for each in found.now], "saved_fen": int(one.totals["fen"]),
    }  # fmt: skip
    return render(request, "policies/scenario_replay.html", context)


# --- side by side --------------------------------------------------------------------------------------------------------


@require_safe
@login_required
def compare(request: HttpRequest) -> HttpResponse:
    form = CompareForm(request.GET or None, access_sandbox(request.user))
    if not form.is_valid():
        return render(request, "policies/scenarios_compared.html", {"form": form}, status=status(form))
    table, rows = side_by_side(form.chosen())
    page = table.page(rows, request.GET, export_href=reverse("policies:scenarios_compared_export"))
    return render(request, "policies/scenarios_compared.html", {"form": form, "page": page})


@require_safe
@login_required
def compare_export(request: HttpRequest) -> HttpResponse:
    form = CompareForm(request.GET or None, access_sandbox(request.user))
    if not form.is_valid():
        return render(request, "policies/scenarios_compared.html", {"form": form}, status=status(form))
    table, rows = side_by_side(form.chosen())
    return excel_response(request, table, rows)
