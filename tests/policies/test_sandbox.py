"""The sandbox: exact to the fen, refuses kindly, and keeps, replays and writes down what was asked."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from math import floor

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mangrove import vocabulary
from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM
from mangrove.ledger.refusals import Refusal
from mangrove.policies.measures.library import measure_of, measures, version
from mangrove.policies.measures.publishing import publish
from mangrove.policies.sandbox import actions
from mangrove.policies.sandbox.access import access_scenario, readable_scenarios
from mangrove.policies.sandbox.answering import answer
from mangrove.policies.sandbox.drafting import draft_text, rewritten
from mangrove.policies.sandbox.models import Scenario
from mangrove.policies.sandbox.replaying import replay
from mangrove.policies.sandbox.snapshots import city
from mangrove.registry.records.facts import facts_of_all
from mangrove.rulebook.decide import Standing, decide
from mangrove.rulebook.engines.columns import ColumnPopulation
from mangrove.rulebook.simulate.takeup import coming
from mangrove.rulebook.texts.reader import load_text

from . import life, reckoning
from .reckoning import WAN

pytestmark = pytest.mark.django_db

FEN = {key: round(Fraction(money) * 100) for key, _firm, money, _day in reckoning.PROJECTS if money}


def half_up(exact: Fraction) -> int:
    return floor(exact + Fraction(1, 2))


def by_hand(rate: Fraction = Fraction(3, 10), least: int = 100 * WAN, cap: int = 300 * WAN) -> dict[str, int]:
    """What the small measure pays each project, without any of the house's engines."""
    paid = {}
    for key, fen in FEN.items():
        own = half_up(min(fen * rate, Fraction(cap), Fraction(fen - 10 * WAN))) if fen >= least else 0
        paid[key] = own + (20 * WAN if fen >= 1000 * WAN else 0)
    return paid


@pytest.fixture
def rule():
    reckoning.prepared()
    return version("small_testbed", 1)


def kept(rule, name="方案一", by="officer", shared="own", **typed) -> Scenario:
    form = reckoning.asked(rule, **typed)
    assert form.is_valid(), form.errors
    question = form.asked()
    return actions.save(
        asked=question, city=city(question.known_on), name=name, shared=shared, by=life.who(by), on=timezone.localdate()
    )  # fmt: skip


# --- what it comes to -----------------------------------------------------------------------------------------------------


def test_a_changed_rate_costs_exactly_what_fractions_say(rule) -> None:
    found = reckoning.found(rule, 比例="33.33%")
    now, then = by_hand(), by_hand(rate=Fraction(3333, 10_000))
    assert found.before.fen == sum(now.values()) and found.after.fen == sum(then.values())
    assert found.all.winners == sum(then[key] > now[key] for key in FEN) and found.all.losers == 0
    assert found.all.open == 1  # p4, of which the investment is not known
    assert found.after.cost.high == found.after.fen + 300 * WAN + 20 * WAN


def test_winners_and_losers_by_district_add_up_to_the_whole(rule) -> None:
    found = reckoning.found(rule, 门槛="150万元", 比例="35%")
    then = by_hand(rate=Fraction(35, 100), least=150 * WAN)
    by = {group.zh: moved for group, moved in found.groups["district"]}
    assert by["南山区"].after == then["p1"] + then["p2"]
    assert by["福田区"].losers == 1 and by["福田区"].open == 1
    for parts in found.groups.values():
        assert sum(moved.after for _group, moved in parts) == found.after.fen


def test_size_is_that_of_the_last_year_before_the_decision(rule) -> None:
    from tests.registry.records.taking import taken

    taken("firm_year", [("机构", "年度", "职工总数", "合成数据"), ("firm_a", "2024", "500", "是"), ("firm_a", "2025", "12", "是"), ("firm_b", "2023", "1000", "是")])  # fmt: skip
    found = reckoning.found(rule, decide="2026-06-01", 比例="40%")
    by = {group.zh: moved for group, moved in found.groups["staff"]}
    assert by["不足20人"].after == by_hand(rate=Fraction(4, 10))["p1"]
    assert set(by) == {"不足20人", "1000人及以上", "未知"}


def test_the_waterfall_goes_in_the_order_of_the_measure_and_adds_up(rule) -> None:
    found = reckoning.found(rule, 比例="20%", 门槛="200万元")
    assert [one.changed for one in found.waterfall.steps] == [("门槛",), ("比例",)]
    assert found.waterfall.base + sum(one.effect for one in found.waterfall.steps) == found.after.fen


