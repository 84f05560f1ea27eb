"""The library: found, read beside its rules, compared, evaluated; who must be asked when a measure ends."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from mangrove.ledger.refusals import Refusal
from mangrove.policies.measures import evaluating, library
from mangrove.policies.measures.house_rules import house_rules
from mangrove.policies.measures.validity import to_evaluate, unevaluated_before, validity
from mangrove.policies.measures.waiting import waiting

from . import life, making

pytestmark = pytest.mark.django_db


def client(username: str) -> Client:
    found = Client()
    found.force_login(life.who(username), backend="django.contrib.auth.backends.ModelBackend")
    return found


def page(username: str, name: str, *given: object, **query: str) -> str:
    reply = client(username).get(reverse(f"policies:{name}", args=given), query)
    assert reply.status_code == 200
    return reply.content.decode()


def evaluated(one: library.RuleText, by: str = "officer", **told: str) -> object:
    said = {"promised": "带动投资十亿元", "measured": "带动八亿元", "conclusion": "revise"} | told
    return evaluating.evaluate(rule=one.rule, number=one.number, by=life.who(by), on=life.today(), **said)


class TestFinding:
    def test_who_does_not_sign_in_is_sent_to_the_door(self) -> None:
        making.office()
        assert Client().get(reverse("policies:measures")).status_code == 302

    def test_everybody_who_signs_in_reads(self) -> None:
        making.office()
        making.in_library()
        assert "样例措施" in page("stranger", "measures")

    def test_by_words_of_the_text_status_kind_and_standing(self) -> None:
        making.office()
        making.in_library()
        making.in_library(making.TEXT.replace("sample_measure", "other_measure").replace("样例措施", "站点措施").replace("待核", "草案").replace("审定投资", "甲乙丙丁"))  # fmt: skip
        assert "站点措施" in page("officer", "measures", text="甲乙丙丁") and "样例措施（合成）" not in page("officer", "measures", text="甲乙丙丁")  # fmt: skip
        assert "站点措施" not in page("officer", "measures", status="待核")
        assert "站点措施" in page("officer", "measures", standing="draft")
        assert "样例措施（合成）" in page("officer", "measures", kind="support_project", text="样例措施")
        assert "没有符合筛选条件的记录" in page("officer", "measures", text="样例措施", standing="draft")

    def test_on_a_day_the_version_that_held_then(self) -> None:
        making.office()
        making.in_library(making.text(first_day="in_force: 2020-01-01, until: 2022-01-01"))
        making.in_library(making.text(first_day="in_force: 2022-01-01"))
        href = reverse("policies:measure", args=["sample_measure", 1])
        assert href in page("officer", "measures", day="2021-05-01")
        assert href not in page("officer", "measures", day="2022-05-01")
        assert "没有符合筛选条件的记录" in page("officer", "measures", day="2019-05-01")

    def test_a_replaced_version_says_by_which_and_from_the_day_of_the_newer(self) -> None:
        making.office()
        making.in_library()
        tomorrow = life.today() + timedelta(days=1)
        making.in_library(making.text(first_day=f"in_force: {tomorrow}", share="比例: 25%"))
        first, second = (library.version("sample_measure", n) for n in (1, 2))
        rules = house_rules()
        assert validity(first, life.today(), rules).standing == "holds"
        assert validity(first, tomorrow, rules).standing == "replaced"
        assert library.version_on("sample_measure", tomorrow) == second
        hrefs = [reverse("policies:measure", args=["sample_measure", n]) for n in (1, 2)]
        holds, coming = (page("officer", "measures", standing=one) for one in ("holds", "coming"))
        assert hrefs[0] in holds and hrefs[1] not in holds and hrefs[1] in coming
        making.in_library(making.text(first_day="in_force: 2026-02-01", share="比例: 20%"))
        said = page("officer", "measure", "sample_measure", 1)
        assert "已被第 3 版取代（自 2026-02-01）" in said
        assert hrefs[0] in page("officer", "measures", standing="replaced")
        assert hrefs[0] not in page("officer", "measures", standing="holds")

    def test_what_ended_before_the_next_began_has_ended(self) -> None:
        making.office()
        one = making.in_library(making.text(first_day="in_force: 2020-01-01, until: 2021-01-01"))
        making.in_library(making.text(first_day="in_force: 2022-01-01"))
        assert validity(one, life.today(), house_rules()).standing == "ended"
        assert library.version_on("sample_measure", date(2021, 6, 1)) is None

    def test_the_file_has_what_the_filter_left(self) -> None:
        making.office()
        making.in_library()
        reply = client("officer").get(reverse("policies:measures_export"), {"text": "样例"})
        cells = [
            str(cell.value)
            for row in load_workbook(io.BytesIO(reply.content)).active.iter_rows()
            for cell in row
        ]  # type: ignore[union-attr]
        assert "样例措施（合成）" in cells and any("样例" in cell and "条文" in cell for cell in cells)

    def test_the_list_asks_as_much_for_three_as_for_one(self) -> None:
        making.office()
        making.in_library()
        officer, url = client("officer"), reverse("policies:measures")
        officer.get(url)
        with CaptureQueriesContext(connection) as one:
            officer.get(url)
        for name in ("second_measure", "third_measure"):
            making.in_library(making.TEXT.replace("sample_measure", name))
        with CaptureQueriesContext(connection) as three:
            officer.get(url)
        assert len(one) == len(three)


class TestReading:
    def test_the_words_stand_beside_the_rule_with_their_status(self) -> None:
        making.office()
        making.in_library()
        said = page("stranger", "measure", "sample_measure", 1)
        for words in (
            "按审定投资的30%资助",
            "原文",
            "待核",
            "比例 * 经审核投资额",
            "信用核查通过",
            "100万元",
            "尚未与正式文本核对",
        ):
            assert words in said

    def test_every_measure_of_the_shelf_has_a_page(self) -> None:
        life.bureau()
        for one in library.measures():
            page("stranger", "measure", one.rule, one.number)

    def test_the_schemes_under_it_are_named(self) -> None:
        life.bureau()
        assert "测试验证环境" in page("officer", "measure", "sz_industrial_internet_2018", 1)

    def test_in_english_the_rule_is_english_and_the_words_are_marked(self) -> None:
        making.office()
        making.in_library()
        user = client("stranger")
        user.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        said = user.get(reverse("policies:measure", args=["sample_measure", 1])).content.decode()
        assert "verbatim" in said and '<span lang="zh">第一条</span>' in said

    def test_two_versions_side_by_side(self) -> None:
        making.office()
        making.in_library()
        making.in_library(making.text(share="比例: 25%").replace("投资的30%", "投资的25%"))
        said = page("officer", "difference", "sample_measure", 1, 2)
        assert "30%" in said and "25%" in said and "<del>30</del>" in said and "<ins>25</ins>" in said
        assert reverse("policies:difference", args=["sample_measure", 1, 2]) in page(
            "officer", "measure", "sample_measure", 1
        )
        assert "这不是最新的一版" in page("officer", "measure", "sample_measure", 1)


class TestEnds:
    def test_near_and_past_ends_are_pointed_out_where_officers_look(self) -> None:
        making.office()
        one = making.ending(30)
        assert [todo.title for todo in waiting(life.who("officer"))] == [one.name]
        assert waiting(life.who("director")) == []
        assert "还没有评估" in page("officer", "measures") and "还没有评估" in page(
            "officer", "measure", one.rule, 1
        )
        assert one.name in client("officer").get(reverse("workbench:inbox")).content.decode()

    @pytest.mark.parametrize(
        ("left", "standing"),
        [(1, "ending"), (0, "ended"), (-1, "ended"), ("warn", "ending"), ("after", "holds")],
    )
    def test_the_bounds_are_those_of_the_rule(self, left: int | str, standing: str) -> None:
        making.office()
        warn = house_rules().warn_days
        days = {"warn": warn, "after": warn + 1}.get(str(left), left)
        assert validity(making.ending(int(days)), life.today(), house_rules()).standing == standing

    def test_long_past_ends_and_those_with_a_successor_are_quiet(self) -> None:
        making.office()
        making.ending(-house_rules().ended_days - 1)
        assert to_evaluate(life.today(), house_rules()) == []
        making.ending(5, "other_measure")
        making.in_library(
            making.text(first_day="in_force: 2026-02-01").replace("sample_measure", "other_measure")
        )
        assert to_evaluate(life.today(), house_rules()) == []

    def test_an_evaluation_quiets_it(self) -> None:
        making.office()
        one = making.ending(-5)
        assert unevaluated_before(one.rule, life.today(), house_rules()) == one
        evaluated(one)
        assert to_evaluate(life.today(), house_rules()) == [] and waiting(life.who("officer")) == []
        assert unevaluated_before(one.rule, life.today(), house_rules()) is None
        assert "带动八亿元" in page("stranger", "measure", one.rule, 1)

    def test_only_officers_evaluate_and_say_all_of_it(self) -> None:
        making.office()
        one = making.ending(-5)
        for by, told, code in (
            ("director", {}, "policies.not_permitted"), ("officer", {"measured": " "}, "registry.required"),
            ("officer", {"conclusion": "maybe"}, "policies.no_conclusion"),
        ):  # fmt: skip
            with pytest.raises(Refusal) as found:
                evaluated(one, by, **told)
            assert found.value.code == code

    def test_a_draft_is_not_evaluated(self) -> None:
        making.office()
        one = making.in_library(making.text(status="status: 草案"))
        with pytest.raises(Refusal) as found:
            evaluated(one)
        assert found.value.code == "policies.never_in_force"

    def test_it_is_evaluated_on_its_page(self) -> None:
        making.office()
        one = making.ending(-5)
        url = reverse("policies:evaluate", args=[one.rule, 1])
        said = {"promised": "十亿元", "measured": "", "conclusion": "end", "on": life.today().isoformat()}
        assert client("officer").post(url, said).status_code == 422
        assert client("officer").post(url, said | {"measured": "八亿元"}).status_code == 302
        assert one.evaluations.get().conclusion == "end"
