"""Stating a value: by the act itself, and through the form, which loses nothing of what was typed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mangrove.figures.actions import Row, Written, set_value
from mangrove.figures.loading import Loaded, load_figures
from mangrove.figures.models import Value
from mangrove.figures.periods import Period
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal

from .conftest import CITY, LETTER_DAY, OFFICER, value_of

pytestmark = pytest.mark.django_db

STATE = "/figures/state/"


def state(definition: str = "stations_built", amount: str = "48650", **more: Any) -> Written:
    said = {"as_of": Period.parse("2021-08-30"), "source": "letter", "on": LETTER_DAY, "why": "更正", **more}
    return set_value(definition, amount=Decimal(amount), by=OFFICER, **said)


def refused(**said: Any) -> Refusal:
    before = (Value.objects.count(), Event.objects.count())
    with pytest.raises(Refusal) as caught:
        state(**said)
    assert (Value.objects.count(), Event.objects.count()) == before
    return caught.value


class TestAct:
    def test_another_amount_is_a_new_revision_under_its_own_event(self, loaded: Loaded) -> None:
        written = state(amount="4.865", unit="万个")
        assert (written.value.revision, written.value.amount, written.changed) == (2, 48_650, True)
        assert written.value.event.act == "figures.set_value"
        assert value_of("stations_built", "2021-08-30", "sample_stations").revision == 1

    def test_the_same_amount_writes_nothing_and_keeps_the_records(self, loaded: Loaded) -> None:
        written = state(amount="48012", source="sample_stations")
        assert not written.changed and written.value.rows.count() == 30
        assert "没有变化" in written.words

    def test_a_part_that_changes_divides_the_ratio_again_under_the_same_event(self, loaded: Loaded) -> None:
        written = state("electronics_value_added", "5400", unit="亿元", as_of=Period.parse("2020"))
        ratio = value_of("electronics_share", "2020", "computed")
        assert ratio.event_id == written.value.event_id and ratio.revision == 2
        assert {link.input_id for link in ratio.inputs.all()} >= {written.value.pk}

    def test_a_bound_is_not_divided(self, loaded: Loaded) -> None:
        state("electronics_value_added", "5400", unit="亿元", qualifier="超", as_of=Period.parse("2020"))
        assert value_of("electronics_share", "2020", "computed").revision == 1

    def test_a_ratio_above_one_hundred_is_not_clamped(self, loaded: Loaded) -> None:
        state("electronics_value_added", "9000", unit="亿元", as_of=Period.parse("2020"))
        assert value_of("electronics_share", "2020", "computed").amount == 1_007_545

    def test_the_city_loaded_again_leaves_what_a_person_stated(self, loaded: Loaded) -> None:
        state(amount="48650")
        again = load_figures(CITY, by=OFFICER, on=LETTER_DAY, why="再次装入")
        assert again.event is None
        assert value_of("stations_built", "2021-08-30").amount == 48_650


class TestRefusals:
    def test_an_unknown_definition_is_named_with_the_nearest(self, loaded: Loaded) -> None:
        refusal = refused(definition="基站总量")
        assert (refusal.code, "基站总数" in refusal.what) == ("figures.unknown", True)

    def test_an_unknown_source_is_named_with_the_nearest(self, loaded: Loaded) -> None:
        assert "letter" in refused(source="leter").what

    def test_the_own_division_is_no_source_that_a_person_can_name(self, loaded: Loaded) -> None:
        assert refused(source="computed").code == "figures.unknown"

    @pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
    def test_what_is_no_number(self, loaded: Loaded, amount: str) -> None:
        assert refused(amount=amount).code == "figures.amount"

    @pytest.mark.parametrize("amount", ["9223372036854775808", "1E+40", "1E+999999", "1E-999999"])
    def test_what_no_record_can_hold(self, loaded: Loaded, amount: str) -> None:
        assert refused(amount=amount).code == "figures.too_large"

    def test_a_part_whose_ratio_no_record_can_hold(self, loaded: Loaded) -> None:
        year = Period.parse("2020")
        state("electronics_value_added", "9223372036854775807", unit="分", as_of=year)
        refusal = refused(definition="industry_value_added", amount="1", unit="分", as_of=year)
        assert (refusal.code, "规上工业比重" in refusal.where) == ("figures.too_large", True)

    @pytest.mark.parametrize("unit", ["亿元", "万哥"])
    def test_a_unit_that_cannot_be_converted(self, loaded: Loaded, unit: str) -> None:
        assert refused(unit=unit).code == "figures.unit"

    def test_an_amount_finer_than_the_rule_counts(self, loaded: Loaded) -> None:
        refusal = refused(amount="48650.5")
        assert refusal.code == "figures.too_fine" and "取整" in refusal.remedy

    def test_an_unknown_qualifier(self, loaded: Loaded) -> None:
        assert refused(qualifier="大约莫").code == "figures.unknown"

    def test_a_cut_that_the_rule_does_not_have(self, loaded: Loaded) -> None:
        assert refused(dimensions={"区": "福田"}).code == "figures.unknown"

    def test_records_that_do_not_add_up(self, loaded: Loaded) -> None:
        refusal = refused(amount="3", rows=[Row("r", "1", "一", Decimal(1), "letter")])
        assert "相差-2" in refusal.what

    def test_a_past_business_date_without_a_reason(self, loaded: Loaded) -> None:
        assert refused(why="").code == "ledger.back_entry_needs_reason"


class TestForm:
    SAID = {
        "definition": "stations_built", "as_of": "2021-08-30", "amount": "48,650", "unit": "", "qualifier": "",
        "source": "letter", "note": "月报", "on": "2021-09-01", "why": "统计更正",
    }  # fmt: skip

    def test_says_beforehand_what_will_follow(self, loaded: Loaded, officer: Client) -> None:
        page = officer.get(STATE, {"definition": "stations_built"}).content.decode()
        for words in ("未签发的答复随之印新数", "只生成差异报告", "此指标现有的数值", "48,012"):
            assert words in page
        assert '<option value="stations_built" selected>' in page

    def test_a_stated_value_leads_to_its_lineage_and_says_so(self, loaded: Loaded, officer: Client) -> None:
        answer = officer.post(STATE, self.SAID, follow=True)
        value = value_of("stations_built", "2021-08-30")
        assert answer.redirect_chain == [(reverse("figures:lineage", args=[value.pk]), 302)]
        assert "已记为第2次修订" in answer.content.decode()
        assert (value.amount, value.note, value.event.actor) == (48_650, "月报", "case_officer")

    def test_the_same_again_says_that_nothing_changed(self, loaded: Loaded, officer: Client) -> None:
        officer.post(STATE, self.SAID)
        assert "没有变化" in officer.post(STATE, self.SAID, follow=True).content.decode()

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"amount": "四万八"}, "不是数值"),
            ({"amount": "48650.5"}, "精度更细"),
            ({"amount": "9" * 30}, "数值太大"),
            ({"unit": "亿元"}, "不能把"),
            ({"unit": "万哥"}, "万个"),
            ({"as_of": "去年"}, "不是时点"),
            ({"as_of": "2021-13"}, "不是时点"),
            ({"on": "2999-01-01"}, "不能在今天之后"),
            ({"why": ""}, "属于补录"),
            ({"source": ""}, "请选择来源。"),
            ({"amount": ""}, "请填写数值。"),
            ({"source": "computed"}, "选择"),
        ],
    )
    def test_whatever_is_refused_nothing_typed_is_lost_and_nothing_is_written(
        self, loaded: Loaded, officer: Client, wrong: dict[str, str], words: str
    ) -> None:
        before = Value.objects.count()
        page = officer.post(STATE, {**self.SAID, **wrong}).content.decode()
        assert "还不能提交" in page and words in page
        kept = {**self.SAID, **wrong}
        assert all(f'value="{kept[name]}"' in page for name in ("as_of", "amount", "note") if kept[name])
        assert kept["why"] in page
        assert Value.objects.count() == before

    @pytest.mark.parametrize("role", ["case_officer", "reviewer", "chain_chief"])
    def test_those_who_answer_for_figures_may_state_them(
        self, loaded: Loaded, signed_in: Callable[..., Client], role: str
    ) -> None:
        client = signed_in(role)
        assert client.get(STATE).status_code == 200
        assert STATE in client.get("/figures/").content.decode()

    @pytest.mark.parametrize("role", ["deputy", "operator", "auditor", "sysadmin"])
    def test_others_are_told_who_may_and_nothing_is_written(
        self, loaded: Loaded, signed_in: Callable[..., Client], role: str
    ) -> None:
        before = Value.objects.count()
        client = signed_in(role)
        answer = client.post(STATE, self.SAID)
        assert answer.status_code == 422
        assert "经办人、核稿、链长办" in answer.content.decode()
        assert STATE not in client.get("/figures/").content.decode()
        assert Value.objects.count() == before
