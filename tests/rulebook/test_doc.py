"""Pages of measures: everything the file says is on them, escaped, the same each time; expressions read aloud."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from mangrove.cli import main
from mangrove.rulebook.documenting.acting import document
from mangrove.rulebook.language.wording import Wording
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.texts.reader import load
from mangrove.vocabulary import vocabulary

SHELF = Path(__file__).parents[2] / "rulebooks"
MEASURE = """\
measure: 办法<script>alert(1)</script>
id: sample
version: {in_force: 2020-01-01, until: 2023-01-01, decided_by: 开通日期, status: 待核, source: 来源&出处, note: 版本说明文字}
parameters: {每站: 1万元, 比例: 30%}
inputs:
  等级: {for: 基站, words: [一等, 二等], by: 评审专家组, note: 谁来评}
  分数: {for: 基站, type: 数, between: [0 .. 100], by: 业务处室}
definitions:
  站数: {for: 机构, is: count(基站 where 组网方式 == 独立组网)}
clauses:
- id: graded
  article: 第一条
  text: 按等级奖励
  text_status: 原文
  for: 基站
  when:
  - 等级 in [一等,二等]
  - at_least: 1
    of: [分数>=60, {all: [验收合格, 组网方式 != 独立组网]}]
  amount: 'match(等级; 一等: 2万元, else: 每站)'
  cap: [2万元, 比例*3万元]
  shares: {省级: 1, 市级: 3}
  note: 条款说明文字
- choose: [graded]
  id: kept
  article: 第二条
  text: 就高不重复
- total: [kept]
  id: firm
  for: 机构
  article: 第三条
  text: 每家最高100万元
  cap: 100万元
quotas:
- {of: firm, at_most: 3, order: [机构名称 desc]}
note: 全文说明文字
"""
TESTS = """\
tests:
- name: 来源算例<b>
  origin: 来源
  why: 1万元乘以一站
  given: {基站: [{id: a, 等级: 二等, 分数: 70, 开通日期: 2021-01-01}]}
  expect: {'基站:a': {graded: {standing: 符合, amount: 9000元}}}
