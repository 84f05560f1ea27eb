"""Two at once on one application: one submission, one conclusion, and nobody's text lost.

These run on SQLite and on PostgreSQL (``MANGROVE_DATABASE``). Each control takes the guard away and shows what it guards.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from mangrove.casework.models import Case, CaseAct
from mangrove.casework.verification import verify_states
from mangrove.intake import actions, checking, drafts, keeping, verification
from mangrove.intake.decisions import content_hash
from mangrove.intake.models import Application, FormalCheck, FormVersion, Revision, Sheet, Submission
from mangrove.intake.submitting import content_of, draft_of
from mangrove.ledger.actions import record
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.verify import verify

from . import life
from .life import who

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("office")]


def together(*works: Callable[[], object]) -> list[object]:
    """Run the works in threads that start at one moment; returns what each returned or was refused with, in their order."""
    gate, results = threading.Barrier(len(works)), dict[int, object]()

    def run(at: int, work: Callable[[], object]) -> None:
        gate.wait(timeout=60)
        try:
            results[at] = work()
        except Refusal as refusal:
            results[at] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[at] for at in range(len(works))]


def submissions_stand(application: Application, count: int = 1) -> None:
    assert Submission.objects.count() == Event.objects.filter(act="intake.submit").count() == count
    assert Case.objects.count() == 1 and life.again(application).rounds == count
    assert verification.verify_submissions() == [] and verify_states() == [] and verify().holds


def test_a_double_click_hands_in_once_and_both_get_the_same_receipt() -> None:
    application = life.filled()
    key = application.key
    results = together(*(lambda: life.submit(application, key=key) for _ in range(4)))
    assert {one.number for one in results if isinstance(one, Submission)} == {application.number}
    assert len({one.pk for one in results if isinstance(one, Submission)}) == 1 and len(results) == 4
    submissions_stand(application)


def test_two_people_of_one_firm_hand_in_at_once_and_there_is_one_submission() -> None:
    application = life.filled()
    key = application.key  # each has a page of its own; the key is that of the draft
    first, second = together(*(lambda by=by: life.submit(application, by=by, key=key) for by in ("a1", "a2")))
    assert isinstance(first, Submission) and isinstance(second, Submission) and first.pk == second.pk
    submissions_stand(application)


def test_a_request_replayed_later_gives_the_receipt_that_was_given() -> None:
    application = life.filled()
    key = application.key
    made = life.submit(application, key=key)
    late = application.opening.closes_at + (application.opening.closes_at - application.opening.opens_at)
    assert (
        life.submit(application, key=key, at=late).pk == made.pk
    )  # even after the deadline: it is no new one
    with pytest.raises(Refusal) as caught:
        life.submit(application, key=uuid.uuid4())
    assert caught.value.code == "intake.stale"
    submissions_stand(application)


def test_a_replay_of_the_first_round_does_not_hand_in_the_second() -> None:
    application = life.filled()
    key = application.key
    made = life.submit(application, key=key)
    from mangrove.jobs import worker

    worker.work(until_idle=True)
    life.take(application)
    life.decide(application, "return", life.FAULT)
    assert life.submit(application, key=key).pk == made.pk
    assert life.case(application).state == "returned"
    life.write(application, "project", {"summary": "车间里的一张专网，用在总装线上。"})
    life.submit(application)
    submissions_stand(application, 2)


def test_control_without_lock_and_key_two_submissions_of_one_draft_stand() -> None:
    application = life.filled()
    seen = threading.Barrier(2)

    def unguarded(number: str) -> None:
        mine = life.again(application)
        content = content_of(mine, draft_of(mine), {})
        assert not mine.submissions.exists()
        seen.wait(timeout=60)
        with transaction.atomic():
            event = record("t.submit", subject=mine.ref, by=who("a1").actor, on=life.today(), payload={})
            round = mine.rounds + 1 + int(number)  # the database itself forbids the same round twice
            Submission.objects.create(
                application=mine, round=round, number=number, key=uuid.uuid4(), content=content,
                content_hash=content_hash(content), received_at=timezone.now(), submitted_at=timezone.now(),
                closes_at=mine.opening.closes_at, by="a1", by_name="甲", event=event,
            )  # fmt: skip

    together(lambda: unguarded("0"), lambda: unguarded("1"))
    assert Submission.objects.count() == 2 and verification.verify_submissions() != []


def test_two_officers_take_up_one_submission_and_it_is_one_officers() -> None:
    application = life.filled()
    life.submit(application)
    version = life.case(application).version

    def taken(by: str) -> Application:
        told = {"application_id": application.pk, "on": life.today(), "expected_version": version}
        return checking.take(by=who(by), **told)

    results = together(lambda: taken("officer"), lambda: taken("officer_b"))
    (refused,) = [one for one in results if isinstance(one, Refusal)]
    assert refused.code in ("casework.stale", "casework.wrong_state")  # before the lock, or under it
    first = results[0] is refused
    owner = life.case(application).owner
    assert owner is not None and owner.username == ("officer_b" if first else "officer")
    assert Event.objects.filter(act="intake.application.take").count() == 1 and verify_states() == []


def test_control_without_lock_and_version_both_have_taken_it_and_the_later_owns_it() -> None:
    application = life.filled()
    life.submit(application)
    seen, case = threading.Barrier(2), life.case(application)

    def unguarded(by: str) -> None:
        mine = life.case(application)
        assert mine.state == "submitted"
        seen.wait(timeout=60)
        with transaction.atomic():
            record("intake.application.take", subject=mine.ref, by=who(by).actor, on=life.today(), payload={})
            Case.objects.filter(pk=mine.pk).update(state="checking", owner=who(by))

    together(lambda: unguarded("officer"), lambda: unguarded("officer_b"))
    assert Event.objects.filter(act="intake.application.take", object_id=str(case.pk)).count() == 2
    assert verify_states() != []


def test_two_people_saving_different_questions_of_one_draft_are_joined() -> None:
    application = life.begun()
    first, second = together(
        lambda: life.write(application, "project", {"title": "甲写的题目"}, "a1", base=0),
        lambda: life.write(application, "project", {"summary": "乙写的概述"}, "a2", base=0),
    )
    assert isinstance(first, drafts.Kept) and isinstance(second, drafts.Kept)
    sheet = application.sheets.get(section="project")
    assert sheet.answers == {"title": "甲写的题目", "summary": "乙写的概述"}
    assert (
        kept_text(sheet, first, "title") == "甲写的题目"
        and kept_text(sheet, second, "summary") == "乙写的概述"
    )
    assert verification.verify_drafts() == []


def test_two_people_saving_one_question_keep_both_texts() -> None:
    application = life.begun()
    texts = {"a1": "甲的概述", "a2": "乙的概述"}
    kept = together(
        *(
            lambda by=by: life.write(application, "project", {"summary": texts[by]}, by, base=0)
            for by in texts
        )
    )
    assert sorted(bool(one.both) for one in kept if isinstance(one, drafts.Kept)) == [False, True]
    sheet = application.sheets.get(section="project")
    assert {row.answers["summary"] for row in sheet.revisions.all()} == set(texts.values())
    assert sorted(row.fate for row in sheet.revisions.all()) == ["beside", "stood"]
    assert [kept_text(sheet, one, "summary") for one in kept] == list(texts.values())  # type: ignore[arg-type]


def test_of_a_text_that_conflicts_in_one_question_the_other_answers_stand() -> None:
    application = life.begun()
    life.write(application, "project", {"title": "甲的题"}, "a1", base=0)
    kept = life.write(application, "project", {"title": "乙的题", "summary": "乙写的概述"}, "a2", base=0)
    sheet = application.sheets.get(section="project")
    assert kept.both == ["title"] and not kept.joined
    assert sheet.answers == {"title": "甲的题", "summary": "乙写的概述"}
    assert kept_text(sheet, kept, "title") == "乙的题" and verification.verify_drafts() == []
    life.write(application, "project", {"summary": "甲又改的概述"}, "a1", base=sheet.revision)
    sheet.refresh_from_db()
    assert sheet.answers == {"title": "甲的题", "summary": "甲又改的概述"}


def test_control_without_lock_and_revision_one_text_is_lost() -> None:
    application = life.begun()
    sheet = application.sheets.get(section="project")
    seen = threading.Barrier(2)

    def unguarded(answers: dict[str, str]) -> None:
        mine = Sheet.objects.get(pk=sheet.pk)
        seen.wait(timeout=60)
        Sheet.objects.filter(pk=sheet.pk).update(answers={**mine.answers, **answers})

    together(lambda: unguarded({"title": "甲"}), lambda: unguarded({"summary": "乙"}))
    sheet.refresh_from_db()
    assert len(sheet.answers) == 1 and not Revision.objects.exists()


def kept_text(sheet: Sheet, kept: drafts.Kept, question: str) -> str:
    return str(sheet.revisions.get(number=kept.revision).answers[question])


def test_many_saves_of_two_people_at_once_lose_nothing() -> None:
    application = life.begun()

    def writes(by: str, question: str) -> list[tuple[int, str]]:
        told, base = [], 0
        for n in range(15):
            text = f"{by} {n}"
            kept = drafts.save(
                application_id=application.pk,
                section="project",
                answers={question: text},
                base=base,
                by=who(by),
            )
            base = kept.revision
            told.append((kept.revision, text))
        return told

    first, second = together(lambda: writes("a1", "title"), lambda: writes("a2", "summary"))
    sheet = application.sheets.get(section="project")
    assert sheet.answers == {"title": "a1 14", "summary": "a2 14"}
    for told, question in ((first, "title"), (second, "summary")):
        for number, text in told:  # type: ignore[attr-defined]
            assert sheet.revisions.get(number=number).answers[question] == text


def test_of_a_text_and_a_submission_at_once_no_confirmed_text_is_left_out_of_it_unsaid() -> None:
    application = life.filled()
    kept, made = together(
        lambda: life.write(application, "project", {"summary": "最后一句。"}),
        lambda: life.submit(application),
    )
    assert isinstance(made, Submission)
    if isinstance(kept, drafts.Kept):
        assert made.content["answers"]["summary"] == "最后一句。"
    else:
        assert isinstance(kept, Refusal) and kept.code == "intake.locked"


def test_control_a_draft_read_without_its_application_locked_takes_a_text_after_the_submission(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite 的写事务自带排队，演示不出无锁竞争；在 PostgreSQL 上运行")
    application = life.filled()
    read, submitted = threading.Event(), threading.Event()
    told = drafts.refuse_locked

    def read_too_early(at: keeping.Standing) -> None:
        told(at)
        read.set()
        submitted.wait(timeout=60)

    def submit() -> Submission:
        read.wait(timeout=60)
        try:
            return life.submit(application)
        finally:
            submitted.set()

    monkeypatch.setattr(drafts, "refuse_locked", read_too_early)
    monkeypatch.setattr(keeping, "LOCK", "")
    kept, made = together(lambda: life.write(application, "project", {"summary": "最后一句。"}), submit)
    assert isinstance(kept, drafts.Kept) and isinstance(made, Submission)  # confirmed, and yet not handed in
    assert made.content["answers"]["summary"] != "最后一句。"


def test_of_two_officers_who_conclude_at_once_one_does_and_the_other_is_told_who() -> None:
    application = life.lead_to("checking")
    version = life.case(application).version

    def conclude(by: str, outcome: str, *findings: checking.Finding) -> FormalCheck:
        return checking.decide(
            application_id=application.pk, outcome=outcome, findings=findings, by=who(by), on=life.today(),
            expected_version=version, why="见清单。",
        )  # fmt: skip

    results = together(
        lambda: conclude("officer", "accept"), lambda: conclude("officer_b", "return", life.FAULT)
    )
    (refusal,) = [one for one in results if isinstance(one, Refusal)]
    made = FormalCheck.objects.get()
    assert (
        refusal.code in ("casework.stale", "casework.wrong_state")
        and CaseAct.objects.filter(act__in=("accept", "return")).count() == 1
    )
    assert life.case(application).state == {"accept": "accepted", "return": "returned"}[made.outcome]
    assert life.again(application).unlocked == (["project"] if made.outcome == "return" else [])
    assert verify_states() == [] and verification.verify_checks() == []


def test_of_two_officers_who_take_it_up_at_once_one_has_it() -> None:
    application = life.lead_to("submitted")
    version = life.case(application).version

    def take(by: str) -> Application:
        return checking.take(
            application_id=application.pk, by=who(by), on=life.today(), expected_version=version
        )

    results = together(lambda: take("officer"), lambda: take("officer_b"))
    (refusal,) = [one for one in results if isinstance(one, Refusal)]
    assert refusal.code in ("casework.stale", "casework.wrong_state")
    assert life.case(application).owner_id in (who("officer").pk, who("officer_b").pk)


def test_control_without_lock_and_version_both_officers_conclude() -> None:
    application = life.lead_to("checking")
    seen = threading.Barrier(2)

    def unguarded(by: str, state: str) -> None:
        mine = life.case(application)
        assert mine.state == "checking"
        seen.wait(timeout=60)
        with transaction.atomic():
            record("t.conclude", subject=mine.ref, by=who(by).actor, on=life.today(), payload={"to": state})
            Case.objects.filter(pk=mine.pk).update(state=state)

    together(lambda: unguarded("officer", "accepted"), lambda: unguarded("officer_b", "returned"))
    assert Event.objects.filter(act="t.conclude").count() == 2 and len(verify_states()) == 1


def test_a_double_click_on_start_begins_one_draft() -> None:
    first, second = together(lambda: life.begun("a1"), lambda: life.begun("a2"))
    assert isinstance(first, Application) and isinstance(second, Application) and first.pk == second.pk
    assert Sheet.objects.count() == 3


def published(text: str) -> FormVersion:
    return actions.publish_form(text=text, by=who("officer").actor, on=life.today())


def test_two_officers_publish_one_version_at_once_and_it_is_one() -> None:
    text = life.FORM.replace("version: 1", "version: 2", 1)
    first, second = together(lambda: published(text), lambda: published(text))
    assert isinstance(first, FormVersion) and isinstance(second, FormVersion) and first.pk == second.pk
    assert Event.objects.filter(act="intake.publish_form", object_id="sample@2").count() == 1


def test_of_two_different_texts_under_one_number_one_is_published_and_the_other_told() -> None:
    text = life.FORM.replace("version: 1", "version: 2", 1)
    other = text.replace("项目名称", "题目")
    results = together(lambda: published(text), lambda: published(other))
    (refusal,) = [one for one in results if isinstance(one, Refusal)]
    assert refusal.code == "intake.form_published" and FormVersion.objects.filter(version=2).count() == 1


def test_control_it_is_the_key_of_the_database_that_holds_the_number() -> None:
    """Past the look at what is there, a second row of one version is refused by its key and by nothing else."""
    held = FormVersion.objects.get(form="sample", version=1)
    with (
        pytest.raises(IntegrityError, match="intake_form_version_once|intake_formversion"),
        transaction.atomic(),
    ):
        FormVersion.objects.create(
            form=held.form, version=1, title="", title_en="", text="", sha256="", published_on=held.published_on, published_by=""
        )  # fmt: skip
