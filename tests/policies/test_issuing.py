"""From a draft to a published measure: each act done and refused, nobody judges their own work, no opinion is left."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mangrove.casework.messages.models import Message
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.policies.issuing import actions, drafting, opinions, releasing
from mangrove.policies.issuing.access import access_draft
from mangrove.policies.issuing.models import Draft, Publication
from mangrove.policies.issuing.verification import verify_drafts, verify_library
from mangrove.policies.measures import library
from mangrove.policies.measures.models import RuleText
from racing import together, wrong

from . import life, making

pytestmark = pytest.mark.django_db


def refused(act: object, **told: object) -> Refusal:
    with pytest.raises(Refusal) as found:
        act(**told)  # type: ignore[operator]
    return found.value


def client(username: str) -> Client:
    found = Client()
    found.force_login(life.who(username), backend="django.contrib.auth.backends.ModelBackend")
    return found


def shown(username: str, draft: Draft, *step: str) -> str:
    """The draft's page, or that of a step, as this person sees it."""
    url = reverse("policies:draft_act" if step else "policies:draft", args=[draft.pk, *step])
    reply = client(username).get(url)
    assert reply.status_code == 200
    return reply.content.decode()


class TestWriting:
    def test_a_draft_begins_from_an_empty_sheet_from_a_version_or_from_a_text(self) -> None:
        making.office()
        base = making.in_library()
        empty = making.started(text="")
        assert empty.text_now.text == drafting.SHEET  # type: ignore[union-attr]
        assert making.started(text="", base=base).text_now.text == base.text  # type: ignore[union-attr]
        assert making.started(text="measure: 别的\r\n", base=base).text_now.text == "measure: 别的\n"  # type: ignore[union-attr]

    def test_only_case_officers_begin(self) -> None:
        making.office()
        assert (
            refused(drafting.start, title="x", by=life.who("director"), on=life.today()).code
            == "policies.not_permitted"
        )

    def test_another_office_does_not_write_and_another_bureau_does_not_know(self) -> None:
        draft = making.started()
        found = refused(
            drafting.write, draft_id=draft.pk, text="x", base_revision=1, by=life.who("officer_b")
        )
        assert found.code == "policies.not_permitted"
        with pytest.raises(Http404):
            access_draft(life.who("stranger"), draft.pk)
        assert access_draft(life.who("auditor"), draft.pk) == draft

    def test_an_older_text_never_overwrites_a_newer_one(self) -> None:
        draft = making.started()
        drafting.write(draft_id=draft.pk, text="measure: 二", base_revision=1, by=life.who("officer"))
        found = refused(
            drafting.write, draft_id=draft.pk, text="measure: 三", base_revision=1, by=life.who("officer")
        )
        assert found.code == "policies.newer_text" and draft.text_now.text == "measure: 二"  # type: ignore[union-attr]

    def test_the_editor_tells_every_mistake_by_its_line(self) -> None:
        draft = making.started(
            text=making.TEXT.replace("信用核查通过", "信用核查过").replace("100万元\n", "100万里\n")
        )
        page = client("officer").get(reverse("policies:draft_write", args=[draft.pk])).content.decode()
        assert "第 12 行" in page and "第 14 行" in page and "信用核查过" in page

    def test_autosave_keeps_tells_and_warns_of_a_newer_text(self) -> None:
        draft = making.started()
        url, officer = reverse("policies:draft_autosave", args=[draft.pk]), client("officer")
        kept = officer.post(url, {"text": making.TEXT + "quota: x\n", "draft_revision": "1"})
        assert kept.json()["revision"] == 2 and "1 处读不通" in kept.json()["note"]
        assert officer.post(url, {"text": "measure: 旧", "draft_revision": "1"}).status_code == 409
        assert "读不通" in officer.get(reverse("policies:draft_problems", args=[draft.pk])).content.decode()

    def test_a_text_under_review_is_not_written(self) -> None:
        draft = making.submitted()
        found = refused(drafting.write, draft_id=draft.pk, text="x", base_revision=1, by=life.who("officer"))
        assert found.code == "policies.wrong_state"


