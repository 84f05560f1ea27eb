"""The list of expenses as the firm that hands it in sees it: what cannot be read is said while it can be mended."""

from __future__ import annotations

import io
import re

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from mangrove.intake import actions as intake
from mangrove.intake import papers
from mangrove.intake.models import Application
from mangrove.intake.submitting import draft_of
from mangrove.jobs import worker
from mangrove.policies.claims.expense_sheets import read_list

from . import life
from .sheets import line, sheet

pytestmark = pytest.mark.django_db
WRONG = "行号,费用内容,申报金额（元）,开票日期\n1,交换机,100,2025-02-30\n2,,200,2025-03-01\n".encode()


def client() -> Client:
    browser = Client()
    browser.force_login(life.who("firm_a"))
    return browser


def handed_in(content: bytes) -> Application:
    one = intake.start(opening_id=life.window().pk, by=life.who("firm_a"), at=life.moment())
    papers.upload(
        application_id=one.pk, requirement="costs", file=io.BytesIO(content), name="清单.csv", by=life.who("firm_a"), on=life.today()
    )  # fmt: skip
    worker.work(until_idle=True)
    return one


def page_of(one: Application) -> str:
    return client().get(reverse("intake:section", args=[one.pk, "papers"])).content.decode()


def test_each_mistake_is_named_by_its_row_and_column_and_the_list_stays_handed_in() -> None:
    one = handed_in(WRONG)
    page = page_of(one)
    assert "2 处读不出" in page and "第2行" in page and "第3行" in page and "2025-02-30" in page
    assert one.papers.get().state == "clean"  # before a deadline a list with mistakes is worth more than none


def test_a_list_that_is_read_says_how_much_was_read() -> None:
    page = page_of(handed_in(sheet(line(1, declared="1000"), line(2, declared="234.56"))))
    assert "读到 2 行，申报金额合计 1,234.56 元" in page and "处读不出" not in page


def test_the_blank_list_is_read_once_it_is_filled_in() -> None:
    one = handed_in(WRONG)
    href = re.search(r'href="([^"]+expenses\.xlsx)"', page_of(one))
    assert href
    book = load_workbook(io.BytesIO(client().get(href[1]).content))
    heads = [str(cell.value) for cell in book.active[1]]
    told = {"费用内容": "交换机", "申报金额": 100}
    book.active.append(
        [next((value for head, value in told.items() if each.startswith(head)), None) for each in heads]
    )
    file = io.BytesIO()
    book.save(file)
    read = read_list(file.getvalue())
    assert not read.wrong and read.lines[0]["content"] == "交换机" and read.lines[0]["declared"] > 0


def test_an_empty_list_is_not_handed_in_where_the_form_requires_it() -> None:
    one = handed_in("行号,费用内容,申报金额（元）\n".encode())
    page = page_of(one)
    assert "空表不算已交" in page and "照原样也可提交" not in page
    assert [lack.item for lack in draft_of(one).missing if lack.what.startswith("所交的")] == ["costs"]


def test_a_paper_that_is_still_being_checked_is_said_to_be() -> None:
    one = intake.start(opening_id=life.window().pk, by=life.who("firm_a"), at=life.moment())
    papers.upload(
        application_id=one.pk, requirement="costs", file=io.BytesIO(sheet(line(1))), name="清单.csv", by=life.who("firm_a"), on=life.today()
    )  # fmt: skip
    page = client().get(reverse("intake:submit", args=[one.pk])).content.decode()
    assert "还在核对、不知能否通过的材料" in page and "核对中" in page
