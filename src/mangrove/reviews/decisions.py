"""What follows from the facts: totals, means, ranks, discrepancies, eligibility, a draw. Pure; no floats.

A total is the weighted sum of whole marks, an exact fraction. The mean of a project is the plain mean of the totals
that count: no highest or lowest is dropped, and nothing is calibrated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any, Literal

from mangrove.reviews.rubrics import Rubric

PLACES = 2

Fault = Literal["not_whole", "out_of_range", "no_reason", "missing"]
Obstacle = Literal[
    "same_legal_person",
    "not_serving",
    "no_agreement",
    "named_unsuitable",
    "assigned",
    "knows_applicants",
    "competing",
]

#: What no officer can set aside when assigning by hand. An applicant's wish (``named_unsuitable``), and an item of the
#: expert's own organisation elsewhere in the round (``competing``), are weighed instead, and never drawn.
HARD: frozenset[Obstacle] = frozenset(
    {"same_legal_person", "not_serving", "no_agreement", "assigned", "knows_applicants"}
)


@dataclass(frozen=True)
class Mark:
    """A whole mark and the reason for it."""

    mark: int
    reason: str


def read_marks(rubric: Rubric, said: Mapping[str, Any]) -> tuple[dict[str, Mark], dict[str, Fault]]:
    """The marks of what was written, and by criterion what is wrong with them.

    ``said``: ``{criterion: {"mark": text or int, "reason": text}}``, as drafts keep it.
    """
    marks, faults = {}, {}
    for criterion in rubric.criteria:
        entry = said.get(criterion.id) or {}
        found = read_mark(rubric, entry.get("mark"), str(entry.get("reason") or "").strip())
        if isinstance(found, Mark):
            marks[criterion.id] = found
        else:
            faults[criterion.id] = found
    return marks, faults


def read_mark(rubric: Rubric, mark: Any, reason: str) -> Mark | Fault:
    text = "" if mark is None else str(mark).strip()
    if not text:
        return "missing"
    if not (text.isascii() and text.removeprefix("-").isdigit() and len(text) < 10):
        return "not_whole"
    if not rubric.least <= int(text) <= rubric.most:
        return "out_of_range"
    return Mark(int(text), reason) if reason else "no_reason"


def total(rubric: Rubric, marks: Mapping[str, int]) -> Fraction:
    """The weighted sum of whole marks, exactly. Raises ``KeyError`` when one is missing."""
    return sum((one.weight * marks[one.id] for one in rubric.criteria), Fraction(0))


def mean(totals: Collection[Fraction]) -> Fraction | None:
    """The plain mean; ``None`` of nothing."""
    return sum(totals, Fraction(0)) / len(totals) if totals else None


def spread(totals: Collection[Fraction]) -> Fraction:
    return max(totals) - min(totals) if totals else Fraction(0)


def differs_much(rubric: Rubric, totals: Collection[Fraction], percent: int) -> bool:
    """Whether experts differ by at least so many percent of the full mark; pointed out, never acted on."""
    return len(totals) > 1 and spread(totals) * 100 >= percent * (rubric.most - rubric.least)


@dataclass(frozen=True)
class Place:
    """A place in the ranking. ``rank`` is ``None`` without a mean; ``tied`` counts those that share it, itself included."""

    code: str
    mean: Fraction | None
    rank: int | None
    tied: int


def ranking(means: Mapping[str, Fraction | None]) -> list[Place]:
    """Items by code, best mean first. Equal means share a rank and are told as tied; codes only order the list."""
    known = sorted(
        ((value, code) for code, value in means.items() if value is not None),
        key=lambda one: (-one[0], one[1]),
    )
    values = [value for value, _code in known]
    ranked = [Place(code, value, values.index(value) + 1, values.count(value)) for value, code in known]
    return ranked + [Place(code, None, None, 0) for code in sorted(means) if means[code] is None]


def rounded(value: Fraction) -> str:
    """For reading: two decimals, half away from zero; 84.5 and not 84.50 when exact, ``≈`` when it is not."""
    scaled = Decimal(value.numerator) / Decimal(value.denominator)
    shown = scaled.quantize(Decimal(1).scaleb(-PLACES), ROUND_HALF_UP)
    exact = Fraction(shown) == value
    return f"{'' if exact else '≈'}{shown:f}"


@dataclass(frozen=True)
class Facts:
    """What is known of an expert before an item: for :func:`obstacles`."""

    organisation: str | None
    serving: bool
    agreed: bool
    unsuitable: bool
    assigned: bool
    knows_applicants: bool = False
    competing: bool = False


def obstacles(facts: Facts, parties: Collection[str | None]) -> list[Obstacle]:
    """Everything that stands against giving this expert this item, in a fixed order."""
    told: tuple[tuple[bool, Obstacle], ...] = (
        (facts.organisation is not None and facts.organisation in parties, "same_legal_person"),
        (not facts.serving, "not_serving"),
        (not facts.agreed, "no_agreement"),
        (facts.assigned, "assigned"),
        (facts.knows_applicants, "knows_applicants"),
        (facts.competing, "competing"),
        (facts.unsuitable, "named_unsuitable"),
    )
    return [name for holds, name in told if holds]


def drawn(seed: str, pool: Iterable[str], wanted: int) -> list[str]:
    """``wanted`` of the pool by lot: the least SHA-256 of seed and name. The same seed and pool draw the same again.

    The order in which the pool is given does not matter, and who is left out can check it by hand.
    """
    return sorted(set(pool), key=lambda name: (lot(seed, name), name))[:wanted]


def lot(seed: str, name: str) -> str:
    return hashlib.sha256(f"{seed}:{name}".encode()).hexdigest()


def anonymous_order(comments: Sequence[tuple[str, Any]]) -> list[Any]:
    """Things in the order of the hash of their keys, so that their place says nothing of who wrote them."""
    ordered = sorted(comments, key=lambda one: hashlib.sha256(one[0].encode()).hexdigest())
    return [thing for _key, thing in ordered]
