"""A synthetic year: made the same from the same seed, lived through the acts to the money, and all sums the same wherever added up."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from openpyxl import load_workbook

from mangrove.funding.models import PaymentOrder
from mangrove.ledger.models import Event
from mangrove.policies.claims.models import Claim, Doubt
from mangrove.policies.plans.models import Plan
from mangrove.policies.year.chance import at_percentile
from mangrove.policies.year.living import live, told_of
from mangrove.policies.year.making import City, make
from mangrove.policies.year.people import Year
from mangrove.policies.year.sheets import expenses_file
from mangrove.policies.year.summing import scored, sums
from mangrove.policies.year.telling import Telling, read

FIRMS, APPLICATIONS, SEED, YEAR = 60, 24, 1, 2025


def telling() -> Telling:
    return read(Path(settings.MANGROVE_CITY) / "year", YEAR)


def city(seed: int = SEED) -> City:
    return make(telling(), seed=seed, firms_count=FIRMS, applications_count=APPLICATIONS)


# --- made ------------------------------------------------------------------------------------------------------------


def test_the_same_seed_makes_the_same_bytes_and_another_seed_another_year() -> None:
    assert city(7).digest == city(7).digest != city(8).digest
    one = city(7).applications[0]
    assert expenses_file(one.lines) == expenses_file(one.lines)


@examples(max_examples=20)
@given(st.integers(0, 10**9))
def test_whatever_the_seed_keys_are_unique_and_links_lead_somewhere(seed: int) -> None:
    made = city(seed)
    firms = {one.id for one in made.firms}
    assert len({one.name for one in made.firms}) == len(firms) == FIRMS
    assert all("合成" in one.name for one in made.firms)
    keys = {one.key for one in made.applications}
    assert len({(one.scheme, one.firm.id) for one in made.applications}) == len(keys) == APPLICATIONS
    assert {one.key for one in made.truth} <= keys
    ids = [row["id"] for row in made.known.of("ownership")]
    assert len(ids) == len(set(ids))
    ends = {row[end] for row in made.known.of("ownership") for end in ("holder", "held")}
    assert ends | {row["organisation"] for row in (*made.credit, *made.later)} <= firms
    named = {one.id: one.name for one in made.firms}
    assert all(one.firm.name == named[one.firm.id] for one in made.applications)


@examples(max_examples=20)
@given(st.integers(0, 10**9))
def test_whatever_the_seed_only_planted_invoices_are_used_twice_or_lie_outside_the_project(seed: int) -> None:
    made = city(seed)
    used = Counter((line.invoice_code, line.invoice) for one in made.applications for line in one.lines)
    assert sum(n - 1 for n in used.values()) == sum(one.kind == "invoice" for one in made.truth)
    outside = {
        one.key
        for one in made.applications
        for line in one.lines
        if not one.begins_on <= line.invoice_on <= one.finished_on
    }
    assert outside == {one.key for one in made.truth if one.kind == "window" and one.founded}
    for line in (line for one in made.applications for line in one.lines):
        assert 0 < line.audited <= line.declared and 0 <= line.input_tax < line.declared
        assert line.paid_on > line.invoice_on >= line.contract_on


def test_of_two_that_are_one_the_second_came_in_later() -> None:
    made = {one.key: one for one in city().applications}
    pairs = [(made[one.other], made[one.key]) for one in city().truth if one.founded and one.other in made]
    assert pairs and all(first.applied_on < second.applied_on for first, second in pairs)


def test_every_kind_of_case_is_planted_and_most_have_an_innocent_near() -> None:
    truth = city().truth
    guilty = {one.kind for one in truth if one.founded}
    assert guilty == {"invoice", "split", "alike", "related", "credit", "window", "elsewhere"}
    innocent = {one.kind for one in truth if not one.founded}
    assert innocent == {"contract", "alike", "related", "credit", "window", "elsewhere"}


def test_too_few_firms_are_refused_in_words() -> None:
    with pytest.raises(ValueError, match="至少要"):
        make(telling(), seed=1, firms_count=10, applications_count=5)


def test_percentiles_lie_on_straight_lines_between_what_is_told() -> None:
    table = [[0, 10], [50, 110], [100, 1110]]
    assert [at_percentile(table, place) for place in (0, 25_000, 50_000, 75_000, 100_000)] == [
        10,
        60,
        110,
        610,
        1110,
    ]


def test_the_list_of_expenses_opens_as_a_spreadsheet_with_the_heads_of_the_vocabulary() -> None:
    one = city().applications[0]
    rows = list(load_workbook(BytesIO(expenses_file(one.lines))).active.values)
    assert rows[0][:4] == ("行号", "费用内容", "属设备", "申报金额（元）")
    assert len(rows) == len(one.lines) + 1
    assert sum(round(float(row[3]) * 100) for row in rows[1:]) == one.declared


# --- lived -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)  # the pulse of a job has a connection of its own
def test_a_small_year_is_lived_to_the_money_and_taken_up_again_without_doing_anything_twice() -> None:
    said: list[str] = []
    live(year=YEAR, firms=FIRMS, applications=APPLICATIONS, seed=SEED, say=said.append)
    year = Year(told_of(YEAR), city())
    found = scored(year)
    assert found.planted and not found.missed
    assert {one.kind for one in found.flagged} <= {
        "alike"
    }  # among two dozen texts nothing is common enough to be template
    assert sums(year) and all(one.same for one in sums(year))
    assert {one.case.state for one in Plan.objects.select_related("case")} == {"approved"}
    assert PaymentOrder.objects.filter(state="paid").exists() and "核对" in "".join(said)
    assert not Event.objects.filter(room="policies", back_entry=True, why="").exists()
    consequences()
    counted = [model.objects.count() for model in (Claim, Plan, Doubt, PaymentOrder)]
    live(year=YEAR, firms=FIRMS, applications=APPLICATIONS, seed=SEED, say=said.append)
    assert counted == [model.objects.count() for model in (Claim, Plan, Doubt, PaymentOrder)]


def consequences() -> None:
    """What was planted ends as the truth has it: refused, or a line left out, or nobody stopped."""
    made = {one.key: one for one in city().applications}
    for one in city().truth:
        firm, scheme = made[one.key].firm.id, made[one.key].scheme
        claim = Claim.objects.select_related("case").get(organisation=firm, scheme=scheme)
        assert (claim.case.state == "refused") >= one.refuses, one.what
        if one.kind == "credit" and not one.founded:
            check = claim.checks.get(kind="credit")
            assert check.passed and check.detail["ended"]  # found as expired, and stopped nobody
        if one.kind == "window" and one.founded:
            lines = claim.checks.filter(kind="audit").latest("pk").detail["lines"]
            assert next(line for line in lines if line["number"] == 1)["standing"] == "不符合"
