from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

import pytest

from mangrove.ui.charts import Bar, Chart, Point, bars, line, round_marks, stacked

SVG = "{http://www.w3.org/2000/svg}"
DISTRICTS = [Bar("龙岗", 9840, 9600), Bar("龙华", 5470, 6200), Bar("光明", None, 2800)]
COST = [Point("2021", 180, 170, 190), Point("2022", None), Point("2023", 410), Point("2024", 500, 450, 560)]


def parsed(chart: Chart) -> ElementTree.Element:
    return ElementTree.fromstring(
        str(chart.svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    )


@pytest.fixture(params=["bars", "line", "stacked"])
def chart(request: pytest.FixtureRequest) -> Chart:
    return {
        "bars": bars("建站任务", DISTRICTS, "座"),
        "line": line("费用", COST, "万元", limit=500),
        "stacked": stacked("难点", ["小区入场", "供电"], [("龙岗", [61, 18]), ("龙华", [40, 14])]),
    }[request.param]


def test_every_chart_has_a_name_a_description_its_table_and_no_style(chart: Chart) -> None:
    svg = parsed(chart)
    assert svg.findtext(f"{SVG}title") == chart.title
    assert svg.findtext(f"{SVG}desc") == chart.description
    assert svg.get("aria-labelledby", "").split() == [svg[0].get("id"), svg[1].get("id")]
    assert all(len(row) == len(chart.heads) for row in chart.rows)
    assert not [element for element in svg.iter() if element.get("style")]


def test_bars_are_as_long_as_their_values_and_unknown_ones_are_not_drawn() -> None:
    drawn = [rect for rect in parsed(bars("x", DISTRICTS)).iter(f"{SVG}rect") if rect.get("class") == "part"]
    first, second = (Decimal(rect.get("width", "")) for rect in drawn)
    assert abs(second / first - Decimal(5470) / 9840) < Decimal("0.001")


def test_behind_the_goal_is_said_in_words() -> None:
    assert [row[3] for row in bars("x", DISTRICTS).rows] == ["超 240", "差 730", "—"]


def test_a_line_breaks_where_nothing_is_known() -> None:
    lines = list(parsed(line("x", COST)).iter(f"{SVG}polyline"))
    assert [len(run.get("points", "").split()) for run in lines] == [2]


def test_a_label_cannot_break_out_of_the_drawing() -> None:
    assert "<script>" not in str(bars("<script>", [Bar("<script>", 1)]).svg)


@pytest.mark.parametrize("top", [1, 7, 12, 610, 48_000, Decimal("0.35")])
def test_axis_marks_are_round_and_within_the_drawing(top: int | Decimal) -> None:
    marks = round_marks(top)
    assert 3 <= len(marks) <= 6
    assert marks[0] == 0
    assert marks[-1] <= top


def test_nothing_at_all_still_draws() -> None:
    for empty in (bars("x", []), line("x", []), stacked("x", [], [])):
        assert parsed(empty) is not None
