"""One pot and several: worked numbers, what is left over is told, and a slow oracle in fractions agrees to the fen."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import groupby
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.rulebook.allotting.pots import Allocation, Claim, Pot, allocate, draw_down

WAN = 1_000_000  # fen
YUAN = 100


def claims(*fen: int | None, **more: Any) -> list[Claim]:
    """``a``, ``b``, … in order."""
    return [Claim(chr(97 + n), one, order=(n,), **more) for n, one in enumerate(fen)]


class TestWorked:
    def test_the_small_first_in_full_and_the_rest_pro_rata(self) -> None:
        """SZ-30: pot 400; micro firms ask 150, all others 500, which leaves them one half."""
        micro = [Claim("m1", 100 * WAN, 0), Claim("m2", 50 * WAN, 0)]
        others = [Claim("o1", 300 * WAN, 1), Claim("o2", 200 * WAN, 1)]
        found = allocate(Pot("2025", 400 * WAN), [*others, *micro])
        assert found.awards == {"m1": 100 * WAN, "m2": 50 * WAN, "o1": 150 * WAN, "o2": 100 * WAN}
        assert found.removed == {"m1": 0, "m2": 0, "o1": 150 * WAN, "o2": 100 * WAN}
        assert (found.factor, found.cut_class, found.remainder) == (Fraction(1, 2), 1, 0)

    def test_every_grant_by_the_same_rate(self) -> None:
        """SZ-36: budget 900, claims 1,200."""
        found = allocate(Pot("fund", 900 * WAN), claims(700 * WAN, 300 * WAN, 200 * WAN))
        assert list(found.awards.values()) == [525 * WAN, 225 * WAN, 150 * WAN]
        assert found.factor == Fraction(3, 4)

    def test_enough_cuts_nothing_and_tells_what_is_left(self) -> None:
        found = allocate(Pot("fund", 1000), claims(700, 200))
        assert (found.awards, found.remainder) == ({"a": 700, "b": 200}, 100)
        assert (found.factor, found.cut_class, found.settled) == (Fraction(1), None, True)

    def test_behind_the_class_that_was_cut_nobody_gets_anything(self) -> None:
        three = [Claim("a", 10, 0), Claim("b", 10, 1), Claim("c", 10, 2)]
        found = allocate(Pot("fund", 15), three)
        assert (found.awards, found.cut_class) == ({"a": 10, "b": 5, "c": 0}, 1)

    def test_a_tie_of_remainders_goes_by_order_and_then_by_key(self) -> None:
        first = allocate(Pot("fund", 1), [Claim("a", 5, order=(2,)), Claim("b", 5, order=(1,))])
        assert first.awards == {"a": 0, "b": 1}
        assert allocate(Pot("fund", 1), [Claim("b", 5), Claim("a", 5)]).awards == {"a": 1, "b": 0}

    def test_nobody_asks_and_there_is_no_money(self) -> None:
        assert allocate(Pot("fund", 9), []) == Allocation("fund", {}, {}, {}, 9)
        empty = allocate(Pot("fund", 0), claims(5, 0))
        assert (empty.awards, empty.remainder, empty.factor) == ({"a": 0, "b": 0}, 0, Fraction(0))


class TestRounding:
    def test_whole_yuan_and_the_rest_is_told(self) -> None:
        found = allocate(Pot("fund", 1000 * YUAN + 37, step=YUAN), claims(*[999 * YUAN] * 3))
        assert list(found.awards.values()) == [334 * YUAN, 333 * YUAN, 333 * YUAN]
        assert found.remainder == 37

    def test_nobody_is_rounded_up_above_what_he_asks(self) -> None:
        found = allocate(Pot("fund", 100, step=YUAN), claims(90, 90, 90))
        assert (set(found.awards.values()), found.remainder) == ({0}, 100)

    def test_in_full_means_to_the_fen(self) -> None:
        assert allocate(Pot("fund", 1000, step=YUAN), claims(333, 444)).awards == {"a": 333, "b": 444}


class TestMinimum:
    def test_one_goes_out_at_a_time_so_that_the_others_are_lifted(self) -> None:
        found = allocate(Pot("fund", 100, minimum=30), claims(100, 100, 100, 100))
        assert (found.awards, found.below) == ({"a": 34, "b": 33, "c": 33, "d": 0}, ("d",))
        assert (found.factor, found.remainder) == (Fraction(1, 3), 0)

    def test_the_smallest_goes_first(self) -> None:
        found = allocate(Pot("fund", 100, minimum=20), claims(30, 100, 20, 100))
        assert (found.awards, found.below) == ({"a": 0, "b": 50, "c": 0, "d": 50}, ("c", "a"))

    def test_also_where_there_is_enough(self) -> None:
        found = allocate(Pot("fund", 100, minimum=20), claims(19, 20))
        assert (found.awards, found.below, found.remainder) == ({"a": 0, "b": 20}, ("a",), 80)

    def test_money_that_a_class_cannot_take_goes_on_to_the_next(self) -> None:
        two = [Claim("a", 19, 0), Claim("b", 60, 1), Claim("c", 60, 1)]
        found = allocate(Pot("fund", 100, minimum=20), two)
        assert (found.awards, found.cut_class) == ({"a": 0, "b": 50, "c": 50}, 1)

    def test_below_the_minimum_for_the_rounding_alone(self) -> None:
        """Steps of 2: 3 and 3 of the 3 whole steps; the second gets one step, 2 fen, and its least is 3."""
        found = allocate(Pot("fund", 6, step=2, minimum=3), claims(5, 5))
        assert (found.awards, found.below, found.remainder) == ({"a": 5, "b": 0}, ("b",), 1)

    def test_past_the_rounds_what_is_too_low_is_not_paid_and_that_is_told(self) -> None:
        pot = Pot("fund", 40, step=2, minimum=3, rounds=1)
        found = allocate(pot, claims(*[5] * 16))
        assert not found.settled and found.remainder > 0
        assert all(fen == 0 or fen >= 3 for fen in found.awards.values())
        assert allocate(replace(pot, rounds=100), claims(*[5] * 16)).settled


class TestInOrder:
    @pytest.mark.parametrize(("partial", "wanted", "left"), [(True, [60, 40, 0], 0), (False, [60, 0, 0], 40)])
    def test_first_come_first_served(self, partial: bool, wanted: list[int], left: int) -> None:
        found = allocate(Pot("fund", 100, "in_order", partial=partial), claims(60, 50, 10))
        assert (list(found.awards.values()), found.remainder) == (wanted, left)
        assert (found.cut_class, found.factor) == (0, Fraction(1))

    def test_the_part_is_in_whole_steps_and_not_below_the_minimum(self) -> None:
        pot = Pot("fund", 100, "in_order", step=30)
        assert allocate(pot, claims(60, 50)).awards == {"a": 60, "b": 30}
        low = allocate(replace(pot, minimum=31), claims(60, 50))
        assert (low.awards, low.below, low.remainder) == ({"a": 60, "b": 0}, ("b",), 40)

    def test_one_below_the_minimum_is_passed_over_not_the_end(self) -> None:
        found = allocate(Pot("fund", 100, "in_order", minimum=20), claims(60, 10, 40))
        assert (found.awards, found.below) == ({"a": 60, "b": 0, "c": 40}, ("b",))

    def test_a_class_that_ran_out_ends_it_for_those_behind(self) -> None:
        two = [Claim("a", 80, 0), Claim("b", 30, 0), Claim("c", 5, 1)]
        found = allocate(Pot("fund", 100, "in_order", partial=False), two)
        assert (found.awards, found.remainder) == ({"a": 80, "b": 0, "c": 0}, 20)


class TestUncut:
    def test_all_is_paid_and_what_is_short_is_told(self) -> None:
        found = allocate(Pot("fund", 100, "none"), claims(80, 50))
        assert (found.awards, found.short, found.remainder) == ({"a": 80, "b": 50}, 30, 0)


class TestUnknown:
    def test_its_bound_is_held_and_it_is_paid_nothing(self) -> None:
        unknown = Claim("u", None, reserve=100)
        found = allocate(Pot("fund", 100), [*claims(100), unknown])
        assert (found.awards, found.reserved, found.remainder) == ({"a": 50}, {"u": 50}, 0)
        assert found.removed == {"a": 50}

    def test_without_a_bound_nothing_is_held_and_it_is_told(self) -> None:
        found = allocate(Pot("fund", 100), claims(60, None))
        assert (found.awards, found.reserved, found.unknown) == ({"a": 60}, {}, ("b",))
        assert found.remainder == 40


class TestSeveral:
    def test_what_one_cannot_pay_is_asked_of_the_next(self) -> None:
        city, carried = Pot("city", 100), Pot("carried", 30)
        both = claims(100, 60)
        found = draw_down([(city, both), (carried, [both[1], Claim("z", 10)])])
        first, second = found.pots
        assert first.awards == {"a": 63, "b": 37}  # 62.5 and 37.5: a tie, the first in order
        assert second.awards == {"b": 21, "z": 9}  # 30 for 23 and 10: 20.9 and 9.1
        assert second.removed == {"b": 2, "z": 1}
        assert (found.awards, found.removed) == ({"a": 63, "b": 58, "z": 9}, {"a": 37, "b": 2, "z": 1})

    def test_who_is_paid_in_full_does_not_ask_again(self) -> None:
        one = claims(50)
        assert draw_down([(Pot("x", 80), one), (Pot("y", 80), one)]).pots[1].awards == {}

    def test_the_minimum_counts_what_was_got_already(self) -> None:
        one = claims(100)
        found = draw_down([(Pot("x", 95, minimum=20), one), (Pot("y", 90, minimum=20), one)])
        assert found.awards == {"a": 100} and found.pots[1].awards == {"a": 5}

    def test_a_bound_too_is_held_over_both(self) -> None:
        one = [Claim("u", None, reserve=100)]
        found = draw_down([(Pot("x", 70), one), (Pot("y", 90), one)])
        assert (found.reserved, found.awards) == ({"u": 100}, {})
        assert [pot.remainder for pot in found.pots] == [0, 60]

    def test_one_claim_has_one_amount(self) -> None:
        with pytest.raises(ValueError, match="金额不一样"):
            draw_down([(Pot("x", 1), claims(5)), (Pot("y", 1), claims(6))])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([Claim("a", 1), Claim("a", 2)], "出现了两次"),
        ([Claim("a", -1)], "小于零"),
        ([Claim("a", None, reserve=-1)], "小于零"),
    ],
)
def test_claims_that_cannot_be_are_refused(wrong: list[Claim], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        allocate(Pot("fund", 1), wrong)


@pytest.mark.parametrize("wrong", [{"fen": -1}, {"fen": 1, "step": 0}, {"fen": 1, "minimum": -1}, {"fen": 1, "rounds": 0}])  # fmt: skip
def test_pots_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="fund"):
        Pot("fund", **wrong)


# --- against an oracle -------------------------------------------------------------------------------------------

CLAIM = st.builds(
    lambda fen, known, priority, order: Claim("", fen if known else None, priority, (order,), fen),
    fen=st.integers(0, 60) | st.integers(0, 10**15),
    known=st.booleans() | st.just(True),
    priority=st.integers(0, 2),
    order=st.integers(0, 3),
)
CLAIMS = st.lists(CLAIM, max_size=9).map(
    lambda rows: [replace(one, key=f"k{n}") for n, one in enumerate(rows)]
)
POTS = st.builds(
    Pot,
    id=st.just("fund"),
    fen=st.integers(0, 200) | st.integers(0, 10**16),
    cut=st.sampled_from(["pro_rata", "in_order", "none"]),
    step=st.sampled_from([1, 1, 2, 7, 100]),
    minimum=st.sampled_from([0, 0, 1, 5, 30, 10**6]),
    partial=st.booleans(),
)


def slow(pot: Pot, rows: list[Claim]) -> tuple[dict[str, Fraction], list[str]]:
    """Awards and who went out; in exact fractions, one step and one claim at a time."""
    left, awards, out = Fraction(pot.fen), dict[str, Fraction](), list[str]()
    asking = [one for one in sorted(rows, key=lambda one: (one.priority, one.order, one.key)) if one.asks]
    for _, members in groupby(asking, key=lambda one: one.priority):
        got, ran_out = slow_class(pot, left, list(members), out)
        awards |= got
        left -= sum(got.values())
        if ran_out:
            break
    return awards, out


def slow_class(
    pot: Pot, money: Fraction, live: list[Claim], out: list[str]
) -> tuple[dict[str, Fraction], bool]:
    if pot.cut == "none":
        out += [str(one.key) for one in live if one.asks < pot.minimum]
        return {str(one.key): Fraction(one.asks) for one in live if one.asks >= pot.minimum}, False
    if pot.cut == "in_order":
        return slow_in_order(pot, money, live, out)
    while True:
        got, most = slow_pro_rata(pot, money, live)
        behind = sorted(live, key=lambda one: (one.asks, -live.index(one)))
        low = [one for one in behind if most[str(one.key)] < pot.minimum]
        low = low or [one for one in behind if 0 < got[str(one.key)] < pot.minimum]
        if not low:
            return got, sum(one.asks for one in live) > money
        live.remove(low[0])
        out.append(str(low[0].key))


def slow_in_order(
    pot: Pot, money: Fraction, live: list[Claim], out: list[str]
) -> tuple[dict[str, Fraction], bool]:
    got: dict[str, Fraction] = {}
    for one in live:
        part = money // pot.step * pot.step if pot.partial else 0
        fen = Fraction(one.asks) if one.asks <= money else Fraction(part)
        if 0 < fen < pot.minimum:
            out.append(str(one.key))
            fen = Fraction(0)
        got[str(one.key)] = fen
        if one.asks > money:
            return got, True
        money -= fen
    return got, False


def slow_pro_rata(
    pot: Pot, money: Fraction, live: list[Claim]
) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """Awards, and the most that a rounding could make of each."""
    asked = sum(one.asks for one in live)
    if asked <= money:
        full = {str(one.key): Fraction(one.asks) for one in live}
        return full, full
    steps = money // pot.step
    exact = {str(one.key): Fraction(one.asks * steps, asked) for one in live}
    got = {key: Fraction(share // 1) for key, share in exact.items()}
    may = {str(one.key): Fraction(min(one.asks // pot.step, got[str(one.key)] + 1)) for one in live}
    for _ in range(steps - int(sum(got.values()))):
        behind = {key: exact[key] - got[key] for key in got if exact[key] > got[key] and may[key] > got[key]}
        if behind:
            got[max(behind, key=lambda key: behind[key])] += 1
    return {key: n * pot.step for key, n in got.items()}, {key: n * pot.step for key, n in may.items()}


@given(POTS, CLAIMS)
def test_it_agrees_with_the_oracle(pot: Pot, rows: list[Claim]) -> None:
    found = allocate(pot, rows)
    awards, out = slow(pot, rows)
    for one in rows:
        given_to = found.awards if one.fen is not None else found.reserved
        assert given_to[one.key] == awards.get(str(one.key), 0)
    assert sorted(map(str, found.below)) == sorted(out)
    assert found.settled


@given(POTS, CLAIMS, st.randoms(use_true_random=False))
def test_no_fen_is_lost_and_the_order_of_the_input_makes_no_difference(
    pot: Pot, rows: list[Claim], chance: Any
) -> None:
    found = allocate(pot, rows)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    again = allocate(pot, shuffled)
    assert again == found and list(again.awards) == list(found.awards)
    spent = sum(found.awards.values()) + sum(found.reserved.values())
    assert spent + found.remainder == pot.fen + found.short
    assert found.short == 0 or (pot.cut == "none" and found.remainder == 0)
    for one in rows:
        fen = found.awards.get(one.key, 0) + found.reserved.get(one.key, 0)
        assert 0 <= fen <= one.asks and (fen == 0 or fen >= pot.minimum)
        if one.fen is not None:
            assert found.awards[one.key] + found.removed[one.key] == one.fen


@given(CLAIMS, st.integers(0, 400))
def test_in_steps_of_one_fen_without_a_minimum_the_whole_pot_is_given_out(
    rows: list[Claim], fen: int
) -> None:
    found = allocate(Pot("fund", fen), rows)
    assert found.remainder == max(0, fen - sum(one.asks for one in rows))
    for one in rows:
        if one.priority == found.cut_class:
            share = found.factor * one.asks
            fen_given = found.awards.get(one.key, 0) + found.reserved.get(one.key, 0)
            assert abs(fen_given - share) < 1


@given(CLAIMS, st.integers(0, 400), st.sampled_from([1, 5]), st.sampled_from([5, 10, 50]))
def test_who_went_out_would_not_have_reached_the_minimum_beside_those_who_stayed(
    rows: list[Claim], fen: int, step: int, minimum: int
) -> None:
    one_class = [replace(one, priority=0) for one in rows]
    found = allocate(Pot("fund", fen, step=step, minimum=minimum), one_class)
    stayed = sum(one.asks for one in one_class if one.key not in found.below)
    for one in one_class:
        if one.key in found.below:
            rate = min(Fraction(1), Fraction(fen, stayed + one.asks))
            assert one.asks * rate < minimum + (0 if step == 1 else step)


@given(st.lists(POTS, min_size=1, max_size=3), CLAIMS, st.data())
def test_over_several_pots_nobody_gets_more_than_he_asks(
    pots: list[Pot], rows: list[Claim], data: st.DataObject
) -> None:
    on = [
        (replace(pot, id=f"p{n}"), data.draw(st.lists(st.sampled_from(rows), unique=True) if rows else st.just([])))
        for n, pot in enumerate(pots)
    ]  # fmt: skip
    found = draw_down(on)
    asked = {one.key: one for _, some in on for one in some}
    for key, one in asked.items():
        total = sum(pot.awards.get(key, 0) + pot.reserved.get(key, 0) for pot in found.pots)
        assert total <= one.asks
        assert total == (found.awards if one.fen is not None else found.reserved)[key]
    for pot, (given_pot, _) in zip(found.pots, on, strict=True):
        spent = sum(pot.awards.values()) + sum(pot.reserved.values())
        assert spent + pot.remainder == given_pot.fen + pot.short


def test_one_fen_more_may_take_one_from_somebody() -> None:
    """The Alabama paradox of largest remainders: known, rare, at most one step, and not hidden."""

    def paid(fen: int) -> list[int]:
        return list(allocate(Pot("fund", fen), claims(60, 60, 20)).awards.values())

    assert paid(10) == [4, 4, 2] and paid(11) == [5, 5, 1]


def test_a_large_class_settles_in_few_rounds() -> None:
    """Fifty thousand equal claims, of which the pot can lift a fifth to the minimum: one pass, not forty thousand."""
    many = [Claim(f"k{n:05}", 100 * WAN) for n in range(50_000)]
    pot = Pot("fund", 10_000 * WAN, step=YUAN, minimum=WAN)
    found = allocate(pot, many)
    assert found.settled and found.remainder == 0
    assert sum(fen >= WAN for fen in found.awards.values()) == 10_000
