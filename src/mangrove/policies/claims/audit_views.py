"""Pages of the special audit of a claim: its lines with what is recognised, the list to be taken, and the conclusion."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from mangrove.casework.uploads import refused_uploads
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.access import access_claim
from mangrove.policies.claims.audit import (
    Audit,
    closing_day,
    conclude_audit,
    findings,
    rule_for,
    stands,
    window,
)
from mangrove.policies.claims.audit_forms import AmountsForm, ConcludeForm, ExpensesForm
from mangrove.policies.claims.audit_tables import LINES, AuditRow, rows_of
from mangrove.policies.claims.expense_sheets import Listed, columns_asked, expense_entity, read_list
from mangrove.policies.claims.expenses import digest_of, enter_amounts, list_of, take_expenses
from mangrove.policies.claims.models import Check, Claim
from mangrove.policies.claims.office import access_as_office, claim_href, may_work, state_words, tabs
from mangrove.policies.measures.models import RuleText
from mangrove.registry.importing.tables import WRONG
from mangrove.registry.importing.templates import empty_workbook, workbook_response
from mangrove.registry.labels import named, said
from mangrove.registry.models import User
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.components import Fact, Link, Tag
from mangrove.ui.exports import excel_response
from mangrove.ui.languages import in_words
from mangrove.ui.numbers import grouped, yuan
from mangrove.ui.tables import TablePage


@require_safe
@login_required
def blank_list(_request: HttpRequest) -> HttpResponse:
    """An empty list of expenses with the heads that are read."""
    columns, must = columns_asked()
    return workbook_response(said(expense_entity()), empty_workbook(columns, must.__contains__))


@require_safe
@login_required
def audit(request: HttpRequest, id: UUID) -> HttpResponse:
    claim = access_as_office(request.user, id)
    found, rows, refusal = found_of(claim)
    context = {
        **summary(claim, found), "claim": claim, "back": claim_href(claim), "tabs": tabs(claim, "audit"), "refusal": refusal,
        "page": LINES.page(rows, request.GET, reverse("policies:audit_export", args=[id])),
        "may_work": may_work(request.user, claim), "facts": facts(claim, found), "state": state_words(claim),
    }  # fmt: skip
    return render(request, "policies/audit.html", context)


def found_of(claim: Claim) -> tuple[Audit | None, list[AuditRow], Refusal | None]:
    """The findings as rows; where there are none, the bare lines and why."""
    try:
        found = findings(claim)
    except Refusal as refusal:
        return None, [AuditRow(one) for one in claim.expenses.order_by("number")], refusal
    return found, rows_of(found), None


def summary(claim: Claim, found: Audit | None) -> dict[str, Any]:
    """What ``policies/parts/audit_summary.html`` shows, on the claim's own page too: totals, and how the audit ended."""
    last: Check | None = claim.checks.filter(kind="audit").order_by("-pk").first()
    return {
        "totals": totals(claim, found), "concluded": concluded(last),
        "stale": last is not None and last.passed and not stands(claim, last),
    }  # fmt: skip


def totals(claim: Claim, found: Audit | None) -> list[Fact]:
    if found is None:
        return []
    declared = sum(one.line.declared for one in found.lines)
    states = [one.standing for one in found.lines]
    counted = _("共 %(all)s 行，认定 %(met)s 行，不认定 %(failed)s 行，缺数据 %(lacks)s 行") % {
        "all": grouped(len(states)), "met": states.count("符合"), "failed": states.count("不符合"), "lacks": states.count("缺数据"),  # type: ignore[arg-type]
    }  # fmt: skip
    return [
        Fact(_("申报金额"), in_yuan(declared), counted),
        Fact(_("经审核投资额"), in_yuan(found.totals["audited_investment"]), waiting(found)),
        Fact(_("设备投资额"), in_yuan(found.totals["equipment_investment"])),
    ]


def waiting(found: Audit) -> str:
    """What the sum counts although nobody has judged it yet."""
    lines = [one for one in found.lines if one.waits]
    said = _("含 %(n)s 行与前面的行是同一张发票、待核实的，共 %(amount)s 元")
    amount = sum(one.recognised or 0 for one in lines)
    return said % {"n": len(lines), "amount": yuan(amount)} if lines else ""


def in_yuan(fen: int | None) -> str:
    return _("缺数据") if fen is None else _("%(amount)s 元") % {"amount": yuan(fen)}


def concluded(last: Check | None) -> list[Fact]:
    if last is None:
        return [Fact(_("审计结论"), Tag(_("还没有结论"), "warn"))]
    tag = Tag(_("通过"), "good") if last.passed else Tag(_("不通过"), "bad")
    kept = last.detail.get("recognised", {}).get("audited_investment")
    return [
        Fact(_("审计结论"), tag, _("%(who)s，%(on)s") % {"who": last.by_name, "on": last.on}),
        Fact(_("审计意见"), in_words(last.opinion) or "—"), Fact(_("审计报告"), last.detail.get("report") or "—"),
        *([Fact(_("结论采用的投资额"), in_yuan(kept))] if last.passed else []),
    ]  # fmt: skip


