"""What holds on every page: a session ends in the end, a given password is changed first, a refusal is an answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from mangrove.ledger.refusals import Refusal
from mangrove.registry.classified import refuse_classified_text
from mangrove.ui.autosave import refused
from mangrove.ui.refusals import refusal_page

Answer = Callable[[HttpRequest], HttpResponse]
SIGNED_IN_AT = "signed_in_at"


def remember_sign_in(request: HttpRequest, **kwargs: Any) -> None:
    """Receives ``user_logged_in``."""
    request.session[SIGNED_IN_AT] = int(time.time())


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
    """Ends a session ``MANGROVE_SESSION_LIMIT`` seconds after sign-in, however busy it is.

    The idle limit is the age of the session cookie. A session without a sign-in time is taken as expired.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self.is_over(request):
            logout(request)
            messages.info(request, _("登录已满规定时长，请重新登录。"), extra_tags="info")
            return redirect_to_login(request.get_full_path(), resolve_url(settings.LOGIN_URL))
        return self.get_response(request)

    def is_over(self, request: HttpRequest) -> bool:
        since = request.session.get(SIGNED_IN_AT, 0)
        return bool(time.time() - since >= settings.MANGROVE_SESSION_LIMIT)


class FirstPassword:
    """Who still has the password that an administrator gave goes to change it before anything else."""

    FREE = ("workbench:account", "workbench:sign_out", "workbench:set_language")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request.user, "must_change_password", False) and not self.is_free(request.path):
            messages.info(request, _("首次登录须先修改密码。"), extra_tags="warn")
            return redirect("workbench:account")
        return self.get_response(request)

    def is_free(self, path: str) -> bool:
        return path in {reverse(name) for name in self.FREE}


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
