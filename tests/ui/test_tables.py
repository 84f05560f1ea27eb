from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.http import QueryDict
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from mangrove.ledger.models import Event
from mangrove.ui.components import Tag
from mangrove.ui.exports import workbook
from mangrove.ui.tables import SYNTHETIC, Column, Table

DISTRICTS = Table(
    "districts",
    "分区",
    [
        Column("name", "区"),
        Column("built", "建成", unit="座", numeric=True, sort="built"),
        Column("state", "状态", cell=lambda row: Tag("按期", "good")),
        SYNTHETIC,
    ],
    order="-built",
)
ROWS = [
    {"name": "龙岗", "built": 9840, "synthetic": True},
    {"name": "光明", "built": None, "synthetic": False},
    {"name": "=cmd|' /C calc'!A0", "built": 5470, "synthetic": True},
]

EVENTS = Table(
    "events",
    "事件",
    [Column("act", "办了什么", sort="act"), Column("business_date", "业务日期")],
    order="-act",
)


def page(query: str = "", rows: list[dict[str, object]] | None = None) -> list[str]:
    return [row["name"] for row in DISTRICTS.page(ROWS if rows is None else rows, QueryDict(query)).objects]


def test_unknown_values_come_last_in_both_directions() -> None:
    assert page()[-1] == page("sort=built")[-1] == "光明"
    assert page("sort=built")[0].startswith("=cmd")


def test_a_column_that_may_not_be_sorted_by_is_not() -> None:
    assert page("sort=name") == [row["name"] for row in ROWS]
    assert page("sort=password") == [row["name"] for row in ROWS]


@pytest.mark.parametrize(
    ("query", "number"), [("page=2&size=20", 2), ("page=99&size=20", 3), ("page=x", 1), ("page=-1", 1)]
)
def test_pages_that_do_not_exist_fall_to_the_nearest(query: str, number: int) -> None:
    rows = [{"name": str(n), "built": n, "synthetic": False} for n in range(50)]
    shown = DISTRICTS.page(rows, QueryDict(query))
    assert shown.number == number


def test_the_last_page_counts_what_is_on_it() -> None:
    rows = [{"name": str(n), "built": n, "synthetic": False} for n in range(50)]
    shown = DISTRICTS.page(rows, QueryDict("page=3&size=20"))
    assert (shown.first, shown.last, shown.total) == (41, 50, 50)
    assert shown.next_href == ""


def test_sorting_and_paging_keep_the_filters() -> None:
    shown = DISTRICTS.page(ROWS, QueryDict("state=open&page=2&sort=built"), "/export/")
    built = next(head for head in shown.heads if head.label == "建成（座）")
    assert built.sorted == "ascending"
    assert built.href == "?state=open&sort=-built"
    assert shown.export_href == "/export/?state=open&sort=built"


def test_links_show_the_ends_the_neighbours_and_the_gaps() -> None:
    rows = [{"name": str(n), "built": n, "synthetic": False} for n in range(400)]
    links = DISTRICTS.page(rows, QueryDict("page=10&size=20")).links
    assert [link.number for link in links] == [1, None, 8, 9, 10, 11, 12, None, 20]


def test_an_export_says_who_when_and_which_filter_and_keeps_types_and_the_mark() -> None:
    book = load_workbook(BytesIO(workbook(DISTRICTS, ROWS, who="经办人甲", filters="区：龙岗")))
    lines = list(book.active.iter_rows(values_only=True))
    assert lines[1][0] == "导出人：经办人甲"
    assert lines[2][0].startswith("导出时间：")
    assert lines[3][0] == "筛选条件：区：龙岗"
    assert lines[4] == ("区", "建成（座）", "状态", "合成数据")
    assert lines[5] == ("龙岗", 9840, "按期", "合成")
    assert lines[6] == ("光明", None, "按期", None)


def test_an_exported_text_is_never_a_formula() -> None:
    book = load_workbook(BytesIO(workbook(DISTRICTS, ROWS, who="=1+1")))
    cell = book.active.cell(8, 1)
    assert cell.value == ROWS[2]["name"]
    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.django_db
def test_ten_thousand_rows_take_three_queries_and_sort_keys_alone(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    Event.objects.bulk_create(event(number) for number in range(10_000))
    with django_assert_num_queries(3) as asked:
        shown = EVENTS.page(Event.objects.all(), QueryDict("size=50&page=2"))
        assert [row[0].content for row in shown.rows][:2] == ["act-9949", "act-9948"]
    counted, keys, whole = (query["sql"] for query in asked.captured_queries)
    assert "COUNT" in counted and "OFFSET 50" in keys and "payload" not in keys
    assert "OFFSET" not in whole and "payload" in whole


def event(number: int) -> Event:
    return Event(
        act=f"act-{number:04}", room="ui", kind="row", object_id=str(number), actor="jbr", actor_name="甲",
        business_date=date(2021, 8, 30), recorded_at=timezone.now(), payload_hash="", uid=uuid.UUID(int=number),
    )  # fmt: skip


def test_numbers_are_grouped_on_the_page_and_exact_in_the_file() -> None:
    table = Table("money", "金额", [Column("paid", "已付", unit="万元", numeric=True)])
    rows = [{"paid": Decimal("1234.50")}]
    assert table.page(rows, QueryDict()).rows[0][0].content == "1,234.50"
    book = load_workbook(BytesIO(workbook(table, rows, who="甲")))
    assert book.active.cell(6, 1).value == 1234.5
