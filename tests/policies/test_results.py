"""The year's sums and ranks, against a plain way of adding up."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as some

from mangrove.policies.results.decisions import OUTSIDE, Granted, ranked, year_of

AWARDS = some.builds(
    Granted, scheme=some.sampled_from("ab"), recipient=some.sampled_from("xyz"), decided=some.integers(1, 10**12),
    paid=some.integers(0, 10**12), applied_on=some.just(date(2025, 1, 1)),
    paid_on=some.none() | some.integers(0, 700).map(lambda n: date(2025, 1, 1) + timedelta(days=n)),
)  # fmt: skip


@given(some.lists(AWARDS, max_size=30), some.integers(0, 10**13))
def test_the_schemes_add_up_to_the_whole(rows: list[Granted], budget: int) -> None:
    found = year_of(budget, rows)
    assert sum(one.decided for one in found.lines) == found.all.decided == sum(one.decided for one in rows)
    assert sum(one.paid for one in found.lines) == found.all.paid
    assert found.all.beneficiaries == len({one.recipient for one in rows if one.paid > 0})
    assert found.unspent == (Fraction(budget - found.all.paid, budget) if budget else None)


@given(some.lists(some.integers(0, 900), min_size=1, max_size=60), some.integers(1, 100))
def test_a_rank_is_the_least_value_that_so_many_do_not_exceed(days: list[int], percent: int) -> None:
    found = ranked(sorted(days), percent)
    assert found is not None
    assert sum(one <= found for one in days) * 100 >= percent * len(days)
    lower = [one for one in days if one < found]
    assert not lower or sum(one <= max(lower) for one in days) * 100 < percent * len(days)


def test_nothing_paid_has_no_days() -> None:
    assert ranked([], 50) is None


OWN = some.builds(
    Granted, scheme=some.sampled_from(("a", OUTSIDE)), recipient=some.sampled_from("xyz"), decided=some.integers(1, 10**12),
    paid=some.integers(0, 10**12), applied_on=some.none(), paid_on=some.just(date(2026, 3, 1)),
)  # fmt: skip


@given(some.lists(OWN, min_size=1, max_size=20), some.integers(1, 10**13))
def test_money_outside_a_plan_is_in_every_sum_and_in_a_line_of_its_own_at_the_end(
    rows: list[Granted], budget: int
) -> None:
    found = year_of(budget, rows)
    outside = [one for one in rows if one.scheme == OUTSIDE]
    lines = {one.scheme: one for one in found.lines}
    assert sum(one.paid for one in found.lines) == found.all.paid == sum(one.paid for one in rows)
    assert found.unspent == Fraction(budget - sum(one.paid for one in rows), budget)
    assert (OUTSIDE in lines) == bool(outside)
    if outside:
        assert found.lines[-1].scheme == OUTSIDE and lines[OUTSIDE].decided == sum(
            one.decided for one in outside
        )
        assert lines[OUTSIDE].median is None
