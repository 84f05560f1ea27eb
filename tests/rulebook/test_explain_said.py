"""One case explained in words: text in both languages, a page in which everything is escaped, the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from mangrove.cli import main
from mangrove.rulebook.explaining import case_html, case_text
from mangrove.rulebook.explaining.case import explain
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Thing

from .test_explain_case import SAMPLE, WAN, population, project, read_once, written
from .whole import measure_of


@pytest.fixture
def sample() -> Measure:
    return read_once()


def test_the_text_tells_value_threshold_gap_source_and_money(sample: Measure) -> None:
    said = case_text.as_text(
        explain(sample, project(investment=290 * WAN), population(project(investment=290 * WAN)))
    )
    assert (
        "不符合  总投资 >= 门槛（实为290万元，要求300万元，差10万元；示范项目“总投资”，来源：验收表）" in said
    )
    assert "示范项目“总投资”由290万元变为300万元（多10万元） → 得120万元" in said
    assert "第五条（转述，待核）：不符合" in said and "并入第八条（best），不单独支付" in said
    said = case_text.as_text(explain(sample, project(investment=3000 * WAN, 已获=100 * WAN), population()))
    assert "应得900万元：算得1500万元，封顶（1000万元）减去500万元，扣除已获100万元" in said
    assert "分担：省级 300万元，市级 600万元" in said


def test_english_tells_the_same(sample: Measure) -> None:
    found = explain(sample, project(investment=290 * WAN), population(project(investment=290 * WAN)))
    said = case_text.as_text(found, "en")
    assert "(is 2,900,000 yuan, asked 3,000,000 yuan, short by 100,000 yuan; " in said
    assert "from 2,900,000 yuan to 3,000,000 yuan (100,000 yuan more) → pays 1,200,000 yuan" in said
    assert "at least 2 of 3: 3 met" in said and "does not qualify" in said


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_text_on_the_page_is_escaped(sample: Measure, language: str) -> None:
    thing = project(source="<b onclick='x'>", name="<i>&", investment=1)
    page = case_html.page(explain(sample, thing, population(thing)), language)
    assert "<script" not in page and "<b " not in page and "<i>" not in page
    assert "&lt;script&gt;" in page and "&lt;i&gt;&amp;" in page
    assert page == case_html.page(explain(sample, thing, population(thing)), language)


def test_the_command_writes_the_page_and_tells_one_clause(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(SAMPLE, tmp_path)
    data, page = tmp_path / "data", tmp_path / "case.html"
    data.mkdir()
    text = "id,name,track,year,investment,source\np1,甲,行业应用,2021,290万元,合成\n"
    (data / "demonstration_project.csv").write_text(text, encoding="utf-8")
    call = ["rulebook", "explain", str(tmp_path / "sample.yaml"), "--data", str(data)]
    assert main([*call, "示范项目:p1", "--clause", "gate", "--html", str(page)]) == 0
    out = capsys.readouterr().out
    assert "第三条" in out and "第五条（转述" not in out
    assert "总投资 &gt;= 门槛" in page.read_text(encoding="utf-8")
    with pytest.raises(SystemExit):
        main(call)


def test_a_number_that_counts_nothing_is_told_without_a_counting_word(tmp_path: Path) -> None:
    """The fourth application is 4, not four pieces."""
    head = "measure: 次序\nid: attempts\nversion: {in_force: 不详, status: 待核, source: 测试用}\n"
    clause = "{id: a, article: 一, text: 前三次, for: 扶持项目, when: [申报次序 <= 3]}"
    measure = measure_of(f"{head}clauses: [{clause}]\n", tmp_path)
    fourth = Thing("support_project", "p", {"attempt": 4}, {})
    said = case_text.as_text(explain(measure, fourth, population(fourth)))
    assert "（实为4，超出1；" in said and "由4变为3（少1）" in said and "个" not in said
