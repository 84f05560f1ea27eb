"""Measures read from files, every mistake told with its line, and decided for one thing to the fen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.cli import main
from mangrove.rulebook.decide import Outcome, Standing, decide
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Population, Thing
from mangrove.rulebook.problems import Problem, Problems
from mangrove.rulebook.texts.reader import load
from mangrove.vocabulary import vocabulary

from .test_interpret import LINKS

WRITE = Callable[[str], Path]
WAN = 1_000_000  # fen
TEXT = dedent("""\
    measure: 支持新型信息基础设施建设的若干措施（测试摘录）
    id: stations_2019
    version: {in_force: 2019-09-11, until: 2022-09-11, decided_by: 决定日, status: 待核, source: 测试用，转述}
    definitions:
      独立组网站数: {for: 机构, is: count(基站 where 组网方式 == 独立组网)}
    clauses:
    - id: station
      article: 第一条
      text: 按时完成任务的电信运营企业，每建成一个独立组网基站奖励1万元，最高1.5亿元
      text_status: 转述
      for: 机构
      when:
      - 机构标识 in ["cm", "ct"]
      - 类别 == 运营商
      amount: 1万元 * 独立组网站数
      cap: 15000万元
    - id: demonstration
      article: 第二条
      text: 行业应用示范项目按总投资的30%补助，最高1000万元
      for: 示范项目
      when: [示范方向 == 行业应用]
      amount: 30% * 总投资
      cap: 1000万元
    """).replace("类别 == 运营商", "kind == 运营商")


@pytest.fixture
def write(tmp_path: Path) -> WRITE:
    def written(text: str) -> Path:
        path = tmp_path / "measure.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def read(path: Path) -> Measure:
    return load(path, vocabulary(), "measure.yaml")


def problems(path: Path) -> list[Problem]:
    with pytest.raises(Problems) as found:
        read(path)
    return found.value.problems


class TestReading:
    def test_a_measure_has_its_version_definitions_and_clauses(self, write: WRITE) -> None:
        measure = read(write(TEXT))
        assert (measure.id, measure.version.in_force) == ("stations_2019", date(2019, 9, 11))
        assert [one.name for one in measure.definitions] == ["独立组网站数"]
        assert [(one.id, one.entity, len(one.conditions)) for one in measure.clauses] == [
            ("station", "organisation", 2), ("demonstration", "demonstration_project", 1),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("day", "holds"),
        [("2019-09-10", False), ("2019-09-11", True), ("2022-09-10", True), ("2022-09-11", False)],
    )
    def test_a_version_holds_from_its_first_day_to_before_its_end(
        self, write: WRITE, day: str, holds: bool
    ) -> None:
        assert read(write(TEXT)).version.holds_on(date.fromisoformat(day)) is holds

    @pytest.mark.parametrize(
        ("old", "new", "code", "place", "zh", "en"),
        [
            ("cap: 15000万元", "cop: 15000万元", "unknown_key", (16, 3), "是否想写“cap”", "did you mean “cap”"),
            ("for: 示范项目", "for: 示范项木", "unknown_name", (20, 8), "是否想写“示范项目”", "did you mean"),
            ("30% * 总投资", "30% * 总投次", "unknown_name", (22, 17), "是否想写“总投资”", "did you mean “总投资”"),
            ("30% * 总投资", "30% + 总投资", "unlike", (22, 15), "数与金额不能相加减", "cannot be added"),
            ("amount: 30% * 总投资", "amount: 30%", "not_money", (22, 11), "这里应为金额，却是数", "An amount of money"),
            ("示范方向 == 行业应用", "总投资", "not_a_condition", (21, 10), "却是金额", "A condition is wanted"),
            ("示范方向 == 行业应用", "示范方向 == 行业", "unknown_name", (21, 18), "行业应用", "行业应用"),
            ("until: 2022-09-11", "until: 2018-09-11", "version_backwards", (3, 40), "晚于施行日", "end after it begins"),
            ("in_force: 2019-09-11", "in_force: 2019年9月", "not_a_day", (3, 21), "不是日期", "is not a date"),
            ("status: 待核", "status: 待查", "unknown_name", (3, 77), "待核", "status"),
            ("text_status: 转述", "text_status: 转抄", "unknown_name", (10, 16), "转述", "text status"),
            ("id: demonstration", "id: station", "clause_twice", (17, 7), "第 7 行已经有了", "stands on line 7"),
            ("独立组网站数: {for", "机构标识: {for", "name_taken", (5, 3), "已经有了", "is taken"),
            ("  amount: 30% * 总投资\n", "", "missing_key", (17, 3), "缺“amount”", "“amount” is missing"),
            ("in_force: 2019-09-11", "in_force: 20190911", "not_a_day", (3, 21), "不是日期", "is not a date"),
            ("独立组网站数: {for", "运营商: {for", "name_is_word", (5, 3), "的取值", "a word of a list"),
            ("独立组网站数: {for", "站 数: {for", "no_name", (5, 3), "不能作名称", "is no name"),
            ("  article: 第二条\n", "", "missing_key", (17, 3), "缺“article”", "“article” is missing"),
        ],
    )  # fmt: skip
    def test_each_mistake_is_told_with_its_line_in_both_languages(
        self, write: WRITE, old: str, new: str, code: str, place: tuple[int, int], zh: str, en: str
    ) -> None:
        assert old in TEXT
        found = problems(write(TEXT.replace(old, new)))[0]
        assert found.code == code and zh in found.zh and en in found.en, found.said()
        assert found.place.file == "measure.yaml" and (found.place.line, found.place.column) == place, (
            found.said()
        )

    def test_a_clause_without_an_id_is_told_once(self, write: WRITE) -> None:
        found = problems(write(TEXT.replace("- id: station\n  article", "- article")))
        assert [one.code for one in found] == ["missing_key"]

    def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_lines(self, write: WRITE) -> None:
        text = TEXT.replace("30% * 总投资", "30% * 总投次").replace("cap: 15000万元", "cap: 15000公里").replace("status: 待核", "status: 待查")  # fmt: skip
        found = problems(write(text))
        assert [one.place.line for one in found] == sorted(one.place.line for one in found)
        assert [one.code for one in found] == ["unknown_name", "not_money", "unknown_name"]


def firm(stations: int, known: bool = True) -> Population:
    kind = "operator" if known else None
    rows = [Thing("station", str(n), {"mode": "sa"}, {"operator": "cm"}) for n in range(stations)]
    return Population([Thing("organisation", "cm", {"id": "cm", "kind": kind}), *rows], LINKS)


def decided(path: Path, population: Population, entity: str, key: str) -> Outcome:
    (found,) = decide(read(path), population.things[entity, key], population)
    return found


class TestDeciding:
    @pytest.mark.parametrize(
        ("stations", "wan"),
        [(0, 0), (1, 1), (14_999, 14_999), (15_000, 15_000), (15_001, 15_000), (20_000, 15_000)],
    )
    def test_unit_reward_under_a_cap(self, write: WRITE, stations: int, wan: int) -> None:
        """SZ-01 of the worked numbers: 20,000 stations with the target met pay 15,000 万元."""
        found = decided(write(TEXT), firm(stations), "organisation", "cm")
        assert (found.standing, found.fen) == (Standing.MEETS, wan * WAN)
        assert found.removed == max(0, stations - 15_000) * WAN

    def test_a_datum_that_is_missing_is_neither_refused_nor_paid(self, write: WRITE) -> None:
        found = decided(write(TEXT), firm(3, known=False), "organisation", "cm")
        assert (found.standing, found.fen, found.uncapped) == (Standing.LACKS, None, 3 * WAN)
        assert [answer.holds for answer in found.answers] == [True, None]

    def test_what_fails_pays_nothing_and_still_says_what_it_would_have_been(self, write: WRITE) -> None:
        project = Thing("demonstration_project", "p", {"track": "government", "investment": 4000 * WAN})
        found = decided(write(TEXT), Population([project], LINKS), "demonstration_project", "p")
        assert (found.standing, found.fen, found.uncapped) == (Standing.FAILS, 0, 1200 * WAN)
        assert found.removed == 0  # it was not the cap that took it

    def test_nobody_pays_less_than_nothing(self, write: WRITE) -> None:
        project = Thing("demonstration_project", "p", {"track": "industry", "investment": WAN // 2})
        text = TEXT.replace("30% * 总投资", "总投资 - 100万元")
        found = decided(write(text), Population([project], LINKS), "demonstration_project", "p")
        assert (found.standing, found.fen, found.removed) == (Standing.MEETS, 0, 0)

    @given(investment=st.one_of(st.none(), st.integers(0, 2**60)))
    def test_a_share_under_a_cap_is_exact(
        self, tmp_path_factory: pytest.TempPathFactory, investment: int | None
    ) -> None:
        """Against integers: three tenths to the fen, a half up, at most 1,000 万元."""
        path = tmp_path_factory.mktemp("m") / "measure.yaml"
        path.write_text(TEXT, encoding="utf-8")
        project = Thing("demonstration_project", "p", {"track": "industry", "investment": investment})
        found = decided(path, Population([project], LINKS), "demonstration_project", "p")
        wanted = None if investment is None else min((investment * 3 + 5) // 10, 1000 * WAN)
        assert found.fen == wanted
        assert found.standing == (Standing.LACKS if investment is None else Standing.MEETS)


class TestCommand:
    def test_a_file_that_reads_is_summed_up(self, write: WRITE, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["rulebook", "check", str(write(TEXT))]) == 0
        assert "读通；条款 2，定义 1。" in capsys.readouterr().out

    def test_one_that_does_not_is_told_line_by_line(
        self, write: WRITE, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = write(TEXT.replace("30% * 总投资", "30% * 总投次"))
        assert main(["rulebook", "check", str(path)]) == 1
        assert "measure.yaml:22:17 没有字段或名称“总投次”，是否想写“总投资”？" in capsys.readouterr().err
        assert main(["rulebook", "check", "--language", "en", str(path)]) == 1
        assert "did you mean “总投资”?" in capsys.readouterr().err
