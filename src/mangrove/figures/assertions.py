"""Sources registered for claims that have no number (全国第一个…), so that the check can say what stands behind them."""

from __future__ import annotations

from dataclasses import dataclass

from mangrove.figures.models import Assertion, Status


@dataclass(frozen=True)
class Backing:
    """What stands behind a claim. ``id`` is the registered assertion's, empty when there is none."""

    id: str
    status: str
    source: str
    note: str


#: As they are kept with a filed letter, whoever reads it in whatever language.
STATUSES = {Status.VERIFIED: "已核", Status.UNVERIFIED: "待核"}

NONE = Backing("", STATUSES[Status.UNVERIFIED], "", "没有登记来源；请补来源，或改为有数字的表述。")


def registered() -> list[Assertion]:
    """Every assertion with its source, in order."""
    return list(Assertion.objects.select_related("source"))


def backing(claim: str, known: list[Assertion]) -> Backing:
    """The first assertion all of whose words stand in the claim; without one the claim is 待核."""
    found = next((one for one in known if all(word in claim for word in one.words)), None)
    if found is None:
        return NONE
    return Backing(found.pk, STATUSES[Status(found.status)], str(found.source or ""), found.note)
