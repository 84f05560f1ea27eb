"""Signing in and out, and the user's own account: password, and sessions that end when it changes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.helpers import get_cool_off
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, update_session_auth_hash
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from mangrove.ledger.refusals import Refusal
from mangrove.registry.accounts import change_password
from mangrove.registry.models import User
from mangrove.registry.second_factor import has_factor
from mangrove.ui import house
from mangrove.workbench.lockout import address_is_spent

TOO_MANY = 429
#: By the setting that lets the public in.
PUBLIC = (
    ("MANGROVE_PUBLIC_OPENINGS", gettext_lazy("申报公告"), "intake:public_openings"),
    ("MANGROVE_PUBLIC_CALCULATOR", gettext_lazy("政策计算器"), "policies:calculator"),
    ("MANGROVE_PUBLIC_NOTICES", gettext_lazy("公示公告"), "casework:public_notices"),
    ("MANGROVE_PUBLIC_DRAFTS", gettext_lazy("公开征求意见"), "policies:open_drafts"),
)
HALF_WAY = "half_way"


class SignInForm(AuthenticationForm):
    """One sentence for a wrong name and a wrong password alike, so that nobody can learn which accounts exist."""

    error_messages = {
        "invalid_login": gettext_lazy("用户名或密码不正确，或账户已停用。请核对后重试，或联系系统管理员。"),
        "inactive": gettext_lazy("用户名或密码不正确，或账户已停用。请核对后重试，或联系系统管理员。"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = gettext_lazy("用户名")
        self.fields["password"].label = gettext_lazy("密码")


class SignIn(LoginView):
    template_name = "workbench/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        """The password was right; who has a second factor is not in before its code is given."""
        return let_in(self.request, form.get_user(), self.get_redirect_url())

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """``single``: what the way in by the city's sign-on is called, where there is one."""
        single = (settings.MANGROVE_OIDC_NAME or _("统一身份认证")) if settings.MANGROVE_OIDC_ISSUER else ""
        return super().get_context_data(**more) | {"single": single, "public": public_pages()}


def public_pages() -> list[tuple[Any, str]]:
    """Pages that this house shows to who has not signed in."""
    return [(label, reverse(route)) for setting, label, route in PUBLIC if getattr(settings, setting)]


def let_in(request: HttpRequest, user: User, onward: str) -> HttpResponse:
    """Somebody who is who they say: in, or to the code of their second factor."""
    if not has_factor(user):
        login(request, user)
        return redirect(onward or house.first_page(user, settings.LOGIN_REDIRECT_URL))
    request.session.cycle_key()
    request.session[HALF_WAY] = half_way(user, onward)
    return redirect("workbench:second_step")


def half_way(user: User, onward: str) -> dict[str, Any]:
    """What is remembered between password and code. It ends with the password that was given."""
    return {
        "user": user.pk, "backend": getattr(user, "backend", ""), "onward": onward,
        "hash": user.get_session_auth_hash(), "at": int(timezone.now().timestamp()),
    }  # fmt: skip


class OwnPasswordForm(PasswordChangeForm):
    """Asks for the present password; the registry decides whether the new one will do, and writes the event."""

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)
        labels = {
            "old_password": gettext_lazy("现用密码"),
            "new_password1": gettext_lazy("新密码"),
            "new_password2": gettext_lazy("再输一遍新密码"),
        }
        for name, label in labels.items():
            self.fields[name].label, self.fields[name].help_text = label, ""

    def clean_old_password(self) -> str:
        """A wrong one counts like a failed sign-in, so that an open session is no way to guess it."""
        given: str = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.username, password=given) is None:
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return given

    def save(self, commit: bool = True) -> User:
        user = self.user
        return change_password(
            user=user, new=self.cleaned_data["new_password1"], by=user.actor, on=timezone.localdate(),
            keep=self.request.sign_in.pk,  # type: ignore[attr-defined]
        )  # fmt: skip


class Account(LoginRequiredMixin, FormView):
    """Who one is here, and a new password; every other session of the account ends with the change."""

    template_name = "workbench/account.html"
    form_class = OwnPasswordForm
    success_url = reverse_lazy("workbench:account")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"user": self.request.user, "request": self.request}

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            update_session_auth_hash(self.request, form.save())
        except Refusal as refusal:
            form.add_error("new_password1", refusal.briefly)
            return self.form_invalid(form)
        messages.success(self.request, _("密码已改；其他设备上的登录已失效。"), extra_tags="good")
        return super().form_valid(form)


def locked(request: HttpRequest, original_response: Any = None, credentials: Any = None) -> HttpResponse:
    """Too many failures: says when one may try again. django-axes calls this by position, whatever it knows."""
    until = timezone.localtime(timezone.now() + (get_cool_off(request) or timedelta()))
    spent = address_is_spent(request)
    limit = settings.MANGROVE_ADDRESS_FAILURE_LIMIT if spent else settings.AXES_FAILURE_LIMIT
    context = {"until": until, "limit": limit}
    return render(request, "workbench/locked.html", context, status=TOO_MANY)