def facts(claim: Claim, found: Audit | None) -> list[Fact]:
    begins, ends = window(claim)
    stated = bool(claim.declared.get("finished_on"))
    rule = found.rule if found else rule_if_any(claim)
    page = (
        Link(rule.name, reverse("policies:measure", args=[rule.rule, rule.number]))
        if rule
        else _("没有有效的规则")
    )
    return [
        Fact(_("申报单位"), named(claim.organisation)),
        Fact(_("申报日期"), claim.applied_on.isoformat()),
        Fact(_("费用起日"), begins.isoformat() if begins else None, _("项目的实施起日")),
        Fact(_("费用止日"), ends.isoformat() if ends else None, _("项目的完工日期") if stated or not closing_day(claim) else _("没有写完工日期，按申报窗口的截止日")),
        Fact(_("审计规则"), page, _("申报当日有效的一版")),
    ]  # fmt: skip


def rule_if_any(claim: Claim) -> RuleText | None:
    """It hangs on the day of applying alone, and is known before the list is read."""
    try:
        return rule_for(claim)
    except Refusal:
        return None


@require_safe
@login_required
def audit_export(request: HttpRequest, id: UUID) -> HttpResponse:
    claim = access_as_office(request.user, id)
    return excel_response(request, LINES, found_of(claim)[1], claim.title)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def expenses(request: HttpRequest, id: UUID) -> HttpResponse:
    """What the list says, right or wrong, before it is taken; or a corrected one."""
    user: User = request.user  # type: ignore[assignment]
    access_as_office(user, id)
    claim = access_claim(user, id, to=reading_or("expenses", request))
    if "amounts" in request.GET and claim.expenses.exists():
        return amounts(request, claim, user)
    form = ExpensesForm(request.POST or None, request.FILES or None, refused=refused_uploads(request))
    if done(request, form, lambda: taken(claim, user, form)):
        n = claim.expenses.count()
        messages.success(request, ngettext("已读入 %(n)s 行费用。", "已读入 %(n)s 行费用。", n) % {"n": n})
        return redirect("policies:audit", id)
    context = {
        "form": form, "claim": claim, "act": _("读入清单"), "back": reverse("policies:audit", args=[id]),
        **preview(shown_list(claim, form)),
    }  # fmt: skip
    return render(request, "policies/expenses.html", context, status=status(form))


def amounts(request: HttpRequest, claim: Claim, user: User) -> HttpResponse:
    """The audited amounts of all lines on one page, saved as one corrected list."""
    lines = list(claim.expenses.order_by("number"))
    form = AmountsForm(lines, request.POST or None, initial={"seen": digest_of(lines)})

    def act() -> object:
        said = form.cleaned_data
        return enter_amounts(
            claim_id=claim.pk,
            amounts=form.amounts(),
            seen=said["seen"],
            by=user,
            on=said["on"],
            why=said["why"],
        )

    if done(request, form, act):
        messages.success(request, _("已记下各行的审计金额。"))
        return redirect("policies:audit", claim.pk)
    context = {
        "form": form,
        "claim": claim,
        "act": _("填写审计金额"),
        "back": reverse("policies:audit", args=[claim.pk]),
        "amounts": True,
    }
    return render(request, "policies/expenses.html", context, status=status(form))


def taken(claim: Claim, user: User, form: ExpensesForm) -> None:
    content, name = form.content()
    take_expenses(
        claim_id=claim.pk,
        by=user,
        on=form.cleaned_data["on"],
        content=content,
        name=name,
        why=form.cleaned_data["why"],
    )


def shown_list(claim: Claim, form: ExpensesForm) -> Listed | None:
    """The file that was just sent, where it was refused; else the list of the application."""
    if form.is_bound and form.cleaned_data.get("file") is not None:
        return read_list(form.content()[0] or b"")
    try:
        return list_of(claim)
    except Refusal:
        return None


def preview(listed: Listed | None) -> dict[str, Any]:
    if listed is None:
        return {"listed": None}
    return {
        "listed": listed, "wrong": wrong_page(listed), "count": len(listed.wrong), "declared": yuan(listed.declared),
        "lines": len(listed.lines),
    }  # fmt: skip


def wrong_page(listed: Listed) -> TablePage | None:
    rows = [(one.line, one.column, one.what) for one in listed.wrong]
    return WRONG.page(rows, QueryDict()) if rows else None


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def conclude(request: HttpRequest, id: UUID) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    access_as_office(user, id)
    claim = access_claim(user, id, to=reading_or("check", request))
    form = ConcludeForm(request.POST or None)
    if done(request, form, lambda: conclude_audit(claim_id=id, by=user, **form.cleaned_data)):
        messages.success(request, _("已记下审计结论。"))
        return redirect("policies:audit", id)
    found, _rows, refusal = found_of(claim)
    context = {
        "form": form, "claim": claim, "act": _("记下审计结论"), "back": reverse("policies:audit", args=[id]),
        "totals": totals(claim, found), "refusal": refusal,
    }  # fmt: skip
    return render(request, "policies/audit_conclude.html", context, status=status(form))
