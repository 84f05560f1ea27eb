"""The organisations list and one organisation, as an officer sees them."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from mangrove.ledger.refs import Actor
from mangrove.registry import actions
from mangrove.registry.models import District, Organisation, User

OFFICER = Actor("officer_a", "经办人甲", "应用处")


@pytest.fixture
def signed_in(client: Client) -> Client:
    client.force_login(
        User.objects.create_user("officer_a", name="经办人甲", roles=["case_officer"]),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def register(id: str, name: str, **more: Any) -> Organisation:
    return actions.register_organisation(
        id=id,
        name=name,
        kind="企业",
        scope="本市",
        by=OFFICER,
        on=timezone.localdate(),
        source="letter",
        **more,
    )


@pytest.mark.django_db
class TestList:
    def test_strangers_are_sent_to_sign_in(self, client: Client) -> None:
        assert client.get(reverse("registry:organisations")).status_code == 302

    def test_a_former_name_finds_the_firm(self, signed_in: Client) -> None:
        firm = register("leaguer", "深圳市通产丽星股份有限公司")
        actions.rename_organisation(
            organisation=firm,
            name="深圳市力合科创股份有限公司",
            by=OFFICER,
            on=date(2021, 6, 1),
            source="x",
            why="补录",
        )
        register("huawei", "华为技术有限公司")
        page = signed_in.get(reverse("registry:organisations"), {"text": "通产丽星"}).content.decode()
        assert "深圳市力合科创股份有限公司" in page and "华为技术有限公司" not in page

    def test_filters_narrow_by_scope(self, signed_in: Client) -> None:
        register("huawei", "华为技术有限公司")
        page = signed_in.get(reverse("registry:organisations"), {"scope": "abroad"}).content.decode()
        assert "华为技术有限公司" not in page and "没有符合筛选条件的记录" in page

    def test_as_many_queries_for_three_as_for_one(
        self, signed_in: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        place = District.objects.create(id="nanshan", name="南山区", short_name="南山", kind="district")
        Organisation.objects.create(id="a", name="甲", district=place)
        url = reverse("registry:organisations")
        with CaptureQueriesContext(connection) as one:
            signed_in.get(url)
        for id in ("b", "c"):
            Organisation.objects.create(id=id, name=id, district=place)
        with django_assert_num_queries(len(one.captured_queries)):
            signed_in.get(url)

    def test_the_export_carries_who_and_the_filter(self, signed_in: Client) -> None:
        register("huawei", "华为技术有限公司", credit_code="914403001922038216")
        response = signed_in.get(reverse("registry:organisations_export"), {"text": "华为"})
        rows = list(load_workbook(BytesIO(response.content)).worksheets[0].iter_rows(values_only=True))
        cells = [cell for row in rows for cell in row]
        assert "导出人：经办人甲" in cells and "筛选条件：名称或代码：华为" in cells
        assert "914403001922038216" in cells


@pytest.mark.django_db
class TestDetail:
    def test_shows_names_code_parts_and_history(self, signed_in: Client) -> None:
        register("huawei", "华为技术有限公司", short_name="华为", credit_code="914403001922038216")
        page = signed_in.get(reverse("registry:organisation", args=["huawei"])).content.decode()
        for text in ("19220382-1", "全称", "简称", "登记机构", "待核", "经办人甲"):
            assert text in page

    def test_an_unknown_one_is_not_found(self, signed_in: Client) -> None:
        assert signed_in.get(reverse("registry:organisation", args=["nobody"])).status_code == 404

    def test_english_readers_see_english_words(self, signed_in: Client) -> None:
        register("huawei", "华为技术有限公司")
        signed_in.cookies["mangrove_language"] = "en"
        page = signed_in.get(reverse("registry:organisation", args=["huawei"])).content.decode()
        assert "Unified social credit code" in page and "Full name" in page
