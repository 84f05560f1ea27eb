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


DAYS = """form: days
version: 1
title: {zh: 日期, en: Days}
source: 样例（合成）
status: 待核
sections:
- id: project
  title: {zh: 项目, en: Project}
  questions:
  - {id: credit_code, field: organisation.credit_code}
  - {id: begins_on, field: support_project.begins_on}
  - {id: finished_on, field: support_project.finished_on, not before: begins_on}
"""


def test_a_day_that_lies_before_the_day_it_follows_is_said_at_the_field() -> None:
    form = read_form(DAYS)
    read = answered(form, {"begins_on": "2025-06-01", "finished_on": "2024-02-01"}, {})
    assert list(read.faults) == ["finished_on"] and "2025-06-01" in read.faults["finished_on"]
    assert not answered(form, {"begins_on": "2025-06-01", "finished_on": "2025-06-01"}, {}).faults
    assert not answered(form, {"finished_on": "2025-06-01"}, {}).faults


@pytest.mark.parametrize("name", ["finished_on", "credit_code", "nothing"])
def test_not_before_names_a_day_that_was_asked_for_earlier(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_form(DAYS.replace("not before: begins_on", f"not before: {name}"))
    assert refused.value.code == "intake.bad_form" and "not before" in refused.value.what


@pytest.mark.parametrize(
    ("code", "sound"),
    [
        ("91440300MA5EXAMPL1", False),
        ("123456", False),
        ("无（境外机构）", True),
        ("914403001922038216", True),
    ],
)
def test_a_credit_code_is_checked_at_its_field(code: str, sound: bool) -> None:
    read = answered(read_form(DAYS), {"credit_code": code}, {})
    assert ("credit_code" not in read.faults) is sound


def test_a_code_is_asked_for_on_one_line_and_an_amount_in_digits() -> None:
    assert read_form(DAYS).questions[0].most == 200
    assert "300万元" in answered(FORM, {"revenue": "三百万"}, {}).faults["revenue"]
