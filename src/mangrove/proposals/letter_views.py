"""The letter as paper: PDF, DOCX, its conformity with GB/T 9704; and where each row of the letter map is carried."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mangrove.documents.check import Verdict, check_pdf
from mangrove.documents.picture import page_png
from mangrove.proposals.access import Visitor, access_letter, access_reply, visible_letters, visible_proposals
from mangrove.proposals.composition import signed_letter
from mangrove.proposals.letter_pages import LetterView, letter_for
from mangrove.proposals.map import carried_rows
from mangrove.proposals.models import Reply
from mangrove.proposals.paper import as_docx, on_paper
from mangrove.ui.components import Tone

TONES: dict[Verdict, Tone] = {
    Verdict.PASS: "good",
    Verdict.FAIL: "bad",
    Verdict.HINT: "warn",
    Verdict.BY_HAND: "calm",
}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def letter_of(user: Visitor, reply: Reply) -> LetterView:
    """The letter that this person may see; ``Http404`` when there is none, :class:`Refusal` for a broken draft."""
    view = letter_for(user, reply)
    if view is None:
        raise Http404(_("还没有答复稿。"))
    return view


def download(content: bytes, kind: str, name: str, *, inline: bool) -> HttpResponse:
    way = "inline" if inline else "attachment"
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f"{way}; filename*=UTF-8''{quote(name)}"}
    )


@login_required
@require_safe
def pdf(request: HttpRequest, id: str) -> HttpResponse:
    reply = access_reply(request.user, id)
    return download(
        on_paper(letter_of(request.user, reply).letter).pdf, "application/pdf", f"{reply.proposal.number}_复函.pdf", inline=True
    )  # fmt: skip


@login_required
@require_safe
def picture(request: HttpRequest, id: str) -> HttpResponse:
    """The first page as a picture; its address carries the content hash, so a browser may keep it."""
    reply = access_reply(request.user, id)
    image = page_png(on_paper(letter_of(request.user, reply).letter).pdf)
    return HttpResponse(image, content_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


@login_required
@require_safe
def docx(request: HttpRequest, id: str) -> HttpResponse:
    reply = access_reply(request.user, id)
    return download(
        as_docx(letter_of(request.user, reply).letter),
        DOCX,
        f"{reply.proposal.number}_复函.docx",
        inline=False,
    )


@login_required
@require_safe
def signed_pdf(request: HttpRequest, id: int) -> HttpResponse:
    """One signed version, whatever came after it."""
    letter = access_letter(request.user, id)
    name = f"{letter.reply.proposal.number}_复函_第{letter.version}版.pdf"
    return download(on_paper(signed_letter(letter)).pdf, "application/pdf", name, inline=True)


@login_required
@require_safe
def conformity(request: HttpRequest, id: str) -> HttpResponse:
    """What was measured on the printed page, and with which faces it was printed."""
    reply = access_reply(request.user, id)
    letter = letter_of(request.user, reply).letter
    paper = on_paper(letter)
    findings = [(finding, TONES[finding.verdict]) for finding in check_pdf(paper.pdf, letter)]
    return render(
        request, "proposals/conformity.html", {"reply": reply, "paper": paper, "findings": findings}
    )


@login_required
@require_safe
def letter_map_page(request: HttpRequest) -> HttpResponse:
    """Every row of the founding letter, and the passage and screen that carry it."""
    rows = carried_rows(visible_proposals(request.user), visible_letters(request.user))
    return render(request, "proposals/map.html", {"rows": rows})
