"""What a letter's items are checked against: each other, the figures, and the sources registered for claims."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings

from mangrove.documents.reading.arithmetic import check_arithmetic
from mangrove.documents.reading.organisations import Whose, whose
from mangrove.figures.assertions import backing, registered
from mangrove.figures.check import check_one
from mangrove.figures.decisions import Verdict
from mangrove.figures.matching import contexts
from mangrove.figures.models import Assertion
from mangrove.figures.report import number_data
from mangrove.figures.values import read_book
from mangrove.proposals.received.models import Kind, ReceivedItem, ReceivedLetter
from mangrove.proposals.received.reading import Seed, finding, quantity_of, tables_of

GOOD = frozenset(str(verdict) for verdict in Verdict if verdict.good)


def figures_day(letter: ReceivedLetter) -> date:
    """The day whose figures a letter is held against: its own date, else the day on which it was read."""
    return letter.dated or letter.read_on


def standing(items: Iterable[ReceivedItem], kind: Kind) -> list[ReceivedItem]:
    """The items of a kind that count, in the order of the text."""
    found = [item for item in items if item.kind == kind and item.stands]
    return sorted(found, key=lambda item: (item.start is None, item.start or 0, item.number))


def named_parts(items: Iterable[ReceivedItem]) -> dict[str, str]:
    """What the parts of the letter say, by role."""
    return {item.said["role"]: item.said["value"] for item in standing(items, Kind.ELEMENT)}


def from_where(items: Iterable[ReceivedItem]) -> Whose:
    """Whose letter it is, by issuer and signature as they stand: an officer may have put them right."""
    named = named_parts(items)
    return whose(settings.CITY["name"], named.get("issuer", ""), named.get("signatory", ""))


def verdicts(letter: ReceivedLetter, items: Sequence[ReceivedItem]) -> dict[str, dict[str, Any]]:
    """Item number → what the figures say of a number, or what stands behind a claim; frozen once the letter is filed."""
    if letter.is_filed:
        return {item.number: item.verdict for item in items if item.verdict}
    place = from_where(items)
    if place == Whose.OTHER:  # neither our figures nor our sources say anything of another city
        return claim_verdicts(items, [])
    told = {"whose": str(place)}
    numbers = {number: said | told for number, said in number_verdicts(letter, items).items()}
    return numbers | claim_verdicts(items, registered())


def number_verdicts(letter: ReceivedLetter, items: Sequence[ReceivedItem]) -> dict[str, dict[str, Any]]:
    numbers = standing(items, Kind.NUMBER)
    book = read_book(on=figures_day(letter))
    told = contexts(letter.text, [quantity_of(item) for item in numbers])
    return {
        item.number: number_data(check_one(context, book))
        for item, context in zip(numbers, told, strict=True)
    }


def claim_verdicts(items: Sequence[ReceivedItem], known: list[Assertion]) -> dict[str, dict[str, Any]]:
    """The officer's own source outranks what is registered."""
    found = {item: backing(item.text, known) for item in standing(items, Kind.CLAIM)}
    return {
        item.number: {
            "status": said.status,
            "source": item.said["source"] or said.source,
            "note": said.note if said.id else "",
        }
        for item, said in found.items()
    }


def sums(letter: ReceivedLetter, items: Sequence[ReceivedItem]) -> list[Seed]:
    """The numbers as they now stand, checked against each other."""
    numbers = [quantity_of(item) for item in standing(items, Kind.NUMBER)]
    return [finding(one) for one in check_arithmetic(letter.text, numbers, tables_of(letter.tables))]
