"""What a year came to, for everybody in the house; each number leads to the rows that it was added up from."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.policies.results.access import access_results
from mangrove.policies.results.decisions import Line, Year
from mangrove.policies.results.gathering import results, years
from mangrove.policies.results.publishing import may_publish, shown
from mangrove.policies.results.tables import PUBLISHED, RESULTS
from mangrove.ui.components import Fact, Tab
from mangrove.ui.exports import excel_response
from mangrove.ui.numbers import yuan


def asked(request: HttpRequest) -> int:
    """The year that the address asks for; else the last that has a plan."""
    known = years()
    said = request.GET.get("year", "")
    return (
        int(said)
        if said.isdigit() and int(said) in known
        else known[0]
        if known
        else timezone.localdate().year
    )


@require_safe
@login_required
def year(request: HttpRequest) -> HttpResponse:
    access_results(request.user)
    chosen = asked(request)
    found = results(chosen)
    address = reverse("policies:results")
    published = PUBLISHED.page(shown(chosen, timezone.localdate()), QueryDict())
    context: dict[str, Any] = {
        "published": published, "publish": f"{reverse('policies:results_publish')}?year={chosen}" if may_publish(request.user) else "",
        "year": chosen, "facts": facts(found), "page": RESULTS.page(list(found.lines), request.GET),
        "tabs": [Tab(str(one), f"{address}?year={one}", one == chosen) for one in years()],
        "export": f"{reverse('policies:results_export')}?year={chosen}",
    }  # fmt: skip
    return render(request, "policies/results.html", context)


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponse:
    access_results(request.user)
    chosen = asked(request)
    found = results(chosen)
    return excel_response(
        request, RESULTS, [*found.lines, found.all], _("预算年度 %(year)s") % {"year": chosen}, notes=notes(found)
    )  # fmt: skip


def notes(found: Year) -> list[str]:
    """The figures of the page's head, each with what it counts."""
    return [
        _("%(figure)s：%(value)s（口径：%(rule)s）") % {"figure": one.label, "value": one.value or "—", "rule": one.note}
        for one in facts(found)
    ]  # fmt: skip


def facts(found: Year) -> list[Fact]:
    whole = found.all
    return [
        Fact(_("预算"), money(found.budget), _("编入计划的资金池的下达金额")),
        Fact(_("已决定"), money(whole.decided), _("这些资金池作出的全部决定，含计划外的，核减后")),
        Fact(_("已支付"), money(whole.paid), _("国库回执已支付")),
        Fact(_("未用比例"), percent(found), _("预算减已支付，除以预算；追回的仍算支付过")),
        Fact(_("已追回"), money(whole.recovered), _("已支付的之中收回的")),
        Fact(_("受益企业"), _("%(n)s 家") % {"n": whole.beneficiaries}, _("至少收到一笔的企业")),
        Fact(_("绩效指标"), indicators(whole), _("承诺、填了实测数、核定为达到的项数")),
        Fact(_("申报到拨付"), days(whole.median, whole.ninetieth), _("从申报日到第一笔支付；中位数，九成在后一个天数之内")),
    ]  # fmt: skip


def indicators(whole: Line) -> str:
    return _("承诺 %(promised)s 项，已填实测 %(measured)s 项，达到 %(met)s 项") % {
        "promised": whole.promised, "measured": whole.measured, "met": whole.met,
    }  # fmt: skip


def money(fen: int) -> str:
    return _("%(amount)s 元") % {"amount": yuan(fen)}


def percent(found: Year) -> str | None:
    """With one decimal, a half away from zero."""
    if found.unspent is None:
        return None
    tenths = (found.unspent.numerator * 2000 + found.unspent.denominator) // (2 * found.unspent.denominator)
    return f"{tenths // 10}.{tenths % 10}%"


def days(median: int | None, ninetieth: int | None) -> str | None:
    if median is None:
        return None
    return _("%(median)s 天，九成 %(ninetieth)s 天以内") % {"median": median, "ninetieth": ninetieth}
