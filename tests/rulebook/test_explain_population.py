"""A population explained from masks, worked out by hand. Random ones stand in ``test_explain_random``."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mangrove.cli import main
from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.columns import from_population
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.vector import Vector
from mangrove.rulebook.explaining import people, people_html, people_text
from mangrove.rulebook.explaining.people import Near, People
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.texts.reader import load
from mangrove.rulebook.texts.tables import links
from mangrove.vocabulary import vocabulary


def explained(measure: Measure, population: Population, run: Run, by: str = "") -> People:
    snapshot = from_population(population, measure.vocabulary)
    return people.explain(Vector(lower(measure), snapshot).run(run), by=by)


# --- by hand -------------------------------------------------------------------------------------------------------------

GATED = """\
measure: 按门槛资助<script>alert(1)</script>（示例）
id: gated
version: {in_force: 2020-01-01, decided_by: 决定日, status: 待核, source: 示例}
parameters: {门槛: 300万元}
clauses:
- id: gate
  article: 第三条
  text: 2020至2022年认定、投资不低于300万元
  for: 示范项目
  when: ['认定年度 in [2020 .. 2022]', 总投资 >= 门槛]
- id: demo
  article: 第五条
  text: 行业应用项目按投资的10%资助
  for: 示范项目
  when: [gate, 示范方向 == 行业应用]
  amount: 10% * 总投资
- id: firm
  article: 第六条
  text: 项目合格的申报单位
  for: 站址配套
  when: [名称 == "x"]
