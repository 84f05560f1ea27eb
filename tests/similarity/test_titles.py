"""Titles of projects that are nearly equal."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.similarity import near_titles, title_score

PARTS = (
    "智慧港口",
    "5G",
    "专网",
    "远程控制",
    "项目",
    "（二期）",
    "示范工程",
    "医院",
    "smart port ",
    "phase 2 ",
    "的",
)
titles = st.lists(st.sampled_from(PARTS), max_size=5).map("".join)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("智慧港口5G专网项目", "智慧港口５Ｇ专网工程"),
        ("智慧港口5G专网项目（二期）", "智慧港口5G专网"),
        ("基于5G的智慧港口示范项目", "5G智慧港口"),
        ("The Smart Port Project", "smart port: phase II"),
    ],
)
def test_what_does_not_count(one: str, other: str) -> None:
    assert title_score(one, other) == 1


def test_words_in_another_order_are_near_and_other_words_are_not() -> None:
    assert 0.8 < title_score("智慧港口5G专网远程控制", "5G专网智慧港口远程控制") < 1
    assert title_score("smart port network", "network smart port") > 0.7
    assert title_score("智慧港口5G专网", "人民医院远程会诊") == 0
    assert title_score("5G专网", "4G专网") < 0.7
    assert title_score("", "") == title_score("——", "项目") == 0


def test_a_title_of_words_that_do_not_count_is_compared_by_them() -> None:
    assert title_score("示范项目", "示范项目") == 1


def test_which_part_of_a_project_is_told() -> None:
    (found,) = near_titles([("b", "智慧港口（二期）"), ("a", "智慧港口第1阶段")], least=0.9)
    assert (found.first, found.second, found.score, found.parts) == ("a", "b", 1, ("第1阶段", "二期"))


@given(st.lists(titles, max_size=9), st.sampled_from([0.3, 0.6, 0.8, 1.0]))
def test_no_pair_is_missed_and_the_order_is_by_score_then_key(given_titles: list[str], least: float) -> None:
    keyed = [(f"{number}", title) for number, title in enumerate(given_titles)]
    expected = {
        (a, b): title_score(one, other)
        for (a, one), (b, other) in combinations(keyed, 2)
        if title_score(one, other) >= least
    }
    found = near_titles(reversed(keyed), least)
    assert {(one.first, one.second): one.score for one in found} == expected
    assert [(one.first, one.second) for one in found] == sorted(
        expected, key=lambda pair: (-expected[pair], pair)
    )


@pytest.mark.parametrize("least", [0, -1, 1.1])
def test_a_limit_that_says_nothing_is_refused(least: float) -> None:
    with pytest.raises(ValueError, match="least"):
        near_titles([], least)
