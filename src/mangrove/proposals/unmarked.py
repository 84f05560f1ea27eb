"""Sentences that promise something and that no promise mark touches: the letter goes out, the ledger never hears of them.

They are shown to the office and never refused: a reader that works by rules cannot tell for certain what is a promise.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mangrove.casework.models import Promise
from mangrove.documents.reading.commitments import Commitment, find_commitments
from mangrove.proposals.composition import Composed
from mangrove.proposals.marks import Mark
from mangrove.proposals.models import Reply

#: 上述工作已列入承诺台账: tells of the promises that stand above, and makes none.
TELLS_OF_THE_LEDGER = re.compile(r"(?:上述|以上|前述|上列)[^，。；]*台账")


@dataclass(frozen=True)
class UnmarkedPromise:
    """Words of the letter that read like a promise, and the number that a mark around them could have."""

    start: int
    end: int
    text: str
    number: str


def unmarked_promises(composed: Composed, reply: Reply) -> tuple[UnmarkedPromise, ...]:
    """What reads like a promise in an unsigned letter and is not marked as one, in the order of the text."""
    found = [
        one
        for one in outermost(find_commitments(composed.body))
        if not touched(one, composed.promises) and not TELLS_OF_THE_LEDGER.match(one.text)
    ]
    if not found:
        return ()
    first = next_number([mark.id for mark in composed.promises], kept_numbers(reply))
    return tuple(
        UnmarkedPromise(one.start, one.end, one.text, f"C{number:02d}")
        for number, one in enumerate(found, start=first)
    )


def outermost(commitments: Iterable[Commitment]) -> list[Commitment]:
    """Without the acts named within another (通过…、举办…等方式，推动…): a mark around that one has them too."""
    kept: list[Commitment] = []
    for one in commitments:
        if not kept or one.end > kept[-1].end:
            kept.append(one)
    return kept


def touched(one: Commitment, promises: Sequence[Mark]) -> bool:
    return any(mark.start < one.end and one.start < mark.end for mark in promises)


def kept_numbers(reply: Reply) -> list[str]:
    """The numbers that earlier letters of this case gave: under one of them it would be that promise, said again."""
    return list(Promise.objects.filter(case__parent=reply.case_id).values_list("number", flat=True))


def next_number(*taken: Iterable[str]) -> int:
    return max((int(name[1:]) for names in taken for name in names), default=0) + 1
