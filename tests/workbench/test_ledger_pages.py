from __future__ import annotations

from io import BytesIO

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from mangrove.casework.models import Case
from mangrove.figures.models import Definition
from mangrove.ledger import checks
from mangrove.ledger.actions import record, withhold
from mangrove.ledger.checks import register
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Actor, Ref
from mangrove.ledger.sealer import heads_file, seal_pending
from mangrove.registry.models import Organisation

pytestmark = pytest.mark.django_db
CLERK = Actor("djr", "登记人丙", "市府办")


@pytest.fixture
def acts() -> list[Event]:
    today = timezone.localdate()
    with transaction.atomic():
        return [
            record("proposals.register", subject=Ref("proposals", "proposal", "20210615"), by=CLERK, on=today, payload={"题目": "促进5G"}),
            record("proposals.assign", subject=Ref("proposals", "proposal", "7"), by=CLERK, on=today, payload={}),
        ]  # fmt: skip


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def test_events_are_listed_and_narrowed(as_auditor: Client, acts: list[Event]) -> None:
    assert "共 2 条" in text(as_auditor.get("/ledger/"))
    narrowed = text(as_auditor.get("/ledger/", {"about": "20210615", "who": "登记人"}))
    assert "共 1 条" in narrowed
    assert "没有符合筛选条件的记录" in text(as_auditor.get("/ledger/", {"about": "none"}))


def test_the_export_carries_the_filter_and_the_reader(as_auditor: Client, acts: list[Event]) -> None:
    answer = as_auditor.get("/ledger/export/", {"about": "20210615"})
    lines = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    assert lines[1][0] == "导出人：审计员"
    assert lines[3][0] == "筛选条件：对象编号：20210615"
    assert len(lines) == 6


@pytest.fixture
def bureau(db: None) -> Organisation:
    return Organisation.objects.create(id="gxj", name="市工业和信息化局")


def entry(room: str, kind: str, id: str) -> Event:
    with transaction.atomic():
        return record("t.entry", subject=Ref(room, kind, id), by=CLERK, on=timezone.localdate(), payload={})


def open_case(bureau: Organisation, number: int) -> Case:
    return Case.objects.create(
        workflow="proposals.reply", subject_room="proposals", subject_kind="reply", subject_id=f"none-{number}",
        title=f"第{number}号建议的答复", organisation=bureau, state="drafting", opened_on=timezone.localdate(), opened_by="jbr",
    )  # fmt: skip


def test_what_an_act_is_about_is_said_in_words_with_its_number_beside(
    as_auditor: Client, bureau: Organisation, city_figures: None
) -> None:
    case, figure = open_case(bureau, 1), Definition.objects.earliest("pk")
    about = {
        f"casework/case/{case.pk}": '<a href="/proposals/replies/none-1/">第1号建议的答复</a>',
        "registry/account/sj": "审计员（sj）",
        "registry/organisation/gxj": '<a href="/registry/organisations/gxj/">市工业和信息化局</a>',
        f"figures/definition/{figure.pk}": f'<a href="/figures/definitions/{figure.pk}/">{figure.zh}</a>',
        "casework/calendar/2021-10-01": '<a href="/casework/calendar/">假日表 2021-10-01</a>',
    }
    for ref in about:
        entry(*ref.split("/"))
    page = text(as_auditor.get("/ledger/"))
    for ref, words in about.items():
        assert f'{words} <span class="quiet">{ref}</span>' in page


def test_what_no_room_has_a_name_for_is_shown_by_its_number(as_auditor: Client) -> None:
    entry("registry", "organisation", "gone")
    entry("casework", "case", "not-a-number")
    page = text(as_auditor.get("/ledger/"))
    assert "registry/organisation/gone" in page and "casework/case/not-a-number" in page


