from __future__ import annotations

from decimal import Decimal

import pytest

from mangrove.ui.numbers import grouped, signed, wan, width, yuan


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (48000, None, "48,000"),
        (-48000, None, "−48,000"),
        (Decimal("5349.18"), None, "5,349.18"),
        (Decimal("59.884"), 1, "59.9"),
        (Decimal("0.5"), 0, "1"),
        (Decimal("-0.5"), 0, "−1"),
        (Decimal("1E+3"), None, "1,000"),
    ],
)
def test_numbers_are_grouped_and_rounded_half_away_from_zero(
    value: int | Decimal, places: int | None, shown: str
) -> None:
    assert grouped(value, places) == shown


def test_money_keeps_every_fen() -> None:
    assert yuan(123_456) == "1,234.56"
    assert wan(150_000_000) == "150.00"


def test_a_change_always_shows_its_sign() -> None:
    assert [signed(value) for value in (226, -579, 0)] == ["+226", "−579", "0"]


def test_a_drawn_length_stays_in_the_drawing() -> None:
    assert [width(part, 100) for part in (-1, 25, 140)] == ["0.0%", "25.0%", "100.0%"]
    assert width(1, 0) == "0%"
