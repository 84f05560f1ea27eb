"""The contracts and invoices of a claim, as evidence that counts once in the whole house; let go of when the claim ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from mangrove.funding.decisions import evidence_key, plain
from mangrove.funding.evidence import release_evidence
from mangrove.funding.models import Evidence
from mangrove.ledger.refs import Actor
from mangrove.policies.claims.doubt_rules import doubt_rules
from mangrove.policies.claims.models import Claim, Expense


@dataclass(frozen=True)
class Proof:
    """A contract or invoice of some lines; ``amount`` is what was declared on it, in fen."""

    kind: str
    code: str
    number: str
    seller: str
    dated: date
    amount: int

    @property
    def key(self) -> str:
        return evidence_key(self.kind, self.code, self.number)


def proofs(claim: Claim) -> list[Proof]:
    """Each once, by key: two searches at once lock them in one order."""
    found: dict[tuple[str, str], Proof] = {}
    for line in claim.expenses.order_by("number"):
        for one in of_line(line, claim.applied_on):
            before = found.get((one.kind, one.key))
            amount = one.amount + (before.amount if before else 0)
            first = before or one
            found[one.kind, one.key] = Proof(
                one.kind, first.code, first.number, first.seller, first.dated, amount
            )
    return [found[place] for place in sorted(found) if place[1]]


def of_line(line: Expense, otherwise: date) -> Iterator[Proof]:
    """A line without the date of its own paper has that of another paper of it: what counts here is the number."""
    if line.invoice:
        dated = line.invoice_on or line.paid_on or line.contract_on or otherwise
        yield Proof("invoice", line.invoice_code, line.invoice, line.seller, dated, line.declared)
    if line.contract and not is_framework(line):
        dated = line.contract_on or line.invoice_on or line.paid_on or otherwise
        yield Proof("contract", "", line.contract, line.seller, dated, line.declared)


def is_framework(line: Expense) -> bool:
    """A framework contract may carry several projects: what counts once is each of its invoices."""
    said = plain(line.contract + line.content)
    return bool(line.invoice) and any(plain(word) in said for word in doubt_rules().framework_words)


def held(claim: Claim) -> QuerySet[Evidence]:
    """What counts for the claim now."""
    ref = claim.ref
    return Evidence.objects.filter(
        claim_room=ref.room, claim_kind=ref.kind, claim_id=ref.id, released_on=None
    ).order_by("kind", "key")


def release_all(claim: Claim, *, by: Actor, on: date, why: str) -> list[Evidence]:
    """The claim is refused or withdrawn: another may rest on what it rested on."""
    return [release_evidence(evidence=one, by=by, on=on, why=why) for one in held(claim)]


def release_unlisted(claim: Claim, *, by: Actor, on: date, why: str) -> list[Evidence]:
    """A corrected list lets go of what it no longer names."""
    listed = {(one.kind, one.key) for one in proofs(claim)}
    gone = [one for one in held(claim) if (one.kind, one.key) not in listed]
    return [release_evidence(evidence=one, by=by, on=on, why=why) for one in gone]
