"""What was done (做了什么): the letter's promises of lower prices beside the figures, the year's money, and what came of it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.casework.models import Promise
from mangrove.casework.promise_pages import ActLink
from mangrove.casework.things import Section
from mangrove.policies.performance.gathering import overall
from mangrove.policies.performance.pages import tally_facts
from mangrove.policies.results.access import access_results
from mangrove.policies.results.done import Side, promises, sides
from mangrove.policies.results.done_rules import Promised, rules
from mangrove.policies.results.done_tables import BEFORE_AND_AFTER, sides_table
from mangrove.policies.results.gathering import results
from mangrove.policies.results.views import asked, facts
from mangrove.ui.exports import excel_response
from mangrove.ui.languages import as_data, in_words


@require_safe
@login_required
def done_page(request: HttpRequest) -> HttpResponse:
    access_results(request.user)
    known, rows = rules(), sides(timezone.localdate())
    linked = promises(request.user)
    priced = [priced_section(one, rows, linked.get(one.number)) for one in known.promises]
    context: dict[str, Any] = {
        "heading": _("做了什么"), "advice": as_data(caution(known.sent_on.isoformat(), known.source, in_words(known.status))),
        "acts": [ActLink(_("导出 Excel"), reverse("policies:done_export"), False)],
        "sections": [*priced, money_section(request), kept_section(request.user)], "moments": None,
    }  # fmt: skip
    return render(request, "casework/thing.html", context)


def caution(sent_on: str, source: str, status: str) -> str:
    return _(
        "以 %(sent_on)s 的答复为界，前后的数并列，各有来源和时点。前后有变化，不等于是哪一项措施引起的；全国口径的数不是深圳一地的数。"
        "没有注明来源的数不列，写“无数据”。用哪些指标看：%(source)s（%(status)s）。"
    ) % {"sent_on": sent_on, "source": source, "status": status}


def priced_section(one: Promised, rows: list[Side], promise: Promise | None) -> Section:
    mine = [row for row in rows if row.promised == one]
    link = (
        ActLink(_("看这项承诺"), reverse("casework:promise", args=[promise.pk]), False) if promise else None
    )
    head = _("承诺 %(number)s：%(words)s") % {"number": one.number, "words": one.words}
    return Section(one.number, head, sides_table(head).page(mine, QueryDict()), link=link)


def money_section(request: HttpRequest) -> Section:
    year = asked(request)
    link = ActLink(_("看资金执行"), f"{reverse('policies:results')}?year={year}", False)
    return Section(
        "money", _("%(year)s 年度的扶持资金") % {"year": year}, facts=facts(results(year)), link=link
    )


def kept_section(user: Any) -> Section:
    link = ActLink(_("看成效汇总"), reverse("policies:performance_summary"), False)
    return Section("kept", _("企业承诺的指标兑现了多少"), facts=tally_facts(overall(user)), link=link)


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponse:
    access_results(request.user)
    return excel_response(request, BEFORE_AND_AFTER, sides(timezone.localdate()), _("全部"))
