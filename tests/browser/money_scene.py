"""Money on its way: a pot, awards, orders in every state, a run that waits and one that went, evidence that looks alike."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from mangrove.funding import actions
from mangrove.funding.decisions import evidence_key
from mangrove.funding.evidence import register_evidence
from mangrove.funding.models import Award, Evidence, PaymentOrder, Pot, PriorMoney
from mangrove.funding.sending import ask_to_send, make_run
from mangrove.funding.settling import settle
from mangrove.funding.transfers import note_transfer
from mangrove.jobs import worker
from mangrove.ledger.refs import Ref
from mangrove.registry.models import Organisation, User

BUREAU = "szgxj"


def acting(username: str) -> dict[str, Any]:
    return {"by": User.objects.get(username=username).actor, "on": timezone.localdate()}


def money_moves() -> dict[str, Any]:
    """What the pages of funding are looked at with; all of it synthetic."""
    pot = actions.open_pot(
        code="sample-2026", name="5G产业发展专项（合成）", organisation=Organisation.objects.get(pk=BUREAU), budget_year=2026,
        document_number="样例财〔2026〕1号", amount=60_000_000_00, synthetic=True, **acting("payer_a"),
    )  # fmt: skip
    firms = list(Organisation.objects.filter(kind="firm").order_by("pk")[:12])
    orders = [ordered(award_to(firm, pot, n), n) for n, firm in enumerate(firms)]
    sent = run_of("样例一批（合成）", orders[:6])
    ask_to_send(run=sent, **acting("payer_b"))
    worker.work(until_idle=True)
    treasury_answers(orders[:6])
    waiting = run_of("样例二批（合成）", orders[6:9])
    paid = PaymentOrder.objects.get(pk=orders[0].pk)
    note_transfer(order=paid, holder="样例区财政部门", **acting("officer_a"))
    return {
        "pot": pot, "award": orders[1].award, "order": PaymentOrder.objects.get(pk=orders[-1].pk), "paid_order": paid,
        "waiting_run": waiting, "evidence": evidence_of(firms),
    }  # fmt: skip


def award_to(firm: Organisation, pot: Pot, n: int) -> Award:
    return actions.decide(
        pot=pot, recipient=firm, programme="样例措施", subject=Ref("sample", "claim", str(n)), title=f"样例项目{n + 1}（合成）",
        amount=(n + 3) * 400_000_00 + n * 17, basis=f"样例会议纪要〔2026〕{n + 1}号", synthetic=True, **acting("officer_a"),
    )  # fmt: skip


def ordered(award: Award, n: int) -> PaymentOrder:
    order = actions.prepare_order(
        award=award, tranche=1, amount=award.decided // 2, payee=award.recipient.name, bank="样例银行", account=f"6222000011{n:06d}",
        **acting("payer_a"),
    )  # fmt: skip
    return order if n > 8 else actions.approve(order=order, expected_version=1, **acting("payer_b"))


def run_of(title: str, orders: list[PaymentOrder]) -> Any:
    numbers = [order.number for order in orders]
    return make_run(
        title=title, organisation=Organisation.objects.get(pk=BUREAU), numbers=numbers, **acting("payer_b")
    )


def treasury_answers(orders: list[PaymentOrder]) -> None:
    for n, order in enumerate(orders[:5]):
        outcome = ("paid", "paid", "paid", "returned", "lapsed")[n]
        reason = {"returned": "户名与账号不符", "lapsed": "年终额度收回"}.get(outcome, "")
        settle(
            number=order.number, outcome=outcome, settled_on=timezone.localdate(), reference=f"GK{n:04d}", reason=reason,
            **acting("payer_a"),
        )  # fmt: skip


def evidence_of(firms: list[Organisation]) -> Evidence:
    PriorMoney.objects.create(
        level="provincial", programme="样例省级专项（合成）", year=2025, recipient=firms[0].name, matter="样例技改",
        invoice_number="26442000000099999999", key=evidence_key("invoice", "", "26442000000099999999"), amount=300_000_00, source="合成",
    )  # fmt: skip
    made = [
        register_evidence(
            kind=kind, number=number, seller="样例设备公司（合成）", buyer=firms[n].name if kind == "invoice" else firms[0].name,
            dated=date(2026, 3, 1) + timedelta(days=n * days), amount=amount, claim=Ref("sample", "claim", str(n)),
            claim_title=f"样例项目{n + 1}（合成）", claimant=firms[n], programme="样例措施", synthetic=True, **acting("officer_a"),
        )
        for n, (kind, number, days, amount) in enumerate(EVIDENCE)
    ]  # fmt: skip
    return made[0]


EVIDENCE = (
    ("contract", "HT-2026-031", 1, 490_000_00), ("contract", "HT-2026-032", 3, 480_000_00),
    ("invoice", "26442000000012345678", 0, 113_000_00), ("invoice", "26442000000012345999", 5, 56_500_00),
)  # fmt: skip
