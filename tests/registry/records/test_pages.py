"""The pages of records: who sees which, as of which day, sorted and filtered; and exports that come in again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from mangrove import vocabulary
from mangrove.registry.merging import actions as merging
from mangrove.registry.models import District
from mangrove.registry.records.access import sees_personal
from mangrove.registry.records.arrow import columns_of
from mangrove.registry.records.models import Record
from mangrove.registry.records.showing import Showing
from mangrove.registry.records.withdrawing import withdraw_record

from .taking import counts, firm, looked, person, taken

pytestmark = pytest.mark.django_db(transaction=True)

YEARS = ("机构", "年度", "营业收入", "加权平均净资产收益率", "审计意见")
ROWS = [
    YEARS,
    ("f1", 2023, "900万元", "12.5%", "保留意见"),
    ("f1", 2024, "1000万元", "", ""),
    ("f2", 2024, "80万元", "3%", ""),
]


def as_(username: str, *roles: str, **fields: Any) -> Client:
    client = Client()
    user = person(username, *roles, **fields)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def years() -> None:
    firm()
    firm("f2", "深圳市示例器件有限公司", name_en="Sample Devices")
    assert counts(taken("firm_year", ROWS)) == (3, 0, 0)


def of(**query: Any) -> str:
    return reverse("registry:records_of", args=["firm_year"], query=query)


def keys(page: str) -> list[str]:
    """In the order in which the page has them."""
    names = {"深圳市示例通信有限公司": "f1", "深圳市示例器件有限公司": "f2"}
    found = [
        (page.find(f"{name}/{year}</"), f"{id}/{year}") for name, id in names.items() for year in (2023, 2024)
    ]
    return [key for place, key in sorted(found) if place >= 0]


class TestWhoSeesWhich:
    def test_an_officer_all_a_firm_its_own_and_others_none(self, years: None) -> None:
        own = as_("firm_1", "applicant", organisation_id="f1")
        assert keys(as_("officer_b", "reviewer").get(of()).content.decode()) == [
            "f1/2023",
            "f1/2024",
            "f2/2024",
        ]
        assert keys(own.get(of()).content.decode()) == ["f1/2023", "f1/2024"]
        theirs = Record.objects.get(key="f2/2024")
        address = reverse("registry:record", args=["firm_year", theirs.thing])
        assert own.get(address).status_code == 404
        for role in ("deputy", "expert", "sysadmin"):
            other = as_(f"{role}_b", role, organisation_id="f2")
            assert {other.get(one).status_code for one in (of(), address, reverse("registry:records"))} == {
                404
            }
            assert "所知记录" not in other.get(reverse("registry:organisation", args=["f2"])).content.decode()

    def test_a_firm_does_not_import_nor_find_another_by_its_filter(self, years: None) -> None:
        own = as_("firm_1", "applicant", organisation_id="f1")
        assert own.get(reverse("registry:import", args=["firm_year"])).status_code == 422
        assert keys(own.get(of(organisation="f2")).content.decode()) == []

    def test_what_is_about_a_person_is_masked_for_who_need_not_see_it(self) -> None:
        """No recorded entity has such a field today; the mark of the vocabulary is what counts."""
        one = replace(vocabulary.entity("firm_year").field("revenue"), type="text", unit=None, personal=True)
        record = Record(values={"revenue": "张三"})
        for sees, told in ((True, "张三"), (False, "（个人信息，已隐去）")):
            showing = Showing(sees)
            assert (showing.cell(one, record), showing.export(one, record)) == (told, told)
        roles = ("case_officer", "applicant", "chain_chief", "auditor")
        seeing = [
            sees_personal(person(role, role, organisation=firm() if role == "applicant" else None))
            for role in roles
        ]
        assert seeing == [True, True, False, False]
        entity = vocabulary.entity("title")
        entity = replace(entity, fields={**entity.fields, "revenue": one})
        assert "revenue" not in [column.id for column in columns_of(entity)]


class TestLists:
    def test_sorted_by_a_value_and_by_a_key(self, years: None) -> None:
        client = as_("officer_b", "reviewer")
        assert keys(client.get(of(sort="-revenue")).content.decode()) == ["f1/2024", "f1/2023", "f2/2024"]
        assert keys(client.get(of(sort="revenue")).content.decode()) == ["f2/2024", "f1/2023", "f1/2024"]
        assert keys(client.get(of(sort="-audit_opinion")).content.decode())[0] == "f1/2023"

    def test_filtered_by_a_body_and_as_it_was_known_on_a_day(self, years: None) -> None:
        client = as_("officer_b", "reviewer")
        assert keys(client.get(of(organisation="示例器件")).content.decode()) == ["f2/2024"]
        assert keys(client.get(of(on=timezone.localdate())).content.decode()) == [
            "f1/2023",
            "f1/2024",
            "f2/2024",
        ]
        assert keys(client.get(of(on=timezone.localdate() - timedelta(days=1))).content.decode()) == []
        counted = client.get(reverse("registry:records")).content.decode()
        assert "企业财务年度" in counted and reverse("registry:organisations") in counted

    def test_as_many_queries_for_three_as_for_one(
        self, years: None, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = as_("officer_b", "reviewer")
        with CaptureQueriesContext(connection) as one:
            client.get(of(organisation="f2"))
        with django_assert_num_queries(len(one.captured_queries)):
            client.get(of(organisation="示例"))

    def test_one_with_its_versions_and_what_is_known_of_a_body(self, years: None) -> None:
        taken("firm_year", [("机构", "年度", "营业收入"), ("f1", 2024, "1001万元")])
        client = as_("officer_b", "case_officer")
        thing = Record.objects.filter(key="f1/2024")[0].thing
        page = client.get(reverse("registry:record", args=["firm_year", thing])).content.decode()
        assert "10,010,000.00" in page and "历次版本" in page and "导入记录文件" in page
        body = client.get(reverse("registry:organisation", args=["f1"])).content.decode()
        assert "所知记录" in body and "2条" in body

    def test_of_a_body_entered_twice_the_page_counts_and_the_list_shows_both(self, years: None) -> None:
        said: dict[str, Any] = {"on": timezone.localdate(), "why": "同一家（合成）"}
        one, two = person("one", "registrar"), person("two", "registrar")
        twin = Record.objects.get(key="f2/2024")  # of the same year as one of the other entry
        withdraw_record(entity="firm_year", thing=twin.thing, by=person("officer_a"), **said)
        taken("firm_year", [("机构", "年度", "营业收入"), ("f2", 2022, "1万元")])
        merging.confirm(merge=merging.propose(kept="f1", other="f2", by=one, **said), by=two, **said)
        officer = as_("officer_a", "case_officer")
        page = officer.get(reverse("registry:organisation", args=["f1"])).content.decode()
        assert "3条" in page
        assert "共 3 条" in officer.get(of(organisation="f1")).content.decode()


class TestFilesOutAndIn:
    @pytest.mark.parametrize("language", ["zh", "en"])
    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_an_export_in_either_language_comes_in_again_and_changes_nothing(
        self, years: None, language: str, form: str
    ) -> None:
        taken(
            "title",
            [("称号标识", "获认定单位", "称号类别", "认定日期"), ("t1", "f1", "孵化器", "2024-01-31")],
        )
        client = as_("officer_b", "case_officer")
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        answer = client.get(reverse("registry:records_export", args=["firm_year"]), {"as": form})
        job = looked("firm_year", answer.content)
        assert counts(job) == (0, 0, 3), job.result
        titles = client.get(reverse("registry:records_export", args=["title"]), {"as": form})
        assert counts(looked("title", titles.content)) == (0, 0, 1)
        said = "Organisation" if language == "en" else "机构"
        assert said in (answer.content.decode("utf-8-sig") if form == "csv" else cells(answer.content))

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_so_does_one_of_the_organisations(self, years: None, language: str) -> None:
        District.objects.create(
            id="nanshan", name="南山区", short_name="南山", name_en="Nanshan", kind="district"
        )
        firm("f3", "=深圳市等号有限公司", district_id="nanshan", short_name="等号")
        client = as_("registrar_b", "registrar")
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        answer = client.get(reverse("registry:organisations_export"), {"as": "csv"})
        job = looked("organisations", answer.content)
        assert counts(job) == (0, 0, 3), job.result

    def test_an_export_says_who_when_and_under_which_filter_and_holds_no_formula(self, years: None) -> None:
        Record.objects.filter(key="f1/2023").update(source="=1+1")
        client = as_("officer_b", "case_officer")
        address = reverse("registry:records_export", args=["firm_year"])
        text = client.get(address, {"as": "csv", "organisation": "f1"}).content.decode("utf-8-sig")
        assert "导出人：officer_b" in text and "筛选条件：机构：f1" in text and "f2" not in text
        assert "'=1+1" in text and ",=1+1" not in text

    def test_the_empty_file_has_the_heads_of_who_asks(self) -> None:
        client = as_("officer_b", "case_officer")
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        address = reverse("registry:import_template", args=["firm_year"])
        sheet = load_workbook(BytesIO(client.get(address).content)).worksheets[0]
        heads = [cell.value for cell in sheet[1]]
        assert "Organisation*" in heads and "Revenue (yuan)" in heads
        firm()
        sheet.append(
            [{"Organisation*": "f1", "Year*": 2024, "Revenue (yuan)": 5}.get(head) for head in heads]
        )
        file = BytesIO()
        sheet.parent.save(file)
        assert counts(taken("firm_year", file.getvalue())) == (1, 0, 0)
        assert as_("deputy_b", "deputy").get(address).status_code == 422


def cells(content: bytes) -> list[Any]:
    return [cell for row in load_workbook(BytesIO(content)).worksheets[0].values for cell in row]
