"""A year's money as figures that a letter can cite; and prices before and after the letter, without a claim of cause."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import Http404
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from mangrove.figures.actions import set_value
from mangrove.figures.lineage import lineage
from mangrove.figures.loading import load_figures
from mangrove.figures.models import Definition, Value
from mangrove.figures.periods import Period
from mangrove.figures.values import printed, read_book
from mangrove.figures.verification import verify_values
from mangrove.funding import actions as funding
from mangrove.funding import totals
from mangrove.funding.models import Award
from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM, Ref
from mangrove.ledger.refusals import Refusal
from mangrove.policies.results.decisions import OUTSIDE
from mangrove.policies.results.done import sides
from mangrove.policies.results.gathering import pots_of, results
from mangrove.policies.results.lineage import period_of
from mangrove.policies.results.publishing import publish, shown
from mangrove.policies.results.verification import verify_published

from . import life, paying

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = 2026


def city() -> None:
    load_figures(settings.MANGROVE_CITY, by=SYSTEM, on=life.today())


def spent() -> None:
    """Two grants of 200 and 150 万元 out of 500; the second is paid by half."""
    city()
    opening = life.window()
    life.ready(life.claimed(opening, "a"))
    life.ready(life.claimed(opening, "b"), recognised=300_000_000)
    paying.approved(life.planned())
    first, second = Award.objects.order_by("-decided")
    paying.paid(first)
    paying.paid(second, part=2)


def published(by: str = "officer", **more: Any) -> Any:
    return publish(**{"year": YEAR, "by": life.who(by), "on": life.today(), **more})


def value(definition: str, cut: str = "{}") -> Value:
    return Value.objects.filter(definition=definition, dimensions=cut).latest("pk")


def test_the_year_is_published_with_what_it_was_added_up_from() -> None:
    spent()
    done = published()
    amounts = {one.definition_id: one.amount for one in done.values if one.dimensions == "{}"}
    assert amounts == {
        "support_budget": 500_000_000, "support_committed": 350_000_000, "support_paid": 275_000_000, "support_unspent": 225_000_000,
        "support_unspent_share": 450_000, "support_beneficiaries": 2, "support_days_median": 35, "support_days_ninetieth": 35,
    }  # fmt: skip
    rows = value("support_paid").rows.all()
    assert [one.dataset for one in rows] == ["支付指令"] * 2 and sum(
        one.amount for one in rows
    ) == 275_000_000
    assert lineage(value("support_unspent_share")).children[0].rows
    assert "天数清单校验值" in value("support_days_median").note and "账本至第" in value("support_paid").note
    assert verify_values() == [] and verify_published() == []


def test_who_reads_figures_learns_no_firm_from_their_records() -> None:
    spent()
    published()
    said = " ".join(
        f"{one.key} {one.label}"
        for each in Value.objects.all()
        for one in each.rows.all()
        if each.source_id.startswith("support")
    )
    assert said and "企业有限公司" not in said and "firm_" not in said


def test_the_spread_over_schemes_adds_up_to_the_whole() -> None:
    spent()
    published()
    for definition in ("support_committed", "support_paid", "support_beneficiaries"):
        parts = Value.objects.filter(definition=definition).exclude(dimensions="{}")
        assert sum(one.amount for one in parts) == value(definition).amount
    assert '{"扶持事项":"测试验证环境扶持"}' in {one.dimensions for one in Value.objects.all()}


def test_the_same_again_changes_nothing_on_whatever_day() -> None:
    spent()
    published(on=life.days_ago(1), why=life.WHY)
    before = (Value.objects.count(), Event.objects.count())
    assert published().values == () and published(on=life.days_ago(1), why=life.WHY).values == ()
    assert (Value.objects.count(), Event.objects.count()) == before


def test_a_correction_is_a_new_version_and_the_old_one_stays() -> None:
    spent()
    published()
    award = Award.objects.order_by("-decided").last()
    assert award is not None
    funding.reduce(
        award=award, amount=100_000_000, by=life.who("officer").actor, on=life.today(), why="核减（样例）"
    )
    assert [one.definition.pk for one in shown(YEAR, life.today()) if not one.current] == [
        "support_committed"
    ]
    again = published()
    assert {one.definition_id for one in again.values} == {"support_committed"}
    versions = Value.objects.filter(definition="support_committed", dimensions="{}").order_by("revision")
    assert [(one.revision, one.amount) for one in versions] == [(1, 350_000_000), (2, 300_000_000)]
    assert verify_published() == [] and all(one.current for one in shown(YEAR, life.today()))


def test_made_up_money_is_marked_so_and_a_year_counts_up_to_the_day() -> None:
    spent()
    published()
    assert value("support_paid").source.synthetic
    assert period_of(YEAR, date(2026, 6, 30)) == Period(date(2026, 1, 1), date(2026, 6, 30))
    assert period_of(YEAR, date(2027, 3, 1)) == Period.of(2026)


def test_a_letter_can_cite_what_was_published() -> None:
    spent()
    published()
    book = read_book(on=life.today())
    found = book.latest("support_paid")
    assert found is not None and printed(found) == "275.00万元"


def test_only_who_states_figures_and_whose_money_it_is_publishes() -> None:
    spent()
    before = Value.objects.count()
    for name, kind in (("auditor", Refusal), ("payer", Refusal), ("director", Refusal), ("stranger", Refusal), ("firm_a", Http404)):  # fmt: skip
        with pytest.raises(kind):
            published(name)
    with pytest.raises(Http404):
        published(year=1999)
    assert Value.objects.count() == before


def test_a_city_without_the_definitions_is_told_which() -> None:
    paying.granted()
    with pytest.raises(Refusal) as refused:
        published()
    assert refused.value.code == "policies.no_definition" and "support_" in refused.value.what
    assert shown(YEAR, life.today()) == []


def test_a_value_changed_by_hand_is_found() -> None:
    spent()
    published()
    one = value("support_paid")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            names = [
                row[0]
                for row in cursor.execute(
                    "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='figures_value'"
                ).fetchall()
            ]
            for name in names:
                cursor.execute(f"DROP TRIGGER {name}")
        else:
            cursor.execute("ALTER TABLE figures_value DISABLE TRIGGER USER")
        cursor.execute("UPDATE figures_value SET amount = 1 WHERE id = %s", [one.pk])
    assert any("support_paid" in fault for fault in verify_published())


def browser(name: str) -> Client:
    client = Client()
    client.force_login(life.who(name), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_year_without_a_pot_says_what_there_is_and_has_no_share() -> None:
    city()
    life.window()
    found = {one.definition.pk: one.now for one in shown(YEAR, life.today())}
    assert found["support_unspent_share"] is None and found["support_budget"] is not None
    assert browser("officer").get(reverse("policies:results")).status_code == 200


def test_an_officer_publishes_on_the_page_and_is_told_when_nothing_changed() -> None:
    spent()
    client, address = browser("officer"), reverse("policies:results_publish")
    assert "未发布" in client.get(reverse("policies:results")).content.decode()
    said = {"year": str(YEAR), "on": life.today().isoformat(), "why": ""}
    assert "已发布 11 个数值" in client.post(address, said, follow=True).content.decode()
    again = client.post(address, said, follow=True).content.decode()
    assert "与已发布的数相同" in again and "一致" in again
    assert "发布为指标</a>" not in browser("auditor").get(reverse("policies:results")).content.decode()


def outside() -> Award:
    """Decided out of the same pot without a plan, and paid: 50 万元."""
    of = Award.objects.order_by("-decided")[0]
    one = funding.decide(
        pot=of.pot, recipient=of.recipient, programme="样例", subject=Ref("funding", "paper", "1"), title="计划外一项（合成）", amount=50_000_000,
        basis="样例纪要", by=life.who("officer").actor, synthetic=True, **life.at(),
    )  # fmt: skip
    paying.paid(one)
    return one


def test_money_decided_outside_a_plan_is_in_the_same_figures() -> None:
    spent()
    outside()
    found = results(YEAR)
    (last,) = [one for one in found.lines if one.scheme == OUTSIDE]
    assert (last.awards, last.decided, last.paid) == (1, 50_000_000, 50_000_000)
    assert found.all.paid == 325_000_000 == sum(one.paid for one in found.lines)
    of_pots = totals.of_pots(pots_of(YEAR)).values()
    assert (found.all.decided, found.all.paid) == (
        sum(one.decided for one in of_pots),
        sum(one.paid for one in of_pots),
    )
    published()
    assert (value("support_paid").amount, value("support_unspent").amount) == (325_000_000, 175_000_000)
    assert value("support_committed", '{"扶持事项":"计划外的决定"}').amount == 50_000_000
    assert value("support_beneficiaries").amount == 2
    assert (
        verify_published() == []
        and verify_values() == []
        and all(one.current for one in shown(YEAR, life.today()))
    )
    page = browser("officer").get(reverse("policies:results")).content.decode()
    assert "计划外的决定" in page and "3,250,000.00" in page


def test_the_file_has_the_sum_the_budget_and_what_each_number_counts() -> None:
    spent()
    outside()
    answer = browser("officer").get(reverse("policies:results_export"), {"year": YEAR})
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = " ".join(str(line[0]) for line in lines)
    assert "预算：5,000,000.00 元（口径：" in head and "未用比例：35.0%" in head and "计划外" in head
    assert lines[-1][0] == "合计" and lines[-2][0] == "计划外的决定"
    assert (lines[-1][3], lines[-1][4]) == (4_000_000, 3_250_000)
    assert sheet.cell(sheet.max_row, 4).number_format == "#,##0.00"
    columns = int(sheet.freeze_panes[1:]) - 2
    assert lines[columns][0] == "扶持事项"


class TestPrices:
    def test_the_letters_day_parts_before_from_after(self) -> None:
        city()
        found = {one.id: one for one in sides(life.today())}
        phone = found["phone_price_5g"]
        assert phone.before is not None and phone.after is not None
        assert (printed(phone.before), printed(phone.after)) == ("3733元", "2850元")
        assert phone.before.end < date(2021, 8, 30) < phone.after.start
        assert not phone.before.source.verified
        assert (found["chip_price_5g"].before, found["chip_price_5g"].after) == (None, None)

    def test_what_has_no_source_is_said_to_have_no_data_and_no_cause_is_claimed(self) -> None:
        life.bureau()
        city()
        page = browser("director").get(reverse("policies:done")).content.decode()
        assert page.count("无数据") >= 4 and "不等于是哪一项措施引起的" in page and "待核" in page
        assert "降低芯片、模组、终端价格" in page and "3,733" in page

    def test_a_city_without_the_figures_says_so(self) -> None:
        life.bureau()
        assert all(one.definition is None for one in sides(life.today()))
        page = browser("auditor").get(reverse("policies:done"))
        assert page.status_code == 200 and "本市没有这个口径" in page.content.decode()

    def test_a_number_that_comes_later_is_shown_after(self) -> None:
        city()
        set_value(
            "module_price_5g", as_of=Period.parse("2021-08-20"), amount=Decimal(600), source="letter", by=SYSTEM, on=life.today()
        )  # fmt: skip
        (one,) = [one for one in sides(life.today()) if one.id == "module_price_5g"]
        assert one.before is not None and one.after is None

    def test_firms_do_not_see_it(self) -> None:
        life.bureau()
        assert browser("firm_a").get(reverse("policies:done")).status_code == 404
        assert browser("officer").get(reverse("policies:done_export")).status_code == 200

    def test_every_figure_that_the_rules_name_is_declared(self) -> None:
        city()
        named = {one.id for one in sides(life.today())}
        assert named == set(Definition.objects.filter(pk__in=named).values_list("pk", flat=True))
