"""What an officer does with what was read: confirm, correct, say that it is none, add what was overlooked.

Each act locks the letter's case, so that filing and deciding never cross, and checks the version of the item that the
page showed, so that nobody overwrites a decision that they have not seen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.casework.models import Case, Promise
from mangrove.ledger.actions import record
from mangrove.ledger.hashing import canonical
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.received.access import access_item, access_received, refuse_unless_working
from mangrove.proposals.received.decisions import Place, context, places, same_words
from mangrove.proposals.received.models import Kind, ReceivedItem, ReceivedLetter
from mangrove.proposals.received.reading import BLANK, Seed, read_beside
from mangrove.proposals.received.rows import add_up_again, recount, sow
from mangrove.registry.models import User


@dataclass(frozen=True)
class Passage:
    """Words of the letter that an officer points at. ``start`` says which place is meant where there are several."""

    text: str
    start: int | None = None


def lock(letter: ReceivedLetter, by: User) -> None:
    """Hold the case until the transaction ends; refuse when the letter was filed meanwhile."""
    letter.case = Case.objects.select_for_update().get(pk=letter.case_id)
    refuse_unless_working(by, letter)


def locked_item(by: User, letter_id: int, number: str, expected_version: int) -> ReceivedItem:
    found = access_item(by, letter_id, number, to="work")
    lock(found.letter, by)
    item = ReceivedItem.objects.get(pk=found.pk)
    item.letter = found.letter
    if item.version != expected_version:
        raise Refusal(
            _("%(number)s 在您打开之后已由%(decided_by)s改为“%(state)s”。") % {"number": item.number, "decided_by": item.decided_by, "state": item.get_state_display()},
            code="proposals.received_stale", where=f"{item.letter.mark} {item.number}",
            remedy=_("请看过现在的内容再定；您填的没有存下。"),
        )  # fmt: skip
    return item


def settle(item: ReceivedItem, state: str, by: User, on: date, why: str) -> None:
    item.state, item.version = state, item.version + 1
    item.decided_by, item.decided_on, item.why = by.name, on, why
    item.save()


@transaction.atomic
def confirm(
    *, by: User, on: date, letter_id: int, number: str, expected_version: int, why: str = ""
) -> ReceivedItem:
    """Say that an item was read rightly; one that was dismissed counts again."""
    item = locked_item(by, letter_id, number, expected_version)
    settle(item, "confirmed", by, on, why)
    tell("confirm", item.letter, by, on, why, {"items": [number]})
    follow(item.letter, item.kind)
    return item


@transaction.atomic
def confirm_section(
    *, by: User, on: date, letter_id: int, kind: str, seen: str, why: str = ""
) -> list[ReceivedItem]:
    """Confirm all that is undecided of a kind and not doubtful; ``seen`` is :func:`seen_hash` of what the page showed.

    What is doubtful is decided one by one. Raises :class:`Refusal` when nothing is left, or something changed meanwhile.
    """
    letter = access_received(by, letter_id, to="work")
    lock(letter, by)
    items = list(letter.items.filter(kind=kind))
    if seen_hash(items) != seen:
        raise Refusal(
            _("“%(label)s”在您打开之后有改动，没有确认。") % {"label": Kind(kind).label},
            code="proposals.received_stale", where=letter.mark, remedy=_("请刷新页面，看过新的内容后再确认。"),
        )  # fmt: skip
    sure = [item for item in items if item.state == "pending" and not item.doubt]
    if not sure:
        raise Refusal(
            _("“%(label)s”没有可一并确认的；存疑的须逐项确认。") % {"label": Kind(kind).label},
            code="proposals.received_nothing_sure", where=letter.mark, remedy=_("请打开存疑的各项，逐项确认、改正或否定。"),
        )  # fmt: skip
    for item in sure:
        settle(item, "confirmed", by, on, why)
    tell("confirm", letter, by, on, why, {"items": [item.number for item in sure]})
    recount(letter)
    return sure


def seen_hash(items: Iterable[ReceivedItem]) -> str:
    """What a page shows of these items, as text that a later act can compare."""
    told = {item.number: item.version for item in items}
    return hashlib.sha256(canonical(told).encode()).hexdigest()[:16]


@transaction.atomic
def dismiss(
    *, by: User, on: date, letter_id: int, number: str, expected_version: int, why: str
) -> ReceivedItem:
    """Say that what was read is none (a number that counts nothing, an act that promises nothing); it stays to be seen."""
    item = locked_item(by, letter_id, number, expected_version)
    refuse_without_reason(why, number)
    refuse_promised(item)
    settle(item, "dismissed", by, on, why)
    tell("dismiss", item.letter, by, on, why, {"items": [number]})
    follow(item.letter, item.kind)
    return item


@transaction.atomic
def correct(
    *,
    by: User,
    on: date,
    letter_id: int,
    number: str,
    expected_version: int,
    changes: Mapping[str, Any],
    why: str,
    passage: Passage | None = None,
) -> ReceivedItem:
    """Put an item right: ``changes`` are fields of ``said``, ``passage`` other words of the letter. Needs a reason."""
    item = locked_item(by, letter_id, number, expected_version)
    refuse_without_reason(why, number)
    before = {"said": item.said, "start": item.start, "end": item.end}
    if passage is not None:
        move(item, passage)
    item.said = {**item.said, **changes}
    settle(item, "corrected", by, on, why)
    after = {"said": item.said, "start": item.start, "end": item.end}
    tell("correct", item.letter, by, on, why, {"item": number, "from": before, "to": after})
    follow(item.letter, item.kind)
    return item


def move(item: ReceivedItem, passage: Passage) -> None:
    """To other words; words that are still those of the item stay where they were."""
    if same_words(passage.text, item.text) and passage.start is None:
        return
    place = place_of(item.letter.text, passage, item.start)
    item.start, item.end, item.more = place.start, place.end, []
    item.text = item.letter.text[place.start : place.end]
    item.said = {**item.said, **read_beside(item.kind, item.letter.text, place.start)}


@transaction.atomic
def add(
    *,
    by: User,
    on: date,
    letter_id: int,
    kind: str,
    passage: Passage,
    said: Mapping[str, Any],
    why: str = "",
) -> ReceivedItem:
    """Add what the reading overlooked: the words of the letter, and what they say. Raises :class:`Refusal`."""
    letter = access_received(by, letter_id, to="work")
    lock(letter, by)
    place = place_of(letter.text, passage, None)
    text = letter.text[place.start : place.end]
    twin = letter.items.filter(kind=kind, start=place.start, end=place.end).first()
    if twin is not None:
        raise Refusal(
            _("“%(text)s”已在表中，是 %(number)s（%(state)s）。") % {"text": text, "number": twin.number, "state": twin.get_state_display()},
            code="proposals.received_twice", where=_("原文"), remedy=_("请打开 %(number)s 改正或重新确认。") % {"number": twin.number},
        )  # fmt: skip
    full = {**BLANK[Kind(kind)], **said, **read_beside(kind, letter.text, place.start)}
    (item,) = sow(letter, [Seed(Kind(kind), place.start, place.end, text, full)])
    item.read, item.added = {}, True
    settle(item, "confirmed", by, on, why)
    told = {"item": item.number, "said": item.said, "start": place.start, "end": place.end}
    tell("add", letter, by, on, why, told)
    follow(letter, kind)
    return item


def place_of(text: str, passage: Passage, near: int | None) -> Place:
    """The place meant. Of several, the one asked for, else the one where the item was; else the officer is asked."""
    found = places(text, passage.text)
    wanted = passage.start if passage.start is not None else near
    chosen = next(
        (place for place in found if wanted is not None and place.start <= wanted < place.end), None
    )
    if chosen is None and len(found) == 1:
        chosen = found[0]
    if chosen is None:
        raise no_such_passage(passage.text) if not found else which_place(found)
    return chosen


def no_such_passage(passage: str) -> Refusal:
    return Refusal(
        _("来函中没有“%(text)s”这段文字。") % {"text": passage.strip()[:60]},
        code="proposals.received_no_passage", where=_("原文"), remedy=_("请从来函原文中照抄（可复制），一字不差；空格和换行不计。"),
    )  # fmt: skip


def which_place(found: list[Place]) -> Refusal:
    return Refusal(
        _("这段文字在来函中有 %(n)s 处，不知指哪一处。") % {"n": len(found)},
        code="proposals.received_which_place", where=_("原文"), remedy=_("请选定其中一处，或多抄几个字。"),
    )  # fmt: skip


def refuse_without_reason(why: str, number: str) -> None:
    if not why.strip():
        raise Refusal(
            _("改正或否定须写明理由。"), code="proposals.received_needs_reason", where=number, remedy=_("一句话即可，例如“原文为同比，非环比”。")
        )  # fmt: skip


def refuse_promised(item: ReceivedItem) -> None:
    """A commitment that an earlier filing put into the ledger of promises is ended there, not here."""
    promised = f"{item.letter.mark}-{item.number}"
    if Promise.objects.filter(number=promised, case__parent=item.letter.case_id).exists():
        raise Refusal(
            _("%(promised)s 已入承诺台账，不能在此否定。") % {"promised": promised},
            code="proposals.received_promised", where=item.number, remedy=_("请在承诺台账中凭证据了结该项承诺。"),
        )  # fmt: skip


def tell(act: str, letter: ReceivedLetter, by: User, on: date, why: str, payload: dict[str, Any]) -> None:
    record(f"proposals.received_{act}", subject=letter.ref, by=by.actor, on=on, why=why, payload=payload)


def follow(letter: ReceivedLetter, kind: str) -> None:
    """What follows from a changed item: sums are done again when a number changed, counts always."""
    if kind == Kind.NUMBER:
        add_up_again(letter)
    recount(letter)


def around(item: ReceivedItem) -> str:
    """The item in its words, for a page that shows it alone."""
    if item.start is None or item.end is None:
        return ""
    return context(item.letter.text, item.start, item.end, 40)
