"""Evidence of a claim that counts, or was paid for, elsewhere; and contracts that look like parts of one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from mangrove.funding.decisions import Finding, Piece
from mangrove.funding.evidence import look_alike, register_evidence
from mangrove.funding.models import Evidence, PriorMoney
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.actions import Found
from mangrove.policies.claims.evidence import Proof, of_line, proofs
from mangrove.policies.claims.models import LONGEST_KEY, Claim, DoubtKind, DoubtState, Expense
from mangrove.policies.claims.repeats import same_paper
from mangrove.policies.claims.texts import living
from mangrove.policies.claims.workflow import PROGRAMME
from mangrove.registry.models import bodies_of

#: Why evidence is not entered; what stands in its way is then a doubt.
TAKEN = ("funding.evidence_counted", "funding.paid_elsewhere")


def entered(claim: Claim, by: Actor, on: date, why: str) -> int:
    """Enter what does not count anywhere yet; how many were entered now."""
    return sum(entered_one(claim, one, by, on, why) for one in proofs(claim))


def entered_one(claim: Claim, one: Proof, by: Actor, on: date, why: str) -> bool:
    if holder(one) is not None:
        return False
    try:
        register_evidence(
            kind=one.kind, code=one.code, number=one.number, seller=one.seller, buyer=claim.organisation.name,
            dated=one.dated, amount=one.amount, claim=claim.ref, claim_title=claim.title, claimant=claim.organisation,
            programme=PROGRAMME, accepted_reason=accepted(claim, one), by=by, on=on, why=why, synthetic=claim.synthetic,
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code not in TAKEN:
            raise
        return False
    return True


def holder(one: Proof) -> Evidence | None:
    """What counts under that number now."""
    return (
        Evidence.objects.filter(kind=one.kind, key=one.key, released_on=None)
        .select_related("claimant")
        .first()
    )


def accepted(claim: Claim, one: Proof) -> str:
    """Why money had elsewhere on this invoice is no double payment, where a person said so."""
    said = claim.doubts.filter(
        kind=DoubtKind.ELSEWHERE, state=DoubtState.DISMISSED, detail__key=one.key
    ).first()
    return said.reason if said else ""


# --- counted or paid elsewhere -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where else a number stands."""

    claim: str
    title: str
    claimant: str
    number: str
    seller: str
    dated: date | None
    amount: int


def gone_twice(claim: Claim) -> Iterator[Found]:
    for one in proofs(claim):
        yield from (paid_before(one) if one.kind == "invoice" else ())
        held = holder(one)
        mine = held is not None and held.claim == claim.ref
        places = [] if mine else [*held_places(one, held), *listed_places(one, claim)]
        for place in {each.claim: each for each in reversed(places)}.values():
            yield Found(
                DoubtKind(one.kind), f"{one.key} {place.claim}"[:200], place.claim, described(one, place)
            )


def held_places(one: Proof, held: Evidence | None) -> list[Place]:
    if held is None or not same_paper(one, held.seller):
        return []
    return [
        Place(
            str(held.claim),
            held.claim_title,
            held.claimant.name,
            held.number,
            held.seller,
            held.dated,
            held.amount,
        )
    ]


def listed_places(one: Proof, claim: Claim) -> Iterator[Place]:
    """The same number in the list of another claim, where neither of the two could be entered."""
    lines = Expense.objects.filter(claim__in=living(), **{f"{one.kind}_key": one.key[:LONGEST_KEY]}).exclude(
        claim=claim
    )
    for line in lines.select_related("claim__organisation").order_by("claim", "number"):
        same = [
            proof
            for proof in of_line(line, line.claim.applied_on)
            if (proof.kind, proof.key) == (one.kind, one.key)
        ]
        if same and same_paper(one, line.seller):
            yield Place(
                str(line.claim.ref), line.claim.title, line.claim.organisation.name, one.number, line.seller, same[0].dated, line.declared
            )  # fmt: skip


def described(one: Proof, place: Place) -> dict[str, Any]:
    return {
        "key": one.key, "number": one.number, "seller": one.seller, "dated": one.dated.isoformat(), "amount": one.amount,
        "there": {
            "title": place.title, "claimant": place.claimant, "number": place.number, "seller": place.seller,
            "dated": place.dated.isoformat() if place.dated else "", "amount": place.amount,
        },
    }  # fmt: skip


def paid_before(one: Proof) -> Iterator[Found]:
    for paid in PriorMoney.objects.filter(key=one.key):
        detail = {
            "key": one.key, "number": one.number, "seller": one.seller, "dated": one.dated.isoformat(), "amount": one.amount,
            "there": {
                "programme": paid.programme, "year": paid.year, "recipient": paid.recipient, "matter": paid.matter,
                "amount": paid.amount, "source": paid.source,
            },
        }  # fmt: skip
        yield Found(DoubtKind.ELSEWHERE, f"{one.key} {paid.pk}", detail=detail)


# --- parts of one --------------------------------------------------------------------------------------------------------


def split_up(claim: Claim) -> Iterator[Found]:
    """What the firm's evidence in several claims shows together; see :mod:`mangrove.funding.decisions`."""
    own = Evidence.objects.filter(claimant__in=bodies_of(claim.organisation_id))
    for finding in look_alike(own):
        others = [piece.claim for piece in finding.pieces if piece.claim != str(claim.ref)]
        if others and len(others) < len(finding.pieces):
            yield Found(DoubtKind.SPLIT, key_of(finding), others[0], pieces(finding))


def key_of(finding: Finding) -> str:
    said = f"{finding.why} {' '.join(sorted(f'{one.kind}:{one.key}' for one in finding.pieces))}"
    return hashlib.sha256(said.encode()).hexdigest()


def pieces(finding: Finding) -> dict[str, Any]:
    return {"why": finding.why, "pieces": [piece(one) for one in finding.pieces]}


def piece(one: Piece) -> dict[str, Any]:
    return {
        "evidence": one.id, "kind": one.kind, "number": one.number, "seller": one.seller, "dated": one.dated.isoformat(),
        "amount": one.amount, "claim": one.claim,
    }  # fmt: skip