def test_the_export_has_words_and_number_in_columns_of_their_own(
    as_auditor: Client, bureau: Organisation
) -> None:
    entry(*str(bureau.ref).split("/"))
    entry("t", "row", "1")
    answer = as_auditor.get("/ledger/export/")
    lines = list(load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True))
    words, number = lines[4].index("对象"), lines[4].index("对象编号")
    assert [(line[words], line[number]) for line in lines[5:]] == [
        ("t/row/1", "t/row/1"), ("市工业和信息化局", "registry/organisation/gxj"),
    ]  # fmt: skip


def test_one_event_says_in_words_what_it_is_about(as_auditor: Client, bureau: Organisation) -> None:
    page = text(as_auditor.get(f"/ledger/{entry(*str(bureau.ref).split('/')).uid}/"))
    assert "市工业和信息化局</a>" in page and "registry/organisation/gxj" in page


@pytest.mark.parametrize("path", ["/ledger/", "/ledger/export/"])
def test_as_many_queries_for_the_words_of_many_as_of_few(
    as_auditor: Client, bureau: Organisation, path: str
) -> None:
    counted = []
    for first in (1, 2):
        for number in range(first, first * 3):
            entry(*str(open_case(bureau, number).ref).split("/"))
        as_auditor.get(path)
        with CaptureQueriesContext(connection) as asked:
            assert as_auditor.get(path).status_code == 200
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_an_event_shows_its_content_whole_and_in_a_drawer(as_auditor: Client, acts: list[Event]) -> None:
    href = f"/ledger/{acts[0].uid}/"
    assert "促进5G" in text(as_auditor.get(href))
    drawer = text(as_auditor.get(href, headers={"hx-request": "true"}))
    assert "促进5G" in drawer
    assert "<html" not in drawer


def test_content_that_was_withheld_is_said_to_be(as_auditor: Client, acts: list[Event]) -> None:
    withhold(acts[0], by=CLERK, on=timezone.localdate(), why="个人信息")
    page = text(as_auditor.get(f"/ledger/{acts[0].uid}/"))
    assert "撤下" in page
    assert "促进5G" not in page


def test_verification_says_that_the_chain_holds_and_what_is_not_sealed_yet(
    as_auditor: Client, acts: list[Event]
) -> None:
    assert "2 条尚未封存" in text(as_auditor.post("/ledger/verify/"))
    seal_pending()
    page = text(as_auditor.post("/ledger/verify/"))
    assert "全链相符：已封存 2 条" in page
    assert "尚未封存" not in page


@pytest.mark.usefixtures("unguarded_bodies")
def test_verification_names_the_break(as_auditor: Client, acts: list[Event]) -> None:
    seal_pending()
    acts[0].body.text = "{}"
    acts[0].body.save()
    assert "第 1 条起不相符" in text(as_auditor.post("/ledger/verify/"))


def test_verification_checks_what_the_rooms_keep_and_names_what_is_not_as_the_ledger_says(
    as_auditor: Client, acts: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = text(as_auditor.post("/ledger/verify/"))
    assert "各处所存与账本相符：" in said and "办件状态" in said
    register("t.bad", "样例", lambda: ["甲不符"])
    monkeypatch.setattr(checks, "_checks", {"t.bad": checks._checks.pop("t.bad")})
    assert "样例：甲不符" in text(as_auditor.post("/ledger/verify/"))


def test_verification_says_what_cannot_be_read_of_the_heads(as_auditor: Client, acts: list[Event]) -> None:
    seal_pending()
    with heads_file().open("a") as file:
        file.write("3\tab")
    page = text(as_auditor.post("/ledger/verify/"))
    assert "全链相符" in page and "第 2 行不完整" in page


def test_only_readers_of_the_ledger_may_verify(as_officer: Client, acts: list[Event]) -> None:
    assert as_officer.post("/ledger/verify/").status_code == 403
    assert as_officer.get(f"/ledger/{acts[0].uid}/").status_code == 403
    assert as_officer.get("/ledger/export/").status_code == 403
