"""One invoice on several lines of one list: honestly split where the lines stay within its amount, doubtful otherwise."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mangrove.funding.decisions import party
from mangrove.policies.claims.actions import Found
from mangrove.policies.claims.doubt_rules import doubt_rules
from mangrove.policies.claims.evidence import Proof, of_line
from mangrove.policies.claims.models import Claim, Doubt, DoubtKind, DoubtState, Expense


def same_paper(one: Proof, seller: str) -> bool:
    """Numbers of contracts, and short ones of invoices, are only the seller's own: two sellers may both have a No. 12."""
    return unmistakable(one) or not (one.seller and seller) or party(one.seller) == party(seller)


def unmistakable(one: Proof) -> bool:
    return one.kind == "invoice" and (bool(one.code.strip()) or len(one.key) >= doubt_rules().unique_digits)


@dataclass(frozen=True)
class Repeat:
    """An invoice that stands on several lines, in their order."""

    proof: Proof
    lines: tuple[Expense, ...]

    @property
    def declared(self) -> int:
        return sum(one.declared for one in self.lines)

    @property
    def within(self) -> bool:
        """Whether the list says the invoice's amount, the same on each line that says it, and the lines stay within it."""
        said = {one.invoice_amount for one in self.lines if one.invoice_amount is not None}
        return len(said) == 1 and self.declared <= said.pop()

    @property
    def key(self) -> str:
        """Of these lines with these amounts: what a person weighed was this, and not what a later list says."""
        said = " ".join(f"{one.number}:{one.declared}:{one.invoice_amount}" for one in self.lines)
        return f"{self.proof.key[:150]} {hashlib.sha256(said.encode()).hexdigest()[:16]}"


def repeats(claim: Claim, lines: Iterable[Expense]) -> list[Repeat]:
    """``lines`` in their order; only what is doubtful of them."""
    groups: dict[str, list[tuple[Proof, list[Expense]]]] = {}
    for line in lines:
        for proof in of_line(line, claim.applied_on):
            if proof.kind == "invoice" and proof.key:
                join(groups.setdefault(proof.key, []), proof, line)
    found = (Repeat(proof, tuple(held)) for same in groups.values() for proof, held in same)
    return [one for one in found if len(one.lines) > 1 and not one.within]


def join(groups: list[tuple[Proof, list[Expense]]], proof: Proof, line: Expense) -> None:
    """To the first invoice that it may be; else it begins one."""
    for first, held in groups:
        if same_paper(first, proof.seller):
            held.append(line)
            return
    groups.append((proof, [line]))


def listed_twice(claim: Claim) -> Iterator[Found]:
    for one in repeats(claim, claim.expenses.order_by("number")):
        yield Found(DoubtKind.REPEATED, one.key, detail=described(one))


def described(one: Repeat) -> dict[str, Any]:
    proof = one.proof
    return {
        "key": proof.key, "number": proof.number, "seller": proof.seller, "dated": proof.dated.isoformat(), "amount": one.declared,
        "lines": [
            {"line": line.number, "content": line.content, "contract": line.contract, "amount": line.declared,
             "of": line.invoice_amount}
            for line in one.lines
        ],
    }  # fmt: skip


# --- what the audit makes of it ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Again:
    """A line whose invoice stood on an earlier one, ``first``; ``upheld``: the reason of who found it counted twice."""

    first: int
    upheld: str = ""


def again(claim: Claim, lines: Iterable[Expense]) -> Mapping[int, Again]:
    """By the line's key; an invoice that a person found to be honestly split is not among them."""
    judged = {one.key: one for one in claim.doubts.filter(kind=DoubtKind.REPEATED)}
    return {
        line.pk: Again(one.lines[0].number, reason(judged.get(one.key)))
        for one in repeats(claim, lines)
        if not dismissed(judged.get(one.key))
        for line in one.lines[1:]
    }


def dismissed(one: Doubt | None) -> bool:
    return one is not None and one.state == DoubtState.DISMISSED


def reason(one: Doubt | None) -> str:
    return one.reason if one is not None and one.state == DoubtState.UPHELD else ""
