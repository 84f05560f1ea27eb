"""What holds on every page: a session ends in the end, a given password is changed first, a refusal is an answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.registry import sessions
from mangrove.registry.classified import refuse_classified_text
from mangrove.registry.models import SignIn, User
from mangrove.registry.second_factor import has_factor, must_have_factor
from mangrove.ui.autosave import refused
from mangrove.ui.refusals import refusal_page
from mangrove.workbench.lockout import client_address
from mangrove.workbench.signed_in import SIGN_IN, sign_in_of

Answer = Callable[[HttpRequest], HttpResponse]


def remember_sign_in(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Receives ``user_logged_in``: the session will name this sign-in."""
    begun = sessions.begin(user, client_address(request), request.META.get("HTTP_USER_AGENT", ""))
    request.session[SIGN_IN] = str(begun.pk)


def forget_sign_in(request: HttpRequest, **kwargs: Any) -> None:
    """Receives ``user_logged_out``, while the session still says which."""
    if named := getattr(request, "session", {}).get(SIGN_IN):
        sessions.close(SignIn.objects.filter(pk=named), "signed_out")


class NotKept:
    """No browser and no proxy keeps a page that was drawn for a signed-in person. Files say for themselves."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.user.is_authenticated and answer.get("Content-Type", "").startswith("text/html"):
            patch_cache_control(answer, private=True, no_store=True)
        return answer


class SessionLimit:
    """Ends a session when its sign-in is over: ended by a person, idle too long, or too long ago however busy.

    A session that names no sign-in is taken as over. Views marked by ``ui/background.py`` are no sign of life.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            found = sign_in_of(request)
            over = sessions.over(found, timezone.now()) if found else "limit"
            if over:
                return self.ended(request, over)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *arguments: Any) -> None:
        found = sign_in_of(request) if request.user.is_authenticated else None
        if found is not None and not getattr(view, "background", False):
            sessions.seen(found)

    def ended(self, request: HttpRequest, over: str) -> HttpResponse:
        logout(request)
        said = {"limit": _("登录已满规定时长，请重新登录。"), "idle": _("闲置已满规定时长，请重新登录。")}
        messages.info(request, said.get(over, _("这次登录已被结束，请重新登录。")), extra_tags="info")
        return self.leading_away(request)

    def leading_away(self, request: HttpRequest) -> HttpResponse:
        """A part of a page that asks by script gets the whole page sent to sign-in, not a sign-in form inside it."""
        onward = redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        if not getattr(request, "htmx", False):
            return onward
        answer = HttpResponse(status=204)
        answer["HX-Refresh"] = "true"
        return answer


def leads_to(pages: Iterable[str], request: HttpRequest) -> bool:
    return any(request.path == reverse(name) for name in pages)


class FirstPassword:
    """Who still has the password that an administrator gave goes to change it before anything else."""

    FREE = ("workbench:account", "workbench:sign_out", "workbench:set_language")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request.user, "must_change_password", False) and not leads_to(self.FREE, request):
            messages.info(request, _("首次登录须先修改密码。"), extra_tags="warn")
            return redirect("workbench:account")
        return self.get_response(request)


class SecondFactorFirst:
    """Who must give one-time codes and has none yet goes to enrol, once the password is their own."""

    FREE = (*FirstPassword.FREE, "workbench:factor")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if (
            isinstance(user, User)
            and must_have_factor(user)
            and not leads_to(self.FREE, request)
            and not has_factor(user)
        ):
            messages.info(request, _("您的角色须先启用二次验证。"), extra_tags="warn")
            return redirect("workbench:factor")
        return self.get_response(request)


class NothingClassified:
    """What is typed into any form of any room is looked at before its view sees it; see ``registry/classified.py``.

    Files are looked at where they are stored.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        try:
            for values in request.POST.lists():
                for text in values[1]:
                    refuse_classified_text(text, _("所填内容"))
        except Refusal as refusal:
            return self.answer(request, refusal)
        return None

    def answer(self, request: HttpRequest, refusal: Refusal) -> HttpResponse:
        """Autosave is answered in its own way, so that the page stays and says it beside the text."""
        by_script = "draft_revision" in request.POST and "text/html" not in request.headers.get("Accept", "")
        return refused(str(refusal)) if by_script else refusal_page(request, refusal)


class RefusalPages:
    """Turns a :class:`Refusal` that a view let pass into its page."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusal_page(request, exception) if isinstance(exception, Refusal) else None
