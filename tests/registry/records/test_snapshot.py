"""What was known on a day, as files and as facts: a measure comes to the same on them as on the sheet that was imported."""

from __future__ import annotations

import json
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mangrove import cli
from mangrove.jobs.models import Job, State
from mangrove.ledger.models import Event
from mangrove.ledger.refs import OPERATOR
from mangrove.ledger.refusals import Refusal
from mangrove.registry.actions import register_organisation, rename_organisation
from mangrove.registry.merging import actions as merging
from mangrove.registry.models import District, Merge, User
from mangrove.registry.records.facts import facts_of, facts_of_all, rows_at
from mangrove.registry.records.models import Record
from mangrove.registry.records.snapshot import take_snapshot
from mangrove.registry.records.withdrawing import withdraw_record
from mangrove.rulebook.decide import Deciding, Run
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.vector import Vector
from mangrove.rulebook.explaining import case
from mangrove.rulebook.running import interpreted, lines, run_over
from mangrove.rulebook.texts.reader import load
from mangrove.vocabulary import vocabulary

from .taking import Rows, asked, counts, firm, person, taken

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[3]
MATCHING = ROOT / "rulebooks/measures/futian_matching_2022/futian_matching_2022.yaml"
POWER = ROOT / "rulebooks/measures/sx_electricity_2020/sx_electricity_2020.yaml"
RUN = Run(date(2024, 6, 30), 2024)

#: By entity, as a bureau would send them; all of it synthetic.
SHEETS: dict[str, Rows] = {
    "received_funding": [
        ("到账标识", "收款单位", "来源层级", "到账金额", "到账日期"),
        ("r1", "f1", "国家级", "450万元", "2024-03-01"), ("r2", "f1", "省级", "900万元", "2024-03-02"),
        ("r3", "f2", "市级", "", "2024-03-03"), ("r4", "f2", "市级", "100万元", "2025-03-03"),
    ],
    "support_project": [
        ("扶持项目标识", "申报单位", "扶持方向", "经审核投资额"),
        ("p1", "f1", "分布式光伏", "1000.01万元"), ("p2", "f2", "分布式光伏", "20万元"),
    ],
    "funding_award": [("资助记录标识", "受资助单位", "所资助项目", "资助层级"), ("a1", "f1", "p1", "市级")],
    "electricity_record": [
        ("用电记录标识", "用电单位", "结算日期", "用电量", "实付电价", "参加市场化交易"),
        ("e1", "f1", "2020-05-31", 120000, "0.4567", "是"), ("e2", "f2", "2020-05-31", 8000, "0.3", "是"),
        ("e3", "f2", "2020-06-30", "", "0.5", "否"),
    ],
}  # fmt: skip


def two_firms() -> None:
    District.objects.create(id="nanshan", name="南山区", short_name="南山", kind="district")
    firm(district_id="nanshan", kind="operator")
    firm("f2", "深圳市示例器件有限公司")


def imported() -> None:
    two_firms()
    for entity, rows in SHEETS.items():
        assert counts(taken(entity, rows)) == (len(rows) - 1, 0, 0)


def sheets_in(folder: Path) -> Path:
    """The same as the files of ``mangrove rulebook run``."""
    folder.mkdir()
    bodies: Rows = [("机构标识", "机构名称", "类别", "地域", "来源", "合成数据", "核对状态")]
    bodies += [
        (id, id, kind, "本市", "合成", "是", "待核") for id, kind in (("f1", "运营商"), ("f2", "企业"))
    ]
    for name, rows in {**SHEETS, "organisation": bodies}.items():
        text = "\n".join(",".join(map(str, row)) for row in rows)
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def snapshot(out: Path, day: date | None = None) -> dict[str, Any]:
    return take_snapshot(out=out, day=day or timezone.localdate(), by=OPERATOR)


class TestOneMeasure:
    @pytest.mark.parametrize(("path", "run"), [(MATCHING, RUN), (POWER, Run(date(2020, 7, 1), 2020))])
    def test_comes_to_the_same_on_a_snapshot_on_facts_and_on_the_sheets(
        self, tmp_path: Path, path: Path, run: Run
    ) -> None:
        imported()
        measure = load(path, vocabulary())
        snapshot(tmp_path / "out")
        on_sheets = list(run_over(measure, sheets_in(tmp_path / "sheets"), run))
        assert len({line[3] for line in on_sheets}) > 1  # no table of one word
        assert list(run_over(measure, tmp_path / "out/facts", run)) == on_sheets
        found = Vector(lower(measure), facts_of_all(timezone.localdate(), measure.vocabulary)).run(run)
        assert list(lines(found)) == on_sheets

    def test_comes_to_the_same_for_one_firm_and_can_be_explained(self, tmp_path: Path) -> None:
        imported()
        measure = load(MATCHING, vocabulary())
        people = facts_of("f1", timezone.localdate(), measure.vocabulary)
        deciding = Deciding(measure, people, RUN)
        keys = [("received_funding", "r1"), ("received_funding", "r2"), ("support_project", "p1")]
        own = [
            interpreted(people.things[key], one, "")
            for key in keys
            for one in deciding.all_of(people.things[key])
        ]
        everyone = list(run_over(measure, sheets_in(tmp_path / "sheets"), RUN))
        assert own == [line for line in everyone if line[:2] in keys]
        told = case.explain(measure, people.things["received_funding", "r1"], people, RUN)
        assert told.thing.links["recipient"] == "f1"


