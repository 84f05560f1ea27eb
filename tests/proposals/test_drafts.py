"""Drafts: every text is kept, an older one never becomes the newest, and the editor says so as one types."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.proposals import actions
from mangrove.proposals.models import Proposal, Reply

from .life import TEXT, lead_to, step, who, write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]
BrowserOf = Callable[[str], Client]


@pytest.fixture
def reply(office: None) -> Reply:
    return lead_to("drafting")


def save(reply: Reply, text: str, base: int, username: str = "officer") -> int:
    draft = actions.save_draft(by=who(username), reply_id=reply.pk, text=text, base_revision=base)
    return draft.revision


def texts(reply: Reply) -> list[str]:
    return list(reply.drafts.order_by("revision").values_list("text", flat=True))


class TestSaving:
    def test_each_change_is_a_revision_and_no_act(self, reply: Reply) -> None:
        before = Event.objects.count()
        assert [save(reply, "甲", 0), save(reply, "甲乙", 1), save(reply, "甲乙", 2)] == [1, 2, 2]
        assert texts(reply) == ["甲", "甲乙"] and Event.objects.count() == before

    def test_of_two_people_the_later_does_not_overwrite_what_they_have_not_seen(self, reply: Reply) -> None:
        save(reply, "共同的开头", 0)
        save(reply, "乙的一稿", 1, "officer_b")
        with pytest.raises(Refusal) as refusal:
            save(reply, "甲的一稿", 1)
        assert refusal.value.code == "proposals.newer_draft" and "经办人乙" in str(refusal.value)
        assert texts(reply) == ["共同的开头", "乙的一稿"]
        assert save(reply, "甲并入乙的一稿", 2) == 3

    def test_nor_does_ones_own_older_window(self, reply: Reply) -> None:
        save(reply, "甲", 0)
        save(reply, "甲乙丙", 1)
        with pytest.raises(Refusal, match="您的文字没有覆盖它"):
            save(reply, "甲乙", 1)
        assert texts(reply)[-1] == "甲乙丙"

    def test_a_text_longer_than_any_letter_is_not_kept_and_says_why(
        self, reply: Reply, settings: Settings, browser_of: BrowserOf
    ) -> None:
        settings.MANGROVE_TEXT_LIMIT = 10
        assert save(reply, "十个字以内的文字正好", 0) == 1
        sent = {"text": "十个字以内的文字正好多", "draft_revision": "1"}
        autosaved = browser_of("officer").post(reverse("proposals:autosave", args=[reply.pk]), sent)
        assert autosaved.status_code == 422 and "有 11 字，超过上限 10 字" in autosaved.json()["message"]
        page = browser_of("officer").post(reverse("proposals:draft", args=[reply.pk]), sent).content.decode()
        assert "超过上限 10 字" in page and "十个字以内的文字正好多" in page
        assert texts(reply) == ["十个字以内的文字正好"]

    def test_an_answer_lost_on_the_way_is_no_conflict_when_the_text_is_the_same(self, reply: Reply) -> None:
        save(reply, "甲", 0)
        assert save(reply, "甲", 0) == 1

    @pytest.mark.parametrize("state", ["in_review", "to_sign", "signed", "delivered"])
    def test_nobody_writes_into_what_is_reviewed_or_signed(self, office: None, state: str) -> None:
        reply = lead_to(state)
        with pytest.raises(Refusal) as refusal:
            save(reply, "偷改", 1)
        assert refusal.value.code == "proposals.not_writer"
        assert texts(reply) == [TEXT]

    def test_only_officers_of_the_unit_write(self, reply: Reply) -> None:
        for username in ("reviewer", "director", "registrar", "auditor"):
            with pytest.raises(Refusal, match="您不能改动答复稿"):
                save(reply, "甲", 0, username)

    def test_what_was_sent_back_is_written_on(self, office: None) -> None:
        reply = lead_to("in_review")
        step(reply, "send_back", "reviewer", why="请改。")
        assert save(reply, "改过", 1) == 2


class TestAutosave:
    def post(
        self, browser: Client, reply: Reply, text: str, revision: object
    ) -> tuple[int, dict[str, object]]:
        answer = browser.post(
            reverse("proposals:autosave", args=[reply.pk]), {"text": text, "draft_revision": revision}
        )
        return answer.status_code, answer.json()

    def test_saves_and_tells_the_new_revision(self, reply: Reply, browser_of: BrowserOf) -> None:
        status, said = self.post(browser_of("officer"), reply, "第一稿\r\n第二行", 0)
        assert (status, said["revision"]) == (200, 1) and said["time"]
        assert texts(reply) == ["第一稿\n第二行"]

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("基站{{基站总述}}。", "没有指标“基站总述”，是否想写“基站总数”？"),
            ("规上电子信息制造业占规上工业59.8%。", "1 处数字与指标库不符"),
            ("全市已建成5G基站{{基站总数}}。", ""),
        ],
    )
    def test_says_beside_the_time_what_is_wrong_with_what_it_kept(
        self, reply: Reply, browser_of: BrowserOf, text: str, said: str
    ) -> None:
        assert self.post(browser_of("officer"), reply, text, 0)[1]["note"] == said
        assert texts(reply) == [text]

    def test_a_conflict_names_who_and_keeps_both(self, reply: Reply, browser_of: BrowserOf) -> None:
        self.post(browser_of("officer_b"), reply, "乙的稿", 0)
        status, said = self.post(browser_of("officer"), reply, "甲的稿", 0)
        assert status == 409 and "经办人乙" in str(said["message"])
        assert texts(reply) == ["乙的稿"]

    @pytest.mark.parametrize("revision", ["", "abc", "-1", "９", "99999999999999999999"])
    def test_nonsense_for_a_revision_never_wins(
        self, reply: Reply, browser_of: BrowserOf, revision: str
    ) -> None:
        write(reply, "已有的稿")
        status, _said = self.post(browser_of("officer"), reply, "新稿", revision)
        assert status == 409 and texts(reply) == ["已有的稿"]

    def test_is_refused_in_words_when_the_text_has_moved_on(
        self, office: None, browser_of: BrowserOf
    ) -> None:
        reply = lead_to("in_review")
        status, said = self.post(browser_of("officer"), reply, "晚到的字", 1)
        assert status == 422 and "现为“核稿”" in str(said["message"])

    def test_is_closed_to_strangers_and_to_get(self, reply: Reply, browser_of: BrowserOf) -> None:
        url = reverse("proposals:autosave", args=[reply.pk])
        assert browser_of("elsewhere").post(url, {"text": "x", "draft_revision": 0}).status_code == 404
        assert browser_of("officer").get(url).status_code == 405
        assert Client().post(url).status_code == 302


class TestEditor:
    def test_shows_the_newest_text_its_revision_and_what_figures_print(
        self, reply: Reply, browser_of: BrowserOf
    ) -> None:
        write(reply)
        page = browser_of("officer").get(reverse("proposals:draft", args=[reply.pk])).content.decode()
        assert "[[C01|将拟订配套扶持政策]]" in page and 'name="draft_revision" value="1"' in page
        assert f'data-autosave="{reverse("proposals:autosave", args=[reply.pk])}"' in page
        assert "{{基站总数}}" in page and "上次保存的样子" in page

    def test_saving_by_hand_goes_back_to_the_reply(self, reply: Reply, browser_of: BrowserOf) -> None:
        url = reverse("proposals:draft", args=[reply.pk])
        answer = browser_of("officer").post(url, {"text": "手工保存", "draft_revision": 0})
        assert answer["Location"] == reverse("proposals:reply", args=[reply.pk])
        assert texts(reply) == ["手工保存"]

    def test_saving_by_hand_stays_with_a_text_that_makes_no_letter(
        self, reply: Reply, browser_of: BrowserOf
    ) -> None:
        url, browser = reverse("proposals:draft", args=[reply.pk]), browser_of("officer")
        answer = browser.post(url, {"text": "基站{{基站总述}}。", "draft_revision": 0}, follow=True)
        assert answer.redirect_chain == [(url, 302)] and texts(reply) == ["基站{{基站总述}}。"]
        assert "已保存，但正文还成不了函：没有指标“基站总述”" in answer.content.decode()

    def test_the_preview_is_what_the_newest_text_makes(self, reply: Reply, browser_of: BrowserOf) -> None:
        url, browser = reverse("proposals:preview", args=[reply.pk]), browser_of("officer")
        assert "还没有写" in browser.get(url).content.decode()
        write(reply)
        page = browser.get(url).content.decode()
        assert "所用数字 1" in page and "来源待核 1" in page and "承诺 1" not in page and "承诺 2" in page
        write(reply, "基站{{基站总述}}。")
        assert "没有指标“基站总述”" in browser.get(url).content.decode()
        assert browser_of("reviewer").get(url).status_code == 422
        assert browser_of("deputy").get(url).status_code == 404

    def test_what_the_deputies_wrote_lies_beside_it_in_paragraphs(
        self, reply: Reply, browser_of: BrowserOf
    ) -> None:
        Proposal.objects.filter(pk=reply.proposal_id).update(original_text="园区应用不足。\n\n建议加大补贴。")
        page = browser_of("officer").get(reverse("proposals:draft", args=[reply.pk])).content.decode()
        assert "<p>园区应用不足。</p>" in page and "<p>建议加大补贴。</p>" in page

    def test_a_conflict_keeps_what_was_typed_and_stays_a_conflict(
        self, reply: Reply, browser_of: BrowserOf
    ) -> None:
        write(reply, "乙的稿", "officer_b")
        url, browser = reverse("proposals:draft", args=[reply.pk]), browser_of("officer")
        page = browser.post(url, {"text": "甲写了很久的稿", "draft_revision": 0}).content.decode()
        assert "甲写了很久的稿" in page and "没有覆盖它" in page and 'name="draft_revision" value="0"' in page
        assert "已自动保存</span>" not in page and "data-autosave-line></span>" in page
        assert reverse("proposals:revision", args=[reply.pk, 1]) in page
        assert texts(reply) == ["乙的稿"]

    def test_a_broken_draft_still_opens_and_says_what_is_wrong(
        self, reply: Reply, browser_of: BrowserOf
    ) -> None:
        write(reply, "全市{{基站总量}}。\n\n[[C01|没有结束")
        for name in ("draft", "reply"):
            answer = browser_of("officer").get(reverse(f"proposals:{name}", args=[reply.pk]))
            assert answer.status_code == 200 and "没有以“]]”结束" in answer.content.decode()

    def test_earlier_revisions_can_be_read(self, reply: Reply, browser_of: BrowserOf) -> None:
        write(reply, "第一稿的字")
        write(reply, "第二稿的字")
        browser = browser_of("officer")
        page = browser.get(reverse("proposals:revision", args=[reply.pk, 1])).content.decode()
        assert "第一稿的字" in page and "第二稿的字" not in page
        assert browser.get(reverse("proposals:revision", args=[reply.pk, 9])).status_code == 404

    def test_is_not_shown_to_who_may_not_write(self, reply: Reply, browser_of: BrowserOf) -> None:
        url = reverse("proposals:draft", args=[reply.pk])
        assert browser_of("reviewer").get(url).status_code == 422
        assert browser_of("deputy").get(url).status_code == 404
