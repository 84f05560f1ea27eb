"""What there was before the letter and what there is since, figure by figure; side by side, without saying what made it so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from mangrove.casework.access import readable_promises
from mangrove.casework.models import Promise
from mangrove.figures.models import Definition, Value
from mangrove.figures.values import Book, read_book
from mangrove.policies.results.done_rules import Promised, rules


@dataclass(frozen=True)
class Side:
    """A figure before and after a day; ``None`` where no value with a source is known. ``definition`` is ``None`` where the city has none."""

    id: str
    promised: Promised
    definition: Definition | None
    before: Value | None
    after: Value | None


def sides(on: date) -> list[Side]:
    """Every figure of every promise, as known now, in the order of the rules."""
    known = rules()
    ids = [id for one in known.promises for id in one.figures]
    book = read_book(on=on, definitions=ids)
    return [side(id, one, book, known.sent_on) for one in known.promises for id in one.figures]


def side(id: str, promised: Promised, book: Book, sent_on: date) -> Side:
    values = book.values(id)
    before = next((one for one in values if one.end <= sent_on), None)
    after = next((one for one in values if one.start > sent_on), None)
    return Side(id, promised, book.definitions.get(id), before, after)


def promises(user: Any) -> dict[str, Promise]:
    """The promises of letters that these figures answer, by number, of those that this person may read."""
    found: dict[str, Promise] = {}
    for one in rules().promises:
        mine = readable_promises(user).filter(number__endswith=one.number).filter(containing(one.contains))
        promise = mine.order_by("-pk").first()
        if promise is not None:
            found[one.number] = promise
    return found


def containing(words: Sequence[str]) -> Q:
    wanted = Q()
    for word in words:
        wanted &= Q(text__contains=word)
    return wanted
