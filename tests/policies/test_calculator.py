"""The calculator as a visitor meets it: in the address, without signing in, in both languages, with nothing kept."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from mangrove.ledger.models import Event
from mangrove.policies.calculator.telling import article_words, saying
from mangrove.policies.measures.articles import article_said
from mangrove.policies.measures.library import compiled
from mangrove.policies.measures.models import RuleText
from mangrove.policies.sandbox.naming import clause_label
from mangrove.registry.models import Organisation
from mangrove.rulebook.explaining.saying import Saying
from registry.records.taking import counts, taken

from . import life

pytestmark = pytest.mark.django_db

HOME, RESULT = "/policies/calculator/", "/policies/calculator/result/"
YEAR = "network_year|network_year|{}"
PORTS = {
    "topic": "network_year", YEAR.format("year"): "2022", YEAR.format("broadcaster"): "Y", YEAR.format("pon_share"): "90%",
    YEAR.format("quality_passed"): "Y", YEAR.format("new_pon_ports"): "120000",
}  # fmt: skip
CHIP = {
    "topic": "support_project.network_chip",
    "support_project|support_project.network_chip|class": "major",
}
ENGLISH = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def allowed(settings: Any) -> None:
    settings.MANGROVE_PUBLIC_CALCULATOR = True
    life.bureau()


def page(address: str, said: dict[str, Any] | None = None, client: Client | None = None, **more: Any) -> str:
    answer = (client or Client()).get(address, said or {}, **more)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))


def at(username: str) -> Client:
    client = Client()
    client.force_login(life.who(username))
    return client


def asked(html: str) -> set[str]:
    return set(re.findall(r'name="sent" value="([^"]+)"', html))


def test_it_is_shut_where_the_city_does_not_open_it(settings: Any) -> None:
    settings.MANGROVE_PUBLIC_CALCULATOR = False
    for address in (HOME, RESULT):
        answer = Client().get(address, PORTS)
        assert answer.status_code == 302 and "next=" in answer["Location"]
    assert "政策计算器" in page(HOME, client=at("firm_a"))


def test_one_chooses_a_direction_and_is_asked_only_what_matters() -> None:
    first = page(HOME)
    assert "网络设备芯片研发" in first and "年度建网情况" in first
    assert asked(page(HOME, {"topic": "network_year"})) <= {YEAR.format(one) for one in ("year", "broadcaster", "quality_passed", "pon_share", "fibre_coverage", "fast_share")} | {"organisation|firm|kind"}  # fmt: skip
    out = Client().get(HOME, {"topic": "network_year", YEAR.format("year"): "2021"})
    assert out.status_code == 302 and out["Location"].startswith(RESULT)


def test_nothing_chosen_is_said_so() -> None:
    assert "请选择" in page(HOME, {"sent": "topic"})


def walked(answers: dict[str, str], topic: str) -> str:
    """Follow the pages as a browser does: what is hidden comes along; returns the address of the result."""
    said: dict[str, Any] = {"topic": topic}
    for _step in range(20):
        answer = Client().get(HOME, said)
        if answer.status_code == 302:
            return str(answer["Location"])
        names = asked(answer.content.decode())
        hidden = parse_qs(urlsplit("?" + urlencode(said, doseq=True)).query)
        said = {**hidden, **{name: answers[name] for name in names}}
    raise AssertionError("it never ends")


def test_a_walk_by_the_pages_leads_to_the_result() -> None:
    every = {name: text for name, text in PORTS.items() if name != "topic"}
    more = {YEAR.format(one): "50%" for one in ("fibre_coverage", "fast_share")} | {
        "organisation|firm|kind": "firm"
    }
    found = words(page(walked({**every, **more}, "network_year")))
    assert "100,000,000 元" in found or "10000万元" in found or "1亿元" in found


def test_the_result_says_what_was_capped_and_by_which_text() -> None:
    found = words(page(RESULT, PORTS))
    assert "符合 1 条" in found
    assert "封顶" in found and "待核" in found and "转述" in found and "SZ-12" in found


def test_a_near_miss_says_value_bound_gap_and_what_would_turn_it() -> None:
    found = words(page(RESULT, {**PORTS, YEAR.format("pon_share"): "88%"}))
    assert "实为88%" in found and "差2个百分点" in found and "怎样才符合" in found
    assert "由88%变为90%" in found


def test_what_a_person_judges_is_a_bound_and_names_the_person() -> None:
    found = words(page(RESULT, CHIP))
    assert "不超过" in found and "由评审专家组核定" in found and "3000万元" in found.replace(",", "")


def test_without_a_window_it_says_whom_to_ask_and_with_one_leads_there(settings: Any) -> None:
    assert "没有开放的申报窗口；请询问应用处" in words(page(RESULT, CHIP))
    opening = life.window("network_chip")
    assert reverse("intake:opening", args=[opening.pk]) in page(RESULT, CHIP)
    settings.MANGROVE_PUBLIC_OPENINGS = True
    assert reverse("intake:public_opening", args=[opening.pk]) in page(RESULT, CHIP)


def test_what_cannot_be_read_is_asked_again_with_what_is_wrong() -> None:
    year = YEAR.format("year")
    for wrong in ("两千", "-3", "9" * 60):
        found = page(HOME, {"topic": "network_year", year: wrong, "sent": year})
        assert "field__error" in found and year in asked(found)


def test_who_does_not_know_goes_on_and_the_result_says_what_is_lacking() -> None:
    unknown = {**PORTS, YEAR.format("new_pon_ports"): ""}
    answer = Client().get(HOME, unknown)
    assert answer.status_code == 302 or YEAR.format("new_pon_ports") not in asked(answer.content.decode())
    found = words(page(RESULT, unknown))
    assert "缺数据" in found and "万兆端口新增数" in found


def test_each_answer_can_be_changed_by_a_link_that_drops_it_alone() -> None:
    link = next(
        one for one in re.findall(r'href="([^"]+)">改', page(RESULT, PORTS)) if "year%7Cyear" not in one
    )
    left = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
    assert (
        left["topic"] == ["network_year"]
        and YEAR.format("year") not in left
        and YEAR.format("pon_share") in left
    )


def test_rubbish_in_the_address_is_passed_over() -> None:
    rubbish = {
        "topic": ["network_year", "nothing", "organisation.x"], "a|b|c": "1", "organisation|firm|nothing": "x",
        "organisation|firm|credit_code|": "x", "station|x|": "99999999", "organisation|firm|kind": "nothing", "||": "1",
    }  # fmt: skip
    assert Client().get(HOME, rubbish).status_code == 200
    assert Client().get(RESULT, rubbish).status_code == 200


def test_nothing_of_a_visitor_is_kept() -> None:
    before = Event.objects.count(), Session.objects.count(), Organisation.objects.count()
    page(HOME), page(RESULT, PORTS), page(RESULT, CHIP)
    assert before == (Event.objects.count(), Session.objects.count(), Organisation.objects.count())


def test_it_is_complete_in_english() -> None:
    found = words(page(RESULT, {**PORTS, YEAR.format("pon_share"): "88%"}, headers=ENGLISH))
    assert "What would turn it" in found and "short by 2 percentage points" in found
    assert "not yet checked" in found and "Policy calculator" in found
    assert "Continue" in page(HOME, {"topic": "network_year"}, headers=ENGLISH)


def test_what_the_registry_knows_of_a_firm_is_not_asked() -> None:
    """Of a visitor the kind is asked; of a firm that signed in it is known."""
    topic = {"topic": "organisation"}
    kind = "organisation|firm|kind"
    assert kind in asked(page(HOME, {**topic, **rows_of("firm")}))
    answer = at("firm_a").get(HOME, {**topic, **rows_of("firm_a")})
    assert answer.status_code == 302 or "organisation|firm_a|kind" not in asked(answer.content.decode())


def rows_of(firm: str) -> dict[str, str]:
    none = {
        f"{kind}|{link}.{firm}|": "0"
        for kind, link in (("station", "operator"), ("title", "holder"), ("support_project", "applicant"), ("funding_award", "recipient"))
    }  # fmt: skip
    return {**none, f"network_year|builder.{firm}|": "1", f"network_year|builder.{firm}|on_time": "Y"}


def test_as_many_queries_for_one_topic_as_for_five() -> None:
    def queries(*topics: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            page(RESULT, {"topic": list(topics)})
        return len(found)

    page(RESULT, CHIP)
    many = (
        "support_project.network_chip",
        "support_project.testbed",
        "network_year",
        "organisation",
        "listing_step",
    )
    assert queries("network_year") == queries(*many)


BASE = "title.standards_base"
HELD = f"title|{BASE}|held"


def test_being_interested_in_a_title_is_not_holding_it() -> None:
    assert asked(page(HOME, {"topic": BASE})) == {HELD}
    assert "符合 0 条" in words(page(RESULT, {"topic": BASE})) and "是否已认定" in words(
        page(RESULT, {"topic": BASE})
    )
    assert "符合 1 条" in words(page(RESULT, {"topic": BASE, HELD: "Y"}))
    without = words(page(RESULT, {"topic": BASE, HELD: "N"}))
    assert "不符合 1 条" in without and "请先取得认定" in without


def test_nothing_that_nobody_said_is_told_as_a_fact_and_nobody_is_told_to_be_something_else() -> None:
    found = words(page(RESULT, {"topic": ["organisation", BASE]}))
    assert "实为1" not in found and "共1件" not in found and "→ 得0元" not in found
    assert "称号类别”由" not in found and "没有上限" not in found and "符合 0 条" in found


def test_how_many_may_be_left_blank() -> None:
    number = "station|operator.firm|"
    assert number not in asked(page(HOME, {"topic": "organisation", number: ""}))


# --- titles and what comes without applying ----------------------------------------------------------------------------

PILOT = "title.standards_pilot"
PILOT_HELD = f"title|{PILOT}|held"
CERTAIN = "不必申报：由应用处按已有的数据列出，企业确认即可。"


def test_what_hangs_on_a_title_is_not_promised_before_one_says_to_have_it() -> None:
    open_yet = words(page(RESULT, {"topic": BASE}))
    assert "能不能免申即享，要看是否已认定" in open_yet
    assert "免申即享 不必申报" not in open_yet
    granted = words(page(RESULT, {"topic": BASE, HELD: "Y"}))
    assert CERTAIN in granted and "要看" not in granted
    without_level = words(page(RESULT, {"topic": PILOT, PILOT_HELD: "Y"}))
    assert "要看认定称号“认定层级”" in without_level
    county = words(page(RESULT, {"topic": PILOT, PILOT_HELD: "Y", f"title|{PILOT}|level": "county"}))
    assert "现在不符合。符合了也不必申报" in county and f"免申即享 {CERTAIN}" not in county


def test_a_title_that_the_registry_has_is_not_asked_for_and_decides() -> None:
    titles = [
        ("称号标识", "称号类别", "认定层级", "认定日期", "获认定单位"),
        ("t-1", "标准化试点示范", "国家级", "2025-05-01", "firm_a"),
    ]
    assert counts(taken("title", titles)) == (1, 0, 0)
    visitor = at("firm_a")
    assert visitor.get(HOME, {"topic": PILOT}).status_code == 302  # nothing is left to ask
    found = words(page(RESULT, {"topic": PILOT}, client=visitor))
    assert "符合 1 条" in found and CERTAIN in found and "50万元" in found
    denied = words(page(RESULT, {"topic": PILOT, PILOT_HELD: "N"}, client=visitor))
    assert "符合 1 条" in denied and "是否已认定" not in denied  # the registry is not talked out of it
    assert asked(page(HOME, {"topic": PILOT}, client=at("firm_b"))) == {PILOT_HELD}
    assert asked(page(HOME, {"topic": PILOT})) == {PILOT_HELD}
    assert asked(page(HOME, {"topic": BASE}, client=visitor)) == {HELD}  # another kind of title


def test_of_a_recorded_title_only_what_is_missing_is_asked_and_several_are_told_apart() -> None:
    titles = [
        ("称号标识", "称号类别", "认定层级", "认定日期", "获认定单位"),
        ("t-1", "标准化试点示范", "国家级", "2025-05-01", "firm_a"),
        ("t-2", "标准化试点示范", "", "2025-06-01", "firm_a"),
    ]
    assert counts(taken("title", titles)) == (2, 0, 0)
    visitor = at("firm_a")
    assert asked(page(HOME, {"topic": PILOT}, client=visitor)) == {"title|t-2|level"}
    found = words(page(RESULT, {"topic": PILOT, "title|t-2|level": "municipal"}, client=visitor))
    assert "符合 2 条" in found and "50万元" in found and "30万元" in found
    assert "标准化试点示范（t-1）" in found and "标准化试点示范（t-2）" in found


def test_articles_are_named_in_english() -> None:
    with translation.override("en"):
        assert article_said("第三条") == "Article 3"
        assert article_said("第十五条第一款第（二）项") == "Article 15, paragraph 1, item (2)"
        assert article_said("条号未见（SZ-29）") == "article number not seen (SZ-29)"
        assert (
            article_said("第九至十一条") == "Articles 9 to 11" and article_said("第十八C章") == "Chapter 18C"
        )
        assert article_said("认定条件") == "认定条件"  # no number of an article
    with translation.override("zh-hans"):
        assert article_said("第三条") == "第三条"


def test_the_calculator_and_the_sandbox_name_articles_by_the_same_words() -> None:
    row = RuleText.objects.get(rule="sz_infrastructure_2022")
    text = re.sub(r"条号未见（SZ-1[2-6]）", "第三条", row.text)
    measure = compiled("articles", text)
    clause = measure.clauses[0]
    with translation.override("en"):
        say = saying(measure)
        assert article_words(clause) == say.clause_name(clause) == "Article 3"
        assert clause_label(measure, clause).startswith("Article 3")
        assert Saying(measure, "en").clause_name(clause) == f"Article 3 ({clause.id})"
    assert article_words(clause) == "第三条"