class TestWhatWasKnown:
    def test_a_decision_is_made_again_on_what_was_known_then(self) -> None:
        imported()
        before = timezone.now()
        taken("received_funding", [("到账标识", "到账金额"), ("r1", "1万元")])
        amounts = [
            facts_of("f1", at).things["received_funding", "r1"].fields["amount"]
            for at in (before, timezone.localdate())
        ]
        assert amounts == [450_0000_00, 1_0000_00]
        assert facts_of_all(before).column("received_funding", "amount").range[1] == 900_0000_00

    def test_a_body_is_as_it_was_before_what_the_ledger_says_was_done_later(self) -> None:
        two_firms()
        before = timezone.now()
        today = timezone.localdate()
        register_organisation(
            id="f3",
            name="深圳市后来有限公司",
            kind="firm",
            scope="city",
            by=OPERATOR,
            on=today,
            source="合成",
        )
        one = Record._meta.get_field("organisation").related_model.objects.get(pk="f1")
        rename_organisation(organisation=one, name="深圳市更名有限公司", by=OPERATOR, on=today, source="合成")
        then, now = facts_of_all(before), facts_of_all(today)
        assert [*then.tables["organisation"].keys] == ["f1", "f2"]
        assert [*now.tables["organisation"].keys] == ["f1", "f2", "f3"]
        name = facts_of("f1", before).things["organisation", "f1"].fields["name"]
        assert name == "深圳市示例通信有限公司"

    def test_of_a_body_entered_twice_all_records_count_while_it_is_one(self) -> None:
        imported()
        one, two = (
            User.objects.create(username=name, name="登记员", roles=["registrar"]) for name in ("one", "two")
        )
        said: dict[str, Any] = {"on": timezone.localdate(), "why": "同一家（合成）"}
        apart = timezone.now()
        merge = merging.confirm(merge=merging.propose(kept="f1", other="f2", by=one, **said), by=two, **said)
        as_one = timezone.now()
        merging.undo(merge=merge, by=two, **said)
        for at, alone in ((apart, True), (as_one, False), (timezone.now(), True)):
            assert ("received_funding", "r4") not in facts_of("f1", at).things or not alone
            assert [*facts_of_all(at).tables["organisation"].keys] == (["f1", "f2"] if alone else ["f1"])
        people = facts_of("f2", as_one)  # by either id
        assert people.things["received_funding", "r4"].links["recipient"] == "f1"
        assert ("organisation", "f2") not in people.things


def merged(kept: str = "f1", other: str = "f2") -> Merge:
    one, two = (person(name, "registrar") for name in ("one", "two"))
    said: dict[str, Any] = {"on": timezone.localdate(), "why": "同一家（合成）"}
    return merging.confirm(merge=merging.propose(kept=kept, other=other, by=one, **said), by=two, **said)


def a_case_of_years(years: Rows, of: str = "f2") -> None:
    """A row for each firm and year, and an assessment that leads to those of one firm."""
    two_firms()
    taken("firm_year", [("机构", "年度", "营业收入"), *years])
    own = [f"{firm}/{year}" for firm, year, _revenue in years if firm == of]
    heads = ("测算标识", "测算日期", "机构", "最近一年")
    taken("listing_case", [heads, ("c1", "2025-03-01", of, own[0])])


