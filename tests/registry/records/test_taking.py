"""A sheet of any entity becomes dated records; a changed value is a version of its own, and nothing is overwritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import pytest
from django.utils import timezone

from mangrove import vocabulary
from mangrove.jobs import leases
from mangrove.jobs.models import State
from mangrove.jobs.running import Running
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.registry.importing.kinds import importing, take_in
from mangrove.registry.importing.plan import Plan
from mangrove.registry.models import Organisation
from mangrove.registry.records.kept import elsewhere, recorded
from mangrove.registry.records.models import Record
from mangrove.registry.records.taking import IMPORT
from mangrove.registry.records.verification import verify_records
from mangrove.registry.records.withdrawing import withdraw_record

from .taking import Rows, asked, counts, csv_of, firm, looked, person, taken, wrong

pytestmark = pytest.mark.django_db(transaction=True)

YEARS = ("机构", "年度", "营业收入（万元）", "研发投入", "加权平均净资产收益率", "来源")
FIRST = ("深圳市示例通信有限公司", 2024, "1,234.56".replace(",", ""), "3000000.01", "12.5%", "年报（合成）")


class TestTakingIn:
    def test_values_are_kept_in_the_forms_of_the_vocabulary(self) -> None:
        firm()
        assert counts(taken("firm_year", [YEARS, FIRST])) == (1, 0, 0)
        one = Record.objects.get()
        assert (one.key, one.organisation_id, one.version, one.source) == ("f1/2024", "f1", 1, "年报（合成）")
        assert one.values == {
            "organisation": "f1", "year": 2024, "revenue": 12_345_600_00, "rd": 3_000_000_01,
            "weighted_roe": "12.5000",
        }  # fmt: skip
        event = Event.objects.get(act=IMPORT)
        assert event.actor == "officer_a" and not verify_records()

    def test_the_second_time_nothing_is_new_and_no_event_is_written(self) -> None:
        firm()
        taken("firm_year", [YEARS, FIRST])
        assert counts(taken("firm_year", [YEARS, FIRST])) == (0, 0, 1)
        assert (Record.objects.count(), Event.objects.filter(act=IMPORT).count()) == (1, 1)

    def test_a_changed_value_is_a_new_version_and_the_old_one_stays(self) -> None:
        firm()
        taken("firm_year", [YEARS, FIRST])
        before = timezone.now()
        assert counts(taken("firm_year", [("机构", "年度", "营业收入"), ("f1", 2024, "200万元")])) == (
            0,
            1,
            0,
        )
        old, new = Record.objects.order_by("version")
        assert old.values["revenue"] == 12_345_600_00 and new.values["revenue"] == 2_000_000_00
        assert old.known_until == new.known_from and new.values["rd"] == 3_000_000_01
        assert (old.thing, new.source) == (new.thing, "合成表")
        assert Record.objects.known_at(before).get() == old
        assert Record.objects.known_at(timezone.now() + timedelta(days=1)).get() == new
        assert not verify_records()

    def test_a_link_leads_to_a_record_by_the_name_of_its_body(self) -> None:
        firm()
        taken("firm_year", [YEARS, FIRST])
        rows = [("测算标识", "测算日期", "机构", "最近一年"), ("c1", "2025-03-01", "f1", "深圳市示例通信有限公司/2024")]  # fmt: skip
        assert counts(taken("listing_case", rows)) == (1, 0, 0)
        assert Record.objects.get(entity="listing_case").values["year_0"] == "f1/2024"

    def test_english_heads_words_and_units_are_read(self) -> None:
        firm()
        rows = [
            ("Title id", "Holder", "Kind of title", "Level of the title"),
            ("t1", "f1", "Incubator", "Municipal"),
        ]
        assert counts(taken("title", rows)) == (1, 0, 0)
        assert Record.objects.get().values["kind"] == "incubator"
        rows = [("Organisation", "Year", "Revenue (ten thousand yuan)"), ("f1", "2024", "3.5")]
        assert counts(taken("firm_year", rows)) == (1, 0, 0)
        assert Record.objects.get(entity="firm_year").values["revenue"] == 35_000_00


class TestWhatIsWrong:
    def test_every_mistake_names_its_row_and_column_and_nothing_is_taken(self) -> None:
        firm()
        rows = [
            ("称号标识", "获认定单位", "称号类别", "认定日期"),
            ("t1", "没有这一家", "孵化器", "2024-01-01"),
            ("t2", "f1", "孵化箱", "2024-01-01"),
            ("", "f1", "孵化器", "2024-01-01"),
            ("t4", "f1", "孵化器", "去年"),
            ("t5", "f1", "", "2024-01-01"),
            ("t6", "f1", "孵化器", ""),
            ("t6", "f1", "加速器", ""),
        ]
        found = wrong(looked("title", rows))
        assert [(line, column) for line, column, _what in found] == [
            (2, "获认定单位"), (3, "称号类别"), (4, "称号标识"), (5, "认定日期"), (6, "称号类别"), (8, ""),
        ]  # fmt: skip
        job = taken("title", rows)
        assert job.state == State.FAILED and not Record.objects.exists()

    def test_a_unit_that_does_not_fit_a_missing_key_and_a_link_to_nothing(self) -> None:
        firm()
        assert (
            "单位不能是"
            in wrong(looked("firm_year", [("机构", "年度", "营业收入（公里）"), ("f1", 2024, 1)]))[0][2]
        )
        assert "年度" in wrong(looked("firm_year", [("机构", "营业收入"), ("f1", 1)]))[0][2]
        rows = [("测算标识", "测算日期", "机构", "最近一年"), ("c1", "2025-03-01", "f1", "f1/2024")]
        assert wrong(looked("listing_case", rows))[0][1] == "最近一年"

    def test_an_id_stays_with_its_body(self) -> None:
        firm()
        firm("f2", "深圳市示例器件有限公司")
        heads = ("称号标识", "获认定单位", "称号类别")
        taken("title", [heads, ("t1", "f1", "孵化器")])
        assert wrong(looked("title", [heads, ("t1", "f2", "孵化器")]))[0][1] == "获认定单位"


class TestTakingOut:
    def test_what_is_taken_out_is_known_no_longer_and_stays_known_for_what_was_decided(self) -> None:
        firm()
        taken("title", [("称号标识", "获认定单位", "称号类别"), ("t1", "f1", "孵化器")])
        one, before = Record.objects.get(), timezone.now()
        withdraw_record(
            entity="title", thing=one.thing, by=person(), on=timezone.localdate(), why="录错了企业"
        )
        assert not Record.objects.current().exists() and Record.objects.known_at(before).exists()
        assert not verify_records()
        with pytest.raises(Refusal, match="已经撤下"):
            withdraw_record(entity="title", thing=one.thing, by=person(), on=timezone.localdate(), why="再撤")
        firm("f2", "深圳市示例器件有限公司")
        assert counts(taken("title", [("称号标识", "获认定单位", "称号类别"), ("t1", "f2", "孵化器")])) == (
            1,
            0,
            0,
        )
        again = Record.objects.current().get()
        assert (again.version, again.organisation_id, again.thing) == (2, "f2", one.thing)
        assert not verify_records()

    def test_not_what_others_lead_to_nor_by_who_only_reads(self) -> None:
        firm()
        taken("firm_year", [YEARS, FIRST])
        rows = [("测算标识", "测算日期", "机构", "最近一年"), ("c1", "2025-03-01", "f1", "f1/2024")]
        taken("listing_case", rows)
        one = Record.objects.get(entity="firm_year")
        for by, told in ((person(), "上市测算 c1"), (person("director", "signer"), "不能撤下")):
            with pytest.raises(Refusal, match=told):
                withdraw_record(entity="firm_year", thing=one.thing, by=by, on=timezone.localdate(), why="试")

    def test_what_a_row_leads_to_may_be_taken_out_between_the_plan_and_the_writing(self) -> None:
        firm()
        taken("firm_year", [YEARS, FIRST])
        one, thing = importing("listing_case"), Record.objects.get().thing

        def take(plan: Plan, running: Running) -> None:
            on = timezone.localdate()
            withdraw_record(entity="firm_year", thing=thing, by=person(), on=on, why="同时撤下")
            one.take(plan, running)

        rows = [("测算标识", "测算日期", "机构", "最近一年"), ("c1", "2025-03-01", "f1", "f1/2024")]
        asked("listing_case", csv_of(rows))
        claimed = leases.claim("甲")
        assert claimed
        with pytest.raises(Refusal, match="同一项"):
            take_in(replace(one, take=take), Running(claimed))
        assert Record.objects.current().get().thing == thing

    def test_a_version_that_ended_by_no_act_is_found(self) -> None:
        firm()
        taken("firm_year", [YEARS, FIRST])
        Record.objects.update(known_until=timezone.now())
        assert ["接不上" in said for said in verify_records()] == [True]


class TestTheLedger:
    def test_a_value_changed_behind_its_back_is_found(self) -> None:
        firm()
        taken("firm_year", [YEARS, FIRST])
        one = Record.objects.get()
        one.values["revenue"] = 1
        one.save()
        assert ["与账本不符" in said for said in verify_records()] == [True]


def test_every_entity_is_kept_here_or_by_a_room_that_names_its_page() -> None:
    """And each has a subject that the vocabulary names, if it leads to an organisation at all."""
    named = {one.entity.id for one in elsewhere(person())}
    assert named == {one.id for one in vocabulary.vocabulary().entities.values() if one.own_table}
    assert not named & {one.id for one in recorded()}
    assert all(one.about for one in recorded())


def test_english_heads_of_an_entity_are_told_apart() -> None:
    for one in vocabulary.vocabulary().entities.values():
        columns = [*one.fields.values(), *one.relations.values()]
        assert len({column.en.casefold() for column in columns}) == len(columns), one.id


class TestBodiesEnteredTwice:
    """Files go on being taken in after two entries were merged, whichever entry the rows and the records have."""

    FILES: ClassVar[dict[str, Rows]] = {
        "firm_year": [("机构", "年度", "营业收入"), ("f2", 2023, 200), ("f2", 2024, 100)],
        "title": [("称号标识", "获认定单位", "称号类别"), ("t1", "f2", "孵化器")],
        "listing_case": [("测算标识", "测算日期", "机构", "最近一年"), ("c1", "2025-03-01", "f2", "f2/2024")],
    }

    @pytest.fixture
    def merged(self) -> None:
        firm()
        firm("f2", "深圳市示例器件有限公司")
        for entity, rows in self.FILES.items():
            assert counts(taken(entity, rows)) == (len(rows) - 1, 0, 0)
        Organisation.objects.filter(pk="f2").update(merged_into="f1")

    @pytest.mark.parametrize("written", ["f1", "f2"])
    def test_what_is_known_of_the_merged_entry_is_the_same_by_either_id(
        self, merged: None, written: str
    ) -> None:
        for entity, rows in self.FILES.items():
            again = [tuple(str(cell).replace("f2", written) for cell in row) for row in rows]
            assert counts(taken(entity, again)) == (0, 0, len(rows) - 1)
        assert Record.objects.count() == 4

    def test_a_changed_value_is_the_next_version_of_what_is_there(self, merged: None) -> None:
        assert counts(taken("firm_year", [("机构", "年度", "营业收入"), ("f1", 2024, 300)])) == (0, 1, 0)
        now = Record.objects.current().get(entity="firm_year", values__year=2024)
        assert (now.key, now.version, now.values["organisation"], now.values["revenue"]) == ("f2/2024", 2, "f2", 300_00)  # fmt: skip
        assert not verify_records()

    def test_a_new_row_leads_to_a_record_of_the_merged_entry(self, merged: None) -> None:
        rows = [("测算标识", "测算日期", "机构", "最近一年"), ("c2", "2025-03-01", "f1", "f1/2023")]
        assert counts(taken("listing_case", rows)) == (1, 0, 0)
        assert Record.objects.get(key="c2").values["year_0"] == "f2/2023"

    def test_two_rows_of_one_file_for_one_year_are_one_too_many(self, merged: None) -> None:
        job = looked("firm_year", [("机构", "年度", "营业收入"), ("f1", 2025, 1), ("f2", 2025, 2)])
        assert [(line, what) for line, _column, what in wrong(job)] == [(3, "与第2行是同一条（f1/2025）。")]
