"""The sample life of proposal 20210615: told on its own dates, under the law of its day, and only once."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from mangrove.casework.calendars import load_calendar
from mangrove.casework.clock_actions import explain_clock
from mangrove.casework.inbox import inbox
from mangrove.casework.models import Clock, Promise
from mangrove.casework.promise_counts import counts
from mangrove.casework.verification import verify_clocks, verify_states
from mangrove.figures.loading import load_figures
from mangrove.ledger.models import Event
from mangrove.ledger.refs import SYSTEM
from mangrove.ledger.sealer import seal_pending
from mangrove.ledger.verify import verify
from mangrove.proposals.lines import letter_map
from mangrove.proposals.models import Proposal, Reply, SignedLetter
from mangrove.proposals.pages import claims
from mangrove.proposals.sample import live_all
from mangrove.registry.city import create_sample_accounts, load_registry
from mangrove.registry.models import User

pytestmark = pytest.mark.django_db

DAY = date(2021, 8, 30)


@pytest.fixture
def letter(db: None, settings: Settings) -> SignedLetter:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    city, today = Path(django_settings.MANGROVE_CITY), timezone.localdate()
    load_registry(city, by=SYSTEM, on=today, why="装入")
    create_sample_accounts(city, "红树-样例-口令-2021")
    load_calendar(by=SYSTEM, on=today)
    load_figures(city, by=SYSTEM, on=today, why="装入")
    live_all()
    return SignedLetter.objects.get()


def clock(key: str) -> Clock:
    return next(one for one in Clock.objects.all() if one.terms["key"] == key)


def everything() -> dict[str, list[dict[str, Any]]]:
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values()) for model in apps.get_models()
    }


def test_it_ends_as_a_letter_signed_numbered_and_delivered(letter: SignedLetter) -> None:
    reply = Reply.objects.get()
    assert (reply.case.state, reply.document_number) == ("delivered", "样例函〔2021〕1号")
    assert (letter.signer_name, letter.signer_rank, letter.signed_on, letter.opinion) == (
        "局长",
        "局长",
        DAY,
        "同意签发。",
    )
    assert [row.to for row in letter.deliveries.all()] == [
        "张天瑜代表",
        "市人大常委会选联任工委",
        "市政府督查室",
    ]
    assert reply.result_class == "B"


def test_the_letter_makes_seventeen_promises_bound_to_its_words(letter: SignedLetter) -> None:
    promises = list(Promise.objects.order_by("number"))
    assert [promise.number for promise in promises] == [f"C{n:02d}" for n in range(1, 18)]
    for promise in promises:
        (source,) = promise.sources.all()
        assert letter.body[source.start : source.end] == promise.text
        assert source.letter_hash == letter.content_hash
    assert {promise.heading for promise in promises} >= {"完善奖励补贴", "拓宽融资渠道"}
    lack = counts()
    assert (lack.total, lack.without_owner, lack.without_date, lack.without_measure) == (17, 17, 17, 17)


def test_the_marks_carry_rows_of_the_letter_map_and_no_claim_without_number(letter: SignedLetter) -> None:
    rows = {row.id: row for row in letter_map()}
    marked = {name for _start, _end, name in letter.marks}
    assert marked <= set(rows)
    assert not {row.id for row in rows.values() if row.kind == "claim"} & marked
    assert "[[" not in letter.body and "{{" not in letter.body
    for frozen in letter.figures:
        assert letter.body[frozen["start"] : frozen["end"]] == frozen["printed"]


def test_the_share_was_sent_back_by_review_and_signed_as_the_records_have_it(letter: SignedLetter) -> None:
    (sent_back,) = Reply.objects.get().case.acts.filter(act="send_back")
    assert "59.8%" in sent_back.opinion and sent_back.on == date(2021, 8, 23)
    assert "59.9%" in letter.body and "59.8%" not in letter.body


def test_every_act_is_back_entered_on_its_own_day_with_a_reason(letter: SignedLetter) -> None:
    events = Event.objects.filter(act__startswith="proposals.")
    assert all(event.back_entry and event.why and event.business_date.year == 2021 for event in events)
    assert Proposal.objects.get().received_on == date(2021, 6, 2)


def test_the_reply_was_due_under_the_law_of_2015_and_came_in_time(letter: SignedLetter) -> None:
    limit = clock("reply")
    assert (limit.rule, limit.started_on, limit.due_on, limit.met_on) == (
        "cn.2015.reply", date(2021, 6, 4), date(2021, 9, 4), DAY,
    )  # fmt: skip
    lines = explain_clock(limit)
    assert lines[0].startswith("时限：答复代表建议，3 个月。依据：代表法（2015 文本）第四十二条（已核）")
    assert "计算：2021-06-04 之后 3 个月，末日为 2021-09-04（星期六）。" in lines
    assert "已于 2021-08-30 办结。" in lines


def test_nothing_of_it_is_overdue_today(letter: SignedLetter) -> None:
    late = [
        one for one in Clock.objects.filter(met_on=None) if one.due_on and one.due_on < timezone.localdate()
    ]
    assert late == []
    assert all(
        one.met_on <= one.due_on for one in Clock.objects.exclude(met_on=None) if one.due_on and one.met_on
    )
    todos = [todo for user in User.objects.all() for todo in inbox(user)]
    assert todos and not [todo for todo in todos if todo.due and todo.due < timezone.localdate()]


def test_telling_it_twice_changes_nothing(letter: SignedLetter) -> None:
    before = everything()
    live_all()
    assert everything() == before


def test_the_ledger_and_what_is_cached_verify(letter: SignedLetter) -> None:
    seal_pending()
    found = verify()
    assert found.holds and found.unsealed == 0
    assert verify_states() == [] and verify_clocks() == []


def test_the_page_says_of_each_claim_what_the_figure_check_says(letter: SignedLetter) -> None:
    rows = {view.claim.number: view.backing for view in claims(letter.reply.proposal)}
    assert {name: one.status for name, one in rows.items()} == {
        "L06": "已核", "L15": "待核", "L27": "待核", "L34": "待核", "L37": "待核",
    }  # fmt: skip
    assert "2019年措施的目标" in rows["L06"].note and "评定范围未见原件" in rows["L27"].note
    browser = Client()
    browser.force_login(
        User.objects.get(username="officer_a"), backend="django.contrib.auth.backends.ModelBackend"
    )
    page = browser.get(reverse("proposals:proposal", args=["20210615"])).content.decode()
    told = dict(re.findall(r'<tr id="(L\d+)">(.*?)</tr>', page, re.DOTALL))
    assert sorted(told) == sorted(rows)
    assert "已核" in told["L06"] and "未找到" in told["L15"] and "待核" in told["L27"]
