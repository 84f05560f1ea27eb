"""Registering a proposal: the key is the first that is free, and what is refused says so truly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mangrove.casework.models import Case
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.proposals import actions, registration
from mangrove.proposals.models import Proposal
from mangrove.proposals.verification import verify_registrations

from .life import hand_over, lead_to, register, today, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]

BrowserOf = Callable[[str], Client]
LATER = "市七届人大九次会议"


class TestKeys:
    def test_a_suggestion_whose_number_looks_like_a_motions_key_is_registered(self) -> None:
        assert register("5", kind="提案").pk == "zx5"
        assert register("zx5").pk == "zx5_2"
        assert register("5", kind="提案", meeting=LATER).pk == "zx5_3"

    def test_a_motion_whose_key_a_suggestion_bears_already_is_registered(self) -> None:
        assert register("zx5").pk == "zx5"
        motion = register("5", kind="提案")
        assert (motion.pk, motion.case.subject_id) == ("zx5_2", "zx5_2")

    def test_a_number_that_begins_like_another_takes_no_key_from_it(self) -> None:
        register("11")
        assert register("1").pk == "1"

    def test_the_number_of_that_kind_and_meeting_alone_is_refused(self) -> None:
        register("1")
        register("1", meeting=LATER)
        with pytest.raises(Refusal) as caught:
            register("1", meeting=LATER)
        assert caught.value.code == "proposals.number_taken" and LATER in caught.value.what

    def test_another_fault_of_the_database_is_not_told_as_a_number_taken(self) -> None:
        before = Event.objects.count()
        with pytest.raises(IntegrityError):
            register("1", title=None)
        assert not Proposal.objects.exists() and not Case.objects.exists()
        assert Event.objects.count() == before


class TestNamesakes:
    def asked(self, **more: Any) -> Refusal:
        with pytest.raises(Refusal) as caught:
            register(**{"namesakes_seen": [], **more})
        assert caught.value.code == "proposals.namesakes"
        return caught.value

    def test_a_number_under_a_meeting_of_another_name_is_asked_about_once(self) -> None:
        first = register()
        refusal = self.asked(meeting=LATER, title="别的题目")
        assert first.title in refusal.what and first.meeting in refusal.what
        assert register(meeting=LATER, title="别的题目", namesakes_seen=[first.pk]).pk == "20260001_2"

    def test_what_was_not_seen_is_asked_about_though_another_was(self) -> None:
        register("1", title="甲")
        register("2", title="乙")
        assert "乙" in self.asked(number="1", meeting=LATER, title="乙", namesakes_seen=["1"]).what

    def test_an_open_proposal_of_the_very_title_is_asked_about_and_a_closed_one_is_not(self) -> None:
        reply = lead_to("closed", hand_over(register("1", title="同题")))
        self.asked(number="2", title="同题")
        case = reply.proposal.case
        case.refresh_from_db()
        actions.close_proposal(
            by=who("registrar"), on=today(), proposal_id="1", expected_version=case.version
        )
        assert register("2", title="同题", namesakes_seen=[]).pk == "2"

    def test_nothing_alike_nothing_is_asked(self) -> None:
        register("1", title="甲")
        assert register("2", title="乙", namesakes_seen=[]).pk == "2"
        assert register("1", title="丙", kind="提案", namesakes_seen=[]).pk == "zx1"

    def test_a_number_taken_is_told_as_taken_though_its_title_stands_too(self) -> None:
        register()
        with pytest.raises(Refusal) as caught:
            register(namesakes_seen=[])
        assert caught.value.code == "proposals.number_taken"

    def test_who_registers_from_a_list_is_not_asked(self) -> None:
        register()
        assert register(meeting=LATER).pk == "20260001_2"


class TestPage:
    URL = reverse("proposals:register")

    def typed(self, **more: Any) -> dict[str, Any]:
        told = {"kind": "建议", "number": "1", "title": "同题", "meeting": LATER, "lead_deputy": "代表甲"}
        return told | {"importance": "key", "on": str(today()), "original_text": "很长的原文"} | more

    def test_the_page_comes_back_with_the_namesakes_and_a_tick_goes_on(self, browser_of: BrowserOf) -> None:
        register("1", title="同题")
        register("9", title="同题")
        browser = browser_of("registrar")
        answer = browser.post(self.URL, self.typed())
        page, form = answer.content.decode(), answer.context["form"]
        assert answer.status_code == 422 and Proposal.objects.count() == 2
        assert all(reverse("proposals:proposal", args=[key]) in page for key in ("1", "9"))
        assert "确认是另一件" in page and "很长的原文" in page and "checked" not in page
        again = self.typed(namesakes=form["namesakes"].value())
        assert browser.post(self.URL, again).status_code == 422
        answer = browser.post(self.URL, again | {"namesakes_seen": "on"})
        assert answer["Location"] == reverse("proposals:proposal", args=["1_2"])
        assert Proposal.objects.get(pk="1_2").original_text == "很长的原文"

    def test_a_tick_for_one_namesake_is_not_one_for_another(self, browser_of: BrowserOf) -> None:
        register("1", title="同题")
        register("2", title="别题")
        ticked = self.typed(number="2", title="另题", namesakes="1", namesakes_seen="on")
        answer = browser_of("registrar").post(self.URL, ticked)
        form = answer.context["form"]
        assert answer.status_code == 422 and form["namesakes"].value() == "2"
        assert not form["namesakes_seen"].value()

    def test_a_tick_outlives_another_fault(self, browser_of: BrowserOf) -> None:
        register("1", title="同题")
        ticked = self.typed(lead_deputy="", namesakes="1", namesakes_seen="on")
        answer = browser_of("registrar").post(self.URL, ticked)
        page = answer.content.decode()
        assert answer.context["form"]["namesakes_seen"].value() and "checked" in page
        assert reverse("proposals:proposal", args=["1"]) in page

    def test_nothing_is_asked_before_and_meetings_already_used_are_offered(
        self, browser_of: BrowserOf
    ) -> None:
        for number in ("1", "2"):
            register(number)
        register("3", meeting=LATER)
        page = browser_of("registrar").get(self.URL).content.decode()
        assert "确认是另一件" not in page and 'list="meetings"' in page
        assert page.count('<option value="市七届人大八次会议">') == 1 and LATER in page

    def test_many_proposals_cost_as_many_queries_as_few(self, browser_of: BrowserOf) -> None:
        browser = browser_of("registrar")

        def queries() -> int:
            with CaptureQueriesContext(connection) as caught:
                browser.post(self.URL, self.typed())
            return len(caught)

        register("1", title="同题")
        few = queries()
        register("2", title="同题")
        register("3", title="同题", meeting="市七届人大十次会议")
        assert queries() == few


class TestWithdrawing:
    """A registration that was a mistake is taken back before anybody has it, and the number is free again."""

    def withdraw(self, proposal: Proposal, username: str = "registrar", **more: Any) -> object:
        proposal.case.refresh_from_db()
        said = {"on": today(), "why": "会议名称写错。", "expected_version": proposal.case.version}
        return registration.withdraw_proposal(by=who(username), proposal_id=proposal.pk, **said | more)

    def test_frees_the_number_and_stays_in_the_record(self) -> None:
        wrong = register("1")
        self.withdraw(wrong)
        right = register("1", title="写对了的题目")
        assert right.pk != wrong.pk and Proposal.objects.filter(number="1").count() == 2
        event = Event.objects.get(act="proposals.proposal.withdraw")
        assert event.why == "会议名称写错。"
        wrong.case.refresh_from_db()
        assert wrong.case.state == "withdrawn" and wrong.case.closed_on == today()

    def test_a_number_freed_by_hand_is_named(self) -> None:
        honest, forged = register("1"), register("2")
        self.withdraw(honest)
        assert verify_registrations() == []
        Proposal.objects.filter(pk=forged.pk).update(withdrawn=True)
        Proposal.objects.filter(pk=honest.pk).update(withdrawn=False)
        assert [
            str(one) in fault for one, fault in zip((honest, forged), verify_registrations(), strict=True)
        ] == [True, True]

    def test_the_page_registers_the_freed_number_and_leads_to_the_new_one(
        self, browser_of: BrowserOf
    ) -> None:
        wrong = register("1")
        self.withdraw(wrong)
        typed = {
            "kind": "建议", "number": "1", "title": "写对了的题目", "meeting": wrong.meeting, "lead_deputy": "代表甲",
            "importance": "ordinary", "on": str(today()),
        }  # fmt: skip
        answer = browser_of("registrar").post(reverse("proposals:register"), typed)
        right = Proposal.objects.get(title="写对了的题目")
        assert (answer.status_code, answer["Location"]) == (
            302,
            reverse("proposals:proposal", args=[right.pk]),
        )

    def test_needs_a_reason_and_a_registrar(self) -> None:
        proposal = register("1")
        with pytest.raises(Refusal) as refusal:
            self.withdraw(proposal, why=" ")
        assert refusal.value.code == "casework.needs_reason"
        with pytest.raises((Refusal, Http404)):
            self.withdraw(proposal, "officer")

    def test_not_once_somebody_has_it(self) -> None:
        proposal = register("1")
        hand_over(proposal)
        with pytest.raises(Refusal) as refusal:
            self.withdraw(proposal)
        assert refusal.value.code == "casework.wrong_state"
        proposal.refresh_from_db()
        assert not proposal.withdrawn

    def test_is_a_page_of_its_own_and_the_proposal_waits_no_more(self, browser_of: BrowserOf) -> None:
        proposal, browser = register("1"), browser_of("registrar")
        assert "撤销登记" in browser.get(reverse("proposals:proposal", args=[proposal.pk])).content.decode()
        url = reverse("proposals:proposal_act", args=[proposal.pk, "withdraw"])
        typed = {"on": str(today()), "why": "重复登记。", "expected_version": proposal.case.version}
        assert browser.post(url, typed).status_code == 302
        page = browser.get(reverse("proposals:proposal", args=[proposal.pk])).content.decode()
        assert "登记已撤销" in page and "acts/hand_over" not in page
        assert str(proposal) not in browser.get(reverse("workbench:inbox")).content.decode()
