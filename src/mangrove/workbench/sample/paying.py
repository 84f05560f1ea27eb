"""Awards under a pot, orders by two persons, the treasury's file and what it answers: paid, returned and corrected, lapsed."""

from __future__ import annotations

import csv
import io

from django.db import transaction

from mangrove.funding import actions
from mangrove.funding.evidence import register_evidence
from mangrove.funding.importing import RECEIPTS
from mangrove.funding.models import Award, PaymentOrder, PaymentRun, Pot
from mangrove.funding.sending import ask_to_send, make_run
from mangrove.funding.transfers import note_transfer
from mangrove.funding.treasury import plain_yuan
from mangrove.funding.workflow import LIVE
from mangrove.intake.models import Opening
from mangrove.jobs.actions import submit
from mangrove.registry.importing.files import keep
from mangrove.workbench.sample.applying import accepted
from mangrove.workbench.sample.telling import Line, Telling, day, fen, who, work_off

PREPARES, APPROVES = "payer_a", "payer_b"


def pay(told: Telling, opening: Opening) -> None:
    """Decided once; each run is sent by the worker, and its receipts come in as the treasury's file."""
    money = told.said["money"]
    decide(told, opening, money)
    for run in money["runs"]:
        if PaymentRun.objects.filter(title=run["title"]).exists():
            continue
        sent = send(told, money, run)
        work_off()
        take_receipts(told, sent, run)
        work_off()
    arrive(told, money)


@transaction.atomic
def decide(told: Telling, opening: Opening, money: Line) -> None:
    said = money["pot"]
    if Pot.objects.filter(code=said["code"]).exists():
        return
    pot = actions.open_pot(
        code=said["code"], name=said["name"], organisation=told.bureau, budget_year=said["year"], amount=fen(said["amount"]),
        document_number=said["document"], synthetic=True, **told.written(said["opened"], who(PREPARES)),
    )  # fmt: skip
    for line, one in accepted(told, opening):
        if "amount" in line:
            actions.decide(
                pot=pot, recipient=one.organisation, programme=money["programme"], subject=one.ref,
                title=f"{line['title']}（合成）", amount=fen(line["amount"]), basis=money["basis"], synthetic=True,
                **told.written(money["decided"], told.officer),
            )  # fmt: skip
    for proof in money["evidence"]:
        register(told, money, proof)


def register(told: Telling, money: Line, said: Line) -> None:
    """A contract or an invoice on which an award rests."""
    award = award_of(money, said["by"])
    register_evidence(
        kind=said["kind"], number=said["number"], seller=said["seller"], buyer=award.recipient.name, dated=day(said["dated"]),
        amount=fen(said["amount"]), claim=award.subject, claim_title=award.title, claimant=award.recipient,
        programme=money["programme"], synthetic=True, **told.written(money["decided"], told.officer),
    )  # fmt: skip


@transaction.atomic
def send(told: Telling, money: Line, said: Line) -> PaymentRun:
    """One prepares, another approves and sends. What was returned is ordered anew."""
    orders = [order(told, money, said, name) for name in said["orders"]]
    approver = who(APPROVES)
    sent = told.written(said["sent"], approver)
    run = make_run(
        title=said["title"], organisation=told.bureau, numbers=[one.number for one in orders], **sent
    )
    ask_to_send(run=run, **sent)
    return run


def order(told: Telling, money: Line, said: Line, name: str) -> PaymentOrder:
    made = prepare(told, award_of(money, name), said.get("prepared", money["prepared"]))
    when = told.written(said.get("prepared", money["approved"]), who(APPROVES))
    return actions.approve(order=made, expected_version=1, **when)


def prepare(told: Telling, award: Award, on: object) -> PaymentOrder:
    return actions.prepare_order(
        award=award, tranche=1, amount=award.decided, payee=award.recipient.name, bank="样例银行（合成）",
        account=f"6200000000{award.pk:06d}", **told.written(on, who(PREPARES)),
    )  # fmt: skip


def award_of(money: Line, name: str) -> Award:
    awards = Award.objects.select_related("recipient", "pot")
    return awards.get(pot__code=money["pot"]["code"], recipient=who(name).organisation)


def take_receipts(told: Telling, run: PaymentRun, said: Line) -> None:
    """The file as the treasury would send it, taken in by the import that people use."""
    content = receipts(run, said)
    submit(
        RECEIPTS.take_kind, title=f"导入 {run.title}回执.csv", key=f"sample/{run.uid}",
        arguments={"sha256": keep(io.BytesIO(content)), "file": f"{run.title}回执.csv", "source": "样例（合成）"},
        **told.written(said["answered"], who(PREPARES)),
    )  # fmt: skip


def receipts(run: PaymentRun, said: Line) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    heads = ("order", "amount", "outcome", "settled_on", "reference", "reason")
    writer.writerow([RECEIPTS.entity.field(head).zh for head in heads])
    for n, one in enumerate(run.orders.select_related("award").order_by("number"), 1):
        outcome, reason = answer(said, one)
        row = (
            one.number,
            plain_yuan(one.amount),
            outcome,
            day(said["answered"]),
            f"样例{run.pk}-{n}",
            reason,
        )
        writer.writerow(row)
    return file.getvalue().encode()


def answer(said: Line, one: PaymentOrder) -> tuple[str, str]:
    """What became of an order, in the word of the file, and why where it was not paid."""
    for outcome, word in (("returned", "退票"), ("lapsed", "年末收回")):
        for name, reason in said.get(outcome, {}).items():
            if who(name).organisation_id == one.award.recipient_id:
                return word, reason
    return "已支付", ""


@transaction.atomic
def arrive(told: Telling, money: Line) -> None:
    """Who has the money now: some of it lies with a district, some has arrived."""
    for name, said in money["held"].items():
        if not (paid := paid_order(money, name)).transfers.exists():
            note_transfer(order=paid, holder=said["by"], **told.written(said["since"], told.officer))
    for name, on in money["waiting"].items():
        if not (award := award_of(money, name)).orders.filter(state__in=LIVE).exists():
            prepare(told, award, on)
    for name, on in money["received"].items():
        if not (paid := paid_order(money, name)).received_on:
            actions.confirm_received(order=paid, **told.written(on, told.officer))


def paid_order(money: Line, name: str) -> PaymentOrder:
    return award_of(money, name).orders.get(state="paid")
