"""A deputy sees the promises made to them, once the letter was sent; never others', and not the house's opinions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from mangrove.casework.models import Promise
from mangrove.casework.promise_counts import counts
from mangrove.casework.promises import settle_promise
from mangrove.casework.verification import verify_states
from mangrove.proposals import signing
from mangrove.proposals.models import Reply

from . import life

LIST = "/casework/promises/"
Browsers = Callable[[str], Client]


@pytest.fixture
def signed(office: None) -> Reply:
    reply = life.hand_over(life.register())
    life.step(reply, "accept", "officer")
    life.write(reply)
    life.prepare_draft(reply)
    life.pass_review(reply)
    life.sign(reply)
    return reply


def send(reply: Reply) -> None:
    life.number(reply)
    life.deliver(reply)


def shown(client: Client) -> list[str]:
    return [promise.number for promise in client.get(LIST).context["page"].objects]


def test_before_the_letter_is_sent_its_deputies_see_no_promise(signed: Reply, browser_of: Browsers) -> None:
    promise = Promise.objects.get(number="C01")
    assert shown(browser_of("deputy")) == []
    assert browser_of("deputy").get(f"{LIST}{promise.pk}/").status_code == 404


def test_after_it_is_sent_its_deputies_read_them_and_other_deputies_do_not(
    signed: Reply, browser_of: Browsers
) -> None:
    send(signed)
    promise = Promise.objects.get(number="C01")
    for username in ("deputy", "co_deputy"):
        assert shown(browser_of(username)) == ["C01", "C02"]
        assert browser_of(username).get(f"{LIST}{promise.pk}/").status_code == 200
    assert shown(browser_of("stranger")) == []
    assert browser_of("stranger").get(f"{LIST}{promise.pk}/").status_code == 404


def test_a_deputy_reads_what_was_done_but_no_opinion_and_does_nothing(
    signed: Reply, browser_of: Browsers
) -> None:
    send(signed)
    promise = Promise.objects.get(number="C01")
    settle_promise(
        promise.pk, owner_unit="应用处", by=life.who("officer").actor, on=timezone.localdate(),
        expected_version=promise.case.version, why="局长办公会议定",
    )  # fmt: skip
    deputy, officer = browser_of("deputy"), browser_of("officer")
    page = deputy.get(f"{LIST}{promise.pk}/")
    assert "责任单位：未定 → 应用处" in page.content.decode() and page.context["acts"] == []
    for words in ("局长办公会议定", "同意签发。"):
        assert words not in page.content.decode()
        assert words in officer.get(f"{LIST}{promise.pk}/").content.decode()
    assert deputy.get(f"{LIST}{promise.pk}/settle/").status_code == 422


def test_the_promise_leads_to_its_passage_and_to_the_letter_that_was_signed(
    signed: Reply, browser_of: Browsers
) -> None:
    send(signed)
    promise = Promise.objects.get(number="C02")
    page = browser_of("deputy").get(f"{LIST}{promise.pk}/")
    passage, letter = page.context["passage"], page.context["versions"][0].letter
    assert passage == f"/proposals/replies/{signed.pk}/#C02"
    assert 'id="C02"' in browser_of("deputy").get(passage.partition("#")[0]).content.decode()
    assert browser_of("deputy").get(letter)["Content-Type"] == "application/pdf"


def sign_again(reply: Reply, text: str) -> None:
    """Handle the reply anew after it was sent, with another text, as far as the signature."""
    life.rate(reply, result="不满意", reason="没有时限。")
    life.step(reply, "redo", "liaison", why="请写明时限。")
    life.write(reply, text)
    life.lead_to("signed", reply)


SECOND = "你们的意见收悉。[[C01|明年六月底前印发扶持政策]]；[[C03|新增一项承诺]]。专此答复。"


def test_new_words_are_read_by_deputies_when_they_are_sent_and_not_before(
    signed: Reply, browser_of: Browsers
) -> None:
    send(signed)
    sign_again(signed, SECOND)
    promise, deputy = Promise.objects.get(number="C01"), browser_of("deputy")
    for address in (LIST, f"{LIST}{promise.pk}/"):
        page = deputy.get(address).content.decode()
        assert "将拟订配套扶持政策" in page and "明年六月底前" not in page and "新增一项承诺" not in page
    assert shown(deputy) == ["C01", "C02"]
    life.number(signed, "样例函〔2026〕2号")
    life.deliver(signed)
    page = deputy.get(f"{LIST}{promise.pk}/")
    assert "明年六月底前印发扶持政策" in page.content.decode()
    assert [version.text for version in page.context["versions"]] == [
        "明年六月底前印发扶持政策", "将拟订配套扶持政策",
    ]  # fmt: skip
    assert shown(deputy) == ["C01", "C02", "C03"]


def test_words_that_were_never_sent_are_not_told_to_deputies_later(
    signed: Reply, browser_of: Browsers
) -> None:
    signing.recall(**life.at(signed, "officer", why="更新。"))
    life.step(signed, "decline", "director", why="请改。")
    life.write(signed, SECOND)
    life.lead_to("delivered", signed)
    address = f"{LIST}{Promise.objects.get(number='C01').pk}/"
    outside = browser_of("deputy").get(address)
    assert [version.text for version in outside.context["versions"]] == ["明年六月底前印发扶持政策"]
    assert "将拟订配套扶持政策" not in outside.content.decode()
    assert "将拟订配套扶持政策" in browser_of("officer").get(address).content.decode()


class TestDroppedBeforeItWasSent:
    @pytest.fixture
    def dropped(self, signed: Reply) -> Promise:
        signing.recall(**life.at(signed, "officer", why="更新。"))
        life.step(signed, "decline", "director", why="请改。")
        life.write(signed, SECOND)
        life.lead_to("signed", signed)
        return Promise.objects.get(number="C02")

    def test_is_withdrawn_with_the_reason_in_the_ledger(self, dropped: Promise) -> None:
        assert (dropped.case.state, dropped.case.closed_on) == ("withdrawn", life.today())
        (act,) = dropped.case.acts.all()
        assert act.event.act == "casework.promises.withdraw" and "已不含此项承诺" in act.event.why
        assert verify_states() == []

    def test_is_neither_counted_nor_listed_unless_asked_for(
        self, dropped: Promise, browser_of: Browsers
    ) -> None:
        assert counts().total == 2 and "withdrawn" not in counts().by_state
        officer = browser_of("officer")
        assert shown(officer) == ["C01", "C03"]
        page = officer.get(LIST, {"state": "withdrawn"})
        assert [promise.number for promise in page.context["page"].objects] == ["C02"]
        assert "送达前撤去" in officer.get(f"{LIST}{dropped.pk}/").content.decode()

    def test_is_not_shown_to_deputies(self, dropped: Promise, signed: Reply, browser_of: Browsers) -> None:
        life.number(signed, "样例函〔2026〕2号")
        life.deliver(signed)
        assert shown(browser_of("deputy")) == ["C01", "C03"]
        assert browser_of("deputy").get(f"{LIST}{dropped.pk}/").status_code == 404

    def test_nobody_withdraws_by_hand(self, signed: Reply, browser_of: Browsers) -> None:
        promise = Promise.objects.get(number="C01")
        for username in ("officer", "reviewer", "director"):
            browser = browser_of(username)
            assert "撤去" not in browser.get(f"{LIST}{promise.pk}/").content.decode()
            assert browser.get(f"{LIST}{promise.pk}/acts/withdraw/").status_code == 422

    def test_promised_again_is_a_promise_of_its_own(self, dropped: Promise, signed: Reply) -> None:
        signing.recall(**life.at(signed, "officer", why="更新。"))
        life.step(signed, "decline", "director", why="请改。")
        life.write(signed, life.TEXT)
        life.lead_to("signed", signed)
        again = Promise.objects.filter(number="C02").exclude(pk=dropped.pk).get()
        assert again.case.state == "not_started" and counts().total == 2


def test_what_was_sent_stays_promised_when_a_second_letter_is_silent_about_it(signed: Reply) -> None:
    send(signed)
    sign_again(signed, SECOND)
    assert Promise.objects.get(number="C02").case.state == "not_started"


def test_limits_are_for_the_house(signed: Reply, browser_of: Browsers) -> None:
    send(signed)
    clock = signed.case.clocks.order_by("pk")[0]
    where = f"/casework/clocks/{clock.pk}/"
    assert browser_of("deputy").get(where).status_code == 404
    assert browser_of("officer").get(where).status_code == 200
    assert f'href="{where}"' in browser_of("officer").get(f"/proposals/replies/{signed.pk}/").content.decode()
