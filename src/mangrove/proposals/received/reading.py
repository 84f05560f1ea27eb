"""From what the engine read to rows of the desk, and from rows back to what the engine checks. Pure.

What ``said`` holds, by kind (all text; ``items`` is a list of text):

* element: ``role`` (issuer, title, …), ``value``
* number: ``value`` and ``unit`` (canonical), ``printed_value``, ``printed_unit``, ``decimals``, ``qualifier``, ``as_of``, ``as_of_why``, ``clause``
* finding: ``sum`` (share, sum, growth, table), ``verdict``, ``working``, ``where``
* claim: ``words``, ``form`` (superlative, standing, reception), ``goal``, ``note``, ``source``
* commitment: ``heading``, ``owner``, ``date`` (as printed), ``due_on`` (ISO), ``vague``, ``measure``
* organisation: ``org_id`` (empty: not in the registry)
* list: ``items``, ``total``, ``of``, ``completeness``
* doubt: nothing; the words are the item's ``doubt``
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from mangrove.documents.reading.arithmetic import AGREES, Finding
from mangrove.documents.reading.commitments import Commitment
from mangrove.documents.reading.elements import Element, Elements, find_elements
from mangrove.documents.reading.letter import LetterReading
from mangrove.documents.reading.organisations import OrganisationMention
from mangrove.documents.reading.passages import around, clauses
from mangrove.documents.reading.quantities import Quantity, find_quantities
from mangrove.documents.reading.source import SourceTable
from mangrove.proposals.received.decisions import due_day
from mangrove.proposals.received.models import Kind, ReceivedItem

#: The parts of a letter in the order in which a desk asks for them; contacts come after them.
ROLES = (
    "issuer", "title", "document_number", "addressee", "closing", "signatory", "date", "disclosure", "copies",
)  # fmt: skip
#: Without these a letter is doubtful.
WANTED = {"title": "标题", "addressee": "主送", "signatory": "署名", "date": "成文日期"}


#: What ``said`` holds of an item that an officer adds, before anything is filled in.
BLANK: dict[Kind, dict[str, Any]] = {
    Kind.ELEMENT: {"role": "contact", "value": ""},
    Kind.NUMBER: {"qualifier": "", "as_of": "", "as_of_why": ""},
    Kind.CLAIM: {"words": "", "form": "", "goal": "", "note": "", "source": ""},
    Kind.COMMITMENT: {"heading": "", "owner": "", "date": "", "due_on": "", "vague": "", "measure": ""},
    Kind.ORGANISATION: {"org_id": ""},
    Kind.LIST: {"items": [], "total": "", "of": "", "completeness": ""},
}


@dataclass(frozen=True)
class Seed:
    """An item before it has a number."""

    kind: Kind
    start: int | None
    end: int | None
    text: str
    said: dict[str, Any]
    doubt: str = ""
    more: list[list[int]] = field(default_factory=list)


def seeds(reading: LetterReading) -> list[Seed]:
    """Everything that was read, each kind in the order of the text."""
    return [
        *elements(reading.elements),
        *(number(quantity) for quantity in reading.quantities),
        *(finding(one) for one in reading.arithmetic),
        *claims(reading),
        *(commitment(one, letter_day(reading)) for one in reading.commitments),
        *organisations(reading.organisations),
        *lists(reading),
        *doubts(reading),
    ]


def letter_day(reading: LetterReading) -> str:
    return reading.elements.date.value if reading.elements.date else ""


def elements(found: Elements) -> Iterator[Seed]:
    parts: dict[str, Element | None] = {role: getattr(found, role) for role in ROLES}
    for role, part in parts.items():
        if part is not None:
            yield element(role, part)
        elif role in WANTED:
            yield Seed(Kind.ELEMENT, None, None, "", {"role": role, "value": ""}, f"没有认出{WANTED[role]}")
    yield from (element("contact", part) for part in found.contacts)


def element(role: str, part: Element) -> Seed:
    return Seed(Kind.ELEMENT, part.start, part.end, part.text, {"role": role, "value": part.value})


def number(quantity: Quantity) -> Seed:
    return Seed(
        Kind.NUMBER, quantity.start, quantity.end, quantity.text, number_said(quantity), quantity.doubt
    )


def number_said(quantity: Quantity) -> dict[str, Any]:
    return {
        "value": f"{quantity.value:f}",
        "unit": quantity.unit,
        "printed_value": f"{quantity.printed_value:f}",
        "printed_unit": quantity.printed_unit,
        "decimals": str(quantity.decimals),
        "qualifier": quantity.qualifier,
        "as_of": quantity.as_of,
        "as_of_why": quantity.as_of_why,
        "clause": quantity.clause,
    }


def retold(value: Decimal, unit: str) -> dict[str, str]:
    """A number as an officer writes it (4.8, 万个), with the same canonical value that reading would give it."""
    places = max(0, -int(value.as_tuple().exponent))
    said = {"printed_value": f"{value:f}", "printed_unit": unit, "decimals": str(places)}
    again = find_quantities(f"{abs(value):f}{unit}") if unit else []
    if len(again) == 1 and again[0].printed_unit == unit:
        sign = -1 if value < 0 else 1
        return said | {"value": f"{sign * again[0].value:f}", "unit": again[0].unit}
    return said | {"value": f"{value:f}", "unit": unit}


def quantity_of(item: ReceivedItem) -> Quantity:
    """The number as it now stands, for the checks."""
    said = item.said
    return Quantity(
        start=item.start or 0, end=item.end or 0, text=now_written(item),
        value=Decimal(said["value"]), unit=said["unit"],
        printed_unit=said["printed_unit"], printed_value=Decimal(said["printed_value"]), decimals=int(said["decimals"]),
        qualifier=said["qualifier"], as_of=said["as_of"], as_of_why=said["as_of_why"], clause=said["clause"],
        sure=not item.doubt, doubt=item.doubt,
    )  # fmt: skip


def now_written(item: ReceivedItem) -> str:
    """A number as the checks cite it: the letter's words, or what an officer put in their place."""
    said, read = item.said, item.read or item.said
    same = all(said[name] == read[name] for name in ("printed_value", "printed_unit", "qualifier"))
    return item.text if same else f"{said['qualifier']}{said['printed_value']}{said['printed_unit']}"


