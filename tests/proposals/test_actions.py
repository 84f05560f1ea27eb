"""Each act: what it does, and each way in which it is refused. A refused act leaves nothing behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from mangrove.casework.models import Promise
from mangrove.casework.promises import promises_of
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.verify import verify
from mangrove.proposals import actions, sending, signing
from mangrove.proposals.access import access_reply
from mangrove.proposals.checking import check_composed
from mangrove.proposals.composition import compose, signed_letter
from mangrove.proposals.models import Numbering, Proposal, Reply, SignedLetter

from . import life
from .life import at, hand_over, lead_to, register, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]


def refused(work: Callable[[], object]) -> Refusal:
    """The refusal, after which the ledger holds not one event more."""
    before = Event.objects.count()
    with pytest.raises(Refusal) as caught:
        work()
    assert Event.objects.count() == before
    return caught.value


class TestRegister:
    def test_opens_a_case_and_shows_it_to_its_deputies(self) -> None:
        proposal = register(importance="key")
        assert (proposal.pk, proposal.case.state, proposal.received_on) == (
            "20260001",
            "registered",
            life.today(),
        )
        assert [user.username for user in proposal.deputies.order_by("username")] == ["co_deputy", "deputy"]

    def test_a_number_is_registered_once_a_kind_and_meeting(self) -> None:
        first = register()
        assert f"{first.meeting}的建议 20260001 已经登记过" in str(refused(register))
        assert register(kind="提案").pk == "zx20260001"

    def test_numbers_begin_anew_with_each_meeting(self) -> None:
        register("1")
        later = register("1", meeting="市七届人大二次会议")
        assert (later.pk, later.number) == ("1_2", "1")
        assert "市七届人大二次会议的建议 1 已经登记过" in str(
            refused(lambda: register("1", meeting="市七届人大二次会议"))
        )

    @pytest.mark.parametrize("number", ["2026/1", "map", "", "2026 1", "二〇二六"])
    def test_a_number_that_could_not_be_an_address_is_refused(self, number: str) -> None:
        assert refused(lambda: register(number)).code == "proposals.bad_proposal_number"
        assert not Proposal.objects.exists()

    def test_only_the_registrar_registers(self) -> None:
        assert refused(lambda: register(by=who("officer"))).code == "proposals.not_registrar"

    def test_a_day_in_the_future_and_a_past_day_without_reason_are_refused(self) -> None:
        day = timedelta(days=1)
        assert refused(lambda: register(on=life.today() + day)).code == "ledger.future_date"
        assert refused(lambda: register(on=life.today() - day)).code == "ledger.back_entry_needs_reason"
        assert register(on=life.today() - day, why="按原件补录").received_on == life.today() - day


class TestHandOver:
    def test_each_part_has_its_own_case_limits_and_copies(self) -> None:
        proposal = register()
        lead = hand_over(proposal)
        co = hand_over(proposal, "sz_ndrc", "会办")
        keys = {reply.part: {clock.terms["key"] for clock in reply.case.clocks.all()} for reply in (lead, co)}
        assert keys == {"主办": {"return", "contact", "reply"}, "会办": {"return", "co_opinion"}}
        assert (lead.pk, co.pk) == ("20260001-1", "20260001-2")
        assert lead.copies == ["市人大常委会选联任工委", "市政府督查室"]

    def test_one_lead_and_no_unit_twice(self) -> None:
        proposal = register()
        hand_over(proposal)
        assert refused(lambda: hand_over(proposal)).code == "proposals.already_handed"
        assert refused(lambda: hand_over(proposal, "sz_ndrc")).code == "proposals.one_lead"
        assert hand_over(proposal, "sz_ndrc", "分办").part == "分办"

    def test_who_may_not_and_who_saw_an_older_state(self) -> None:
        proposal = register()
        assert refused(lambda: hand_over(proposal, by=who("liaison"))).code == "casework.wrong_role"
        hand_over(proposal)
        stale = refused(lambda: hand_over(proposal, "sz_ndrc", "会办", expected_version=1))
        assert stale.code == "casework.stale" and "登记员甲" in str(stale)

    def test_nobody_answers_before_it(self) -> None:
        register()
        answer = refused(lambda: access_reply(who("registrar"), "20260001-1", to="write"))
        assert answer.code == "proposals.not_handed" and "还没有交办" in str(answer)
        with pytest.raises(Http404):
            access_reply(who("officer"), "20260001-1", to="write")
        with pytest.raises(Http404):
            actions.save_draft(by=who("officer"), reply_id="20260001-1", text="答复", base_revision=0)


class TestReturn:
    def test_gives_the_part_back_and_asks_the_office_to_hand_it_on(self) -> None:
        reply = hand_over(register())
        actions.return_to_office(**at(reply, "officer", why="不属本局职责。"))
        reply.case.refresh_from_db()
        proposal = Proposal.objects.get()
        assert (reply.case.state, proposal.case.state) == ("returned", "returned")
        assert not reply.case.clocks.filter(met_on=None).exists()
        again = hand_over(proposal, "sz_ndrc")
        proposal.case.refresh_from_db()
        assert (again.pk, proposal.case.state) == ("20260001-2", "handed")

    def test_the_office_may_leave_it_with_the_units_that_have_it(self) -> None:
        proposal = register()
        hand_over(proposal)
        co = hand_over(proposal, "sz_ndrc", "会办")
        actions.return_to_office(**at(co, "elsewhere", why="不涉及。"))
        proposal.case.refresh_from_db()
        said = {"by": who("registrar"), "on": life.today(), "proposal_id": proposal.pk}
        assert (
            refused(lambda: actions.keep_units(**said, expected_version=proposal.case.version)).code
            == "casework.needs_reason"
        )
        actions.keep_units(**said, expected_version=proposal.case.version, why="主办单位已可单独答复。")
        proposal.case.refresh_from_db()
        assert proposal.case.state == "handed"

    def test_needs_a_reason_and_comes_before_acceptance(self) -> None:
        reply = hand_over(register())
        assert (
            refused(lambda: actions.return_to_office(**at(reply, "officer"))).code == "casework.needs_reason"
        )
        life.step(reply, "accept", "officer")
        late = refused(lambda: actions.return_to_office(**at(reply, "officer", why="不属本局。")))
        assert late.code == "casework.wrong_state"

    def test_after_its_limit_it_is_refused_with_the_rule(self) -> None:
        past = life.today() - timedelta(days=11)
        reply = hand_over(register(on=past, why="补录"), on=past, why="补录")
        late = refused(lambda: actions.return_to_office(**at(reply, "officer", why="不属本局。")))
        assert late.code == "proposals.late_return" and "（待核）" in late.rule
        assert str(past + timedelta(days=10)) in str(late)


class TestSubmit:
    def ready(self) -> Reply:
        reply = lead_to("drafting")
        life.contact(reply)
        life.particulars(reply)
        life.write(reply)
        return reply

    def submit(self, reply: Reply) -> None:
        actions.submit(**at(reply, "officer"))

    def test_takes_the_newest_draft_to_review(self) -> None:
        reply = self.ready()
        self.submit(reply)
        reply.case.refresh_from_db()
        assert reply.case.state == "in_review"

    def test_an_unknown_figure_is_refused_with_the_nearest_name(self) -> None:
        reply = self.ready()
        life.write(reply, life.TEXT.replace("{{基站总数}}", "{{基站总量}}"))
        found = refused(lambda: self.submit(reply))
        assert found.code == "figures.unknown" and "基站总数" in str(found) and "{{基站总量}}" in found.where
        assert found.where.startswith("第 ") and " 行第 " in found.where  # as the marks of the draft are told

    def test_a_broken_mark_is_refused_with_line_and_column(self) -> None:
        reply = self.ready()
        life.write(reply, "第一段。\n\n　　第三行，[[C01|没有结束的承诺。")
        found = refused(lambda: self.submit(reply))
        assert found.code == "proposals.bad_mark" and found.where == "答复正文第 3 行第 7 字"

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("[[C01|将做甲]]，[[C01|将做乙]]。", "proposals.promise_marked_twice"),
            ("[[C01|将做[[C02|甲]]事]]。", "casework.bad_span"),
            ("[[C01|]]将做甲。", "proposals.bad_mark"),
            ("多出一个]]。", "proposals.bad_mark"),
            ("{{基站总数", "figures.placeholder_unclosed"),
        ],
    )
    def test_marks_that_cannot_become_promises_are_refused(self, text: str, code: str) -> None:
        reply = self.ready()
        life.write(reply, text)
        assert refused(lambda: self.submit(reply)).code == code

    def test_nothing_written_no_contact_and_no_result_class_are_refused(self) -> None:
        reply = lead_to("drafting")
        assert refused(lambda: self.submit(reply)).code == "proposals.no_draft"
        life.write(reply)
        assert refused(lambda: self.submit(reply)).code == "proposals.result_class"
        life.particulars(reply)
        assert refused(lambda: self.submit(reply)).code == "proposals.no_contact"

    def test_blank_lines_and_typed_indents_are_no_paragraphs(self) -> None:
        reply = self.ready()
        life.write(reply, "　　第一段。\r\n\r\n  第二段。\r\n")
        letter = lead_to("signed", reply).signed_letters.get()
        assert letter.body == "第一段。\n第二段。"


class TestParticulars:
    def test_are_kept_and_stand_in_the_letter(self) -> None:
        reply = lead_to("drafting")
        life.particulars(
            reply, openness="依申请公开", openness_reason="涉及内部过程信息", contact="张工 88120000"
        )
        life.write(reply)
        life.contact(reply)
        actions.submit(**at(reply, "officer"))
        letter = lead_to("signed", reply).signed_letters.get()
        assert (letter.head["openness"], letter.head["contact"]) == ("依申请公开", "张工 88120000")

    def test_not_published_needs_its_reason_and_the_class_must_be_known(self) -> None:
        reply = lead_to("drafting")
        secret = refused(lambda: life.particulars(reply, openness="不予公开", openness_reason="　"))
        assert secret.code == "proposals.openness_reason" and "政府信息公开条例" in secret.rule
        unknown = refused(lambda: life.particulars(reply, result_class="E"))
        assert unknown.code == "proposals.result_class" and "A 已经解决或基本解决" in unknown.remedy

    def test_of_two_officers_the_second_is_told(self) -> None:
        reply = lead_to("drafting")
        seen = at(reply, "officer_b")["expected_version"]
        life.particulars(reply, contact="张工")
        late = refused(lambda: life.particulars(reply, contact="李工", expected_version=seen))
        assert late.code == "casework.stale"
        reply.refresh_from_db()
        assert reply.contact == "张工"

    def test_a_copied_office_has_a_name_that_can_be_delivered_to(self) -> None:
        reply = lead_to("drafting")
        long = refused(lambda: life.particulars(reply, copies=["市政府督查室", "处" * 101]))
        assert long.code == "proposals.long_name" and "101" in str(long)

    def test_are_closed_once_the_text_is_in_review(self) -> None:
        reply = lead_to("in_review")
        assert refused(lambda: life.particulars(reply)).code == "proposals.not_writer"


class TestReview:
    @pytest.mark.parametrize(("state", "act", "username"), [
        ("in_review", "send_back", "reviewer"), ("in_review", "pass_review", "reviewer"), ("to_sign", "decline", "director"),
    ])  # fmt: skip
    def test_opinions_are_not_optional(self, state: str, act: str, username: str) -> None:
        reply = lead_to(state)
        assert refused(lambda: life.step(reply, act, username)).code == "casework.needs_reason"

    def test_sent_back_or_declined_goes_to_the_writer(self) -> None:
        reply = lead_to("in_review")
        life.step(reply, "send_back", "reviewer", why="数字写作 59.8%。")
        reply = lead_to("to_sign", reply)
        life.step(reply, "decline", "director", why="请补充依据。")
        reply.case.refresh_from_db()
        assert reply.case.state == "drafting"


class TestSign:
    def test_keeps_words_figures_name_rank_opinion_and_day(self) -> None:
        letter = life.sign(lead_to("to_sign"))
        assert (letter.signer_name, letter.signer_rank, letter.opinion) == ("局长", "局长", "同意签发。")
        assert letter.signed_on == life.today() == signed_letter(letter).date
        assert (
            letter.figures[0]["placeholder"] == "{{基站总数}}" and letter.figures[0]["printed"] in letter.body
        )
        assert [promise.text for promise in promises_of(letter.ref)] == [
            "将拟订配套扶持政策",
            "推动5G网络用电降本",
        ]

    def test_is_sealed_before_it_returns(self) -> None:
        letter = life.sign(lead_to("to_sign"))
        assert letter.event.seal.position and verify().unsealed == 0

    def test_a_text_that_was_not_seen_is_not_signed(self) -> None:
        reply = lead_to("to_sign")
        answer = refused(lambda: life.sign(reply, seen_hash="0" * 64))
        assert answer.code == "proposals.text_changed"
        assert not SignedLetter.objects.exists() and not Promise.objects.exists()

    def test_rank_decides_by_the_importance_of_the_proposal(self) -> None:
        ordinary = life.sign(lead_to("to_sign", hand_over(register("1"))), "vice")
        assert ordinary.signer_rank == "副局长"
        key = lead_to("to_sign", hand_over(register("2", importance="key")))
        answer = refused(lambda: life.sign(key, "vice"))
        assert (
            answer.code == "proposals.rank"
            and "第二十二条" in answer.rule
            and answer.remedy == "须由局长签发。"
        )
        assert life.sign(key, "director").signer_rank == "局长"

    @pytest.mark.parametrize(
        ("username", "code"), [("officer", "casework.wrong_role"), ("auditor", "casework.wrong_role")]
    )
    def test_only_signers_sign(self, username: str, code: str) -> None:
        reply = lead_to("to_sign")
        assert refused(lambda: life.sign(reply, username)).code == code

    def test_not_before_review_not_twice_and_not_on_an_old_page(self) -> None:
        reply = lead_to("in_review")
        assert refused(lambda: life.sign(reply)).code == "casework.wrong_state"
        reply = lead_to("to_sign", reply)
        old = at(reply, "director", opinion="同意。", seen_hash=life.seen_hash(reply))
        life.sign(reply)
        assert refused(lambda: signing.sign(**old)).code == "casework.wrong_state"

    def test_an_opinion_is_needed(self) -> None:
        reply = lead_to("to_sign")
        assert refused(lambda: life.sign(reply, opinion=" ")).code == "casework.needs_reason"

    def test_recalled_it_goes_to_the_same_signer_again(self) -> None:
        reply = lead_to("numbered")
        assert (
            refused(lambda: signing.recall(**at(reply, "officer", why=" "))).code == "casework.needs_reason"
        )
        signing.recall(**at(reply, "officer", why="数字更新。"))
        other = refused(lambda: life.sign(reply, "vice"))
        assert other.code == "proposals.other_signer" and "局长" in str(other) and "第二十五条" in other.rule
        assert life.sign(reply, "director").version == 2

    def test_a_restated_promise_keeps_its_history(self) -> None:
        reply = lead_to("signed")
        signing.recall(**at(reply, "officer", why="更新。"))
        second = life.sign(reply)
        assert Promise.objects.count() == 2
        assert {promise.sources.count() for promise in promises_of(second.ref)} == {2}


class TestNumber:
    def test_is_given_once_and_printed(self) -> None:
        reply = lead_to("numbered")
        assert signed_letter(reply.signed_letters.get()).number == "样例函〔2026〕1号"
        other = lead_to("signed", hand_over(register("2")))
        assert refused(lambda: life.number(other, "样例函〔2026〕1号")).code == "proposals.number_used"
        life.number(other, "样例函〔2026〕2号")

    @pytest.mark.parametrize(
        "text", ["", "样例函[2026]1号", "样例函〔2026〕01号", "样例函〔2026〕第1号", "1号"]
    )
    def test_is_written_as_the_standard_has_it(self, text: str) -> None:
        reply = lead_to("signed")
        answer = refused(lambda: life.number(reply, text))
        assert answer.code == "proposals.bad_number" and "GB/T 9704" in answer.rule

    def test_only_a_signed_letter_gets_one_from_the_office(self) -> None:
        reply = lead_to("to_sign")
        assert refused(lambda: life.number(reply)).code == "casework.wrong_state"
        lead_to("signed", reply)
        assert refused(lambda: life.number(reply, by=who("officer"))).code == "casework.wrong_role"

    def test_is_given_up_by_a_recall_and_free_again(self) -> None:
        reply = lead_to("numbered")
        signing.recall(**at(reply, "officer", why="更新。"))
        first = reply.signed_letters.get()
        assert signed_letter(first).number is None
        life.sign(reply)
        life.number(reply)
        assert signed_letter(first).number is None
        assert [one.given_up for one in Numbering.objects.order_by("id")] == [True, False]

    def test_a_letter_that_was_sent_keeps_it_when_another_follows(self) -> None:
        reply = lead_to("delivered")
        life.rate(reply, result="不满意", reason="没有说明时限。")
        life.step(reply, "redo", "liaison", why="请写明时限。")
        lead_to("signed", reply)
        life.number(reply, "样例函〔2026〕2号")
        numbers = [signed_letter(letter).number for letter in reply.signed_letters.order_by("version")]
        assert numbers == ["样例函〔2026〕1号", "样例函〔2026〕2号"]


class TestDeliver:
    def test_records_each_recipient(self) -> None:
        reply = lead_to("delivered")
        letter = reply.signed_letters.get()
        assert [row.to for row in letter.deliveries.all()] == [
            "代表甲代表",
            "市人大常委会选联任工委",
            "市政府督查室",
        ]

    @pytest.mark.parametrize(
        ("to", "missing"),
        [
            ([], "代表甲代表"),
            (["代表甲代表"], "市人大常委会选联任工委"),
            (["市人大常委会选联任工委", "市政府督查室"], "代表甲代表"),
        ],
    )
    def test_nobody_whom_the_letter_names_is_left_out(self, to: list[str], missing: str) -> None:
        reply = lead_to("numbered")
        answer = refused(lambda: life.deliver(reply, to=to))
        assert answer.code == "proposals.missing_recipients" and missing in str(answer)

    def test_a_recipient_has_a_name_and_no_story(self) -> None:
        reply = lead_to("numbered")
        answer = refused(lambda: life.deliver(reply, to=[*life.recipients(reply), "处" * 101]))
        assert answer.code == "proposals.long_name" and answer.where == "送达对象"
        life.deliver(reply, to=[*life.recipients(reply), "处" * 100])

    def test_not_before_it_has_a_number_and_not_twice(self) -> None:
        reply = lead_to("signed")
        assert refused(lambda: life.deliver(reply)).code == "casework.wrong_state"
        reply = lead_to("numbered", reply)
        said = at(reply, "officer", to=life.recipients(reply), means="公文交换")
        sending.deliver(**said)
        assert refused(lambda: sending.deliver(**said)).code == "casework.wrong_state"
        assert reply.signed_letters.get().deliveries.count() == 3


class TestContact:
    def test_meets_its_limit(self) -> None:
        reply = lead_to("drafting")
        life.contact(reply)
        (clock,) = [one for one in reply.case.clocks.all() if one.terms["key"] == "contact"]
        assert clock.met_on == life.today()

    def test_not_before_the_hand_over_and_not_by_another_unit(self) -> None:
        reply = lead_to("drafting")
        early = refused(lambda: life.contact(reply, on=life.today() - timedelta(days=1), why="补录"))
        assert early.code == "proposals.contact_before_hand_over"
        with pytest.raises(Http404):
            life.contact(reply, by=who("elsewhere"))


class TestOpinion:
    def co(self) -> Reply:
        proposal = register()
        hand_over(proposal)
        reply = hand_over(proposal, "sz_ndrc", "会办")
        life.step(reply, "accept", "elsewhere")
        return reply

    def give(self, reply: Reply, **more: Any) -> None:
        said = at(reply, "elsewhere", text="建议纳入年度计划。", openness="主动公开")
        actions.give_opinion(**said | more)

    def test_ends_the_part_and_its_limit(self) -> None:
        reply = self.co()
        self.give(reply)
        reply.case.refresh_from_db()
        assert reply.case.state == "given" and reply.case.closed_on == life.today()
        assert not reply.case.clocks.filter(met_on=None).exists()

    def test_an_empty_one_is_none(self) -> None:
        reply = self.co()
        assert refused(lambda: self.give(reply, text=" ")).code == "casework.needs_reason"

    def test_no_letter_can_be_written_for_it(self) -> None:
        reply = self.co()
        assert refused(lambda: life.write(reply, username="elsewhere")).code == "proposals.not_writer"


class TestClose:
    def close(self, proposal: Proposal) -> None:
        proposal.case.refresh_from_db()
        actions.close_proposal(
            by=who("registrar"),
            on=life.today(),
            proposal_id=proposal.pk,
            expected_version=proposal.case.version,
        )

    def test_when_every_part_is_done(self) -> None:
        reply = lead_to("rated")
        assert refused(lambda: self.close(reply.proposal)).code == "proposals.open_parts"
        lead_to("closed", reply)
        self.close(reply.proposal)
        reply.proposal.case.refresh_from_db()
        assert reply.proposal.case.state == "closed"

    def test_not_when_every_unit_gave_it_back(self) -> None:
        proposal = register()
        reply = hand_over(proposal)
        actions.return_to_office(**at(reply, "officer", why="不属本局。"))
        assert refused(lambda: self.close(proposal)).code == "casework.wrong_state"
        proposal.case.refresh_from_db()
        actions.keep_units(
            by=who("registrar"), on=life.today(), proposal_id=proposal.pk,
            expected_version=proposal.case.version, why="另行研究。",
        )  # fmt: skip
        assert refused(lambda: self.close(proposal)).code == "proposals.unanswered"


class TestNumbersThatDiffer:
    """A number that the figures do not bear out goes on only with somebody's name and reason under it."""

    TEXT = "一、已开展的工作\n2020年，电子信息制造业占规上工业增加值的比重为59.8%。\n专此答复。"

    def test_stop_a_draft_before_review_and_say_what_it_should_be(self) -> None:
        reply = lead_to("drafting")
        for prepare in (life.contact, life.particulars):
            prepare(reply)
        life.write(reply, self.TEXT)
        answer = refused(lambda: actions.submit(**at(reply, "officer")))
        assert answer.code == "proposals.findings" and "59.8%（应为59.9%）" in answer.what
        assert "第二十条" in answer.rule and "已核" in answer.rule
        spoken = at(reply, "officer", why="沿用公报写法。", keep_reason="  ")
        assert refused(lambda: actions.submit(**spoken)).code == answer.code

    def test_go_on_only_when_each_who_answers_says_why_they_stay(self) -> None:
        reply = self.kept_in_review()
        assert self.why_not(lambda: life.pass_review(reply)) == "proposals.findings"
        life.pass_review(reply, keep_reason="公报如此。")
        assert self.why_not(lambda: life.sign(reply)) == "proposals.findings"
        letter = life.sign(reply, keep_reason="同意保留。")
        assert "59.8%" in letter.body
        acts = [event.act for event in Event.objects.order_by("id") if "kept_findings" in event.body.text]
        assert [act.rpartition(".")[2] for act in acts] == ["submit", "pass_review", "sign"]
        said = [json.loads(event.body.text) for event in Event.objects.filter(act__in=acts).order_by("id")]
        assert [one["keep_reason"] for one in said] == ["沿用公报写法。", "公报如此。", "同意保留。"]
        assert {one["kept_findings"] for one in said} == {"59.8%（应为59.9%）"}

    def test_leave_no_trace_in_the_record_when_all_agree(self) -> None:
        lead_to("signed")
        assert not [event for event in Event.objects.all() if "kept_findings" in event.body.text]

    @pytest.mark.parametrize("text", [
        "力争2027年底前出台办法。电子信息制造业增加值{{电子信息制造业增加值}}。",
        "此前全市5G基站{{基站总数|时点=2020-08}}。",
        "全市已建成{{基站总数}}。",
    ])  # fmt: skip
    def test_are_not_those_that_a_draft_takes_from_the_figures(self, text: str) -> None:
        reply = lead_to("drafting")
        life.write(reply, text)
        composed = compose(reply, actions.latest_draft(reply), on=life.today())
        assert check_composed(composed, on=life.today()).findings == ()

    def test_are_those_that_stand_under_the_name_of_another_figure(self) -> None:
        reply = lead_to("drafting")
        life.write(reply, "2020年电子信息制造业增加值{{规上工业增加值}}。")
        composed = compose(reply, actions.latest_draft(reply), on=life.today())
        assert len(check_composed(composed, on=life.today()).findings) == 1

    def test_an_aim_inside_a_promise_is_no_number_to_bear_out(self) -> None:
        reply = lead_to("drafting")
        for prepare in (life.contact, life.particulars):
            prepare(reply)
        life.write(reply, "一、下一步打算\n[[C01|2027年底前完成120个小区的5G补盲]]。\n专此答复。")
        actions.submit(**at(reply, "officer"))
        reply.case.refresh_from_db()
        assert reply.case.state == "in_review"

    def kept_in_review(self) -> Reply:
        reply = lead_to("drafting")
        for prepare in (life.contact, life.particulars):
            prepare(reply)
        life.write(reply, self.TEXT)
        actions.submit(**at(reply, "officer", keep_reason="沿用公报写法。"))
        return reply

    def why_not(self, work: Callable[[], object]) -> str:
        return refused(work).code


def test_a_motion_is_answered_to_its_members_under_its_own_limit_and_copies() -> None:
    reply = lead_to("in_review", hand_over(register(kind="提案", lead_deputy="委员甲", co_signers="")))
    composed = compose(reply, actions.latest_draft(reply), on=life.today())
    assert composed.head["addressee"] == "尊敬的委员甲委员：" and reply.copies[0] == "市政协提案委"
    clocks = {clock.terms["key"]: clock for clock in reply.case.clocks.all()}
    assert "reply" not in clocks and clocks["motion_reply"].terms["status"] == "待核"
    life.deliver(lead_to("numbered", reply))
    assert not reply.case.clocks.filter(rule=clocks["motion_reply"].rule, met_on=None).exists()
