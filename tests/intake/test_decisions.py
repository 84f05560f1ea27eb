"""Texts of two people joined, conditions, and forms read: pure matters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.intake.decisions import answered, changes, content_hash, merge, shown_value, stored
from mangrove.intake.definition import read_form
from mangrove.ledger.refusals import Refusal

from . import life

FORM = read_form(life.FORM)
TEXTS = st.dictionaries(st.sampled_from("abcd"), st.text("甲乙", min_size=1, max_size=2))


@given(TEXTS, TEXTS, TEXTS)
def test_joining_loses_no_change_of_either(
    base: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    joined, both = merge(base, theirs, mine)
    for id in {*base, *theirs, *mine}:
        was, now, own = base.get(id, ""), theirs.get(id, ""), mine.get(id, "")
        if id in both:
            assert was != now and was != own and now != own and joined.get(id, "") == now
        else:
            assert joined.get(id, "") == (own if own != was else now)


@given(TEXTS, TEXTS)
def test_joining_with_what_did_not_change_gives_the_changed_one(
    base: dict[str, str], mine: dict[str, str]
) -> None:
    assert merge(base, base, mine) == (mine, []) and merge(base, mine, base) == (mine, [])


@given(TEXTS, TEXTS, TEXTS)
def test_who_comes_first_decides_only_what_both_changed(
    base: dict[str, str], a: dict[str, str], b: dict[str, str]
) -> None:
    (one, both), (other, again) = merge(base, a, b), merge(base, b, a)
    assert both == again and {id for id in {*one, *other} if one.get(id) != other.get(id)} <= set(both)


@pytest.mark.parametrize(
    ("revenue", "asked"),
    [("", False), ("很多", False), ("9999万元", False), ("1亿元", True), ("200000000", True)],
)
def test_a_condition_asks_when_it_is_known_to_hold(revenue: str, asked: bool) -> None:
    read = answered(FORM, {"revenue": revenue}, {})
    assert read.asks("large") == asked == read.asks("audit")


def test_an_answer_that_is_not_asked_brings_up_nothing_further() -> None:
    text = (
        life.FORM
        + """- id: more
  title: {zh: 更多, en: More}
  questions:
  - {id: proof, text: {zh: 证明, en: Proof}, shown when: large == "有"}
"""
    )
    read = answered(read_form(text), {"revenue": "1元", "large": "有"}, {})
    assert not read.asks("large") and not read.asks("proof")
    assert answered(read_form(text), {"revenue": "1亿元", "large": "有"}, {}).asks("proof")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("firm_year.revenue", "firm_year.revenu", "revenue"),
        ("revenue >= 1亿元", "revenues >= 1亿元", "large"),
        ("revenue >= 1亿元", "revenue >= 1人", "large"),
        ("revenue >= 1亿元", "revenue", "large"),
        ("revenue >= 1亿元", 'large == "有"', "large"),
        ("id: summary", "id: title", "title"),
        ("kinds: [pdf], most", "kinds: [exe], most", "licence"),
        ("version: 1", "version: one", ""),
        ('most: "100"}', 'most: "0"}', "contact"),
    ],
)
def test_a_form_that_cannot_be_run_is_refused_where_it_is_wrong(old: str, new: str, where: str) -> None:
    assert old in life.FORM
    with pytest.raises(Refusal) as caught:
        read_form(life.FORM.replace(old, new, 1))
    assert where in caught.value.where and caught.value.remedy


def test_a_hash_is_of_all_that_was_handed_in_in_whatever_order_it_is_kept() -> None:
    content = {"answers": {"a": 1, "b": "乙"}, "papers": []}
    assert content_hash(content) == content_hash({"papers": [], "answers": {"b": "乙", "a": 1}})
    assert content_hash(content) != content_hash({"answers": {"a": 1, "b": "丙"}, "papers": []})


def test_what_changed_is_said_as_people_read_it() -> None:
    before = {"answers": {"revenue": 5_000_000_00, "title": "一"}, "papers": []}
    after = {
        "answers": {"revenue": 6_000_000_00, "title": "一"},
        "papers": [{"requirement": "licence", "name": "证.pdf", "sha256": "ab" * 32}],
    }
    told = [(one.label, one.before, one.after) for one in changes(FORM, before, after)]
    assert told == [
        ("营业收入", "5,000,000.00元", "6,000,000.00元"),
        ("登记证书", "", "证.pdf · abababababab"),
    ]


def test_a_value_comes_back_as_it_was_read() -> None:
    read = answered(FORM, {"revenue": "12.34万元"}, {})
    assert stored(read.values["revenue"]) == 12_340_000  # fen
    assert shown_value(FORM.questions[5], read.values["revenue"]) == "123,400.00元"