def test_a_pot_says_on_which_day_it_runs_dry_and_what_stays_unspent(rule) -> None:
    hand = by_hand()
    fits = hand["p5"] + hand["p1"]
    found = reckoning.found(rule, pot0=f"{fits}分", order="applied_on")
    told = found.pots[0]
    assert told.dry is not None and told.dry.day == reckoning.day("2026-03-05") and told.dry.served == 2
    assert told.short == sum(hand.values()) - fits and told.unspent == 0 and told.risk == "short"
    half = reckoning.found(rule, pot0=f"{sum(hand.values())}分", meets="50%").pots[0]
    assert (
        half.unspent == sum(hand.values()) - half_up(Fraction(sum(hand.values()), 2)) and half.risk == "high"
    )


def test_take_up_is_what_the_rulebook_says_comes(rule) -> None:
    found = reckoning.found(rule, meets="61%", lacks="17%", 比例="27%")
    says = coming(found.results, found.asked.take_up)
    assert (found.expected.fen, found.expected.high, found.expected.claims) == (
        says.fen,
        says.high,
        says.things,
    )


def test_a_draft_is_compared_with_what_is_in_force(rule) -> None:
    draft = publish(
        text=reckoning.TEXT.replace("status: 待核", "status: 草案").replace("30%}", "25%}"),
        by=SYSTEM,
        on=timezone.localdate(),
    )
    found = reckoning.found(draft, 门槛="50万元")
    assert found.before.fen == sum(by_hand().values())
    assert found.after.fen == sum(by_hand(rate=Fraction(1, 4), least=50 * WAN).values())
    assert [one.changed for one in found.waterfall.steps] == [(), ("门槛",)]


def test_what_came_in_today_counts_at_once(rule) -> None:
    before = reckoning.found(rule).after.fen
    reckoning.entered([("p9", "firm_a", "1500000", "2026-05-01")])
    assert reckoning.found(rule).after.fen == before + 45 * WAN


class AgainstTheInterpreter(TestCase):
    """Any changes at all: each project gets what :func:`mangrove.rulebook.decide.decide` gives it, one at a time."""

    @classmethod
    def setUpTestData(cls) -> None:
        reckoning.prepared()
        cls.rule = version("small_testbed", 1)

    @settings(max_examples=40)
    @given(
        least=st.integers(0, 2_000_000_000), rate=st.fractions(0, 1, max_denominator=10_000), cap=st.integers(0, 500 * WAN),
        bonus=st.integers(0, 50 * WAN), more=st.booleans(),
    )  # fmt: skip
    def test_the_same_to_the_fen(self, least: int, rate: Fraction, cap: int, bonus: int, more: bool) -> None:
        typed = {"门槛": f"{least}分", "demo.cap1": f"{cap}分", "bonus.amount": f"{bonus}分"}
        form = reckoning.asked(
            self.rule, **typed, 比例=f"{rate.numerator}/{rate.denominator}" if more else "30%"
        )
        assert form.is_valid(), form.errors
        question = form.asked()
        known = city(question.known_on)
        found = answer(question, known)
        measure = measure_of(self.rule).with_constants(question.changes)
        population = ColumnPopulation(facts_of_all(known.known_at, measure.vocabulary))
        paid = dict.fromkeys((one.clause.id for one in found.after.steps), 0)
        for key, _firm, _money, _day in reckoning.PROJECTS:
            row = known.snapshot.tables["support_project"].row_of[key]
            thing = population.thing("support_project", row)
            for one in decide(measure, thing, population, question.run):
                paid[one.clause.id] += one.fen or 0 if one.standing == Standing.MEETS else 0
        assert {one.clause.id: one.cost.low for one in found.after.steps} == paid