class TestOpinions:
    def test_what_does_not_read_is_not_sent_out(self) -> None:
        draft = making.started(text="measure: 只有名字\n")
        found = refused(making.circulated, draft=draft)
        assert found.code == "policies.bad_rule" and "第 1 行" in found.what

    def test_somebody_must_be_asked_and_long_enough(self) -> None:
        draft = making.started()
        assert refused(making.circulated, draft=draft, units=[], public=False).code == "policies.nobody_asked"
        early = refused(making.circulated, draft=draft, until=making.day(54))
        assert early.code == "policies.too_short" and "待核" in early.rule
        round = making.circulated(draft).seekings.get()
        assert round.units == making.ASKED and round.until > making.day(54)

    def test_the_empty_sheet_is_nothing_to_ask_anybody_about(self) -> None:
        found = refused(making.circulated, draft=making.started(text=""))
        assert (
            found.code == "policies.unwritten" and "（措施名称）" in found.what and "（条文）" in found.what
        )

    def test_only_who_was_asked_is_heard(self) -> None:
        draft = making.circulated(public=False)
        assert refused(making.opined, draft=draft, source="别的处").code == "policies.not_asked"
        assert (
            refused(making.opined, draft=draft, source="网上留言", public=True).code == "policies.not_public"
        )

    def test_an_opinion_says_something_or_that_there_is_nothing(self) -> None:
        draft = making.circulated()
        assert refused(making.opined, draft=draft, words=" ").code == "registry.required"
        assert making.opined(draft, "办公室", "", nothing=True).open is False

    def test_the_ledger_keeps_the_digest_and_not_the_words(self) -> None:
        making.opined(making.circulated(), words="某某的手机号是……")
        told = Event.objects.select_related("body").get(act="policies.draft.opine").body.text
        assert "手机号" not in told and opinions.digest("某某的手机号是……") in told

    def test_an_open_opinion_holds_the_draft(self) -> None:
        draft = making.circulated()
        opinion = making.opined(draft)
        making.opined(draft, "办公室", "", nothing=True)
        found = refused(opinions.settle, draft_id=draft.pk, by=life.who("officer"), expected_version=making.seen(draft), **making.on(40))  # fmt: skip
        assert found.code == "policies.opinion_open" and "财务处" in found.what
        making.disposed(opinion, "rejected", "资金来源由预算定。")
        opinions.settle(
            draft_id=draft.pk, by=life.who("officer"), expected_version=making.seen(draft), **making.on(40)
        )
        assert Draft.objects.get(pk=draft.pk).case.state == "revised"

    def test_a_unit_that_was_not_heard_holds_the_draft(self) -> None:
        draft = making.circulated()
        making.disposed(making.opined(draft))
        found = refused(opinions.settle, draft_id=draft.pk, by=life.who("officer"), expected_version=making.seen(draft), **making.on(40))  # fmt: skip
        assert found.code == "policies.unit_silent" and "办公室" in found.what

    def test_the_round_is_not_settled_before_its_end(self) -> None:
        draft = making.heard()
        until = draft.seekings.get().until
        found = refused(opinions.settle, draft_id=draft.pk, by=life.who("officer"), expected_version=making.seen(draft), on=until, why=life.WHY)  # fmt: skip
        assert found.code == "policies.seeking_runs"

    def test_what_became_of_it_needs_a_reason_and_may_be_said_again(self) -> None:
        one = making.opined(making.circulated())
        assert refused(making.disposed, one=one, reason=" ").code == "registry.required"
        assert refused(making.disposed, one=one, disposition="maybe").code == "policies.no_disposition"
        making.disposed(one, "rejected", "不采纳")
        assert making.disposed(one, "partly", "改了一半").get_disposition_display() == "部分采纳"
        assert Event.objects.filter(act="policies.draft.dispose").count() == 2

    def test_nothing_said_asks_for_no_answer(self) -> None:
        one = making.opined(making.circulated(), "办公室", "", nothing=True)
        assert refused(making.disposed, one=one).code == "policies.nothing_said"

    def test_opinions_are_entered_only_while_they_are_sought(self) -> None:
        assert refused(making.opined, draft=making.settled()).code == "policies.wrong_state"

    def test_another_round_may_follow(self) -> None:
        draft = making.circulated(making.settled(), on=making.day(38))
        assert [one.number for one in draft.seekings.all()] == [1, 2] and draft.case.state == "seeking"


