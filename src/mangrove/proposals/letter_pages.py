"""The letter on its page: its words with what is said about each of them, for who may read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.casework.promises import promises_of
from mangrove.documents.letter import Letter
from mangrove.figures.check import FigureCheck
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.access import Visitor, reads_as_deputy, visible_letters
from mangrove.proposals.checking import check_composed, check_letter
from mangrove.proposals.composition import Composed, compose, draft_letter, paragraph, signed_letter
from mangrove.proposals.letter_figures import UsedFigures, used_figures
from mangrove.proposals.marks import Mark
from mangrove.proposals.models import Reply, SignedLetter
from mangrove.proposals.unmarked import UnmarkedPromise, unmarked_promises
from mangrove.ui.passages import Line, Overlay, marked_lines


@dataclass(frozen=True)
class LetterView:
    """A letter on its page: the words with what is said about them, and where it comes from."""

    letter: Letter
    lines: Sequence[Line]
    check: FigureCheck
    figures: UsedFigures
    content_hash: str
    signed: SignedLetter | None
    promises: int
    #: Of a letter that is not signed yet, which only the house reads.
    unmarked: Sequence[UnmarkedPromise] = ()


def letter_for(user: Visitor, reply: Reply, *, on: date | None = None) -> LetterView | None:
    """The letter as this person may see it: a deputy the one that was delivered last, others what stands now.

    An unsigned one is composed for ``on``, today when ``None``.
    """
    if not reads_as_deputy(user):
        return letter_on_page(reply, on=on)
    sent = visible_letters(user).filter(reply=reply).order_by("-version").first()
    return of_signed(sent, public=True) if sent else None


def try_letter(
    user: Visitor, reply: Reply, *, on: date | None = None
) -> tuple[LetterView | None, Refusal | None]:
    """The letter, or what stands in its way, so that the page of a broken draft still opens."""
    try:
        return letter_for(user, reply, on=on), None
    except Refusal as refusal:
        return None, refusal


def letter_on_page(reply: Reply, *, on: date | None = None) -> LetterView | None:
    """The letter as signed, or as the newest draft stands today; ``None`` before anything was written.

    Raises :class:`Refusal` when the draft holds a figure that nobody knows or a broken mark.
    """
    signed = reply.signed_letters.order_by("-version").first()
    if signed is not None and reply.case.state not in ("drafting", "in_review", "to_sign"):
        return of_signed(signed)
    draft = reply.drafts.order_by("-revision").first()
    if draft is None or not draft.text.strip():
        return None
    composed = compose(reply, draft, on=on or timezone.localdate())
    view = of_composed(composed, on or timezone.localdate())
    return replace(view, unmarked=unmarked_promises(composed, reply))


def of_signed(signed: SignedLetter, *, public: bool = False) -> LetterView:
    """``public``: without what the office's own check says of the words."""
    marks = [(start, end, name) for start, end, name in signed.marks]
    figures = [(row["start"], row["end"], row["value_id"]) for row in signed.figures]
    check = check_letter(signed.body, [Mark(*mark) for mark in marks], on=signed.signed_on)
    if public:
        check = replace(check, findings=(), claims=())
    lines = marked(signed.body, marks, figures, check, promise_links(signed))
    used = used_figures(signed.body, figures, on=signed.signed_on)
    return LetterView(
        signed_letter(signed), lines, check, used, signed.content_hash, signed, count_promises(marks)
    )


def of_composed(composed: Composed, on: date) -> LetterView:
    marks = [(mark.start, mark.end, mark.id) for mark in composed.marks]
    figures = [(span.start, span.end, span.value_id) for span in composed.figures.spans]
    check = check_composed(composed, on=on)
    lines = marked(composed.body, marks, figures, check, {})
    used = used_figures(composed.body, figures, on=on)
    return LetterView(
        draft_letter(composed), lines, check, used, composed.content_hash, None, len(composed.promises)
    )


def count_promises(marks: Sequence[tuple[int, int, str]]) -> int:
    return sum(1 for _start, _end, name in marks if name.startswith("C"))


def promise_links(signed: SignedLetter) -> dict[str, str]:
    """Promise number → its page, for the promises that this letter made."""
    made = promises_of(signed.ref).distinct()
    return {promise.number: reverse("casework:promise", args=[promise.pk]) for promise in made}


def marked(
    body: str,
    marks: Sequence[tuple[int, int, str]],
    figures: Sequence[tuple[int, int, Any]],
    check: FigureCheck,
    promises: dict[str, str],
) -> list[Line]:
    said = [mark_overlay(start, end, name, promises) for start, end, name in marks]
    said += [
        Overlay(start, end, "agrees", f"v{value}", reverse("figures:lineage", args=[value]), _("与记录一致"))
        for start, end, value in figures
    ]
    said += [
        Overlay(item.quantity.start, item.quantity.end, "differs", f"f{item.quantity.start}", "", item.why)
        for item in check.findings
    ]
    said += [
        Overlay(item.claim.start, item.claim.end, "claim", f"k{item.claim.start}", "", _("无数字表述"))
        for item in check.claims
    ]
    return marked_lines(body, said, [paragraph(line).level for line in body.split("\n")])


def mark_overlay(start: int, end: int, name: str, promises: dict[str, str]) -> Overlay:
    if name.startswith("C"):
        return Overlay(
            start, end, "promise", name, promises.get(name, ""), _("承诺 %(number)s") % {"number": name}
        )
    return Overlay(start, end, "fact", name)
