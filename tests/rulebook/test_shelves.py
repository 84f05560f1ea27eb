"""Measures found for a portfolio: by id, in the version of the day; portfolios checked; rows of columns read as things."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mangrove.rulebook.allotting.allotment import Rows
from mangrove.rulebook.engines.arrow import from_csv
from mangrove.rulebook.texts.shelves import is_portfolio
from mangrove.rulebook.texts.tables import read_population
from mangrove.vocabulary import vocabulary

from .portfolios import CITY, DISTRICT, PORTFOLIO, YUAN, Ran, firm, project, with_both, write_table


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ran:
    return Ran(tmp_path, capsys)


@pytest.fixture
def both(run: Ran) -> Ran:
    return with_both(run)


# --- finding measures ---------------------------------------------------------------------------------------------


def versions(run: Ran, *spans: str) -> None:
    """Files of one measure with these times."""
    (run.folder / "shelf").mkdir()
    for n, span in enumerate(spans):
        text = CITY.replace("in_force: 2020-01-01", span)
        text = text.replace("status: 待核", "status: 草案", 1) if "草案" in span else text
        (run.folder / "shelf" / f"city{n}.yaml").write_text(text, encoding="utf-8")
    (run.folder / "shelf" / "district.yaml").write_text(DISTRICT, encoding="utf-8")


class TestFinding:
    OLD, NEW = "in_force: 2020-01-01, until: 2022-01-01", "in_force: 2022-01-01"
    TRIED = "in_force: 2022-01-01, note: 草案"  # which makes the file one

    @pytest.fixture
    def on(self, both: Ran) -> Callable[..., tuple[int, str, str]]:
        def asked(*more: str) -> tuple[int, str, str]:
            return both("allot", "@both.yaml", "--data", "@data", "--shelf", "@shelf", *more)

        return asked

    def test_the_version_of_the_day(self, both: Ran, on: Callable[..., tuple[int, str, str]]) -> None:
        versions(both, self.OLD, self.NEW)
        assert "2020-01-01 .. 2022-01-01" in on("--on", "2021-12-31")[1]
        assert "2022-01-01 .." in on("--on", "2022-01-01")[1]

    @pytest.mark.parametrize(
        ("spans", "more", "zh", "en"),
        [
            ((OLD, NEW), (), "请用 --on 给出决定日", "say with --on"),
            ((OLD, NEW), ("--on", "2019-12-31"), "没有有效的版本", "No version"),
            ((NEW,), ("--on", "2021-12-31"), "没有有效的版本", "No version"),
            ((NEW, NEW), ("--on", "2022-12-31"), "几个版本同时有效", "Several versions"),
            ((), (), "没有措施“city”", "No measure"),
            ((TRIED, TRIED), (), "city0.yaml、", "carry the same id “city”"),
            ((TRIED, TRIED), ("--on", "2022-12-31"), "给其中一个换 id", "one another id"),
        ],
    )
    def test_none_or_several_are_told_where_the_portfolio_names_them(
        self, both: Ran, on: Callable[..., tuple[int, str, str]],
        spans: tuple[str, ...], more: tuple[str, ...], zh: str, en: str,
    ) -> None:  # fmt: skip
        versions(both, *spans)
        for language, said in (("zh", zh), ("en", en)):
            code, out, err = on(*more, "--language", language)
            assert (code, out) == (1, "") and said in err and "both.yaml:5:12" in err

    def test_one_version_that_asks_the_date_of_each_case_needs_no_day(
        self, both: Ran, on: Callable[..., tuple[int, str, str]]
    ) -> None:
        versions(both, "in_force: 2022-01-01, decided_by: 申报日期")
        assert on("--on", "2021-12-31")[0] == 0

    def test_inputs_that_differ_are_told_with_their_measures(self, both: Ran) -> None:
        text = DISTRICT.replace("改造核定金额", "企业规模").replace("[0元 .. 1亿元]", "[0元 .. 2亿元]")
        (both.folder / "district.yaml").write_text(text, encoding="utf-8")
        code, _out, err = both("allot", "@both.yaml", "--data", "@data")
        assert code == 1 and "措施“district”与 city 不能一起算" in err and "district.yaml:3:" in err

    def test_data_out_of_range_and_a_csv_that_cannot_be_written(self, both: Ran) -> None:
        code, _out, err = both("allot", "@both.yaml", "--data", "@data", "--csv", "@nowhere/out.csv")
        assert code == 1 and "写不了文件" in err
        write_table(both.folder / "data", "organisation", [firm("a", 设备核定金额=20_000 * YUAN)])
        (both.folder / "data" / "support_project.csv").unlink()
        code, _out, err = both("allot", "@both.yaml", "--data", "@data")
        assert code == 1 and "不在规定的范围里" in err


class TestCheck:
    def test_a_portfolio_is_known_by_its_first_key_and_reads(self, both: Ran) -> None:
        assert is_portfolio(both.folder / "both.yaml") and not is_portfolio(both.folder / "city.yaml")
        code, out, _err = both("check", "@both.yaml", "@city.yaml")
        assert code == 0 and "组合《两级专项（测试）》读通；措施 2，选择组 1，资金池 2。" in out
        assert "measures 2, choices 1, pots 2" in both("check", "@both.yaml", "--language", "en")[1]

    def test_what_is_wrong_with_one_is_told(self, both: Ran) -> None:
        (both.folder / "both.yaml").write_text(
            PORTFOLIO.replace("cut: in_order", "cut: order"), encoding="utf-8"
        )
        code, out, err = both("check", "@both.yaml")
        assert (code, out) == (1, "") and "没有分配办法“order”" in err and "both.yaml:22:8" in err


def test_rows_of_columns_read_as_things_do(both: Ran) -> None:
    """Field by field and link by link, against the plain population; columns the file lacks are unknown."""
    words = vocabulary()
    write_table(
        both.folder / "data", "organisation", [firm("a", 统一社会信用代码="91"), firm("b"), firm("c")]
    )
    write_table(both.folder / "data", "support_project", [project(f"p{key}", key) for key in "abc"])
    rows, plain = Rows(from_csv(both.folder / "data", words)), read_population(both.folder / "data", words)
    for place, thing in plain.things.items():
        same = rows.things[place]
        assert {name: same.fields.get(name) for name in thing.fields} == dict(thing.fields)
        assert dict(same.links) == dict(thing.links) and len(same.links) == len(thing.links)
        for steps in (("name",), ("applicant", "credit_code"), ("applicant", "district", "name")):
            if steps[0] in (*thing.fields, *thing.links):
                assert rows.along(same, steps) == plain.along(thing, steps)
    with pytest.raises(KeyError):
        rows.things["organisation", "nobody"]
