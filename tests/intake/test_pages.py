"""The pages as people use them, without JavaScript: an application from the window to the conclusion."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from mangrove.casework.inbox import inbox
from mangrove.casework.messages.models import Message
from mangrove.intake.checking import Finding
from mangrove.intake.models import Application, Submission
from mangrove.jobs import worker
from mangrove.registry.personal.masking import written

from . import life
from .life import who

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("office")]


def at(username: str) -> Client:
    client = Client()
    client.force_login(who(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(client: Client, route: str, *args: Any, status: int = 200) -> str:
    answer = client.get(reverse(f"intake:{route}", args=args))
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def post(client: Client, route: str, *args: Any, **fields: Any) -> Any:
    return client.post(reverse(f"intake:{route}", args=args), fields)


def hidden(html: str, name: str) -> str:
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)[1]  # type: ignore[index]


def test_a_receipt_comes_as_a_file_to_its_firm_alone() -> None:
    made = life.lead_to("submitted").submissions.get()
    address = reverse("intake:receipt_file", args=[made.pk])
    answer = at("a1").get(address)
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    assert at("b1").get(address).status_code == 404


def test_from_the_window_to_the_conclusion() -> None:
    firm, officer = at("a1"), at("officer")
    assert "样例申报（合成）" in page(firm, "openings")
    shown = page(firm, "opening", "sample-2026")
    assert "满足 营业收入不低于" in shown and "开始申报" in shown
    answer = post(firm, "start", "sample-2026", slot="1")
    id = Application.objects.get().pk
    assert answer.url == reverse("intake:application", args=[id])
    assert "还差" in page(firm, "application", id)

    first = page(firm, "section", id, "applicant")
    assert "深圳甲企业有限公司" in first and "来自机构名录" in first and 'name="name"' not in first
    saved = post(
        firm,
        "section",
        id,
        "applicant",
        draft_revision=hidden(first, "draft_revision"),
        **life.ANSWERS["applicant"],
    )
    assert saved.status_code == 302
    post(
        firm,
        "section",
        id,
        "project",
        draft_revision="0",
        **life.ANSWERS["project"],
    )
    assert "规模说明" not in page(firm, "section", id, "project")
    post(firm, "section", id, "project", draft_revision="1", revenue="3亿元")
    assert "规模说明" in page(firm, "section", id, "project") and "审计报告" in page(
        firm, "section", id, "papers"
    )
    post(firm, "section", id, "project", draft_revision="2", revenue="很多")
    assert "“很多”中没有数" in page(firm, "section", id, "project")
    post(firm, "section", id, "project", draft_revision="3", revenue="500万元")

    file = SimpleUploadedFile("证书.pdf", life.PDF)
    post(firm, "upload", id, "licence", file=file)
    assert "核对中" in page(firm, "section", id, "papers")
    worker.work(until_idle=True)
    assert "已核对" in page(firm, "section", id, "papers")

    ask = page(firm, "submit", id)
    told = post(firm, "submit", id, key=hidden(ask, "key"))
    made = Submission.objects.get()
    assert (
        told.url
        == reverse("intake:receipt", args=[made.pk])
        == post(firm, "submit", id, key=hidden(ask, "key")).url
    )
    receipt = page(firm, "receipt", made.pk)
    assert (
        made.number in receipt
        and made.content_hash in receipt
        and made.content["papers"][0]["sha256"] in receipt
    )
    assert "已提交，等待形式审查" in page(firm, "application", id) and "市工信局" in page(
        firm, "application", id
    )

    assert made.number in page(officer, "submissions") and "待形式审查" in page(officer, "application", id)
    version = hidden(page(officer, "application", id), "version")
    assert post(officer, "take", id, version=version).url == reverse("intake:check", args=[id])
    sheet = page(officer, "check", id)
    assert "5,000,000.00元" in sheet and "证书.pdf" in sheet
    fields = {"version": hidden(sheet, "version"), "on": life.today().isoformat(), "why": "概述不明。"}
    wrong = post(officer, "check", id, outcome="return", **fields)
    assert wrong.status_code == 422 and "退回补正须指明" in wrong.content.decode()
    done = post(
        officer, "check", id, outcome="return", fault_summary="unclear", note_summary="写明用在哪里", **fields
    )
    assert done.status_code == 302, done.content.decode()

    back = page(firm, "application", id)
    assert "写明用在哪里" in back and "填写不明确" in back and "不在补正之列" in back
    assert "disabled" in page(firm, "section", id, "applicant")
    post(
        firm,
        "section",
        id,
        "project",
        draft_revision=hidden(page(firm, "section", id, "project"), "draft_revision"),
        summary="用在冲压车间。",
    )
    post(firm, "submit", id, key=hidden(page(firm, "submit", id), "key"))
    second = Submission.objects.get(round=2)
    changed = page(officer, "changes", second.pk)
    assert "用在冲压车间。" in changed and "车间里的一张专网。" in changed and "项目名称" not in changed
    assert "所交内容" in page(officer, "submission", second.pk)


def test_autosave_says_what_became_of_the_text() -> None:
    application = life.begun()
    one, two = at("a1"), at("a2")
    args = (application.pk, "project")
    first = post(one, "autosave", *args, draft_revision="0", title="甲")
    assert first.status_code == 200 and first.json()["revision"] == 1
    joined = post(two, "autosave", *args, draft_revision="0", summary="乙写的")
    assert joined.status_code == 200 and "两人所改已合在一起" in joined.json()["note"]
    onward = post(one, "autosave", *args, draft_revision="1", title="甲二")
    assert onward.status_code == 200
    sheet = application.sheets.get(section="project")
    assert sheet.answers == {"title": "甲二", "summary": "乙写的"}
    clash = post(
        two,
        "autosave",
        *args,
        draft_revision=str(joined.json()["revision"]),
        title="乙的题",
        summary="乙写的",
    )
    assert clash.status_code == 409 and "经办人a1" in clash.json()["message"]
    written = page(two, "section", *args)
    assert "请按“保存”，两份并排给您看" in written and "另开一页看新稿" not in written
    by_hand = post(
        two, "section", *args, draft_revision=str(joined.json()["revision"]), title="乙的题", summary="乙写的"
    )
    assert "/both/" in by_hand.url
    both = two.get(by_hand.url).content.decode()
    assert "甲二" in both and "乙的题" in both and 'name="summary"' not in both
    assert two.post(by_hand.url, {"seen": hidden(both, "seen"), "title": "两人的题"}).status_code == 302
    sheet.refresh_from_db()
    assert sheet.answers == {"title": "两人的题", "summary": "乙写的"}
    assert "乙的题" in page(two, "revision", *args, sheet.revisions.filter(fate="beside").first().number)
    life.write(application, "project", {"revenue": "1元"})
    locked = post(at("b1"), "autosave", *args, draft_revision="0", title="别家")
    assert locked.status_code == 404


def test_what_the_page_did_not_ask_stays_in_the_draft() -> None:
    application = life.begun()
    life.write(application, "project", {"revenue": "2亿元", "large": "说明", "title": "题"})
    post(at("a1"), "autosave", application.pk, "project", draft_revision="1", revenue="1元", title="题")
    assert application.sheets.get(section="project").answers["large"] == "说明"


def test_files_are_handed_out_only_when_clean_and_only_to_those_concerned() -> None:
    application = life.lead_to("draft")
    paper = life.hand_in(application)
    assert page(at("a1"), "paper", paper.pk, status=422)
    worker.work(until_idle=True)
    answer = at("a1").get(reverse("intake:paper", args=[paper.pk]))
    assert b"".join(answer.streaming_content) == life.PDF and answer["X-Content-Type-Options"] == "nosniff"  # type: ignore[attr-defined]
    for username in ("b1", "officer", "auditor"):
        page(at(username), "paper", paper.pk, status=404)
    assert "/sections/papers/" in post(at("a1"), "remove_paper", paper.pk).url
    assert "还没有文件" in page(at("a1"), "section", application.pk, "papers")


def test_lists_and_exports_hold_what_the_reader_may_see() -> None:
    life.begun("b1")
    application = life.lead_to("submitted")
    assert application.number in page(at("a1"), "mine") and application.number not in page(at("b1"), "mine")
    narrowed = at("officer").get(reverse("intake:submissions"), {"state": "accepted"}).content.decode()
    assert application.number not in narrowed
    book = load_workbook(BytesIO(at("officer").get(reverse("intake:submissions_export")).content))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]
    assert application.number in cells and sum(cell.startswith("SAMPLE-2026-") for cell in cells) == 1
    assert at("a1").get(reverse("intake:mine_export"), {}).status_code == 200
    assert at("a1").get(reverse("intake:openings_export")).status_code == 200


def test_what_waits_stands_above_what_is_over() -> None:
    over = life.lead_to("accepted")
    waiting = life.lead_to("submitted", "b1")
    shown = page(at("officer"), "submissions")
    assert shown.index(waiting.number) < shown.index(over.number)
    book = load_workbook(BytesIO(at("officer").get(reverse("intake:submissions_export")).content))
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]
    assert cells.index(waiting.number) < cells.index(over.number)


def test_windows_are_opened_and_extended_by_their_office() -> None:
    officer, form = at("officer"), life.published()
    fields = {
        "id": "again-2027", "form_version": form.pk, "title": "再次申报", "title_en": "Again", "opens_at": "2027-01-01T00:00:00",
        "closes_at": "2027-02-01T00:00:00", "grace_seconds": "60", "each_most": "1", "eligible": "", "on": life.today().isoformat(),
    }  # fmt: skip
    assert "没有" in post(officer, "open_new", **{**fields, "eligible": "类别 == 错"}).content.decode()
    assert post(officer, "open_new", **fields).status_code == 302
    assert "2027-01-31 24:00" in page(officer, "opening", "again-2027")
    extended = post(
        officer, "extend", "again-2027", closes_at="2027-02-02T00:00:00", on=fields["on"], why="停电"
    )
    assert extended.status_code == 302 and "2027-02-01 24:00" in page(officer, "opening", "again-2027")
    page(at("a1"), "open_new", status=422)
    page(at("a1"), "extend", "again-2027", status=422)


def test_what_was_handed_in_may_be_taken_back_with_a_reason() -> None:
    application = life.lead_to("submitted")
    firm = at("a1")
    asked = page(firm, "withdraw", application.pk)
    fields = {"version": hidden(asked, "version"), "on": life.today().isoformat()}
    assert post(firm, "withdraw", application.pk, **fields, why="").status_code == 422
    assert post(firm, "withdraw", application.pk, **fields, why="另报").status_code == 302
    assert "已撤回" in page(firm, "application", application.pk)


@pytest.mark.parametrize(
    ("username", "route"), [("officer", "submissions"), ("a1", "mine"), ("a1", "openings")]
)
def test_lists_ask_the_same_number_of_queries_for_one_row_and_for_three(username: str, route: str) -> None:
    counts = []
    for names in (("a1",), ("b1", "c1")):
        life.firm("firm_c", "深圳丙企业有限公司", "c1")
        for name in names:
            opening = "sample-2026" if name == "a1" else f"more-{name}"
            if name != "a1":
                life.window(id=opening)
            life.submit(
                life.filled("a1" if route == "mine" else name, opening), "a1" if route == "mine" else name
            )
        client = at(username)
        with CaptureQueriesContext(connection) as asked:
            page(client, route)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_firm_that_leaves_a_named_item_as_it_was_says_why_and_the_officer_reads_it() -> None:
    application = life.lead_to("returned")
    firm, officer = at("a1"), at("officer")
    assert "待补正 1 项" in page(firm, "application", application.pk)
    key = hidden(page(firm, "submit", application.pk), "key")
    answer = post(firm, "submit", application.pk, key=key)
    assert answer.status_code == 422 and "退回所指的 1 处与上次所交相同：项目概述" in answer.content.decode()
    assert (
        post(firm, "submit", application.pk, key=key, **{"unchanged-summary": "概述已写全。"}).status_code
        == 302
    )
    made = application.submissions.get(round=2)
    assert all("概述已写全。" in page(officer, route, made.pk) for route in ("submission", "changes"))


def test_the_inbox_of_an_officer_has_what_their_unit_checks_and_every_line_of_it_opens() -> None:
    life.person("elsewhere", who("officer").organisation, ["case_officer"], "规划处")
    life.person("whole", who("officer").organisation, ["case_officer"])
    for state, firm in (("submitted", "a1"), ("checking", "b1")):
        life.lead_to(state, firm)
    assert not inbox(who("elsewhere"))
    for name in ("officer", "officer_b", "whole"):
        waiting = list(inbox(who(name)))
        assert len(waiting) == 2
        assert [at(name).get(todo.url).status_code for todo in waiting] == [200, 200]


def test_the_check_sum_of_a_paper_is_no_telephone_number() -> None:
    application = life.filled()
    life.submit(application)
    worker.work(until_idle=True)
    life.take(application)
    life.decide(application, "return", Finding("licence", "unclear"))
    content = next(bytes_ for bytes_ in numbered_pdfs() if written(short_sum(bytes_)) != short_sum(bytes_))
    life.hand_in(application, content=content, name="新证书.pdf")
    made = life.submit(application)
    assert f"新证书.pdf · {short_sum(content)}" in page(at("officer"), "changes", made.pk)


def numbered_pdfs() -> Iterator[bytes]:
    return (life.PDF + str(n).encode() for n in itertools.count())


def short_sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


@pytest.mark.parametrize(
    ("state", "said"),
    [("returned", "已退回补正"), ("accepted", "予以受理"), ("refused", "不予受理：不在范围。")],
)
def test_a_firm_is_told_how_its_check_ended_and_nobody_else_is(state: str, said: str) -> None:
    application = life.lead_to(state)
    told = Message.objects.filter(kind__startswith="intake.")
    assert sorted(message.to.username for message in told) == ["a1", "a2"]
    assert all(said in message.words and application.number in message.words for message in told)
    assert {at("a1").get(message.href).status_code for message in told} == {200}
