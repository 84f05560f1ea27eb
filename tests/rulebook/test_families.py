"""Versions of a measure: by the day, by the date of a case, and what check says of overlaps and gaps."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from mangrove.cli import main
from mangrove.rulebook.decide import Run, Standing
from mangrove.rulebook.measures import Measure
from mangrove.rulebook.population import Thing
from mangrove.rulebook.texts.families import Family, families
from mangrove.rulebook.texts.reader import load
from mangrove.vocabulary import vocabulary

from .whole import outcomes

TEXT = """\
measure: 测试
id: {id}
version: {{in_force: {begin}, until: {end}, decided_by: {by}, status: {status}, source: 测试}}
clauses:
- {{id: a, article: 一, text: 文, for: 基站, amount: {wan}万元}}
"""


def version(
    folder: Path,
    begin: str,
    end: str = "",
    wan: int = 1,
    by: str = "开通日期",
    status: str = "待核",
    id: str = "m",
) -> Path:
    text = TEXT.format(id=id, begin=begin, end=end, wan=wan, by=by, status=status)
    path = folder / f"{id}_{begin}_{wan}.yaml"
    path.write_text(text if end else text.replace(" until: ,", ""), encoding="utf-8")
    return path


def family(*paths: Path) -> Family:
    (found,) = families(load(path, vocabulary(), path.name) for path in paths)
    return found


def station(opened: date | None) -> Thing:
    return Thing("station", "s", {"opened_on": opened})


def paid(measure: Measure | None) -> str:
    amount = measure.clause("a").amount if measure else None
    return amount.text if amount else ""


@pytest.fixture
def two(tmp_path: Path) -> Family:
    return family(
        version(tmp_path, "2022-01-01", "2025-01-01", 2), version(tmp_path, "2020-01-01", "2022-01-01")
    )


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        ("2019-12-31", ""), ("2020-01-01", "1万元"), ("2021-12-31", "1万元"), ("2022-01-01", "2万元"),
        ("2024-12-31", "2万元"), ("2025-01-01", ""),
    ],
)  # fmt: skip
def test_a_day_has_one_version(two: Family, day: str, amount: str) -> None:
    assert paid(two.version_on(date.fromisoformat(day))) == amount
    own = two.versions_for(station(date.fromisoformat(day)))
    assert [paid(one) for one in own] == ([amount] if amount else [])


def test_each_version_refuses_what_is_outside_its_time(two: Family) -> None:
    old, new = two.versions
    for measure, day, standing in (
        (old, date(2021, 12, 31), Standing.MEETS), (old, date(2022, 1, 1), Standing.FAILS), (old, None, Standing.LACKS),
        (new, date(2021, 12, 31), Standing.FAILS), (new, date(2022, 1, 1), Standing.MEETS),
    ):  # fmt: skip
        assert outcomes(measure, station(day))["a"].standing == standing
    assert not two.versions_for(station(None)) and not list(two.overlaps()) and not list(two.gaps())


def test_the_day_of_the_run_decides_where_no_date_of_the_case_does(tmp_path: Path) -> None:
    one = family(version(tmp_path, "2020-01-01", "2022-01-01", by="决定日"))
    assert one.versions_for(station(None), Run(date(2021, 1, 1))) == one.versions
    assert not one.versions_for(station(None), Run(date(2022, 1, 1)))
    assert not one.versions_for(station(None))


@pytest.mark.parametrize(
    ("first", "second", "overlap", "gap"),
    [
        (("2020-01-01", "2022-01-01"), ("2022-01-01", ""), False, False),
        (("2020-01-01", "2022-01-02"), ("2022-01-01", ""), True, False),
        (("2020-01-01", ""), ("2022-01-01", ""), True, False),
        (("2020-01-01", "2021-12-31"), ("2022-01-01", ""), False, True),
        (("不详", "2021-12-31"), ("2022-01-01", ""), False, True),
        (("不详", ""), ("2022-01-01", ""), True, False),
        (("不详", "2021-01-01"), ("不详", "2022-01-01"), True, False),
    ],
)
def test_overlaps_and_gaps(
    tmp_path: Path, first: tuple[str, str], second: tuple[str, str], overlap: bool, gap: bool
) -> None:
    found = family(version(tmp_path, *second, wan=2), version(tmp_path, *first))
    overlaps, gaps = list(found.overlaps()), list(found.gaps())
    assert (len(overlaps), len(gaps)) == (overlap, gap)
    for one in [*overlaps, *gaps]:
        assert one.place.line == 3 and one.place.column == 21 and "m_" in one.place.file
        assert (
            ("重叠" in one.zh and "Overlaps" in one.en)
            if overlap
            else ("没有有效的版本" in one.zh and "no version" in one.en)
        )


def test_a_short_version_inside_a_long_one_leaves_no_gap(tmp_path: Path) -> None:
    found = family(
        version(tmp_path, "2020-01-01", "2030-01-01"),
        version(tmp_path, "2021-01-01", "2022-01-01", 2),
        version(tmp_path, "2023-01-01", "2024-01-01", 3),
    )
    assert len(list(found.overlaps())) == 2 and not list(found.gaps())


def test_a_draft_never_holds_and_overlaps_nothing(tmp_path: Path) -> None:
    found = family(version(tmp_path, "2020-01-01"), version(tmp_path, "2021-01-01", wan=2, status="草案"))
    assert len(found.versions) == 2 and len(found.in_force) == 1 and not list(found.overlaps())
    assert paid(found.version_on(date(2022, 1, 1))) == "1万元"


def test_check_refuses_overlaps_and_mentions_gaps(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = version(tmp_path, "2020-01-01", "2022-01-01"), version(tmp_path, "2022-06-01", wan=2)
    assert main(["rulebook", "check", str(first), str(second)]) == 0
    assert "2022-01-01 至 2022-06-01 之间没有有效的版本" in capsys.readouterr().err
    third = version(tmp_path, "2021-01-01", "2021-02-01", wan=3)
    assert main(["rulebook", "check", "--language", "en", str(first), str(second), str(third)]) == 1
    assert "Overlaps another version of the measure" in capsys.readouterr().err
    assert main(["rulebook", "check", str(first), str(version(tmp_path, "2020-01-01", id="other"))]) == 0


def test_check_mentions_two_drafts_with_one_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They may be compared, so both read; but an officer who copied a file may have left the id as it was."""
    drafts = [str(version(tmp_path, "2021-01-01", wan=wan, status="草案")) for wan in (1, 2)]
    assert main(["rulebook", "check", *drafts]) == 0
    said = capsys.readouterr().err
    assert said.count("标识（id）都是“") == 1 and all(one in said for one in drafts) and "换 id" in said
    assert main(["rulebook", "check", *drafts, "--language", "en"]) == 0
    assert "carry the same id" in capsys.readouterr().err
    assert main(["rulebook", "check", drafts[0]]) == 0 and not capsys.readouterr().err
