"""One case explained: every flip decided again by another hand, what is missing tried in every way, texts and pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.rulebook.decide import Deciding, Run, Standing
from mangrove.rulebook.explaining import case_text
from mangrove.rulebook.explaining.case import Case, ClauseCase, explain
from mangrove.rulebook.explaining.flips import Flip
from mangrove.rulebook.explaining.parts import Part
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population, Stored, Thing
from mangrove.rulebook.texts.reader import load
from mangrove.rulebook.texts.tables import links
from mangrove.vocabulary import vocabulary

WAN = 1_000_000
HEAD = """\
measure: 资助<script>alert(1)</script>办法（示例）
id: sample
version: {in_force: 2020-01-01, decided_by: 决定日, status: 待核, source: 示例}
"""
SAMPLE = (
    HEAD
    + """\
parameters: {门槛: 300万元}
inputs:
  甲: {for: 示范项目, type: 是否, by: 业务处室}
  乙: {for: 示范项目, type: 是否, by: 业务处室}
  丙: {for: 示范项目, type: 是否, by: 业务处室}
  得分: {for: 示范项目, type: 数, between: [0 .. 100], by: 评审专家组}
  已获: {for: 示范项目, type: 金额, between: [0元 .. 9000万元], by: 财务处}
definitions:
  半数: {for: 示范项目, is: 总投资 / 2 - 10万元}
clauses:
- id: gate
  article: 第三条
  text: 门槛
  for: 示范项目
  when: ['认定年度 in [2020 .. 2022)', 总投资 >= 门槛]
- id: demo
  article: 第五条
  text: 资助一半
  for: 示范项目
  when:
  - gate
  - at_least: 2
    of: [甲, 乙, 得分 > 60]
  amount: 50% * 总投资
  cap: [1000万元, 总投资 * 40%]
  less: 已获
  shares: {省级: 1, 市级: 2}
- id: half
  article: 第六条
  text: 半数达标
  for: 示范项目
  when: [半数 >= 200万元, 示范方向 == 行业应用]
  amount: 100万元
- choose: [demo, half]
  id: best
  article: 第八条
  text: 就高
- id: firms
  article: 第九条
  text: 有行业应用项目的单位
  for: 机构
  when: [any(示范项目 where 示范方向 == 行业应用)]
- total: [best]
  id: all_of_firm
  for: 机构
  article: 第十条
  text: 每家最高1500万元
  cap: 1500万元
"""
)
GOOD: dict[str, Stored] = {
    "year": 2021, "investment": 1000 * WAN, "track": "industry", "甲": True, "乙": True, "丙": True, "得分": 8000, "已获": 0, "source": "验收表",
}  # fmt: skip


def written(text: str, folder: Path) -> Measure:
    path = folder / "sample.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, vocabulary())


@cache
def read_once() -> Measure:
    with TemporaryDirectory() as folder:
        return written(SAMPLE, Path(folder))


@pytest.fixture
def sample() -> Measure:
    return read_once()


def project(key: str = "p", /, **fields: Stored) -> Thing:
    return Thing("demonstration_project", key, {**GOOD, **fields}, {"applicant": "hw"})


def population(*things: Thing) -> Population:
    return Population([*things, Thing("organisation", "hw", {})], dict(links(vocabulary())))


def one(measure: Measure, clause: str, thing: Thing, *others: Thing) -> ClauseCase:
    found = explain(measure, thing, population(thing, *others))
    return next(each for each in found.clauses if each.clause.id == clause)


def again(measure: Measure, clause: str, thing: Thing, flip: Flip) -> tuple[Standing, int | None]:
    """The case decided by the plain interpreter with the changed data written in."""
    assert all(change.field and change.place == (thing.entity, thing.key) for change in flip.changes)
    changed = replace(thing, fields={**thing.fields, **{change.field: change.to for change in flip.changes}})  # type: ignore[dict-item]
    outcome = Deciding(measure, population(changed), Run()).outcome(measure.clause(clause), changed)
    return outcome.standing, outcome.fen


# --- what would turn it ----------------------------------------------------------------------------------------------


def test_one_datum_short_is_told_with_what_would_then_be_paid(sample: Measure) -> None:
    thing = project(investment=290 * WAN)
    found = one(sample, "demo", thing)
    (flip,) = found.flips
    assert [(change.field, change.was, change.to) for change in flip.changes] == [
        ("investment", 290 * WAN, 300 * WAN)
    ]
    assert (flip.standing, flip.fen) == (Standing.MEETS, 120 * WAN) == again(sample, "demo", thing, flip)


@pytest.mark.parametrize(
    ("fields", "changes"),
    [
        ({"year": 2022}, {("year", 2021)}),  # the upper end does not belong to the range
        ({"year": 2017}, {("year", 2020)}),
        ({"甲": False, "得分": 6000}, {("得分", 6001)}),  # above, at two places
        ({"甲": False, "乙": False}, {("甲", True)}),
    ],
)
def test_each_kind_of_condition_is_turned_at_its_own_bound(
    sample: Measure, fields: dict[str, Stored], changes: set[tuple[str, Stored]]
) -> None:
    thing = project(**fields)
    first = one(sample, "demo", thing).flips[0]
    assert {(change.field, change.to) for change in first.changes} == changes
    assert again(sample, "demo", thing, first) == (Standing.MEETS, 400 * WAN)


def test_two_failing_conditions_are_turned_together(sample: Measure) -> None:
    thing = project(year=2018, investment=100 * WAN, 已获=50 * WAN)
    (flip,) = one(sample, "demo", thing).flips
    assert {(change.field, change.to) for change in flip.changes} == {
        ("year", 2020),
        ("investment", 300 * WAN),
    }
    assert again(sample, "demo", thing, flip) == (Standing.MEETS, flip.fen) == (Standing.MEETS, 70 * WAN)


def test_a_field_inside_an_expression_is_solved_for(sample: Measure) -> None:
    """半数 = 总投资 / 2 - 10万元 reaches 200万元 at 420万元, and not a fen before."""
    thing = project(investment=300 * WAN)
    (flip,) = one(sample, "half", thing).flips
    assert [(change.field, change.to) for change in flip.changes] == [("investment", 420 * WAN)]


def test_a_row_of_an_aggregate_may_be_what_turns_it(sample: Measure) -> None:
    child = project("p1", track="government")
    found = explain(sample, Thing("organisation", "hw"), population(child))
    (flip,) = found.clauses[0].flips
    assert [(change.place[1], change.field, change.to) for change in flip.changes] == [
        ("p1", "track", "industry")
    ]


def test_a_count_that_no_one_field_makes_is_told_as_a_whole(tmp_path: Path) -> None:
    text = (
        HEAD
        + """\
