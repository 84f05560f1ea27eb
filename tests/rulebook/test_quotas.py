"""How many are chosen: the best first, under all quotas at once, and what is not known takes no place from the known."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.rulebook.allotting.quotas import Candidate, Quota, Selection, select
from mangrove.rulebook.allotting.ranking import ranks

ALL, FIRM = Quota("年度", 10), Quota("每家", 2, per="申报单位")


def demo(key: str, score: int | None, firm: str | None = "甲", day: int = 1) -> Candidate:
    return Candidate(key, (score, date(2021, 8, day)), {"申报单位": firm})


def chosen(quotas: list[Quota], *candidates: Candidate) -> Selection:
    return select(quotas, candidates, falling=(True, False))


class TestWorked:
    def test_ten_a_year_and_two_of_each_firm(self) -> None:
        """XA-01: of 12 projects of 6 firms and one firm with three, ten are kept."""
        twelve = [demo(f"p{n:02}", 90 - n, firm=f"f{n // 2}") for n in range(12)]
        found = chosen([ALL, FIRM], demo("x", 99, "f0"), *twelve)
        assert found.kept == ("x", "p00", *(f"p{n:02}" for n in range(2, 10)))
        assert found.fell == {"p01": "每家", "p10": "年度", "p11": "年度"}

    def test_a_better_one_of_a_full_firm_makes_room_for_the_next(self) -> None:
        found = chosen([Quota("年度", 2), Quota("每家", 1, "申报单位")], demo("a", 9), demo("b", 8), demo("c", 7, "乙"))  # fmt: skip
        assert (found.kept, found.fell) == (("a", "c"), {"b": "每家"})

    def test_an_unknown_score_ranks_last_either_way(self) -> None:
        rows = [Candidate("a", (None,)), Candidate("b", (1,)), Candidate("c", (2,))]
        assert select([ALL], rows, falling=(True,)).kept == ("c", "b", "a")
        found = select([ALL], rows, falling=(False,))
        assert found.kept == ("b", "c", "a") and found.unranked == ("a",)

    def test_ties_go_by_the_next_field_and_then_by_key(self) -> None:
        found = chosen([Quota("年度", 2)], demo("c", 5, day=2), demo("b", 5, day=3), demo("a", 5, day=3))
        assert (found.kept, found.fell) == (("c", "a"), {"b": "年度"})

    def test_of_an_unknown_firm_it_waits_and_holds_its_place(self) -> None:
        found = chosen([Quota("年度", 2), FIRM], demo("a", 9, None), demo("b", 8), demo("c", 7))
        assert (found.kept, found.waiting, found.fell) == (("b",), ("a",), {"c": "年度"})

    def test_a_quota_of_none_keeps_nobody(self) -> None:
        found = chosen([Quota("年度", 0)], demo("a", 9))
        assert (found.kept, found.fell) == ((), {"a": "年度"})
        assert chosen([Quota("每家", 0, "申报单位")], demo("a", 9, None)).fell == {"a": "每家"}

    def test_what_cannot_be_is_refused(self) -> None:
        with pytest.raises(ValueError, match="不能小于零"):
            Quota("年度", -1)
        with pytest.raises(ValueError, match="“a”出现了两次"):
            chosen([ALL], demo("a", 1), demo("a", 2))


def test_ranks_share_equal_values_and_do_not_take_true_for_one() -> None:
    assert ranks({"a": (True,), "b": (False,), "c": (None,)}, [True]) == {"a": (0,), "b": (1,), "c": (2,)}
    assert ranks({"a": ("乙",), "b": ("乙",), "c": ("甲",)}, [False])["a"] == (0,)
    assert ranks({"a": (), "b": ()}, []) == {"a": (), "b": ()}
    assert ranks({}, [True]) == {}


CANDIDATES = st.lists(
    st.tuples(st.integers(0, 4) | st.none(), st.sampled_from(["甲", "乙", "丙", None])), max_size=12
)


@given(CANDIDATES, st.integers(0, 6), st.integers(0, 3), st.randoms(use_true_random=False))
def test_no_quota_is_broken_and_nobody_falls_who_had_room(
    rows: list[tuple[int | None, str | None]], most: int, per_firm: int, chance: object
) -> None:
    candidates = [Candidate(f"k{n}", (score,), {"firm": firm}) for n, (score, firm) in enumerate(rows)]
    quotas = [Quota("all", most), Quota("each", per_firm, "firm")]
    found = select(quotas, candidates, falling=(True,))
    shuffled = list(candidates)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert select(quotas, shuffled, falling=(True,)) == found
    by_key = {one.key: one for one in candidates}
    held = [*found.kept, *found.waiting]
    assert sorted([*held, *found.fell]) == sorted(by_key)
    firms = Counter(by_key[key].groups["firm"] for key in found.kept)
    assert len(held) <= most and all(times <= per_firm for times in firms.values())
    assert all(by_key[key].groups["firm"] is None for key in found.waiting)
    for key, quota in found.fell.items():
        firm = by_key[key].groups["firm"]
        assert len(held) == most if quota == "all" else per_firm == 0 or firms[firm] == per_firm
    best = [-1 if score is None else score for score in (by_key[key].order[0] for key in found.kept)]
    assert all(a >= b for a, b in pairwise(best))  # type: ignore[operator]


def test_values_of_two_types_sort_one_way_and_true_is_not_taken_for_one() -> None:
    values = {"a": (3, True), "b": (None, 1), "c": (1, None), "d": (3, True)}
    assert ranks(values, (True, False)) == {"a": (0, 0), "b": (2, 1), "c": (1, 2), "d": (0, 0)}
