"""Pages of what can be applied for: the list, and the form that opens a window."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mangrove.casework.promise_pages import ActLink
from mangrove.intake.access import may_open
from mangrove.policies.calculator.onward import open_windows
from mangrove.policies.measures.articles import article_said
from mangrove.policies.measures.library import holding, measure_of
from mangrove.policies.measures.models import RuleText
from mangrove.policies.measures.tables import measure_link
from mangrove.policies.schemes.access import access_scheme
from mangrove.policies.schemes.definition import Scheme, schemes
from mangrove.policies.schemes.forming import form_of
from mangrove.policies.schemes.forms import SchemeOpeningForm
from mangrove.policies.schemes.opening import open_scheme
from mangrove.policies.schemes.origin_pages import form_section
from mangrove.policies.schemes.rules import paying, rule_on
from mangrove.policies.schemes.tables import SchemeRow, checks_words, schemes_table
from mangrove.registry.models import User
from mangrove.ui.acting import done, status
from mangrove.ui.components import Fact
from mangrove.ui.exports import excel_response


def rows(user: Any) -> list[SchemeRow]:
    """``user``: who reads them and may open a window for those of their own office; nobody in a file."""
    held = {one.rule: one for one in holding(timezone.localdate(), None)}
    windows = open_windows(timezone.now())
    return [
        SchemeRow(one, held.get(one.measure), windows.get(one.id), user is not None and user.unit == one.unit)
        for one in schemes().values()
    ]


@require_safe
@login_required
def offered(request: HttpRequest) -> HttpResponse:
    may = may_open(request.user)
    page = schemes_table(may).page(
        rows(request.user if may else None), request.GET, reverse("policies:schemes_export")
    )
    return render(request, "casework/thing_list.html", {"page": page})


@require_safe
@login_required
def export(request: HttpRequest) -> HttpResponse:
    return excel_response(request, schemes_table(False), rows(None))


@require_safe
@login_required
def scheme(request: HttpRequest, id: str) -> HttpResponse:
    """What can be applied for, under which clause, and where its form comes from."""
    one = access_scheme(request.user, id)
    opens = may_open(request.user) and not one.instant
    said = {
        "heading": str(one.title), "crumb": crumb(), "facts": facts(one), "sections": [form_section(one, rule_on(one, timezone.localdate()))],
        "acts": [ActLink(_("开放申报"), reverse("policies:scheme_open", args=[id]), True)] if opens else [],
    }  # fmt: skip
    return render(request, "casework/thing.html", said)


def crumb() -> ActLink:
    return ActLink(_("扶持事项一览"), reverse("policies:schemes"), False)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_window(request: HttpRequest, id: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    one = access_scheme(user, id, to="open")
    form = SchemeOpeningForm(request.POST or None, scheme=one)
    if done(request, form, lambda: open_scheme(scheme_id=id, by=user, **form.cleaned_data)):
        messages.success(request, _("已开放申报。"))
        return redirect("intake:opening", form.cleaned_data["id"])
    said: dict[str, Any] = {
        "form": form, "act": _("开放申报"), "note": str(one.title), "crumb": crumb(), "back": crumb().href, "facts": facts(one),
        "advice": [_("表单由这一事项的条款写成，名录里有的不再问；开放之后表单不再变，截止时间只能延后。")],
    }  # fmt: skip
    return render(request, "casework/thing_act.html", said, status=status(form))


def facts(one: Scheme) -> list[Fact]:
    """By what it is opened; the refusal where no measure holds is the page."""
    rule = rule_on(one, timezone.localdate())
    return [
        Fact(_("依据"), measure_link(rule), _("今天有效的一版")), Fact(_("条款"), article_said(paying(one, measure_of(rule)).article)),
        Fact(_("审核环节"), checks_words(one)), Fact(_("受理处室"), one.unit), Fact(_("要填写的"), asked(one, rule)),
    ]  # fmt: skip


def asked(one: Scheme, rule: RuleText) -> str:
    if one.instant:
        return _("免申即享，不填表")
    form = form_of(one, rule)
    return _("%(questions)s 项填写，%(papers)s 份材料") % {
        "questions": len(form.questions),
        "papers": len(form.papers),
    }
