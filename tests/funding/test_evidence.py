"""Whether the same evidence is known again however it is written, and what a person is shown."""

from __future__ import annotations

import random
import string
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.funding.decisions import Finding, Nearness, Piece, evidence_key, findings, one_apart
from mangrove.funding.evidence import look_alike, nearness, register_evidence, release_evidence
from mangrove.funding.models import Evidence, PriorMoney
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal

from .money import PREPARER, firm, today

NEAR = Nearness(split_days=30, split_at_least=2, deal_days=3)


def wide(text: str) -> str:
    return "".join(
        chr(ord(letter) + 0xFEE0) if letter in string.digits + string.ascii_letters else letter
        for letter in text
    )


@given(
    st.from_regex(r"[0-9]{10,12}", fullmatch=True),
    st.from_regex(r"[0-9]{8}", fullmatch=True),
    st.integers(0, 2**16),
)
def test_one_invoice_has_one_key_however_it_is_written(code: str, number: str, seed: int) -> None:
    chance = random.Random(seed)
    written = [
        number,
        wide(number),
        number.lstrip("0") or "0",
        f"No {number}"[3:],
        " ".join(number),
        f"{number[:4]}-{number[4:]}",
    ]
    codes = [code, wide(code), code.lstrip("0") or "0", f"{code[:5]} {code[5:]}"]
    key = evidence_key("invoice", code, number)
    assert evidence_key("invoice", chance.choice(codes), chance.choice(written)) == key


@given(st.from_regex(r"[1-9][0-9]{7}", fullmatch=True), st.from_regex(r"[1-9][0-9]{7}", fullmatch=True))
def test_two_numbers_are_two_keys(one: str, other: str) -> None:
    assert (evidence_key("invoice", "4403", one) == evidence_key("invoice", "4403", other)) == (one == other)


@given(st.text("0123456789", min_size=1, max_size=12), st.text("0123456789", min_size=1, max_size=12))
def test_one_apart_is_an_edit_of_one(one: str, other: str) -> None:
    """The oracle: every text that one edit makes."""
    letters = "0123456789"
    edits = {one}
    edits |= {one[:n] + letter + one[n + 1 :] for n in range(len(one)) for letter in letters}
    edits |= {one[:n] + one[n + 1 :] for n in range(len(one))}
    edits |= {one[:n] + letter + one[n:] for n in range(len(one) + 1) for letter in letters}
    edits |= {one[:n] + one[n + 1] + one[n] + one[n + 2 :] for n in range(len(one) - 1)}
    assert one_apart(one, other) == (other in edits)


def piece(
    id: str,
    number: str,
    claim: str,
    *,
    kind: str = "contract",
    days: int = 0,
    amount: int = 100,
    seller: str = "甲公司",
) -> Piece:
    return Piece(
        id,
        kind,
        evidence_key(kind, "", number),
        number,
        seller,
        "乙公司",
        date(2026, 1, 1) + timedelta(days=days),
        amount,
        claim,
    )


def said(found: list[Finding]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.why, tuple(part.id for part in one.pieces)) for one in found]


def test_split_contracts_are_found_and_a_series_within_one_claim_is_not() -> None:
    split = [piece("a", "HT-2026-01", "c1", amount=490), piece("b", "HT-2026-02", "c2", days=2, amount=480)]
    assert said(findings(split, NEAR)) == [("split", ("a", "b"))]
    own = [piece("a", "HT-2026-01", "c1", amount=490), piece("b", "HT-2026-02", "c1", days=2, amount=480)]
    assert findings(own, NEAR) == []
    apart = [piece("a", "HT-2026-01", "c1", amount=490), piece("b", "HT-2026-02", "c2", days=40, amount=480)]
    assert findings(apart, NEAR) == []


