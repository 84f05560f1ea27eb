"""Each act on money: what it does, and each way in which it is refused. A refused act leaves nothing behind."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from mangrove.funding import actions, sending, totals, verification
from mangrove.funding.models import Award, PaymentOrder, PaymentRun
from mangrove.funding.sending import ask_to_send, take_out
from mangrove.funding.settling import settle
from mangrove.funding.transfers import held_too_long, note_transfer
from mangrove.funding.treasury import treasury_file
from mangrove.jobs import worker
from mangrove.jobs.models import Job, State
from mangrove.jobs.running import Running
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.verify import verify
from mangrove.registry.importing.files import content_of

from .money import APPROVER, PREPARER, approved, award, order, pot, recovered, run_of, today

pytestmark = pytest.mark.django_db(transaction=True)


def refused(work: Callable[[], object]) -> str:
    """The code of the refusal, after which the ledger holds not one event more."""
    before = Event.objects.count()
    with pytest.raises(Refusal) as caught:
        work()
    assert Event.objects.count() == before
    return caught.value.code


def sent(one: PaymentOrder) -> PaymentOrder:
    ask_to_send(run=run_of([approved(one)]), by=APPROVER, on=today())
    worker.work(until_idle=True)
    return PaymentOrder.objects.get(pk=one.pk)


def settled(one: PaymentOrder, outcome: str = "paid", reason: str = "") -> PaymentOrder:
    return settle(
        number=one.number,
        outcome=outcome,
        settled_on=today(),
        reference="GK1",
        reason=reason,
        by=PREPARER,
        on=today(),
    )


def sound() -> None:
    assert verification.verify_orders() == [] and verification.verify_amounts() == []


def test_the_five_amounts_are_five() -> None:
    one = award(amount=1_000_00)
    first = sent(order(one, 400_00, 1))
    order(one, 300_00, 2)
    settled(first)
    actions.confirm_received(order=first, by=PREPARER, on=today())
    recovered(one, 50_00)
    expected = totals.Totals(1_000_00, 700_00, 400_00, 400_00, 50_00)
    assert totals.of_award(one) == expected == totals.of_pot(one.pot)
    assert expected.net == 950_00
    sound()


def test_a_pot_decides_no_more_than_it_holds() -> None:
    of = pot(1_000_00)
    award(of, 700_00)
    assert refused(lambda: award(of, 300_01)) == "funding.pot_empty"
    assert award(of, 300_00).decided == 300_00


def test_one_award_a_subject() -> None:
    of, subject = pot(), Ref("test", "claim", "1")
    award(of, 1_00, subject=subject)
    assert refused(lambda: award(of, 1_00, subject=subject)) == "funding.awarded_already"


def test_orders_never_exceed_what_was_decided() -> None:
    one = award(amount=1_000_00)
    order(one, 600_00, 1)
    assert refused(lambda: order(one, 400_01, 2)) == "funding.over_award"
    assert refused(lambda: order(one, 400_00, 1)) == "funding.tranche_ordered"
    assert refused(lambda: order(one, 0, 2)) == "funding.no_money"


def test_a_reduction_stays_above_what_is_ordered() -> None:
    one = award(amount=1_000_00)
    order(one, 600_00)
    assert (
        refused(lambda: actions.reduce(award=one, amount=599_99, by=PREPARER, on=today(), why="核减"))
        == "funding.bad_reduction"
    )
    assert actions.reduce(award=one, amount=600_00, by=PREPARER, on=today(), why="核减").decided == 600_00
    sound()


def test_two_persons() -> None:
    one = order()
    assert (
        refused(lambda: actions.approve(order=one, expected_version=1, by=PREPARER, on=today()))
        == "funding.two_persons"
    )
    with pytest.raises(IntegrityError), transaction.atomic():  # and the database holds it too
        PaymentOrder.objects.filter(pk=one.pk).update(approved_by=PREPARER.username)
    run = run_of([approved(one)])
    assert refused(lambda: ask_to_send(run=run, by=PREPARER, on=today())) == "funding.two_persons"


def test_a_stale_page_approves_nothing() -> None:
    one = order()
    approved(one)
    assert (
        refused(lambda: actions.approve(order=one, expected_version=1, by=APPROVER, on=today()))
        == "funding.stale"
    )
    assert (
        refused(lambda: actions.approve(order=one, expected_version=2, by=APPROVER, on=today()))
        == "funding.wrong_state"
    )


def test_what_is_in_a_run_is_not_voided_and_goes_in_no_second_one() -> None:
    one = approved()
    run_of([one])
    one.refresh_from_db()
    assert (
        refused(
            lambda: actions.cancel(order=one, expected_version=one.version, by=APPROVER, on=today(), why="误")
        )
        == "funding.in_run"
    )
    assert refused(lambda: run_of([one])) == "funding.not_ready"
    run = one.run
    take_out(order=one, expected_version=one.version, by=APPROVER, on=today(), why="账号有误")
    assert refused(lambda: ask_to_send(run=run, by=APPROVER, on=today())) == "funding.empty_run"
    one.refresh_from_db()
    actions.cancel(order=one, expected_version=one.version, by=APPROVER, on=today(), why="账号有误")
    prepared = order()
    assert refused(lambda: run_of([prepared])) == "funding.not_ready"


def test_a_run_leaves_in_one_file_and_each_order_has_an_event_under_its_batch() -> None:
    run = run_of([approved(), approved()])
    job = ask_to_send(run=run, by=APPROVER, on=today())
    assert ask_to_send(run=run, by=APPROVER, on=today()).pk == job.pk
    worker.work(until_idle=True)
    run.refresh_from_db()
    assert run.state == "sent" and content_of(run.sha256) == treasury_file(run.orders.order_by("number"))
    lines = content_of(run.sha256).decode("utf-8-sig").splitlines()
    assert len(lines) == 3 and "1000.00" in lines[1] and "6222000011112222" in lines[1]
    assert Event.objects.filter(act="funding.order.send", batch=run.uid).count() == 2
    assert verify().unsealed == 0
    sound()


def test_a_run_called_off_in_the_middle_goes_on_where_it_stood(monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of([approved() for _n in range(5)])
    leave = sending.leave

    def then_called_off(run: PaymentRun, numbers: Sequence[str], running: Running) -> None:
        leave(run, numbers, running)
        Job.objects.filter(pk=running.job.pk).update(cancel_asked=True)

    with monkeypatch.context() as hands:
        hands.setattr(sending, "PIECE", 2)
        hands.setattr(sending, "leave", then_called_off)
        first = ask_to_send(run=run, by=APPROVER, on=today())
        worker.work(until_idle=True)
    first.refresh_from_db()
    assert first.state == State.CANCELLED and run.orders.filter(state="sent").count() == 2
    again = ask_to_send(run=run, by=APPROVER, on=today())
    worker.work(until_idle=True)
    run.refresh_from_db()
    assert again.pk != first.pk and run.state == "sent"
    assert Event.objects.filter(act="funding.order.send", batch=run.uid).count() == 5
    assert len(content_of(run.sha256).splitlines()) == 6
    sound()


@pytest.mark.parametrize("act", ["reduce", "recover"])
def test_what_takes_money_back_says_why(act: str) -> None:
    one = award()
    more = {"basis": "追回通知1号", "receipt": "缴0001"} if act == "recover" else {}
    work = getattr(actions, act)
    said = {"award": one, "amount": 1, "by": PREPARER, "on": today(), "why": " ", **more}
    assert refused(lambda: work(**said)) == "registry.required"


def test_after_a_return_the_tranche_is_ordered_anew() -> None:
    one = sent(order())
    assert refused(lambda: order(one.award, 1_000_00)) in ("funding.over_award", "funding.tranche_ordered")
    settled(one, "returned", "户名不符")
    again = order(one.award, 1_000_00)
    assert again.number == f"{one.number}-2" and totals.of_award(one.award).ordered == 1_000_00
    sound()


def test_the_treasury_answers_once() -> None:
    one = sent(order())
    settled(one)
    assert refused(lambda: settled(one)) == "funding.wrong_state"
    assert refused(lambda: settled(one, "returned", "x")) == "funding.wrong_state"
    waiting = approved()
    assert refused(lambda: settled(waiting)) == "funding.wrong_state"


def test_only_what_was_paid_is_received_or_recovered() -> None:
    one = sent(order())
    assert (
        refused(lambda: actions.confirm_received(order=one, by=PREPARER, on=today()))
        == "funding.not_to_receive"
    )
    assert refused(lambda: recovered(one.award, 1)) == "funding.over_recovery"
    settled(one)
    recovered(one.award, 1_000_00)
    assert refused(lambda: recovered(one.award, 1)) == "funding.over_recovery"


def test_money_is_followed_below_the_first_transfer() -> None:
    one = settled(sent(order()))
    note_transfer(order=one, holder="区财政局", by=PREPARER, on=today())
    last = note_transfer(order=one, holder="街道", by=PREPARER, on=today())
    assert [(each.holder, each.passed_on) for each in one.transfers.all()] == [
        ("区财政局", today()),
        ("街道", None),
    ]
    assert not held_too_long(last, today()) and held_too_long(last, today() + timedelta(days=31))
    actions.confirm_received(order=one, by=PREPARER, on=today())
    assert (
        refused(lambda: note_transfer(order=one, holder="谁", by=PREPARER, on=today()))
        == "funding.no_transfer"
    )


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda one: PaymentOrder.objects.filter(pk=one.pk).update(state="paid"), "按账本是"),
        (lambda one: PaymentOrder.objects.filter(pk=one.pk).update(amount=1), "金额与账本不符"),
        (lambda one: Award.objects.filter(pk=one.award_id).update(decided=9_999_99), "账本是"),
        (lambda one: Award.objects.filter(pk=one.award_id).update(decided=99_999_99), "下达只有"),
    ],
)  # fmt: skip
def test_verification_names_what_was_changed_by_hand(
    harm: Callable[[PaymentOrder], object], said: str
) -> None:
    one = approved()
    sound()
    harm(one)
    assert any(said in fault for fault in [*verification.verify_orders(), *verification.verify_amounts()])


def test_the_file_is_the_same_bytes_for_the_same_orders() -> None:
    run = run_of([approved(), approved()])
    assert treasury_file(run.orders.order_by("number")) == treasury_file(run.orders.order_by("number"))
    assert io.BytesIO(treasury_file(run.orders.all())).read(3) == b"\xef\xbb\xbf"
