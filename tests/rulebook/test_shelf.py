"""The shelf of support measures: every file reads, every expectation beside it comes true, nothing on it goes untried."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from mangrove.rulebook.allotting.shares import split
from mangrove.rulebook.choosing import choose
from mangrove.rulebook.decide import Standing
from mangrove.rulebook.population import Thing
from mangrove.rulebook.texts.examples import examples_of, mismatches
from mangrove.rulebook.texts.families import families
from mangrove.rulebook.texts.reading import read

from .shelf import SHELF, Side, data_left_out, data_used, files, shelved, sides_tried, sides_wanted

#: Every row of facts/policies.md, section 2.
ROWS = [
    *(f"SZ-{n:02}" for n in (*range(1, 17), *range(20, 37))),
    *(f"GZ-{n:02}" for n in range(1, 9)), *(f"ZS-{n:02}" for n in range(1, 5)), *(f"ZH-{n:02}" for n in range(1, 4)),
    "HA-01", "SX-01", "SX-02", *(f"CD-{n:02}" for n in range(1, 5)), "XA-01", *(f"TJ-{n:02}" for n in range(1, 4)),
    "SUZ-01", "JX-01", "NM-01", "HF-01",
]  # fmt: skip
#: Rows that are no clause: obligations, a budget, headings without a number, a list to be kept. The README says why.
NO_CLAUSE = {"SZ-02", "SZ-03", "SZ-05", "SZ-06", "SZ-33"}
#: Texts that never came into force.
DRAFTS = {"sz_5g_chain_draft_2021", "zs_5g_draft_2021"}
#: Measures of which not even the year is known.
UNDATED = {"huangpu_5g", "suz_5g", "sz_design_centre", "sz_new_materials", "tj_smart"}
#: Sides that no datum can be on: a count below one, a share above the whole, an amount below zero.
IMPOSSIBLE = {
    ("sz_tech_centre", "setting_up", "申报次序 == 1", -1),
    ("sz_tech_centre.2013", "upgrading", "申报次序 == 1 or 距上次评价周期数 >= 2", -1),
    ("sz_infrastructure_2022", "fibre", "光纤覆盖率 >= 100%", 1),
    ("longgang_fund_2026", "approved_grant", "审定金额 > 0元", -1),
}
WAN = 1_000_000  # fen in 万元
#: Section 3 of the facts, worked here once more: test, thing, clause, fen, who bears how much.
WORKED = [
    ("算例 SZ-01：两万座", "sa_station", min(20_000, 15_000) * WAN, {}),
    ("算例 SZ-01：14999座", "sa_station", 0, {}),
    ("算例 SZ-12", "pon_port", min(120_000 * WAN // 10, 10_000 * WAN), {}),
    ("算例 SZ-15", "household", min(800_000 * 8_000, 6_000 * WAN), {}),
    ("算例 SZ-16", "coast_station", min(260, 200) * WAN, {}),
    ("算例 GZ-04", "demo", min(4_000 * WAN * 30 // 100, 1_000 * WAN), {}),
    ("算例 SZ-24", "setting_up", min(3_000 * WAN * 20 // 100, 500 * WAN), {}),
    ("算例 SZ-24", "upgrading", 1_800 * WAN * 20 // 100, {}),
    ("算例 SZ-24", "centre_total", (500 + 360) * WAN, {}),
    ("算例 SX-02", "power_price", 23_000_000, {"省级": 11_500_000, "市级": 4_600_000, "县级": 6_900_000}),
    ("算例 HA-01", "sa_station", 500 * WAN, {"省级": 250 * WAN, "市级": 250 * WAN}),
]  # SZ-30 and SZ-36 are cut by a pot: tests/rulebook/test_allot.py, through the command
FILES = files()
every_measure = pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])


@every_measure
def test_every_expectation_comes_true(path: Path) -> None:
    one = shelved(path)
    wrong = [told.said() for example in one.examples for told in mismatches(example, one.measure)]
    assert wrong == []


@every_measure
def test_every_clause_is_met_failed_and_left_open_by_some_test(path: Path) -> None:
    one = shelved(path)
    stood = {(outcome.clause.id, str(outcome.standing)) for _, _, outcome, _ in one.outcomes}
    wanted = {
        (clause.id, str(standing))
        for clause in one.measure.clauses
        for standing in Standing
        if clause.conditions or standing != Standing.FAILS
    }
    assert wanted - stood == set()


@every_measure
def test_every_threshold_and_cap_is_tried_below_at_and_above(path: Path) -> None:
    one = shelved(path)
    untried = sides_wanted(one.measure) - set(sides_tried(one))
    assert {side for side in untried if (one.name, *plain(side)) not in IMPOSSIBLE} == set()


def plain(side: Side) -> Side:
    """Without the place of the comparison in its condition."""
    clause, words, where = side
    return clause, words.partition(" @")[0], where


@every_measure
def test_every_datum_that_a_clause_reads_is_left_out_once(path: Path) -> None:
    one = shelved(path)
    kept = {clause.id: data_used(one, clause) - data_left_out(one, clause) for clause in one.measure.clauses}
    assert {id: data for id, data in kept.items() if data} == {}


@every_measure
def test_where_an_expected_value_comes_from_is_written_beside_it(path: Path) -> None:
    for test in read(examples_of(path)).items("tests").all_fields():
        origin = test.words("origin").text
        assert origin == "生成" or test.words("why").text, test.words("name").text
        assert origin == "来源" or not test.words("name").text.startswith("算例")


def test_generated_tests_are_counted_apart_and_are_the_fewer() -> None:
    counts = Counter(example.origin for path in FILES for example in shelved(path).examples)
    outcomes = Counter(
        example.origin for path in FILES for example in shelved(path).examples for _ in example.expected
    )
    assert counts["来源"] == 9 and outcomes["来源"] == len(WORKED)
    assert outcomes["手算"] > 2 * outcomes["生成"] > 0


@pytest.mark.parametrize(("test", "clause", "fen", "shares"), WORKED)
def test_the_sourced_worked_numbers(test: str, clause: str, fen: int, shares: dict[str, int]) -> None:
    found = [
        (outcome.fen, split(outcome.fen, dict(outcome.clause.shares)) if outcome.clause.shares else {})
        for path in FILES
        if any(example.name.startswith(test) for example in shelved(path).examples)
        for example, _, outcome, _ in shelved(path).outcomes
        if example.name.startswith(test) and outcome.clause.id == clause and outcome.fen is not None
    ]
    assert found == [(fen, shares)]


def test_every_row_of_the_facts_is_on_the_shelf_or_the_readme_says_why_not() -> None:
    articles = " ".join(clause.article for path in FILES for clause in shelved(path).measure.clauses)
    on_shelf = set(re.findall(r"[A-Z]{2,3}-\d\d", articles))
    assert on_shelf == set(ROWS) - NO_CLAUSE
    readme = (SHELF / "README.md").read_text(encoding="utf-8")
    assert [row for row in ROWS if f"| {row} |" not in readme] == []


@every_measure
def test_a_file_stands_in_the_folder_of_its_measure_and_owns_to_being_a_restatement(path: Path) -> None:
    measure = shelved(path).measure
    assert path.parent.name == measure.id == path.stem.partition(".")[0]
    assert measure.version.status == ("草案" if measure.id in DRAFTS else "待核")
    assert {clause.text_status for clause in measure.clauses} == {"转述"}
    assert f"| [{path.stem}]({path.parent.name}/{path.name}) |" in (SHELF / "README.md").read_text(
        encoding="utf-8"
    )


def test_where_not_even_the_year_is_known_no_date_stands_in_for_it() -> None:
    undated = {measure.id for path in FILES if (measure := shelved(path).measure).version.in_force is None}
    assert undated == UNDATED


def test_a_draft_holds_on_no_day() -> None:
    found = {one.id: one for one in families(shelved(path).measure for path in FILES)}
    never = {
        id for id, family in found.items() if family.version_on(date(2021, 7, 1)) is None and id in DRAFTS
    }
    assert never == DRAFTS


def test_versions_of_one_measure_follow_each_other_without_gap_or_overlap() -> None:
    versions: dict[str, list[tuple[str, str]]] = {}
    for path in FILES:
        measure = shelved(path).measure
        dates = str(measure.version.in_force), str(measure.version.until or "")
        versions.setdefault(measure.id, []).append(dates)
    several = {id: sorted(dates) for id, dates in versions.items() if len(dates) > 1}
    assert set(several) == {"sz_tech_centre", "sz_listing"}
    for one in several.values():
        assert [until for _, until in one[:-1]] == [begin for begin, _ in one[1:]]


class TestQuotas:
    """How many may be chosen, as the shelf says it; the choosing itself is tried in test_quotas.py."""

    def test_those_that_the_sources_name(self) -> None:
        said = {
            (path.stem, one.of, one.at_most, one.per)
            for path in FILES
            for one in shelved(path).measure.quotas
        }
        assert said == {
            ("sz_infrastructure_2022", "park", 100, ()),
            ("sz_standards_2024", "association", 30, ()),
            ("sz_standards_2024", "association", 5, ("contributor",)),
            ("zs_5g_draft_2021", "graded_demo", 10, ()),
            ("xa_5g_2021", "demo", 10, ()),
            ("xa_5g_2021", "demo", 2, ("applicant",)),
            ("tj_5g_2019", "scenario", 20, ()),
        }

    def test_xian_takes_ten_and_two_of_a_firm(self) -> None:
        """Three of firm a, then ten of ten others, best first: two of a and the first eight of the others."""
        measure = shelved(SHELF / "xa_5g_2021" / "xa_5g_2021.yaml").measure
        projects = [
            Thing("support_project", f"p{place:02}", {"综合得分": 100 - place}, {"applicant": firm})
            for place, firm in enumerate(["a", "a", "a", *"bcdefghijk"])
        ]
        found = choose(measure, measure.clause("demo"), projects)
        assert found.kept == ("p00", "p01", *(f"p{place:02}" for place in range(3, 11)))
        assert found.fell == {"p02": "每申报单位2个", "p11": "名额10个", "p12": "名额10个"}
