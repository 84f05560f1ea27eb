"""The list of expenses and the special audit: what is read, what is recognised, and why not."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims import actions
from mangrove.policies.claims.audit import Audit, conclude_audit, findings, reasons, stands, window
from mangrove.policies.claims.expense_sheets import read_list
from mangrove.policies.claims.expenses import take_expenses
from mangrove.policies.claims.models import Claim, Expense
from mangrove.rulebook.decide import Standing

from . import life
from .sheets import line, sheet

pytestmark = pytest.mark.django_db
BEGINS, ENDS = date(2025, 1, 10), date(2025, 11, 20)


def taken(claim: Claim, *lines: Mapping[str, Any]) -> list[Expense]:
    return take_expenses(
        claim_id=claim.pk, by=life.who("officer"), content=sheet(*lines), name="清单.csv", **life.at()
    )


def concluded(claim: Claim, passed: bool = True) -> Any:
    return conclude_audit(
        claim_id=claim.pk,
        passed=passed,
        opinion="按审计材料认定",
        by=life.who("officer"),
        report="样例审字〔2026〕1号",
        **life.at(),
    )


class TestReading:
    def test_heads_in_either_language_with_units(self) -> None:
        content = "What was paid for,Amount declared (万元),Seller\nSwitch,1.5,Shop\n".encode()
        read = read_list(content)
        assert not read.wrong and read.lines[0]["declared"] == 1_500_000 and read.lines[0]["number"] == 1

    def test_gb18030_as_excel_saves_it(self) -> None:
        read = read_list("费用内容,申报金额（元）\n交换机,100\n".encode("gb18030"))
        assert read.lines[0]["content"] == "交换机" and read.lines[0]["declared"] == 10_000

    def test_a_line_without_words_or_money_is_named(self) -> None:
        read = read_list("费用内容,申报金额（元）\n,100\n电缆,\n".encode())
        assert [(one.line, one.column) for one in read.wrong] == [(2, "费用内容"), (3, "申报金额")]

    def test_a_contract_merged_over_its_lines_counts_for_each(self) -> None:
        assert [one["contract"] for one in read_list(workbook("C2:C3")).lines] == ["HT-1", "HT-1"]

    def test_an_amount_merged_over_lines_would_count_twice_and_is_refused(self) -> None:
        wrong = read_list(workbook("B2:B3")).wrong
        assert [(one.line, one.column) for one in wrong] == [(2, "申报金额")] and "合并" in wrong[0].what

    def test_the_line_of_totals_is_no_expense(self) -> None:
        read = read_list("行号,费用内容,申报金额（元）\n1,交换机,100\n合计,,100\n".encode())
        assert len(read.lines) == 1 and any("合计" in note for note in read.notes)

    def test_formulas_and_wrong_cells_are_named_by_row(self) -> None:
        read = read_list("费用内容,申报金额,开票日期\n交换机,一百,2025-01-02\n路由器,5,昨天\n".encode())
        assert [(one.line, one.column) for one in read.wrong] == [(2, "申报金额"), (3, "开票日期")]
        assert "公式" in read_list(workbook("", formula=True)).wrong[0].what

    def test_a_number_given_twice_and_less_than_nothing(self) -> None:
        read = read_list("行号,费用内容,申报金额\n1,甲,5\n1,乙,-5\n".encode())
        assert len(read.wrong) == 2

    def test_an_empty_list(self) -> None:
        assert read_list("费用内容,申报金额\n".encode()).wrong


def workbook(merge: str, formula: bool = False) -> bytes:
    book, out = Workbook(), io.BytesIO()
    page = book.active
    assert page is not None
    for row in (
        ["费用内容", "申报金额（元）", "采购合同号"],
        ["交换机", "=1+1" if formula else 100, "HT-1"],
        ["安装", 20, "HT-1"],
    ):
        page.append(row)
    if merge:
        page.merge_cells(merge)
    book.save(out)
    return out.getvalue()


class TestTaking:
    def test_the_list_of_the_application_is_taken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(life, "COSTS", sheet(line(1), line(2)))
        claim = life.claimed(life.window())
        found = take_expenses(claim_id=claim.pk, by=life.who("officer"), **life.at())
        assert [one.number for one in found] == [1, 2] and found[0].declared == 1_130_000
        told = said(Event.objects.get(act="policies.claim.expenses"))
        assert (
            told is not None
            and told["lines"] == 2
            and told["corrected"] is False
            and len(told["digest"]) == 64
        )

    def test_a_list_that_does_not_read_is_refused_whole_and_cannot_pass(self) -> None:
        claim = life.claimed(life.window())  # its list has no amounts
        with pytest.raises(Refusal) as refused:
            take_expenses(claim_id=claim.pk, by=life.who("officer"), **life.at())
        assert refused.value.code == "policies.expenses_wrong" and "申报金额" in refused.value.what
        with pytest.raises(Refusal) as none:
            concluded(claim)
        assert none.value.code == "policies.no_expenses" and not claim.expenses.exists()

    def test_a_corrected_list_says_why_and_undoes_the_audit(self) -> None:
        claim = life.claimed(life.window())
        with pytest.raises(Refusal):
            take_expenses(
                claim_id=claim.pk,
                by=life.who("officer"),
                content=sheet(line(1)),
                name="x.csv",
                on=life.today(),
            )
        taken(claim, line(1))
        concluded(claim)
        taken(claim, line(1), line(2))
        assert claim.checks.order_by("-pk")[0].passed is False

    def test_only_the_officer_of_the_office_while_it_is_checked(self) -> None:
        claim = life.claimed(life.window())
        for name in ("director", "auditor"):
            with pytest.raises(Exception) as refused:
                take_expenses(claim_id=claim.pk, by=life.who(name), content=sheet(line(1)), **life.at())
            assert type(refused.value).__name__ in ("Refusal", "Http404")


class TestFindings:
    def audit(self, *lines: Mapping[str, Any]) -> tuple[Claim, Audit]:
        claim = life.claimed(life.window())
        taken(claim, *lines)
        return claim, findings(claim)

    def test_each_rule_of_the_audit(self) -> None:
        _claim, audit = self.audit(
            line(1), line(2, audited="10000"), line(3, invoice_on=BEGINS - timedelta(1)), line(4, invoice_on=BEGINS),
            line(5, invoice_on=ENDS), line(6, invoice_on=ENDS + timedelta(1)), line(7, bank_slip=""), line(8, listed_in_form="否"),
        )  # fmt: skip
        assert [one.recognised for one in audit.lines] == [
            1_000_000,
            870_000,
            0,
            1_000_000,
            1_000_000,
            0,
            0,
            0,
        ]
        assert audit.totals == {"audited_investment": 3_870_000, "equipment_investment": 3_870_000}
        late = reasons(audit.lines[5], audit, "zh")
        assert late == ["开票日期 2025-11-21 晚于费用止日 2025-11-20，差 1 天"]
        assert reasons(audit.lines[2], audit, "zh") == [
            "开票日期 2025-01-09 早于费用起日 2025-01-10，差 1 天"
        ]
        assert "is before" in reasons(audit.lines[2], audit, "en")[0]
        assert "有银行付款单" in reasons(audit.lines[6], audit, "zh")[0]
        assert reasons(audit.lines[6], audit, "en")[0].startswith("Not met: ")

    def test_what_is_not_filled_in_is_not_zero(self) -> None:
        claim, audit = self.audit(line(1), line(2, input_tax=""))
        assert audit.lines[1].standing == Standing.LACKS and audit.totals["audited_investment"] is None
        assert "可抵扣进项税" in reasons(audit.lines[1], audit, "zh")[0]
        with pytest.raises(Refusal) as refused:
            concluded(claim)
        assert refused.value.code == "policies.audit_lacks" and "第 2 行" in refused.value.what

    def test_without_a_last_day_the_window_of_applying_ends_it(self) -> None:
        claim = life.claimed(life.window())
        del claim.declared["finished_on"]
        assert window(claim) == (BEGINS, life.today() + timedelta(days=10))

    def test_the_conclusion_is_what_the_plan_pays_on(self) -> None:
        claim, _audit = self.audit(line(1), line(2, invoice_on=ENDS + timedelta(1)))
        check = concluded(claim)
        assert check.detail["recognised"] == {
            "audited_investment": 1_000_000,
            "equipment_investment": 1_000_000,
        }
        assert [one["recognised"] for one in check.detail["lines"]] == [1_000_000, 0]
        assert check.detail["rule"]["rule"] == "sz_special_audit" and stands(claim, check)
        doubt = claim.doubts.get()
        assert doubt.kind == "window" and doubt.detail["line"] == 2

    def test_an_invoice_that_was_found_to_count_elsewhere_is_not_recognised(self) -> None:
        claim, _audit = self.audit(line(1), line(2))
        check = concluded(claim)
        found = actions.Found("invoice", "26440000000000000001", detail={"key": "26440000000000000001"})
        [doubt] = actions.doubt(claim, [found], by=life.who("officer").actor, on=life.today())
        actions.weigh(
            doubt_id=doubt.pk, upheld=True, reason="同一张发票", by=life.who("officer"), **life.at()
        )
        assert [one.recognised for one in findings(claim).lines] == [0, 1_000_000]
        assert not stands(claim, check)


# --- against an independent reckoning ------------------------------------------------------------------------------------


AMOUNTS = st.integers(0, 50_000_00)
DAYS = st.dates(BEGINS - timedelta(5), ENDS + timedelta(5))
EXPENSES = st.builds(
    dict, declared=AMOUNTS, audited=st.none() | AMOUNTS, input_tax=st.none() | st.integers(0, 9_000_00), voucher=st.sampled_from(["", "P"]),
    contract=st.sampled_from(["C", "C", ""]), invoice=st.sampled_from(["I", "I", ""]), bank_slip=st.sampled_from(["B", "B", ""]),
    invoice_on=st.none() | DAYS, listed_in_form=st.sampled_from([True, True, False]), equipment=st.none() | st.booleans(),
)  # fmt: skip


def reckoned(line: Mapping[str, Any]) -> int | None:
    """Written anew from the audit's five rules (facts §4.5); ``None``: a datum is missing that decides."""
    if not all(
        [line["listed_in_form"], line["voucher"], line["contract"], line["invoice"], line["bank_slip"]]
    ):
        return 0
    if line["invoice_on"] is not None and not BEGINS <= line["invoice_on"] <= ENDS:
        return 0
    if None in (line["invoice_on"], line["audited"], line["input_tax"]):
        return None
    return max(0, min(line["declared"], line["audited"]) - line["input_tax"])


class TestAgainstAnOracle:
    @pytest.fixture(autouse=True)
    def claim(self) -> None:
        self.found = life.claimed(life.window())

    @given(lines=st.lists(EXPENSES, min_size=1, max_size=8))
    @settings(max_examples=60, deadline=None)
    def test_line_by_line_and_in_sum(self, lines: list[dict[str, Any]]) -> None:
        Expense.objects.filter(claim=self.found).delete()
        Expense.objects.bulk_create(
            Expense(claim=self.found, number=n, content="甲", **one) for n, one in enumerate(lines, 1)
        )
        audit, wanted = findings(self.found), [reckoned(one) for one in lines]
        assert [one.recognised for one in audit.lines] == wanted
        whole = None if None in wanted else sum(one or 0 for one in wanted)
        assert audit.totals["audited_investment"] == whole
        for one, amount in zip(audit.lines, wanted, strict=True):
            assert bool(one.failing) == (amount == 0 and one.standing == Standing.FAILS)
            assert (amount is None) == (one.standing == Standing.LACKS)
