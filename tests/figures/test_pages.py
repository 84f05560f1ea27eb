"""The pages of figures as an officer reads them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from mangrove.figures.loading import Loaded
from mangrove.figures.models import Concept, Definition, Kind, Source
from mangrove.ledger.models import Event
from mangrove.ui.house import act_words

from .conftest import value_of

pytestmark = pytest.mark.django_db

LIST, EXPORT = "/figures/", "/figures/export/"


def text(answer: Any) -> str:
    assert answer.status_code == 200, answer.content.decode()
    return str(answer.content.decode())


def cells(answer: Any) -> list[Any]:
    sheet = load_workbook(BytesIO(answer.content)).worksheets[0]
    return [cell for row in sheet.iter_rows(values_only=True) for cell in row]


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        text(client.get(url))
    return len(asked.captured_queries)


def define(id: str, concept: Concept) -> Definition:
    return Definition.objects.create(
        id=id, concept=concept, zh=id, rule_zh="规则", kind=Kind.STOCK, unit="个", display_unit="个"
    )


def add_values(client: Client, definition: str, days: list[str]) -> None:
    for day in days:
        said = {
            "definition": definition,
            "as_of": day,
            "amount": "5",
            "source": "bulletin",
            "on": "2021-01-01",
        }
        assert client.post(reverse("figures:state"), {**said, "why": "补录"}).status_code == 302


@pytest.mark.parametrize("url", [LIST, EXPORT, "/figures/check/", "/figures/state/", "/figures/values/1/"])
def test_strangers_are_sent_to_sign_in(client: Client, url: str) -> None:
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("role", ["deputy", "operator", "chain_chief", "auditor"])
def test_whoever_is_signed_in_reads_every_figure(
    loaded: Loaded, signed_in: Callable[..., Client], role: str
) -> None:
    assert "基站总数" in text(signed_in(role).get(LIST))


class TestList:
    def test_a_line_says_value_date_rule_and_source_and_leads_to_the_lineage(
        self, loaded: Loaded, officer: Client
    ) -> None:
        page = text(officer.get(LIST, {"text": "规上工业比重"}))
        value = value_of("electronics_share", "2020", "computed")
        assert f'href="{reverse("figures:lineage", args=[value.pk])}"' in page
        for words in ("59.9", "2020年", "本系统按分子分母计算", "已核", "2个来源不一致"):
            assert words in page

    @pytest.mark.parametrize(
        ("query", "there", "gone"),
        [
            ({"text": "省级"}, "省主管部门", "绽放杯全国项目数"),
            ({"line": "calls"}, "绽放杯全国项目数", "规上工业增加值"),
            ({"kind": "ratio"}, "比重", "绽放杯全国项目数"),
            ({"rule_status": "unverified"}, "基站总数", "绽放杯全国项目数"),
            ({"conflicts": "1"}, "2个来源不一致", "基站总数"),
        ],
    )
    def test_filters_narrow(
        self, loaded: Loaded, officer: Client, query: dict[str, str], there: str, gone: str
    ) -> None:
        page = text(officer.get(LIST, query))
        assert there in page and gone not in page

    def test_a_definition_without_a_value_says_that_it_is_lacking(self, db: None, officer: Client) -> None:
        define("reserve", Concept.objects.create(id="reserve", zh="后备企业"))
        assert "缺数据" in text(officer.get(LIST))

    def test_before_any_city_is_loaded_it_says_what_to_do(self, db: None, officer: Client) -> None:
        assert "导入城市资料" in text(officer.get(LIST))

    def test_as_many_queries_for_three_as_for_one(self, db: None, officer: Client) -> None:
        Source.objects.create(id="bulletin", title="公报")
        concept = Concept.objects.create(id="stations", zh="基站")
        define("one", concept)
        add_values(officer, "one", ["2020"])
        few = queries(officer, LIST)
        for id in ("two", "three"):
            define(id, concept)
            add_values(officer, id, ["2019", "2020"])
        assert queries(officer, LIST) == few

    def test_the_file_says_who_when_and_which_filter_and_carries_the_rule(
        self, loaded: Loaded, officer: Client
    ) -> None:
        said = cells(officer.get(EXPORT, {"kind": "ratio", "sort": "zh"}))
        assert "导出人：经办人甲" in said and "筛选条件：类别：比率" in said
        assert any(str(cell).startswith("导出时间：") for cell in said)
        for words in ("59.9%", "59.8838%", "招引与产业链", "电子信息制造业占规上工业比重"):
            assert words in said
        assert "绽放杯全国项目数" not in said


class TestDefinition:
    def url(self, id: str) -> str:
        return reverse("figures:definition", args=[id])

    def test_shows_the_rule_in_both_languages_and_how_it_is_printed(
        self, loaded: Loaded, officer: Client
    ) -> None:
        page = text(officer.get(self.url("stations_built")))
        for words in (
            "没有写明计数单位",
            "counting unit",
            "向下取到所印位数",
            "记到个的小数点后0位",
            "深圳市全市",
        ):
            assert words in page

    def test_shows_all_values_their_course_and_the_other_counting_rule(
        self, loaded: Loaded, officer: Client
    ) -> None:
        page = text(officer.get(self.url("stations_built")))
        for words in (
            "15,000",
            "45,000",
            "48,012",
            "50,000",
            "<svg",
            "30,591",
            "不能相加减",
            "装入指标与口径",
        ):
            assert words in page

    def test_sources_that_disagree_stand_side_by_side_and_are_never_averaged(
        self, loaded: Loaded, officer: Client
    ) -> None:
        page = text(officer.get(self.url("electronics_share")))
        conflict = page[page.index("并列不取平均") : page.index("全部数值")]
        assert "59.8838" in conflict and "59.8000" in conflict and "印用此数" in conflict
        assert "59.84" not in page

    def test_one_period_makes_no_chart(self, loaded: Loaded, officer: Client) -> None:
        assert 'class="chart"' not in text(officer.get(self.url("bloom_cup_projects")))

    def test_an_old_revision_stays_in_sight_and_says_that_it_was_replaced(
        self, loaded: Loaded, officer: Client
    ) -> None:
        said = {"definition": "bloom_cup_projects", "as_of": "2020", "amount": "4290", "source": "letter"}
        officer.post(reverse("figures:state"), {**said, "on": "2021-09-01", "why": "更正"})
        page = text(officer.get(self.url("bloom_cup_projects")))
        assert "4,290" in page and "4,289" in page and "第1次，已被取代" in page and "更正" in page

    def test_an_unknown_one_is_not_found(self, officer: Client) -> None:
        assert officer.get(self.url("nothing")).status_code == 404

    def test_as_many_queries_for_three_values_as_for_one(self, db: None, officer: Client) -> None:
        Source.objects.create(id="bulletin", title="公报")
        define("one", Concept.objects.create(id="stations", zh="基站"))
        add_values(officer, "one", ["2018"])
        few = queries(officer, self.url("one"))
        add_values(officer, "one", ["2019", "2020"])
        assert queries(officer, self.url("one")) == few


class TestLineage:
    def url(self, *value: str) -> str:
        return reverse("figures:lineage", args=[value_of(*value).pk])

    def test_a_ratio_shows_its_division_and_both_parts_with_their_source(
        self, loaded: Loaded, officer: Client
    ) -> None:
        page = text(officer.get(self.url("electronics_share", "2020", "computed")))
        assert "5349.18亿元 ÷ 8932.6亿元 = 59.8838% → 59.9%" in page
        for words in (
            "分子",
            "5,349.18",
            "分母",
            "8,932.6",
            "20210615号建议答复意见的函",
            "不一致",
            "59.8000",
        ):
            assert words in page

    def test_a_count_leads_down_to_records_that_add_up_and_are_marked_synthetic(
        self, loaded: Loaded, officer: Client
    ) -> None:
        page = text(officer.get(self.url("stations_built", "2021-08-30")))
        for words in (
            "超48000个 → 超4.8万个",
            "佐证",
            "30条明细合计48,012个",
            "2,919",
            "合成数据",
            "可同时为真",
        ):
            assert words in page

    def test_says_who_entered_it_and_when(self, loaded: Loaded, officer: Client) -> None:
        page = text(officer.get(self.url("bloom_cup_projects", "2020")))
        entered = page[page.index("谁在何时录入") :]
        for words in ("经办人甲", "2021-08-30", "补录", "按存档原件补录"):
            assert words in entered

    def test_in_a_drawer_it_comes_without_the_shell(self, loaded: Loaded, officer: Client) -> None:
        answer = officer.get(self.url("bloom_cup_projects", "2020"), headers={"hx-request": "true"})
        assert "4,289" in text(answer) and "<html" not in text(answer) and "打开整页" in text(answer)

    def test_an_old_revision_leads_to_the_one_that_counts(self, loaded: Loaded, officer: Client) -> None:
        old = value_of("electronics_value_added", "2020")
        said = {"definition": "electronics_value_added", "as_of": "2020", "amount": "5350", "unit": "亿元"}
        officer.post(
            reverse("figures:state"), {**said, "source": "letter", "on": "2021-09-01", "why": "更正"}
        )
        page = text(officer.get(reverse("figures:lineage", args=[old.pk])))
        assert "这是旧的修订" in page and self.url("electronics_value_added", "2020") in page
        assert "由此数算出" in page

    def test_the_records_can_be_taken_away_as_a_file(self, loaded: Loaded, officer: Client) -> None:
        value = value_of("stations_built", "2021-08-30", "sample_stations")
        said = cells(officer.get(reverse("figures:records_export", args=[value.pk])))
        assert sum(cell for cell in said if isinstance(cell, int)) == 48_012
        assert said.count("合成") == 30
        assert any("48012个" in str(cell) for cell in said)

    def test_a_value_that_is_not_there_is_not_found(self, officer: Client) -> None:
        assert officer.get("/figures/values/4711/").status_code == 404


def test_acts_of_the_room_are_words_in_a_timeline(loaded: Loaded) -> None:
    assert str(act_words(Event.objects.get().act)) == "装入指标与口径"
    assert str(act_words("figures.set_value")) == "录入数值"


def test_pages_hold_no_inline_style_or_script(loaded: Loaded, officer: Client) -> None:
    for url in (
        LIST,
        reverse("figures:definition", args=["stations_built"]),
        "/figures/state/",
        "/figures/check/",
    ):
        page = text(officer.get(url))
        assert " style=" not in page and "<script>" not in page