class TestReviews:
    def test_a_draft_that_never_holds_is_not_submitted(self) -> None:
        draft = making.settled(making.circulated(making.started(text=making.text(status="status: 草案"))))
        assert refused(making.submitted, draft=draft).code == "policies.still_draft"

    def test_the_drafting_office_does_not_review_itself(self) -> None:
        draft = making.submitted()
        body = life.who("officer").organisation
        assert body is not None
        life.person("insider", body, ["reviewer"], "应用处")
        assert (
            refused(making.reviewed, draft=draft, by="insider", outcome="free", days=38).code
            == "policies.own_office"
        )

    def test_who_had_a_hand_in_it_does_not_review_it_from_another_office(self) -> None:
        draft = making.submitted()
        officer = life.who("officer")
        officer.roles, officer.unit = ["case_officer", "reviewer"], "办公室"
        officer.save()
        assert (
            refused(making.reviewed, draft=draft, by="officer", outcome="free", days=38).code
            == "policies.own_draft"
        )

    def test_legality_is_for_the_legal_office(self) -> None:
        draft = making.reviewed(making.submitted(), "checker", "exception", 38)
        found = refused(making.reviewed, draft=draft, by="checker", outcome="lawful", days=37)
        assert found.code == "policies.not_legal_office" and "待核" in found.rule
        assert making.reviewed(draft, "lawyer", "lawful", 37).case.state == "meeting"

    def test_the_page_of_a_review_opens_for_the_office_whose_turn_it_is(self) -> None:
        draft = making.reviewed(making.submitted(), "checker", "free", 38)
        url = reverse("policies:draft_act", args=[draft.pk, "find_lawful"])
        assert client("lawyer").get(url).status_code == 200 and client("checker").get(url).status_code == 422
        own = reverse("policies:draft", args=[draft.pk])
        assert (
            url in client("lawyer").get(own).content.decode()
            and url not in client("checker").get(own).content.decode()
        )
        found = refused(making.reviewed, draft=draft, by="checker", outcome="back", days=37)
        assert found.code == "policies.not_legal_office"

    def test_an_outcome_of_the_other_review_is_none(self) -> None:
        found = refused(making.reviewed, draft=making.submitted(), by="checker", outcome="lawful", days=38)
        assert found.code == "policies.no_outcome"

    def test_sent_back_it_is_open_again_and_goes_through_both(self) -> None:
        draft = making.reviewed(
            making.reviewed(making.submitted(), "checker", "free", 38), "lawyer", "back", 37
        )
        assert draft.case.state == "revised" and draft.sealed is None
        drafting.write(
            draft_id=draft.pk, text=making.text(share="比例: 20%"), base_revision=1, by=life.who("officer")
        )
        actions.submit(
            draft_id=draft.pk, by=life.who("officer"), expected_version=making.seen(draft), **making.on(36)
        )
        draft = Draft.objects.get(pk=draft.pk)
        assert draft.case.state == "competition" and draft.sealed.revision == 2  # type: ignore[union-attr]
        assert [one.outcome for one in draft.reviews.all()] == ["free", "back"]