"""
WAN = 1_000_000


@pytest.fixture
def gated(tmp_path: Path) -> Measure:
    path = tmp_path / "gated.yaml"
    path.write_text(GATED[: GATED.index("- id: firm")], encoding="utf-8")
    return load(path, vocabulary())


def projects(*rows: tuple[int | None, int | None, str]) -> Population:
    """Year, investment in 万元, track."""
    things = [
        Thing(
            "demonstration_project", f"p{n}",
            {"year": year, "investment": None if wan is None else wan * WAN, "track": track},
        )
        for n, (year, wan, track) in enumerate(rows)
    ]  # fmt: skip
    return Population(things, dict(links(vocabulary())))


def test_of_an_earlier_clause_it_is_told_which_of_its_conditions_fails_alone(gated: Measure) -> None:
    population = projects(
        (2021, 400, "industry"), (2021, 290, "industry"), (2021, 100, "industry"), (2024, 500, "industry"),
        (2019, 10, "industry"), (2021, 10, "government"), (None, 500, "industry"),
    )  # fmt: skip
    gate, demo = explained(gated, population, Run()).clauses
    assert [(one.condition, one.count) for one in gate.soles] == [(0, 1), (1, 3)]
    (sole,) = demo.soles
    assert (sole.condition, sole.count, sole.several) == (0, 4, 1)
    assert sole.stake.fen == (29 + 10 + 50 + 1) * WAN
    year, money = sole.under
    assert [near_of(one) for one in year.near] == [("p3", 2, 50 * WAN)]
    assert [near_of(one) for one in money.near] == [("p1", 10 * WAN, 29 * WAN), ("p2", 200 * WAN, 10 * WAN)]
    (unsure,) = demo.unsure
    assert (unsure.count, unsure.waiting, unsure.stake.fen) == (1, 1, 50 * WAN)


def near_of(near: Near) -> tuple[str, int | None, int | None]:
    return near.key, None if near.gap is None else int(near.gap.size), near.fen


def test_among_equals_the_dearest_comes_first_and_then_the_first(gated: Measure) -> None:
    population = projects(*((2023, 300 + n % 3, "industry") for n in range(30)), (2024, 999, "industry"))
    year = explained(gated, population, Run()).clauses[1].soles[0].under[0]
    assert [one.key for one in year.near] == [
        "p11",
        "p14",
        "p17",
        "p2",
        "p20",
        "p23",
        "p26",
        "p29",
        "p5",
        "p8",
    ]
    assert year.count == 31


def test_an_amount_that_no_int64_holds_is_counted_exactly(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_text(
        GATED[: GATED.index("- id: firm")].replace("10% * 总投资", "总投资 * (总投资 / 1分)"),
        encoding="utf-8",
    )
    measure = load(path, vocabulary())
    population = projects((2019, 900_000, "industry"), (2019, 900_000, "industry"), (2021, 1, "government"))
    (sole,) = explained(measure, population, Run()).clauses[1].soles
    assert (sole.count, sole.stake.fen) == (2, 2 * (900_000 * WAN) ** 2)


def test_by_group_the_parts_add_up_to_the_whole(gated: Measure) -> None:
    rows = [(2018 + n % 7, 100 * n, "industry" if n % 2 else "government") for n in range(60)]
    for found in explained(gated, projects(*rows), Run(), by="认定年度").clauses:
        assert sum(one.meets for one in found.groups) == found.meets
        assert sum(one.paid for one in found.groups) == found.paid
        for sole in found.soles:
            counts = [one.soles[sole.condition] for one in found.groups]
            assert (sum(n for n, _fen in counts), sum(fen for _n, fen in counts)) == (
                sole.count,
                sole.stake.fen,
            )


def test_days_are_counted_in_days(tmp_path: Path) -> None:
    path = tmp_path / "days.yaml"
    text = GATED[: GATED.index("- id: demo")].replace(
        "'认定年度 in [2020 .. 2022]'", "开通日期 >= 2022-03-01"
    )
    path.write_text(text.replace("示范项目", "基站").replace(", 总投资 >= 门槛", ""), encoding="utf-8")
    measure = load(path, vocabulary())
    things = [Thing("station", f"s{n}", {"opened_on": date(2022, 2, 27 + n)}) for n in range(2)]
    (found,) = explained(measure, Population(things, dict(links(vocabulary()))), Run()).clauses
    assert [near_of(one) for one in found.soles[0].near] == [("s1", 1, None), ("s0", 2, None)]
    said = people_text.as_text(explained(measure, Population(things, dict(links(vocabulary()))), Run()))
    assert "s1：差1天" in said


def test_both_languages_and_html_in_which_every_text_is_escaped(gated: Measure) -> None:
    population = projects((2021, 400, "industry"), (2021, 290, "industry"), (None, 100, "government"))
    found = explained(gated, population, Run(), by="示范方向")
    zh, en = people_text.as_text(found), people_text.as_text(found, "en")
    assert "共3件：符合1，不符合2，缺数据0，应得合计40万元" in zh
    assert "p1：差10万元，可得29万元" in zh and "只差这一条" in zh
    assert "3 in all: 1 qualify, 2 do not, 0 lack a datum, paid 400,000 yuan" in en
    assert "p1: short by 100,000 yuan, would get 290,000 yuan" in en
    for language in ("zh", "en"):
        page = people_html.page(found, language)
        assert "<script" not in page and "&lt;script&gt;" in page


def test_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, data, page = tmp_path / "gated.yaml", tmp_path / "data", tmp_path / "all.html"
    path.write_text(GATED[: GATED.index("- id: firm")], encoding="utf-8")
    data.mkdir()
    rows = "id,name,track,year,investment,source\np1,甲,行业应用,2021,290万元,合成\np2,乙,行业应用,2021,400万元,合成\n"
    (data / "demonstration_project.csv").write_text(rows, encoding="utf-8")
    call = ["rulebook", "explain", str(path), "--data", str(data)]
    assert main([*call, "--all", "--clause", "demo", "--by", "示范方向", "--html", str(page)]) == 0
    out = capsys.readouterr().out
    assert "第五条" in out and "第三条（" not in out and "行业应用：符合1" in out
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert main([*call, "--all", "--clause", "demon"]) == 1
    assert "是否想写“demo”" in capsys.readouterr().err
    assert main([*call, "--all", "--by", "所在市"]) == 1
    assert "没有字段或关联“所在市”" in capsys.readouterr().err
