"""Handing in and its receipt; taking back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.intake import submitting
from mangrove.intake.access import access_application, access_submission
from mangrove.intake.draft_views import being_checked
from mangrove.intake.forms import StepForm
from mangrove.intake.models import Application, Submission
from mangrove.intake.receipts import receipt_pdf
from mangrove.intake.standing import until
from mangrove.intake.submitting import draft_of, received
from mangrove.intake.summary import summary
from mangrove.ledger.refusals import Refusal
from mangrove.registry.labels import named
from mangrove.registry.models import User
from mangrove.ui.acting import done, status
from mangrove.ui.components import Fact
from mangrove.ui.refusals import STATUS


@login_required
def submit(request: HttpRequest, id: int) -> HttpResponse:
    """Read all once more, then hand in. The key in the page makes a second press the same submission."""
    received_at = timezone.now()  # before anything is waited for
    user: User = request.user  # type: ignore[assignment]
    one = access_application(user, id, to="submit")
    refusal = None
    if request.method == "POST":
        try:
            made = submitting.submit(
                application_id=id, key=key_of(request), by=user, received_at=received_at, unchanged=reasons_in(request),
            )  # fmt: skip
            return redirect("intake:receipt", made.pk)
        except Refusal as refused:
            refusal = refused
            one = access_application(user, id, to="submit")
    context = submit_page(one, reasons_in(request)) | {"refusal": refusal}
    return render(request, "intake/submit.html", context, status=STATUS if refusal else 200)


def key_of(request: HttpRequest) -> uuid.UUID:
    """What cannot be read is a key that nothing was made of, which the act refuses in words."""
    try:
        return uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid.UUID(int=0)


def reasons_in(request: HttpRequest) -> dict[str, str]:
    """By item, why it is handed in as it was."""
    mark = "unchanged-"
    return {
        name.removeprefix(mark): str(text) for name, text in request.POST.items() if name.startswith(mark)
    }


def submit_page(one: Application, reasons: Mapping[str, str]) -> dict[str, Any]:
    draft = draft_of(one)
    return {
        "application": one, "missing": draft.missing, "checking": being_checked(draft),
        "unmended": [(lack, reasons.get(lack.item, "")) for lack in draft.unmended],
        "closes": until(one.opening.closes_at),
        "parts": summary(draft.form, draft.read.values, draft.read.known, draft.papers, draft.read),
        "first": one.case is None, "back": reverse("intake:application", args=[one.pk]),
    }  # fmt: skip


@require_safe
@login_required
def receipt(request: HttpRequest, id: int) -> HttpResponse:
    """The receipt, to print: number, when it came in by the server's clock, hashes of the content and of each file."""
    made = access_submission(request.user, id)
    context = {
        "submission": made, "application": made.application, "facts": receipt_facts(made),
        "papers": made.enclosures.select_related("paper"), "city": settings.MANGROVE_CITY_NAME,
        "labels": made.application.opening.form.definition.by_id,
    }  # fmt: skip
    return render(request, "intake/receipt.html", context)


@require_safe
@login_required
def receipt_file(request: HttpRequest, id: int) -> HttpResponse:
    made = access_submission(request.user, id)
    name = quote(f"回执 {made.number}.pdf")
    headers = {"Content-Disposition": f"inline; filename*=UTF-8''{name}"}
    return HttpResponse(receipt_pdf(made), content_type="application/pdf", headers=headers)


def receipt_facts(made: Submission) -> list[Fact]:
    grace = _("在宽限内收到") if made.in_grace else ""
    return [
        Fact(_("回执号"), made.number),
        Fact(_("收到时间"), received(made.received_at), _("北京时间，以服务器为准")),
        Fact(_("截止时间"), until(made.closes_at), grace),
        Fact(_("所属窗口"), str(made.application.opening)),
        Fact(
            _("申报单位"), named(made.application.organisation), made.content["organisation"]["credit_code"]
        ),
        Fact(_("提交人"), made.by_name),
        Fact(_("第几次提交"), made.round),
        Fact(_("内容校验值"), made.content_hash, "SHA-256"),
    ]


@login_required
def withdraw(request: HttpRequest, id: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    one = access_application(user, id, to="read" if request.method == "POST" else "withdraw")
    version = one.case.version if one.case else 0
    form = StepForm(request.POST or None, initial={"version": version})

    def act() -> Application:
        said = form.cleaned_data
        return submitting.withdraw(
            application_id=id, by=user, on=said["on"], why=said["why"], expected_version=said["version"]
        )

    def now() -> dict[str, Any]:
        again = access_application(user, id)
        return {"version": again.case.version if again.case else 0}

    if done(request, form, act, now=now):
        messages.success(request, _("已撤回。"))
        return redirect("intake:application", id)
    context = {
        "form": form,
        "application": one,
        "act": _("撤回"),
        "back": reverse("intake:application", args=[id]),
    }
    return render(request, "intake/withdraw.html", context, status=status(form))
