"""Organisations are found by any name they bore that day; unsure names get candidates, never a merge."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mangrove.ledger.models import Event
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.registry import actions, decisions, names
from mangrove.registry.models import Organisation

OFFICER = Actor("officer_a", "经办人甲", "应用处")
TODAY = date.today()
RENAMED = date(2021, 6, 1)


def register(id: str = "leaguer", name: str = "深圳市通产丽星股份有限公司", **more: Any) -> Organisation:
    return actions.register_organisation(
        id=id, name=name, kind="企业", scope="本市", by=OFFICER, on=TODAY, source="letter", **more
    )


@pytest.mark.django_db
class TestFinding:
    def test_by_each_name_on_its_days(self) -> None:
        firm = register(short_name="通产丽星")
        actions.rename_organisation(
            organisation=firm,
            name="深圳市力合科创股份有限公司",
            by=OFFICER,
            on=RENAMED,
            source="letter",
            why="补录更名",
        )
        before, after = date(2021, 5, 31), RENAMED
        assert names.find_organisation("深圳市通产丽星股份有限公司", before) == firm
        assert names.find_organisation("深圳市通产丽星股份有限公司", after) is None
        assert names.find_organisation("深圳市力合科创股份有限公司", before) is None
        assert names.find_organisation("深圳市力合科创股份有限公司", after) == firm
        assert names.find_organisation("通产丽星", after) == firm

    def test_brackets_of_either_width_are_the_same_name(self) -> None:
        firm = register("onet", "昂纳信息技术（深圳）有限公司")
        assert names.find_organisation("昂纳信息技术(深圳)有限公司", TODAY) == firm

    def test_a_name_of_two_bodies_is_refused_and_kept_from_readers(self) -> None:
        register("a", "甲有限公司", short_name="红树")
        register("b", "乙有限公司", short_name="红树")
        with pytest.raises(Refusal, match="不止一个：甲有限公司、乙有限公司"):
            names.find_organisation("红树", TODAY)
        assert "红树" not in names.names_for_reading(TODAY)

    def test_reading_list_is_longest_first(self) -> None:
        register("huawei", "华为技术有限公司", short_name="华为")
        assert list(names.names_for_reading(TODAY).items()) == [
            ("华为技术有限公司", "huawei"),
            ("华为", "huawei"),
        ]

    def test_search_finds_former_names_and_codes(self) -> None:
        firm = register("huawei", "华为技术有限公司", credit_code="914403001922038216")
        register("zte", "中兴通讯股份有限公司")
        for text in ("华为", "914403001922038216", "huawei"):
            assert list(names.search(text)) == [firm]
        assert names.search("").count() == 2

    def test_candidates_put_what_spells_the_name_first(self) -> None:
        register("sz_grid", "深圳供电局有限公司")
        register("szgxj", "深圳市工业和信息化局")
        register("other", "深圳市工业设计协会")
        found = names.candidates("深圳工信局", TODAY)
        assert [(one.organisation, one.contained) for one in found][0] == ("szgxj", True)


def spells_by_search(short: str, long: str) -> bool:
    position = 0
    for character in short:
        found = long.find(character, position)
        if found < 0:
            return False
        position = found + 1
    return True


@given(st.text("红树市局深圳", max_size=6), st.text("红树市局深圳", max_size=10))
def test_spelling_agrees_with_a_plain_search(short: str, long: str) -> None:
    assert decisions.spells(short, long) == spells_by_search(short, long)


@pytest.mark.django_db
class TestActs:
    def test_registering_writes_names_and_one_event(self) -> None:
        firm = register("huawei", "华为技术有限公司", short_name="华为", credit_code="91440300192203821６")
        assert firm.credit_code == "914403001922038216"
        assert sorted(firm.names.values_list("kind", "text")) == [
            ("full", "华为技术有限公司"),
            ("short", "华为"),
        ]
        assert [(e.act, e.object_id) for e in Event.objects.all()] == [
            ("registry.register_organisation", "huawei")
        ]

    def test_a_known_name_is_refused(self) -> None:
        register("huawei", "华为技术有限公司")
        with pytest.raises(Refusal, match="已经登记为机构“huawei”"):
            register("huawei2", "华为技术有限公司")

    def test_a_wrong_code_is_refused_and_nothing_saved(self) -> None:
        with pytest.raises(Refusal, match="第18位应为“6”"):
            register("huawei", "华为技术有限公司", credit_code="914403001922038217")
        assert not Organisation.objects.exists() and not Event.objects.exists()

    def test_a_code_of_another_body_is_refused(self) -> None:
        register("huawei", "华为技术有限公司", credit_code="914403001922038216")
        other = register("zte", "中兴通讯股份有限公司")
        with pytest.raises(Refusal, match="已经属于华为技术有限公司"):
            actions.correct_credit_code(
                organisation=other, code="914403001922038216", by=OFFICER, on=TODAY, why="按营业执照"
            )

    def test_a_code_is_corrected_with_its_reason(self) -> None:
        firm = register("huawei", "华为技术有限公司")
        firm = actions.correct_credit_code(
            organisation=firm,
            code="914403001922038216",
            by=OFFICER,
            on=TODAY,
            why="按营业执照",
            verified=True,
        )
        assert (firm.credit_code, firm.credit_code_status) == ("914403001922038216", "verified")
        assert Event.objects.get(act="registry.correct_credit_code").why == "按营业执照"

    def test_renaming_to_the_same_name_is_refused(self) -> None:
        firm = register("onet", "昂纳信息技术（深圳）有限公司")
        with pytest.raises(Refusal, match="与现名称相同"):
            actions.rename_organisation(
                organisation=firm, name="昂纳信息技术(深圳)有限公司", by=OFFICER, on=TODAY, source="letter"
            )

    def test_an_alias_that_ends_before_it_begins_is_refused(self) -> None:
        firm = register()
        with pytest.raises(Refusal, match="不晚于启用日期"):
            actions.add_alias(
                organisation=firm,
                text="通产",
                valid_from=RENAMED,
                valid_until=RENAMED,
                by=OFFICER,
                on=TODAY,
                source="x",
            )

    def test_an_alias_is_recorded_once(self) -> None:
        firm = register()
        actions.add_alias(organisation=firm, text="通产", by=OFFICER, on=TODAY, source="letter")
        with pytest.raises(Refusal, match="已经记在"):
            actions.add_alias(organisation=firm, text="通产", by=OFFICER, on=TODAY, source="letter")

    def test_an_unknown_kind_names_the_nearest(self) -> None:
        with pytest.raises(Refusal, match="没有机构类别的取值“企业家”，是否想写“企业”？"):
            actions.register_organisation(
                id="x", name="某某", kind="企业家", scope="本市", by=OFFICER, on=TODAY, source="letter"
            )
