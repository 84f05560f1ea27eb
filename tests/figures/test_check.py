"""The figure check of the founding letter: one number cut off instead of rounded, five claims without a number."""

from __future__ import annotations

import pytest
from django.test import Client

from mangrove.figures.check import check_text
from mangrove.figures.decisions import Verdict
from mangrove.figures.loading import Loaded
from mangrove.figures.models import Value
from mangrove.figures.report import as_data
from mangrove.ledger.models import Event

from .conftest import CITY, LETTER_DAY

pytestmark = pytest.mark.django_db

FOUNDING = (CITY / "founding_letter.txt").read_text(encoding="utf-8")


def test_the_founding_letter_has_exactly_one_wrong_number(loaded: Loaded) -> None:
    (finding,) = check_text(FOUNDING, on=LETTER_DAY).findings
    assert (finding.quantity.text, finding.verdict, finding.expected) == ("59.8%", Verdict.TRUNCATED, "59.9%")
    assert finding.arithmetic == "5349.18亿元 ÷ 8932.6亿元 = 59.8838%"
    assert finding.value is not None and finding.value.source_id == "computed"


def test_its_other_numbers_agree(loaded: Loaded) -> None:
    agreed = [one.quantity.text for one in check_text(FOUNDING, on=LETTER_DAY).agreements]
    assert agreed == [
        "超过16亿元",
        "10个",
        "10个",
        "4289个",
        "超4.8万个",
        "5349.18亿元",
        "1.7%",
        "8932.6亿元",
    ]


def test_its_five_claims_have_no_number_and_only_the_goal_has_a_verified_source(loaded: Loaded) -> None:
    claims = check_text(FOUNDING, on=LETTER_DAY).claims
    known = [(one.backing.id, one.backing.status) for one in claims]
    assert known == [("L06", "已核"), ("L15", "待核"), ("L27", "待核"), ("L34", "待核"), ("L37", "待核")]


def test_the_same_number_rounded_is_clean(loaded: Loaded) -> None:
    assert check_text(FOUNDING.replace("59.8%", "59.9%"), on=LETTER_DAY).clean


def test_a_number_that_no_figure_knows_is_named(loaded: Loaded) -> None:
    (finding,) = check_text("全市共有充电桩3.2万个。", on=LETTER_DAY).findings
    assert finding.verdict == Verdict.NO_FIGURE


def test_before_the_value_was_known_it_is_not_known(loaded: Loaded) -> None:
    entered = Event.objects.get().recorded_at
    earlier = entered.replace(year=entered.year - 1)
    (finding,) = check_text("截至2021年8月已建设5G基站超4.8万个。", on=LETTER_DAY, known_at=earlier).findings
    assert finding.verdict == Verdict.NO_FIGURE


def test_the_report_as_data_points_into_the_text(loaded: Loaded) -> None:
    (finding,) = as_data(check_text(FOUNDING, on=LETTER_DAY))["findings"]
    assert FOUNDING[finding["start"] : finding["end"]] == "59.8%"


class TestPage:
    URL = "/figures/check/"

    def test_a_pasted_letter_comes_back_marked_with_what_to_do(self, loaded: Loaded, officer: Client) -> None:
        page = officer.post(self.URL, {"text": FOUNDING, "on": "2021-08-30"}).content.decode()
        for words in (
            "1 处须改", "8 处相符", "无数字表述 5", "截断未四舍五入", "改为“59.9%”",
            "5349.18亿元 ÷ 8932.6亿元 = 59.8838%", "未找到",
        ):  # fmt: skip
            assert words in page
        assert page.count('class="mark mark--bad" href="#finding-') == 1
        assert page.count('<span class="mark mark--claim" title=') == 5

    def test_nothing_is_stored(self, loaded: Loaded, officer: Client) -> None:
        before = (Value.objects.count(), Event.objects.count())
        officer.post(self.URL, {"text": FOUNDING, "on": "2021-08-30"})
        assert (Value.objects.count(), Event.objects.count()) == before

    def test_a_bad_date_keeps_the_text(self, loaded: Loaded, officer: Client) -> None:
        page = officer.post(self.URL, {"text": "已建基站5万个", "on": "八月"}).content.decode()
        assert "还不能提交" in page and "已建基站5万个</textarea>" in page

    def test_markup_in_the_text_stays_text(self, loaded: Loaded, officer: Client) -> None:
        page = officer.post(self.URL, {"text": "<script>alert(1)</script>基站5个", "on": "2021-08-30"})
        assert "<script>alert" not in page.content.decode()

    def test_a_text_without_numbers_says_so(self, loaded: Loaded, officer: Client) -> None:
        page = officer.post(self.URL, {"text": "此复。", "on": "2021-08-30"}).content.decode()
        assert "没有须改的数字" in page

    def test_line_breaks_of_the_browser_do_not_move_the_places(self, loaded: Loaded, officer: Client) -> None:
        text = "第一行\r\n第二行\r\n占规上工业增加值的比重为59.8%，电子信息制造业。"
        page = officer.post(self.URL, {"text": text, "on": "2021-08-30"}).content.decode()
        assert ">59.8%</a>" in page
