"""Pure: when two numbers are one number, and what looks like one matter claimed twice."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations

_SEPARATORS = re.compile(r"[\W_]+")
_TAIL = re.compile(r"^(.*?)(\d+)$")


def plain(number: str) -> str:
    """Capitals and digits alone: widths, separators and the case of letters make no other number."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", number)).upper()


def evidence_key(kind: str, code: str, number: str) -> str:
    """Equal for every way to write one number. An invoice is its code and number; a spreadsheet drops leading zeros.

    >>> evidence_key("invoice", "044002100111", "00012345") == evidence_key("invoice", "44002100111", "12345")
    True
    """
    if kind == "invoice":
        parts = [plain(part).lstrip("0") for part in (code, number)]
        return "-".join(part for part in parts if part)
    return plain(number)


@dataclass(frozen=True)
class Piece:
    """A contract or invoice as it is compared; ``claim`` is the claim that it stands in."""

    id: str
    kind: str
    key: str
    number: str
    seller: str
    buyer: str
    dated: date
    amount: int
    claim: str


@dataclass(frozen=True)
class Finding:
    """What a person should look at: ``why`` is ``near_number``, ``same_deal`` or ``split``; ``pieces`` are at least two."""

    why: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Nearness:
    """How near is near, from ``rulebooks/funding/evidence.yaml``."""

    split_days: int
    split_at_least: int
    deal_days: int


def findings(pieces: Iterable[Piece], near: Nearness) -> list[Finding]:
    """Between pieces of one pair of parties. Linear in the pieces, quadratic only within one pair of parties."""
    by_parties: defaultdict[tuple[str, str, str], list[Piece]] = defaultdict(list)
    for piece in pieces:
        by_parties[piece.kind, party(piece.seller), party(piece.buyer)].append(piece)
    found: list[Finding] = []
    for (kind, _seller, _buyer), group in sorted(by_parties.items()):
        group.sort(key=lambda piece: (piece.dated, piece.key, piece.id))
        found += alike(group, near)
        if kind == "contract":
            found += split(group, near)
    return found


def party(name: str) -> str:
    return plain(name)


def alike(group: list[Piece], near: Nearness) -> Iterator[Finding]:
    """Two pieces in different claims: one digit apart, or the same money within a few days."""
    for one, other in combinations(group, 2):
        if one.claim == other.claim:
            continue
        if one_apart(one.key, other.key) and one.amount == other.amount:
            yield Finding("near_number", (one, other))
        elif one.amount == other.amount and other.dated - one.dated <= timedelta(days=near.deal_days):
            yield Finding("same_deal", (one, other))


def one_apart(one: str, other: str) -> bool:
    """One character replaced, missing, or two neighbours swapped."""
    if one == other:
        return True
    if len(one) == len(other):
        places = [n for n in range(len(one)) if one[n] != other[n]]
        swapped = (
            len(places) == 2
            and places[1] == places[0] + 1
            and sorted(one[n] for n in places) == sorted(other[n] for n in places)
        )
        return len(places) == 1 or swapped
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def split(group: list[Piece], near: Nearness) -> Iterator[Finding]:
    """Contracts of the same parties whose numbers follow one another within a few weeks, in different claims."""
    chain: list[Piece] = []
    for piece in group:
        if chain and not (
            follows(chain[-1], piece) and piece.dated - chain[0].dated <= timedelta(days=near.split_days)
        ):
            yield from told(chain, near)
            chain = []
        chain.append(piece)
    yield from told(chain, near)


def told(chain: list[Piece], near: Nearness) -> Iterator[Finding]:
    if len(chain) >= near.split_at_least and len({piece.claim for piece in chain}) > 1:
        yield Finding("split", tuple(chain))


def follows(one: Piece, other: Piece) -> bool:
    """Whether the number of the other is the next after this one: …-01, …-02."""
    left, right = _TAIL.match(one.key), _TAIL.match(other.key)
    if not left or not right:
        return False
    return left[1] == right[1] and len(left[2]) == len(right[2]) and int(right[2]) - int(left[2]) == 1
