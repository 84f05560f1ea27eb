"""The pages: who sees what, what is masked, and the whole way of one payment in the browser's own requests."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mangrove.funding.models import Award, Evidence, PaymentOrder, PaymentRun, Pot
from mangrove.funding.sending import ask_to_send
from mangrove.funding.settling import settle
from mangrove.jobs import worker
from mangrove.registry.models import Organisation, User

from .money import APPROVER, PREPARER, approved, award, firm, order, person, pot, run_of, today

pytestmark = pytest.mark.django_db(transaction=True)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(client: Client, name: str, *names: Any, status: int = 200) -> str:
    answer = client.get(reverse(f"funding:{name}", args=names))
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def post(client: Client, route: str, *names: Any, status: int = 302, **given: Any) -> str:
    answer = client.post(reverse(f"funding:{route}", args=names), {"on": today(), "why": "", **given})
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_from_the_pot_to_the_treasury_by_four_hands() -> None:
    officer, payer = (
        signed_in(person("officer", "case_officer")),
        signed_in(person("payer", "payment_officer")),
    )
    approver = signed_in(person("approver", "payment_approver"))
    receiver = firm()
    post(
        payer,
        "open_pot",
        code="5g",
        name="5G专项",
        budget_year=2026,
        document_number="财〔2026〕1号",
        amount="1,000,000.00",
    )
    of = Pot.objects.get()
    assert of.amount == 1_000_000_00
    post(
        officer,
        "decide",
        pot=of.pk,
        recipient=receiver.pk,
        title="示例项目",
        programme="示例",
        amount="60000",
        basis="纪要1号",
    )
    one = Award.objects.get()
    post(signed_in(person("second", "case_officer")), "award_act", one.uid, "confirm")
    post(
        payer,
        "award_act",
        one.uid,
        "prepare",
        tranche=1,
        amount="60000",
        payee=receiver.name,
        bank="示例银行",
        account="6222000011112222",
    )
    made = PaymentOrder.objects.get()
    assert "6222000011112222" not in text(payer, "order", made.number) and "****2222" in text(
        payer, "order", made.number
    )
    assert "经办与审核分离" not in text(payer, "order", made.number)
    post(payer, "order_act", made.number, "approve", status=422, expected_version=1)
    post(approver, "order_act", made.number, "approve", expected_version=1)
    post(approver, "gather", title="十一月第一批", orders=[made.number])
    run = PaymentRun.objects.get()
    post(approver, "send_run", run.uid)
    worker.work(until_idle=True)
    sent = approver.get(reverse("funding:run_file", args=[run.uid]))
    assert b"6222000011112222" in b"".join(sent.streaming_content)
    assert payer.get(reverse("funding:run_file", args=[run.uid])).status_code == 422
    assert "60,000.00" in text(payer, "pots")


def test_one_set_of_minutes_decides_for_two_firms_and_for_each_once() -> None:
    officer, of = signed_in(person("officer", "case_officer")), pot()
    said = {
        "pot": of.pk,
        "title": "示例项目",
        "programme": "示例",
        "amount": "100",
        "basis": "局长办公会纪要〔2026〕30号",
    }
    for receiver in (firm("one"), firm("two")):
        post(officer, "decide", recipient=receiver.pk, **said)
    post(officer, "decide", recipient=firm("one").pk, **said | {"title": "另一个项目"})
    again = post(officer, "decide", recipient=firm("one").pk, status=422, **said | {"title": "示例 项目"})
    assert "已经有资助决定" in again and "核减" in again and "另登记一项决定" in again
    assert Award.objects.filter(basis=said["basis"]).count() == 3


def test_a_refused_amount_comes_back_with_what_was_typed() -> None:
    payer = signed_in(person("payer", "payment_officer"))
    one = award(amount=100_00)
    said = post(
        payer, "award_act", one.uid, "prepare", status=422, tranche=1, amount="100.01", payee=one.recipient.name, bank="某某银行", account="62220000"
    )  # fmt: skip
    assert "还可下指令 100.00 元" in said and "某某银行" in said


@pytest.mark.parametrize(
    ("roles", "status"),
    [(["payment_officer"], 200), (["auditor"], 200), (["chain_chief"], 200), (["deputy"], 404), (["sysadmin"], 404), (["reviewer"], 404)],
)  # fmt: skip
def test_who_reads_money(roles: list[str], status: int) -> None:
    one = approved()
    client = signed_in(person("reader", *roles))
    for name, names in (("pots", ()), ("orders", ()), ("runs", ()), ("evidence", ()), ("prior_money", ())):
        text(client, name, *names, status=status)
    text(client, "order", one.number, status=status)
    text(client, "award", one.award.uid, status=status)
    text(client, "pot", one.award.pot.code, status=status)


def test_another_bureau_sees_nothing_of_it() -> None:
    one = approved()
    other = Organisation.objects.create(id="other", name="另一局", kind="government")
    client = signed_in(person("stranger", "payment_officer", "payment_approver", organisation=other))
    assert one.number not in text(client, "orders")
    for name, names in (("order", [one.number]), ("award", [one.award.uid]), ("pot", [one.award.pot.code])):
        text(client, name, *names, status=404)
    post(client, "order_act", one.number, "cancel", status=404, expected_version=one.version)


def test_only_roles_that_may_act_act() -> None:
    one = order()
    auditor = signed_in(person("auditor", "auditor"))
    post(auditor, "order_act", one.number, "approve", status=422, expected_version=1)
    post(auditor, "open_pot", status=422, code="x")
    assert PaymentOrder.objects.get().state == "prepared"


def test_lists_ask_as_much_for_three_rows_as_for_one() -> None:
    client = signed_in(person("payer", "payment_officer"))
    for name in ("pots", "orders", "evidence"):
        counts = []
        for _n in range(2):
            approved()
            evidence()
            with CaptureQueriesContext(
                connection,
            ) as queries:
                text(client, name)
            counts.append(len(queries))
            approved()
            evidence()
        assert counts[0] == counts[1], name


def evidence() -> Evidence:
    n = Evidence.objects.count()
    return Evidence.objects.create(
        kind="invoice", number=str(n), key=f"k{n}", seller=f"甲{n}", buyer="乙", dated=today(), amount=1, claim_room="t", claim_kind="c",
        claim_id=str(n), claim_title="项目", claimant=firm(), programme="p",
    )  # fmt: skip


def test_evidence_is_entered_released_and_entered_anew() -> None:
    officer = signed_in(person("officer", "case_officer"))
    given = {
        "kind": "invoice", "code": "", "number": "26442000000012345678", "seller": "甲", "buyer": "乙", "dated": today(), "amount": "100",
        "claimant": firm().pk, "claim_title": "项目一", "claim_number": "1", "programme": "示例", "accepted_reason": "",
    }  # fmt: skip
    post(officer, "register", **given)
    assert "已用于" in post(officer, "register", status=422, **given | {"claim_number": "2"})
    one = Evidence.objects.get()
    post(officer, "release", one.pk, status=422)
    post(officer, "release", one.pk, why="申报撤回")
    post(officer, "register", **given | {"claim_number": "2"})
    assert "项目一" in text(officer, "evidence_item", one.pk)


def test_evidence_is_released_by_the_organisation_that_registered_it() -> None:
    given = {
        "kind": "invoice", "code": "", "number": "26442000000012345678", "seller": "甲", "buyer": "乙", "dated": today(), "amount": "100",
        "claimant": firm().pk, "claim_title": "项目一", "claim_number": "1", "programme": "示例", "accepted_reason": "",
    }  # fmt: skip
    post(signed_in(person("officer", "case_officer")), "register", **given)
    one = Evidence.objects.get()
    other = Organisation.objects.create(id="other_bureau", name="另一局", kind="government")
    stranger = signed_in(person("stranger", "case_officer", organisation=other))
    assert "别的单位" in text(stranger, "release", one.pk, status=422)
    assert "别的单位" in post(stranger, "release", one.pk, why="让出来", status=422)
    assert "释放凭据" not in text(stranger, "evidence_item", one.pk)
    one.refresh_from_db()
    assert one.released_on is None


def test_exports_hold_the_rows_and_no_account() -> None:
    one = approved()
    client = signed_in(person("payer", "payment_officer"))
    for kind in ("csv", "xlsx"):
        answer = client.get(reverse("funding:orders") + f"?as={kind}")
        assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    said = client.get(reverse("funding:orders") + "?as=csv").content.decode()
    assert one.number in said and one.account not in said


def bounced() -> PaymentOrder:
    """An order that the treasury's bank sent back."""
    one = approved()
    ask_to_send(run=run_of([one]), by=APPROVER, on=today())
    worker.work(until_idle=True)
    return settle(
        number=one.number, outcome="returned", settled_on=today(), reference="T1", reason="账号户名不符", by=PREPARER, on=today()
    )  # fmt: skip


