"""How a page acts: the form is valid, the act is done; or the refusal stands on the form and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest

from mangrove.ledger.refusals import Refusal
from mangrove.ui.forms import Answering
from mangrove.ui.refusals import STATUS


def done(
    request: HttpRequest,
    form: Answering,
    act: Callable[[], object],
    *,
    now: Callable[[], Mapping[str, Any]] | None = None,
) -> bool:
    """Whether the posted form was valid and was acted on; see :func:`tried`."""
    return request.method == "POST" and form.is_valid() and tried(form, act, now=now)


def tried(
    form: Answering, act: Callable[[], object], *, now: Callable[[], Mapping[str, Any]] | None = None
) -> bool:
    """Whether the act was done; its refusal is shown on the form.

    ``now`` tells what the page shows after a refusal (the version, say): the form is bound to it, so that the next
    try is against what was seen and not for ever against what is past.
    """
    try:
        act()
    except Refusal as refusal:
        form.refuse(refusal)
        if now is not None:
            form.shows_now(now())
        return False
    return True


def status(form: forms.BaseForm) -> int:
    """The status of the page that shows this form: 422 when what was sent could not be done."""
    return STATUS if form.is_bound and form.errors else 200


def reading_or(act: str, request: HttpRequest) -> str:
    """A form opens for who may take the act. One that is sent is judged by the act, which keeps what was typed."""
    return "read" if request.method == "POST" else act
