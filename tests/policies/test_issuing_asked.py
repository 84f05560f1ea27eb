"""What a new hand stumbled over: how long units are asked, rounds entered later, who was told, and what a decider is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mangrove.policies.issuing import periods
from mangrove.policies.issuing.asked import opinions_due
from mangrove.policies.issuing.models import Draft
from mangrove.policies.issuing.verification import verify_drafts

from . import life, making
from .test_issuing import client, refused, shown

pytestmark = pytest.mark.django_db


class TestPeriods:
    def test_units_alone_are_asked_by_a_rule_of_their_own(self) -> None:
        draft = making.started()
        public = periods.earliest(periods.limit_of(True, making.day(55)), making.day(55))
        units = periods.earliest(periods.limit_of(False, making.day(55)), making.day(55))
        assert units < public
        early = refused(making.circulated, draft=draft, public=False, until=units - timedelta(days=1))
        assert early.code == "policies.too_short" and "样例约定" in early.rule and "37" not in early.rule
        assert making.circulated(draft, public=False, until=units).seekings.get().until == units

    def test_the_form_says_the_earliest_last_day_before_anybody_errs(self) -> None:
        page, today = shown("officer", making.started(), "circulate"), life.today()
        for public in (True, False):
            day = periods.earliest(periods.limit_of(public, today), today)
            assert f"最早到 {day}" in page

    def test_a_public_round_entered_later_says_where_it_was_published_and_is_marked(self) -> None:
        draft = making.started()
        found = refused(making.circulated, draft=draft, published_at=" ")
        assert found.code == "policies.public_unseen" and "系统里没有公开过" in found.what
        draft = making.submitted(
            making.settled(making.circulated(draft, published_at="https://example.gov/1"))
        )
        words = ("补录的公开征求意见：系统里没有公开过，须附公开的出处", "https://example.gov/1")
        assert all(word in shown("officer", draft) for word in words)
        page = shown("checker", draft, "clear")
        assert all(word in page for word in words) and "notice--warn" in page
        draft = making.numbered(making.decided(making.lawful(draft)))
        assert all(word in shown("director", draft, "publish") for word in words)
        making.published(draft)
        assert all(word in shown("auditor", draft) for word in words) and verify_drafts() == []
        making.by_hand(draft.seekings.get(), published_at="别处")
        assert len(verify_drafts()) == 1

    def test_what_begins_today_or_asks_units_alone_needs_no_such_place(self) -> None:
        now = {"on": life.today(), "why": "", "published_at": ""}
        draft = making.circulated(**now)
        assert "补录的公开征求意见" not in shown("officer", draft)
        making.circulated(making.started(title="二"), public=False, published_at="")


class TestAsked:
    def test_the_form_offers_the_units_with_accounts_and_says_afterwards_who_was_told(self) -> None:
        draft = making.started()
        page = shown("officer", draft, "circulate")
        assert 'value="基础设施处"' in page and "基础设施处（1 人）" in page and 'value="应用处"' not in page
        sent = {
            "offices": ["基础设施处", "办公室"], "units": "市财政局\n办公司\n办公室\n", "public": "on", "until": "",
            "on": life.today().isoformat(), "why": "", "expected_version": making.seen(draft),
        }  # fmt: skip
        url = reverse("policies:draft_act", args=[draft.pk, "circulate"])
        page = client("officer").post(url, sent, follow=True).content.decode()
        assert draft.seekings.get().units == ["基础设施处", "办公室", "市财政局", "办公司"]
        assert "已收到系统消息：基础设施处（1 人）、办公室（1 人）" in page
        assert "没有收到系统消息：“市财政局”、“办公司”" in page
        assert "没有收到系统消息：“市财政局”、“办公司”" in shown("officer", draft)

    def test_it_waits_for_the_unit_that_is_asked_until_its_opinion_is_entered(self) -> None:
        until = life.today() + timedelta(days=20)
        draft = making.circulated(units=["基础设施处", "办公室"], until=until)
        for name in ("officer_b", "checker"):
            assert [(one.title, one.due) for one in opinions_due(life.who(name))] == [(draft.title, until)]
        assert opinions_due(life.who("officer")) == [] and opinions_due(life.who("stranger")) == []
        page = client("officer_b").get(reverse("workbench:inbox")).content.decode()
        assert "提出意见，送起草处室登记" in page and until.isoformat() in page
        making.opined(draft, "基础设施处", "", nothing=True)
        assert opinions_due(life.who("officer_b")) == [] and len(opinions_due(life.who("checker"))) == 1

    def test_the_inbox_asks_as_often_for_three_rounds_as_for_one(self) -> None:
        making.circulated(units=["基础设施处"])
        asked = []
        for more in ((), ("二", "三")):
            for title in more:
                making.circulated(making.started(title=title), units=["基础设施处"])
            with CaptureQueriesContext(connection) as queries:
                opinions_due(life.who("officer_b"))
            asked.append(len(queries))
        assert asked[0] == asked[1]


class TestLooking:
    def test_who_decides_has_the_ways_to_text_changes_and_opinions(self) -> None:
        making.office()
        making.in_library(making.text(share="比例: 10%"))
        draft = making.submitted()
        for name, act in (
            ("checker", "clear"),
            ("lawyer", "find_lawful"),
            ("officer", "decide"),
            ("director", "publish"),
        ):
            if act == "decide":
                making.reviewed(draft, "lawyer", "lawful", 37)
            page, own = shown(name, draft, act), reverse("policies:draft", args=[draft.pk])
            for anchor in ("clauses", "changes", "seekings"):
                assert f"{own}#{anchor}" in page
                assert f'id="{anchor}"' in shown(name, draft)
            assert "与“样例措施（合成）”第 1 版对照" in page and "2 条（采纳 1 条；无意见 1 条）" in page
            draft = following(draft, act)

    @pytest.mark.parametrize(
        ("made", "words"),
        [
            (making.submitted, "由应用处以外、没有参与起草的核稿人办理"),
            (
                lambda: making.reviewed(making.submitted(), "checker", "free", 38),
                "由政策法规处没有参与起草的核稿人办理",
            ),
            (making.lawful, "由应用处的经办人办理"),
            (making.numbered, "由市工信局没有参与起草的签发人办理"),
        ],
    )
    def test_each_waiting_state_says_who_is_next(self, made: Callable[[], Draft], words: str) -> None:
        assert words in shown("officer", made())

    def test_the_list_shows_until_when_opinions_are_due(self) -> None:
        until = life.today() + timedelta(days=12)
        making.circulated(until=until)
        assert until.isoformat() in client("officer").get(reverse("policies:drafts")).content.decode()

    def test_after_publication_it_still_says_what_it_followed(self) -> None:
        making.office()
        making.in_library(making.text(share="比例: 10%"))
        made = making.published()
        page = shown("officer", made.draft)
        fact = page.split("接续</dt>")[1].split("</div>")[0]
        assert "样例措施（合成）" in fact and "第 1 版" in fact and "新措施" not in fact
        assert 'id="changes"' in page


def following(draft: Draft, act: str) -> Draft:
    """The draft at the next place where something is decided."""
    if act == "clear":
        return making.reviewed(draft, "checker", "free", 38)
    return making.numbered(making.decided(draft)) if act == "decide" else Draft.objects.get(pk=draft.pk)
