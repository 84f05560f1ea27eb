"""The list of received letters: who sees what, filter, export; as many queries for three letters as for one."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from mangrove.proposals.received.models import ReceivedLetter
from mangrove.registry.models import Organisation, User

from .conftest import WATER, browser, item, person, read

OTHER = WATER.replace("市水务局", "市教育局").replace("第0123号", "第0456号")
LIST = "proposals:received"


def addresses(letter: ReceivedLetter) -> list[str]:
    number = item(letter, "number", "150公里").number
    return [
        reverse("proposals:received_letter", args=[letter.pk]),
        reverse("proposals:received_item", args=[letter.pk, number]),
    ]


def test_the_list_says_from_whom_and_how_much_is_undecided(desk: Client, letter: ReceivedLetter) -> None:
    shown = desk.get(reverse(LIST)).content.decode()
    for words in ("R1", "市水务局", "2021-09-10", "待确认", "经办人甲"):
        assert words in shown
    (row,) = desk.get(reverse(LIST)).context["page"].objects
    assert (row.numbers, row.commitments, row.undecided) == (letter.numbers, 2, letter.undecided)


def test_filters_narrow_and_the_export_carries_them(
    desk: Client, officer: User, letter: ReceivedLetter
) -> None:
    read(officer, OTHER)
    shown = desk.get(reverse(LIST), {"issuer": "教育"}).content.decode()
    assert "第0456号" in shown and "第0123号" not in shown
    assert "没有符合筛选条件" in desk.get(reverse(LIST), {"state": "filed"}).content.decode()
    file = desk.get(reverse("proposals:received_export"), {"issuer": "教育"}).content
    cells = [
        cell for row in load_workbook(BytesIO(file)).worksheets[0].iter_rows(values_only=True) for cell in row
    ]
    assert "筛选条件：发文单位：教育" in cells and "市教育局" in cells and "市水务局" not in cells


def test_as_many_queries_for_three_letters_as_for_one(
    desk: Client, officer: User, letter: ReceivedLetter, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with CaptureQueriesContext(connection) as one:
        desk.get(reverse(LIST))
    for more in ("一", "二"):
        read(officer, OTHER.replace("0456", more))
    with django_assert_num_queries(len(one.captured_queries)):
        desk.get(reverse(LIST))


def test_as_many_queries_for_a_long_letter_as_for_a_short_one(
    desk: Client, officer: User, letter: ReceivedLetter, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    body = "2020年福田区建成泵站12座、水厂3座，投资4.5亿元，居全省第一。"
    longer = read(officer, f"深圳{WATER}".replace("二、下一步工作", f"{body * 20}\n\n二、下一步工作"))
    desk.get(addresses(longer)[0])
    with CaptureQueriesContext(connection) as short:
        desk.get(addresses(letter)[0])
    with django_assert_num_queries(len(short.captured_queries)):
        desk.get(addresses(longer)[0])


def test_another_bureau_and_deputies_are_answered_as_if_there_were_nothing(
    letter: ReceivedLetter, bureau: Organisation
) -> None:
    elsewhere = Organisation.objects.create(id="jyj", name="市教育局")
    strangers = [
        person("外局", elsewhere, "case_officer"),
        person("代表", bureau, "deputy"),
        person("兼职代表", bureau, "deputy", "case_officer"),
        person("签发人", bureau, "signer"),
    ]
    for stranger in strangers:
        client = browser(stranger)
        assert [client.get(address).status_code for address in addresses(letter)] == [404, 404], stranger
        listed = client.get(reverse(LIST))
        assert listed.status_code == 404 or "第0123号" not in listed.content.decode(), stranger
    assert "来函阅读" not in browser(strangers[1]).get("/").content.decode()


@pytest.mark.parametrize("role", ["registrar", "deputies_office", "inspector", "chain_chief", "auditor"])
def test_oversight_offices_read_and_change_nothing(letter: ReceivedLetter, role: str) -> None:
    office = browser(person("督办员", Organisation.objects.create(id="zf", name="市政府"), role))
    letter_page, item_page = addresses(letter)
    shown = office.get(letter_page).content.decode()
    assert (
        "150公里" in shown
        and "补上漏读" not in shown
        and 'value="dismiss"' not in office.get(item_page).content.decode()
    )
    assert office.post(item_page, {"act": "dismiss", "why": "x", "expected_version": 1}).status_code == 422
    assert office.get(reverse("proposals:received_read")).status_code == 404


def test_a_colleague_of_the_bureau_works_on_the_same_letter(letter: ReceivedLetter, colleague: User) -> None:
    assert "补上漏读" in browser(colleague).get(addresses(letter)[0]).content.decode()


def test_a_signed_out_visitor_is_sent_to_sign_in(client: Client, letter: ReceivedLetter) -> None:
    assert [client.get(address).status_code for address in addresses(letter)] == [302, 302]
