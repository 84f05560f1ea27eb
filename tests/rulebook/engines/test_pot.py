"""The fast pot against the slow one: every fen of every row, whatever the numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.rulebook.allotting.shares import largest_remainder
from mangrove.rulebook.engines.pot import pro_rata, total_of

FEN = st.one_of(st.integers(0, 20), st.integers(0, 2**40), st.sampled_from([2**53 + 1, 2**50, 2**49 - 1]))


@given(st.lists(FEN, min_size=1, max_size=40), st.one_of(st.integers(1, 100), st.integers(1, 2**57)))
def test_every_fen_is_the_same(asked: list[int], pot: int) -> None:
    came = pro_rata(np.array(asked, np.int64), pot)
    wanted = largest_remainder(pot, asked) if sum(asked) > pot else asked
    assert list(came) == wanted


@pytest.mark.parametrize("seed", range(3))
def test_a_hundred_thousand_who_ask_for_much_more(seed: int) -> None:
    asked = np.random.default_rng(seed).integers(0, 10**9, 100_000)
    asked[::7] = asked[0]  # many ties
    pot = total_of(asked) // 4 + seed
    assert list(pro_rata(asked, pot)) == largest_remainder(pot, [int(one) for one in asked])


def test_a_sum_beyond_int64_is_exact() -> None:
    assert total_of(np.array([2**62, 2**62, 2**62, 5], np.int64)) == 3 * 2**62 + 5