- name: 写错的
  origin: 生成
  given: {基站: [{id: a, 等级: 二等, 分数: 70, 开通日期: 2021-01-01}]}
  expect: {'基站:a': {graded: {amount: 8000元}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sample.yaml").write_text(MEASURE, encoding="utf-8")
    (tmp_path / "sample.tests.yaml").write_text(TESTS, encoding="utf-8")
    return tmp_path


class Balanced(HTMLParser):
    """Every element that opens closes, in order; no script, nothing from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "link", "img", "iframe", "b", "i")
        found = dict(attrs)
        self.ids += [one for one in [found.get("id")] if one]
        self.links += [one for one in [found.get("href")] if one]
        if tag not in ("meta", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def checked(page: Path) -> Balanced:
    found = Balanced()
    found.feed(page.read_text(encoding="utf-8"))
    assert not found.open and len(found.ids) == len(set(found.ids))
    for link in found.links:
        assert link[1:] in found.ids if link.startswith("#") else (page.parent / link).exists()
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_that_the_file_says_is_on_the_page(folder: Path, language: str) -> None:
    out = folder / "out"
    pages, problems = document([folder], out, vocabulary(), language)
    assert [page.name for page in pages] == ["sample.html", "index.html"] and not problems
    text = (out / "sample.html").read_text(encoding="utf-8")
    for said in (
        "办法&lt;script&gt;", "来源&amp;出处", "版本说明文字", "条款说明文字", "全文说明文字", "谁来评", "评审专家组",
        "2020-01-01", "2023-01-01", "等级 in [一等, 二等]", "分数 &gt;= 60", "比例 * 3万元", "第三条", "来源算例&lt;b&gt;", "1万元乘以一站",
        "省级 1/4", "市级 3/4", "match(等级; 一等: 2万元, else: 每站)",
    ):  # fmt: skip
        assert said in text, said
    for page in pages:
        checked(page)


def test_conditions_and_amounts_are_read_aloud_in_both_languages(folder: Path) -> None:
    document([folder / "sample.yaml"], folder / "zh", vocabulary())
    document([folder / "sample.yaml"], folder / "en", vocabulary(), "en")
    zh, en = ((folder / name / "sample.html").read_text(encoding="utf-8") for name in ("zh", "en"))
    for said in (
        "等级为一等、二等之一",
        "至少1项符合",
        "全部符合",
        "3万元的30%（比例）",
        "“组网方式为独立组网”的基站的个数",
    ):
        assert said in zh, said
    for said in (
        "等级 is 一等 or 二等",
        "at least 1 of these",
        "30% (比例) of 30,000 yuan",
        "the number of ",
    ):
        assert said in en, said
    assert "检验2项（来源 1，生成 1），不符1项。" in zh and "应为8000元，算出来是9000元。" in zh
    assert "2 tests (stated by the source 1, generated 1), 1 wrong." in en


def test_the_same_files_make_the_same_bytes(folder: Path) -> None:
    first, again = (document([folder], folder / name, vocabulary())[0] for name in ("one", "two"))
    assert [page.read_bytes() for page in first] == [page.read_bytes() for page in again]


def test_versions_of_one_measure_have_a_page_each_and_a_bad_file_stops_no_other(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    later = MEASURE.replace("in_force: 2020-01-01, until: 2023-01-01", "in_force: 2023-01-01")
    (folder / "later.yaml").write_text(later, encoding="utf-8")
    (folder / "bad.yaml").write_text("measure: x", encoding="utf-8")
    (folder / "days.yaml").write_text("holidays: []", encoding="utf-8")
    assert main(["rulebook", "doc", str(folder), "--out", str(folder / "out")]) == 1
    said = capsys.readouterr()
    assert "bad.yaml" in said.err and "写成网页 3 个" in said.out
    names = sorted(page.name for page in (folder / "out").iterdir())
    assert names == ["index.html", "sample_2020-01-01.html", "sample_2023-01-01.html"]
    assert "还没有检验" in (folder / "out" / "sample_2023-01-01.html").read_text(encoding="utf-8")


def test_tests_that_do_not_read_are_told_on_the_page(folder: Path) -> None:
    (folder / "sample.tests.yaml").write_text("tests:\n- nam: x\n", encoding="utf-8")
    document([folder], folder / "out", vocabulary())
    assert "sample.tests.yaml:2:3" in (folder / "out" / "sample.html").read_text(encoding="utf-8")


def test_the_whole_shelf_has_pages(tmp_path: Path) -> None:
    files = [
        SHELF / "measures" / "sz_infrastructure_2022",
        SHELF / "measures" / "sz_tech_centre",
        SHELF / "listing" / "star_2019.yaml",
    ]
    pages, problems = document(files, tmp_path, vocabulary())
    assert not problems and len(pages) >= 4
    for page in pages:
        checked(page)


# --- read aloud ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "zh", "en"),
    [
        ("总投资 >= 300万元", "总投资不低于300万元", "Total investment is at least 3,000,000 yuan"),
        ("总投资 >= 门槛", "总投资不低于300万元（门槛）", "Total investment is at least 3,000,000 yuan (门槛)"),
        ("300万元 < 总投资", "总投资高于300万元", "Total investment is above 3,000,000 yuan"),
        ("认定年度 in [2020 .. 2022)", "认定年度在2020年（含）至2022年（不含）之间", "Year is from 2020 year to 2022 year (excluded)"),
        ("示范方向 not in [行业应用]", "示范方向不为行业应用", "Track is not Industry use"),
        ("not 示范方向 == 行业应用", "并非“示范方向为行业应用”", "not “Track is Industry use”"),
        ("申报单位.kind == 企业 or 总投资 < 1元", "申报单位的类别为企业，或总投资低于1元", None),
        ("30% * 总投资 >= 1元", "总投资的30%不低于1元", "30% of Total investment is at least 1 yuan"),
        ("总投资 * 30% / 2 - 1元 > 5元", "总投资的30%除以2减1元高于5元", None),
        ("(总投资 - 1元) * 2 > 1元", "（总投资减1元）乘以2高于1元", None),
        ("min(总投资, 1元) == max(1元, 2元, 3元)", "总投资、1元中较低的为1元、2元、3元中最高的", None),
        ("决定日 > 2022-01-01", "决定日晚于2022-01-01", "the day of the decision is after 2022-01-01"),
        ("决定日 <= years_after(2022-01-01, -2)", "决定日不晚于2022-01-01前2年", None),
        ('round_to(总投资, 1万元, "down") > 1元', "总投资（舍去零头到1万元的整数倍）高于1元", None),
        ("总投资 * tiers(总投资; <1000万元: 10%, else: 20%) > 1元", "总投资乘以分档数（总投资低于1000万元的10%，其余的20%）高于1元", None),
        ("if(示范方向 == 行业应用, 1元, 2元) > 1元", "（示范方向为行业应用的，1元；否则2元）高于1元", None),
        ("at_least(2; 示范方向 == 行业应用, 总投资 > 1元)", "下列至少2项：示范方向为行业应用；总投资高于1元", None),
    ],
)  # fmt: skip
def test_an_expression_is_read_aloud(tmp_path: Path, expression: str, zh: str, en: str | None) -> None:
    measure = with_condition(tmp_path, expression)
    meaning = measure.clauses[0].conditions[0].meaning
    assert Wording(measure, "demonstration_project").words(meaning) == zh
    said = Wording(measure, "demonstration_project", "en").words(meaning)
    assert said == en if en else said and not any(word in said for word in ("不低于", "高于", "低于", "其余"))


def with_condition(folder: Path, expression: str) -> Measure:
    path = folder / "one.yaml"
    written = expression.replace("'", "''")
    path.write_text(
        "measure: x\nid: x\nversion: {in_force: 2020-01-01, status: 待核, source: x}\nparameters: {门槛: 300万元}\n"
        f"clauses:\n- {{id: a, article: 一, text: x, for: 示范项目, when: ['{written}']}}\n",
        encoding="utf-8",
    )
    return load(path, vocabulary())
