"""The rows of a letter: numbering what was read, and the counts that the list shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from mangrove.proposals.received.checking import sums
from mangrove.proposals.received.decisions import is_day
from mangrove.proposals.received.models import LETTERS, Kind, ReceivedItem, ReceivedLetter
from mangrove.proposals.received.reading import Seed

OUTDATED = "数字改正后，这一算式不再成立"


def sow(letter: ReceivedLetter, found: Iterable[Seed]) -> list[ReceivedItem]:
    """Make an item of each, numbered on within its kind; a number that was given is never given again."""
    last = last_numbers(letter)
    made = []
    for seed in found:
        last[seed.kind] = last.get(seed.kind, 0) + 1
        made.append(row(letter, seed, f"{LETTERS[seed.kind]}{last[seed.kind]:02d}"))
    return ReceivedItem.objects.bulk_create(made)


def last_numbers(letter: ReceivedLetter) -> dict[str, int]:
    last: dict[str, int] = {}
    for kind, number in letter.items.values_list("kind", "number"):
        last[kind] = max(last.get(kind, 0), int(number[1:]))
    return last


def row(letter: ReceivedLetter, seed: Seed, number: str) -> ReceivedItem:
    return ReceivedItem(
        letter=letter, kind=seed.kind, number=number, start=seed.start, end=seed.end, text=seed.text,
        more=seed.more, read=seed.said, said=seed.said, doubt=seed.doubt,
    )  # fmt: skip


def add_up_again(letter: ReceivedLetter) -> None:
    """After a number changed: new sums come, undecided ones that no longer follow go, confirmed ones are asked again."""
    known = list(letter.items.filter(kind=Kind.FINDING))
    now = {key(seed.start, seed.said): seed for seed in sums(letter, list(letter.items.all()))}
    # Numbered before the old ones go, so that no number is given twice.
    sow(
        letter,
        [seed for told, seed in now.items() if told not in {key(one.start, one.said) for one in known}],
    )
    for item in known:
        ask_again(item, now.get(key(item.start, item.said)))


def ask_again(item: ReceivedItem, seed: Seed | None) -> None:
    if seed is not None:
        ReceivedItem.objects.filter(pk=item.pk, state="pending").update(doubt=seed.doubt)
    elif item.state == "pending" and item.doubt != OUTDATED:
        item.delete()
    elif item.state == "confirmed":
        item.state, item.doubt, item.version = "pending", OUTDATED, item.version + 1
        item.save(update_fields=["state", "doubt", "version"])


def key(start: int | None, said: dict[str, str]) -> tuple[int | None, str, str]:
    return start, said["sum"], said["working"]


def recount(letter: ReceivedLetter) -> None:
    """Write the caches that lists show from the items as they stand."""
    items = list(letter.items.all())
    standing = [item for item in items if item.stands]
    parts = {item.said["role"]: item.said["value"] for item in standing if item.kind == Kind.ELEMENT}
    letter.issuer = parts.get("issuer", "")[:200]
    letter.title = parts.get("title", "")[:300]
    letter.document_number = parts.get("document_number", "")[:60]
    dated = parts.get("date", "")
    letter.dated = date.fromisoformat(dated) if is_day(dated) else None
    letter.numbers = sum(item.kind == Kind.NUMBER for item in standing)
    letter.commitments = sum(item.kind == Kind.COMMITMENT for item in standing)
    letter.undecided = sum(item.needs_decision for item in items)
    letter.save(
        update_fields=[
            "issuer", "title", "document_number", "dated", "numbers", "commitments", "undecided",
        ]
    )  # fmt: skip
