"""Filing (归档): bound to the text and every decision about it; its commitments enter the ledger of who made them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.casework.actions import take_step
from mangrove.casework.models import CaseAct, Promise
from mangrove.casework.promises import Span, record_promises, settle_promise
from mangrove.ledger.refusals import Refusal
from mangrove.proposals.received.access import access_received
from mangrove.proposals.received.actions import lock
from mangrove.proposals.received.checking import standing, verdicts
from mangrove.proposals.received.decisions import Cut, apart, content_hash
from mangrove.proposals.received.destination import Destination, destination
from mangrove.proposals.received.models import Kind, ReceivedItem, ReceivedLetter
from mangrove.registry.models import User
from mangrove.ui.languages import in_words, strung

LISTED_AT_MOST = 12
HEADING_AT_MOST = 200


@dataclass(frozen=True)
class Filing:
    """What a filing would do: the hash it binds to, what stands in its way, and the promises that it makes.

    ``cuts`` are the promises as their ledger will hold them, none where they are kept with the letter.
    """

    content_hash: str
    obstacles: list[Obstacle]
    cuts: list[Cut]
    promised: dict[str, ReceivedItem]
    unconfirmed: int
    destination: Destination


@dataclass(frozen=True)
class Obstacle:
    """Something that must be decided before filing: the item, and why."""

    item: ReceivedItem
    what: str

    def __str__(self) -> str:
        return (
            _("%(number)s“%(text)s”：%(what)s")
            % {"number": self.item.number, "text": self.item.text[:20], "what": self.what}
            if self.item.text
            else self.what
        )


def prepare(letter: ReceivedLetter, items: Sequence[ReceivedItem], on: date) -> Filing:
    """Look ahead, for the page and for the act alike."""
    promised = {item.number: item for item in standing(items, Kind.COMMITMENT) if item.state != "pending"}
    goes = destination(letter, items)
    obstacles = undecided(items)
    cuts: list[Cut] = []
    if goes.owner is not None:
        spans = [(item.number, item.start or 0, item.end or 0) for item in promised.values()]
        cuts, lost = apart(letter.text, spans)
        obstacles += [*swallowed(promised, lost), *too_early(promised.values(), made_on(letter, on))]
    return Filing(
        content_hash(letter.text, (item.fingerprint for item in items), letter.filings + 1),
        obstacles,
        cuts,
        promised,
        sum(item.state == "pending" and not item.needs_decision for item in items),
        goes,
    )


def undecided(items: Iterable[ReceivedItem]) -> list[Obstacle]:
    found = [item for item in items if item.needs_decision]
    return [Obstacle(item, in_words(item.doubt) or _("承诺须逐项或整节确认")) for item in found]


def swallowed(promised: dict[str, ReceivedItem], lost: Iterable[str]) -> list[Obstacle]:
    return [Obstacle(promised[number], _("文字全在别的承诺之内，请否定一项或改圈文字")) for number in lost]


def too_early(promised: Iterable[ReceivedItem], made: date) -> list[Obstacle]:
    late = (item for item in promised if item.said["due_on"] and item.said["due_on"] < made.isoformat())
    return [
        Obstacle(
            item,
            _("完成时限 %(due_on)s 早于作出承诺的 %(made)s，请改正")
            % {"due_on": item.said["due_on"], "made": made},
        )
        for item in late
    ]


def made_on(letter: ReceivedLetter, on: date) -> date:
    """A promise is made on the day of the letter; a letter without a date promises on the day of filing."""
    return min(letter.dated, on) if letter.dated else on


@transaction.atomic
def file(
    *, by: User, on: date, letter_id: int, expected_version: int, seen_hash: str, why: str = ""
) -> ReceivedLetter:
    """File the letter as the page showed it (``seen_hash``). One event for the filing, and one for each promise made.

    Raises :class:`Refusal` while anything doubtful is undecided (all of it is listed), when something changed since
    the page was opened, and when somebody else was faster. After it nothing changes until the letter is reopened.
    """
    letter = access_received(by, letter_id, to="file")
    lock(letter, by)
    items = list(letter.items.all())
    filing = prepare(letter, items, on)
    refuse_obstacles(letter, filing.obstacles)
    refuse_unseen(letter, filing, seen_hash)
    take_step(
        letter.case_id, "file", by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why,
        details=told(filing, items),
    )  # fmt: skip
    freeze(letter, items, filing, on)
    bind_promises(letter, filing, by, on, why)
    return letter


def refuse_obstacles(letter: ReceivedLetter, obstacles: Sequence[Obstacle]) -> None:
    if not obstacles:
        return
    listed = strung(obstacles[:LISTED_AT_MOST])
    more = (
        _("；另有 %(n)s 项") % {"n": len(obstacles) - LISTED_AT_MOST}
        if len(obstacles) > LISTED_AT_MOST
        else ""
    )
    raise Refusal(
        _("还有 %(n)s 项没有定，不能归档：%(listed)s%(more)s。") % {"n": len(obstacles), "listed": listed, "more": more},
        code="proposals.received_undecided", where=letter.mark, remedy=_("请逐项确认、改正或否定后再归档。"),
    )  # fmt: skip


def refuse_unseen(letter: ReceivedLetter, filing: Filing, seen_hash: str) -> None:
    if filing.content_hash != seen_hash:
        raise Refusal(
            _("您打开归档页之后，来函中有的项目又改动过，没有归档。"),
            code="proposals.received_changed", where=letter.mark, remedy=_("请刷新页面，看过新的内容后再归档。"),
        )  # fmt: skip


def told(filing: Filing, items: Iterable[ReceivedItem]) -> dict[str, Any]:
    """What the ledger keeps of a filing."""
    states = Counter(f"{item.kind}.{item.state}" for item in items)
    return {
        "content_hash": filing.content_hash,
        "items": dict(sorted(states.items())),
        "promises": [asdict(cut) for cut in filing.cuts],
        "unconfirmed": filing.unconfirmed,
        "promises_of": filing.destination.owner.pk if filing.destination.owner else "",
    }


def freeze(letter: ReceivedLetter, items: Sequence[ReceivedItem], filing: Filing, on: date) -> None:
    """Keep what the checks say today, so that the filed letter reads the same whatever becomes of the figures."""
    found = verdicts(letter, items)
    for item in items:
        item.verdict = found.get(item.number)
    ReceivedItem.objects.bulk_update(items, ["verdict"])
    letter.content_hash, letter.filed_on, letter.filings = filing.content_hash, on, letter.filings + 1
    letter.save(update_fields=["content_hash", "filed_on", "filings"])


def bind_promises(letter: ReceivedLetter, filing: Filing, by: User, on: date, why: str) -> None:
    """Enter the commitments as promises of who made them, on the letter's own day; then set what it states of each.

    Those of a letter whose writer is none of ours stay with the letter.
    """
    if filing.destination.owner is None:
        return
    spans = [
        Span(f"{letter.mark}-{cut.number}", cut.start, cut.end, filing.promised[cut.number].said["heading"][:HEADING_AT_MOST])
        for cut in filing.cuts
    ]  # fmt: skip
    made = made_on(letter, on)
    promises = record_promises(
        letter=letter.ref, letter_text=letter.text, letter_hash=letter.content_hash, spans=spans, parent=letter.case,
        owed_by=filing.destination.owner, by=by.actor, on=made, why=why if made == on else f"按来函成文日期登记，{on} 归档。{why}",
    )  # fmt: skip
    for cut, promise in zip(filing.cuts, promises, strict=True):
        item = filing.promised[cut.number]
        settle_stated(promise, item.said, filing.destination.unit(item.said["owner"]), by, on, why)


def settle_stated(
    promise: Promise, said: Mapping[str, Any], owner: str, by: User, on: date, why: str
) -> None:
    """Owner, date and measure as the letter states them; what somebody has settled since is never overwritten."""
    stated: dict[str, Any] = {
        "owner_unit": owner or None,
        "due_on": date.fromisoformat(said["due_on"]) if said["due_on"] else None,
        "measure": said["measure"] or None,
    }
    new = {
        name: value for name, value in stated.items() if value is not None and getattr(promise, name) is None
    }
    if new:
        settle_promise(
            promise.pk, by=by.actor, on=on, expected_version=promise.case.version, why=why or "按来函所写", **new
        )  # fmt: skip


@transaction.atomic
def reopen(*, by: User, on: date, letter_id: int, expected_version: int, why: str) -> CaseAct:
    """Open a filed letter again, with a reason. Promises stay in their ledger; filing again restates them."""
    letter = access_received(by, letter_id, to="reopen")
    taken = take_step(
        letter.case_id, "reopen", by=by.actor, roles=by.roles, on=on, expected_version=expected_version, why=why,
        details={"content_hash": letter.content_hash},
    )  # fmt: skip
    letter.items.update(verdict=None)
    letter.content_hash, letter.filed_on = "", None
    letter.save(update_fields=["content_hash", "filed_on"])
    return taken
