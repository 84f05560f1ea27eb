"""The arithmetic of marks, ranks and lots, for any rubric and any marks; and what a rubric or a rule pack may not be."""

from __future__ import annotations

import copy
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from mangrove.reviews.decisions import (
    Facts,
    anonymous_order,
    differs_much,
    drawn,
    mean,
    obstacles,
    ranking,
    read_marks,
    rounded,
    total,
)
from mangrove.reviews.rubrics import Criterion, Rubric, read_rubric, rubrics, rubrics_of
from mangrove.reviews.rules import KEYS, defaults, rules_of

CODES = st.integers(10_000, 99_999).map(str)
FRACTIONS = st.fractions(0, 100, max_denominator=400)


@st.composite
def rubric(draw: st.DrawFn) -> Rubric:
    shares = draw(st.lists(st.integers(1, 50), min_size=1, max_size=8))
    least = draw(st.integers(-5, 5))
    criteria = tuple(
        Criterion(f"c{'x' * place}", "项", "Item", Fraction(share, sum(shares)), "", "")
        for place, share in enumerate(shares)
    )
    return Rubric("r", "表", "Rubric", least, least + draw(st.integers(1, 200)), "无", "待核", criteria)


@given(rubric(), st.data())
def test_a_total_is_exact_and_lies_on_the_scale(of: Rubric, data: st.DataObject) -> None:
    marks = {one.id: data.draw(st.integers(of.least, of.most)) for one in of.criteria}
    found = total(of, marks)
    assert of.least <= found <= of.most
    assert found == sum(one.weight * marks[one.id] for one in of.criteria)
    assert total(of, dict.fromkeys(marks, of.most)) == of.most


@given(rubric(), st.data())
def test_marks_read_back_as_written_and_nothing_else_is_a_mark(of: Rubric, data: st.DataObject) -> None:
    written = {one.id: data.draw(st.integers(of.least, of.most)) for one in of.criteria}
    said = {id: {"mark": str(mark), "reason": "因为"} for id, mark in written.items()}
    marks, faults = read_marks(of, said)
    assert not faults and {id: mark.mark for id, mark in marks.items()} == written
    broken = data.draw(st.sampled_from([one.id for one in of.criteria]))
    wrong = data.draw(
        st.sampled_from(["", "8.5", "１", "八", "1e2", str(of.most + 1), str(of.least - 1), None, " ", "+5"])
    )
    marks, faults = read_marks(of, {**said, broken: {"mark": wrong, "reason": "因为"}})
    assert set(faults) == {broken} and broken not in marks


@given(st.dictionaries(CODES, st.none() | FRACTIONS, max_size=30))
def test_ranks_follow_the_means_and_ties_share_and_say_so(means: dict[str, Fraction | None]) -> None:
    places = ranking(means)
    assert [place.code for place in places] == [
        place.code for place in ranking(dict(reversed(means.items())))
    ]
    counted = Counter(value for value in means.values() if value is not None)
    for place in places:
        value = means[place.code]
        if value is None:
            assert place.rank is None
            continue
        assert place.rank == 1 + sum(other is not None and other > value for other in means.values())
        assert place.tied == counted[value]


@given(st.lists(FRACTIONS, min_size=1, max_size=9))
def test_the_mean_drops_nothing(totals: list[Fraction]) -> None:
    found = mean(totals)
    assert found is not None and found * len(totals) == sum(totals)
    assert mean([]) is None


@given(st.fractions(-1000, 1000, max_denominator=10**6))
def test_what_is_read_is_within_half_a_hundredth_and_says_when_it_is_rounded(value: Fraction) -> None:
    shown = rounded(value)
    assert abs(Fraction(Decimal(shown.removeprefix("≈"))) - value) <= Fraction(1, 200)
    assert shown.startswith("≈") == (value * 100).denominator.__gt__(1)


