"""Quotas in a run: who is chosen is paid, on every engine, and the table and the tests beside a measure say so."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from mangrove.cli import main
from mangrove.rulebook.choosing import choose
from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.columns import from_population
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.texts.reader import load
from mangrove.vocabulary import vocabulary

from .engines.comparing import ENGINES
from .test_interpret import LINKS

TEXT = dedent("""\
    measure: 示范项目名额（测试用）
    id: places
    version: {in_force: 不详, status: 待核, source: 测试用}
    clauses:
    - id: prize
      article: 第一条
      text: 示范项目每个奖励1万元，全市3个，每家每个方向1个
      for: 示范项目
      when: [认定年度 == 2021]
      amount: 1万元
    quotas:
    - {of: prize, at_most: 3, order: [总投资 desc]}
    - {of: prize, at_most: 1, per: [申报单位, 示范方向]}
    """)
TESTS = dedent("""\
    tests:
    - name: 两个名额
      given:
        机构: [{id: a}]
        示范项目:
        - {id: p1, 认定年度: 2021, 总投资: 3元, 示范方向: 行业应用, applicant: a}
        - {id: p2, 认定年度: 2021, 总投资: 2元, 示范方向: 行业应用, applicant: a}
        - {id: p3, 认定年度: 2021, 总投资: 1元, 示范方向: 政务应用, applicant: a}
        - {id: p4, 认定年度: 2020, 总投资: 9元, 示范方向: 政务应用, applicant: a}
      expect:
        示范项目:p1: {prize: {chosen: 入选, amount: 1万元}}
        示范项目:p2: {prize: {chosen: "每申报单位、示范方向1个已满"}}
        示范项目:p3: {prize: {chosen: 入选}}
        示范项目:p4: {prize: {standing: 不符合, chosen: 无}}
    """)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "places.yaml"
    made.write_text(TEXT, encoding="utf-8")
    return made


@pytest.fixture
def measure(path: Path) -> Measure:
    return load(path, vocabulary())


def project(key: str, firm: str | None, fen: int | None, track: str = "industry") -> Thing:
    fields = {"year": 2021, "investment": fen, "track": track}
    return Thing("demonstration_project", key, fields, {} if firm is None else {"applicant": firm})


@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_chosen_is_paid_and_nobody_else(measure: Measure, engine: str) -> None:
    firms = [Thing("organisation", key) for key in "abc"]
    projects = [
        project("best", "a", 900), project("same_firm", "a", 800), project("other_track", "a", 700, "government"),
        project("unknown_firm", None, 600), project("third", "b", 500), project("fourth", "c", 400),
        project("unknown_cost", "c", None),
    ]  # fmt: skip
    snapshot = from_population(Population([*firms, *projects], LINKS), measure.vocabulary)
    found = ENGINES[engine](measure, snapshot, Run()).clauses["prize"]
    keys = [str(key) for key in snapshot.tables["demonstration_project"].keys]
    paid = {key: int(fen) for key, fen in zip(keys, found.paid(), strict=True) if fen}
    # The one whose firm is not known waits, and holds the third place until it is.
    assert paid == {"best": 1_000_000, "other_track": 1_000_000}
    assert found.selection is not None and found.selection.waiting == ("unknown_firm",)
    assert found.selection.fell == {
        "same_firm": "每申报单位、示范方向1个", "third": "名额3个", "fourth": "名额3个", "unknown_cost": "名额3个",
    }  # fmt: skip


def test_the_tests_beside_a_measure_may_say_who_is_chosen(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beside = path.with_suffix(".tests.yaml")
    beside.write_text(TESTS, encoding="utf-8")
    assert main(["rulebook", "test", str(path)]) == 0, capsys.readouterr().err
    beside.write_text(
        TESTS.replace("p3: {prize: {chosen: 入选", "p3: {prize: {chosen: 待定"), encoding="utf-8"
    )
    assert main(["rulebook", "test", str(path)]) == 1
    assert "应为待定，算出来是入选" in capsys.readouterr().err


@pytest.mark.parametrize("engine", ["numpy", "interpreter"])
def test_the_table_of_a_run_says_who_is_chosen(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], engine: str
) -> None:
    head = "id,name,track,year,investment,source,applicant"
    rows = [f"p{n},项目,行业应用,2021,{n}元,合成," for n in range(1, 5)]
    (tmp_path / "demonstration_project.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    text = TEXT.replace("- {of: prize, at_most: 1, per: [申报单位, 示范方向]}\n", "")
    path.write_text(text, encoding="utf-8")
    assert main(["rulebook", "run", str(path), "--data", str(tmp_path), "--engine", engine]) == 0
    said = [line.split(",")[-1] for line in capsys.readouterr().out.splitlines()]
    assert said == ["名额", "名额3个已满", "入选", "入选", "入选"]


def test_an_explanation_says_whether_there_is_a_place(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "id,name,track,year,investment,source,applicant"
    rows = [f"p{n},项目,行业应用,2021,{n}元,合成," for n in range(1, 5)]
    (tmp_path / "demonstration_project.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    path.write_text(
        TEXT.replace("- {of: prize, at_most: 1, per: [申报单位, 示范方向]}\n", ""), encoding="utf-8"
    )
    data = ["--data", str(tmp_path)]
    assert main(["rulebook", "explain", str(path), "示范项目:p1", *data]) == 0
    assert "名额：第一条（prize）名额3个已满" in capsys.readouterr().out
    assert main(["rulebook", "explain", str(path), *data, "--all"]) == 0
    said = capsys.readouterr().out
    assert "应得合计3万元" in said and "名额：第一条（prize）入选3，名额已满1，待定0" in said
    assert main(["rulebook", "run", str(path), *data]) == 0
    assert "p1,prize,符合,0," in capsys.readouterr().out


def test_words_rank_by_their_place_in_the_list_and_a_second_quota_changes_no_order(tmp_path: Path) -> None:
    """By their characters 三等 comes before 二等."""
    made = tmp_path / "grades.yaml"
    text = TEXT.replace(
        "clauses:", "inputs:\n  等级: {for: 示范项目, words: [一等, 二等, 三等], by: 评审组}\nclauses:"
    )
    text = (
        text.split("quotas:")[0]
        + "quotas:\n- {of: prize, at_most: 2, order: [等级]}\n- {of: prize, at_most: 2}\n"
    )
    made.write_text(text, encoding="utf-8")
    measure = load(made, vocabulary())
    graded = [("a", "三等"), ("b", "二等"), ("c", "一等")]
    things = [Thing("demonstration_project", key, {"year": 2021, "等级": grade}) for key, grade in graded]
    assert choose(measure, measure.clause("prize"), things).kept == ("c", "b")