class TestMeetingAndNumber:
    def test_a_meeting_before_the_legality_review_does_not_count(self) -> None:
        draft = making.lawful()
        early = making.decision(draft, held=50)
        found = refused(actions.decide, draft_id=draft.pk, decision=str(early.pk), by=life.who("officer"), expected_version=making.seen(draft), **making.on(29))  # fmt: skip
        assert found.code == "policies.before_legality"

    def test_a_decision_about_something_else_does_not_count(self) -> None:
        draft, other = making.lawful(), making.started(title="另一份")
        found = refused(actions.decide, draft_id=draft.pk, decision=str(making.decision(other).pk), by=life.who("officer"), expected_version=making.seen(draft), **making.on(29))  # fmt: skip
        assert found.code == "policies.other_matter"

    def test_a_decision_that_is_none_does_not_count(self) -> None:
        draft = making.lawful()
        found = refused(actions.decide, draft_id=draft.pk, decision=str(draft.pk), by=life.who("officer"), expected_version=making.seen(draft), **making.on(29))  # fmt: skip
        assert found.code == "casework.no_decision"

    def test_one_number_is_of_one_measure(self) -> None:
        making.numbered()
        other = making.decided(making.lawful(making.submitted(making.settled(making.circulated(making.started(title="另一份"))))))  # fmt: skip
        found = refused(making.numbered, draft=other)
        assert found.code == "policies.number_taken" and "草案“样例措施（合成）”" in found.what
        assert Draft.objects.get(pk=other.pk).case.state == "numbering"

    @pytest.mark.parametrize("rule", ["other_measure", "sample_measure"])
    def test_a_number_of_the_library_is_refused_with_its_holder(self, rule: str) -> None:
        making.office()
        words = (
            making.text(share="比例: 10%").replace("sample_measure", rule).replace("样例措施", "先前的措施")
        )
        making.in_library(words, document_number=making.NUMBER)
        draft = making.decided()
        found = refused(making.numbered, draft=draft, number=f" {making.NUMBER} ")
        assert found.code == "policies.number_taken" and "“先前的措施（合成）”第 1 版" in found.what
        assert Draft.objects.get(pk=draft.pk).case.state == "numbering"

    def test_a_number_that_was_taken_meanwhile_is_not_published(self) -> None:
        draft = making.numbered()
        making.in_library(making.text(share="比例: 10%"), document_number=making.NUMBER)
        assert refused(making.published, draft=draft).code == "policies.number_taken"
        assert RuleText.objects.count() == 1

    def test_taken_back_it_loses_what_rested_on_the_text(self) -> None:
        draft = making.numbered()
        actions.rework(draft_id=draft.pk, by=life.who("officer"), on=life.today(), expected_version=making.seen(draft), why="数字有误")  # fmt: skip
        draft = Draft.objects.get(pk=draft.pk)
        assert (draft.sealed, draft.decision, draft.document_number, draft.case.state) == (
            None,
            None,
            "",
            "revised",
        )

    def test_who_would_sign_hands_it_back_with_a_reason_and_the_drafter_is_told(self) -> None:
        draft = making.numbered()
        told: dict[str, object] = {"draft_id": draft.pk, "by": life.who("director"), "on": life.today()}
        seen = making.seen(draft)
        assert (
            refused(actions.hand_back, **told, expected_version=seen, why=" ").code == "casework.needs_reason"
        )
        url = reverse("policies:draft_act", args=[draft.pk, "hand_back"])
        assert url in shown("director", draft) and url not in shown("officer", draft)
        sent = {"on": life.today().isoformat(), "why": "比例与纪要不符。", "expected_version": seen}
        assert client("director").post(url, sent).status_code == 302
        draft = Draft.objects.get(pk=draft.pk)
        assert (draft.case.state, draft.sealed, draft.document_number) == ("revised", None, "")
        message = Message.objects.get(kind="policies.draft_handed_back")
        assert message.to.username == "officer" and "比例与纪要不符" in message.said["why"]

    def test_who_signs_knows_the_meeting_without_its_page(self) -> None:
        draft = making.numbered()
        decided = str(making.Decision.objects.get(pk=draft.decision))
        href = reverse("casework:decision", args=[draft.decision])
        for name, opens in (("officer", True), ("director", False)):
            page = shown(name, draft)
            assert decided in page and "会议登记：已确认" in page and (href in page) is opens

    def test_dropped_it_is_over(self) -> None:
        draft = making.circulated()
        actions.drop(draft_id=draft.pk, by=life.who("officer"), on=life.today(), expected_version=making.seen(draft), why="不再需要")  # fmt: skip
        assert Draft.objects.get(pk=draft.pk).case.state == "dropped"
        assert refused(making.opined, draft=draft).code == "policies.wrong_state"


