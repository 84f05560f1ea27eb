"""The server's half of autosave (``static/ui/autosave.js``): a draft has a revision, and an older one never wins.

A view posts here every few seconds. It compares ``asked_revision(request)`` with the revision it holds, inside its
transaction and under a lock, and answers :func:`saved`, :func:`conflict` or :func:`refused`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Draft:
    """What ``ui/form.html`` needs: where to post, on which revision the page is built, and whose machine copy it is.

    ``side_by_side``: whether saving by hand shows two texts that collide beside one another.
    """

    url: str
    revision: int
    owner: str
    saved_at: datetime | None = None
    side_by_side: bool = False

    @property
    def sign_in(self) -> str:
        return resolve_url(settings.LOGIN_URL)


def asked_revision(request: HttpRequest) -> int | None:
    """The revision the browser's text is built on; ``None`` when the form does not say."""
    text = request.POST.get("draft_revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def saved(revision: int, at: datetime, note: str = "") -> JsonResponse:
    """Kept. ``note`` is what is wrong with the text all the same, said beside the time."""
    return JsonResponse({"revision": revision, "time": f"{timezone.localtime(at):%H:%M}", "note": note})


def conflict(by: str, at: datetime) -> JsonResponse:
    """Somebody saved after this page was opened: nothing is overwritten."""
    when = f"{timezone.localtime(at):%m-%d %H:%M}"
    return JsonResponse(
        {"message": _("%(by)s 于 %(when)s 存过新稿。") % {"by": by, "when": when}}, status=409
    )


def refused(message: str) -> JsonResponse:
    return JsonResponse({"message": message}, status=422)
