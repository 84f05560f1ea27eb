"""Writing the reply: the text with its live figures and marks, saved as one types."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from mangrove.ledger.refusals import Refusal
from mangrove.proposals import actions
from mangrove.proposals.access import access_reply
from mangrove.proposals.forms import DraftForm
from mangrove.proposals.letter_figures import palette
from mangrove.proposals.letter_pages import try_letter
from mangrove.proposals.models import Reply
from mangrove.registry.models import User
from mangrove.ui.acting import done, reading_or, status
from mangrove.ui.autosave import Draft as OpenDraft
from mangrove.ui.autosave import asked_revision, conflict, refused, saved


@login_required
def edit(request: HttpRequest, id: str) -> HttpResponse:
    """The editor; saving by hand keeps a revision and goes back to the reply, or stays while the text makes no letter."""
    user: User = request.user  # type: ignore[assignment]
    found = access_reply(user, id, to=reading_or("write", request))
    last = found.drafts.order_by("-revision").first()
    form = DraftForm(request.POST or None, initial={"text": last.text if last else ""})
    base = asked_revision(request) or 0
    if done(
        request, form, lambda: actions.save_draft(by=user, reply_id=id, base_revision=base, **form.cleaned_data)
    ):  # fmt: skip
        return saved_by_hand(request, user, found)
    letter, broken = try_letter(user, found)
    said = {
        "form": form,
        "reply": found,
        "draft": open_draft(found, user, base if request.method == "POST" else None),
        "figures": palette(timezone.localdate()),
        "letter": letter,
        "refusal": broken,
        "revisions": found.drafts.order_by("-revision").defer("text"),
        "back": reverse("proposals:reply", args=[id]),
    }
    return render(request, "proposals/draft.html", said, status=status(form))


def saved_by_hand(request: HttpRequest, user: User, reply: Reply) -> HttpResponse:
    _letter, broken = try_letter(user, reply)
    if broken is None:
        messages.success(request, _("已保存。"))
        return redirect("proposals:reply", reply.pk)
    said = _("已保存，但正文还成不了函：%(what)s") % {"what": broken.what}
    messages.warning(request, said, extra_tags="warn")
    return redirect("proposals:draft", reply.pk)


@login_required
@require_safe
def preview(request: HttpRequest, id: str) -> HttpResponse:
    """What the newest text makes; the editor asks for it after each save."""
    user: User = request.user  # type: ignore[assignment]
    letter, broken = try_letter(user, access_reply(user, id, to="write"))
    return render(request, "proposals/parts/preview.html", {"letter": letter, "refusal": broken})


@login_required
@require_safe
def revision(request: HttpRequest, id: str, revision: int) -> HttpResponse:
    """One earlier revision as it was saved, for who may write the next."""
    found = access_reply(request.user, id, to="write")
    draft = get_object_or_404(found.drafts, revision=revision)
    return render(request, "proposals/revision.html", {"reply": found, "draft": draft})


def open_draft(reply: Reply, user: User, base: int | None = None) -> OpenDraft:
    """What the page tells the browser.

    ``base`` is the revision that refused text was built on: it stays, so that the text cannot slip over the newer one
    when the page saves itself again.
    """
    last = reply.drafts.order_by("-revision").first()
    url = reverse("proposals:autosave", args=[reply.pk])
    newest = last.revision if last else 0
    if base is not None:
        return OpenDraft(url, base, user.username)
    return OpenDraft(url, newest, user.username, last.saved_at if last else None)


@login_required
@require_POST
def autosave(request: HttpRequest, id: str) -> HttpResponse:
    """Keep what has been typed so far; somebody else's newer text is never overwritten."""
    user: User = request.user  # type: ignore[assignment]
    try:
        draft = actions.save_draft(
            by=user,
            reply_id=id,
            text=request.POST.get("text", ""),
            base_revision=asked_revision(request) or 0,
        )
    except Refusal as refusal:
        if refusal.code == "proposals.newer_draft":
            last = access_reply(user, id).drafts.order_by("-revision")[0]
            return conflict(last.saved_by_name, last.saved_at)
        return refused(str(refusal))
    return saved(draft.revision, draft.saved_at, note=in_its_way(user, id))


def in_its_way(user: User, id: str) -> str:
    """What stands between the text just saved and a letter, in one line beside the editor; empty when nothing does."""
    letter, broken = try_letter(user, access_reply(user, id))
    if broken is not None:
        return str(broken.what)
    wrong = len(letter.check.findings) if letter else 0
    return (
        ngettext("%(n)s 处数字与指标库不符", "%(n)s 处数字与指标库不符", wrong) % {"n": wrong}
        if wrong
        else ""
    )
