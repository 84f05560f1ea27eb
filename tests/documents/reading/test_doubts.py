"""What the reading is unsure of, it says."""

from __future__ import annotations

import pytest

from mangrove.documents.reading.extract import extract
from mangrove.documents.reading.letter import read_letter
from mangrove.documents.reading.report import as_text
from mangrove.documents.reading.source import SourceText

from . import scoring


def _doubts(text: str) -> str:
    return "\n".join(read_letter(SourceText("来函", "txt", text)).doubts)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("产量达到4.8万。", "“4.8万”：只有“万”，没有写明单位"),
        ("近3年建成5座。", "“近”可读作“最近”"),
        ("投入１，２００万元。", "全角逗号按千分位读"),
        ("建成学校5所。", "“5所”"),
        ("建成学校5所。", "不知是何时的（上下文没有日期）"),
        ("2020年、2021年分别增长3%、4.5%。", "几个日期“分别”对应"),
        ("3月12日植树500株。", "“3月12日”：没有写明年份"),
        ("产量翻一番。", "“翻一番”：“翻番”是倍数"),
        ("带动数十家企业。", "“数十家”：没有确数"),
        ("建成七八个项目。", "“七八个”：约数，没有确数"),
        ("投资大幅增长。", "没有写明增减多少"),
        ("接待旅客1200旅次。", "“1200旅次。”：没有认出单位"),
        ("目前建成学校5所。\n\n2023年9月28日", "时点按来函日期推定：“5所”（2023-09-28）"),
        ("尊敬的代表：", "没有认出标题"),
        ("尊敬的代表：", "没有认出署名"),
        ("尊敬的代表：", "没有认出成文日期"),
    ],
)
def test_a_doubt_is_said_with_its_words_and_its_reason(text: str, said: str) -> None:
    assert said in _doubts(text)


def test_names_with_digits_and_telephones_are_no_doubts() -> None:
    told = _doubts("推广5G、F5G、4K和GB/T 9704—2012，联系电话：0755-88101234。")

    assert "没有认出单位" not in told


def test_every_doubt_of_the_water_letter_is_in_the_report_at_its_place() -> None:
    reading = read_letter(extract(scoring.letter_source("water").encode()))
    report = as_text(reading).partition("存疑")[2]

    for words in scoring.gold("water")["doubts"]:
        assert f"“{words}" in report
    for doubt in reading.placed_doubts:
        quoted = reading.source.text[doubt.start : doubt.end]
        assert not doubt.end or quoted[:2] in doubt.words


def test_a_founding_letter_has_only_the_doubt_of_its_inferred_date() -> None:
    reading = read_letter(extract(scoring.founding_letter()), organisations=scoring.city_names(), home="深圳")

    assert reading.doubts == ("时点按来函日期推定：“超4.8万个”（2021-08-30）",)
