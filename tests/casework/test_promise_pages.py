"""承诺台账 as people see it: what lacks is counted, what is riskiest comes first, exports say who and why."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from mangrove.casework.models import Case, Promise
from mangrove.casework.promises import Span, settle_promise
from mangrove.ledger.actions import withhold
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref
from mangrove.registry.models import Organisation

from .conftest import BY, open_test_case
from .promising import TEXT, account, browser, evidence, letter_promises, text

pytestmark = pytest.mark.django_db
LIST = "/casework/promises/"


@pytest.fixture
def inspector(db: None) -> Client:
    """Reads every promise, and as ``supervisor`` also what the letters answered."""
    return browser(account("du", "inspector", "supervisor"))


def settle(promise: Promise, **given: Any) -> None:
    promise.case.refresh_from_db()
    version = promise.case.version
    said = {"on": timezone.localdate()} | given
    settle_promise(promise.pk, by=BY, expected_version=version, **said)


def numbers(client: Client, **query: str) -> list[str]:
    """The numbers of the promises that the list shows, in its order."""
    return [row.number for row in client.get(LIST, query).context["page"].objects]


def test_what_lacks_is_said_in_every_row_and_counted_on_top(case: Case, inspector: Client) -> None:
    first, _second = letter_promises(case)
    settle(first, owner_unit="应用处", due_on=timezone.localdate() - timedelta(days=2))
    evidence(first)
    page = inspector.get(LIST)
    tabs = {str(tab.label): tab.count for tab in page.context["tabs"]}
    assert tabs == {"全部": 2, "责任单位未定": 1, "期限未定": 1, "衡量办法未定": 2, "尚无证据": 1, "超期": 1}
    for words in (
        "尽快出台奖励补贴政策",
        "应用处",
        "超期 2 天",
        "1 件；2022-10-24 印发若干措施",
        "未定",
        "未启动 2",
    ):
        assert words in text(page)


def test_the_line_of_work_is_said_in_words(case: Case, inspector: Client) -> None:
    letter_promises(case)
    page = text(inspector.get(LIST))
    assert "奖励补贴" in page and "网络建设" in page
    assert ">policies<" not in page


def test_late_ones_come_first_then_by_date_then_undated_and_finished_last(
    case: Case, inspector: Client
) -> None:
    parts = [Span(f"C{n:02}", n * 3, n * 3 + 2) for n in range(1, 6)]
    promises = letter_promises(case, spans=parts)
    today = timezone.localdate()
    for promise, days in zip(promises, (30, None, -40, -5, -90), strict=True):
        if days is not None:
            settle(promise, due_on=max(today + timedelta(days=days), date(2021, 9, 1)))
    Case.objects.filter(promise=promises[4]).update(closed_on=today, state="complete")
    assert numbers(inspector) == ["C03", "C04", "C01", "C02", "C05"]
    assert numbers(inspector, sort="-number") == ["C05", "C04", "C03", "C02", "C01"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "补贴"}, ["C01"]),
        ({"text": "c02"}, ["C02"]),
        ({"text": "建议第 1 号"}, ["C01", "C02"]),
        ({"line": "buildout"}, ["C02"]),
        ({"state": "not_started"}, ["C01", "C02"]),
        ({"state": "complete"}, []),
        ({"lacking": "owner_unit"}, ["C02"]),
        ({"lacking": "due_on"}, ["C02"]),
        ({"lacking": "measure"}, ["C01", "C02"]),
        ({"lacking": "evidence"}, ["C02"]),
        ({"overdue": "1"}, ["C01"]),
        ({"lacking": "nonsense"}, ["C01", "C02"]),
    ],
)
def test_filters_narrow_the_list(
    case: Case, inspector: Client, query: dict[str, str], found: list[str]
) -> None:
    first, _second = letter_promises(case)
    settle(first, owner_unit="应用处", due_on=date(2021, 12, 31))
    evidence(first)
    assert numbers(inspector, **query) == found


def test_a_filter_that_finds_nothing_says_how_to_go_on(case: Case, inspector: Client) -> None:
    letter_promises(case)
    assert "放宽条件，或重置后再查" in text(inspector.get(LIST, {"text": "没有这样的承诺"}))


def test_the_export_says_who_when_which_filter_and_what_lacks(case: Case, inspector: Client) -> None:
    first, _second = letter_promises(case)
    settle(first, owner_unit="应用处")
    evidence(first)
    answer = inspector.get(reverse("casework:promises_export"), {"line": "policies"})
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    head = [row[0] for row in rows[:4]]
    assert head[1] == "导出人：账号du" and head[3] == "筛选条件：工作条线：奖励补贴"
    (row,) = [dict(zip(rows[4], row, strict=True)) for row in rows[5:]]
    assert (row["编号"], row["责任单位"], row["期限"], row["衡量办法"]) == ("C01", "应用处", "未定", "未定")
    assert row["证据"] == "2022-10-24 印发若干措施（深府办〔2022〕某号）"
    assert row["出自"] == "建议第 1 号" and row["缺项"] == "期限未定、衡量办法未定"


def test_who_may_not_read_what_the_letter_answered_exports_no_title_of_it(case: Case) -> None:
    letter_promises(case)
    answer = browser(account("cha", "inspector")).get(reverse("casework:promises_export"))
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert len(rows[5:]) == 2 and not any("建议第 1 号" in str(cell) for row in rows for cell in row)


@pytest.mark.parametrize("path", [LIST, "/casework/promises/export/", "/"])
def test_as_many_queries_for_three_as_for_one(bureau: Organisation, inspector: Client, path: str) -> None:
    counted = []
    for number in (1, 2, 3):
        letter = Ref("proposals", "letter", str(number))
        promises = letter_promises(open_test_case(bureau, number=str(number)), letter=letter)
        evidence(promises[0])
        inspector.get(path)
        with CaptureQueriesContext(connection) as queries:
            inspector.get(path)
        counted.append(len(queries))
    assert counted[0] == counted[2]


def test_the_inbox_says_beside_each_promise_what_it_comes_from_in_as_many_queries_for_more(
    bureau: Organisation,
) -> None:
    clerk, counted = browser(account("ban", "case_officer", "officer", organisation=bureau)), []
    for number in (1, 2, 3):
        letter = Ref("proposals", "letter", str(number))
        letter_promises(open_test_case(bureau, number=str(number)), letter=letter)
        clerk.get("/inbox/")
        with CaptureQueriesContext(connection) as queries:
            page = text(clerk.get("/inbox/"))
        counted.append(len(queries))
    assert counted[0] == counted[2]
    assert all(page.count(f'<span class="quiet">建议第 {number} 号</span>') == 2 for number in (1, 2, 3))


@pytest.mark.parametrize("path", [LIST, f"{LIST}?text=C01", "/"])
def test_who_reads_no_promise_is_told_whose_are_read_here_who_reads_the_others_and_where_to_go(
    case: Case, path: str
) -> None:
    letter_promises(case)
    office = Organisation.objects.create(id="office", name="市政府办公厅")
    page = text(browser(account("deng", "registrar", organisation=office)).get(path))
    assert "没有您可查阅的承诺" in page and "这里列出市政府办公厅作出的承诺" in page
    assert "可查阅全部承诺的是审计、链长办、选联任工委、督查室" in page
    assert '<a class="button" href="/proposals/">看建议提案</a>' in page
    assert "还没有登记在案的承诺" not in page and "还没有记录</p>" not in page.partition("等您办的事")[0]


def test_a_deputy_without_promises_is_told_of_letters_sent_to_them(case: Case) -> None:
    letter_promises(case)
    page = text(browser(account("dai", "deputy")).get(LIST))
    assert "这里列出送达给您的答复中的承诺" in page


def test_that_there_is_no_promise_at_all_is_said_only_to_who_reads_them_all(inspector: Client) -> None:
    for path in (LIST, "/"):
        assert "还没有登记在案的承诺" in text(inspector.get(path))


def test_when_all_promises_are_finished_the_home_page_says_so(case: Case, inspector: Client) -> None:
    letter_promises(case)
    Case.objects.filter(promise__isnull=False).update(closed_on=timezone.localdate(), state="complete")
    page = text(inspector.get("/"))
    assert "没有未了结的承诺" in page and "还没有登记在案的承诺" not in page


def test_the_navigation_counts_what_is_not_finished(case: Case, inspector: Client) -> None:
    first, _second = letter_promises(case)
    Case.objects.filter(promise=first).update(closed_on=timezone.localdate(), state="complete")
    page = text(inspector.get("/"))
    assert f'href="{LIST}">承诺台账<span class="nav__count">1</span>' in page


def test_the_home_page_leads_to_each_promise_and_to_the_ledger(case: Case, inspector: Client) -> None:
    first, _second = letter_promises(case)
    page = text(inspector.get("/"))
    assert f'<a href="/casework/promises/{first.pk}/">尽快出台奖励补贴政策</a>' in page
    assert f'href="{LIST}">全部承诺</a>' in page


def test_one_promise_shows_its_words_what_it_lacks_and_what_to_do(case: Case, inspector: Client) -> None:
    first, _second = letter_promises(case)
    page = text(inspector.get(f"{LIST}{first.pk}/"))
    for words in (
        "尽快出台奖励补贴政策",
        "责任单位未定：",
        "期限未定：",
        "衡量办法未定：",
        "尚无证据：",
        "登记承诺",
        "市工信局",
        "奖励补贴",
        "二（一）",
        "未启动",
    ):
        assert words in page  # fmt: skip


def test_every_wording_of_the_letter_is_kept_the_newest_first(case: Case, inspector: Client) -> None:
    first, _second = letter_promises(case)
    letter_promises(case, TEXT.replace("尽快", "抓紧"), Ref("proposals", "letter", "2"))
    answer = inspector.get(f"{LIST}{first.pk}/")
    assert [(one.text, one.current) for one in answer.context["versions"]] == [
        ("抓紧出台奖励补贴政策", True),
        ("尽快出台奖励补贴政策", False),
    ]
    assert "原文：尽快出台奖励补贴政策" in text(answer)


def test_a_withheld_wording_is_not_shown_and_the_page_still_opens(case: Case, inspector: Client) -> None:
    first, _second = letter_promises(case)
    opened = Event.objects.get(act="casework.promises.open", object_id=str(first.case_id))
    withhold(opened, by=BY, on=timezone.localdate(), why="按决定撤下")
    answer = inspector.get(f"{LIST}{first.pk}/")
    assert answer.status_code == 200 and "记录的文字已撤下" in text(answer)


def test_the_history_says_what_each_act_changed(case: Case, inspector: Client) -> None:
    first, _second = letter_promises(case)
    settle(first, owner_unit="应用处", due_on=date(2022, 6, 30))
    settle(first, due_on=date(2022, 12, 31), why="经局长办公会同意")
    evidence(first)
    page = text(inspector.get(f"{LIST}{first.pk}/"))
    assert "责任单位：未定 → 应用处；期限：未定 → 2022-06-30" in page
    assert "期限：2022-06-30 → 2022-12-31" in page and "经局长办公会同意" in page
    assert "印发若干措施（深府办〔2022〕某号，2022-10-24）" in page


def test_a_reason_that_many_back_entries_give_is_said_once_at_their_head(
    case: Case, inspector: Client
) -> None:
    first, _second = letter_promises(case)
    letter_promises(case, TEXT.replace("尽快", "抓紧"), Ref("proposals", "letter", "2"))
    head, beside = "（各步另有说明的除外）：</span> 补录</p>", '<p class="timeline__why">补录</p>'
    page = text(inspector.get(f"{LIST}{first.pk}/"))
    assert head not in page and page.count(beside) == 2  # two are no burden
    settle(first, owner_unit="应用处", on=date(2021, 9, 1), why="补录")
    settle(first, measure="印发文件", on=date(2021, 9, 2), why="按会议纪要补录")
    settle(
        first, due_on=date(2029, 1, 1), why="补录"
    )  # today: not a back-entry, so its reason stays beside it
    page = text(inspector.get(f"{LIST}{first.pk}/"))
    assert page.count(head) == 1 and page.count(beside) == 1
    assert '<p class="timeline__why">按会议纪要补录</p>' in page


def test_a_finished_promise_is_not_late_and_asks_for_nothing(case: Case, inspector: Client) -> None:
    first, _second = letter_promises(case)
    settle(first, due_on=date(2021, 12, 31))
    Case.objects.filter(promise=first).update(closed_on=date(2022, 12, 1), state="complete")
    page = text(inspector.get(f"{LIST}{first.pk}/"))
    assert "2022-12-01 了结" in page and "超期" not in page and "还缺" not in page
