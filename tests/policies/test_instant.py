"""免申即享: who the data name is offered what is due, once; the firm confirms and is paid under the usual plan."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from mangrove.casework.messages.kinds import words_of
from mangrove.casework.messages.models import Message
from mangrove.funding import actions as funding
from mangrove.jobs import worker
from mangrove.ledger.refusals import Refusal
from mangrove.policies.claims.models import Claim
from mangrove.policies.instant import actions, matching, overview
from mangrove.policies.instant.access import access_overview
from mangrove.policies.instant.counting import Looking, Tally, tallied
from mangrove.policies.instant.models import Offer
from mangrove.policies.instant.overview import SchemeRow
from mangrove.policies.instant.telling import OFFERED
from mangrove.policies.measures.library import measure_of
from mangrove.policies.measures.models import RuleText
from mangrove.registry.models import Organisation
from mangrove.registry.records.facts import leads_to
from mangrove.rulebook.decide import Run
from mangrove.rulebook.engines.columns import from_population
from mangrove.rulebook.engines.lower import lower
from mangrove.rulebook.engines.vector import Vector
from mangrove.rulebook.population import Population, Thing
from registry.records.taking import taken

from . import life, paying

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


# --- measure by measure ------------------------------------------------------------------------------------------------


def overview_of(username: str = "officer") -> dict[str, SchemeRow]:
    user = life.who(username)
    return {one.scheme.id: one for one in overview.rows(user, matching.newest(access_overview(user)))}


def test_every_firm_counts_once_for_each_scheme_and_what_is_missing_is_named(titles: None) -> None:
    assert overview_of()["standards_pilot"].meets is None  # nothing was matched yet
    matched()
    found = overview_of()
    pilot, base = found["standards_pilot"].tally, found["standards_base"].tally
    assert pilot == Tally(meets=2, fails=3, lacks=1, without=2, data={("title", "level"): 1})
    assert (
        sum((pilot.meets, pilot.fails, pilot.lacks)) == Organisation.objects.filter(kind="firm").count() == 6
    )
    assert base == Tally(meets=0, fails=6, lacks=0, without=2, data={})


def test_a_firm_that_qualifies_by_one_thing_is_not_counted_as_undecided_for_another(titles: None) -> None:
    taken("title", [TITLES[0], ("t-6", "标准化试点示范", "", "2025-06-01", "firm_a")])
    Organisation.objects.create(id="firm_e", name="深圳E企业有限公司（合成）", kind="firm", synthetic=True)
    matched()
    pilot = overview_of()["standards_pilot"].tally
    assert pilot == Tally(meets=2, fails=4, lacks=1, without=3, data={("title", "level"): 1})


def test_what_became_of_the_offers_is_counted_by_firms(titles: None) -> None:
    matched()
    actions.confirm(
        offer_id=Offer.objects.get(thing="t-1").pk, agreed=True, by=life.who("firm_a"), on=life.today()
    )
    pilot = overview_of()["standards_pilot"]
    assert (pilot.listed, pilot.offered, pilot.confirmed, pilot.paid) == (2, 1, 1, 0)
    pay(life.ready(Claim.objects.get(thing="t-1"), on=life.today()))
    assert (overview_of()["standards_pilot"].confirmed, overview_of()["standards_pilot"].paid) == (1, 1)


def pay(claim: Claim) -> None:
    """As an approved plan decides it, without waiting for the plan's notice to be over."""
    money = life.pot()
    line = life.planned(("standards_pilot",), money, on=life.today()).lines.get(claim=claim)
    line.award = funding.decide(
        pot=money, recipient=claim.organisation, programme=claim.scheme, subject=claim.ref, title=claim.title,
        amount=line.proposed, basis="局长办公会纪要（合成）", by=life.who("officer").actor, **life.at(life.days_ago(9)),
    )  # fmt: skip
    line.save()
    paying.paid(line.award)


def test_the_overview_is_a_table_with_its_file_and_sorts(titles: None) -> None:
    matched()
    client = Client()
    client.force_login(life.who("officer"))
    text = client.get(reverse("policies:offers_overview"), {"sort": "-meets"}).content.decode()
    assert "缺 认定称号“认定层级”：1 家" in text
    assert text.index("标准化试点示范奖励") < text.index("技术标准创新基地奖励")
    english = client.get(reverse("policies:offers_overview"), headers={"accept-language": "en"})
    assert "Title “Level of the title”" in english.content.decode()
    file = client.get(reverse("policies:offers_overview_export"))
    sheet = load_workbook(BytesIO(file.content)).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert any("标准化试点示范奖励" in row and "缺 认定称号“认定层级”：1 家" in row for row in rows)


def test_who_has_no_part_in_it_does_not_see_the_overview(titles: None) -> None:
    matched()
    for username, seen in (("officer", 200), ("auditor", 200), ("firm_a", 404), ("payer", 404)):
        client = Client()
        client.force_login(life.who(username))
        assert client.get(reverse("policies:offers_overview")).status_code == seen, username
        assert client.get(reverse("policies:offers_overview_export")).status_code == seen, username


def test_an_officer_of_another_office_sees_its_own_match_alone(titles: None) -> None:
    matched()
    assert overview_of("stranger")["standards_pilot"].tally is None
    assert overview_of("auditor")["standards_pilot"].listed == 2


def test_of_five_thousand_firms_those_that_are_alike_are_looked_into_once(titles: None) -> None:
    measure = measure_of(RuleText.objects.filter(rule="sz_standards_2024").latest("number"))
    clause = measure.clause("pilot")
    firms = [Thing("organisation", f"f{n}", {"kind": "firm"}) for n in range(5000)]
    kinds = ("standards_pilot", None)
    held = [Thing("title", f"t{n}", {"kind": kinds[n % 2]}, {"holder": f"f{n}"}) for n in range(5000)]
    snapshot = from_population(Population([*firms, *held], leads_to(measure.vocabulary)), measure.vocabulary)
    results = Vector(lower(measure), snapshot).run(Run(life.today(), life.today().year))
    paid = results.clauses[clause.id].paid()
    looking = Looking(results, clause)
    assert all(("title", "level") in looking.data_of(row) for row in range(5000))
    assert len(looking.known) == 2
    expected = {("title", "level"): 5000, ("title", "kind"): 2500}
    assert tallied(results, clause, paid) == Tally(meets=0, fails=0, lacks=5000, without=0, data=expected)


def test_a_firm_hears_of_its_offer_once(titles: None) -> None:
    matched()
    matched()
    told = Message.objects.filter(kind=OFFERED)
    assert told.count() == Offer.objects.count() > 0
    one = told.first()
    assert one is not None and "在“免申即享”里确认" in words_of(one.kind, one.said)
    assert Offer.objects.filter(organisation=one.to.organisation_id).exists()
