"""What deputies say of a reply: in two grades, out of reach of the unit, counted apart from silence, answered again."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import Http404

from mangrove.ledger.refusals import Refusal
from mangrove.proposals import pages
from mangrove.proposals.decisions import next_number, satisfaction
from mangrove.proposals.models import Rating, Reply
from mangrove.proposals.rules import rules
from mangrove.proposals.waiting import waiting
from mangrove.registry.models import Organisation, User

from . import life
from .life import lead_to, rate, step, who

pytestmark = pytest.mark.django_db


@pytest.fixture
def reply(office: None) -> Reply:
    return lead_to("delivered")


def refusal_of(reply: Reply, username: str = "deputy", **said: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        rate(reply, username, **said)
    return caught.value


def test_the_longest_names_that_accounts_and_organisations_have_are_kept_whole(reply: Reply) -> None:
    deputy = who("deputy")
    deputy.organisation = Organisation.objects.create(id="long", name="大" * 200, kind="congress")
    deputy.name = "代" * 150
    deputy.save()
    rating = rate(reply)
    assert (rating.deputy_name, rating.event.actor_role) == ("代" * 150, "大" * 200)


def test_attitude_and_result_are_kept_apart(reply: Reply) -> None:
    rating = rate(reply, attitude="满意", result="基本满意")
    reply.case.refresh_from_db()
    assert (rating.attitude, rating.result, rating.deputy_name, reply.case.state) == (
        "满意",
        "基本满意",
        "代表甲",
        "rated",
    )


@pytest.mark.parametrize(
    "said", [{"attitude": "不满意"}, {"result": "不满意"}, {"result": "不满意", "reason": " "}]
)
def test_dissatisfaction_needs_its_reason(reply: Reply, said: dict[str, str]) -> None:
    answer = refusal_of(reply, **said)
    assert answer.code == "proposals.rating_needs_reason" and "（待核）" in answer.rule
    assert rate(reply, **{**said, "reason": "没有写明时限。"}).reason == "没有写明时限。"


def test_a_grade_outside_the_scale_is_refused(reply: Reply) -> None:
    assert refusal_of(reply, result="非常满意").code == "proposals.grade"


def test_every_deputy_of_the_proposal_rates_once(reply: Reply) -> None:
    rate(reply)
    rate(reply, "co_deputy", result="基本满意")
    again = refusal_of(reply)
    assert again.code == "proposals.not_rater" and "已经评价过" in str(again)
    assert Rating.objects.count() == 2


@pytest.mark.parametrize("username", ["officer", "reviewer", "director", "registrar", "liaison", "auditor"])
def test_neither_the_unit_nor_an_office_rates(reply: Reply, username: str) -> None:
    assert refusal_of(reply, username).code == "proposals.not_rater"
    assert not Rating.objects.exists()


def test_a_deputy_who_did_not_sign_knows_nothing_of_it(reply: Reply) -> None:
    with pytest.raises(Http404):
        rate(reply, "stranger")


def test_who_also_works_in_the_rated_unit_does_not_rate(reply: Reply) -> None:
    User.objects.filter(username="co_deputy").update(organisation="szgxj")
    assert refusal_of(reply, "co_deputy").code == "proposals.not_rater"


@pytest.mark.parametrize("state", ["drafting", "signed", "numbered"])
def test_nothing_is_rated_before_it_was_sent(office: None, state: str) -> None:
    with pytest.raises(Http404):
        rate(lead_to(state))


def test_the_rating_waits_for_its_deputies_alone_until_they_gave_it(reply: Reply) -> None:
    def asked(username: str) -> list[str]:
        return [todo.act for todo in waiting(who(username))]

    assert asked("deputy") == asked("co_deputy") == ["评价答复"]
    assert asked("stranger") == asked("officer") == []
    (todo,) = waiting(who("deputy"))
    assert todo.due == next(one.due_on for one in reply.case.clocks.all() if one.terms["key"] == "feedback")
    rate(reply)
    assert asked("deputy") == [] and asked("co_deputy") == ["评价答复"]


class TestSecondHandling:
    @pytest.fixture
    def dissatisfied(self, reply: Reply) -> Reply:
        rate(reply, attitude="满意", result="不满意", reason="没有写明时限。")
        return reply

    def test_has_its_own_clock_and_ends_in_a_second_letter_that_is_rated_anew(
        self, dissatisfied: Reply
    ) -> None:
        step(dissatisfied, "redo", "liaison", why="请写明时限。")
        (clock,) = [one for one in dissatisfied.case.clocks.all() if one.terms["key"] == "second_handling"]
        assert clock.due_on and clock.met_on is None
        reply = lead_to("signed", dissatisfied)
        life.number(reply, "样例函〔2026〕2号")
        reply = lead_to("delivered", reply)
        clock.refresh_from_db()
        assert clock.met_on == life.today()
        second = rate(reply)
        assert second.letter.version == 2 and Rating.objects.count() == 2
        step(reply, "close", "liaison")

    def test_comes_before_closing(self, dissatisfied: Reply) -> None:
        with pytest.raises(Refusal) as caught:
            step(dissatisfied, "close", "liaison")
        assert caught.value.code == "proposals.second_handling_first"

    def test_is_not_for_a_satisfied_deputy(self, reply: Reply) -> None:
        rate(reply)
        with pytest.raises(Refusal) as caught:
            step(reply, "redo", "liaison", why="再办。")
        assert caught.value.code == "proposals.not_dissatisfied"

    def test_may_be_signed_by_another_signer(self, dissatisfied: Reply) -> None:
        step(dissatisfied, "redo", "liaison", why="请写明时限。")
        assert life.sign(lead_to("to_sign", dissatisfied), "vice").signer_rank == "副局长"

    def test_needs_a_reason_and_the_deputies_office(self, dissatisfied: Reply) -> None:
        for username, why in (("liaison", ""), ("officer", "再办。")):
            with pytest.raises(Refusal):
                step(dissatisfied, "redo", username, why=why)


class TestSilence:
    def test_is_not_closed_while_the_deputy_may_still_answer(self, reply: Reply) -> None:
        with pytest.raises(Refusal) as caught:
            step(reply, "close_unrated", "liaison", why="没有回音。")
        assert caught.value.code == "proposals.feedback_open"

    def test_is_closed_as_silence_after_the_limit_and_counted_apart(self, office: None) -> None:
        past = life.today() - timedelta(days=60)
        reply = lead_to("delivered", life.hand_over(life.register(on=past, why="补录"), on=past, why="补录"))
        (clock,) = [one for one in reply.case.clocks.all() if one.terms["key"] == "feedback"]
        type(clock).objects.filter(pk=clock.pk).update(due_on=past)
        step(reply, "close_unrated", "liaison", why="期满未反馈。")
        counted = pages.counted(who("liaison"))
        assert (counted.replies, counted.rated, counted.without_feedback, counted.share) == (1, 0, 1, None)


def test_satisfaction_counts_replies_and_never_silence() -> None:
    found = satisfaction(5, ["满意", "基本满意", "不满意"], rules())
    assert (found.rated, found.satisfied, found.without_feedback, found.share) == (3, 2, 2, Decimal("66.7"))


def test_a_reply_counts_once_by_the_worst_grade_of_its_newest_letter(reply: Reply) -> None:
    rate(reply)
    rate(reply, "co_deputy", result="不满意", reason="没有时限。")
    counted = pages.counted(who("inspector"))
    assert (counted.replies, counted.rated, counted.satisfied) == (1, 1, 0)


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ([], ""),
        (["样例函〔2026〕1号", "样例函〔2026〕9号"], "样例函〔2026〕10号"),
        (["样例函〔2025〕30号"], "样例函〔2026〕1号"),
        (["别处函〔2026〕7号", "样例函〔2026〕2号", "不成样子"], "样例函〔2026〕3号"),
    ],
)
def test_the_next_number_follows_the_newest_of_the_year(taken: list[str], expected: str) -> None:
    assert next_number(taken, 2026) == expected