def test_who_prepared_is_told_of_what_came_back_until_it_is_ordered_again() -> None:
    one, other = bounced(), approved()
    payer = signed_in(person("payer", "payment_officer"))
    assert "1 张退票或年末收回，待重下" in payer.get("/inbox/").content.decode()
    shown = payer.get(reverse("funding:orders"), {"state": "anew"}).content.decode()
    assert one.number in shown and other.number not in shown
    again = f"{reverse('funding:award_act', args=[one.award.uid, 'prepare'])}?again={one.number}"
    assert again in text(payer, "order", one.number)
    form = payer.get(again).context["form"]
    assert form["tranche"].value() == one.tranche and form["amount"].value() == "1000.00"
    order(one.award, one.amount)
    assert "待重下" not in payer.get("/inbox/").content.decode()


def test_who_approves_is_told_of_what_waits_for_a_run() -> None:
    one = approved()
    approver = signed_in(person("approver", "payment_approver"))
    assert "1 张已审核，待编批次" in approver.get("/inbox/").content.decode()
    assert one.number in approver.get(reverse("funding:orders"), {"state": "to_gather"}).content.decode()
    run_of([one])
    assert "待编批次" not in approver.get("/inbox/").content.decode()
    assert one.number not in approver.get(reverse("funding:orders"), {"state": "to_gather"}).content.decode()


