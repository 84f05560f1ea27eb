"""Money split by weights: every fen given out, nobody further than one fen from his exact share."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.rulebook.allotting.shares import largest_remainder, split

YUAN = 100  # fen


@pytest.mark.parametrize(
    ("fen", "weights", "wanted"),
    [
        # SX-02: 230,000 元 at 5:2:3 (province, city, county)
        (230_000 * YUAN, {"省级": 5, "市级": 2, "县级": 3}, [115_000 * YUAN, 46_000 * YUAN, 69_000 * YUAN]),
        # HA-01: 1,000 stations at 0.5 万元, province and city half each
        (500 * 1_000_000, {"省级": 1, "市级": 1}, [250 * 1_000_000, 250 * 1_000_000]),
        (1, {"省级": 1, "市级": 1}, [1, 0]),  # the fen that cannot be halved goes to the first declared
        (100, {"a": 1, "b": 1, "c": 1}, [34, 33, 33]),
        (100, {"a": 1, "b": 0, "c": 2}, [33, 0, 67]),  # 33 1/3 and 66 2/3: the greater remainder
        (0, {"a": 1, "b": 2}, [0, 0]),
        (2**80 + 1, {"a": 1, "b": 1}, [2**79 + 1, 2**79]),
    ],
)
def test_worked_numbers(fen: int, weights: dict[str, int], wanted: list[int]) -> None:
    assert list(split(fen, weights).values()) == wanted
    assert list(split(fen, weights)) == list(weights)


@pytest.mark.parametrize(("fen", "weights"), [(-1, {"a": 1}), (1, {"a": 0}), (1, {}), (1, {"a": 2, "b": -1})])
def test_what_cannot_be_split_is_refused(fen: int, weights: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="须不小于零|不能分担"):
        split(fen, weights)


def test_who_is_full_is_passed_over_and_what_nobody_can_take_stays() -> None:
    assert largest_remainder(2, [1, 1, 1], room=[0, 1, 1]) == [0, 1, 1]
    assert largest_remainder(2, [1, 1, 1], room=[0, 0, 1]) == [0, 0, 1]
    assert largest_remainder(2, [1, 1, 2], room=[0, 0, 2]) == [0, 0, 1]  # the third has its exact share


def slow(total: int, weights: list[int]) -> list[int]:
    """The oracle: unit by unit to whoever is furthest below his exact share."""
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [int(share) for share in exact]
    while sum(parts) < total:
        behind = [share - part for share, part in zip(exact, parts, strict=True)]
        parts[behind.index(max(behind))] += 1
    return parts


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any))
def test_it_is_the_largest_remainder(total: int, weights: list[int]) -> None:
    parts = largest_remainder(total, weights)
    assert parts == slow(total, weights)
    assert sum(parts) == total
