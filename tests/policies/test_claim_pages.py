"""The office's pages of audit and doubts: what they show, what they refuse, and who may not know of them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from mangrove.ledger.models import Event
from mangrove.policies.claims.expense_sheets import read_list
from mangrove.policies.claims.expenses import digest_of, take_expenses
from mangrove.policies.claims.models import Claim, Doubt
from mangrove.policies.claims.searching_doubts import search

from . import life
from .sheets import line, sheet

pytestmark = pytest.mark.django_db


def browser(username: str) -> Client:
    client = Client()
    client.force_login(life.who(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def claim(firm: str = "a", *lines: Any) -> Claim:
    opening = life.Opening.objects.filter(pk="testbed-w").first() or life.window()
    made = life.claimed(opening, firm)
    if lines:
        take_expenses(
            claim_id=made.pk, by=life.who("officer"), content=sheet(*lines), name="x.csv", **life.at()
        )
    return made


def page(name: str, *of: Any) -> str:
    return reverse(f"policies:{name}", args=of)


def test_audited_amounts_are_typed_for_all_lines_and_saved_as_one_corrected_list() -> None:
    made, officer = claim("a", line(1, audited=""), line(2)), browser("officer")
    address = page("expenses", made.pk) + "?amounts"
    assert address in officer.get(page("audit", made.pk)).content.decode()
    seen = digest_of(made.expenses.all())
    said = {"seen": seen, "audited_1": "1.1万元", "audited_2": "11300.00", "on": life.today().isoformat()}
    assert "交换机" in officer.get(address).content.decode()
    assert officer.post(address, said).status_code == 422  # without a reason
    assert officer.post(address, {**said, "audited_1": "很多", "why": "审计报告"}).status_code == 422
    acts = Event.objects.filter(act="policies.claim.expenses").count()
    assert officer.post(address, {**said, "why": "按审计报告"}).status_code == 302
    assert [one.audited for one in made.expenses.order_by("number")] == [1_100_000, 1_130_000]
    assert Event.objects.filter(act="policies.claim.expenses").count() == acts + 1
    stale = officer.post(address, {**said, "why": "按审计报告"})
    assert stale.status_code == 422 and "清单已有变动" in stale.content.decode()


def test_before_the_list_is_read_the_rule_is_named_and_nobody_has_looked_for_doubts() -> None:
    made, officer = claim("a"), browser("officer")
    shown = officer.get(page("audit", made.pk)).content.decode()
    assert "专项审计通用原则" in shown and "没有有效的规则" not in shown
    for name in ("claim", "claim_doubts"):
        assert "还没有查找过" in officer.get(page(name, made.pk)).content.decode()


def test_the_audit_shows_each_line_with_why_it_is_not_recognised() -> None:
    made = claim("a", line(1), line(2, bank_slip=""))
    shown = browser("officer").get(page("audit", made.pk)).content.decode()
    assert "10,000.00" in shown and "不符合：有银行付款单" in shown and "共 2 行，认定 1 行" in shown


def test_the_list_of_the_application_is_shown_with_its_mistakes_and_a_corrected_one_taken() -> None:
    made, officer = claim(), browser("officer")
    shown = officer.get(page("expenses", made.pk)).content.decode()
    assert "缺列“申报金额”" in shown
    said = {"on": life.today().isoformat(), "why": ""}
    refused = officer.post(page("expenses", made.pk), said)
    assert refused.status_code == 422 and not made.expenses.exists()
    file = SimpleUploadedFile("更正.csv", sheet(line(1), line(2)))
    without = officer.post(page("expenses", made.pk), {**said, "file": file})
    assert without.status_code == 422 and "更正的理由" in without.content.decode()
    file.seek(0)
    taken = officer.post(page("expenses", made.pk), {**said, "why": "按发票核对", "file": file})
    assert taken.status_code == 302 and made.expenses.count() == 2


def test_the_conclusion_is_refused_where_a_line_lacks_a_datum_and_nothing_typed_is_lost() -> None:
    made, officer = claim("a", line(1, audited="")), browser("officer")
    said = {
        "passed": "yes",
        "report": "样例审字1号",
        "opinion": "",
        "on": life.today().isoformat(),
        "why": "",
    }
    refused = officer.post(page("audit_conclude", made.pk), said)
    assert refused.status_code == 422 and "样例审字1号" in refused.content.decode()
    take_expenses(claim_id=made.pk, by=life.who("officer"), content=sheet(line(1)), name="x.csv", **life.at())
    assert officer.post(page("audit_conclude", made.pk), said).status_code == 302
    assert made.checks.get(passed=True).detail["report"] == "样例审字1号"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_is_exported_comes_in_again_as_it_was(language: str) -> None:
    made, officer = claim("a", line(1), line(2, equipment="", bank_slip="")), browser("officer")
    officer.cookies["django_language"] = language
    content = officer.get(page("audit_export", made.pk)).content
    assert load_workbook(io.BytesIO(content)).active is not None
    read = read_list(content)
    assert not read.wrong
    kept = made.expenses.order_by("number")
    assert [{id: getattr(one, id) for id in told} for one, told in zip(kept, read.lines, strict=True)] == [
        dict(one) for one in read.lines
    ]


def doubted() -> Doubt:
    first, second = claim("a", line(1)), claim("b", line(1))
    for one in (first, second):
        search(claim_id=one.pk, by=life.who("officer"), **life.at())
    return second.doubts.get(kind="invoice")


def test_a_doubt_is_weighed_beside_what_it_is_held_against() -> None:
    doubt, officer = doubted(), browser("officer")
    shown = officer.get(page("doubt", doubt.pk)).content.decode()
    assert "深圳A企业有限公司（合成）" in shown and "深圳B企业有限公司（合成）" in shown
    said = {"upheld": "yes", "reason": "", "on": life.today().isoformat(), "why": ""}
    assert officer.post(page("doubt", doubt.pk), said).status_code == 422
    assert officer.post(page("doubt", doubt.pk), {**said, "reason": "票面一致"}).status_code == 302
    doubt.refresh_from_db()
    assert doubt.state == "upheld"
    assert page("doubt", doubt.pk) not in officer.get(page("doubts")).content.decode()
    assert page("doubt", doubt.pk) in officer.get(page("doubts") + "?state=").content.decode()


def test_copied_texts_stand_side_by_side_with_what_they_share_marked() -> None:
    doubted()
    alike = Doubt.objects.filter(kind="alike").first()
    assert (
        alike is not None
        and "mark--promise" in browser("officer").get(page("doubt", alike.pk)).content.decode()
    )


def test_the_firm_and_strangers_know_of_none_of_it() -> None:
    doubt = doubted()
    addresses = [
        page("audit", doubt.claim_id), page("audit_export", doubt.claim_id), page("expenses", doubt.claim_id),
        page("audit_conclude", doubt.claim_id), page("claim_doubts", doubt.claim_id), page("search_one", doubt.claim_id),
        page("doubt", doubt.pk),
    ]  # fmt: skip
    for name in ("firm_b", "firm_a", "stranger"):
        assert {browser(name).get(address).status_code for address in addresses} == {404}
    for address in (page("doubts"), page("doubts_export"), page("search_all")):
        assert browser("firm_b").get(address).status_code == 404


def test_oversight_reads_and_does_nothing() -> None:
    doubt, auditor = doubted(), browser("auditor")
    for address in (
        page("audit", doubt.claim_id),
        page("claim_doubts", doubt.claim_id),
        page("doubt", doubt.pk),
        page("doubts"),
    ):
        assert auditor.get(address).status_code == 200
    for address in (
        page("expenses", doubt.claim_id),
        page("audit_conclude", doubt.claim_id),
        page("search_one", doubt.claim_id),
        page("search_all"),
    ):
        assert auditor.get(address).status_code == 422


def test_searching_from_the_pages() -> None:
    first, second = claim("a", line(1)), claim("b", line(1))
    officer, said = browser("officer"), {"on": life.today().isoformat(), "why": ""}
    assert "还没有查过" in officer.get(page("claim_doubts", first.pk)).content.decode()
    assert officer.post(page("search_one", first.pk), said).status_code == 302
    assert first.doubts.filter(kind="invoice").count() == 0
    asked = officer.post(page("search_all"), said)
    assert asked.status_code == 302 and "/jobs/" in asked["Location"]
    life.worker.work(until_idle=True)
    assert second.doubts.filter(kind="invoice").count() == 1


def test_the_list_asks_as_often_for_many_as_for_one() -> None:
    doubted()
    officer = browser("officer")
    officer.get(page("doubts"))
    asked = []
    for query in ("?kind=invoice", "?kind="):
        with CaptureQueriesContext(connection) as queries:
            officer.get(page("doubts") + query)
        asked.append(len(queries))
    assert Doubt.objects.count() >= 3 and asked[0] == asked[1]


def test_the_article_of_a_claim_is_named_in_the_language_of_the_reader() -> None:
    made, officer = claim(), browser("officer")
    assert "条号未见（SZ-21）" in officer.get(page("claim", made.pk)).content.decode()
    english = officer.get(page("claim", made.pk), headers={"accept-language": "en"}).content.decode()
    assert "article number not seen (SZ-21)" in english and "条号未见" not in english
