"""Any sequence of acts, permitted or not: the cached state stays the fold, and refusals change nothing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mangrove.casework import actions
from mangrove.casework.models import Case
from mangrove.casework.verification import verify_states
from mangrove.casework.workflow import fold
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal

from .conftest import BY, FLOW, OPENED, open_test_case

# The table written out by hand, so that the machine does not ask the code under test what is right.
MOVES = {
    ("received", "sign_for", "officer"): "drafting",
    ("received", "return", "officer"): "returned",
    ("drafting", "submit", "officer"): "review",
    ("review", "send_back", "head"): "drafting",
    ("review", "sign", "head"): "answered",
}
ACTS = sorted({act for _, act, _ in MOVES})


class CaseMachine(RuleBasedStateMachine):
    """Walks one case and keeps beside it what the case should be."""

    @initialize()
    def open(self) -> None:
        self.case = open_test_case()
        self.state, self.acts, self.version, self.day = "received", list[str](), 1, OPENED

    @rule(
        act=st.sampled_from(ACTS),
        role=st.sampled_from(["officer", "head", "expert"]),
        late=st.integers(0, 2),
        days=st.integers(-1, 9),
        why=st.sampled_from(["按存档原件补录", ""]),
    )
    def try_step(self, act: str, role: str, late: int, days: int, why: str) -> None:
        on = self.day + timedelta(days=days)
        target = MOVES.get((self.state, act, role))
        # A past business date needs a reason whatever the act, and no date may run backwards.
        fine = target is not None and late == 0 and days >= 0 and why != ""
        try:
            actions.take_step(
                self.case.pk, act, by=BY, roles=[role], on=on, why=why,
                expected_version=max(self.version - late, 0), details={"characters": 10},
            )  # fmt: skip
        except Refusal:
            assert not fine
            return
        assert fine and target is not None
        self.moved(act, target, on)

    def moved(self, act: str, target: str, on: date) -> None:
        self.state, self.version, self.day = target, self.version + 1, on
        self.acts.append(act)

    @rule(unit=st.sampled_from(["通信处", "产业处"]))
    def hand_over(self, unit: str) -> None:
        closed = self.state in ("answered", "returned")
        try:
            actions.reassign(
                self.case.pk, by=BY, on=self.day, why="职责调整", expected_version=self.version,
                owner=None, unit=unit, organisation=None,
            )  # fmt: skip
        except Refusal:
            assert closed
            return
        assert not closed
        self.version += 1

    @invariant()
    def the_cache_is_the_fold(self) -> None:
        case = Case.objects.get(pk=self.case.pk)
        recorded = list(case.acts.order_by("sequence").values_list("act", flat=True))
        assert recorded == self.acts
        assert case.state == fold(FLOW, recorded) == self.state
        assert case.version == self.version
        assert (case.closed_on == self.day) is (self.state in ("answered", "returned"))
        events = Event.objects.filter(room="casework", object_id=str(case.pk)).count()
        assert events == self.version


@pytest.mark.django_db
def test_no_sequence_of_acts_parts_the_cache_from_the_fold() -> None:
    quick = settings(
        max_examples=30, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(CaseMachine, settings=quick)
    assert verify_states() == []


@pytest.mark.django_db
def test_verification_names_a_case_whose_state_was_tampered_with() -> None:
    case = open_test_case()
    Case.objects.filter(pk=case.pk).update(state="answered")
    assert verify_states() == [f"办件 {case.pk}“建议第 1 号”存的是 answered，按步骤推算是 received"]