class TestPublishing:
    def test_the_text_that_was_reviewed_becomes_a_version_of_the_library(self) -> None:
        made = making.published()
        one = library.version("sample_measure", 1)
        assert one == made.rule and one.text == making.TEXT and one.document_number == making.NUMBER
        assert one.guide == "投资的三成，最多一百万元。" and made.draft.case.state == "explained"

    def test_the_drafter_does_not_publish(self) -> None:
        draft = making.numbered()
        officer = life.who("officer")
        officer.roles = ["case_officer", "signer"]
        officer.save()
        assert refused(making.published, draft=draft, by="officer").code == "policies.own_draft"
        assert not RuleText.objects.exists()

    def test_a_guide_may_follow_within_its_days(self) -> None:
        made = making.published(making.numbered(guide=""))
        draft = Draft.objects.get(pk=made.draft_id)
        clock = draft.case.clocks.get(met_on=None)
        assert draft.case.state == "published" and clock.terms["key"] == "policy_guide"
        releasing.explain(draft_id=draft.pk, guide="三成，最多一百万。", by=life.who("officer"), expected_version=making.seen(draft), **making.on(26))  # fmt: skip
        clock.refresh_from_db()
        page = (
            client("stranger").get(reverse("policies:measure", args=["sample_measure", 1])).content.decode()
        )
        assert clock.met_on == making.day(26) and "三成，最多一百万。" in page

    def test_a_guide_is_not_published_twice(self) -> None:
        made = making.published()
        found = refused(releasing.explain, draft_id=made.draft_id, guide="再来一份", by=life.who("officer"), expected_version=making.seen(made.draft), on=life.today())  # fmt: skip
        assert found.code == "casework.wrong_state"

    def test_an_unevaluated_end_is_pointed_out_and_told_to_the_ledger(self) -> None:
        making.office()
        before = making.ending(-10)
        draft = making.numbered()
        page = (
            client("director").get(reverse("policies:draft_act", args=[draft.pk, "publish"])).content.decode()
        )
        assert "还没有评估" in page
        making.published(draft)
        told = Event.objects.select_related("body").get(act="policies.draft.publish").body.text
        assert str(before) in told

    def test_a_draft_is_published_once_by_the_database(self) -> None:
        made = making.published()
        other = making.in_library(making.text(share="比例: 10%"))
        with pytest.raises(IntegrityError), transaction.atomic():
            Publication.objects.create(draft=made.draft, rule=other, by="x", by_name="x", on=life.today())
        with pytest.raises(IntegrityError), transaction.atomic():
            Publication.objects.create(
                draft=making.started(), rule=made.rule, by="x", by_name="x", on=life.today()
            )


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_publish_once() -> None:
    draft = making.numbered()
    version, (one, other) = making.seen(draft), making.people("director", "deputy")
    results = together(
        lambda: releasing.publish(draft_id=draft.pk, by=one, expected_version=version, **making.on(27)),
        lambda: releasing.publish(draft_id=draft.pk, by=other, expected_version=version, **making.on(27)),
    )
    assert wrong(results) == 1 and RuleText.objects.count() == 1 and Publication.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_text_published_at_once_by_two_ways_stands_once() -> None:
    """Without any case between them, the constraint of the library is the guard."""
    making.office()
    results = together(making.in_library, making.in_library)
    assert wrong(results) == 1 and RuleText.objects.count() == 1


