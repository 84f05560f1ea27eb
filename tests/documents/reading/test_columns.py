"""Tables that a text lays out in columns, totals with words before the number, and how a letter says that it is public."""

from __future__ import annotations

import pytest

from mangrove.documents.reading.arithmetic import check_arithmetic
from mangrove.documents.reading.elements import find_elements
from mangrove.documents.reading.extract import extract
from mangrove.documents.reading.quantities import find_quantities

TABBED = "区县\t基站（万个）\t投资（亿元）\n上城区\t1.2\t3.4\n西湖区\t1.1\t2.2\n合计\t2.4\t5.6\n"
BARRED = "| 区县 | 基站（万个） | 投资（亿元） |\n|---|---|---|\n| 上城区 | 1.2 | 3.4 |\n"
SPACED = "区县 基站（万个） 投资（亿元）\n上城区 1.2 3.4\n"


@pytest.mark.parametrize("text", [TABBED, BARRED, SPACED])
def test_a_cell_takes_the_unit_from_the_head_of_its_column(text: str) -> None:
    read = [(one.text, f"{one.value:f}", one.unit, one.printed_unit) for one in find_quantities(text)]
    assert read[:2] == [("1.2", "12000", "个", "万个"), ("3.4", "340000000", "元", "亿元")]


def test_a_column_of_a_text_is_added_up() -> None:
    source = extract(TABBED.encode(), "来函.txt")
    found = check_arithmetic(source.text, find_quantities(source.text), source.tables)
    assert [(one.verdict, one.working) for one in found] == [
        ("不一致", "1.2 + 1.1 = 2.3，表中写2.4"),
        ("一致", "3.4 + 2.2 = 5.6，表中写5.6"),
    ]


def test_prose_under_a_head_that_names_a_unit_is_no_table() -> None:
    text = "一、基站（万个）\n上城区有 1.2 万多处\n二、投资（亿元） 去年\n共 3.4 成"
    assert extract(text.encode(), "来函.txt").tables == ()


@pytest.mark.parametrize(
    "text",
    [
        "主城区2.3万个、县市1.9万个，合计4.1万个。",
        "主城区2.3万个、县市1.9万个，合计建成5G基站4.1万个。",
        "主城区2.3万个（占56%）、县市1.9万个（占44%），合计4.1万个。",
    ],
)
def test_parts_before_their_total_are_added_up(text: str) -> None:
    (found,) = check_arithmetic(text, find_quantities(text))
    assert (found.verdict, found.working) == (
        "不一致",
        "2.3万个 + 1.9万个 = 4.2万个，来函写4.1万个",
    )


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("（此件公开发布）", "主动公开"),
        ("（此件主动公开）", "主动公开"),
        ("(此件依申请公开)", "依申请公开"),
        ("（此件不予公开）", "不予公开"),
    ],
)
def test_a_remark_in_brackets_says_how_public_a_letter_is(line: str, value: str) -> None:
    found = find_elements(f"李代表：\n\n现答复如下。\n\n2021年9月10日\n\n{line}\n")
    assert found.disclosure is not None and found.disclosure.value == value
