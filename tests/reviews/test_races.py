"""Two people, or two clicks, in one moment: each review counts once, and who comes second is told what happened.

These run on SQLite and on PostgreSQL (``MANGROVE_DATABASE``). Controls take the guard away and show what it guards.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from mangrove.casework.models import Case, CaseAct
from mangrove.casework.verification import verify_clocks, verify_states
from mangrove.ledger.actions import record
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.verify import verify
from mangrove.reviews import actions, rounds
from mangrove.reviews.models import Assignment, Submission
from mangrove.reviews.results import Results
from mangrove.reviews.verification import verify_experts, verify_marks

from . import life

pytestmark = pytest.mark.django_db(transaction=True)
SUBMIT = "reviews.assignment.submit"


def together(*works: Callable[[], object]) -> list[object]:
    """Run the works in threads that start at one moment; returns what each returned or was refused with."""
    gate, results = threading.Barrier(len(works)), list[object]()

    def run(work: Callable[[], object]) -> None:
        gate.wait(timeout=60)
        try:
            results.append(work())
        except (Refusal, IntegrityError) as refusal:
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


def refusals(results: list[object]) -> list[Refusal]:
    return [one for one in results if isinstance(one, Refusal)]


def all_holds() -> None:
    assert [*verify_states(), *verify_clocks(), *verify_marks(), *verify_experts()] == []
    assert verify().holds


def ready(experts: int = 1) -> list[Assignment]:
    given = life.assign(life.started(), [life.admit(n) for n in range(1, experts + 1)])
    return [life.declare(one) for one in given]


def submit(one: Assignment, key: str = "k1") -> Submission:
    return actions.submit(by=one.expert.user, uid=one.pk, said=life.said(), key=key, on=life.today())


def test_reviewers_who_submit_for_one_item_at_once_each_count_once() -> None:
    given = ready(experts=4)
    results = together(*(lambda one=one: submit(one) for one in given))
    assert not refusals(results) and Submission.objects.filter(standing=True).count() == 4
    (item,) = Results(given[0].item.round).items
    assert len(item.totals) == 4 == item.submitted and Event.objects.filter(act=SUBMIT).count() == 4
    all_holds()


def test_a_double_click_submits_once_and_both_are_answered_alike() -> None:
    (one,) = ready()
    results = together(*(lambda: submit(one) for _click in range(3)))
    assert {made.pk for made in results if isinstance(made, Submission)} == {Submission.objects.get().pk}
    assert not refusals(results) and Event.objects.filter(act=SUBMIT).count() == 1
    all_holds()


def unguarded_submit(one: Assignment, key: str, seen: threading.Barrier) -> Submission:
    """The same without the lock: look, then write what was true when one looked."""
    case = Case.objects.get(pk=one.case_id)
    known = Submission.objects.filter(assignment=one, key=key).first()
    assert known is None and case.state == "declared"
    seen.wait(timeout=60)
    with transaction.atomic():
        event = record(
            SUBMIT, subject=case.ref, by=one.expert.user.actor, on=life.today(), payload=life.said()
        )
        CaseAct.objects.create(
            case=case, sequence=case.acts.count() + 1, act="submit", from_state=case.state, to_state="submitted",
            by="t", by_name="t", on=life.today(), recorded=event.recorded_at, event=event,
        )  # fmt: skip
        Case.objects.filter(pk=case.pk).update(state="submitted")
        said = life.said()
        comment = said.pop("comment")
        return Submission.objects.create(assignment=one, key=key, marks=said, comment=comment, event=event)


def test_control_a_double_click_without_the_lock_is_a_fault_for_one_of_them() -> None:
    (one,) = ready()
    seen = threading.Barrier(2)
    results = together(*(lambda: unguarded_submit(one, "k1", seen) for _click in range(2)))
    assert [type(found) for found in results if not isinstance(found, Submission)] == [IntegrityError]


def test_two_windows_at_once_one_counts_and_the_other_is_told() -> None:
    (one,) = ready()
    results = together(lambda: submit(one, "window-1"), lambda: submit(one, "window-2"))
    (refusal,) = refusals(results)
    assert refusal.code == "reviews.not_writing" and Submission.objects.count() == 1
    all_holds()


def test_a_request_sent_again_after_the_marks_were_given_back_submits_nothing() -> None:
    (one,) = ready()
    first = submit(one)
    life.reopen(one)
    assert submit(one) == first and Submission.objects.filter(standing=True).count() == 0
    one.case.refresh_from_db()
    assert one.case.state == "scoring"
    all_holds()


@pytest.mark.parametrize("_again", range(3))
def test_of_recusing_and_submitting_at_once_one_happens_and_the_other_is_told(_again: int) -> None:
    (one,) = ready()
    seen = life.version(one)
    results = together(lambda: life.recuse(one, seen), lambda: submit(one))
    (refusal,) = refusals(results)
    one.case.refresh_from_db()
    standing = Submission.objects.filter(standing=True).count()
    assert (one.case.state, standing) in [("recused", 0), ("submitted", 1)]
    assert refusal.code == ("reviews.not_writing" if one.case.state == "recused" else "casework.stale")
    all_holds()


def test_control_without_lock_and_version_marks_of_a_recused_expert_stand() -> None:
    (one,) = ready()
    seen = threading.Barrier(2)

    def unguarded_recuse() -> None:
        case = Case.objects.get(pk=one.case_id)
        assert case.state == "declared"
        seen.wait(timeout=60)
        submitted.wait(timeout=60)  # the officer's write comes last, on what was seen before
        with transaction.atomic():
            record("t.recuse", subject=case.ref, by=life.officer().actor, on=life.today(), payload={})
            Case.objects.filter(pk=case.pk).update(state="recused")

    submitted = threading.Event()

    def expert() -> None:
        unguarded_submit(one, "k1", seen)
        submitted.set()

    together(unguarded_recuse, expert)
    assert (
        Case.objects.get(pk=one.case_id).state == "recused"
        and Submission.objects.filter(standing=True).exists()
    )
    assert verify_states() and verify_marks()


def test_two_officers_who_assign_the_same_at_once_assign_once() -> None:
    found, expert = life.started(), life.admit(1)
    results = together(*(lambda: life.assign(found, [expert]) for _officer in range(2)))
    assert len(refusals(results)) <= 1 and Assignment.objects.count() == 1
    assert all(one.code in ("reviews.plan_changed", "reviews.nothing_to_assign") for one in refusals(results))
    assert Event.objects.filter(act="reviews.assignment.open").count() == 1
    all_holds()


@pytest.mark.parametrize("_again", range(3))
def test_of_ending_the_round_and_a_late_submission_nothing_is_half_counted(_again: int) -> None:
    given = ready(experts=4)
    for one in given[:3]:
        submit(one)
    found = given[0].item.round
    version = rounds.case_of(found).version
    close = {"by": life.officer(), "round_id": found.pk, "on": life.today(), "expected_version": version}
    together(lambda: rounds.close(**close), lambda: submit(given[3]))
    late = Case.objects.get(pk=given[3].case_id).state
    standing = Submission.objects.filter(standing=True, assignment=given[3]).exists()
    ended = Case.objects.get(pk=found.case_id).state
    assert (ended, late, standing) in [
        ("closed", "counted", True), ("closed", "lapsed", False), ("scoring", "submitted", True),
    ]  # fmt: skip
    all_holds()


def test_of_two_drafts_on_one_revision_one_is_kept() -> None:
    (one,) = ready()

    def save(comment: str) -> Any:
        said = {"comment": comment}
        return actions.save_draft(by=one.expert.user, uid=one.pk, said=said, base_revision=0, on=life.today())

    results = together(lambda: save("一"), lambda: save("二"))
    assert sorted(found.by_another for found in results) == [False, True]  # type: ignore[attr-defined]
    one.draft.refresh_from_db()
    assert one.draft.revision == 1
    all_holds()