def finding(one: Finding) -> Seed:
    """A sum that does not come out is doubtful: either the letter is wrong or the reading is."""
    placed = one.end > one.start
    said = {"sum": one.kind, "verdict": one.verdict, "working": one.working, "where": one.where}
    doubt = "" if one.verdict == AGREES else f"{one.verdict}：{one.working}"
    start, end = (one.start, one.end) if placed else (None, None)
    return Seed(Kind.FINDING, start, end, one.where, said, doubt)


def claims(reading: LetterReading) -> Iterator[Seed]:
    for one in reading.claims:
        said = {
            "words": "、".join(one.words), "form": one.kind, "goal": "1" if one.goal else "", "note": one.why, "source": "",
        }  # fmt: skip
        yield Seed(Kind.CLAIM, one.start, one.end, one.text, said)


def commitment(one: Commitment, dated: str) -> Seed:
    said = {
        "heading": one.heading, "owner": one.owner, "date": one.date, "due_on": due_day(one.date, dated),
        "vague": one.vague_date, "measure": one.measure,
    }  # fmt: skip
    unsure = f"时限写作“{one.date}”，算不出是哪一天" if one.date and not said["due_on"] else ""
    return Seed(Kind.COMMITMENT, one.start, one.end, one.text, said, unsure)


def organisations(mentions: Iterable[OrganisationMention]) -> list[Seed]:
    """Each name once, with all its places."""
    places: dict[tuple[str, str], list[list[int]]] = {}
    for mention in mentions:
        places.setdefault((mention.text, mention.org_id), []).append([mention.start, mention.end])
    return [
        Seed(Kind.ORGANISATION, spots[0][0], spots[0][1], name, {"org_id": org_id}, more=spots[1:])
        for (name, org_id), spots in places.items()
    ]


def lists(reading: LetterReading) -> Iterator[Seed]:
    for one in reading.enumerations:
        said = {
            "items": list(one.items), "total": "" if one.total is None else str(one.total), "of": one.of,
            "completeness": one.completeness,
        }  # fmt: skip
        yield Seed(Kind.LIST, one.start, one.end, one.text, said)


def doubts(reading: LetterReading) -> Iterator[Seed]:
    """What the reading is unsure of and no other item carries: numbers in words, digits without a unit, lacking years."""
    carried = {f"“{quantity.text}”：{quantity.doubt}" for quantity in reading.quantities if quantity.doubt}
    carried |= {f"没有认出{label}" for label in WANTED.values()}
    for one in reading.placed_doubts:
        if one.words not in carried:
            text = reading.source.text[one.start : one.end]
            yield Seed(Kind.DOUBT, one.start, one.end, text, {}, one.words)


def tables_of(kept: Iterable[dict[str, Any]]) -> list[SourceTable]:
    """The tables of a letter as they were kept with it."""
    return [
        SourceTable(one["title"], tuple(one["header"]), tuple(tuple(row) for row in one["rows"]))
        for one in kept
    ]


def read_beside(kind: str, text: str, start: int) -> dict[str, Any]:
    """What the place itself tells of an item: the clause around a number, the headings above a commitment."""
    if kind == Kind.NUMBER:
        clause = around(clauses(text), start)
        return {"clause": clause.of(text).strip() if clause else ""}
    if kind == Kind.COMMITMENT:
        path = find_elements(text).path(start)
        return {"heading": " › ".join(f"{heading.number}{heading.title}" for heading in path)}
    return {}
