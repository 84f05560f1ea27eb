"""Acting on received letters. A refusal is shown on the form that it answers, so that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mangrove.casework.uploads import refused_uploads
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.received import actions, filing
from mangrove.proposals.received.access import access_item, access_received, may_read_in, may_work
from mangrove.proposals.received.checking import verdicts
from mangrove.proposals.received.decisions import Cut
from mangrove.proposals.received.describing import describe
from mangrove.proposals.received.forms import FORMS, FileForm, ItemForm, ReadInForm, ReopenForm
from mangrove.proposals.received.intake import read_in as take_in
from mangrove.proposals.received.labels import NOT_ONE
from mangrove.proposals.received.models import COMPUTED, Kind, ReceivedItem, ReceivedLetter
from mangrove.proposals.received.pages import organisation_names, promise_links
from mangrove.registry.models import User
from mangrove.ui.acting import done, reading_or, status, tried

PASTED = "粘贴的来函.txt"


def at(letter_id: int, number: str = "") -> HttpResponseRedirect:
    """Back to the letter, where the item stands."""
    return redirect(reverse("proposals:received_letter", args=[letter_id]) + (f"#{number}" if number else ""))


@login_required
def read_in(request: HttpRequest) -> HttpResponse:
    """Read a letter in; a file that was read before leads to the reading there is."""
    user: User = request.user  # type: ignore[assignment]
    if not may_read_in(user):
        raise Http404(_("没有这一页。"))
    form = ReadInForm(request.POST or None, request.FILES or None, refused=refused_uploads(request))
    if request.method == "POST" and form.is_valid():
        try:
            return arrived(request, user, form.cleaned_data)
        except Refusal as refusal:
            form.add_error("file" if request.FILES else "text", str(refusal))
    return render(
        request,
        "proposals/received_read.html",
        {"form": form, "act": _("读入"), "back": reverse("proposals:received")},
        status=status(form),
    )


def arrived(request: HttpRequest, user: User, said: dict[str, Any]) -> HttpResponse:
    file = said["file"]
    content = file or BytesIO(said["text"].encode())
    name = file.name if file else PASTED
    taken = take_in(by=user, on=said["on"], content=content, name=name, pasted=not file, why=said["why"])
    letter = taken.letter
    if taken.is_new:
        messages.success(request, _("已读入 %(mark)s。请先看待定的各项。") % {"mark": letter.mark})
    else:
        told = {"mark": letter.mark, "on": letter.read_on, "who": letter.read_by_name}
        messages.info(
            request, _("这份文件已由%(who)s于 %(on)s 读入，编号 %(mark)s。") % told, extra_tags="info"
        )
    return at(letter.pk)


@login_required
def item(request: HttpRequest, id: int, number: str) -> HttpResponse:
    """One item: confirm it, put it right, or say that it is none. Whoever only reads sees it without the form."""
    user: User = request.user  # type: ignore[assignment]
    found = access_item(user, id, number)
    form = FORMS[found.kind](found.letter, found, request.POST or None)
    if request.method == "POST" and decided(request, form, found, user):
        return at(id, number)
    found = access_item(user, id, number)
    items = list(found.letter.items.all())
    verdict = verdicts(found.letter, items).get(number, {})
    return render(
        request,
        "proposals/received_item.html",
        {
            "form": form,
            "item": found,
            "letter": found.letter,
            "said": describe(found, verdict, organisation_names([found]), promise_links(found.letter)),
            "around": actions.around(found),
            "not_one": NOT_ONE[found.kind],
            "may_work": may_work(user, found.letter),
            "can_correct": found.kind not in COMPUTED,
        },
        status=status(form),
    )


def decided(request: HttpRequest, form: ItemForm, item: ReceivedItem, user: User) -> bool:
    """Take the decision that the button names."""
    act = request.POST.get("act", "")
    valid = form.is_valid()
    if act == "confirm" and form.put_right:
        form.add_error(None, _("您改动了内容：请按“改正”，或改回原样再确认。"))
        return False
    said: dict[str, Any] = {
        "by": user, "on": timezone.localdate(), "letter_id": item.letter_id, "number": item.number,
        "expected_version": whole(request.POST.get("expected_version", "")), "why": request.POST.get("why", "").strip(),
    }  # fmt: skip
    doing: dict[str, Callable[[], object]] = {
        "dismiss": lambda: actions.dismiss(**said),
        "confirm": lambda: actions.confirm(**said),
        "correct": lambda: actions.correct(**said, changes=form.changes(), passage=form.where),
    }
    if "why" in form.errors or not (valid or act in ("dismiss", "confirm")):
        return False
    return tried(form, doing.get(act, doing["correct"]), now=lambda: shown_now(user, item))


def shown_now(user: User, item: ReceivedItem) -> dict[str, Any]:
    return {"expected_version": access_item(user, item.letter_id, item.number).version}


def whole(text: str) -> int:
    """A version as the page sent it; nonsense is a version that never was."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


