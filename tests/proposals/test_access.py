"""Who may open which page and take which act. Who may not know of a thing is told that there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from mangrove.proposals import pages, signing
from mangrove.proposals.models import Reply, SignedLetter

from . import life
from .life import lead_to, who

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]

OFFICES = ("registrar", "liaison", "inspector", "chain", "auditor")
UNIT = ("officer", "officer_b", "reviewer", "director", "vice")
OWN_DEPUTIES = ("deputy", "co_deputy")
OUTSIDERS = ("elsewhere", "stranger", "clerk")
EVERYBODY = (*OFFICES, *UNIT, *OWN_DEPUTIES, *OUTSIDERS)

READ = (200, 200, 200, 404)
#: page: status for offices, the unit, the proposal's deputies, outsiders — after delivery.
DELIVERED: dict[str, tuple[int, int, int, int]] = {
    "proposals:proposal": READ,
    "proposals:reply": READ,
    "proposals:pdf": READ,
    "proposals:docx": READ,
    "proposals:conformity": READ,
}
#: The same while the reply is being reviewed: to deputies there is a proposal and no reply yet.
IN_REVIEW = DELIVERED | dict.fromkeys(list(DELIVERED)[1:], (200, 200, 404, 404))

#: act: (state in which it is possible, who may take it)
ACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "accept": ("handed", ("officer", "officer_b")),
    "return_to_office": ("handed", ("officer", "officer_b")),
    "submit": ("drafting", ("officer", "officer_b")),
    "send_back": ("in_review", ("reviewer",)),
    "pass_review": ("in_review", ("reviewer",)),
    "decline": ("to_sign", ("director", "vice")),
    "sign": ("to_sign", ("director", "vice")),
    "recall": ("signed", ("officer", "officer_b")),
    "number": ("signed", ("reviewer",)),
    "deliver": ("numbered", ("officer", "officer_b")),
    "rate": ("delivered", ("deputy", "co_deputy")),
    "close_unrated": ("delivered", ("liaison",)),
    "redo": ("rated", ("liaison",)),
    "close": ("rated", ("liaison",)),
}


def expected(statuses: tuple[int, int, int, int], username: str) -> int:
    groups = (OFFICES, UNIT, OWN_DEPUTIES, OUTSIDERS)
    return next(status for status, group in zip(statuses, groups, strict=True) if username in group)


def address(name: str, reply: Reply) -> str:
    return reverse(name, args=[reply.proposal_id if name == "proposals:proposal" else reply.pk])


@pytest.mark.parametrize(("state", "matrix"), [("delivered", DELIVERED), ("in_review", IN_REVIEW)])
def test_pages_by_role(
    browser_of: BrowserOf, state: str, matrix: dict[str, tuple[int, int, int, int]]
) -> None:
    reply = lead_to(state)
    found = {
        (name, username): browser_of(username).get(address(name, reply)).status_code
        for name in matrix
        for username in EVERYBODY
    }
    assert found == {
        (name, username): expected(statuses, username)
        for name, statuses in matrix.items()
        for username in EVERYBODY
    }


def test_a_visitor_who_is_not_signed_in_is_sent_to_sign_in(office: None) -> None:
    reply = lead_to("delivered")
    letter = SignedLetter.objects.get()
    pages_ = [address(name, reply) for name in DELIVERED]
    pages_ += [reverse(f"proposals:{name}") for name in ("list", "export", "register", "map")]
    pages_ += [
        reverse("proposals:signed_pdf", args=[letter.pk]),
        reverse("proposals:act", args=[reply.pk, "rate"]),
    ]
    pages_ += [reverse("proposals:draft", args=[reply.pk]), reverse("proposals:contact", args=[reply.pk])]
    for page in pages_:
        answer = Client().get(page)
        assert answer.status_code == 302 and "sign-in" in answer["Location"], page


@pytest.mark.parametrize("act", ACTS)
def test_acts_by_role(browser_of: BrowserOf, act: str) -> None:
    state, permitted = ACTS[act]
    reply = lead_to(state)
    url = reverse("proposals:act", args=[reply.pk, act])
    opened = {username for username in EVERYBODY if browser_of(username).get(url).status_code == 200}
    assert opened == set(permitted)


@pytest.mark.parametrize("act", ACTS)
def test_the_buttons_are_the_acts_that_one_may_take(office: None, act: str) -> None:
    state, permitted = ACTS[act]
    reply = lead_to(state)
    offered = {
        username
        for username in EVERYBODY
        if act in [link.act for link in pages.reply_acts(who(username), reply)]
    }
    assert offered == set(permitted)


@pytest.mark.parametrize("state", ["handed", "drafting", "in_review", "to_sign", "signed", "numbered"])
def test_deputies_see_no_reply_before_it_was_sent(browser_of: BrowserOf, state: str) -> None:
    reply = lead_to(state)
    page = browser_of("deputy").get(reverse("proposals:proposal", args=[reply.proposal_id])).content.decode()
    assert reverse("proposals:reply", args=[reply.pk]) not in page
    for letter in SignedLetter.objects.all():
        assert browser_of("deputy").get(reverse("proposals:signed_pdf", args=[letter.pk])).status_code == 404
    listed = browser_of("deputy").get(reverse("proposals:list")).content.decode()
    assert "办理中" in listed and "待签发" not in listed and "核稿" not in listed


class TestWhatDeputiesAreShown:
    @pytest.fixture
    def reply(self, office: None) -> Reply:
        reply = lead_to("in_review")
        life.step(reply, "send_back", "reviewer", why="内部意见：数字有误。")
        return lead_to("delivered", reply)

    def page(self, browser_of: BrowserOf, username: str, reply: Reply) -> str:
        return browser_of(username).get(reverse("proposals:reply", args=[reply.pk])).content.decode()

    def test_the_letter_and_not_what_the_house_said_to_itself(
        self, reply: Reply, browser_of: BrowserOf
    ) -> None:
        inside, outside = self.page(browser_of, "officer", reply), self.page(browser_of, "deputy", reply)
        for internal in ("内部意见：数字有误。", "核对无误。", "听取意见。", "怎么算的"):
            assert internal in inside and internal not in outside
        assert "将拟订配套扶持政策" in outside and "核稿人甲" not in outside

    def test_the_letter_that_was_sent_while_a_second_one_is_written(
        self, reply: Reply, browser_of: BrowserOf
    ) -> None:
        life.rate(reply, result="不满意", reason="没有时限。")
        life.step(reply, "redo", "liaison", why="请写明时限。")
        life.write(reply, "第二次答复的草稿。")
        assert "第二次答复的草稿。" in self.page(browser_of, "officer", reply)
        outside = self.page(browser_of, "deputy", reply)
        assert "第二次答复的草稿。" not in outside and "将拟订配套扶持政策" in outside
        lead_to("signed", reply)
        assert "第二次答复的草稿。" not in self.page(browser_of, "deputy", reply)
        second = reply.signed_letters.get(version=2)
        assert browser_of("deputy").get(reverse("proposals:signed_pdf", args=[second.pk])).status_code == 404

    def test_their_own_rating_and_not_the_others(self, reply: Reply, browser_of: BrowserOf) -> None:
        life.rate(reply, "co_deputy", result="不满意", reason="同事的理由。")
        assert "同事的理由。" in self.page(browser_of, "officer", reply)
        assert "同事的理由。" not in self.page(browser_of, "deputy", reply)
        assert "同事的理由。" in self.page(browser_of, "co_deputy", reply)

    def test_what_stands_around_the_letter_as_it_was_sent_while_a_second_one_is_written(
        self, reply: Reply, browser_of: BrowserOf
    ) -> None:
        before = self.page(browser_of, "deputy", reply)
        life.rate(reply, result="不满意", reason="没有时限。")
        life.step(reply, "redo", "liaison", why="请写明时限。")
        life.particulars(
            reply, result_class="C", openness="不予公开", openness_reason="内部另议", contact="李工 123"
        )
        proposal = reverse("proposals:proposal", args=[reply.proposal_id])
        for state in ("in_review", "to_sign", "signed", "numbered"):
            lead_to(state, reply)
            page = self.page(browser_of, "deputy", reply)
            listed = browser_of("deputy").get(proposal).content.decode()
            for unsent in ("C 因条件限制暂不能解决", "不予公开", "内部另议", "李工 123", "〔2026〕2号"):
                assert unsent not in page and unsent not in listed, (state, unsent)
            for sent in ("B 正在解决或列入计划逐步解决", "〔2026〕1号"):
                assert sent in page and sent in listed, (state, sent)
            assert step_words(page) == step_words(before)
        assert "李工 123" in self.page(browser_of, "officer", reply)
        lead_to("delivered", reply)
        page = self.page(browser_of, "deputy", reply)
        assert "李工 123" in page and "〔2026〕2号" in page and "不予公开" in page

    def test_their_bar_of_steps_ends_with_the_letter_that_was_sent(
        self, reply: Reply, browser_of: BrowserOf
    ) -> None:
        steps = browser_of("deputy").get(reverse("proposals:reply", args=[reply.pk])).context["steps"]
        assert [str(step.label) for step in steps][-1] == "送达"
        assert {step.state for step in steps} == {"done"}


def step_words(page: str) -> str:
    """The bar of steps as the page has it."""
    return page[page.index('class="steps') :].partition("</ol>")[0]


class TestAnotherUnit:
    """A co-handling unit reads the proposal and its own part; of the lead's answer what was signed, and no draft."""

    @pytest.fixture
    def parts(self, office: None) -> tuple[Reply, Reply]:
        lead = lead_to("drafting")
        return lead, life.hand_over(lead.proposal, "sz_ndrc", "会办")

    def opens(self, browser: Client, reply: Reply) -> list[int]:
        names = ("reply", "pdf", "docx", "conformity")
        return [browser.get(reverse(f"proposals:{name}", args=[reply.pk])).status_code for name in names]

    def test_reads_the_proposal_and_its_own_part_and_acts_on_it_only(
        self, parts: tuple[Reply, Reply], browser_of: BrowserOf
    ) -> None:
        browser = browser_of("elsewhere")
        for name, id in (("proposal", parts[0].proposal_id), ("reply", parts[1].pk)):
            assert browser.get(reverse(f"proposals:{name}", args=[id])).status_code == 200
        assert browser.get(reverse("proposals:act", args=[parts[1].pk, "accept"])).status_code == 200
        for name in ("draft", "contact", "particulars"):
            assert browser.get(reverse(f"proposals:{name}", args=[parts[0].pk])).status_code == 404

    @pytest.mark.parametrize("state", ["drafting", "in_review", "to_sign"])
    def test_the_leads_unsigned_answer_and_its_reasons_are_not_for_it(
        self, parts: tuple[Reply, Reply], browser_of: BrowserOf, state: str
    ) -> None:
        lead = lead_to(state, parts[0])
        assert self.opens(browser_of("elsewhere"), lead) == [404] * 4

    def test_the_leads_answer_is_read_from_its_signature_on(
        self, parts: tuple[Reply, Reply], browser_of: BrowserOf
    ) -> None:
        lead = lead_to("signed", parts[0])
        assert self.opens(browser_of("elsewhere"), lead) == [200] * 4
        signing.recall(**life.at(lead, "officer", why="更新。"))
        assert self.opens(browser_of("elsewhere"), lead) == [404] * 4

    def test_the_lead_reads_the_part_of_who_helps(
        self, parts: tuple[Reply, Reply], browser_of: BrowserOf
    ) -> None:
        address = reverse("proposals:reply", args=[parts[1].pk])
        assert browser_of("officer").get(address).status_code == 200

    def test_who_gave_it_back_reads_nothing_of_it_any_more(
        self, parts: tuple[Reply, Reply], browser_of: BrowserOf
    ) -> None:
        lead, part = parts
        lead_to("signed", lead)
        browser = browser_of("elsewhere")
        said = {"on": str(life.today()), "why": "不涉及。", "expected_version": part.case.version}
        answer = browser.post(reverse("proposals:act", args=[part.pk, "return_to_office"]), said, follow=True)
        assert answer.status_code == 200 and "已办：退回交办机关" in answer.content.decode()
        for name, id in (("proposal", lead.proposal_id), ("reply", lead.pk), ("reply", part.pk)):
            assert browser.get(reverse(f"proposals:{name}", args=[id])).status_code == 404
        assert lead.proposal.title not in browser.get(reverse("proposals:list")).content.decode()

    def test_its_opinion_stands_on_the_lead_units_page(
        self, parts: tuple[Reply, Reply], browser_of: BrowserOf
    ) -> None:
        from mangrove.proposals import actions

        lead, part = parts
        life.step(part, "accept", "elsewhere")
        said: dict[str, Any] = life.at(part, "elsewhere", text="建议纳入年度计划。", openness="主动公开")
        actions.give_opinion(**said)
        for reply in (lead, part):
            page = browser_of("officer").get(reverse("proposals:reply", args=[reply.pk])).content.decode()
            assert "建议纳入年度计划。" in page

    def test_a_proposal_of_another_unit_alone_is_unknown(self, browser_of: BrowserOf) -> None:
        reply = life.hand_over(life.register(), "sz_ndrc")
        assert browser_of("officer").get(reverse("proposals:reply", args=[reply.pk])).status_code == 404
        assert browser_of("elsewhere").get(reverse("proposals:reply", args=[reply.pk])).status_code == 200


