"""A job is taken up by one worker, ends in one way, and does what it does once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from mangrove.jobs import actions, leases, running, worker
from mangrove.jobs.models import Job, State
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.verify import verify

from . import work

pytestmark = pytest.mark.django_db(transaction=True)
OFFICER = Actor("officer", "经办人甲", "信息基础设施处")


def asked(kind: str, key: str = "", **arguments: float) -> Job:
    return actions.submit(
        f"test.{kind}", title=f"测试{kind}", arguments=arguments, by=OFFICER, on=timezone.localdate(), key=key
    )


def ended(job: Job) -> Job:
    worker.work(until_idle=True)
    return Job.objects.get(pk=job.pk)


def acts(job: Job) -> list[str]:
    return list(Event.objects.filter(object_id=str(job.uid)).order_by("id").values_list("act", flat=True))


def test_a_job_is_done_once_and_the_ledger_tells_who_asked_and_how_it_ended() -> None:
    job = ended(asked("piecewise"))
    assert (job.state, job.result, job.done, job.total) == (State.DONE, {"pieces": work.PIECES}, 29, 30)
    assert work.marks() == [f"{n:03d}" for n in range(work.PIECES)]
    assert acts(job) == ["jobs.submit", "jobs.end"]
    assert worker.work(until_idle=True) == 0
    assert verify().holds and not verify().unsealed  # the worker seals as it goes


def test_the_same_key_is_the_same_job_until_it_has_failed() -> None:
    first = asked("refused", key="2026-11")
    assert asked("refused", key="2026-11") == first
    assert ended(first).state == State.FAILED
    assert asked("refused", key="2026-11") != first
    done = ended(asked("at_once", key="2026-11"))
    assert asked("at_once", key="2026-11") == done


def test_a_refusal_is_kept_as_an_answer_and_nothing_has_changed() -> None:
    job = ended(asked("refused"))
    assert job.state == State.FAILED
    assert job.refusal == {
        "code": "test.row",
        "what": "第3行没有名称。",
        "where": "第3行",
        "remedy": "请补上。",
    }
    assert work.marks() == []


def test_a_program_that_fails_is_told_and_the_next_job_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    bad, good = asked("broken"), asked("at_once")
    worker.work(until_idle=True)
    bad, good = Job.objects.get(pk=bad.pk), Job.objects.get(pk=good.pk)
    assert (bad.state, bad.refusal["code"], good.state) == (State.FAILED, "jobs.broken", State.DONE)
    assert "ZeroDivisionError" in caplog.text


def test_a_kind_that_nobody_knows_is_refused_in_words() -> None:
    job = ended(actions.submit("test.none", title="无", arguments={}, by=OFFICER, on=timezone.localdate()))
    assert (job.state, job.refusal["code"]) == (State.FAILED, "jobs.unknown_kind")


def test_many_jobs_of_a_kind_that_nobody_knows_do_not_stop_the_worker() -> None:
    for n in range(60):
        actions.submit("test.none", title=f"{n}", arguments={}, by=OFFICER, on=timezone.localdate())
    assert ended(asked("at_once")).state == State.DONE
    assert Job.objects.filter(state=State.FAILED).count() == 60


def test_a_database_fault_of_the_jobs_own_is_told_and_not_tried_again() -> None:
    job = ended(asked("doubled"))
    assert (job.state, job.refusal["code"], job.attempts) == (State.FAILED, "jobs.broken", 1)


def test_a_disk_that_is_full_when_sealing_does_not_end_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the chain's head is written is outside the database, and may fail on its own."""
    job, calls = asked("at_once"), []

    def full() -> int:
        calls.append(1)
        raise OSError("no space left on device")

    monkeypatch.setattr(worker, "seal_pending", full)
    worker.work(until_idle=True)
    assert Job.objects.get(pk=job.pk).state == State.DONE and calls


class TestCancelling:
    def test_what_waits_ends_at_once(self) -> None:
        job = asked("piecewise")
        actions.cancel(job, by=OFFICER, on=timezone.localdate())
        assert ended(job).state == State.CANCELLED
        assert work.marks() == []

    def test_what_runs_stops_at_its_next_step(self) -> None:
        job = asked("piecewise", pause=0.2)
        thread = threading.Thread(target=in_thread)
        thread.start()
        wait_until(lambda: Job.objects.get(pk=job.pk).done > 0)
        actions.cancel(job, by=OFFICER, on=timezone.localdate())
        thread.join()
        job.refresh_from_db()
        assert job.state == State.CANCELLED
        assert 0 < len(work.marks()) < work.PIECES
        assert job.total == work.PIECES  # the page said how far it was

    def test_what_has_ended_stays(self) -> None:
        job = ended(asked("at_once"))
        with pytest.raises(Refusal, match="已经结束"):
            actions.cancel(job, by=OFFICER, on=timezone.localdate())


class TestLeases:
    def test_two_workers_never_get_the_same_job(self) -> None:
        jobs = {asked("at_once").pk for _ in range(12)}
        got: list[int] = []

        def take() -> None:
            try:
                while (job := leases.claim(threading.current_thread().name)) is not None:
                    got.append(job.pk)
            finally:
                connection.close()

        threads = [threading.Thread(target=take) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(got) == sorted(jobs)

    def test_who_lost_the_lease_changes_nothing_more(self) -> None:
        """The first worker stood still so long that a second took the job up; then it wakes."""
        asked("at_once")
        slow = leases.claim("slow")
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        quick = leases.claim("quick")
        assert slow and quick and quick.attempts == 2
        with pytest.raises(running.LostLease):
            work.at_once(running.Running(slow))
        assert leases.renew(slow, done=1, total=2, note="") is None
        work.at_once(running.Running(quick))
        assert work.marks() == ["first", "second"]

    def test_a_job_under_which_too_many_workers_died_is_given_up(self) -> None:
        job = asked("at_once")
        Job.objects.update(
            attempts=50, state=State.RUNNING, lease_until=timezone.now() - timedelta(seconds=1)
        )
        assert ended(job).refusal["code"] == "jobs.given_up"

    def test_a_lease_that_still_runs_is_left_alone(self) -> None:
        asked("at_once")
        assert leases.claim("one") is not None
        assert leases.claim("two") is None


def in_thread() -> None:
    try:
        worker.work(until_idle=True)
    finally:
        connection.close()


def wait_until(holds: object) -> None:
    for _ in range(600):
        if holds():  # type: ignore[operator]
            return
        threading.Event().wait(0.05)
    raise AssertionError("it did not come to that")