class TestKeysWithABodyInThem:
    def test_years_and_what_leads_to_them_are_those_of_the_entry_that_answers(self) -> None:
        a_case_of_years([("f1", 2024, 100), ("f2", 2023, 200)])
        merged()
        now = timezone.now()
        everything = facts_of_all(now).tables
        assert [*everything["firm_year"].keys] == ["f1/2023", "f1/2024"]
        assert everything["listing_case"].links["year_0"].tolist() == [0]
        for people in (facts_of("f1", now), facts_of("f2", now)):
            assert people.things["listing_case", "c1"].links["year_0"] == "f1/2023"
            assert people.things["firm_year", "f1/2023"].fields["revenue"] == 200_00
        rows = rows_at(now, {"f2"})
        assert [(row["organisation"], row["year"]) for row in rows["firm_year"]] == [
            ("f1", 2023),
            ("f1", 2024),
        ]

    def test_of_an_end_that_belongs_to_another_merged_firm_the_record_is_found(self) -> None:
        a_case_of_years([("f2", 2023, 200)])
        firm("f0", "深圳市母公司有限公司")
        Record.objects.filter(entity="listing_case").update(organisation="f0")
        merged()
        assert ("firm_year", "f1/2023") in facts_of("f0", timezone.now()).things
        assert rows_at(timezone.now(), {"f0"})["firm_year"][0]["organisation"] == "f1"

    def test_the_same_year_of_both_is_refused_by_name_until_one_is_taken_out(self) -> None:
        a_case_of_years([("f1", 2024, 100), ("f2", 2024, 200), ("f2", 2023, 300)], of="f1")
        with pytest.raises(Refusal, match="f2/2024（共1条）"):
            merged()
        proposal = Merge.objects.get(state="proposed")
        client = Client()
        client.force_login(person("two", "registrar"))
        assert "f2/2024" in client.get(reverse("registry:merge", args=[proposal.pk])).content.decode()
        twin = Record.objects.get(key="f2/2024")
        officer = person("officer_a", "case_officer", "registrar")
        withdraw_record(
            entity="firm_year", thing=twin.thing, by=officer, on=timezone.localdate(), why="重复（合成）"
        )
        merging.confirm(merge=proposal, by=person("two"), on=timezone.localdate())
        assert [*facts_of_all(timezone.now()).tables["firm_year"].keys] == ["f1/2023", "f1/2024"]

    def test_of_two_rows_for_one_year_that_are_there_already_the_kept_entrys_counts(self) -> None:
        a_case_of_years([("f1", 2024, 100), ("f2", 2023, 200)])
        merged()
        Record.objects.filter(key="f2/2023").update(
            key="f2/2024", values={"organisation": "f2", "year": 2024, "revenue": 1}
        )
        Record.objects.filter(entity="listing_case").update(
            values={"id": "c1", "organisation": "f2", "as_of": "2025-03-01", "year_0": "f2/2024"}
        )
        now = timezone.now()
        assert facts_of_all(now).column("firm_year", "revenue").range == (100_00, 100_00)
        assert [row["revenue"] for row in rows_at(now, {"f1"})["firm_year"]] == [100_00]
        people = facts_of("f2", now)
        years = [one for one in people.things.values() if one.entity == "firm_year"]
        assert [one.fields["revenue"] for one in years] == [100_00]


class TestFiles:
    def test_made_twice_they_are_the_same_to_the_byte_and_the_manifest_counts_them(
        self, tmp_path: Path
    ) -> None:
        imported()
        first, second = tmp_path / "first", tmp_path / "second"
        assert cli.main(["registry", "snapshot", "--out", str(first)]) == 0
        manifest = snapshot(second)
        contents = [
            {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.*")}
            for out in (first, second)
        ]
        assert contents[0] == contents[1]
        assert json.loads(contents[0]["manifest.json"]) == manifest
        for one in manifest["files"]:
            assert sha256(contents[0][one["path"]]).hexdigest() == one["sha256"]
        rows = {one["path"]: one["rows"] for one in manifest["files"]}
        assert (rows["facts/received_funding.parquet"], rows["names/organisation_name.parquet"]) == (4, 2)
        assert Event.objects.filter(act="registry.snapshot").count() == 2

    def test_a_row_keeps_its_id_over_snapshots(self, tmp_path: Path) -> None:
        imported()
        snapshot(tmp_path / "before")
        taken("received_funding", [("到账标识", "到账金额"), ("r1", "1万元")])
        snapshot(tmp_path / "after")
        told = [
            {row["key"]: (row["id"], row["version"]) for row in table.to_pylist()}
            for out in ("before", "after")
            for table in [pq.read_table(tmp_path / out / "records/received_funding.parquet")]
        ]
        assert told[0]["r1"][0] == told[1]["r1"][0] and (told[0]["r1"][1], told[1]["r1"][1]) == (1, 2)
        assert told[0]["r2"] == told[1]["r2"]

    def test_a_day_before_anything_was_known_has_no_records(self, tmp_path: Path) -> None:
        imported()
        manifest = snapshot(tmp_path / "out", timezone.localdate() - timedelta(days=1))
        assert not [one for one in manifest["files"] if one["path"].startswith("records/")]
        assert manifest["day_is_over"]

    def test_a_day_is_not_over_while_a_file_of_that_day_is_still_coming_in(self, tmp_path: Path) -> None:
        two_firms()
        job, yesterday = asked("title", b"x"), timezone.localdate() - timedelta(days=1)
        Job.objects.filter(pk=job.pk).update(
            state=State.RUNNING, started_at=timezone.now() - timedelta(days=1)
        )
        with pytest.raises(Refusal, match="还没有办完"):
            snapshot(tmp_path / "out", yesterday)
        assert not (tmp_path / "out").exists()
        Job.objects.filter(pk=job.pk).update(state=State.DONE)
        assert snapshot(tmp_path / "out", yesterday)["day_is_over"]

    def test_a_day_to_come_and_a_full_folder_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(Refusal, match="还没有到"):
            snapshot(tmp_path / "out", timezone.localdate() + timedelta(days=1))
        (tmp_path / "file").write_text("")
        with pytest.raises(Refusal, match="已经有文件"):
            snapshot(tmp_path)
