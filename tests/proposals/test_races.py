"""Two people at once on one reply: exactly one letter, one delivery; the other is told kindly what happened.

These run on SQLite and on PostgreSQL (``MANGROVE_DATABASE``). The control takes the guard away and shows what it guards.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from mangrove.casework.models import Case, CaseAct, Promise
from mangrove.casework.verification import verify_states
from mangrove.figures.actions import set_value
from mangrove.figures.values import read_book
from mangrove.ledger.actions import record
from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.verify import verify
from mangrove.proposals import actions, registration, sending, signing
from mangrove.proposals.composition import compose
from mangrove.proposals.models import Delivery, DifferenceReport, Draft, Proposal, Rating, Reply, SignedLetter

from . import life
from .life import at, lead_to, who

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("office")]


def together(*works: Callable[[], object]) -> list[object]:
    """Run the works in threads that start at one moment; returns what each returned or was refused with."""
    gate, results = threading.Barrier(len(works)), list[object]()

    def run(work: Callable[[], object]) -> None:
        gate.wait(timeout=60)
        try:
            results.append(work())
        except Refusal as refusal:
            results.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == len(works)
    return results


def the_refusal(results: list[object]) -> Refusal:
    (refusal,) = [result for result in results if isinstance(result, Refusal)]
    return refusal


def test_of_two_signers_at_once_one_signs_and_the_other_is_told_who_did() -> None:
    reply = lead_to("to_sign")
    seen = life.seen_hash(reply)
    first = at(reply, "director", opinion="同意签发。", seen_hash=seen)
    second = at(reply, "vice", opinion="同意。", seen_hash=seen)
    refusal = the_refusal(together(lambda: signing.sign(**first), lambda: signing.sign(**second)))
    letter = SignedLetter.objects.get()
    assert refusal.code in ("casework.stale", "casework.wrong_state")
    assert refusal.code != "casework.stale" or letter.signer_name in str(refusal)
    assert Promise.objects.count() == 2 and CaseAct.objects.filter(act="sign").count() == 1
    assert verify_states() == [] and verify().holds


def test_control_without_lock_and_version_both_sign_and_two_letters_stand() -> None:
    reply = lead_to("to_sign")
    seen = threading.Barrier(2)

    def unguarded(username: str, version: int) -> SignedLetter:
        signer, mine = who(username), Reply.objects.get(pk=reply.pk)
        draft = actions.latest_draft(mine)
        composed = compose(mine, draft, on=life.today())
        assert mine.case.state == "to_sign"
        seen.wait(timeout=60)
        with transaction.atomic():
            event = record(
                "t.sign", subject=reply.case.ref, by=signer.actor, on=life.today(), payload={"version": version}
            )  # fmt: skip
            Case.objects.filter(pk=reply.case_id).update(state="signed")
            return SignedLetter.objects.create(
                reply=mine, version=version, head=dict(composed.head), body=composed.body, marks=[], figures=[],
                content_hash=composed.content_hash, draft=draft, signer=username, signer_name=signer.name,
                signer_rank=signer.rank, opinion="同意。", signed_on=life.today(), event=event,
            )  # fmt: skip

    together(lambda: unguarded("director", 1), lambda: unguarded("vice", 2))
    assert sorted(SignedLetter.objects.values_list("signer", flat=True)) == ["director", "vice"]
    assert Event.objects.filter(act="t.sign").count() == 2 and len(verify_states()) == 1


def state_stations(amount: str) -> object:
    """The value that letters of today print is corrected, by the source that stated it."""
    was = read_book(on=life.today()).latest("stations_built")
    assert was is not None
    return set_value(
        "stations_built", as_of=was.period, amount=Decimal(amount), source=was.source_id,
        by=SYSTEM, on=life.today(), why="统计更正",
    )  # fmt: skip


def test_a_figure_stated_but_not_yet_committed_is_waited_for_by_who_signs() -> None:
    reply = lead_to("to_sign")
    signature = at(reply, "director", opinion="同意签发。", seen_hash=life.seen_hash(reply))
    stated = threading.Event()

    def state() -> None:
        try:
            with transaction.atomic():
                state_stations("61000")
                stated.set()
                time.sleep(0.8)  # the signer is at the door meanwhile
        finally:
            stated.set()  # a fault is shown, and nobody waits for it for ever

    def sign() -> SignedLetter:
        stated.wait(timeout=60)
        return signing.sign(**signature)

    results = together(state, sign)
    assert the_refusal(results).code == "proposals.text_changed" and not SignedLetter.objects.exists()


def test_a_figure_stated_in_the_instant_of_signing_is_never_passed_over_in_silence() -> None:
    for number, amount in enumerate(("61000", "72000", "83000", "94000"), start=1):
        reply = lead_to("to_sign", life.hand_over(life.register(str(number))))
        signature = at(reply, "director", opinion="同意签发。", seen_hash=life.seen_hash(reply))
        results = together(
            lambda said=signature: signing.sign(**said), lambda amount=amount: state_stations(amount)
        )
        letter = SignedLetter.objects.filter(reply=reply).first()
        if letter is None:
            assert the_refusal(results).code == "proposals.text_changed"
        else:
            assert DifferenceReport.objects.filter(letter=letter).exists()


def test_a_double_click_on_deliver_sends_once() -> None:
    reply = lead_to("numbered")
    said = at(reply, "officer", to=life.recipients(reply), means="公文交换")
    refusal = the_refusal(together(lambda: sending.deliver(**said), lambda: sending.deliver(**said)))
    assert refusal.code in ("casework.stale", "casework.wrong_state") and "已送达" in str(refusal)
    assert Delivery.objects.count() == 3 and CaseAct.objects.filter(act="deliver").count() == 1


def test_of_recall_and_number_at_once_one_happens() -> None:
    reply = lead_to("signed")
    recall, number = (
        at(reply, "officer", why="更新。"),
        at(reply, "reviewer", document_number="样例函〔2026〕1号"),
    )
    the_refusal(together(lambda: signing.recall(**recall), lambda: sending.give_number(**number)))
    reply.refresh_from_db()
    reply.case.refresh_from_db()
    assert (reply.case.state, reply.document_number) in [("to_sign", ""), ("numbered", "样例函〔2026〕1号")]
    assert verify_states() == []


def test_one_number_for_two_letters_at_once_goes_to_one() -> None:
    first, second = (lead_to("signed", life.hand_over(life.register(n))) for n in ("1", "2"))
    works = [at(reply, "reviewer", document_number="样例函〔2026〕1号") for reply in (first, second)]
    refusal = the_refusal(together(*(lambda said=said: sending.give_number(**said) for said in works)))
    assert refusal.code == "proposals.number_used"
    assert sorted(Reply.objects.values_list("document_number", flat=True)) == ["", "样例函〔2026〕1号"]


def test_of_two_leads_at_once_one_is_handed_the_proposal() -> None:
    proposal = life.register()
    works = [lambda unit=unit: life.hand_over(proposal, unit) for unit in ("szgxj", "sz_ndrc")]
    assert the_refusal(together(*works)).code in ("casework.stale", "proposals.one_lead")
    assert Reply.objects.filter(part="主办").count() == 1


def test_of_two_registrations_of_one_number_one_is_kept() -> None:
    assert the_refusal(together(life.register, life.register)).code == "proposals.number_taken"
    assert Proposal.objects.count() == 1 == Case.objects.count()


def test_two_meetings_that_register_one_number_at_once_both_keep_it() -> None:
    written = threading.Event()

    def first() -> None:
        try:
            with transaction.atomic():
                life.register("1")
                written.set()
                time.sleep(0.8)  # the other takes the same key meanwhile, not knowing of this one
        finally:
            written.set()

    def second() -> Proposal:
        written.wait(timeout=60)
        return life.register("1", meeting="市七届人大九次会议")

    assert not [result for result in together(first, second) if isinstance(result, Refusal)]
    kept = Proposal.objects.order_by("meeting").values_list("meeting", "pk")
    assert list(kept) == [("市七届人大九次会议", "1_2"), ("市七届人大八次会议", "1")]
    cases = Case.objects.order_by("subject_id")
    assert [case.subject_id for case in cases] == ["1", "1_2"] and verify().holds


def test_meetings_that_register_one_number_in_the_same_instant_all_keep_it() -> None:
    meetings = ("一次会议", "二次会议", "三次会议")
    works = [lambda meeting=meeting: life.register("7", meeting=meeting) for meeting in meetings]
    assert not [result for result in together(*works) if isinstance(result, Refusal)]
    assert sorted(Proposal.objects.values_list("pk", flat=True)) == ["7", "7_2", "7_3"]


def test_control_a_key_not_looked_at_again_refuses_the_second_meeting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite 的写事务自带排队，演示不出无锁竞争；在 PostgreSQL 上运行")
    looked = threading.Barrier(2)

    def key_looked_at_once(proposal: Proposal) -> str:
        key = Proposal.key(proposal.kind, proposal.number, Proposal.objects.count())
        looked.wait(timeout=5)
        return key

    def attempt(meeting: str) -> object:
        try:
            return life.register("1", meeting=meeting)
        except (IntegrityError, threading.BrokenBarrierError) as error:
            return error

    monkeypatch.setattr(registration, "free_key", key_looked_at_once)
    results = together(lambda: attempt("一次会议"), lambda: attempt("二次会议"))
    assert len([result for result in results if isinstance(result, Exception)]) == 1


def test_of_two_texts_on_one_revision_one_is_next_and_none_is_lost_unsaid() -> None:
    reply = lead_to("drafting")

    def save(username: str) -> Draft:
        return actions.save_draft(
            by=who(username), reply_id=reply.pk, text=f"{username}的稿", base_revision=0
        )

    refusal = the_refusal(together(lambda: save("officer"), lambda: save("officer_b")))
    assert refusal.code == "proposals.newer_draft"
    assert [draft.revision for draft in reply.drafts.all()] == [1]


def test_of_submit_and_a_late_text_the_review_never_reads_what_was_not_submitted() -> None:
    reply = lead_to("drafting")
    life.contact(reply)
    life.particulars(reply)
    life.write(reply)
    said = at(reply, "officer")
    late = {"by": who("officer_b"), "reply_id": reply.pk, "text": "晚到的稿", "base_revision": 1}
    together(lambda: actions.submit(**said), lambda: actions.save_draft(**late))
    (act,) = CaseAct.objects.filter(act="submit")
    assert f'"revision":"{actions.latest_draft(reply).revision}"' in act.event.body.text


def test_one_deputy_rating_twice_at_once_rates_once() -> None:
    reply = lead_to("delivered")
    said = at(reply, "deputy", attitude="满意", result="满意")
    the_refusal(together(lambda: actions.rate(**said), lambda: actions.rate(**said)))
    assert Rating.objects.count() == 1
