"""Rule packs: the law in force on the business date, and what a bad pack is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mangrove.casework.limits import Limit, limit_in_force, read_packs
from mangrove.ledger.refusals import Refusal

PACK = """
pack: p
version: "1"
rules:
- {id: a, key: k, what: 事, what_en: w, amount: 5, unit: 工作日, from: 收到, from_en: r, roll: 不顺延,
   article: 条, article_en: a, source: 源, status: 待核, in_force: 2020-01-01, until: 2021-01-01, jurisdiction: 深圳}
"""


@pytest.mark.parametrize(
    ("on", "rule"),
    [
        (date(2021, 6, 15), "cn.2015.reply"),
        (date(2025, 3, 11), "cn.2015.reply"),
        (date(2025, 3, 12), "cn.2025.reply"),
        (date(2026, 11, 23), "cn.2025.reply"),
    ],
)
def test_the_law_of_the_business_date_is_chosen(on: date, rule: str) -> None:
    limit = limit_in_force("reply", on)
    assert (limit.id, limit.amount, limit.unit, limit.status) == (rule, 3, "月", "已核")


def test_a_place_has_its_own_rules_and_its_unread_ones_are_marked() -> None:
    limit = limit_in_force("return", date(2021, 6, 15))
    assert (limit.id, limit.amount, limit.unit, limit.status) == ("sz.1998.return", 10, "日", "待核")
    with pytest.raises(Refusal, match="没有关于“return”的时限规则（北京、全国均无）"):
        limit_in_force("return", date(2021, 6, 15), jurisdiction="北京")


def test_before_the_text_in_the_pack_there_is_no_rule() -> None:
    with pytest.raises(Refusal, match="2015-08-28 没有关于“reply”"):
        limit_in_force("reply", date(2015, 8, 28))


def test_a_rule_survives_being_kept_as_json() -> None:
    limit = limit_in_force("reply", date(2021, 6, 15))
    assert Limit.from_terms(limit.terms()) == limit


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PACK.replace("amount: 5", "amount: 0"), "规则 a。"),
        (PACK.replace("unit: 工作日", "unit: 周"), "unit 应为 工作日、日、月 之一，不是“周”"),
        (PACK.replace("status: 待核, ", ""), r"缺少 \['status'\]"),
        (PACK.replace("status: 待核", "status: 待核, colour: 红"), r"多出 \['colour'\]"),
        (PACK.replace("key: k,", "key: k, key: l,"), "键 key 写了两次"),
        (PACK.replace("2020-01-01", "2020-1-1"), "规则 a"),
        ("pack: p\nrules: []\n", "须有且只有 pack、version、rules 三项"),
        (PACK + PACK.split("rules:\n")[1].replace("id: a", "id: b"), "规则 a 与 b"),
    ],
)
def test_a_bad_pack_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Refusal, match=said):
        read_packs(tmp_path)


def test_rules_that_follow_one_another_are_no_overlap(tmp_path: Path) -> None:
    later = PACK.split("rules:\n")[1].replace("id: a", "id: b").replace("2020-01-01", "2021-01-01", 1)
    later = later.replace("until: 2021-01-01", 'until: ""')
    (tmp_path / "p.yaml").write_text(PACK + later, encoding="utf-8")
    assert [rule.id for rule in read_packs(tmp_path)] == ["a", "b"]
