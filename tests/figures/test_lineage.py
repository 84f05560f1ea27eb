"""Where values come from, and that a printed ratio can always be worked out again from its inputs."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mangrove.figures.actions import Row, set_value
from mangrove.figures.lineage import arithmetic, lineage
from mangrove.figures.loading import Loaded
from mangrove.figures.models import Value
from mangrove.figures.periods import Period
from mangrove.figures.values import printed, read_book, readable_values
from mangrove.vocabulary.quantity import parse_quantity

from .conftest import LETTER_DAY, OFFICER, value_of

pytestmark = pytest.mark.django_db


def test_every_value_with_records_is_the_sum_of_them(loaded: Loaded) -> None:
    counted = [value for value in Value.objects.all() if value.rows.exists()]
    assert len(counted) > 10
    for value in counted:
        assert sum(row.amount for row in value.rows.all()) == value.amount, value


def test_the_station_count_of_the_letter_leads_down_to_districts_and_operators(loaded: Loaded) -> None:
    root = lineage(value_of("stations_built", "2021-08-30"))
    (support,) = root.children
    assert (support.role, len(support.rows), support.synthetic, root.synthetic) == (
        "support",
        30,
        True,
        False,
    )
    assert [depth for depth, _node in root.walk()] == [0, 1]


def test_records_of_money_are_shown_in_the_unit_in_which_it_is_printed(
    loaded: Loaded, officer: Client
) -> None:
    rows = [
        Row("ledger", "p1", "甲项目", Decimal("9.5"), "letter"),
        Row("ledger", "p2", "乙项目", Decimal("6.75"), "letter"),
    ]
    written = set_value(
        "demo_investment", as_of=Period.parse("2021"), amount=Decimal("16.25"), unit="亿元", source="letter",
        rows=rows, by=OFFICER, on=LETTER_DAY, why="补录",
    )  # fmt: skip
    page = officer.get(reverse("figures:lineage", args=[written.value.pk])).content.decode()
    for words in ("数量（亿元）", "9.5", "6.75", "2条明细合计16.25亿元"):
        assert words in page


def test_a_ratio_leads_to_its_parts_in_order(loaded: Loaded) -> None:
    root = lineage(value_of("electronics_share", "2020", "computed"))
    assert [(child.role, child.printed) for child in root.children] == [
        ("numerator", "5349.18亿元"), ("denominator", "8932.6亿元"),
    ]  # fmt: skip


def test_the_only_conflict_of_the_city_is_the_misprinted_share(loaded: Loaded) -> None:
    book = read_book(on=LETTER_DAY)
    (conflict,) = book.conflicts()
    assert conflict.definition.pk == "electronics_share"
    assert [(value.source_id, printed(value)) for value in conflict.values] == [
        ("computed", "59.9%"), ("letter", "59.8%"),
    ]  # fmt: skip


def test_two_counting_rules_are_no_conflict(loaded: Loaded) -> None:
    book = read_book(on=LETTER_DAY)
    others = book.other_ways(book.definitions["stations_built"])
    assert [other.pk for other in others] == ["stations_built_province"]
    assert book.conflicts("stations_built") == []


def test_two_exact_counts_for_one_day_are_one(loaded: Loaded) -> None:
    set_value(
        "stations_built", as_of=Period.parse("2021-08-30"), amount=Decimal(48_650), source="letter",
        by=OFFICER, on=LETTER_DAY, why="更正",
    )  # fmt: skip
    (conflict,) = read_book(on=LETTER_DAY).conflicts("stations_built")
    assert [value.amount for value in conflict.values] == [48_650, 48_012]


FEN = st.integers(1, 9 * 10**14)
#: So that even over one fen the ratio, in ten-thousandths of a percent, fits its column.
FEN_ABOVE = st.integers(1, 9 * 10**12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(above=FEN_ABOVE, below=FEN)
def test_a_printed_ratio_can_be_worked_out_again_from_its_printed_inputs(
    loaded: Loaded, above: int, below: int
) -> None:
    for definition, fen in (("electronics_value_added", above), ("industry_value_added", below)):
        set_value(
            definition, as_of=Period.parse("2019"), amount=Decimal(fen), source="letter", unit="分",
            by=OFFICER, on=LETTER_DAY, why="试",
        )  # fmt: skip
    made = value_of("electronics_share", "2019", "computed")
    ratio = readable_values().get(pk=made.pk)
    top, rest = arithmetic(ratio).split(" ÷ ")
    bottom, result = rest.split(" = ")
    share = parse_quantity(top).to("分") / parse_quantity(bottom).to("分") * 100
    assert share == Fraction(above, below) * 100
    assert abs(parse_quantity(result).value - share) <= Fraction(1, 2 * 10**4)
    assert abs(parse_quantity(printed(ratio)).value - share) <= Fraction(1, 20)
