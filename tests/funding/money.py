"""People and money for the tests; orders are led to any state by the acts that officers use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import count
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from mangrove.funding import actions
from mangrove.funding.models import Award, PaymentOrder, PaymentRun, Pot, Recovery
from mangrove.funding.sending import make_run
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor, Ref
from mangrove.registry.models import Organisation, User

PREPARER, APPROVER = Actor("pay_a", "资金经办甲", "局"), Actor("pay_b", "资金审核乙", "局")
_numbers = count(1)


def today() -> date:
    return timezone.localdate()


def bureau() -> Organisation:
    return Organisation.objects.get_or_create(
        id="bureau", defaults={"name": "市示例局", "kind": "government"}
    )[0]


def firm(id: str = "firm") -> Organisation:
    return Organisation.objects.get_or_create(id=id, defaults={"name": f"示例企业{id}", "kind": "firm"})[0]


def person(username: str, *roles: str, organisation: Organisation | None = None) -> User:
    return User.objects.create_user(
        username, name=username, roles=list(roles), organisation=organisation or bureau()
    )


def pot(amount: int = 10_000_00, code: str = "") -> Pot:
    return actions.open_pot(
        code=code or f"pot-{next(_numbers)}", name="5G专项", organisation=bureau(), budget_year=2026, amount=amount,
        document_number="样例财〔2026〕1号", by=PREPARER, on=today(), synthetic=True,
    )  # fmt: skip


def award(of: Pot | None = None, amount: int = 1_000_00, **more: Any) -> Award:
    n = next(_numbers)
    given: dict[str, Any] = {
        "pot": of or pot(), "recipient": firm(), "programme": "test", "subject": Ref("test", "claim", f"{n}-{uuid4().hex[:6]}"),
        "title": f"示例项目{n}", "amount": amount, "basis": "样例纪要1号", "by": PREPARER, "on": today(),
    }  # fmt: skip
    return actions.decide(**given | more)


def order(of: Award | None = None, amount: int = 1_000_00, tranche: int = 1, **more: Any) -> PaymentOrder:
    of = of or award(amount=amount)
    given: dict[str, Any] = {
        "award": of, "tranche": tranche, "amount": amount, "payee": of.recipient.name, "bank": "示例银行",
        "account": "6222000011112222", "by": PREPARER, "on": today(),
    }  # fmt: skip
    return actions.prepare_order(**given | more)


def approved(of: PaymentOrder | None = None) -> PaymentOrder:
    one = of or order()
    return actions.approve(order=one, expected_version=one.version, by=APPROVER, on=today())


def run_of(orders: Sequence[PaymentOrder]) -> PaymentRun:
    numbers = [one.number for one in orders]
    return make_run(title="示例批次", organisation=bureau(), numbers=numbers, by=APPROVER, on=today())


def many_approved(n: int) -> PaymentRun:
    """A run of n approved orders with their events. Rows go in many at once: the acts have tests of their own."""
    of, kind = pot(amount=n * 100_00), {"by": PREPARER, "on": today(), "payload": {"amount": 100_00}}
    awards = Award.objects.bulk_create(
        Award(
            pot=of, recipient=firm(), programme="test", subject_room="test", subject_kind="claim", subject_id=f"bulk-{i}",
            title=f"示例项目{i}", decided=100_00, decided_on=today(), basis="样例纪要1号",
        )
        for i in range(n)
    )  # fmt: skip
    orders = PaymentOrder.objects.bulk_create(
        PaymentOrder(
            number=f"2026-{i:06d}-01", award=one, tranche=1, amount=100_00, payee="示例企业", bank="示例银行",
            account=f"6222{i:012d}", state="approved", prepared_by=PREPARER.username, approved_by=APPROVER.username,
        )
        for i, one in enumerate(awards)
    )  # fmt: skip
    with transaction.atomic():
        for act in ("open", "approve"):
            for one in orders:
                record(f"funding.order.{act}", subject=one.ref, **kind)  # type: ignore[arg-type]
    return run_of(orders)


def recovered(of: Award, amount: int, **more: Any) -> Recovery:
    given: dict[str, Any] = {"basis": "样例追回通知〔2026〕1号", "receipt": "缴0001", "why": "未达绩效"}
    return actions.recover(award=of, amount=amount, by=PREPARER, on=today(), **given | more)
