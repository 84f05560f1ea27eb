"""Anybody reads a draft that is out for opinions; who is signed in sends one, has a receipt, and sees what became of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.policies.issuing import opinions, sending
from mangrove.policies.issuing.models import Draft, Opinion
from mangrove.policies.issuing.standing import hands
from mangrove.policies.issuing.verification import verify_drafts
from mangrove.policies.measures.house_rules import house_rules
from mangrove.registry.models import Organisation

from . import life, making

pytestmark = pytest.mark.django_db
WORDS = "建议把比例写成两档（合成）。"


def out(days: int = 40, **told: Any) -> Draft:
    """A draft that the public is asked about until so many days from now."""
    people()
    return making.circulated(until=life.today() + timedelta(days=days), **told)


def people() -> None:
    firm = Organisation.objects.get_or_create(
        id="firm_a", defaults={"name": "深圳A企业有限公司（合成）", "kind": "firm", "synthetic": True}
    )[0]
    life.person("firm_a", firm, ["applicant"])
    life.person("colleague", firm, ["applicant"])
    congress = Organisation.objects.get_or_create(id="npc", defaults={"name": "样例人大"})[0]
    life.person("deputy_x", congress, ["deputy"])


def sent(draft: Draft, by: str = "firm_a", **told: Any) -> Opinion:
    said: dict[str, Any] = {"clause": "第一条", "text": WORDS, "on": life.today()}
    return sending.send(draft_id=draft.pk, by=life.who(by), **{**said, **told})


def browser(username: str = "") -> Client:
    client = Client()
    if username:
        client.force_login(life.who(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(name: str, *of: Any) -> str:
    return reverse(f"policies:{name}", args=of)


def test_a_visitor_reads_the_draft_where_the_house_allows_it_and_signs_in_to_send(settings: Any) -> None:
    draft = out()
    visitor = browser()
    for address in (page("open_drafts"), page("open_draft", draft.pk)):
        assert "/sign-in/" in visitor.get(address)["Location"]
    settings.MANGROVE_PUBLIC_DRAFTS = True
    listed = visitor.get(page("open_drafts")).content.decode()
    shown = visitor.get(page("open_draft", draft.pk)).content.decode()
    assert draft.title in listed and "还剩 40 天" in listed
    assert "按审定投资的30%资助" in shown and "还剩 40 天" in shown and "登录后提意见" in shown
    assert "/sign-in/" in visitor.get(page("opinion_send", draft.pk))["Location"]
    assert "/sign-in/" in visitor.post(page("opinion_send", draft.pk), {"text": WORDS})["Location"]
    assert not Opinion.objects.exists()


def test_a_firm_sends_an_opinion_gets_a_receipt_and_sees_what_became_of_it() -> None:
    draft = out()
    firm = browser("firm_a")
    answered = firm.post(page("opinion_send", draft.pk), {"clause": "第一条", "text": WORDS})
    one = Opinion.objects.get()
    assert answered.status_code == 302 and answered["Location"] == page("own_opinion", one.receipt)
    shown = firm.get(page("own_opinion", one.receipt)).content.decode()
    assert one.receipt in shown and WORDS in shown and "起草单位还没有办理" in shown
    office = browser("officer").get(page("draft", draft.pk)).content.decode()
    assert "社会公众：深圳A企业有限公司（合成）" in office and "第一条" in office
    opinions.dispose(
        draft_id=draft.pk, opinion_id=one.pk, disposition="partly", reason="写成两档，数另定。", by=life.who("officer"),
        on=life.today(),
    )  # fmt: skip
    shown = firm.get(page("own_opinion", one.receipt)).content.decode()
    assert "部分采纳" in shown and "写成两档，数另定。" in shown
    assert one.receipt in firm.get(page("own_opinions")).content.decode()


def test_nobody_else_finds_an_opinion_by_its_receipt() -> None:
    one = sent(out())
    for name in ("colleague", "deputy_x", "officer", "auditor", "stranger"):
        assert browser(name).get(page("own_opinion", one.receipt)).status_code == 404
        assert one.receipt not in browser(name).get(page("own_opinions")).content.decode()
    assert "/sign-in/" in browser().get(page("own_opinion", one.receipt))["Location"]


def test_a_person_is_named_by_what_they_are_and_never_by_name() -> None:
    draft = out()
    deputy, other = sent(draft, "deputy_x"), sent(draft, "stranger")
    assert (deputy.source, other.source) == (sending.DEPUTY, sending.SOMEBODY)
    shown = browser("officer").get(page("draft", draft.pk)).content.decode()
    assert sending.DEPUTY in shown and life.who("deputy_x").name not in shown.split("<main", 1)[1]


def test_only_while_its_days_run_and_only_where_the_public_is_asked() -> None:
    ended = making.circulated()  # its days were over some weeks ago
    people()
    with pytest.raises(Http404):
        sent(ended)
    assert browser("firm_a").get(page("open_draft", ended.pk)).status_code == 404
    inside = making.circulated(
        making.started(title="只问单位（合成）"), public=False, until=life.today() + timedelta(days=9)
    )
    with pytest.raises(Http404):
        sent(inside)
    assert inside.title not in browser("firm_a").get(page("open_drafts")).content.decode()


def test_the_last_day_counts_and_the_next_does_not() -> None:
    draft = out(days=0)
    assert sent(draft).receipt
    with pytest.raises(Http404):
        sent(draft, on=life.today() + timedelta(days=1))


def test_a_draft_that_is_still_being_written_is_nobody_elses_business() -> None:
    people()
    draft = making.started()
    assert browser("firm_a").get(page("open_draft", draft.pk)).status_code == 404
    with pytest.raises(Http404):
        sent(draft)


def test_the_same_words_sent_twice_are_one_opinion_with_one_receipt() -> None:
    draft = out()
    first, again = sent(draft), sent(draft)
    assert first == again and Opinion.objects.count() == 1
    assert sent(draft, clause="").receipt != first.receipt
    assert Event.objects.filter(act="policies.draft.opine").count() == 2


def test_one_account_does_not_flood_a_draft() -> None:
    draft, most = out(), house_rules().each_most
    for n in range(most):
        sent(draft, text=f"第 {n} 条（合成）")
    with pytest.raises(Refusal) as refused:
        sent(draft, text="再一条（合成）")
    assert refused.value.code == "policies.opinions_many" and "待核" in refused.value.rule
    assert sent(draft, "deputy_x").receipt


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"text": " "}, "registry.required"),
        ({"clause": "第九十九条"}, "policies.no_article"),
        ({"text": "长" * 5001}, "policies.opinion_long"),
    ],
)
def test_what_says_nothing_or_is_about_nothing_is_refused(told: dict[str, str], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        sent(out(), **told)
    assert refused.value.code == code and not Opinion.objects.exists()


def test_what_was_typed_stays_when_it_is_refused() -> None:
    draft = out()
    long = "长" * 5001
    answered = browser("firm_a").post(page("opinion_send", draft.pk), {"clause": "第一条", "text": long})
    assert answered.status_code == 422 and long in answered.content.decode()


def test_the_ledger_has_the_receipt_and_a_digest_and_not_the_words() -> None:
    one = sent(out())
    told = said(Event.objects.select_related("body").get(act="policies.draft.opine"))
    assert told is not None and told["receipt"] == one.receipt and told["clause"] == "第一条"
    assert WORDS not in str(told) and verify_drafts() == []
    Opinion.objects.filter(pk=one.pk).update(clause="第二条")
    assert any("意见与账本所记不同" in fault for fault in verify_drafts())


def test_who_sent_an_opinion_had_no_hand_in_the_draft_and_it_waits_to_be_answered() -> None:
    draft = out()
    one = sent(draft, "deputy_x")
    assert "deputy_x" not in hands(draft) and "officer" in hands(draft)
    assert one.open


def test_the_list_asks_as_often_for_three_as_for_one() -> None:
    draft = out()
    firm, asked = browser("firm_a"), []
    for words in (["一"], ["二", "三"]):
        for one in words:
            sent(draft, text=one)
        firm.get(page("own_opinions"))
        with CaptureQueriesContext(connection) as queries:
            firm.get(page("own_opinions"))
        asked.append(len(queries))
    assert asked[0] == asked[1]