# --- refusing --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("比例", "三成", "没有"),
        ("比例", "30", "%"),
        ("门槛", "30%", "金额"),
        ("门槛", "经审核投资额", "没有"),
        ("pot0", "-1元", "不小于零"),
        ("meets", "120%", "100%"),
        ("known", "2999-01-01", "今天"),
        ("decide", "2019-12-31", "不施行"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(rule, field: str, text: str, says: str) -> None:
    form = reckoning.asked(rule, **{field: text})
    assert not form.is_valid()
    (name,) = form.errors
    assert form[name].label and says in " ".join(form.errors[name])


def test_nothing_typed_is_lost_and_no_answer_is_made_up(rule, client: Client) -> None:
    client.force_login(life.who("officer"))
    page = client.get(
        reverse("policies:sandbox", args=[rule.rule, rule.number]), reckoning.query(rule, {"比例": "三成"})
    )
    assert (
        page.status_code == 422
        and "三成" in page.content.decode()
        and "应付（已知）" not in page.content.decode()
    )


def test_the_page_works_by_its_address_alone_and_htmx_gets_the_answer_alone(rule, client: Client) -> None:
    client.force_login(life.who("officer"))
    address, query = (
        reverse("policies:sandbox", args=[rule.rule, rule.number]),
        reckoning.query(rule, {"比例": "40%"}),
    )
    whole = client.get(address, query).content.decode()
    part = client.get(address, query, headers={"HX-Request": "true"}).content.decode()
    known = city(timezone.localdate())
    assert known.identity in whole and known.identity in part
    assert "<html" in whole and "<html" not in part and "<svg" in part
    for table in ("clauses", "district", "staff", "revenue", "trade", "largest", "pots"):
        file = client.get(reverse("policies:sandbox_export", args=[rule.rule, rule.number, table]), query)
        assert file.status_code == 200 and file.content[:2] == b"PK"


# --- kept ------------------------------------------------------------------------------------------------------------------


def test_a_scenario_replays_the_same_and_says_what_changed_since(rule) -> None:
    one = Scenario.objects.get(pk=kept(rule, 比例="40%").pk)
    again = replay(one)
    assert again.same and not again.now
    reckoning.entered([("p1", "firm_a", "2500000", "2026-02-01")])
    again = replay(one)
    assert again.same  # what was known then is still known
    assert {"data_changed", "result_changed"} <= {each.code for each in again.now}
    publish(text=reckoning.TEXT.replace("30%}", "35%}"), by=SYSTEM, on=timezone.localdate())
    assert {"text_changed", "numbers_changed"} <= {each.code for each in replay(one).now}


def test_a_result_that_was_tampered_with_does_not_replay(rule) -> None:
    one = kept(rule, 比例="40%")
    Scenario.objects.filter(pk=one.pk).update(result="0" * 64)
    again = replay(Scenario.objects.get(pk=one.pk))
    assert not again.same and [each.code for each in again.then] == ["result_changed"]


def test_a_scenario_opens_with_its_own_numbers(rule, client: Client) -> None:
    one = kept(rule, 比例="40%", meets="60%", pot0="500万元", order="applied_on")
    client.force_login(life.who("officer"))
    page = client.get(reverse("policies:scenario", args=[one.pk]))
    opened = client.get(page.context["open"])
    assert opened.status_code == 200
    found = opened.context["answer"]
    assert str(found.after.fen) == one.totals["fen"] and found.pots[0].fen == 500 * WAN
    assert str(found.expected.fen) == one.totals["expected_fen"]


def test_saving_sharing_and_deleting_stand_in_the_ledger(rule) -> None:
    one, officer, today = kept(rule, 比例="40%"), life.who("officer"), timezone.localdate()
    one = actions.change(
        scenario_id=one.pk, expected_version=1, name="方案二", note="", shared="unit", by=officer, on=today
    )
    with pytest.raises(Refusal) as late:
        actions.delete(scenario_id=one.pk, expected_version=1, by=officer, on=today)
    assert late.value.code == "policies.scenario_changed"
    actions.delete(scenario_id=one.pk, expected_version=2, by=officer, on=today)
    acts = [event.act for event in Event.objects.filter(room="policies", kind="scenario").order_by("pk")]
    assert acts == ["policies.scenario.save", "policies.scenario.share", "policies.scenario.delete"]


def test_one_name_once(rule) -> None:
    kept(rule)
    with pytest.raises(Refusal) as twice:
        kept(rule)
    assert twice.value.code == "policies.scenario_named"


def test_who_reads_what_is_shared(rule) -> None:
    own, unit, all_ = (
        kept(rule, "自己的"),
        kept(rule, "处室的", shared="unit"),
        kept(rule, "单位的", shared="organisation"),
    )

    def reads(name: str) -> set[str]:
        return {one.name for one in readable_scenarios(life.who(name))}

    assert reads("officer") == {own.name, unit.name, all_.name}
    assert reads("colleague") == {unit.name, all_.name}
    assert reads("neighbour") == reads("director") == {all_.name}
    assert reads("auditor") == reads("chain") == {unit.name, all_.name}
    assert reads("stranger") == reads("firm_a") == reads("payer") == set()
    with pytest.raises(Refusal):
        access_scenario(life.who("colleague"), unit.pk, to="change")


def test_applicants_do_not_know_of_the_sandbox_and_the_audit_keeps_nothing(rule, client: Client) -> None:
    one = kept(rule, shared="organisation")
    pages = [
        reverse("policies:sandbox_measures"), reverse("policies:sandbox", args=[rule.rule, rule.number]),
        reverse("policies:scenarios"), reverse("policies:scenario", args=[one.pk]), reverse("policies:scenario_draft", args=[one.pk]),
    ]  # fmt: skip
    client.force_login(life.who("firm_a"))
    assert {client.get(page).status_code for page in pages} == {404}
    client.force_login(life.who("auditor"))
    assert {client.get(page).status_code for page in pages} == {200}
    save = reverse("policies:scenario_save", args=[rule.rule, rule.number])
    assert client.post(save, {"name": "x", "shared": "own"}).status_code == 422
    assert Scenario.objects.count() == 1


def test_two_scenarios_side_by_side(rule, client: Client) -> None:
    one, other = kept(rule, "甲", 比例="40%"), kept(rule, "乙", 门槛="50万元")
    client.force_login(life.who("officer"))
    page = client.get(reverse("policies:scenarios_compared"), {"a": one.pk, "b": other.pk})
    lines = {row.label: row.cells for row in page.context["page"].objects}
    assert lines["比例"] == ["40%", "30%"] and lines["门槛"] == ["100万元", "50万元"]
    same = client.get(reverse("policies:scenarios_compared"), {"a": one.pk, "b": one.pk})
    assert same.status_code == 422


def test_the_list_asks_as_much_for_three_as_for_one(rule, client: Client, django_assert_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(life.who("officer"))
    kept(rule, "一")
    client.get(reverse("policies:scenarios"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("policies:scenarios"))
    kept(rule, "二"), kept(rule, "三")
    with CaptureQueriesContext(connection) as three:
        page = client.get(reverse("policies:scenarios"))
    assert len(page.context["page"].objects) == 3
    # two or three can be compared: each of three choices asks once
    assert len(three) <= len(one) + 3


# --- as a draft ------------------------------------------------------------------------------------------------------------


def test_a_draft_is_the_measure_with_those_numbers_and_otherwise_the_same_text(rule) -> None:
    one = kept(rule, **{"比例": "35%", "门槛": "150万元", "demo.cap1": "400万元", "bonus.amount": "30万元"})
    text = draft_text(one)
    expected = (
        rule.text.replace("门槛: 100万元, 比例: 30%}", "门槛: 150万元, 比例: 35%}").replace("[300万元", "[400万元").replace("    20万元", "    30万元")
    )  # fmt: skip
    assert text == expected and "# 比例：参照邻市" in text
    draft = load_text(text, vocabulary.vocabulary())
    changed = measure_of(rule).with_constants(
        {name: draft.constants()[name].value for name in draft.constants()}
    )
    assert {n: c.value for n, c in draft.constants().items()} == {
        n: c.value for n, c in changed.constants().items()
    }


def test_numbers_of_the_shelf_can_be_written_into_their_text(rule) -> None:
    """Parameters, numbers among others, days of the version, percentages, prices: of every measure the first and the last."""
    for found in measures():
        constants = measure_of(found).constants()
        for name in {*list(constants)[:1], *list(constants)[-1:]}:
            old = constants[name].value
            step = Fraction(1, 100) if isinstance(old, Fraction) and old.denominator > 1 else 1
            new = old + step if isinstance(old, Fraction) else old + timedelta(days=1)
            text = rewritten(found.text, {name: new}, {})
            assert load_text(text, vocabulary.vocabulary()).constants()[name].value == new


def test_the_page_of_a_draft_shows_the_lines_and_what_the_words_still_say(rule, client: Client) -> None:
    one = kept(rule, 比例="35%")
    client.force_login(life.who("officer"))
    page = client.get(reverse("policies:scenario_draft", args=[one.pk]))
    assert [line.number for line in page.context["lines"]] == [5]
    assert len(page.context["stale"]) == 1 and "30%" in page.context["stale"][0]
    file = client.get(reverse("policies:scenario_draft_file", args=[one.pk]))
    assert file.content.decode() == draft_text(one)