class TestVerification:
    def test_what_was_made_by_the_acts_agrees_with_the_ledger(self) -> None:
        making.published(making.numbered(guide=""))
        assert verify_library() == [] and verify_drafts() == []

    def test_a_changed_text_is_found(self) -> None:
        making.by_hand(making.published().rule, text=making.text(share="比例: 90%"))
        assert any("样例措施" in one and "校验值" in one for one in verify_library())

    def test_a_text_changed_with_its_hash_is_found(self) -> None:
        rule = making.published().rule
        words = making.text(share="比例: 90%")
        making.by_hand(rule, text=words, sha256=opinions.digest(words))
        assert any("账本" in one for one in verify_library()) and any(
            "公布" in one for one in verify_drafts()
        )

    def test_a_changed_guide_is_found(self) -> None:
        making.by_hand(making.published().rule, guide="人人有份")
        assert len(verify_library()) == 1

    def test_a_changed_opinion_and_a_changed_answer_are_found(self) -> None:
        draft = making.heard()
        one = draft.seekings.get().opinions.get(source="财务处")
        making.by_hand(one, text="没有意见")
        assert len(verify_drafts()) == 1
        making.by_hand(one, disposition="rejected")
        assert len(verify_drafts()) == 2

    def test_a_changed_review_is_found(self) -> None:
        draft = making.lawful()
        making.by_hand(draft.reviews.get(kind="competition"), opinion="没看")
        assert len(verify_drafts()) == 1


class TestPages:
    def test_every_page_of_a_draft_opens_for_who_works_on_it(self) -> None:
        draft = making.circulated()
        opinion = making.opined(draft)
        officer = client("officer")
        for name, given in (
            ("draft", [draft.pk]), ("opinion_new", [draft.pk]), ("opinion", [draft.pk, opinion.pk]), ("drafts", []),
            ("draft_new", []), ("drafts_export", []), ("draft_act", [draft.pk, "settle"]),
        ):  # fmt: skip
            assert officer.get(reverse(f"policies:{name}", args=given)).status_code == 200, name

    def test_what_was_typed_stays_when_the_act_is_refused(self) -> None:
        draft = making.started()
        url = reverse("policies:draft_act", args=[draft.pk, "circulate"])
        sent = {"units": "财务处", "until": life.today().isoformat(), "on": life.today().isoformat(), "why": "", "expected_version": making.seen(draft)}  # fmt: skip
        reply = client("officer").post(url, sent)
        assert (
            reply.status_code == 422
            and "财务处" in reply.content.decode()
            and "早于规则" in reply.content.decode()
        )

    def test_an_opinion_is_entered_and_answered_on_pages(self) -> None:
        draft, officer, today = making.circulated(), client("officer"), life.today().isoformat()
        new = reverse("policies:opinion_new", args=[draft.pk])
        assert officer.post(new, {"unit": "public", "text": "太少", "on": today}).status_code == 422
        officer.post(new, {"unit": "public", "channel": "门户网站留言 3 号", "text": "太少", "on": today})
        one = draft.seekings.get().opinions.get()
        assert one.public and one.source == "门户网站留言 3 号"
        officer.post(reverse("policies:opinion", args=[draft.pk, one.pk]), {"disposition": "rejected", "reason": "财力所限", "on": today})  # fmt: skip
        one.refresh_from_db()
        assert one.disposition == "rejected"

    def test_the_list_asks_as_much_for_three_as_for_one(self, django_assert_num_queries: object) -> None:
        making.started()
        officer, url = client("officer"), reverse("policies:drafts")
        officer.get(url)
        with CaptureQueriesContext(connection) as one:
            officer.get(url)
        making.started(title="二")
        making.started(title="三")
        with CaptureQueriesContext(connection) as three:
            officer.get(url)
        assert len(one) == len(three)


def test_the_people_of_a_unit_that_is_asked_are_told() -> None:
    draft = making.circulated(units=["基础设施处"])
    told = Message.objects.filter(kind="policies.opinion_asked")
    assert {one.to.username for one in told} == {"officer_b"}
    assert told.get().said["title"] == draft.title
