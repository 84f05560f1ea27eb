"""What reads like a promise and carries no mark is shown to the office, refused to nobody, and never told to deputies."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from mangrove.casework.models import Promise
from mangrove.proposals import actions
from mangrove.proposals.composition import compose
from mangrove.proposals.models import Reply
from mangrove.proposals.unmarked import UnmarkedPromise, unmarked_promises

from . import life
from .life import TEXT, deliver, lead_to, number, pass_review, sign, step, today, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]
BrowserOf = Callable[[str], Client]

PORT = "我局将尽快推动港口企业降费"
WITH_PORT = TEXT.replace("专此答复。", f"（二）减轻负担。{PORT}。\n专此答复。")
HEAD = "像承诺、没有标注的 1 处"


def found_in(reply: Reply, text: str) -> tuple[UnmarkedPromise, ...]:
    write(reply, text)
    return unmarked_promises(compose(reply, actions.latest_draft(reply), on=today()), reply)


class TestWhatIsFound:
    def test_a_promise_without_a_mark_is_found_with_its_words_and_the_next_number(self) -> None:
        reply = lead_to("drafting")
        (one,) = found_in(reply, WITH_PORT)
        body = compose(reply, actions.latest_draft(reply), on=today()).body
        assert (one.text, one.number) == (PORT, "C03") and body[one.start : one.end] == PORT

    def test_what_stands_without_any_mark_in_a_letter_is_numbered_from_one(self) -> None:
        text = "你们提出的建议收悉。\n我局将尽快推动港口企业降费。今后我局将每年公布收费清单。\n专此答复。"
        assert [one.number for one in found_in(lead_to("drafting"), text)] == ["C01", "C02"]

    @pytest.mark.parametrize("name", ["20210615_reply.txt", "life"])
    def test_a_letter_that_marks_its_promises_shows_none(self, name: str) -> None:
        path = Path(settings.MANGROVE_CITY) / "proposals" / name
        assert (
            found_in(lead_to("drafting"), path.read_text(encoding="utf-8") if path.exists() else TEXT) == ()
        )

    @pytest.mark.parametrize(
        "words",
        [
            f"[[C07|{PORT}]]",
            "我局将[[C07|尽快推动港口企业降费]]",
            "今后我局[[C07|将每年公布收费清单]]",
            "截至目前，我局已推动港口企业降费",
            "建议贵单位推动港口企业降费",
            "上述工作已列入承诺台账，责任和时限确定后告知",
        ],
    )
    def test_what_a_mark_touches_or_what_promises_nothing_is_left_alone(self, words: str) -> None:
        assert (
            found_in(lead_to("drafting"), TEXT.replace("专此答复。", f"（二）其他。{words}。\n专此答复。"))
            == ()
        )

    def test_a_fact_mark_makes_no_promise(self) -> None:
        text = WITH_PORT.replace(PORT, f"[[L01|{PORT}]]")
        assert [one.text for one in found_in(lead_to("drafting"), text)] == [PORT]

    def test_the_number_is_free_of_what_earlier_letters_of_the_case_promised(self) -> None:
        reply = lead_to("to_sign")
        sign(reply)
        step(reply, "recall", "officer", why="再改。")
        step(reply, "decline", "director", why="请改。")
        assert Promise.objects.filter(case__parent=reply.case).count() == 2
        text = WITH_PORT.replace("[[C02|推动5G网络用电降本]]", "情况如前")
        assert [one.number for one in found_in(reply, text)] == ["C03"]


class TestWhereItIsShown:
    def shown(self, browser: Client, name: str, *args: object) -> bool:
        page = browser.get(reverse(f"proposals:{name}", args=args)).content.decode()
        if HEAD not in page:
            assert "像承诺、没有标注" not in page
            return False
        assert PORT in page and "要进承诺台账的，写作 [[C03|……]]" in page
        return True

    def test_from_draft_to_signature_in_the_house(self, browser_of: BrowserOf) -> None:
        reply = lead_to("drafting")
        write(reply, WITH_PORT)
        officer = browser_of("officer")
        assert self.shown(officer, "preview", reply.pk) and self.shown(officer, "draft", reply.pk)
        assert self.shown(officer, "reply", reply.pk)
        life.contact(reply)
        life.particulars(reply)
        assert self.shown(officer, "act", reply.pk, "submit")
        actions.submit(**life.at(reply, "officer"))
        assert self.shown(browser_of("reviewer"), "act", reply.pk, "pass_review")
        pass_review(reply)
        assert self.shown(browser_of("director"), "act", reply.pk, "sign")
        assert not self.shown(browser_of("deputy"), "reply", reply.pk)
        sign(reply)
        assert not self.shown(officer, "reply", reply.pk)
        number(reply)
        assert not self.shown(officer, "act", reply.pk, "deliver")
        deliver(reply)
        assert not self.shown(browser_of("deputy"), "reply", reply.pk)

    def test_a_letter_that_is_handled_again_tells_its_deputies_nothing_of_it(
        self, browser_of: BrowserOf
    ) -> None:
        reply = lead_to("delivered")
        life.rate(reply, result="不满意", reason="没有回应港口收费。")
        step(reply, "redo", "liaison", why="再次办理。")
        write(reply, WITH_PORT)
        assert self.shown(browser_of("officer"), "reply", reply.pk)
        assert not self.shown(browser_of("deputy"), "reply", reply.pk)
