"""The holiday table as a page: by year, with source and status, corrected by who may and by nobody else."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from mangrove.casework.calendars import load_calendar
from mangrove.casework.clock_actions import start_clock
from mangrove.casework.models import CalendarDay, Case

from .conftest import BY
from .promising import account, browser, text

pytestmark = pytest.mark.django_db
TABLE, DAY = "/casework/calendar/", "/casework/calendar/day/"


@pytest.fixture
def registrar(db: None) -> Client:
    return browser(account("deng", "registrar"))


@pytest.fixture
def loaded(db: None) -> None:
    load_calendar(by=BY, on=timezone.localdate())


def send(client: Client, **said: Any) -> Any:
    fields = {"date": "2021-09-18", "kind": "休", "name": "台风", "source": "市防总通告", "why": "停工"}
    return client.post(DAY, fields | {"on": timezone.localdate().isoformat()} | said)


def test_a_year_is_listed_with_weekday_source_and_status(loaded: None, registrar: Client) -> None:
    page = registrar.get(TABLE, {"year": "2021"})
    assert {row.date.year for row in page.context["page"].objects} == {2021}
    for words in ("2021-09-18", "星期六", "中秋节", "国办发明电〔2020〕27号", "待核", "2004 至 2026"):
        assert words in text(page)


def test_who_asks_for_nothing_sees_this_year(loaded: None, registrar: Client) -> None:
    years = {row.date.year for row in registrar.get(TABLE).context["page"].objects}
    assert years <= {timezone.localdate().year}


def test_without_any_arrangement_the_page_says_how_days_are_reckoned(registrar: Client) -> None:
    assert "一律按周末推算" in text(registrar.get(TABLE))


def test_a_correction_is_kept_recomputes_the_clocks_and_says_how_many(
    loaded: None, registrar: Client, case: Case
) -> None:
    clock = start_clock(case, "handover", by=BY, on=date(2021, 9, 16), why="补录")
    answer = send(registrar)
    assert answer.url == f"{TABLE}?year=2021"
    page = text(registrar.get(answer.url))
    assert "已改 2021-09-18；1 个时限随之重算" in page and "市防总通告" in page
    clock.refresh_from_db()
    assert clock.due_on == date(2021, 9, 26)


def test_the_form_starts_from_what_the_table_says(loaded: None, registrar: Client) -> None:
    page = text(registrar.get(DAY, {"date": "2021-09-18"}))
    assert 'value="中秋节"' in page and 'value="国办发明电〔2020〕27号' in page
    assert registrar.get(DAY, {"date": "nonsense"}).status_code == 200


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"why": ""}, "why"),
        ({"source": " "}, "source"),
        ({"kind": "放"}, "kind"),
        ({"date": "2021-13-01"}, "date"),
        ({"on": "2999-01-01"}, "on"),
    ],
)
def test_a_correction_without_basis_is_refused_at_its_field(
    loaded: None, registrar: Client, said: dict[str, str], field: str
) -> None:
    answer = send(registrar, **said)
    assert field in answer.context["form"].errors and 'value="台风"' in text(answer)
    assert CalendarDay.objects.get(date=date(2021, 9, 18)).kind == "班"


@pytest.mark.parametrize(
    ("role", "status"),
    [("registrar", 200), ("sysadmin", 200), ("case_officer", 422), ("inspector", 422), ("deputy", 422)],
)
def test_everybody_reads_and_few_correct(loaded: None, role: str, status: int) -> None:
    client = browser(account("x", role))
    assert client.get(TABLE).status_code == 200 and client.get(DAY).status_code == status
    assert ("增改一日" in text(client.get(TABLE))) is (status == 200)
    if status == 422:
        assert "由以下人员办理：登记、系统管理" in text(send(client))
        assert CalendarDay.objects.get(date=date(2021, 9, 18)).kind == "班"


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    assert client.get(TABLE).status_code == client.get(DAY).status_code == 302


def test_the_export_says_which_year(loaded: None, registrar: Client) -> None:
    answer = registrar.get(f"{TABLE}export/", {"year": "2021"})
    rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert rows[3][0] == "筛选条件：年份：2021" and rows[5][0].date() == date(2021, 1, 1)  # type: ignore[union-attr]


def test_as_many_queries_for_three_days_as_for_one(registrar: Client) -> None:
    counted = []
    for day in (1, 2, 3):
        CalendarDay.objects.create(
            date=date(2021, 5, day), kind="休", name="劳动节", source="通知", status="待核"
        )
        registrar.get(TABLE, {"year": "2021"})
        with CaptureQueriesContext(connection) as queries:
            registrar.get(TABLE, {"year": "2021"})
        counted.append(len(queries))
    assert counted[0] == counted[2]
