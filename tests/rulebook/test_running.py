"""A measure over a folder of data: both engines print the same lines, and data that no person may record are told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mangrove.cli import main

HEAD = "项目标识,项目名称,示范方向,认定年度,总投资,来源,申报单位\n"
ROW = "p1,甲,行业应用,2020,4000万元,测试,\n"
MEASURE = """\
measure: 测试
id: test_measure
version: {in_force: 2022-01-01, decided_by: 决定日, status: 待核, source: 测试用}
inputs:
  综合得分: {for: 示范项目, type: 数, between: [0 .. 100], by: 评审专家组}
clauses:
- {id: named, article: 一, text: 名单, for: 示范项目, when: ['项目名称 in ["甲", "没有人"]', 决定日 < 2023-01-01]}
- {id: grant, article: 二, text: 补助, for: 示范项目, when: [综合得分 >= 60], amount: 30% * 总投资, cap: 1000万元}
- {id: firm, article: 三, text: 合计, for: 机构, amount: sum(grant of 示范项目)}
"""


def test_both_engines_print_the_same_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    data.mkdir()
    rng = np.random.default_rng(7)
    rows = [
        f"p{n},{'甲乙丙'[n % 3]},行业应用,2020,{money},测试,{'hw' if n % 2 else ''},{score}"
        for n, (money, score) in enumerate(
            zip(rng.integers(0, 10**9, 40), rng.integers(0, 100, 40), strict=True)
        )
    ] + ["px,甲,行业应用,2020,,测试,hw,", "py,甲,行业应用,2020,10000000亿元,测试,hw,70"]
    (data / "demonstration_project.csv").write_text(
        HEAD.strip() + ",综合得分\n" + "\n".join(rows), encoding="utf-8"
    )
    organisation = "机构标识,机构名称,类别,地域,来源,合成数据,核对状态\nhw,华为,企业,本市,测试,是,待核\n"
    organisation = organisation.replace("类别", "kind").replace("核对状态", "check_status")
    (data / "organisation.csv").write_text(organisation.replace("机构名称", "name"), encoding="utf-8")
    path = tmp_path / "measure.yaml"
    path.write_text(MEASURE, encoding="utf-8")
    told = []
    for engine in ("numpy", "interpreter"):
        arguments = [
            "rulebook",
            "run",
            str(path),
            "--data",
            str(data),
            "--engine",
            engine,
            "--on",
            "2022-12-31",
        ]
        assert main(arguments) == 0, capsys.readouterr().err
        told.append(capsys.readouterr().out.splitlines())
    assert told[0] == told[1]
    assert len(told[0]) == 1 + 2 * 42 + 1
    for line in ("demonstration_project,p0,named,符合,,", "demonstration_project,px,grant,缺数据,,"):
        assert any(one.startswith(line) for one in told[0])
    assert any(one.startswith("organisation,hw,firm,缺数据,,") for one in told[0])


def test_what_people_recorded_out_of_range_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "demonstration_project.csv").write_text(
        HEAD.strip() + ",综合得分\n" + ROW.strip() + "120\n".replace("120", ",120"), encoding="utf-8"
    )
    path = tmp_path / "measure.yaml"
    path.write_text(MEASURE, encoding="utf-8")
    for engine in ("numpy", "interpreter"):
        assert main(["rulebook", "run", str(path), "--data", str(tmp_path), "--engine", engine]) == 1
        assert "“综合得分”不在规定的范围里" in capsys.readouterr().err