@given(st.text(max_size=20), st.sets(st.text(min_size=1, max_size=8), max_size=20), st.integers(0, 25))
def test_a_draw_is_the_same_again_in_any_order_and_who_is_left_out_changes_nothing(
    seed: str, pool: set[str], wanted: int
) -> None:
    found = drawn(seed, sorted(pool), wanted)
    assert found == drawn(seed, sorted(pool, reverse=True), wanted) and len(found) == min(wanted, len(pool))
    left = pool - set(found)
    if left:
        assert drawn(seed, pool - {min(left)}, wanted) == found


def test_lots_fall_evenly() -> None:
    """Of 3,000 draws of 3 out of 10 each name is drawn near 900 times (25 is one standard deviation)."""
    names = [f"expert_{n}" for n in range(10)]
    times = Counter(name for seed in range(3000) for name in drawn(str(seed), names, 3))
    assert set(times) == set(names) and all(abs(n - 900) < 125 for n in times.values())


@given(*[st.booleans()] * 7)
def test_obstacles_are_exactly_what_holds(
    same: bool, serving: bool, agreed: bool, unsuitable: bool, held: bool, knowing: bool, competing: bool
) -> None:
    told = Facts("a" if same else "b", serving, agreed, unsuitable, held, knowing, competing)
    expected = {
        "same_legal_person": same, "not_serving": not serving, "no_agreement": not agreed, "assigned": held,
        "knows_applicants": knowing, "competing": competing, "named_unsuitable": unsuitable,
    }  # fmt: skip
    assert obstacles(told, {"a", "c"}) == [name for name, holds in expected.items() if holds]
    assert "same_legal_person" not in obstacles(Facts(None, True, True, False, False), {"a"})


def test_a_wide_spread_is_told_at_the_limit_and_not_below() -> None:
    of = read_rubric(rubrics()["demonstration"])
    assert differs_much(of, [Fraction(60), Fraction(80)], 20)
    assert not differs_much(of, [Fraction(60), Fraction(80) - Fraction(1, 1000)], 20)
    assert not differs_much(of, [Fraction(60)], 0)


@given(st.lists(st.tuples(st.text(min_size=1), st.integers()), unique_by=lambda one: one[0], max_size=6))
def test_comments_stand_in_an_order_that_hangs_on_their_keys_alone(comments: list[tuple[str, int]]) -> None:
    assert anonymous_order(comments) == anonymous_order(comments[::-1])
    assert sorted(anonymous_order(comments)) == sorted(value for _key, value in comments)


FAULTS: dict[str, tuple[Any, str]] = {
    "weights": (lambda text: text["criteria"][0].update(weight="1/3"), "须恰为 1"),
    "zero": (lambda text: text["criteria"][0].update(weight="0"), "正数"),
    "twice": (lambda text: text["criteria"][1].update(id="need"), "重复"),
    "id": (lambda text: text["criteria"][1].update(id="Need 1"), "小写字母"),
    "scale": (lambda text: text["scale"].update(most="0"), "最低分"),
    "status": (lambda text: text.update(status="已定"), "已核或待核"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_rubric_with_a_fault_is_refused(fault: str) -> None:
    text = copy.deepcopy(rubrics()["demonstration"])
    spoil, words = FAULTS[fault]
    spoil(text)
    with pytest.raises(ValueError, match=words):
        read_rubric(text)


def test_a_file_with_a_fault_stops_the_start_up_and_names_itself(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("id: x\nid: y\n", encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match=r"bad\.yaml"):
        rubrics_of(tmp_path)
    with pytest.raises(ImproperlyConfigured, match="defaults"):
        rules_of(tmp_path / "defaults.yaml")


def test_every_setting_that_the_pages_rely_on_has_source_and_status() -> None:
    found = defaults()
    assert set(found) == KEYS
    assert all(rule.source and rule.status in ("已核", "待核") and rule.note for rule in found.values())
    assert found["least_experts"].value == 3 and "默认设置" in found["least_experts"].words
