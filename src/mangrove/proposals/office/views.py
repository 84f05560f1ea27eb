"""The page of a reply's way through the office system: the package out, and what comes back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mangrove.casework.uploads import refused_uploads
from mangrove.documents.stamped import Difference
from mangrove.ledger.checks import said as told
from mangrove.ledger.models import Event
from mangrove.proposals.access import access_reply
from mangrove.proposals.act_views import initial
from mangrove.proposals.letter_views import download
from mangrove.proposals.models import Reply
from mangrove.proposals.office.coming_back import Comparison, said, take_back
from mangrove.proposals.office.folders import folders
from mangrove.proposals.office.forms import ComingBackForm
from mangrove.proposals.office.package import refuse_outsider, send_out
from mangrove.proposals.office.sealing import BACK, NUMBERED, OUT, put_out
from mangrove.registry.models import User
from mangrove.ui.acting import done, status
from mangrove.ui.components import moments


@login_required
def office(request: HttpRequest, id: str) -> HttpResponse:
    """What goes out and what comes back; the form stands open once the letter is signed."""
    user: User = request.user  # type: ignore[assignment]
    reply = access_reply(user, id)
    refuse_outsider(user, reply)
    form = form_of(request, reply)
    if done(
        request, form, lambda: take_back(by=user, reply_id=id, **form.cleaned_data),
        now=lambda: {"expected_version": access_reply(user, id).case.version},
    ):  # fmt: skip
        messages.success(request, _("已编号，盖章文件已存入本件。"))
        return redirect("proposals:reply", id)
    return render(request, "proposals/office.html", context(user, reply, form), status=status(form))


def form_of(request: HttpRequest, reply: Reply) -> ComingBackForm:
    letter = reply.signed_letters.order_by("-version").first()
    start = initial(reply, "number") | {"expected_version": reply.case.version}
    return ComingBackForm(
        request.POST or None, request.FILES or None, refused=refused_uploads(request),
        initial=start | ({"dated": letter.signed_on} if letter else {}),
    )  # fmt: skip


def context(user: User, reply: Reply, form: ComingBackForm) -> dict[str, Any]:
    events = Event.objects.filter(
        room="proposals", kind="reply", object_id=reply.pk, act__in=("proposals.office_out", "proposals.office_back", OUT, BACK)
    )  # fmt: skip
    return {
        "reply": reply, "form": form, "act": _("编号并存盖章文件"), "back": reverse("proposals:reply", args=[reply.pk]),
        "signed": reply.case.state == "signed", "may_number": user.has_role("reviewer"),
        "may_seal": reply.case.state == NUMBERED and folders() is not None, "sealed": sealed_words(reply),
        "letter": reply.case.state not in ("handed", "drafting", "returned"), "moments": moments(events),
    }  # fmt: skip


def sealed_words(reply: Reply) -> list[str]:
    """What the file that came back last differs in; one sentence too where it agrees. None where nothing came of the letter as
    it now is: an earlier version was another text."""
    event = (
        Event.objects.filter(act=BACK, room="proposals", kind="reply", object_id=reply.pk)
        .select_related("body")
        .last()
    )
    words = told(event) if event else None
    letter = reply.signed_letters.order_by("-version").first()
    if words is None or letter is None or words["version"] != letter.version:
        return []
    found = Comparison(words["readable"], tuple(Difference(**one) for one in words["differences"]), False)
    return list(said(found, letter, letter.signed_on)) or [_("收回的盖章文件与签发的文本逐字相同。")]


@require_POST
@login_required
def seal(request: HttpRequest, id: str) -> HttpResponse:
    """Into the folder of the seal; there is no such act while no folder is set."""
    if folders() is None:
        raise Http404
    name = put_out(by=request.user, on=timezone.localdate(), reply_id=id)  # type: ignore[arg-type]
    messages.success(request, _("已放入用印文件夹：%(name)s。") % {"name": name})
    return redirect("proposals:office", id)


@require_POST
@login_required
def package(request: HttpRequest, id: str) -> HttpResponse:
    """The package as a download. Making it is an act, so it is asked for by a form and not by a link."""
    made = send_out(by=request.user, on=timezone.localdate(), reply_id=id)  # type: ignore[arg-type]
    return download(made.content, "application/zip", made.name, inline=False)
