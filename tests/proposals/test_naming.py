"""Lists say which proposal a thing belongs to, and lead there only who may read it."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from mangrove.casework.actions import open_case
from mangrove.casework.models import Case, Promise
from mangrove.ledger.refs import Ref
from mangrove.proposals.models import Reply
from mangrove.registry.models import User
from mangrove.ui import house

from . import life

Browsers = Callable[[str], Client]
LIST = "/casework/promises/"


@pytest.fixture
def sent(office: None) -> Reply:
    return life.lead_to("delivered")


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def number_link(reply: Reply) -> str:
    return f'<a href="{reverse("proposals:reply", args=[reply.pk])}">{reply.proposal.number}</a>'


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("officer", LIST), ("deputy", LIST), ("inspector", LIST), ("officer", "/"), ("deputy", "/"),
        ("officer", "/inbox/"),
    ],
)  # fmt: skip
def test_a_promise_is_shown_with_the_number_of_its_proposal_and_leads_there(
    sent: Reply, browser_of: Browsers, username: str, path: str
) -> None:
    page = text(browser_of(username), path)
    assert "C01" in page or "将拟订配套扶持政策" in page
    assert number_link(sent) in page


def test_who_may_not_read_the_reply_reads_its_number_without_a_link(
    sent: Reply, browser_of: Browsers
) -> None:
    Case.objects.filter(promise__number="C01").update(owner=life.who("elsewhere"))
    page = text(browser_of("elsewhere"), LIST)
    assert "将拟订配套扶持政策" in page and "20260001" in page
    assert "/proposals/replies/" not in page
    promise = Promise.objects.get(number="C01")
    assert "/proposals/replies/" not in text(browser_of("elsewhere"), f"{LIST}{promise.pk}/")


def test_the_export_names_the_proposal_in_full(sent: Reply, browser_of: Browsers) -> None:
    answer = browser_of("inspector").get(f"{LIST}export/")
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    column = rows[4].index("出自")
    assert {row[column] for row in rows[5:]} == {"20260001 关于5G网络建设的建议（主办）"}


def test_who_may_not_read_the_reply_exports_its_number_without_the_title(
    sent: Reply, browser_of: Browsers
) -> None:
    Case.objects.filter(promise__number="C01").update(owner=life.who("elsewhere"))
    browser = browser_of("elsewhere")
    assert browser.get(reverse("proposals:proposal", args=[sent.proposal.pk])).status_code == 404
    answer = browser.get(f"{LIST}export/")
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert [row[rows[4].index("出自")] for row in rows[5:]] == ["20260001"]
    assert not any("关于5G网络建设的建议" in str(cell) for row in rows for cell in row)


@pytest.mark.parametrize(("role", "titled"), [("auditor", True), ("sysadmin", False), ("security", False)])
def test_of_those_who_read_the_ledger_only_who_reads_proposals_reads_their_titles_there(
    sent: Reply, browser_of: Browsers, role: str, titled: bool
) -> None:
    User.objects.create(username="reads_ledger", name="查账的人", roles=[role])
    browser = browser_of("reads_ledger")
    assert (browser.get(reverse("proposals:reply", args=[sent.pk])).status_code == 200) == titled
    assert ("关于5G网络建设的建议" in text(browser, "/ledger/")) == titled
    sheet = load_workbook(BytesIO(browser.get("/ledger/export/").content)).worksheets[0]
    told = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert any("关于5G网络建设的建议" in cell for cell in told) == titled
    assert any("20260001" in cell for cell in told)


def test_a_case_that_nothing_names_goes_by_its_title_only_for_who_may_read_it(office: None) -> None:
    officer, today = life.who("officer"), timezone.localdate()
    case = open_case(
        workflow_id=life.register("7").case.workflow, subject=Ref("elsewhere", "thing", "1"), title="别处的事",
        by=officer.actor, on=today,
    )  # fmt: skip
    assert house.names(life.who("auditor"), [case.ref])[case.ref].words == "别处的事"
    assert house.names(life.who("stranger"), [case.ref]) == {}


def test_things_are_named_together_and_only_readers_are_led_to_them(sent: Reply) -> None:
    letter, case = sent.signed_letters.get(), Case.objects.get(promise__number="C02")
    refs = [
        sent.ref,
        sent.proposal.ref,
        letter.ref,
        sent.case.ref,
        case.ref,
        Ref("proposals", "reply", "none"),
    ]
    known = house.names(life.who("auditor"), refs)
    assert [known[ref].words for ref in refs[:-1]] == [
        "20260001 关于5G网络建设的建议（主办）", "20260001 关于5G网络建设的建议",
        "20260001 签发的函，第 1 版", "20260001 关于5G网络建设的建议（主办）", "承诺 C02（20260001）",
    ]  # fmt: skip
    assert all(known[ref].href for ref in refs[:-1]) and refs[-1] not in known
    told = house.names(life.who("stranger"), refs)
    assert not any(named.href for named in told.values())
    assert [told[ref].words for ref in refs[:-1]] == [*["20260001"] * 4, "承诺 C02（20260001）"]


def test_as_many_queries_for_the_names_of_many_as_of_one(office: None) -> None:
    replies = [life.hand_over(life.register(str(number))) for number in range(1, 5)]
    counted = []
    for some in (replies[:1], replies):
        with CaptureQueriesContext(connection) as asked:
            assert len(house.names(life.who("officer"), [one.case.ref for one in some])) == len(some)
        counted.append(len(asked))
    assert counted[0] == counted[1]
