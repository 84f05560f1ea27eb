"""Places under a quota in an explanation: on the terminal and on the page, with who came last for want of a datum."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from mangrove.cli import main

TEXT = dedent("""\
    measure: 名额（测试用）
    id: places
    version: {in_force: 2020-01-01, until: 2030-01-01, status: 待核, source: 测试用}
    clauses:
    - {id: prize, article: 第五条, text: 每个10万元, for: 示范项目, amount: 10万元}
    quotas:
    - {of: prize, at_most: 1, order: [总投资 desc]}
    """)
ROWS = "id,name,track,year,investment,source\np1,甲,行业应用,2021,,合成\np2,乙,行业应用,2021,290万元,合成\n"


@pytest.fixture
def call(tmp_path: Path) -> list[str]:
    (tmp_path / "m.yaml").write_text(TEXT, encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "demonstration_project.csv").write_text(ROWS, encoding="utf-8")
    return ["rulebook", "explain", str(tmp_path / "m.yaml"), "--data", str(tmp_path / "data")]


@pytest.mark.parametrize(
    ("words", "language", "said"),
    [
        (["示范项目:p1"], "zh", "名额：第五条（prize）名额1个已满；“总投资”缺数据，排在最后"),
        (["示范项目:p2"], "zh", "名额：第五条（prize）入选"),
        (["示范项目:p1"], "en", "no place: 名额1个已满; came last, what ranks it is not known"),
        (["--all"], "zh", "入选1，名额已满1，待定0；其中1件“总投资”缺数据，排在最后"),
        (
            ["--all"],
            "en",
            "1 chosen, 1 without a place, 0 waiting; 1 came last, what ranks them is not known",
        ),
    ],
)
def test_the_page_says_of_quotas_what_the_text_says(
    call: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str],
    words: list[str], language: str, said: str,
) -> None:  # fmt: skip
    page = tmp_path / "page.html"
    assert main([*call, *words, "--html", str(page), "--language", language]) == 0
    assert said in capsys.readouterr().out and said in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("act", ["run", "explain", "whatif"])
def test_a_day_outside_the_time_of_the_measure_is_refused_alike(
    call: list[str], capsys: pytest.CaptureFixture[str], act: str
) -> None:
    words = [call[0], act, *call[2:], *(["--all"] if act == "explain" else [])]
    assert main([*words, "--on", "2031-01-01"]) == 1
    assert "在 2031-01-01 不施行（2020-01-01 .. 2030-01-01）" in capsys.readouterr().err
    assert main([*words, "--on", "2029-12-31"]) == 0


def test_the_help_says_how_take_up_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["rulebook", "whatif", "--help"])
    said = "".join(capsys.readouterr().out.split())
    assert "--take-up60%--take-up南山区=50%--take-up缺数据=30%" in said