@pytest.mark.parametrize(
    ("name", "permitted"),
    [
        ("proposals:register", ("registrar",)),
        ("hand_over", ("registrar",)),
        ("close", ("registrar", "liaison")),
    ],
)
def test_acts_on_a_proposal_by_role(browser_of: BrowserOf, name: str, permitted: tuple[str, ...]) -> None:
    reply = lead_to("handed")
    url = reverse(name) if ":" in name else reverse("proposals:proposal_act", args=[reply.proposal_id, name])
    opened = {username for username in EVERYBODY if browser_of(username).get(url).status_code == 200}
    assert opened == set(permitted)


def test_a_difference_report_is_not_for_deputies(browser_of: BrowserOf) -> None:
    from mangrove.proposals.signing import write_report

    reply = lead_to("delivered")
    letter = reply.signed_letters.get()
    changes = [
        {
            "label": "基站总数",
            "was": "4.8万个",
            "now": "4.9万个",
            "was_value": 1,
            "now_value": 2,
            "why": "修订",
        }
    ]
    report = write_report(letter, changes, who("officer").actor, life.today(), "")
    url = reverse("proposals:difference", args=[report.pk])
    seen = {username: browser_of(username).get(url).status_code for username in EVERYBODY}
    assert seen == {name: expected((200, 200, 404, 404), name) for name in EVERYBODY}
    assert url in browser_of("officer").get(reverse("proposals:reply", args=[reply.pk])).content.decode()
    assert url not in browser_of("deputy").get(reverse("proposals:reply", args=[reply.pk])).content.decode()
