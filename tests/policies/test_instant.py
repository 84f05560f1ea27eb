"""免申即享: who the data name is offered what is due, once; the firm confirms and is paid under the usual plan."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from mangrove.jobs import worker
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.models import Claim
from mangrove.policies.instant import actions, matching
from mangrove.policies.instant.models import Offer
from mangrove.registry.models import Organisation
from registry.records.taking import taken

from . import life

pytestmark = pytest.mark.django_db

TITLES = [
    ("称号标识", "称号类别", "认定层级", "认定日期", "获认定单位"),
    ("t-1", "标准化试点示范", "国家级", "2025-05-01", "firm_a"),
    ("t-2", "标准化试点示范", "市级", "2025-06-01", "firm_b"),
    ("t-3", "标准化试点示范", "", "2025-06-01", "firm_c"),
    ("t-4", "孵化器", "国家级", "2025-06-01", "firm_d"),
]


def matched() -> dict[str, int]:
    office = life.who("officer").organisation
    assert office is not None
    matching.ask(office=office, by=life.who("officer").actor, on=life.today())
    worker.work(until_idle=True)
    return {one.thing: one.amount for one in Offer.objects.all()}


@pytest.fixture
def titles(db: None) -> None:
    life.bureau()
    taken("title", TITLES)


def test_who_meets_the_clause_by_the_data_is_offered_its_amount_and_no_other(titles: None) -> None:
    assert matched() == {"t-1": 50_000_000, "t-2": 30_000_000}
    assert Offer.objects.get(thing="t-1").data[0]["source"] == "合成表"


def test_matching_again_offers_nothing_twice(titles: None) -> None:
    matched()
    taken("title", [TITLES[0], ("t-5", "标准化试点示范", "省级", "2025-07-01", "firm_d")])
    assert matched() == {"t-1": 50_000_000, "t-2": 30_000_000, "t-5": 30_000_000}


def test_a_confirmed_offer_is_a_claim_and_is_planned_for_the_amount_that_was_offered(titles: None) -> None:
    matched()
    one = Offer.objects.get(thing="t-1")
    with pytest.raises(Refusal) as silent:
        actions.confirm(offer_id=one.pk, agreed=False, by=life.who("firm_a"), on=life.today())
    assert silent.value.code == "policies.no_consent"
    confirmed = actions.confirm(offer_id=one.pk, agreed=True, by=life.who("firm_a"), on=life.today())
    claim = Claim.objects.get(offer=confirmed)
    assert confirmed.consent and claim.thing == "t-1"
    life.ready(claim, on=life.today())
    plan = life.planned(("standards_pilot",), on=life.today())
    assert [line.proposed for line in plan.lines.all()] == [50_000_000]


def test_of_two_people_of_the_firm_one_answers(titles: None) -> None:
    matched()
    one = Offer.objects.get(thing="t-1")
    actions.decline(offer_id=one.pk, by=life.who("firm_a"), on=life.today(), remark="不需要")
    with pytest.raises(Refusal) as late:
        actions.confirm(offer_id=one.pk, agreed=True, by=life.who("firm_a"), on=life.today())
    assert late.value.code == "policies.answered_already"


def test_a_firm_sees_its_own_offer_and_no_other(titles: None) -> None:
    matched()
    one = Offer.objects.get(thing="t-1")
    client = Client()
    client.force_login(life.who("firm_a"))
    assert "500,000.00" in client.get(reverse("policies:offer", args=[one.pk])).content.decode()
    client.force_login(life.who("firm_b"))
    assert client.get(reverse("policies:offer", args=[one.pk])).status_code == 404
    assert client.get(reverse("policies:offer_answer", args=[one.pk, "confirm"])).status_code == 404
    client.force_login(life.who("officer"))
    said = {"agreed": "on", "on": life.today().isoformat(), "remark": "", "why": ""}
    answer = client.post(reverse("policies:offer_answer", args=[one.pk, "confirm"]), said)
    assert answer.status_code == 422 and Offer.objects.get(pk=one.pk).state == "offered"


def test_what_nobody_answered_in_time_lapses(titles: None) -> None:
    matched()
    Offer.objects.update(until=life.days_ago(1))
    assert actions.lapse() == 2 and set(Offer.objects.values_list("state", flat=True)) == {"lapsed"}


def test_what_lapsed_is_offered_anew_by_the_next_match(titles: None) -> None:
    matched()
    before = set(Offer.objects.values_list("pk", "thing"))
    Offer.objects.update(until=life.days_ago(1))
    actions.lapse()
    taken("title", [TITLES[0], ("t-5", "标准化试点示范", "省级", "2025-07-01", "firm_d")])
    matched()
    found = set(Offer.objects.values_list("pk", "thing"))
    assert before < found and {thing for _pk, thing in found - before} == {"t-5"}  # the same rows stand again
    assert set(Offer.objects.values_list("state", flat=True)) == {"offered"}


def test_schemes_without_a_measure_in_force_are_named_and_the_match_comes_to_its_end(db: None) -> None:
    office = Organisation.objects.create(id="gxj", name="市工信局", kind="government")
    officer = life.person("officer", office, ["case_officer"], "应用处")
    job = matching.ask(office=office, by=officer.actor, on=life.today())
    worker.work(until_idle=True)
    job.refresh_from_db()
    assert job.state == "done" and not Offer.objects.exists()
    assert all(str(one.title) in matching.said(job) for one in matching.instant_schemes())