@login_required
@require_POST
def confirm(request: HttpRequest, id: int, number: str) -> HttpResponse:
    """Confirm an item straight from its row."""
    user: User = request.user  # type: ignore[assignment]
    version = whole(request.POST.get("expected_version", ""))
    actions.confirm(by=user, on=timezone.localdate(), letter_id=id, number=number, expected_version=version)
    return at(id, number)


@login_required
@require_POST
def confirm_section(request: HttpRequest, id: int, kind: str) -> HttpResponse:
    """Confirm all of a section that is not doubtful."""
    user: User = request.user  # type: ignore[assignment]
    known_kind(kind)
    done = actions.confirm_section(
        by=user, on=timezone.localdate(), letter_id=id, kind=kind, seen=request.POST.get("seen", "")
    )
    messages.success(request, _("已确认 %(n)s 项。") % {"n": len(done)})
    return at(id, f"section-{kind}")


def known_kind(kind: str) -> Kind:
    if kind not in Kind.values:
        raise Http404(_("没有这一类。"))
    return Kind(kind)


@login_required
def add(request: HttpRequest, id: int, kind: str) -> HttpResponse:
    """Add what the reading overlooked, by copying the words of the letter."""
    user: User = request.user  # type: ignore[assignment]
    chosen = known_kind(kind)
    if chosen in COMPUTED:
        raise Http404(_("互核和存疑由识读得出，不能另加。"))
    letter = access_received(user, id, to="work")
    form = FORMS[chosen](letter, None, request.POST or None)
    made: list[ReceivedItem] = []

    def act() -> None:
        passage, why = form.where or actions.Passage(""), form.cleaned_data["why"]
        made.append(
            actions.add(
                by=user, on=timezone.localdate(), letter_id=id, kind=chosen, passage=passage, said=form.changes(), why=why
            )
        )  # fmt: skip

    if done(request, form, act):
        return at(id, made[0].number)
    said = {"form": form, "letter": letter, "kind": chosen.label}
    return render(request, "proposals/received_add.html", said, status=status(form))


@login_required
def file(request: HttpRequest, id: int) -> HttpResponse:
    """File the letter as this page shows it; what stands in the way is listed first."""
    user: User = request.user  # type: ignore[assignment]
    letter = access_received(user, id, to=reading_or("file", request))
    form = FileForm(request.POST or None, initial=file_state(letter))
    enters = look_ahead(letter).destination.owner is not None
    if done(
        request, form, lambda: filing.file(by=user, letter_id=id, **form.cleaned_data),
        now=lambda: file_state(access_received(user, id)),
    ):  # fmt: skip
        messages.success(request, _("已归档，承诺已入台账。") if enters else _("已归档，承诺随函留存。"))
        return at(id)
    letter = access_received(user, id)
    ahead = look_ahead(letter)
    return render(
        request,
        "proposals/received_file.html",
        {
            "form": form,
            "letter": letter,
            "ahead": ahead,
            "promises": promised(ahead, letter),
            "act": _("归档"),
            "back": reverse("proposals:received_letter", args=[id]),
        },
        status=status(form),
    )


def look_ahead(letter: ReceivedLetter) -> filing.Filing:
    return filing.prepare(letter, list(letter.items.all()), timezone.localdate())


def file_state(letter: ReceivedLetter) -> dict[str, Any]:
    """What binds a filing to the page that it was decided on."""
    return {"expected_version": letter.case.version, "seen_hash": look_ahead(letter).content_hash}


def promised(ahead: filing.Filing, letter: ReceivedLetter) -> list[dict[str, Any]]:
    """The promises as the ledger will hold them, and what was cut from each; those kept with the letter as they are."""
    kept = [Cut(one.number, one.start or 0, one.end or 0, True) for one in ahead.promised.values()]
    return [
        {
            "number": f"{letter.mark}-{cut.number}",
            "text": letter.text[cut.start : cut.end],
            "whole": cut.whole,
            "said": describe(ahead.promised[cut.number], {}, {}, {}),
        }
        for cut in (ahead.cuts if ahead.destination.owner else kept)
    ]


@login_required
def reopen(request: HttpRequest, id: int) -> HttpResponse:
    """Open a filed letter again."""
    user: User = request.user  # type: ignore[assignment]
    letter = access_received(user, id, to=reading_or("reopen", request))
    form = ReopenForm(request.POST or None, initial={"expected_version": letter.case.version})
    if done(
        request, form, lambda: filing.reopen(by=user, letter_id=id, **form.cleaned_data),
        now=lambda: {"expected_version": access_received(user, id).case.version},
    ):  # fmt: skip
        return at(id)
    back = reverse("proposals:received_letter", args=[id])
    said = {"form": form, "letter": letter, "act": _("重新打开"), "back": back}
    return render(request, "proposals/received_reopen.html", said, status=status(form))
