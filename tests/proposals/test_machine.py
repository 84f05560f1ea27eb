"""Any sequence of acts by anybody, on new pages and old: a state is the fold of its acts, a signed letter never changes."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from django.http import Http404
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mangrove.casework.models import Case, CaseAct, Promise
from mangrove.casework.verification import verify_clocks, verify_states
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.sealer import seal_pending
from mangrove.ledger.verify import verify
from mangrove.proposals import actions, sending, signing
from mangrove.proposals.models import Numbering, Reply, SignedLetter

from . import life
from .life import at, who

#: The table of a reply written out by hand, so that the machine does not ask the code under test what is right.
MOVES = {
    ("handed", "accept"): "drafting",
    ("handed", "return_to_office"): "returned",
    ("drafting", "submit"): "in_review",
    ("in_review", "send_back"): "drafting",
    ("in_review", "pass_review"): "to_sign",
    ("to_sign", "decline"): "drafting",
    ("to_sign", "sign"): "signed",
    ("signed", "recall"): "to_sign",
    ("numbered", "recall"): "to_sign",
    ("signed", "number"): "numbered",
    ("numbered", "deliver"): "delivered",
    ("delivered", "rate"): "rated",
    ("rated", "rate"): "rated",
    ("rated", "redo"): "drafting",
    ("rated", "close"): "closed",
}
WHO = {
    "accept": "officer", "return_to_office": "officer", "submit": "officer", "send_back": "reviewer",
    "pass_review": "reviewer", "decline": "director", "sign": "director", "recall": "officer", "number": "reviewer",
    "deliver": "officer", "rate": "deputy", "redo": "liaison", "close": "liaison",
}  # fmt: skip
ACTS = sorted(WHO)
#: Where a walk may begin, so that the later states are walked as often as the earlier ones.
STARTS = ("handed", "drafting", "in_review", "to_sign", "signed", "numbered", "delivered", "rated")
WALKS = count(1)
PEOPLE = sorted(life.PEOPLE)


class ReplyMachine(RuleBasedStateMachine):
    """Walks one reply; keeps beside it where it should stand and what was signed."""

    @initialize(start=st.sampled_from(STARTS))
    def begin(self, start: str) -> None:
        self.walk = next(WALKS)
        self.reply = life.hand_over(life.register(str(self.walk)))
        self.case_id = self.reply.case_id
        if start in ("numbered", "delivered", "rated"):
            life.number(life.lead_to("signed", self.reply), f"样例函〔2026〕{self.walk}999号")
        life.lead_to(start, self.reply)
        acts = self.reply.case.acts.order_by("sequence")
        self.state, self.taken, self.given = start, list(acts.values_list("act", flat=True)), 0
        self.signed: dict[int, tuple[Any, ...]] = {}

    def doing(self, act: str, username: str, dissatisfied: bool) -> Callable[[], object]:
        said = at(self.reply, username)
        why = {"why": "照办。"}
        own: dict[str, Callable[[], object]] = {
            "return_to_office": lambda: actions.return_to_office(**said, **why),
            "submit": lambda: actions.submit(**said),
            "sign": lambda: life.sign(self.reply, username),
            "recall": lambda: signing.recall(**said, **why),
            "number": lambda: sending.give_number(**said, document_number=f"样例函〔2026〕{self.walk}{self.given:03d}号"),
            "deliver": lambda: sending.deliver(**said, to=life.recipients(self.reply), means="当面"),
            "rate": lambda: life.rate(
                self.reply, username, result="不满意" if dissatisfied else "满意", reason="写明理由。"
            ),
        }  # fmt: skip
        return own.get(act, lambda: actions.step(act, **said, **why))

    def attempt(self, act: str, username: str, dissatisfied: bool = False) -> bool:
        events = Event.objects.count()
        try:
            self.doing(act, username, dissatisfied)()
        except (Refusal, Http404):
            assert Event.objects.count() == events
            return False
        assert (self.state, act) in MOVES
        self.state = MOVES[self.state, act]
        self.taken.append(act)
        self.given += act == "number"
        return True

    @rule(act=st.sampled_from(ACTS), username=st.sampled_from(PEOPLE), dissatisfied=st.booleans())
    def somebody_tries(self, act: str, username: str, dissatisfied: bool) -> None:
        self.attempt(act, username, dissatisfied)

    @rule(choice=st.integers(0, 9), dissatisfied=st.booleans())
    def the_right_person_goes_on(self, choice: int, dissatisfied: bool) -> None:
        open_acts = [act for state, act in MOVES if state == self.state]
        if open_acts:
            act = open_acts[choice % len(open_acts)]
            self.attempt(act, WHO[act], dissatisfied)

    @rule(text=st.sampled_from([life.TEXT, "改写的答复，[[C01|将另行拟订]]。", "没有承诺的答复。"]))
    def the_officer_prepares(self, text: str) -> None:
        fine = self.state == "drafting"
        for work in (life.contact, life.particulars, lambda reply: life.write(reply, text)):
            try:
                work(self.reply)
            except (Refusal, Http404):  # who gave the proposal back no longer reads it
                assert not fine
            else:
                assert fine

    @rule(act=st.sampled_from(ACTS))
    def an_old_page_changes_nothing(self, act: str) -> None:
        before = (Event.objects.count(), CaseAct.objects.count())
        said = at(self.reply, WHO[act]) | {"expected_version": 0, "why": "照办。"}
        with pytest.raises((Refusal, Http404)):
            actions.step(act, **said)
        assert (Event.objects.count(), CaseAct.objects.count()) == before

    @invariant()
    def the_state_is_the_fold_of_the_acts(self) -> None:
        case = Case.objects.get(pk=self.case_id)
        acts = list(case.acts.order_by("sequence").values_list("act", flat=True))
        assert (case.state, acts) == (self.state, self.taken)

    @invariant()
    def signed_letters_never_change(self) -> None:
        letters = SignedLetter.objects.filter(reply=self.reply)
        for letter in letters:
            words = (
                letter.head,
                letter.body,
                letter.marks,
                letter.figures,
                letter.content_hash,
                letter.signer,
            )
            assert self.signed.setdefault(letter.pk, words) == words
        assert len(self.signed) == len(letters) == self.taken.count("sign")

    @invariant()
    def every_promise_stands_in_a_letter_and_numbers_are_used_once(self) -> None:
        for promise in Promise.objects.filter(case__parent=self.case_id).prefetch_related("sources"):
            sources = promise.sources.all()
            sent = [one for one in sources if one.sent_on]
            source = max(sent or sources, key=lambda one: one.pk)
            assert not (sent and promise.case.state == "withdrawn")
            body = SignedLetter.objects.get(pk=source.letter_id).body
            assert body[source.start : source.end] == promise.text
        standing = list(Numbering.objects.filter(given_up=False).values_list("number", flat=True))
        assert len(standing) == len(set(standing))
        reply = Reply.objects.get(pk=self.reply.pk)
        assert reply.document_number == "" or reply.document_number in standing

    def teardown(self) -> None:
        seal_pending()
        assert verify().holds and verify_states() == [] and verify_clocks() == []


@pytest.mark.django_db
@pytest.mark.usefixtures("office")
def test_no_sequence_of_acts_breaks_state_ledger_or_a_signed_letter() -> None:
    assert who("officer").has_role("case_officer")
    quick = settings(
        max_examples=25, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(ReplyMachine, settings=quick)