def test_a_run_is_chosen_order_by_order_and_narrowed_by_pot_and_year() -> None:
    older = Pot.objects.get(pk=pot(code="older").pk)
    older.budget_year = 2025
    older.save()
    first, second = approved(order(award(older))), approved()
    approver = signed_in(person("approver", "payment_approver"))
    assert reverse("funding:gather") in text(approver, "runs")
    both = text(approver, "gather")
    assert first.number in both and second.number in both and "2,000.00 元" in both and "checked" not in both
    narrowed = approver.get(reverse("funding:gather"), {"year": "2025"}).content.decode()
    assert first.number in narrowed and second.number not in narrowed and "checked" in narrowed
    assert "没有选中指令" in post(approver, "gather", title="空批", status=422)
    assert "编付款批次" in post(approver, "gather", title="", orders=[first.number], status=422)
    post(approver, "gather", title="只付一张", orders=[first.number])
    assert [one.number for one in PaymentRun.objects.get().orders.all()] == [first.number]
    assert second.number in text(approver, "gather") and first.number not in text(approver, "gather")


def test_who_prepared_an_order_cannot_put_it_in_a_run() -> None:
    one = approved()
    both = signed_in(person(PREPARER.username, "payment_officer", "payment_approver"))
    assert one.number not in text(both, "gather")
    assert "不是自己经办" in post(both, "gather", title="一批", orders=[one.number], status=422)


def test_the_inbox_asks_the_approver_and_not_who_prepared() -> None:
    order()
    assert (
        "1 张付款指令待审核"
        in signed_in(person("approver", "payment_approver")).get("/inbox/").content.decode()
    )
    assert "待审核" not in signed_in(person("payer", "payment_officer")).get("/inbox/").content.decode()
