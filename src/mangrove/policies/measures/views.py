"""Pages of the library: all measures, one with its words beside its rules, what differs between two versions, its evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.casework.promise_pages import ActLink
from mangrove.ledger.models import Event
from mangrove.policies.measures import evaluating, library
from mangrove.policies.measures.comparing import difference
from mangrove.policies.measures.drawing import drawn, quotas, text_statuses
from mangrove.policies.measures.forms import EvaluateForm, MeasureFilter
from mangrove.policies.measures.house_rules import house_rules
from mangrove.policies.measures.models import RuleText
from mangrove.policies.measures.tables import (
    EVALUATIONS,
    MEASURES,
    NUMBERS,
    SCHEMES,
    address,
    rows_of,
    standing_tag,
    status_tag,
    version_link,
    versions_table,
)
from mangrove.policies.measures.validity import to_evaluate, unevaluated_before, validity
from mangrove.policies.schemes.definition import Scheme, schemes
from mangrove.policies.schemes.origin_pages import forms_under
from mangrove.registry.models import User
from mangrove.ui.acting import done, status
from mangrove.ui.components import Fact, moments
from mangrove.ui.exports import excel_response
from mangrove.ui.languages import in_chinese, strung


def listed(request: HttpRequest) -> tuple[MeasureFilter, QuerySet[RuleText]]:
    filters = MeasureFilter(request.GET)
    return filters, rows_of(filters.found(timezone.localdate()))


@require_safe
@login_required
def measures(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    page = MEASURES.page(rows, request.GET, reverse("policies:measures_export"))
    said = {"page": page, "filters": filters, "ending": to_evaluate(timezone.localdate(), house_rules())}
    return render(request, "policies/measures.html", said)


@require_safe
@login_required
def measures_export(request: HttpRequest) -> HttpResponse:
    filters, rows = listed(request)
    return excel_response(request, MEASURES, rows, filters.words())


@require_safe
@login_required
def measure(request: HttpRequest, rule: str, number: int) -> HttpResponse:
    one = library.version(rule, number)
    versions = library.versions(rule)
    said = {
        "measure": one, "note": status_tag(one), "source": library.measure_of(one).version.source, "facts": facts(one), "guide": guide_said(one), "advice": advice(one),
        "drawn": drawn(library.source_of(one)), "schemes": SCHEMES.page(schemes_under(rule), QueryDict()), "forms": forms_under(one),
        "versions": versions_table(one).page(versions, QueryDict()), "acts": acts(request.user, one), "newest": newer(one, versions),
        "evaluations": EVALUATIONS.page(one.evaluations.all(), QueryDict()), "moments": moments(history(one)),
    }  # fmt: skip
    return render(request, "policies/measure.html", said)


def facts(one: RuleText) -> list[Fact]:
    read = library.measure_of(one)
    return [
        Fact(_("效力"), standing_tag(one)), Fact(_("文号"), one.document_number or None),
        Fact(_("施行日"), one.in_force.isoformat() if one.in_force else _("不详")),
        Fact(_("失效日"), one.until.isoformat() if one.until else _("未写")),
        Fact(_("以何日期定适用"), read.version.decided_by or _("决定日")),
        Fact(_("条文"), text_statuses(read)), Fact(_("名额"), strung(quotas(read)) or _("无")),
        Fact(_("标识与版本"), f"{one.rule} {_('第 %(n)s 版') % {'n': one.number}}", _("校验值 %(sha)s…") % {"sha": one.sha256[:16]}),
    ]  # fmt: skip


def guide_said(one: RuleText) -> str:
    """The plain words in the reader's language; in Chinese where there is no English."""
    found = one.guide_now
    if found is None:
        return ""
    return found.guide if in_chinese() or not found.guide_en else found.guide_en


def newer(one: RuleText, versions: Sequence[RuleText]) -> Any:
    """The way to the last version, where another is shown."""
    return version_link(versions[0]) if versions[0].pk != one.pk else None


def advice(one: RuleText) -> str:
    """What the end of a measure asks for."""
    if unevaluated_before(one.rule, timezone.localdate(), house_rules()) != one:
        return ""
    left = validity(one, timezone.localdate(), house_rules()).left or 0
    when = (
        _("还有 %(n)s 天失效") % {"n": left} if left > 0 else _("已于 %(until)s 失效") % {"until": one.until}
    )
    return _("本措施%(when)s，还没有评估：请先评估当初的目标是否达到，再定延续、修订或不再延续。") % {
        "when": when
    }


def acts(user: Any, one: RuleText) -> list[ActLink]:
    """What this person may do about the version."""
    if not evaluating.may_evaluate(user):
        return []
    renew = ActLink(_("据此起草下一版"), f"{reverse('policies:draft_new')}?base={one}", False)
    evaluate = ActLink(
        _("登记评估"), reverse("policies:evaluate", args=[one.rule, one.number]), bool(advice(one))
    )
    return (
        [renew]
        if validity(one, timezone.localdate(), house_rules()).standing == "draft"
        else [evaluate, renew]
    )


def schemes_under(rule: str) -> list[Scheme]:
    return [one for one in schemes().values() if one.measure == rule]


def history(one: RuleText) -> QuerySet[Event]:
    return Event.objects.filter(room="policies", kind=one.kind, object_id=str(one))


@require_safe
@login_required
def difference_page(request: HttpRequest, rule: str, old: int, new: int) -> HttpResponse:
    before, after = library.version(rule, old), library.version(rule, new)
    if old == new:
        raise Http404(_("请选两个不同的版本。"))
    found = difference(library.measure_of(before), library.measure_of(after))
    return render(request, "policies/difference.html", compared(found, before, after))


def compared(found: Any, before: RuleText, after: RuleText) -> dict[str, Any]:
    return {
        "measure": after, "old": version_link(before), "new": version_link(after), "difference": found,
        "numbers": NUMBERS.page(found.numbers, QueryDict()), "back": address(after),
    }  # fmt: skip


@login_required
def evaluate(request: HttpRequest, rule: str, number: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    one = evaluating.access_evaluating(user, rule, number)
    form = EvaluateForm(request.POST or None)
    acting = lambda: evaluating.evaluate(rule=rule, number=number, by=user, **form.cleaned_data)  # noqa: E731
    if done(request, form, acting):
        messages.success(request, _("已登记评估。"))
        return redirect(address(one))
    said = {
        "form": form, "act": _("登记评估"), "note": one.name, "crumb": ActLink(one.name, address(one), False),
        "back": address(one), "facts": facts(one), "advice": [_("依据：%(rule)s") % {"rule": house_rules().validity_cited}],
    }  # fmt: skip
    return render(request, "casework/thing_act.html", said, status=status(form))