definitions: {项目数: {for: 机构, is: count(示范项目)}}
clauses:
- {id: many, article: 第一条, text: 至少三个, for: 机构, when: [项目数 >= 3], amount: 10万元 * 项目数}
"""
    )
    measure = written(text, tmp_path)
    (flip,) = explain(measure, Thing("organisation", "hw"), population(project())).clauses[0].flips
    assert [(change.name, change.was, change.to) for change in flip.changes] == [("项目数", 1, 3)]
    assert flip.fen == 30 * WAN


def test_a_day_is_found_by_search(tmp_path: Path) -> None:
    text = (
        HEAD
        + """\
clauses:
- {id: old, article: 第一条, text: 满三年, for: 基站, when: ['years_between(开通日期, 决定日) >= 3']}
"""
    )
    measure = written(text, tmp_path)
    thing = Thing("station", "s", {"opened_on": date(2020, 3, 1)})
    found = explain(measure, thing, population(thing), Run(date(2023, 2, 28))).clauses[0]
    (flip,) = found.flips
    assert [(change.field, change.to) for change in flip.changes] == [
        ("opened_on", date(2020, 2, 29))
    ]  # that day's third year is full on 28 February


@given(
    year=st.integers(2018, 2024), wan=st.integers(0, 1200), score=st.integers(0, 10_000),
    judged=st.tuples(st.booleans(), st.booleans()), track=st.sampled_from(["industry", "government"]),
)  # fmt: skip
def test_every_flip_is_true_and_none_is_idle(
    year: int, wan: int, score: int, judged: tuple[bool, bool], track: str
) -> None:
    sample = read_once()
    thing = project(year=year, investment=wan * WAN, 得分=score, 甲=judged[0], 乙=judged[1], track=track)
    for found in explain(sample, thing, population(thing)).clauses:
        outcome = found.outcome
        needed = (year not in (2020, 2021)) + (wan < 300) + max(0, 2 - sum(judged) - (score > 6000))
        too_many = found.clause.id == "demo" and needed > 3
        assert (outcome.standing == Standing.FAILS and not too_many) == bool(found.flips)
        for flip in found.flips:
            assert again(sample, found.clause.id, thing, flip) == (
                flip.standing,
                flip.fen or (0 if found.clause.amount else None),
            )
            for left_out in flip.changes if len(flip.changes) > 1 else ():
                fewer = replace(flip, changes=tuple(change for change in flip.changes if change != left_out))
                assert again(sample, found.clause.id, thing, fewer)[0] != Standing.MEETS


@given(wan=st.integers(0, 299), fen=st.integers(0, 99))
def test_no_smaller_investment_would_do(wan: int, fen: int) -> None:
    sample = read_once()
    thing = project(investment=wan * WAN + fen)
    (flip,) = one(sample, "demo", thing).flips
    nearer = tuple(replace(change, to=change.to - 1) for change in flip.changes)  # type: ignore[operator]
    assert again(sample, "demo", thing, replace(flip, changes=nearer))[0] == Standing.FAILS


# --- what is lacking ---------------------------------------------------------------------------------------------------


@given(
    known=st.tuples(*(st.sampled_from([True, False, None]) for _ in "甲乙")),
    score=st.sampled_from([None, 1000, 9000]), wan=st.sampled_from([None, 100, 500]),
)  # fmt: skip
def test_what_is_told_to_matter_is_what_changes_the_result(
    known: tuple[bool | None, ...], score: int | None, wan: int | None
) -> None:
    sample = read_once()
    fields: dict[str, Stored] = {
        "甲": known[0],
        "乙": known[1],
        "得分": score,
        "investment": None if wan is None else wan * WAN,
    }
    thing = project(**fields)
    found = one(sample, "demo", thing)
    told = {each.field: each.matters for each in found.missing}
    tried: dict[str, list[Stored]] = {
        "甲": [True, False],
        "乙": [True, False],
        "得分": [0, 6001],
        "investment": [0, 299 * WAN, 300 * WAN, 900 * WAN],
    }
    blank = [name for name, value in fields.items() if value is None]
    results = {
        picked: decided(
            sample, replace(thing, fields={**thing.fields, **dict(zip(blank, picked, strict=True))})
        )
        for picked in product(*(tried[name] for name in blank))
    }
    if found.outcome.standing != Standing.LACKS:
        assert not any(told.values())
        return
    for n, name in enumerate(blank):
        changes = any(
            results[picked] != results[(*picked[:n], value, *picked[n + 1 :])]
            for picked in results
            for value in tried[name]
        )
        assert told.get(name, False) == changes


def decided(measure: Measure, thing: Thing) -> tuple[Standing, int | None]:
    outcome = Deciding(measure, population(thing), Run()).outcome(measure.clause("demo"), thing)
    return outcome.standing, outcome.fen


def test_the_dearest_comes_first_with_who_judges_it(sample: Measure) -> None:
    found = one(sample, "demo", project(甲=None, 得分=None, 乙=True))
    assert [(each.field, each.by, each.stake) for each in found.missing] == [
        ("甲", "业务处室", 400 * WAN), ("得分", "评审专家组", 400 * WAN),
    ]  # fmt: skip


def test_a_datum_whose_value_changes_nothing_is_told_so(sample: Measure) -> None:
    """The other clause pays more whatever it is; yet the choice waits for it."""
    (each,) = one(sample, "best", project(investment=1000 * WAN, track=None)).missing
    assert (each.field, each.matters, each.waits) == ("track", False, True)


def test_a_missing_link_and_a_missing_day_of_the_run_are_named(tmp_path: Path) -> None:
    text = (
        HEAD
        + """\
