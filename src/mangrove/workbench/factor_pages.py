"""One-time codes: the second step of signing in, and enrolling a telephone or giving it up."""

from __future__ import annotations

import hmac
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mangrove.ledger.refusals import Refusal
from mangrove.registry import second_factor
from mangrove.registry.models import RecoveryCode, User
from mangrove.ui import house
from mangrove.workbench.sign_in import HALF_WAY, locked
from mangrove.workbench.views import signed_in

HALF_WAY_LIMIT = 5 * 60
"""Seconds between password and code."""


class CodeForm(forms.Form):
    use_required_attribute = False
    code = forms.CharField(
        label=gettext_lazy("验证码"), max_length=40, help_text=gettext_lazy("手机上的 6 位数字，或一个恢复码。"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )  # fmt: skip


class OwnCodeForm(CodeForm):
    """With the password, so that an open session alone changes nothing."""

    password = forms.CharField(
        label=gettext_lazy("现用密码"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    field_order = ("password", "code")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"].widget.attrs["autofocus"]  # the password comes first


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The code of who gave the right password just now. Wrong ones count like wrong passwords."""
    user, form = half_way_user(request), CodeForm(request.POST or None)
    if user is None:
        request.session.pop(HALF_WAY, None)
        messages.info(request, _("请先输入用户名和密码。"), extra_tags="info")
        return redirect("workbench:sign_in")
    credentials = {"username": user.username}
    if not AxesProxyHandler.is_allowed(request, credentials):
        return locked(request)
    if request.method == "POST" and form.is_valid():
        if second_factor.passes(user, form.cleaned_data["code"], timezone.localdate()):
            return entered(request, user)
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
        form.add_error("code", second_factor.wrong_code(user).briefly)
    return render(request, "workbench/second_step.html", {"form": form})


def half_way_user(request: HttpRequest) -> User | None:
    """Who stands between password and code; nobody once it took too long or the password was changed."""
    kept = request.session.get(HALF_WAY) or {}
    user = User.objects.filter(pk=kept.get("user", 0), is_active=True).first()
    if user is None or timezone.now().timestamp() - kept["at"] > HALF_WAY_LIMIT:
        return None
    return user if hmac.compare_digest(kept["hash"], user.get_session_auth_hash()) else None


def entered(request: HttpRequest, user: User) -> HttpResponse:
    kept = request.session.pop(HALF_WAY)
    login(request, user, backend=kept["backend"] or settings.AUTHENTICATION_BACKENDS[-1])
    return redirect(kept["onward"] or house.first_page(user, settings.LOGIN_REDIRECT_URL))


@sensitive_post_parameters("code", "password")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def factor(request: HttpRequest) -> HttpResponse:
    """Enrol where there is none, else give it up."""
    user, form = signed_in(request), OwnCodeForm(request.POST or None)
    enrolled = second_factor.has_factor(user)
    if request.method == "POST" and form.is_valid() and is_oneself(request, user, form):
        try:
            return left(request, user, form) if enrolled else confirmed(request, user, form)
        except Refusal as refusal:
            form.add_error("code", refusal.briefly)
    return render(
        request, "workbench/factor.html", {"form": form, "enrolled": enrolled, **told(user, enrolled)}
    )


def told(user: User, enrolled: bool) -> dict[str, Any]:
    if enrolled:
        left = RecoveryCode.objects.filter(user=user, used_at=None).count()
        return {"left": left, "required": second_factor.must_have_factor(user)}
    begun = second_factor.begun(user)
    # Drawn by segno from our own address of the secret: no text of a person is in it.
    return {"picture": mark_safe(second_factor.picture(begun)), "secret": second_factor.secret_of(begun)}  # noqa: S308


def is_oneself(request: HttpRequest, user: User, form: OwnCodeForm) -> bool:
    """A wrong password counts like a failed sign-in."""
    if authenticate(request, username=user.username, password=form.cleaned_data["password"]) is not None:
        return True
    form.add_error("password", _("密码不正确。"))
    return False


def confirmed(request: HttpRequest, user: User, form: OwnCodeForm) -> HttpResponse:
    codes = second_factor.enrol(user=user, code=form.cleaned_data["code"], on=timezone.localdate())
    return render(request, "workbench/recovery_codes.html", {"codes": codes})


def left(request: HttpRequest, user: User, form: OwnCodeForm) -> HttpResponse:
    second_factor.leave(user=user, code=form.cleaned_data["code"], on=timezone.localdate())
    messages.success(request, _("已停用二次验证。"), extra_tags="good")
    return redirect("workbench:factor")
