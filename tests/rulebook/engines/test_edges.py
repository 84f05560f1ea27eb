"""What random rulebooks once found: edges at which an engine answered otherwise than the interpreter."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from mangrove.rulebook.decide import Deciding, Run
from mangrove.rulebook.engines.columns import from_population
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.texts.reader import load
from mangrove.rulebook.texts.tables import links

from .comparing import ENGINES, answers, differences, kept, unlike
from .random_words import words

FORM = """\
measure: 边界
id: edges
version: {{in_force: 2020-01-01, status: 待核, source: 测试}}
definitions: {definitions}
clauses:
- {{id: c, article: 一, text: 甲, for: {of}, when: {when}, amount: "{amount}"}}
"""


def differing(
    folder: Path,
    name: str,
    things: list[Thing],
    *,
    amount: str,
    when: str = "[]",
    definitions: str = "{}",
    of: str = "项目",
) -> list[str]:
    path = folder / "edges.yaml"
    path.write_text(FORM.format(amount=amount, when=when, definitions=definitions, of=of), encoding="utf-8")
    measure = load(path, words())
    return differences(measure, Population(things, dict(links(words()))), Run(), ENGINES[name])


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def projects(field: str, *values: object) -> list[Thing]:
    return [Thing("project", f"p{n}", {field: value}) for n, value in enumerate(values)]


def test_a_day_beyond_the_calendar_is_not_known(engine: str, tmp_path: Path) -> None:
    days = [date.max, date(9999, 1, 1), date(9998, 12, 31), date.min, date(2, 1, 1), date(2020, 2, 29), None]
    for years in (1, -1, 9998, 9999, 20_000, -20_000):
        when = f'["years_after(验收日期, {years}) >= 2020-01-01"]'
        assert not differing(tmp_path, engine, projects("accepted", *days), amount="1元", when=when)


def test_the_interpreter_knows_no_day_beyond_the_calendar(tmp_path: Path) -> None:
    path = tmp_path / "edges.yaml"
    path.write_text(FORM.format(of="项目", definitions="{}", when='["years_after(验收日期, 1) >= 2020-01-01"]', amount="1元"), encoding="utf-8")  # fmt: skip
    measure, population = load(path, words()), Population(projects("accepted", date.max), {})
    outcome = Deciding(measure, population).outcome(measure.clauses[0], population.things["project", "p0"])
    assert outcome.standing == "缺数据"


@pytest.mark.parametrize(
    "amount", ["总投资 / 5", "-总投资", "总投资 - 设备投资", "(总投资 - 1元) * 1", "min(总投资, 1元)"]
)
def test_numbers_at_the_end_of_int64(engine: str, amount: str, tmp_path: Path) -> None:
    ends = [2**63 - 1, -(2**63), 2**62, -(2**62), 2**62 - 1, 2**61 + 2**60, 2**53 + 1, 0, None]
    things = [
        Thing("project", f"p{n}{m}", {"investment": one, "equipment": other})
        for n, one in enumerate(ends)
        for m, other in enumerate(ends)
    ]  # fmt: skip
    assert not differing(tmp_path, engine, things, amount=amount)


def test_links_up_to_a_table_without_rows(engine: str, tmp_path: Path) -> None:
    definitions = "{不变: {for: 区, is: 2元 * 3}, 有时: {for: 企业, is: 所在区.不变 + 营业收入}}"
    things = projects("investment", 5, None)
    assert not differing(tmp_path, engine, things, amount="申报单位.有时", definitions=definitions)


def test_what_is_the_same_for_all_things_above(engine: str, tmp_path: Path) -> None:
    definitions = "{不变: {for: 企业, is: 2元 * 3}}"
    things = [Thing("firm", "f", {}), Thing("project", "p", {}, {"applicant": "f"}), Thing("project", "q")]
    assert not differing(tmp_path, engine, things, amount="申报单位.不变 * 200%", definitions=definitions)


def test_a_year_that_a_run_does_not_say_leaves_the_other_branch_known(engine: str, tmp_path: Path) -> None:
    things = projects("investment", 5, 500, None)
    amount = "tiers(总投资；<1元：总投资 / 预算年度，其余：总投资) + sum(购置费 / 预算年度 of 设备)"
    assert not differing(tmp_path, engine, things, amount=amount)


def test_a_what_if_reaches_the_rows_that_the_interpreter_answers(tmp_path: Path) -> None:
    path = tmp_path / "edges.yaml"
    path.write_text(
        FORM.format(of="项目", definitions="{}", when="[]", amount="总投资 * 300%"), encoding="utf-8"
    )
    measure, population = load(path, words()), Population(projects("investment", 2**62, 5), {})
    snapshot = from_population(population, words())
    (name,) = measure.constants()
    for value in (Fraction(3), Fraction(7), Fraction(0)):
        wanted = answers(measure.with_constants({name: value}), population, Run(), snapshot)
        for again in kept(measure, snapshot).values():
            assert not unlike(wanted, again(Run(), {name: value}))


def test_days_made_of_days_made_of_days(engine: str, tmp_path: Path) -> None:
    """DuckDB once wrote out each day wherever it was read, and took all memory for this."""
    day = "years_after(min(if(合作单位.所在区.试点区, 2019-02-28, 决定日), 1969-12-31), 3)"
    rows = "1969-12-31：合作单位.成立日期, 2019-02-28：验收日期, 2100-02-28：2020-01-01, else：决定日"
    day = f"years_after(years_after(match({day}；{rows}), 100), 1)"
    text = f"match({day}；2019-02-28：合作单位.所在区.区划代码, else：合作单位.企业标识)"
    amount = f"sum(if({text} in [备注], 1千瓦时, 合作单位.用电量) of 项目.申报单位) * 用电价格"
    firms = [
        Thing("district", "d", {"pilot": True}),
        Thing("firm", "f", {"founded": date(2020, 2, 29)}, {"district": "d"}),
    ]
    days = [date(2020, 2, 29), date(9999, 1, 1), None]
    things = [
        Thing("project", f"p{n}", {"accepted": day, "begun": days[n - 1]}, {"applicant": "f", "partner": "f"})
        for n, day in enumerate(days)
    ]
    assert not differing(tmp_path, engine, [*firms, *things], amount=amount, of="企业")