clauses:
- {id: a, article: 第一条, text: x, for: 示范项目, when: [申报单位.类别 == 企业, 决定日 >= 2020-01-01]}
"""
    )
    measure = written(text, tmp_path)
    thing = Thing("demonstration_project", "p", {})
    (found,) = explain(measure, thing, population(thing)).clauses
    assert {(each.entity, each.field, each.is_link) for each in found.missing} == {
        ("demonstration_project", "applicant", True), ("", "decide_on", False),
    }  # fmt: skip
    assert "决定日：影响结果" in case_text.as_text(explain(measure, thing, population(thing)))


# --- conditions, money, members ------------------------------------------------------------------------------------------


def leaves(found: ClauseCase) -> list[Part]:
    return [leaf for part in found.parts for leaf in part.leaves()]


def test_groups_are_unfolded_and_earlier_clauses_drilled_into(sample: Measure) -> None:
    found = one(sample, "demo", project(year=2022, 甲=False))
    gate, group = found.parts
    assert (group.kind, group.least, [part.holds for part in group.parts]) == (
        "at_least",
        2,
        [False, True, True],
    )
    (rest,) = gate.rests
    assert [part.holds for part in rest.parts] == [False, True]
    gap = rest.parts[0].gap
    assert gap is not None and (gap.size, gap.way) == (0, "edge")
    assert [(leaf.has, leaf.asked) for leaf in leaves(found)[3:]] == [(80, (60,))]


def test_the_cap_that_binds_what_is_deducted_and_who_bears_it(sample: Measure) -> None:
    money = one(sample, "demo", project(investment=3000 * WAN, 已获=100 * WAN)).money
    assert (money.caps, money.binding, money.removed) == ((1000 * WAN, 1200 * WAN), 0, 500 * WAN)
    assert (money.deducted, dict(money.shares)) == (100 * WAN, {"省级": 300 * WAN, "市级": 600 * WAN})
    money = one(sample, "demo", project(已获=9000 * WAN)).money
    assert (money.binding, money.removed, money.deducted) == (1, 100 * WAN, 400 * WAN)


def test_who_won_a_choice_and_what_the_other_lost(sample: Measure) -> None:
    members = one(sample, "best", project()).members
    assert [(each.clause.id, each.won, each.fen, each.lost) for each in members] == [
        ("demo", True, 400 * WAN, 0), ("half", False, 100 * WAN, 100 * WAN),
    ]  # fmt: skip
    firm = explain(sample, Thing("organisation", "hw"), population(project("a"), project("b")))
    (member,) = firm.clauses[1].members
    assert (member.won, member.fen, member.row_count) == (True, 800 * WAN, 2)


def test_a_case_is_a_value(sample: Measure) -> None:
    thing = project()
    found = explain(sample, thing, population(thing))
    assert isinstance(found, Case) and found == explain(sample, thing, population(thing))
