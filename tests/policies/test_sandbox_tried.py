"""The sandbox as somebody tries it: claims count, the missing is named, numbers are told apart, and a scenario begins a draft."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM
from mangrove.policies.claims import actions as claims
from mangrove.policies.issuing.access import access_draft
from mangrove.policies.issuing.models import Draft
from mangrove.policies.issuing.pages import advice
from mangrove.policies.measures.library import measure_of, version, versions
from mangrove.policies.measures.publishing import publish
from mangrove.policies.sandbox import snapshots
from mangrove.policies.sandbox.asking import usual_day
from mangrove.policies.sandbox.drafting import draft_text
from mangrove.policies.sandbox.forms import AskForm
from mangrove.policies.sandbox.lacking import lacking
from mangrove.policies.sandbox.naming import clause_label, labels
from mangrove.policies.sandbox.numbers import called, shown, written
from mangrove.policies.sandbox.replaying import replay
from mangrove.policies.sandbox.snapshots import city
from mangrove.policies.schemes.definition import scheme

from . import life, reckoning
from .test_sandbox import kept

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """A database that is rolled back counts its rows anew, and what is kept in the process would pass for the same."""
    snapshots._kept.clear()


@pytest.fixture
def rule():
    reckoning.prepared()
    return version("small_testbed", 1)


def opened(
    username: str, name: str, *args: object, method: str = "get", language: str = "zh-hans", **data: object
):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    client.force_login(life.who(username), "django.contrib.auth.backends.ModelBackend")
    return getattr(client, method)(reverse(name, args=args), data)


def latest(measure: str):
    return versions(measure)[0]


# --- what firms claimed ----------------------------------------------------------------------------------------------------


def test_what_firms_claimed_is_reckoned_on_with_what_the_audit_recognised() -> None:
    claim = life.claimed(life.window())
    testbed = latest(scheme("testbed").measure)
    before = reckoning.found(testbed)
    assert before.after.fen == 0 and before.after.cost.open == 1
    life.checked(claim, recognised=400_000_000)
    after = reckoning.found(testbed)
    assert after.after.fen > 0 and after.after.beneficiaries == 1
    raised = reckoning.found(testbed, **{halved(testbed)[0]: halved(testbed)[1]})
    assert raised.change < 0 and raised.all.losers == 1


def halved(rule) -> tuple[str, str]:
    """The first share of the measure that the clause of test beds uses, and a smaller one."""
    measure = measure_of(rule)
    step = measure.clause(scheme("testbed").step)
    names = {
        one.name
        for _part, formula in step.formulas()
        for one in formula.meaning.walk()
        if getattr(one, "name", "")
    }
    name = next(
        one
        for one, known in measure.constants().items()
        if one in names and written(measure, known).endswith("%")
    )
    return name, "1%"


def test_a_scenario_with_claims_replays_the_same_and_says_when_one_was_withdrawn() -> None:
    claim = life.checked(life.claimed(life.window()))
    one = kept(latest(scheme("testbed").measure))
    assert replay(one).same and not replay(one).now
    claims.step(claim_id=claim.pk, act="refuse", by=life.who("officer"), expected_version=claim.case.version, **{**life.at(), "why": "不符合（合成）"})  # fmt: skip
    again = replay(one)
    assert again.same and {"data_changed", "result_changed"} <= {each.code for each in again.now}


def test_a_claim_is_named_to_its_office_and_only_counted_for_another() -> None:
    claim = life.claimed(life.window())
    testbed = latest(scheme("testbed").measure)
    own, other = (lacking(reckoning.found(testbed), life.who(name)) for name in ("officer", "stranger"))
    assert claim.title in str(own.first[0].name) and own.first[0].firm == claim.organisation
    assert claim.title not in str(other.first[0].name) and other.first[0].firm is None


def test_the_list_begins_with_what_was_claimed_under_and_says_what_the_others_lack() -> None:
    life.claimed(life.window())
    rows = opened("officer", "policies:sandbox_measures").context["page"].objects
    assert rows[0].rule.rule == scheme("testbed").measure and rows[0].claims == 1
    assert all(one.without for one in rows if not one.things)


def test_the_usual_day_lies_in_the_last_year_with_records(rule) -> None:
    measure = measure_of(rule)
    assert usual_day(measure.version, date(2026, 11, 29), 2025) == date(2025, 12, 31)
    assert usual_day(measure.version, date(2026, 11, 29), 2026) == date(2026, 11, 29)
    year = city(timezone.localdate()).last_year(measure)
    assert year == 2026 and AskForm(rule, {}).starting()["year"] == str(year)


# --- what is missing -------------------------------------------------------------------------------------------------------


def test_the_page_names_what_is_open_and_the_datum_it_waits_for(rule) -> None:
    found = lacking(reckoning.found(rule), life.who("officer"))
    assert [(one.name, one.data) for one in found.first][:1] == [("扶持项目 p4", ["扶持项目“经审核投资额”"])]
    page = opened("officer", "policies:sandbox", rule.rule, rule.number).content.decode()
    assert "待定的，缺什么" in page and "扶持项目 p4" in page


def test_of_many_that_are_open_the_rest_is_counted(rule) -> None:
    reckoning.entered([(f"open{n:02}", "firm_a", "", "2026-04-01") for n in range(12)])
    found = lacking(reckoning.found(rule), life.who("officer"))
    assert len(found.first) == 10 and found.more == 2 * 13 - 10


# --- numbers and clauses told apart ----------------------------------------------------------------------------------------


def test_a_number_is_named_by_what_it_bounds(rule) -> None:
    life.bureau()
    standards = measure_of(version("sz_standards_2024", 1))
    told = labels(standards)
    assert told["standard.cap#1"] == "上限：国际标准·主导制定" and told["standard.cap#12"] == "上限：其余"
    assert len(set(told.values()) & {"上限"}) <= 1
    network = measure_of(version("sz_infrastructure_2022", 1))
    assert labels(network)["fibre.when3#1"] == "条件 3：光纤覆盖率 >="


def test_nothing_and_the_whole_are_written_with_their_unit() -> None:
    life.bureau()
    standards, network = (
        measure_of(version(one, 1)) for one in ("sz_standards_2024", "sz_infrastructure_2022")
    )
    nothing, whole = standards.constants()["standard.cap#12"], network.constants()["fibre.when3#1"]
    assert shown(standards, nothing) == written(standards, nothing) == "0元"
    assert shown(network, whole) == written(network, whole) == "100%"


def test_no_number_of_the_shelf_shows_an_empty_box() -> None:
    from mangrove.policies.measures.library import measures

    life.bureau()
    for one in measures():
        measure = measure_of(one)
        assert all(written(measure, known) for known in measure.constants().values()), one


def test_clauses_under_one_article_are_told_apart() -> None:
    life.bureau()
    measure = measure_of(version("sz_standards_2024", 1))
    names = [clause_label(measure, one) for one in measure.paid()]
    assert len(set(names)) == len(names) and all(
        name.startswith("条号未见（SZ-29") for name in names if "SZ-29" in name
    )
    assert called(measure, "association.cap") != called(measure, "standard.cap#1")


# --- scenarios in words ----------------------------------------------------------------------------------------------------


def test_scenarios_are_told_in_words_and_their_hashes_are_short(rule) -> None:
    one = kept(rule, **{"demo.cap1": "400万元"})
    listed = opened("officer", "policies:scenarios").content.decode()
    assert "demo.cap1" not in listed and "第一条 上限 1 400万元" in listed
    page = opened("officer", "policies:scenario", one.pk).content.decode()
    assert str(rule) not in page and one.result not in page and f"{one.result[:16]}…" in page


# --- as a draft ------------------------------------------------------------------------------------------------------------


def test_a_scenario_begins_the_draft_of_the_next_version(rule) -> None:
    one = kept(rule, 比例="35%")
    answer = opened("officer", "policies:scenario_begin", one.pk, method="post")
    draft = Draft.objects.get()
    assert answer.url == reverse("policies:draft", args=[draft.pk])
    assert draft.base == rule and draft.title == rule.name
    assert draft.text_now is not None and draft.text_now.text == draft_text(one)
    acts = set(Event.objects.values_list("act", flat=True))
    assert {"policies.draft.open", "policies.scenario.draft"} <= acts
    page = opened("officer", "policies:draft", draft.pk).content.decode()
    assert "与前一版对照" in page and "35%" in page and "施行日" in page
    assert any("2020-01-01" in line for line in advice(access_draft(life.who("officer"), draft.pk)))


def test_a_draft_with_a_day_of_its_own_is_not_warned(rule) -> None:
    draft = begun(kept(rule, 比例="35%"))
    from mangrove.policies.issuing import drafting

    text = draft.text_now.text.replace("in_force: 2020-01-01", "in_force: 2027-01-01")
    drafting.write(draft_id=draft.pk, text=text, base_revision=1, by=life.who("officer"))
    assert advice(access_draft(life.who("officer"), draft.pk)) == []


def begun(one) -> Draft:
    opened("officer", "policies:scenario_begin", one.pk, method="post")
    return Draft.objects.get()


def test_who_may_not_draft_is_refused_and_who_may_not_read_knows_nothing(rule) -> None:
    one = kept(rule, shared="organisation", 比例="35%")
    for name in ("director", "chain", "auditor"):
        assert opened(name, "policies:scenario_begin", one.pk, method="post").status_code == 422
        assert "以此起草" not in opened(name, "policies:scenario_draft", one.pk).content.decode()
    assert opened("stranger", "policies:scenario_begin", one.pk, method="post").status_code == 404
    assert not Draft.objects.exists()
    assert "以此起草" in opened("officer", "policies:scenario_draft", one.pk).content.decode()


# --- titles ----------------------------------------------------------------------------------------------------------------


def test_the_title_of_a_page_is_plain_words_in_either_language(rule) -> None:
    one = kept(rule, 比例="35%")
    for name, args in (("policies:sandbox", (rule.rule, rule.number)), ("policies:scenario", (one.pk,)), ("policies:measure", (rule.rule, rule.number))):  # fmt: skip
        for language in ("zh-hans", "en"):
            page = opened("officer", name, *args, language=language).content.decode()
            title = page.partition("<title>")[2].partition("</title>")[0]
            assert title.strip() and "<" not in title and "&lt;" not in title, (name, title)


def test_angle_brackets_that_somebody_typed_stay_words() -> None:
    reckoning.prepared()
    odd = publish(text=reckoning.TEXT.replace("（合成示例）\n", "<b>甲</b>（合成示例）\n", 1), by=SYSTEM, on=timezone.localdate())  # fmt: skip
    page = opened("officer", "policies:sandbox", odd.rule, odd.number).content.decode()
    assert "&lt;b&gt;甲&lt;/b&gt;" in page.partition("<title>")[2].partition("</title>")[0]
