"""Two people at the same moment: one effect. Each race has a control in which the guard is away and the fault is seen."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from mangrove.funding import actions, evidence, totals
from mangrove.funding.evidence import register_evidence
from mangrove.funding.models import Award, Evidence, PaymentOrder, Pot
from mangrove.funding.sending import ask_to_send, make_run
from mangrove.jobs.models import Job
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Actor, Ref
from racing import seen_by_both, together, wrong

from .money import APPROVER, approved, award, bureau, firm, order, pot, today

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = Actor("pay_c", "资金审核丙", "局")


class TestTwoApprovers:
    def test_one_approval(self) -> None:
        one = order()
        results = together(
            lambda: actions.approve(order=one, expected_version=1, by=APPROVER, on=today()),
            lambda: actions.approve(order=one, expected_version=1, by=OTHER, on=today()),
        )
        assert wrong(results) == 1
        assert Event.objects.filter(act="funding.order.approve").count() == 1

    def test_control_without_looking_at_the_locked_row_both_approve(self) -> None:
        """What the version and the state under the lock keep out."""
        one = order()

        def blind(by: Actor) -> None:
            with transaction.atomic():
                PaymentOrder.objects.filter(pk=one.pk).update(
                    state="approved", approved_by=by.username, version=F("version") + 1
                )
                actions.record("funding.order.approve", subject=one.ref, by=by, on=today(), payload={})

        assert wrong(together(lambda: blind(APPROVER), lambda: blind(OTHER))) == 0
        assert Event.objects.filter(act="funding.order.approve").count() == 2


class TestOnePotTwice:
    def test_the_pot_is_not_overdrawn(self) -> None:
        of = pot(1_000_00)
        results = together(lambda: award(of, 700_00), lambda: award(of, 700_00))
        assert wrong(results) == 1 and totals.of_pot(of).decided == 700_00

    @pytest.mark.skipif(
        "connection.vendor == 'sqlite'", reason="on SQLite the transaction itself is the lock"
    )
    def test_control_without_the_lock_it_is(self, monkeypatch: pytest.MonkeyPatch) -> None:
        of = pot(1_000_00)
        monkeypatch.setattr(type(Pot.objects.all()), "select_for_update", lambda self, *given, **more: self)
        seen_by_both(monkeypatch, actions.totals, "of_pot")
        assert wrong(together(lambda: award(of, 700_00), lambda: award(of, 700_00))) == 0
        monkeypatch.undo()
        assert totals.of_pot(of).decided == 1_400_00


class TestOneTranche:
    def test_a_double_click_is_one_order(self) -> None:
        one = award(amount=1_000_00)
        results = together(lambda: order(one, 500_00, 1), lambda: order(one, 500_00, 1))
        assert wrong(results) == 1 and one.orders.count() == 1

    @pytest.mark.skipif(
        "connection.vendor == 'sqlite'", reason="on SQLite the transaction itself is the lock"
    )
    def test_control_without_the_lock_the_database_still_holds_it(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The second guard: a tranche has one living order by a unique key."""
        one = award(amount=1_000_00)
        monkeypatch.setattr(type(Award.objects.all()), "select_for_update", lambda self, *given, **more: self)
        seen_by_both(monkeypatch, actions, "refuse_second")
        results = together(lambda: order(one, 500_00, 1), lambda: order(one, 500_00, 1))
        assert [type(one) for one in results].count(IntegrityError) == 1 and one.orders.count() == 1


class TestOneRun:
    def test_an_order_is_in_one_run(self) -> None:
        one = approved()
        given: dict[str, Any] = {"organisation": bureau(), "numbers": [one.number], "on": today()}
        results = together(
            lambda: make_run(title="甲", by=APPROVER, **given),
            lambda: make_run(title="乙", by=OTHER, **given),
        )
        assert wrong(results) == 1 and Event.objects.filter(act="funding.run.make").count() == 1

    def test_sent_twice_it_is_one_job(self) -> None:
        run = make_run(
            title="甲", by=APPROVER, organisation=bureau(), numbers=[approved().number], on=today()
        )
        together(
            lambda: ask_to_send(run=run, by=APPROVER, on=today()),
            lambda: ask_to_send(run=run, by=OTHER, on=today()),
        )
        assert Job.objects.filter(kind="funding.send").count() == 1


class TestOneInvoice:
    def registered(self, claim: str) -> Evidence:
        return register_evidence(
            kind="invoice", code="", number="26442000000012345678", seller="甲", buyer="乙", dated=today(), amount=1_00,
            claim=Ref("test", "claim", claim), claim_title=claim, claimant=firm(), programme="test", by=APPROVER, on=today(),
        )  # fmt: skip

    def test_two_claims_at_once_have_it_once(self) -> None:
        firm()
        results = together(lambda: self.registered("1"), lambda: self.registered("2"))
        assert wrong(results) == 1 and Evidence.objects.count() == 1

    def test_control_without_the_unique_key_both_have_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        firm()
        unique = next(one for one in Evidence._meta.constraints if one.name == "funding_evidence_counts_once")
        with connection.schema_editor() as editor:
            editor.remove_constraint(Evidence, unique)
        monkeypatch.setattr(evidence, "refuse_counted", lambda kind, key: None)
        try:
            assert wrong(together(lambda: self.registered("1"), lambda: self.registered("2"))) == 0
            assert Evidence.objects.count() == 2
        finally:
            Evidence.objects.all().delete()
            with connection.schema_editor() as editor:
                editor.add_constraint(Evidence, unique)
