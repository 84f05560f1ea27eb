"""``mangrove figures list | set | check`` as an operator types them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mangrove.cli import main
from mangrove.figures.loading import Loaded
from mangrove.figures.models import Value
from mangrove.ledger.models import Event

from .conftest import CITY, value_of

pytestmark = pytest.mark.django_db

Output = pytest.CaptureFixture[str]


def test_list_says_each_figure_with_its_date_and_source(loaded: Loaded, capsys: Output) -> None:
    assert main(["figures", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    share = next(line for line in lines if line.startswith("electronics_share "))
    assert share.endswith("电子信息制造业占规上工业比重：59.9%（2020年，本系统按分子分母计算）")


def test_set_by_the_chinese_name_writes_a_revision_of_the_newest_value(
    loaded: Loaded, capsys: Output
) -> None:
    assert main(["figures", "set", "基站总数", "48650", "--why", "更正"]) == 0
    assert capsys.readouterr().out.strip() == "“基站总数”2021年10月已记为第2次修订。"
    assert value_of("stations_built", "2021-10", "press_202110").amount == 48_650


def test_set_with_date_source_and_unit(loaded: Loaded) -> None:
    said = ["--as-of", "2021-08-30", "--source", "letter", "--unit", "万个", "--qualifier", "超"]
    assert main(["figures", "set", "stations_built", "4.9", *said]) == 0
    value = value_of("stations_built", "2021-08-30")
    assert (value.amount, value.qualifier, value.event.actor) == (49_000, "超", "cli")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["基站总量", "1"], "基站总数"),
        (["stations_built", "许多"], "“许多”不是数值"),
        (["stations_built", "1e999999999"], "不是数值"),
        (["stations_built", "5", "--unit", "亿元"], "不能把“亿元”换算成“个”"),
        (["stations_built", "5", "--as-of", "去年"], "不是时点"),
        (["stations_built", "5", "--source", "rumour"], "没有来源“rumour”"),
        (["stations_built", "5", "--qualifier", "顶多"], "没有限定词“顶多”"),
        (["stations_built", "5.5"], "精度更细"),
        (
            ["stations_built", "53000", "--as-of", "2026-10-31", "--source", "letter"],
            "2021-08-30公布，说不了2026-10-31的“基站总数”",
        ),
    ],
)
def test_set_refuses_in_words_and_writes_nothing(
    loaded: Loaded, capsys: Output, arguments: list[str], words: str
) -> None:
    before = Value.objects.count()
    assert main(["figures", "set", *arguments]) == 2
    said = capsys.readouterr()
    assert "未能办理" in said.err and words in said.err and said.out == ""
    assert Value.objects.count() == before


BULLETIN = ["--title", "2026年10月统计月报", "--published", "2026-11-10", "--publisher", "市统计局"]


def test_a_newer_source_is_entered_and_then_carries_the_newer_value(loaded: Loaded, capsys: Output) -> None:
    assert main(["figures", "source", "bulletin_202610", *BULLETIN]) == 0
    assert capsys.readouterr().out.strip() == "已登记来源“2026年10月统计月报”（bulletin_202610），待核。"
    said = ["--as-of", "2026-10-31", "--source", "bulletin_202610"]
    assert main(["figures", "set", "基站总数", "53000", *said]) == 0
    value = value_of("stations_built", "2026-10-31", "bulletin_202610")
    assert (value.amount, value.source.verified) == (53_000, False)
    event = Event.objects.get(act="figures.add_source")
    assert (event.object_id, event.actor) == ("bulletin_202610", "cli")


def test_the_command_refuses_a_verified_source_without_a_reason(loaded: Loaded, capsys: Output) -> None:
    assert main(["figures", "source", "bulletin_202610", *BULLETIN, "--verified"]) == 2
    assert "没有写明理由" in capsys.readouterr().err
    assert main(["figures", "source", "bulletin_202610", *BULLETIN, "--verified", "--why", "原件在手"]) == 0
    assert capsys.readouterr().out.strip().endswith("已核。")


def test_check_of_the_founding_letter_finds_one_and_says_so_in_its_exit_code(
    loaded: Loaded, capsys: Output
) -> None:
    file = str(CITY / "founding_letter.txt")
    assert main(["figures", "check", file, "--on", "2021-08-30"]) == 1
    report = capsys.readouterr().out
    assert "【截断未四舍五入】" in report and "应为：59.9%" in report
    assert "其中须改1处；无数字表述5处" in report


def test_check_of_a_clean_text_ends_well(loaded: Loaded, capsys: Output, tmp_path: Path) -> None:
    file = tmp_path / "clean.txt"
    file.write_text("截至2021年8月，全市已建设5G基站超4.8万个。", encoding="utf-8")
    assert main(["figures", "check", str(file), "--on", "2021-08-30"]) == 0
    assert "其中须改0处" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, "基站".encode("gbk")])
def test_check_of_what_is_no_text_is_refused_kindly(
    loaded: Loaded, capsys: Output, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "letter.txt"
    if content is not None:
        file.write_bytes(content)
    assert main(["figures", "check", str(file)]) == 2
    assert "letter.txt" in capsys.readouterr().err
