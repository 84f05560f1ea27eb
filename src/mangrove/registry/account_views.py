"""Pages of the three administrators: accounts, one account, proposing and confirming changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.registry import account_changes, second_factor, sessions
from mangrove.registry.access import access_account, access_account_change, readable_accounts
from mangrove.registry.account_forms import DecideForm, OpenForm, RolesForm, WhyForm
from mangrove.registry.account_tables import ACCOUNTS, CHANGES, change_state, role_words
from mangrove.registry.labels import named
from mangrove.registry.models import AccountChange, Organisation, User
from mangrove.ui.acting import status
from mangrove.ui.components import Fact, moments
from mangrove.ui.exports import excel_response

both = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def accounts(request: HttpRequest) -> HttpResponse:
    rows = readable_accounts(request.user).select_related("organisation")
    waiting = AccountChange.objects.filter(state="proposed").order_by("pk")
    context = {
        "page": ACCOUNTS.page(rows, request.GET, reverse("registry:accounts_export")),
        "changes": CHANGES.page(waiting, QueryDict()),
        "may_propose": may(request, account_changes.PROPOSING),
    }
    return render(request, "registry/accounts.html", context)


@require_safe
@login_required
def accounts_export(request: HttpRequest) -> HttpResponse:
    return excel_response(
        request, ACCOUNTS, readable_accounts(request.user).select_related("organisation").order_by("username")
    )


def may(request: HttpRequest, role: str) -> bool:
    user: Any = request.user
    return bool(user.has_role(role))


@require_safe
@login_required
def account(request: HttpRequest, pk: int) -> HttpResponse:
    one = access_account(request.user, pk)
    events = Event.objects.filter(room="registry", kind="account", object_id=one.username)
    offered = [act for act in ACTS if may(request, ACTS[act][1]) and one.pk != request.user.pk]
    context = {
        "account": one, "facts": facts(one), "moments": moments(events),
        "acts": [(reverse(f"registry:account_{act}", args=[one.pk]), ACTS[act][0]()) for act in offered],
    }  # fmt: skip
    return render(request, "registry/account.html", context)


def facts(one: User) -> list[Fact]:
    return [
        Fact(_("称谓"), one.name),
        Fact(_("单位"), named(one.organisation) if one.organisation else None),
        Fact(_("处室"), one.unit),
        Fact(_("角色"), role_words(one.roles)),
        Fact(_("状态"), _("可用") if one.is_active else _("停用")),
        Fact(_("二次验证"), _("已启用") if second_factor.has_factor(one) else _("未启用")),
        Fact(_("现有登录"), sessions.open_sign_ins(one).count()),
    ]


def told(request: HttpRequest) -> dict[str, Any]:
    return {"by": request.user, "on": timezone.localdate()}


def propose_roles(request: HttpRequest, one: User, said: dict[str, Any]) -> str:
    account_changes.propose(kind="roles", username=one.username, **said, **told(request))
    return _("已提出，等安全管理员复核。")


def propose_close(request: HttpRequest, one: User, said: dict[str, Any]) -> str:
    account_changes.propose(kind="close", username=one.username, **said, **told(request))
    return _("已提出，等安全管理员复核。")


def end_sign_ins(request: HttpRequest, one: User, said: dict[str, Any]) -> str:
    return _("已结束 %(n)s 处登录。") % {"n": sessions.end_all(user=one, **said, **told(request))}


def reset_factor(request: HttpRequest, one: User, said: dict[str, Any]) -> str:
    second_factor.reset(user=one, **said, **told(request))
    return _("已重置二次验证。")


#: act: its words, by which role it is taken, what is asked, what is done.
ACTS: dict[str, tuple[Callable[[], str], str, type[WhyForm], Callable[..., str]]] = {
    "roles": (lambda: _("变更角色"), account_changes.PROPOSING, RolesForm, propose_roles),
    "close": (lambda: _("停用账号"), account_changes.PROPOSING, WhyForm, propose_close),
    "end_sign_ins": (lambda: _("结束全部登录"), account_changes.CONFIRMING, WhyForm, end_sign_ins),
    "reset_factor": (lambda: _("重置二次验证"), account_changes.CONFIRMING, WhyForm, reset_factor),
}


@both
@login_required
def account_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    one = access_account(request.user, pk)
    words, role, asked, done = ACTS[act]
    account_changes.refuse_other_role(request.user, role, words())  # type: ignore[arg-type]
    form = asked(request.POST or None, initial={"roles": one.roles})
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, done(request, one, form.cleaned_data), extra_tags="good")
            return redirect("registry:account", one.pk)
        except Refusal as refusal:
            form.add_error(None, refusal.briefly)
    context = {
        "form": form,
        "heading": f"{words()} · {one.username}",
        "act": words(),
        "back": reverse("registry:account", args=[one.pk]),
    }
    return render(request, "registry/account_form.html", context, status=status(form))


@both
@login_required
def account_open(request: HttpRequest) -> HttpResponse:
    account_changes.refuse_other_role(request.user, account_changes.PROPOSING, _("提出账号变动"))  # type: ignore[arg-type]
    form = OpenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            account_changes.propose(kind="open", **form.cleaned_data, **told(request))
            messages.success(request, _("已提出，等安全管理员复核。"), extra_tags="good")
            return redirect("registry:accounts")
        except Refusal as refusal:
            form.add_error(None, refusal.briefly)
    context = {"form": form, "heading": _("开立账号"), "act": _("提出"), "back": reverse("registry:accounts")}
    return render(request, "registry/account_form.html", context, status=status(form))


@both
@login_required
def account_change(request: HttpRequest, pk: int) -> HttpResponse:
    """What is proposed; for the security administrator with the two ways of deciding."""
    one = access_account_change(request.user, pk)
    form, password = DecideForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            password = decide(request, one, form.cleaned_data["why"])
            one.refresh_from_db()
        except Refusal as refusal:
            form.add_error(None, refusal.briefly)
    may_decide = may(request, account_changes.CONFIRMING) and one.state == "proposed"
    context = {
        "change": one,
        "form": form,
        "password": password,
        "may_decide": may_decide,
        "facts": change_facts(one),
    }
    return render(request, "registry/account_change.html", context, status=status(form))


def decide(request: HttpRequest, one: AccountChange, why: str) -> str:
    if request.POST.get("decision") == "confirm":
        return account_changes.confirm(change=one, why=why, **told(request))
    account_changes.decline(change=one, why=why, **told(request))
    return ""


def opened_facts(content: Mapping[str, Any]) -> list[Fact]:
    """All that the account would be, so that nobody confirms what they have not seen."""
    body = Organisation.objects.filter(pk=content["organisation"]).first()
    return [
        Fact(_("称谓"), content["name"]), Fact(_("单位"), named(body) if body else _("不属任何单位")), Fact(_("处室"), content["unit"]),
        Fact(_("职级"), content["rank"]),
    ]  # fmt: skip


def change_facts(one: AccountChange) -> list[Fact]:
    return [
        Fact(_("变动"), one.get_kind_display()),
        Fact(_("用户名"), one.username),
        *(opened_facts(one.content) if one.kind == "open" else ()),
        Fact(_("角色"), role_words(one.content.get("roles", []))),
        Fact(_("理由"), one.why),
        Fact(_("提出人"), one.proposed_by_name, one.proposed_on.isoformat()),
        Fact(_("状态"), change_state(one)),
        Fact(_("复核人"), one.decided_by_name, one.decided_why),
    ]
