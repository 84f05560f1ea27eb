"""Files that come in: the treasury's receipts and money received elsewhere, through the pages and the worker."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mangrove.funding import verification
from mangrove.funding.models import PaymentOrder, PriorMoney
from mangrove.funding.sending import ask_to_send
from mangrove.jobs import worker
from mangrove.jobs.models import Job, State
from mangrove.ledger.models import Event

from .money import APPROVER, approved, order, person, run_of, today

pytestmark = pytest.mark.django_db(transaction=True)

HEADS = "指令编号,回执金额,支付结果,支付日期,国库流水号,退回原因"


@pytest.fixture
def client_of(client: Client) -> Client:
    client.force_login(
        person("pay_officer", "payment_officer"), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client


def sent(n: int) -> list[PaymentOrder]:
    orders = [approved() for _n in range(n)]
    ask_to_send(run=run_of(orders), by=APPROVER, on=today())
    worker.work(until_idle=True)
    return orders


def look(client: Client, what: str, *lines: str) -> Job:
    content = "\r\n".join(lines).encode()
    given: dict[str, Any] = {
        "source": "国库",
        "on": today(),
        "why": "",
        "file": SimpleUploadedFile("文件.csv", content),
    }
    answer = client.post(reverse("registry:import", args=[what]), given)
    assert answer.status_code == 302, answer.content.decode()
    worker.work(until_idle=True)
    return Job.objects.latest("id")


def take(client: Client, what: str, *lines: str) -> Job:
    looked = look(client, what, *lines)
    assert not looked.result["wrong"], looked.result
    client.post(reverse("registry:import_file", args=[what, looked.uid]))
    worker.work(until_idle=True)
    return Job.objects.latest("id")


def row(one: PaymentOrder, *rest: str, amount: str = "1000.00") -> str:
    return ",".join((one.number, amount, *rest))


def test_paid_returned_and_lapsed_each_by_an_event_of_its_own(client_of: Client) -> None:
    paid, returned, lapsed = sent(3)
    day = today().isoformat()
    lines = [
        HEADS, row(paid, "已支付", day, "GK001", ""), row(returned, "退票", day, "GK002", "户名不符"),
        row(lapsed, "年末收回", day, "", "年终清零"),
    ]  # fmt: skip
    job = take(client_of, "receipts", *lines)
    assert job.state == State.DONE, job.refusal
    states = [PaymentOrder.objects.get(pk=one.pk).state for one in (paid, returned, lapsed)]
    assert states == ["paid", "returned", "lapsed"]
    assert Event.objects.filter(batch=job.uid, act__startswith="funding.order.").count() == 3
    assert verification.verify_orders() == []
    again = look(client_of, "receipts", *lines)
    assert (again.result["same"], again.result["new"], again.result["wrong"]) == (3, 0, 0)


@pytest.mark.parametrize(
    ("rest", "column", "said"),
    [
        (("已支付", "2999-01-01", "", ""), "支付日期", "之后"),
        (("退票", "", "", "户名不符"), "支付日期", "不能为空"),
        (("退票", "{day}", "", ""), "退回原因", "须写明原因"),
        (("付了", "{day}", "", ""), "支付结果", ""),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named_and_nothing_is_taken(
    client_of: Client, rest: tuple[str, ...], column: str, said: str
) -> None:
    good, bad = sent(2)
    day = today().isoformat()
    found = look(
        client_of,
        "receipts",
        HEADS,
        row(good, "已支付", day, "G1", ""),
        row(bad, *(part.format(day=day) for part in rest)),
    )
    assert [(line, where) for line, where, _what in found.result["wrong_rows"]] == [(3, column)]
    assert said in found.result["wrong_rows"][0][2]
    assert not PaymentOrder.objects.filter(state="paid").exists()


def test_a_receipt_may_write_its_dates_as_people_do(client_of: Client) -> None:
    orders, day = sent(3), today()
    ways = (
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    )
    lines = [row(one, "已支付", way, "GK", "") for one, way in zip(orders, ways, strict=True)]
    assert take(client_of, "receipts", HEADS, *lines).state == State.DONE
    assert set(PaymentOrder.objects.values_list("state", "settled_on")) == {("paid", day)}


def test_the_preview_names_each_row_by_its_order_and_groups_its_money(client_of: Client) -> None:
    (one,) = sent(1)
    looked = look(client_of, "receipts", HEADS, row(one, "已支付", today().isoformat(), "GK1", ""))
    page = client_of.get(reverse("registry:import_file", args=["receipts", looked.uid])).content.decode()
    assert 'scope="col">指令编号' in page and f'data-label="指令编号"><span>{one.number}' in page
    assert "回执金额：1,000.00元" in page and "1000.00元" not in page
    asked = client_of.get(reverse("registry:import", args=["receipts"])).content.decode()
    assert "市国库支付回执" in asked and "企业名单" not in asked


def test_all_that_is_wrong_with_a_row_is_told_at_once(client_of: Client) -> None:
    (one,) = sent(1)
    wrong = look(
        client_of, "receipts", HEADS, row(one, "退票", "01/02/2026", "", "", amount="999.99")
    ).result["wrong_rows"]
    assert {column for _line, column, _what in wrong} == {"支付日期", "回执金额", "退回原因"}
    assert len(wrong) == 3 and any("有两种读法" in what for _line, _column, what in wrong)


def test_unknown_numbers_other_amounts_and_orders_that_never_left_are_refused(client_of: Client) -> None:
    (one,) = sent(1)
    waiting = order()
    day = today().isoformat()
    lines = [
        HEADS, row(one, "已支付", day, "", "", amount="999.99"), f"2026-999999-01,1.00,已支付,{day},,", row(waiting, "已支付", day, "", ""),
    ]  # fmt: skip
    wrong = look(client_of, "receipts", *lines).result["wrong_rows"]
    assert [(line, column) for line, column, _what in wrong] == [
        (2, "回执金额"),
        (3, "指令编号"),
        (4, "指令编号"),
    ]


def test_another_answer_for_a_paid_order_is_refused(client_of: Client) -> None:
    (one,) = sent(1)
    day = today().isoformat()
    take(client_of, "receipts", HEADS, row(one, "已支付", day, "GK1", ""))
    wrong = look(client_of, "receipts", HEADS, row(one, "退票", day, "GK1", "错")).result["wrong_rows"]
    assert "已有另一份回执" in wrong[0][2]


def test_money_received_elsewhere_is_imported_once(client_of: Client) -> None:
    lines = [
        "资金层级,资金名称,资金年度,收款企业,资助事项,发票代码,发票号码,资助金额",
        "省级,省级专项,2025,示例企业,技改,,26442000000012345678,10万元", "市级,另一计划,2024,示例企业,技改,,,5000",
    ]  # fmt: skip
    assert take(client_of, "prior_money", *lines).state == State.DONE
    assert sorted(PriorMoney.objects.values_list("amount", flat=True)) == [5_000_00, 100_000_00]
    assert look(client_of, "prior_money", *lines).result["same"] == 2


def test_who_has_no_part_in_money_imports_none(client: Client) -> None:
    for username, roles, status in (("a", ["case_officer"], 422), ("b", ["deputy"], 404)):
        client.force_login(person(username, *roles), backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(reverse("registry:import", args=["receipts"])).status_code == status
