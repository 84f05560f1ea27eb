"""The pages as people use them: list, proposal, reply, acts, letter as paper, map."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pypdfium2
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from mangrove.proposals import actions, signing
from mangrove.proposals.models import Proposal, Reply, SignedLetter

from . import life
from .life import at, hand_over, lead_to, register

pytestmark = pytest.mark.django_db
BrowserOf = Callable[[str], Client]


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return re.sub(r"\s", "", text)


class TestList:
    def test_shows_who_answers_by_when_and_how_it_stands(self, browser_of: BrowserOf) -> None:
        reply = lead_to("in_review")
        due = next(clock.due_on for clock in reply.case.clocks.all() if clock.terms["key"] == "reply")
        page = text_of(browser_of("inspector").get(reverse("proposals:list")))
        for shown in (
            "20260001",
            "关于5G网络建设的建议",
            "深圳市工业和信息化局（主办）",
            "核稿",
            f"{due} 到期",
        ):
            assert shown in page

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"text": "基站"}, ["2"]),
            ({"text": "1"}, ["1"]),
            ({"kind": "提案"}, ["zx3"]),
            ({"unit": "发展和改革"}, ["2"]),
            ({"state": "handed"}, ["1", "2"]),
            ({"state": "registered"}, ["zx3"]),
            ({"text": "没有这样的题目"}, []),
        ],
    )
    def test_filters(self, browser_of: BrowserOf, query: dict[str, str], found: list[str]) -> None:
        hand_over(register("1"))
        hand_over(register("2", title="关于基站选址的建议"), "sz_ndrc")
        register("3", kind="提案", title="关于网络的提案")
        page = text_of(browser_of("registrar").get(reverse("proposals:list"), query))
        shown = [key for key in ("1", "2", "zx3") if reverse("proposals:proposal", args=[key]) in page]
        assert shown == found
        assert ("没有符合筛选条件的记录" in page) is (not found)

    def test_a_proposal_of_several_units_says_where_each_stands(self, browser_of: BrowserOf) -> None:
        reply = lead_to("drafting")
        hand_over(reply.proposal, "sz_ndrc", "分办")
        page = text_of(browser_of("registrar").get(reverse("proposals:list")))
        assert "办理起草、待签收" in page and "已交办" not in page

    def test_as_many_queries_for_three_as_for_one(
        self, browser_of: BrowserOf, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        browser, url = browser_of("registrar"), reverse("proposals:list")
        hand_over(register("1"))
        browser.get(url)
        with CaptureQueriesContext(connection) as one:
            browser.get(url)
        for number in ("2", "3"):
            proposal = register(number)
            hand_over(proposal)
            hand_over(proposal, "sz_ndrc", "会办")
        with django_assert_num_queries(len(one.captured_queries)):
            browser.get(url)

    def test_the_export_has_the_filtered_rows_and_says_who_and_which_filter(
        self, browser_of: BrowserOf
    ) -> None:
        hand_over(register("1"))
        register("2", title="关于基站选址的建议", synthetic=True)
        answer = browser_of("registrar").get(reverse("proposals:export"), {"text": "基站"})
        rows = list(load_workbook(BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
        cells = [cell for row in rows for cell in row]
        assert "导出人：登记员甲" in cells and "筛选条件：编号或题目：基站" in cells
        assert "关于基站选址的建议" in cells and "合成" in cells and "1" not in cells

    def test_can_be_printed_with_who_and_when(self, browser_of: BrowserOf) -> None:
        page = text_of(browser_of("registrar").get(reverse("proposals:list")))
        assert "print-only" in page and "打印：登记员甲" in page

    def test_counts_what_was_rated_apart_from_silence(self, browser_of: BrowserOf) -> None:
        life.rate(lead_to("delivered"))
        reply = lead_to("signed", hand_over(register("2")))
        life.number(reply, "样例函〔2026〕2号")
        lead_to("delivered", reply)
        page = text_of(browser_of("inspector").get(reverse("proposals:list")))
        assert "已送达 2 件次 · 已评价 1 · 未反馈 1（单独统计，不算满意）" in page and "1/1 = 100.0%" in page

    def test_deputies_find_only_their_own(self, browser_of: BrowserOf) -> None:
        register("1")
        register("2", deputies=[])
        page = text_of(browser_of("deputy").get(reverse("proposals:list")))
        assert reverse("proposals:proposal", args=["1"]) in page
        assert reverse("proposals:proposal", args=["2"]) not in page


class TestRegisterAndHandOver:
    FIELDS = {
        "kind": "建议", "number": "20260002", "title": "关于5G应用的建议", "meeting": "市七届人大八次会议",
        "lead_deputy": "代表甲", "importance": "key",
    }  # fmt: skip

    def test_a_proposal_is_registered_and_handed_over(self, browser_of: BrowserOf) -> None:
        browser = browser_of("registrar")
        deputies = [life.who("deputy").pk]
        answer = browser.post(
            reverse("proposals:register"), {**self.FIELDS, "on": str(life.today()), "deputies": deputies}
        )
        assert answer["Location"] == reverse("proposals:proposal", args=["20260002"])
        proposal = Proposal.objects.get()
        assert proposal.importance == "key" and [user.username for user in proposal.deputies.all()] == [
            "deputy"
        ]
        url = reverse("proposals:proposal_act", args=["20260002", "hand_over"])
        fields = {
            "organisation": "szgxj",
            "part": "主办",
            "unit": "应用处",
            "on": str(life.today()),
            "expected_version": 1,
        }
        assert browser.post(url, fields).status_code == 302
        assert Reply.objects.get().case.unit == "应用处"
        page = text_of(browser.get(reverse("proposals:proposal", args=["20260002"])))
        assert "深圳市工业和信息化局" in page and "重点督办建议的答复" in page

    def test_what_was_typed_outlives_a_refusal(self, browser_of: BrowserOf) -> None:
        register("20260002")
        page = text_of(
            browser_of("registrar").post(
                reverse("proposals:register"),
                {**self.FIELDS, "on": str(life.today()), "original_text": "很长的原文"},
            )
        )
        assert "已经登记过" in page and "很长的原文" in page and Proposal.objects.count() == 1

    def test_a_past_day_asks_for_its_reason(self, browser_of: BrowserOf) -> None:
        page = text_of(
            browser_of("registrar").post(reverse("proposals:register"), {**self.FIELDS, "on": "2026-01-05"})
        )
        assert "属于补录，请写明理由" in page and not Proposal.objects.exists()


class TestWholeWay:
    def test_from_acceptance_to_rating_by_pages_alone(self, browser_of: BrowserOf) -> None:
        reply = hand_over(register())
        day = {"on": str(life.today())}

        def post(username: str, name: str, *rest: str, **fields: object) -> None:
            url = reverse(f"proposals:{name}", args=[reply.pk, *rest])
            browser = browser_of(username)
            page = text_of(browser.get(url))
            hidden = dict(
                re.findall(r'name="(expected_version|seen_hash|draft_revision)" value="([^"]*)"', page)
            )
            answer = browser.post(url, {**hidden, **({} if rest == ("rate",) else day), **fields})
            assert answer.status_code == 302, text_of(answer)

        post("officer", "act", "accept")
        post("officer", "contact", deputy="代表甲", means="面谈", summary="听取意见。")
        post("officer", "particulars", result_class="B", openness="主动公开", copies="市人大常委会选联任工委")
        post("officer", "draft", text=life.TEXT)
        post("officer", "act", "submit")
        post("reviewer", "act", "pass_review", why="核对无误。")
        post("director", "act", "sign", why="同意签发。")
        post("reviewer", "act", "number", document_number="样例函〔2026〕1号")
        post("officer", "act", "deliver", to="代表甲代表\n市人大常委会选联任工委", means="当面")
        post("deputy", "act", "rate", attitude="满意", result="基本满意")
        reply.case.refresh_from_db()
        assert reply.case.state == "rated"
        page = text_of(browser_of("officer").get(reverse("proposals:reply", args=[reply.pk])))
        for shown in (
            "样例函〔2026〕1号",
            "基本满意",
            "局长",
            "面谈",
            "B 正在解决或列入计划逐步解决",
            "怎么算的",
        ):
            assert shown in page


class TestReplyPage:
    def test_the_history_says_which_limit_and_which_kept_number(self, browser_of: BrowserOf) -> None:
        reply = lead_to("drafting")
        life.contact(reply)
        life.particulars(reply)
        life.write(reply, "2020年，电子信息制造业占规上工业增加值的比重为59.8%。\n专此答复。")
        actions.submit(**life.at(reply, "officer", keep_reason="沿用公报写法。"))
        url = reverse("proposals:reply", args=[reply.pk])
        page = text_of(browser_of("officer").get(url))
        history = page[page.index('id="history"') : page.index('aria-labelledby="findings"')]
        assert (
            "答复代表建议" in history
            and "保留不符的数字：59.8%（应为59.9%）。理由：沿用公报写法。" in history
        )

    @pytest.mark.parametrize("state", ["handed", "drafting", "in_review", "to_sign", "signed", "numbered", "delivered", "rated", "closed"])  # fmt: skip
    def test_opens_in_every_state(self, browser_of: BrowserOf, state: str) -> None:
        reply = lead_to(state)
        for username in ("officer", "director", "liaison", "registrar"):
            page = text_of(browser_of(username).get(reverse("proposals:reply", args=[reply.pk])))
            assert "代表法（2025 文本）第五十一条第二款" in page
            assert ("{{" in page, "{%" in page) == (False, False)

    def test_a_promise_and_a_figure_open_from_their_words(self, browser_of: BrowserOf) -> None:
        reply = lead_to("signed")
        page = text_of(browser_of("officer").get(reverse("proposals:reply", args=[reply.pk])))
        figure = reply.signed_letters.get().figures[0]["value_id"]
        assert f'href="{reverse("figures:lineage", args=[figure])}"' in page
        assert "/casework/promises/" in page and 'id="C01"' in page

    def test_an_unsigned_letter_has_no_date(self, browser_of: BrowserOf) -> None:
        page = text_of(browser_of("officer").get(reverse("proposals:reply", args=[lead_to("to_sign").pk])))
        assert "成文日期随签发生成" in page and "草稿，数字随库更新" in page

    def test_a_co_handling_part_asks_for_no_letter(self, browser_of: BrowserOf) -> None:
        part = hand_over(register(), "sz_ndrc", "会办")
        page = text_of(browser_of("elsewhere").get(reverse("proposals:reply", args=[part.pk])))
        assert "还没有会办意见" in page and "还没有答复稿" not in page and "准备意见" in page


class TestActPages:
    def test_the_signer_sees_the_text_and_what_a_signature_means(self, browser_of: BrowserOf) -> None:
        reply = lead_to("to_sign")
        page = text_of(browser_of("director").get(reverse("proposals:act", args=[reply.pk, "sign"])))
        assert f'name="seen_hash" value="{life.seen_hash(reply)}"' in page
        for shown in ("将拟订配套扶持政策", "即签发日期", "第二十二条", "B 正在解决或列入计划逐步解决"):
            assert shown in page

    def test_the_next_number_is_offered(self, browser_of: BrowserOf) -> None:
        lead_to("numbered")
        other = lead_to("signed", hand_over(register("2")))
        page = text_of(browser_of("reviewer").get(reverse("proposals:act", args=[other.pk, "number"])))
        assert f'value="样例函〔{life.today().year}〕' in page

    def test_a_refused_signature_keeps_the_opinion_and_shows_the_new_text(
        self, browser_of: BrowserOf
    ) -> None:
        reply = lead_to("to_sign")
        fields = {
            "why": "写了很久的意见",
            "on": str(life.today()),
            "expected_version": reply.case.version,
            "seen_hash": "0" * 64,
        }
        answer = browser_of("director").post(reverse("proposals:act", args=[reply.pk, "sign"]), fields)
        page = text_of(answer)
        assert answer.status_code == 422 and "写了很久的意见" in page and "您看到的文本已经变动" in page
        assert life.seen_hash(reply) in page and not SignedLetter.objects.exists()

    def test_who_comes_second_is_told_who_was_first_and_loses_no_word(self, browser_of: BrowserOf) -> None:
        reply = lead_to("to_sign")
        fields = {
            "why": "第二个签发人的意见", "on": str(life.today()), "expected_version": reply.case.version,
            "seen_hash": life.seen_hash(reply),
        }  # fmt: skip
        life.sign(reply)
        answer = browser_of("vice").post(reverse("proposals:act", args=[reply.pk, "sign"]), fields)
        page = text_of(answer)
        assert answer.status_code == 422 and "第二个签发人的意见" in page and "不能“签发”" in page
        assert SignedLetter.objects.count() == 1

    def test_a_second_click_on_deliver_is_answered_and_sends_nothing(self, browser_of: BrowserOf) -> None:
        reply = lead_to("numbered")
        fields = {
            "to": "\n".join(life.recipients(reply)), "means": "公文交换", "on": str(life.today()),
            "expected_version": reply.case.version,
        }  # fmt: skip
        browser, url = browser_of("officer"), reverse("proposals:act", args=[reply.pk, "deliver"])
        assert [browser.post(url, fields).status_code for _ in range(2)] == [302, 422]
        assert reply.signed_letters.get().deliveries.count() == 3

    def test_an_act_that_no_table_knows_is_not_found(self, browser_of: BrowserOf) -> None:
        reply = lead_to("handed")
        browser = browser_of("officer")
        assert browser.get(reverse("proposals:act", args=[reply.pk, "fly"])).status_code == 404
        assert (
            browser.get(
                reverse("proposals:proposal_act", args=[reply.proposal_id, "unit_returned"])
            ).status_code
            == 404
        )

    def test_dissatisfaction_without_reason_comes_back_with_what_was_chosen(
        self, browser_of: BrowserOf
    ) -> None:
        reply = lead_to("delivered")
        fields = {"attitude": "满意", "result": "不满意", "expected_version": reply.case.version}
        answer = browser_of("deputy").post(reverse("proposals:act", args=[reply.pk, "rate"]), fields)
        assert answer.status_code == 422 and "须写明理由" in text_of(answer)
        assert re.search(r'value="不满意"[^>]*checked', text_of(answer))


class TestPaper:
    def test_pdf_and_docx_carry_the_signed_words(self, browser_of: BrowserOf) -> None:
        reply = lead_to("numbered")
        browser = browser_of("officer")
        paper = browser.get(reverse("proposals:pdf", args=[reply.pk]))
        assert paper["Content-Type"] == "application/pdf"
        printed = pdf_text(paper.content)
        for words in (
            "样例函〔2026〕1号",
            "将拟订配套扶持政策",
            f"{life.today().year}年{life.today().month}月",
        ):
            assert words in printed
        answer = browser.get(reverse("proposals:docx", args=[reply.pk]))
        written = "".join(paragraph.text for paragraph in Document(BytesIO(answer.content)).paragraphs)
        assert "将拟订配套扶持政策" in written and "attachment" in answer["Content-Disposition"]

    def test_a_draft_prints_without_number_or_date(self, browser_of: BrowserOf) -> None:
        reply = lead_to("to_sign")
        printed = pdf_text(browser_of("officer").get(reverse("proposals:pdf", args=[reply.pk])).content)
        assert f"{life.today().year}年{life.today().month}月" not in printed and "年月日" in printed

    def test_a_superseded_version_still_prints_its_own_words(self, browser_of: BrowserOf) -> None:
        reply = lead_to("numbered")
        signing.recall(**at(reply, "officer", why="更新。"))
        life.step(reply, "decline", "director", why="请改。")
        life.write(reply, "改写后的答复。")
        lead_to("numbered", reply)
        browser = browser_of("officer")
        first, second = (
            pdf_text(browser.get(reverse("proposals:signed_pdf", args=[letter.pk])).content)
            for letter in reply.signed_letters.order_by("version")
        )
        assert "将拟订配套扶持政策" in first and "样例函" not in first
        assert "改写后的答复。" in second and "样例函〔2026〕1号" in second

    def test_nothing_is_printed_before_anything_was_written(self, browser_of: BrowserOf) -> None:
        reply = lead_to("drafting")
        for name in ("pdf", "docx", "conformity"):
            assert browser_of("officer").get(reverse(f"proposals:{name}", args=[reply.pk])).status_code == 404

    def test_the_conformity_page_lists_clause_demand_and_measure(self, browser_of: BrowserOf) -> None:
        reply = lead_to("drafting")
        life.write(reply, "你们提出的建议收悉。" + "我局会同有关单位认真研究，逐条办理。" * 40)
        reply = lead_to("numbered", reply)
        page = text_of(browser_of("officer").get(reverse("proposals:conformity", args=[reply.pk])))
        assert "版心" in page and "合格" in page and "须人工" in page and "不合格" not in page
        rows = re.findall(r'<td data-label="条款"><span>([^<]*)</span></td>', page)
        assert len(rows) > 15 and all(re.search(r"\d", clause) for clause in rows if "规定" in clause)


def test_the_difference_page_says_what_was_signed_what_is_now_and_that_nothing_moved(
    browser_of: BrowserOf,
) -> None:
    letter = lead_to("delivered").signed_letters.get()
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
    report = signing.write_report(letter, changes, life.who("officer").actor, life.today(), "")
    page = text_of(browser_of("officer").get(reverse("proposals:difference", args=[report.pk])))
    for shown in ("基站总数", "4.8万个", "4.9万个", "修订", "正式函没有改动", "第二十五条"):
        assert shown in page


def test_the_map_lists_every_row_of_the_founding_letter(browser_of: BrowserOf) -> None:
    page = text_of(browser_of("chain").get(reverse("proposals:map")))
    assert len(re.findall(r'<tr id="row-', page)) == 58


def test_a_time_limit_is_extended_stopped_and_restarted_on_its_page(browser_of: BrowserOf) -> None:
    reply = lead_to("drafting")
    clock = next(one for one in reply.case.clocks.all() if one.terms["key"] == "reply")
    browser, here = browser_of("officer"), reverse("proposals:reply", args=[reply.pk])
    day = {"on": str(life.today()), "why": "涉及面广，须多方协调。"}
    page = text_of(browser.get(reverse("proposals:limit", args=[clock.pk, "extend"])))
    assert "计算：" in page and "交办的人大代表工作机构" in page
    said = {**day, "total": 6, "consent_by": "市人大常委会选联任工委"}
    assert browser.post(reverse("proposals:limit", args=[clock.pk, "extend"]), said)["Location"] == here
    assert "总时限由 3 个月改为 6 个月" in text_of(browser.get(here))
    again = text_of(browser.post(reverse("proposals:limit", args=[clock.pk, "extend"]), said))
    assert "不能再延" in again and "涉及面广" in again
    assert (
        browser.post(
            reverse("proposals:limit", args=[clock.pk, "stop"]), {**day, "category": "待代表补充"}
        ).status_code
        == 302
    )
    assert "停表" in text_of(browser.get(here))
    assert browser.post(reverse("proposals:limit", args=[clock.pk, "restart"]), day).status_code == 302
    assert browser_of("reviewer").get(reverse("proposals:limit", args=[clock.pk, "stop"])).status_code == 422
    assert browser_of("stranger").get(reverse("proposals:limit", args=[clock.pk, "stop"])).status_code == 404


def test_a_unit_that_the_body_does_not_have_is_told_with_those_it_has(browser_of: BrowserOf) -> None:
    url = reverse("proposals:proposal_act", args=[register().pk, "hand_over"])
    typed = {"organisation": "szgxj", "part": "主办", "on": str(life.today()), "expected_version": 1}
    page = text_of(browser_of("registrar").post(url, typed | {"unit": "不存在处"}))
    assert "没有“不存在处”" in page and "应用处" in page
    assert browser_of("registrar").post(url, typed | {"unit": "应用处"}).status_code == 302