def test_a_digit_mistyped_is_found_and_another_deal_is_not() -> None:
    assert said(findings([piece("a", "HT778801", "c1"), piece("b", "HT778891", "c2", days=90)], NEAR)) == [
        ("near_number", ("a", "b"))
    ]
    assert said(findings([piece("a", "X-1", "c1"), piece("b", "Y-99", "c2", days=3)], NEAR)) == [
        ("same_deal", ("a", "b"))
    ]
    assert findings([piece("a", "X-1", "c1"), piece("b", "Y-99", "c2", days=4)], NEAR) == []
    assert findings([piece("a", "X-1", "c1"), piece("b", "X-1", "c2", seller="丙公司")], NEAR) == []


def test_planted_doubles_are_all_found_and_no_innocent_is() -> None:
    """A thousand ordinary contracts of a hundred pairs; the planted ones differ in a digit, in days, or follow one another."""
    chance = random.Random(4)
    ordinary = [
        piece(f"o{n}", f"HT{chance.randrange(10**9):09d}{n % 7}", f"c{n}", days=n * 5, amount=1000 + n, seller=f"甲{n % 100}公司")
        for n in range(1000)
    ]  # fmt: skip
    planted: list[Piece] = []
    for n in range(30):
        who: dict[str, Any] = {"seller": f"重{n}公司", "amount": 77 + n}
        number = f"{chance.randrange(10**8):08d}5"
        pair = {
            0: (number, number[:-1] + "6", 200),
            1: (f"A-{number}", f"B{number[::-1]}", 2),
            2: (f"S-{n:03d}-01", f"S-{n:03d}-02", 9),
        }[n % 3]
        more = {"amount": 5000} if n % 3 == 2 else {}
        planted += [
            piece(f"p{n}a", pair[0], f"x{n}", **who),
            piece(f"p{n}b", pair[1], f"y{n}", days=pair[2], **who | more),
        ]
    mixed = ordinary + planted
    chance.shuffle(mixed)
    found = {part.id for one in findings(mixed, NEAR) for part in one.pieces}
    assert found == {part.id for part in planted}


pytestmark = pytest.mark.django_db


def register(number: str = "26442000000012345678", claim: str = "1", **more: Any) -> Evidence:
    given: dict[str, Any] = {
        "kind": "invoice", "code": "", "number": number, "seller": "甲公司", "buyer": "乙公司", "dated": today(), "amount": 1_00,
        "claim": Ref("test", "claim", claim), "claim_title": f"项目{claim}", "claimant": firm(), "programme": "甲计划",
        "by": PREPARER, "on": today(),
    }  # fmt: skip
    return register_evidence(**given | more)


def refusal(**more: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        register(**more)
    return caught.value


def test_the_same_invoice_in_another_programme_and_year_is_refused_naming_where_it_counts() -> None:
    register()
    said = refusal(number="2644 2000 0000 1234 5678", claim="2", programme="乙计划", dated=date(2025, 1, 1))
    assert said.code == "funding.evidence_counted" and "项目1" in str(said)


def test_released_it_may_count_elsewhere() -> None:
    one = register()
    release_evidence(evidence=one, by=PREPARER, on=today(), why="申报撤回")
    assert register(claim="2").pk != one.pk
    with pytest.raises(Refusal):
        release_evidence(evidence=one, by=PREPARER, on=today(), why="再来")


def test_an_invoice_paid_by_another_level_is_refused_until_somebody_answers_for_it() -> None:
    PriorMoney.objects.create(
        level="provincial", programme="省级专项", year=2025, recipient="示例企业", matter="技改", invoice_number="26442000000012345678",
        key=evidence_key("invoice", "", "26442000000012345678"), amount=1_00, source="样例",
    )  # fmt: skip
    said = refusal()
    assert said.code == "funding.paid_elsewhere" and "省级专项" in str(said)
    assert register(accepted_reason="省级资助的是另一台设备").accepted_reason


def test_a_number_without_a_digit_is_none() -> None:
    assert refusal(number="——").code == "funding.no_number"


def test_the_register_shows_what_looks_alike_by_the_rules_in_force() -> None:
    register("12345678", "1")
    register("12345679", "2")
    assert [one.why for one in look_alike(Evidence.objects.all())] == ["near_number"]
    assert nearness() == Nearness(30, 2, 3)
