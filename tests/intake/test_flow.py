"""An application from the first text to the office's conclusion, and what each may and may not do on the way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pypdfium2 import PdfDocument

from mangrove.casework.file_states import FileState
from mangrove.casework.inbox import inbox
from mangrove.casework.models import Case
from mangrove.intake import access, checking, hooks, papers, submitting, verification
from mangrove.intake.answering import SectionForm
from mangrove.intake.checking import Finding
from mangrove.intake.decisions import answered
from mangrove.intake.definition import read_form
from mangrove.intake.draft_views import progress
from mangrove.intake.models import Opening, PaperFile, Submission
from mangrove.intake.receipts import receipt_pdf
from mangrove.jobs import actions as jobs
from mangrove.jobs import worker
from mangrove.jobs.models import Job, State
from mangrove.ledger.checks import run_checks
from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM
from mangrove.ledger.refusals import Refusal
from mangrove.registry.actions import rename_organisation

from . import life
from .life import who

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("office")]


def refused(act: object) -> str:
    with pytest.raises(Refusal) as caught:
        act()  # type: ignore[operator]
    return caught.value.code


def test_what_is_handed_in_has_a_receipt_a_case_and_its_events() -> None:
    application = life.lead_to("submitted")
    made = application.submissions.get()
    assert made.number == application.number == f"SAMPLE-2026-{application.pk:06d}"
    assert made.content["answers"]["revenue"] == 5_000_000_00
    assert made.content["answers"]["name"] == "深圳甲企业有限公司" and made.content["known"] == ["name"]
    assert [one["name"] for one in made.content["papers"]] == ["证书.pdf"]
    event = Event.objects.get(act="intake.submit")
    assert made.content_hash in event.body.text and event.subject == application.ref
    case = application.case
    assert case and case.state == "submitted" and case.unit == "应用处" and case.clocks.get().due_on
    assert [todo.title for todo in inbox(who("officer"))] == [case.title]
    assert not inbox(who("stranger")) and not inbox(who("a1"))
    assert all(check.holds for check in run_checks())


def test_what_is_missing_is_named_and_nothing_is_handed_in() -> None:
    application = life.begun()
    life.write(application, "project", {"title": "甲", "revenue": "很多"})
    with pytest.raises(Refusal) as caught:
        life.submit(application)
    assert caught.value.code == "intake.lacking"
    assert all(word in str(caught.value) for word in ("联系人", "项目概述", "营业收入", "登记证书"))
    assert not Submission.objects.exists() and not Case.objects.exists()


def test_a_question_whose_condition_is_false_is_neither_asked_nor_handed_in() -> None:
    application = life.filled()
    life.write(application, "project", {"revenue": "2亿元", "large": "全市第一"})
    life.write(application, "project", {"revenue": "500万元"})
    made = life.submit(application)
    assert "large" not in made.content["answers"]
    assert application.sheets.get(section="project").answers["large"] == "全市第一"  # still in the draft


def test_a_true_condition_asks_for_its_question() -> None:
    application = life.filled()
    life.write(application, "project", {"revenue": "1亿元"})
    with pytest.raises(Refusal, match="规模说明"):
        life.submit(application)


def test_a_receipt_on_paper_is_the_same_bytes_each_time_in_whatever_language_it_is_asked_for() -> None:
    made = life.lead_to("submitted").submissions.get()
    with translation.override("en"):
        english = receipt_pdf(made)
    words = PdfDocument(english)[0].get_textpage().get_text_range()
    assert english == receipt_pdf(made) and made.number in words and "深圳甲企业有限公司" in words
    assert english != receipt_pdf(life.lead_to("submitted", "b1").submissions.get())


def test_a_receipt_names_its_issuer_as_it_was_called_then_whatever_it_is_called_later() -> None:
    made = life.lead_to("submitted").submissions.get()
    before, office = receipt_pdf(made), made.application.opening.office
    rename_organisation(organisation=office, name="深圳市更名局", source="合成", by=SYSTEM, on=life.today())
    again = Submission.objects.get(pk=made.pk)
    assert receipt_pdf(again) == before and verification.verify_submissions() == []


def test_the_deadline_is_kept_to_the_second_and_its_grace_is_on_the_receipt(office: Opening) -> None:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    first, second, third = (life.filled(name) for name in ("a1", "b1", "a2"))
    Opening.objects.update(closes_at=midnight, grace_seconds=30)
    assert third == first  # one application a firm: the colleague is in the same draft
    assert not life.submit(first, at=midnight - timedelta(microseconds=1)).in_grace
    assert refused(lambda: life.submit(second, "b1", at=midnight + timedelta(seconds=30))) == "intake.closed"
    late = life.submit(second, "b1", at=midnight + timedelta(seconds=29))
    assert late.in_grace and late.closes_at == midnight
    days = [event.business_date for event in Event.objects.filter(act="intake.submit").order_by("id")]
    assert days == [
        life.today() - timedelta(days=1),
        life.today(),
    ]  # in time counts for the day on which it came in


def test_an_extension_is_later_and_for_everybody_and_has_a_reason(office: Opening) -> None:
    from mangrove.intake.actions import extend_window

    later = office.closes_at + timedelta(days=1)
    told = {"opening_id": office.pk, "on": life.today()}
    assert (
        refused(lambda: extend_window(**told, closes_at=later, by=who("officer"), why=" "))
        == "intake.needs_reason"
    )
    sooner = office.closes_at - timedelta(days=1)
    assert (
        refused(lambda: extend_window(**told, closes_at=sooner, by=who("officer"), why="停电"))
        == "intake.not_later"
    )
    assert (
        refused(lambda: extend_window(**told, closes_at=later, by=who("a1"), why="停电"))
        == "intake.not_permitted"
    )
    assert extend_window(**told, closes_at=later, by=who("officer"), why="停电").closes_at == later
    assert Event.objects.get(act="intake.extend_window").why == "停电"


@pytest.mark.parametrize(
    ("name", "content"), [("机密★10年 方案.txt", b"plain"), ("方案.txt", "绝密★长期\n方案".encode())]
)
def test_a_paper_that_bears_a_mark_of_secrecy_does_not_even_lie_in_quarantine(
    name: str, content: bytes
) -> None:
    application = life.begun()
    assert refused(lambda: life.hand_in(application, content=content, name=name)) == "registry.classified"
    assert not application.papers.exists()
    assert not [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_only_the_named_sections_are_open_after_a_return_and_the_next_round_shows_what_changed() -> None:
    application = life.lead_to("returned")
    assert application.unlocked == ["project"] and application.case.organisation_id == "firm_a"
    assert [todo.act for todo in inbox(who("a1"))] == ["补正后提交"] and not inbox(who("officer"))
    assert refused(lambda: life.write(application, "applicant", {"contact": "乙"})) == "intake.locked"
    assert refused(lambda: life.hand_in(application, content=life.PDF + b"2")) == "intake.locked"
    life.write(application, "project", {"summary": "用在冲压车间。"})
    made = life.submit(application)
    assert (made.round, made.number) == (2, f"{application.number}-2")
    from mangrove.intake.decisions import changes

    form = application.opening.form.definition
    (change,) = changes(form, application.submissions.get(round=1).content, made.content)
    assert (change.label, change.before, change.after) == ("项目概述", "车间里的一张专网。", "用在冲压车间。")
    assert life.case(application).state == "submitted" and inbox(who("officer"))
    life.take(application, "officer_b")
    assert (
        refused(lambda: life.decide(application, "return", life.FAULT, by="officer_b"))
        == "intake.returned_before"
    )
    life.decide(application, "accept", by="officer_b")
    assert life.case(application).closed_on and all(check.holds for check in run_checks())


def test_what_was_sent_back_is_not_handed_in_again_as_it_was_unless_a_reason_is_given_for_it() -> None:
    application = life.lead_to("returned")
    (line,) = [each for each in progress(application)["lines"] if each.section.id == "project"]
    assert [lack.label for lack in line.unmended] == ["项目概述"]
    assert refused(lambda: life.submit(application)) == "intake.unmended"
    assert refused(lambda: life.submit(application, unchanged={"summary": " "})) == "intake.unmended"
    assert life.again(application).rounds == 1 and life.case(application).state == "returned"
    made = life.submit(application, unchanged={"summary": "概述已写全。", "title": "没有问到"})
    assert made.content["unchanged"] == {"summary": "概述已写全。"}
    assert all(check.holds for check in run_checks())


def test_what_was_mended_needs_no_reason_and_keeps_none() -> None:
    application = life.lead_to("returned")
    life.write(application, "project", {"summary": "用在冲压车间。"})
    assert not [lack for line in progress(application)["lines"] for lack in line.unmended]
    assert "unchanged" not in life.submit(application, unchanged={"summary": "不改"}).content


def test_a_return_names_faults_and_an_acceptance_has_none() -> None:
    application = life.lead_to("checking")
    assert refused(lambda: life.decide(application, "return")) == "intake.nothing_named"
    assert refused(lambda: life.decide(application, "accept", life.FAULT)) == "intake.faults_left"
    other = Finding("licence", "other")
    assert refused(lambda: life.decide(application, "return", other)) == "intake.finding_needs_note"
    assert (
        refused(lambda: life.decide(application, "return", Finding("nothing", "missing")))
        == "intake.bad_finding"
    )
    bare = Finding("summary", "unclear")
    assert refused(lambda: life.decide(application, "return", bare, why=" ")) == "casework.needs_reason"
    made = life.decide(application, "return", life.FAULT, bare, why=" ")
    assert made.opinion.startswith("项目概述：请写明用在哪里；项目概述：")


def test_beside_each_answer_that_a_return_names_it_is_said(client: Client) -> None:
    application = life.lead_to("returned")
    client.force_login(who("a1"))
    page = client.get(reverse("intake:section", args=[application.pk, "project"])).content.decode()
    assert page.count("退回所指：请写明用在哪里") == 1


def test_nothing_passes_with_a_file_that_is_not_clean() -> None:
    application = life.filled()
    life.submit(application)  # before the check job had its turn: the deadline does not wait for it
    life.take(application)
    assert refused(lambda: life.decide(application, "accept", why="")) == "intake.paper_not_clean"
    worker.work(until_idle=True)
    life.decide(application, "accept", why="")
    assert life.case(application).state == "accepted"


def test_what_was_withdrawn_ends_there() -> None:
    application = life.lead_to("checking")
    told = {"application_id": application.pk, "by": who("a1"), "on": life.today()}
    version = life.case(application).version
    assert (
        refused(lambda: submitting.withdraw(**told, why="", expected_version=version))
        == "casework.needs_reason"
    )
    submitting.withdraw(**told, why="另报", expected_version=version)
    assert life.case(application).state == "withdrawn"
    assert refused(lambda: life.submit(application)) == "intake.stale"


def test_what_was_sent_back_and_did_not_come_in_time_is_ended_by_the_office() -> None:
    application = life.lead_to("returned")
    told = {"application_id": application.pk, "by": who("officer"), "on": life.today(), "why": "逾期"}
    version = life.case(application).version
    assert refused(lambda: checking.lapse(**told, expected_version=version)) == "intake.mending_not_over"
    clock = life.case(application).clocks.get(met_on=None)
    late = life.now() + timedelta(days=(clock.due_on - life.today()).days + 1)
    assert refused(lambda: life.submit(application, at=late)) == "intake.mended_late"


def test_programmes_hear_of_it_in_the_same_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def hear(happened: hooks.Happened) -> None:
        heard.append(f"{happened.act} {happened.submission.number} {happened.by.username}")
        if happened.act == "accept":
            raise Refusal("库里没有额度。", code="t.full")

    monkeypatch.setattr(hooks, "_listeners", {})
    hooks.listen("sample", "t", hear)
    application = life.lead_to("checking")
    assert refused(lambda: life.decide(application, "accept", why="")) == "t.full"
    assert life.case(application).state == "checking"  # the refusal of a listener undoes the act
    assert heard == [f"submit {application.number} a1", f"accept {application.number} officer"]


def test_nobody_reaches_what_is_not_theirs() -> None:
    draft, handed_in = life.begun("b1"), life.lead_to("submitted")
    for name, own in (
        ("a1", [handed_in]),
        ("b1", [draft]),
        ("officer", [handed_in]),
        ("stranger", []),
        ("auditor", [handed_in]),
    ):
        assert list(access.visible_applications(who(name))) == own, name
    with pytest.raises(Http404):
        access.access_application(who("officer"), draft.pk)
    with pytest.raises(Http404):
        access.access_application(who("b1"), handed_in.pk)
    with pytest.raises(Http404):
        life.write(handed_in, "project", {"title": "别家"}, by="b1", base=0)
    assert refused(lambda: life.write(handed_in, "project", {"title": "晚"})) == "intake.locked"
    assert (
        refused(lambda: access.access_application(who("auditor"), handed_in.pk, to="take"))
        == "casework.wrong_role"
    )
    assert (
        refused(lambda: access.access_application(who("officer"), handed_in.pk, to="submit"))
        == "intake.not_permitted"
    )


def test_what_was_handed_in_cannot_be_changed_and_a_change_by_hand_is_found(office: Opening) -> None:
    made = life.lead_to("submitted").submissions.get()
    with pytest.raises(TypeError):
        Submission.objects.update(by_name="别人")
    with (
        pytest.raises(DatabaseError, match="written once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE intake_submission SET by_name = 'x'")
    from conftest import take_off

    take_off("intake_submission_append_only", "intake_submission")
    made.content["answers"]["title"] = "换了"
    made.save()
    assert len(verification.verify_submissions()) == 1


def test_a_form_once_published_stays(office: Opening) -> None:
    assert life.published() == office.form
    assert (
        refused(lambda: life.published(life.FORM.replace("样例申报表", "另一张"))) == "intake.form_published"
    )
    assert life.published(life.FORM.replace("version: 1", "version: 2")).version == 2


def test_who_is_known_not_to_be_meant_may_not_begin() -> None:
    life.window(id="bureaus-only", eligible='类别 == "政府机关"')
    with pytest.raises(Refusal) as caught:
        life.begun("a1", "bureaus-only")
    assert caught.value.code == "intake.not_eligible" and "政府机关" in caught.value.rule


def test_a_file_is_judged_by_its_content_and_opened_only_when_clean() -> None:
    application = life.begun()
    good = life.hand_in(application)
    lie = life.hand_in(application, content=b"MZ\x90\x00", name="证书.pdf")
    worker.work(until_idle=True)
    good.refresh_from_db()
    lie.refresh_from_db()
    assert (good.state, lie.state) == (FileState.CLEAN, FileState.REFUSED) and "可执行" in lie.refusal
    assert verification.verify_papers() == []


def called_off() -> Job:
    """The check of the only paper, by somebody who thought that it was stuck."""
    return jobs.cancel(Job.objects.get(kind=papers.CHECK, state=State.QUEUED), by=SYSTEM, on=life.today())


def state_of(paper: PaperFile) -> str:
    return PaperFile.objects.get(pk=paper.pk).state


def test_a_file_whose_check_was_called_off_is_looked_into_when_it_is_sent_again() -> None:
    application = life.begun()
    paper = life.hand_in(application)
    called_off()
    worker.work(until_idle=True)
    assert state_of(paper) == FileState.QUARANTINED
    assert life.hand_in(application).pk == paper.pk == life.hand_in(application).pk
    worker.work(until_idle=True)
    assert state_of(paper) == FileState.CLEAN
    assert Job.objects.filter(kind=papers.CHECK, state=State.DONE).count() == 1


def test_or_by_the_round_some_time_after_and_not_over_and_over() -> None:
    paper = life.hand_in(life.begun())
    off = called_off()
    assert papers.check_again() == 0  # just now somebody did not want it
    Job.objects.filter(pk=off.pk).update(ended_at=timezone.now() - timedelta(days=1))
    assert (papers.check_again(), papers.check_again()) == (1, 0)
    worker.work(until_idle=True)
    assert state_of(paper) == FileState.CLEAN and papers.check_again() == 0


def test_a_file_added_after_the_first_draft_is_never_lost_by_a_later_save() -> None:
    application = life.begun()
    first = life.write(application, "project", {"title": "一"})
    life.hand_in(application)
    life.write(application, "project", {"title": "二"}, base=first.revision)
    life.write(application, "applicant", {"contact": "丙"}, by="a2")
    assert [paper.name for paper in application.papers.filter(removed_at=None)] == ["证书.pdf"]
    assert life.hand_in(application).pk == application.papers.get().pk  # the same file sent twice is one


def test_the_same_bytes_from_two_firms_are_each_judged_and_both_are_released() -> None:
    sent = [life.hand_in(life.begun(name), by=name) for name in ("a1", "b1")]
    worker.work(until_idle=True)
    for paper in sent:
        paper.refresh_from_db()
    assert [paper.state for paper in sent] == [FileState.CLEAN] * 2 and verification.verify_papers() == []


def test_a_file_that_is_gone_or_changed_is_found() -> None:
    from mangrove.intake.papers import path_of

    paper = life.hand_in(life.begun())
    worker.work(until_idle=True)
    path_of(paper.sha256).write_bytes(b"another")
    (changed,) = verification.verify_papers()
    path_of(paper.sha256).unlink()
    (gone,) = verification.verify_papers()
    assert "内容已变" in changed and "不见了" in gone


def test_a_word_that_a_draft_holds_is_chosen_in_its_select_and_stays_when_saved() -> None:
    text = life.FORM.replace("field: firm_year.revenue, required", "field: firm_year.audit_opinion, required")
    text = "\n".join(line for line in text.splitlines() if "revenue >=" not in line)
    section = read_form(text).section("project")
    read = answered(read_form(text), {"revenue": "标准无保留意见"}, {})
    form = SectionForm(section, read, initial={"revenue": "标准无保留意见"})
    assert '<option value="unqualified" selected>' in str(form["revenue"])
