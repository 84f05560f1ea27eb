"""Somebody was faster: the page says so, keeps what was typed, and its next try is against what it now shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mangrove.proposals import actions, signing
from mangrove.proposals.composition import compose
from mangrove.proposals.models import Reply

from . import life
from .life import at, hand_over, lead_to, register

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]


def hidden(page: str) -> dict[str, str]:
    """The hidden fields as the page has them, those of fields that show what they started from included."""
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page)
    return {name: value for name, value in found if name != "csrfmiddlewaretoken"}


def test_a_hand_over_on_an_old_page_succeeds_at_the_second_try(browser_of: BrowserOf) -> None:
    proposal, browser = register(), browser_of("registrar")
    url = reverse("proposals:proposal_act", args=[proposal.pk, "hand_over"])
    typed = {"organisation": "sz_ndrc", "part": "会办", "unit": "写好的处室", "on": str(life.today())}
    old = hidden(browser.get(url).content.decode())
    hand_over(proposal)
    answer = browser.post(url, typed | old)
    page = answer.content.decode()
    assert answer.status_code == 422 and "此件在您打开之后已被办理" in page and "写好的处室" in page
    assert browser.post(url, typed | hidden(page)).status_code == 302


def test_what_was_typed_to_close_a_proposal_outlives_its_state(browser_of: BrowserOf) -> None:
    reply = lead_to("closed")
    proposal, browser = reply.proposal, browser_of("registrar")
    url = reverse("proposals:proposal_act", args=[proposal.pk, "close"])
    typed = {"on": str(life.today()), "why": "写了很久的意见"} | hidden(browser.get(url).content.decode())
    proposal.case.refresh_from_db()
    actions.close_proposal(
        by=life.who("registrar"), on=life.today(), proposal_id=proposal.pk, expected_version=proposal.case.version
    )  # fmt: skip
    answer = browser.post(url, typed)
    assert answer.status_code == 422 and "写了很久的意见" in answer.content.decode()


def test_a_step_of_a_reply_on_an_old_page_succeeds_at_the_second_try(browser_of: BrowserOf) -> None:
    reply, browser = lead_to("in_review"), browser_of("reviewer")
    url = reverse("proposals:act", args=[reply.pk, "pass_review"])
    typed = {"on": str(life.today()), "why": "写了很久的核稿意见"}
    old = hidden(browser.get(url).content.decode())
    life.step(reply, "send_back", "reviewer", why="请改。")
    lead_to("in_review", reply)
    answer = browser.post(url, typed | old)
    page = answer.content.decode()
    assert answer.status_code == 422 and "写了很久的核稿意见" in page
    assert browser.post(url, typed | hidden(page)).status_code == 302


def test_particulars_keep_what_was_typed_and_do_not_put_back_what_another_changed(
    browser_of: BrowserOf,
) -> None:
    reply, browser = lead_to("drafting"), browser_of("officer")
    life.particulars(reply)
    url = reverse("proposals:particulars", args=[reply.pk])
    shown = hidden(browser.get(url).content.decode())
    form = {name.removeprefix("initial-"): value for name, value in shown.items()}
    typed = form | shown | {"contact": "张工 88120000", "on": str(life.today())}
    life.particulars(reply, result_class="A", by=life.who("officer_b"))
    answer = browser.post(url, typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and "张工 88120000" in page
    now = hidden(page)
    again = typed | now | {"result_class": now["initial-result_class"]}
    assert browser.post(url, again).status_code == 302
    reply.refresh_from_db()
    assert (reply.result_class, reply.contact) == ("A", "张工 88120000")


def test_a_draft_typed_while_the_reply_went_to_review_stays_on_the_page(browser_of: BrowserOf) -> None:
    reply = lead_to("in_review")
    answer = browser_of("officer").post(
        reverse("proposals:draft", args=[reply.pk]), {"text": "写了很久的稿", "draft_revision": 1}
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "写了很久的稿" in page and "您不能改动答复稿" in page


def test_an_english_signer_starts_from_the_chinese_opinion_that_is_recorded(browser_of: BrowserOf) -> None:
    reply, browser = lead_to("to_sign"), browser_of("director")
    url = reverse("proposals:act", args=[reply.pk, "sign"])
    page = browser.get(url, headers={"accept-language": "en"}).content.decode()
    assert "同意签发。</textarea>" in page
    browser.post(
        url, {"on": str(life.today()), "why": "同意签发。"} | hidden(page), headers={"accept-language": "en"}
    )
    assert reply.signed_letters.get().opinion == "同意签发。"


def test_a_signature_on_an_old_page_succeeds_at_the_second_try(browser_of: BrowserOf) -> None:
    reply, browser = lead_to("to_sign"), browser_of("director")
    url = reverse("proposals:act", args=[reply.pk, "sign"])
    typed = {"on": str(life.today()), "why": "写了很久的意见"}
    old = hidden(browser.get(url).content.decode())
    life.sign(reply)
    signing.recall(**at(reply, "officer", why="更新。"))
    page = browser.post(url, typed | old).content.decode()
    assert "写了很久的意见" in page
    assert browser.post(url, typed | hidden(page)).status_code == 302


@pytest.mark.parametrize("name", ["proposal", "reply", "draft", "particulars"])
@pytest.mark.parametrize("id", ["%00", "2026%00", "a%20b", "〇"])
def test_an_address_that_no_number_can_make_is_not_found(browser_of: BrowserOf, name: str, id: str) -> None:
    url = reverse(f"proposals:{name}", args=["X-1"]).replace("X-1", id)
    assert browser_of("officer").get(url).status_code == 404


def test_a_null_byte_chooses_nothing(browser_of: BrowserOf) -> None:
    officer, registrar = browser_of("officer"), browser_of("registrar")
    figures = reverse("figures:state")
    assert officer.get(f"{figures}?definition=%00").status_code == 200
    assert officer.post(figures, {"definition": "a\0", "source": "\0", "on": "\0"}).status_code < 500
    proposal = register()
    url = reverse("proposals:proposal_act", args=[proposal.pk, "hand_over"])
    assert registrar.post(url, {"organisation": "a\0"}).status_code == 422


def test_a_back_dated_act_is_judged_by_the_letter_of_its_own_day(browser_of: BrowserOf) -> None:
    """What differs on that day is asked about on the page that comes back, and the second try goes through."""
    reply, browser = lead_to("drafting"), browser_of("officer")
    life.contact(reply)
    life.particulars(reply)
    life.write(reply, "全市已建成5G基站{{基站总数|时点=2021-10}}，此前为4.6万个。\n专此答复。")
    url = reverse("proposals:act", args=[reply.pk, "submit"])
    first = browser.get(url).content.decode()
    day = {"on": str(life.today()), "why": "补齐。"}
    answer = browser.post(url, day | hidden(first))
    page = answer.content.decode()
    assert answer.status_code == 422 and 'name="keep_reason"' in page
    kept = {"keep_reason": "此前一句沿用报道。"}
    assert browser.post(url, day | hidden(page) | kept).status_code == 302


def test_nothing_is_asked_about_numbers_that_all_agree(browser_of: BrowserOf) -> None:
    reply = lead_to("in_review")
    url = reverse("proposals:act", args=[reply.pk, "pass_review"])
    assert "keep_reason" not in browser_of("reviewer").get(url).content.decode()


def test_a_signature_dated_back_asks_for_a_look_at_that_days_letter_and_then_holds(
    browser_of: BrowserOf,
) -> None:
    day = date(2021, 9, 15)
    back: dict[str, Any] = {"on": day, "why": "补录。"}
    reply = life.hand_over(life.register(**back), **back)
    life.step(reply, "accept", "officer", **back)
    life.contact(reply, **back)
    life.particulars(reply, **back)
    life.write(reply)
    actions.submit(**life.at(reply, "officer", **back))
    now = Reply.objects.get(pk=reply.pk)
    seen = compose(now, actions.latest_draft(now), on=day).content_hash
    actions.pass_review(**life.at(reply, "reviewer", seen_hash=seen, **back))
    url, browser = reverse("proposals:act", args=[reply.pk, "sign"]), browser_of("director")
    typed = {"on": str(day), "why": "补签。"}
    answer = browser.post(url, typed | hidden(browser.get(url).content.decode()))
    page = answer.content.decode()
    assert answer.status_code == 422 and "您看到的文本已经变动" in page and "超4.8万个" in page
    assert browser.post(url, typed | hidden(page)).status_code == 302
    assert "超4.8万个" in reply.signed_letters.get().body
