"""What firms promised for the money against what was measured: who reports, who confirms, what it comes to."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as some

from mangrove.casework.inbox import inbox
from mangrove.intake.models import Opening
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.policies.performance import actions
from mangrove.policies.performance.access import access_performance, readable_performances
from mangrove.policies.performance.decisions import Bar, Found, outcome, percent, tally
from mangrove.policies.performance.gathering import overall, summary
from mangrove.policies.performance.models import Indicator, Performance
from mangrove.policies.performance.opening import look_after
from mangrove.policies.performance.pages import context
from mangrove.policies.performance.tables import share_words
from mangrove.policies.performance.verification import verify_performances
from mangrove.policies.performance.waiting import reports_due
from mangrove.policies.results.gathering import results
from mangrove.registry.models import Organisation

from . import life, paying

ROWS = (
    "新增营业收入\t200.5\t万元\t2027\n带动就业\t12\t人\t2026\n出口额\t3.5\t亿元\t2028\n样板产线\t2\t条\t2026"
)
BAR = Bar(met=Fraction(1), partly=Fraction(3, 5))


class TestDeciding:
    @given(some.integers(1, 10**15), some.integers(0, 10**15))
    def test_more_measured_is_never_a_worse_outcome(self, promised: int, measured: int) -> None:
        order = ["not", "partly", "met"]
        here, more = (outcome(promised, amount, BAR) for amount in (measured, measured + 1))
        assert order.index(here) <= order.index(more)
        assert (here == "met") == (measured >= promised)
        assert (here == "not") == (measured * 5 < promised * 3)

    def test_nothing_promised_is_met_unless_it_became_less(self) -> None:
        assert (outcome(0, 0, BAR), outcome(0, -1, BAR)) == ("met", "not")

    def test_shares_are_of_what_was_confirmed_and_the_median_of_two_lies_between(self) -> None:
        rows = [Found(100, 120, "met", True), Found(100, 65, "partly", True), Found(100, 10, "", True), Found(100, None, "", False)]  # fmt: skip
        found = tally(5, 1, rows)
        assert (found.met, found.partly, found.missed, found.unconfirmed, found.unreported) == (1, 1, 0, 1, 1)
        assert (found.kept, found.median) == (Decimal("50.0"), Decimal("92.5"))

    def test_nothing_confirmed_has_no_share(self) -> None:
        found = tally(1, 0, [Found(100, None, "", False)])
        assert (found.kept, found.median) == (None, None)

    @given(some.lists(some.integers(0, 10**9), min_size=1, max_size=25))
    def test_half_lie_on_each_side_of_the_median(self, measured: list[int]) -> None:
        found = tally(len(measured), 0, [Found(1, one, "met", True) for one in measured]).median
        assert found is not None
        assert sum(one * 100 <= found for one in measured) * 2 >= len(measured)
        assert sum(one * 100 >= found for one in measured) * 2 >= len(measured)

    def test_a_half_goes_away_from_zero(self) -> None:
        assert percent(Fraction(5, 10000)) == Decimal("0.1")


stored = pytest.mark.django_db(transaction=True)


def report(
    one: Performance, act: str = "report", by: str = "firm_a", amount: str = "180", **more: Any
) -> Any:
    one.case.refresh_from_db()
    said: dict[str, Any] = {
        "performance_id": one.pk, "act": act, "measured": {1: Decimal(amount)}, "until": life.days_ago(3), "source": "2025年度审计报告（合成）",
        "by": life.who(by), "on": life.today(), "expected_version": one.case.version,
    }  # fmt: skip
    return actions.report(**{**said, **more})


def confirm(one: Performance, by: str = "officer_b", **promised: str) -> Performance:
    one.case.refresh_from_db()
    return actions.confirm(
        performance_id=one.pk, promised={1: Decimal(promised["as_"])} if promised else {}, by=life.who(by), on=life.today(),
        expected_version=one.case.version, why="核对审计报告",
    )  # fmt: skip


def step(one: Performance, act: str, by: str = "officer_b") -> Performance:
    one.case.refresh_from_db()
    return actions.step(
        performance_id=one.pk, act=act, by=life.who(by), on=life.today(), expected_version=one.case.version, why="数据有误"
    )  # fmt: skip


def only(one: Performance) -> Indicator:
    return Indicator.objects.get(performance=one)


def refused(work: Any) -> str:
    """Its code; and nothing was written."""
    before = Event.objects.count()
    with pytest.raises(Refusal) as caught:
        work()
    assert Event.objects.count() == before
    return caught.value.code


@stored
class TestComingUp:
    def test_a_review_comes_up_once_when_the_time_after_the_payment_has_passed(self) -> None:
        one = paying.reviewed()
        assert (one.due_on - one.paid_on).days == 365 and one.due_on <= life.today()
        row = only(one)
        assert (row.name, row.promised_text, row.promised) == ("新增营业收入", "200万元", 200_000_000)
        assert look_after() == 0 and Performance.objects.count() == 1

    def test_what_was_paid_lately_is_not_due_and_is_counted_so(self) -> None:
        paying.granted()
        assert look_after() == 0
        assert (overall(life.who("officer")).awards, overall(life.who("officer")).not_due) == (1, 1)

    def test_the_firm_is_told_in_its_inbox_and_no_other_firm_is(self) -> None:
        one = paying.reviewed()
        assert [todo.subject for todo in reports_due(life.who("firm_a"))] == [one.ref]
        assert not reports_due(life.who("firm_b")) and not len(inbox(life.who("firm_b")))
        report(one)
        assert not reports_due(life.who("firm_a"))
        assert [todo.title for todo in inbox(life.who("officer_b"))].count(one.claim.title) == 1


@stored
class TestActing:
    def test_the_firm_reports_with_a_paper_and_another_officer_confirms(self) -> None:
        one = paying.reviewed()
        report(one, paper=SimpleUploadedFile("报告.pdf", life.PDF))
        row = only(one)
        assert (row.measured, row.outcome, row.reported_by) == (180_000_000, "", "firm_a")
        assert row.paper is not None and row.paper.name == "报告.pdf"
        confirm(one)
        one.case.refresh_from_db()
        assert (only(one).outcome, one.case.state) == ("partly", "confirmed")

    def test_who_decided_the_award_does_not_confirm_nor_who_entered_the_number(self) -> None:
        one = paying.reviewed()
        report(one)
        assert refused(lambda: confirm(one, by="officer")) == "policies.own_award"
        page = context(life.who("officer"), one)
        assert "核定" not in [str(act.label) for act in page["acts"]] and "由您批准或提出" in page["advice"]
        page = context(life.who("officer_b"), one)
        assert "核定" in [str(act.label) for act in page["acts"]] and page["advice"] == ""
        step(one, "return")
        report(one, act="enter", by="officer_b")
        assert refused(lambda: confirm(one)) == "policies.own_award"

    def test_words_that_are_no_number_are_settled_by_the_officer_and_kept_word_for_word(self) -> None:
        one = paying.reviewed_in_words("每年增加约两百万元")
        report(one)
        assert only(one).promised is None and only(one).due_year is None and verify_performances() == []
        assert refused(lambda: confirm(one)) == "policies.no_promise"
        confirm(one, as_="200")
        assert (only(one).promised_text, only(one).promised, only(one).outcome) == (
            "每年增加约两百万元",
            200_000_000,
            "partly",
        )
        step(one, "reopen")
        assert (only(one).promised, only(one).outcome) == (None, "")

    def test_rows_of_any_unit_are_measured_in_that_unit_and_stay_when_taken_up_again(self) -> None:
        one = paying.reviewed(promises=ROWS)
        rows = list(Indicator.objects.filter(performance=one).order_by("place"))
        assert [(row.name, row.promised_text, row.due_year, row.unit, row.promised) for row in rows] == [
            ("新增营业收入", "200.5万元", 2027, "元", 200_500_000), ("带动就业", "12人", 2026, "人", 120_000),
            ("出口额", "3.5亿元", 2028, "元", 35_000_000_000), ("样板产线", "2条", 2026, "条", 20_000),
        ]  # fmt: skip
        measured = {1: Decimal("160.4"), 2: Decimal(10), 3: Decimal("3.5"), 4: Decimal(1)}
        report(one, measured=measured)
        confirm(one)
        rows = list(Indicator.objects.filter(performance=one).order_by("place"))
        assert [(share_words(row), row.outcome) for row in rows] == [
            ("80.0%", "partly"), ("83.3%", "partly"), ("100.0%", "met"), ("50.0%", "not"),
        ]  # fmt: skip
        assert verify_performances() == []
        step(one, "reopen")
        assert Indicator.objects.get(performance=one, place=4).promised == 20_000
        Indicator.objects.filter(performance=one, place=4).update(due_year=2030)
        assert any("原话" in fault for fault in verify_performances())

    def test_nothing_is_kept_without_a_source_or_outside_its_time_or_finer_than_counted(self) -> None:
        one = paying.reviewed()
        assert refused(lambda: report(one, source=" ")) == "registry.required"
        assert refused(lambda: report(one, until=date(2020, 1, 1))) == "policies.bad_until"
        assert refused(lambda: report(one, amount="1.0000001")) == "policies.bad_amount"
        assert refused(lambda: report(one, measured={})) == "policies.not_measured"
        bad = SimpleUploadedFile("报告.pdf", b"MZ not a pdf")
        assert refused(lambda: report(one, paper=bad)).startswith("casework.")
        assert only(one).measured is None

    def test_a_stale_page_and_a_repeated_confirmation_are_refused(self) -> None:
        one = paying.reviewed()
        seen = one.case.version
        report(one)
        assert refused(lambda: report(one, expected_version=seen)) == "casework.stale"
        confirm(one)
        assert refused(lambda: confirm(one)) == "casework.wrong_state"


@stored
class TestKnowing:
    def test_a_firm_knows_its_own_and_an_office_those_of_its_organisation(self) -> None:
        one = paying.reviewed()
        for name in ("firm_a", "officer_b", "director", "auditor"):
            assert access_performance(life.who(name), one.pk) == one
        for name in ("firm_b", "stranger"):
            assert not readable_performances(life.who(name)).exists()
            with pytest.raises(Http404):
                access_performance(life.who(name), one.pk)

    def test_the_firm_does_not_confirm_and_the_office_does_not_speak_as_the_firm(self) -> None:
        one = paying.reviewed()
        assert refused(lambda: report(one, by="officer_b")) == "casework.wrong_role"
        report(one)
        assert refused(lambda: confirm(one, by="firm_a")) == "casework.wrong_role"
        assert refused(lambda: confirm(one, by="auditor")) == "casework.wrong_role"

    def test_a_firm_of_the_same_body_under_another_entry_reads_it(self) -> None:
        one = paying.reviewed()
        Organisation.objects.filter(pk="firm_b").update(merged_into="firm_a")
        assert access_performance(life.who("firm_b"), one.pk) == one


@stored
class TestLookingBack:
    def test_a_changed_number_or_outcome_is_found(self) -> None:
        one = paying.reviewed()
        assert verify_performances() == []
        report(one)
        confirm(one)
        assert verify_performances() == []
        for changed in (
            {"measured": 1},
            {"outcome": "met"},
            {"promised": 5},
            {"promised_text": "2万元"},
            {"source": "别处"},
        ):
            before = {name: getattr(only(one), name) for name in changed}
            Indicator.objects.update(**changed)
            assert any("账本" in fault for fault in verify_performances()), changed
            Indicator.objects.update(**before)
        step(one, "reopen")
        assert verify_performances() == []

    def test_plan_measure_and_scheme_add_up_to_the_same(self) -> None:
        one = paying.reviewed()
        report(one, amount="250")
        confirm(one)
        for by in ("plan", "measure", "scheme"):
            (group,) = summary(life.who("auditor"), by)
            assert (group.tally.met, group.tally.kept, group.tally.median) == (
                1,
                Decimal("100.0"),
                Decimal("125.0"),
            )
            assert group.tally == overall(life.who("auditor"))
        assert summary(life.who("stranger"), "plan") == []


def browser(name: str) -> Client:
    client = Client()
    client.force_login(life.who(name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def queries() -> list[int]:
    """How many the list and the sums ask, as one who reads all."""
    client, counts = browser("auditor"), []
    for name in ("performances", "performance_summary"):
        client.get(reverse(f"policies:{name}"))
        with CaptureQueriesContext(connection) as caught:
            client.get(reverse(f"policies:{name}"))
        counts.append(len(caught))
    return counts


@stored
class TestPages:
    def test_the_firm_reports_on_its_page_and_sees_the_words_for_the_public(self) -> None:
        one = paying.reviewed()
        client, address = browser("firm_a"), reverse("policies:performance_step", args=[one.pk, "report"])
        page = client.get(address).content.decode()
        assert "承诺的是：200万元" in page and "enctype" in page
        said = {
            "amount_1": "90", "until": life.days_ago(3).isoformat(), "source": "审计报告", "on": life.today().isoformat(),
            "why": "", "expected_version": one.case.version,
        }  # fmt: skip
        wrong = client.post(address, {**said, "until": "2020-01-01"})
        assert (
            wrong.status_code == 422
            and "统计截止日" in wrong.content.decode()
            and 'value="90"' in wrong.content.decode()
        )
        assert client.post(address, said).status_code == 302
        shown = client.get(reverse("policies:performance", args=[one.pk])).content.decode()
        assert "已填报，等待核定" in shown and "90万元" in shown and "流转记录" not in shown
        assert "只列出" not in shown

    def test_who_confirms_sees_promise_and_measure_beside_each_other(self) -> None:
        one = paying.reviewed()
        report(one)
        page = browser("officer_b").get(reverse("policies:performance_step", args=[one.pk, "confirm"]))
        said = page.content.decode()
        assert (
            "承诺 200万元" in said
            and "实测 180万元" in said
            and "90.0%" in said
            and "2025年度审计报告" in said
        )

    def test_a_promise_that_was_not_kept_shows_what_the_rules_say_and_does_nothing(self) -> None:
        one = paying.reviewed()
        report(one, amount="10")
        confirm(one)
        before = Event.objects.count()
        page = browser("officer_b").get(reverse("policies:performance", args=[one.pk])).content.decode()
        assert (
            "只列出，不自动执行" in page and "两年内不得再申报" in page and "待核" in page and "5.0%" in page
        )
        assert Event.objects.count() == before and not one.award.recoveries.exists()

    def test_the_list_is_narrowed_and_goes_out_as_numbers(self) -> None:
        one = paying.reviewed()
        report(one)
        client = browser("auditor")
        for query, found in (("?state=reported", True), ("?state=due", False), ("?measure=sz_industrial_internet_2018", True), ("?measure=sz_new_materials", False), ("?outcome=met", False)):  # fmt: skip
            assert (
                one.claim.title in client.get(reverse("policies:performances") + query).content.decode()
            ) is found, query
        file = client.get(reverse("policies:performances_export")).content
        rows = list(openpyxl.load_workbook(io.BytesIO(file)).active.values)  # type: ignore[union-attr]
        assert any(200 in row and 180 in row and "万元" in row and 90 in row for row in rows), rows

    def test_promise_measure_share_and_outcome_of_each_row_stand_on_the_page_and_in_the_file(self) -> None:
        one = paying.reviewed(promises=ROWS)
        address = reverse("policies:performance_step", args=[one.pk, "report"])
        page = browser("firm_a").get(address).content.decode()
        assert "承诺的是：12人，2026 年完成" in page and "单位条" in page
        report(one, measured={1: Decimal(200), 2: Decimal(10), 3: Decimal(4), 4: Decimal(2)}, paper=SimpleUploadedFile("报告.pdf", life.PDF))  # fmt: skip
        confirm(one)
        page = browser("officer_b").get(reverse("policies:performance", args=[one.pk])).content.decode()
        for words in ("12人", "10人", "83.3%", "部分达到", "2026", "报告.pdf", "数量与年份"):
            assert words in page, words
        file = browser("auditor").get(reverse("policies:performances_export")).content
        rows = list(openpyxl.load_workbook(io.BytesIO(file)).active.values)  # type: ignore[union-attr]
        jobs = next(row for row in rows if "带动就业" in row)
        assert {12, 10, "人", 2026, "部分达到", "报告.pdf", "数量与年份"} <= set(jobs) and Decimal(str(jobs[7])) == Decimal("83.3"), jobs  # fmt: skip

    def test_a_promise_in_words_is_read_as_it_is_and_marked(self) -> None:
        one = paying.reviewed_in_words("每年增加约两百万元")
        page = browser("firm_a").get(reverse("policies:performance", args=[one.pk])).content.decode()
        assert "每年增加约两百万元" in page and "文字承诺，不能计算" in page
        report(one)
        page = browser("officer_b").get(reverse("policies:performance_step", args=[one.pk, "confirm"]))
        assert "文字承诺，不能计算：每年增加约两百万元。请照原话折成" in page.content.decode()
        file = browser("auditor").get(reverse("policies:performances_export")).content
        rows = list(openpyxl.load_workbook(io.BytesIO(file)).active.values)  # type: ignore[union-attr]
        assert any("文字承诺，不能计算" in row and "每年增加约两百万元" in row for row in rows), rows

    def test_the_year_counts_what_was_promised_measured_and_met(self) -> None:
        old = life.worded_window()
        one = paying.reviewed(promises=ROWS)
        report(one, measured={1: Decimal(300), 2: Decimal(12), 3: Decimal(1), 4: Decimal(0)})
        confirm(one)
        paying.granted(("b",), Opening.objects.exclude(pk=old.pk).get(), life.pot(code="two"))
        paying.granted(("c",), old, life.pot(code="three"), promise_1="约两百万元")
        (line,) = results(2026).lines
        assert (line.awards, line.promised, line.measured, line.met) == (3, 6, 4, 2)
        page = browser("auditor").get(reverse("policies:results") + "?year=2026").content.decode()
        assert "承诺 6 项，已填实测 4 项，达到 2 项" in page

    def test_as_many_queries_for_three_as_for_one(self) -> None:
        with life.long_ago(400):
            opening = life.window()
            paying.granted(("a",), opening, life.pot(code="one"))
        look_after()
        of_one = queries()
        with life.long_ago(400):
            paying.granted(("b", "c"), opening, life.pot(code="two"))
        look_after()
        assert Performance.objects.count() == 3 and queries() == of_one

    def test_sums_are_not_for_firms(self) -> None:
        paying.reviewed()
        assert browser("firm_a").get(reverse("policies:performance_summary")).status_code == 404
        assert "成效汇总" not in browser("firm_a").get(reverse("policies:performances")).content.decode()
        assert browser("director").get(reverse("policies:performance_summary")).status_code == 200
