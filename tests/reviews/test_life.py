"""A round from its opening to the released comments; what each act refuses; what is kept and verified."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
from django.http import Http404

from mangrove.casework.inbox import inbox
from mangrove.casework.models import Case, Clock
from mangrove.casework.verification import verify_clocks, verify_states
from mangrove.ledger.models import Event
from mangrove.ledger.refusals import Refusal
from mangrove.ledger.verify import verify
from mangrove.reviews import actions, assigning, pool, rounds
from mangrove.reviews.models import NAMED, Assignment, Expert, Submission
from mangrove.reviews.results import Results
from mangrove.reviews.verification import verify_draws, verify_experts, verify_marks

from . import life

pytestmark = pytest.mark.django_db


def all_holds() -> None:
    assert [*verify_states(), *verify_clocks(), *verify_experts(), *verify_marks(), *verify_draws()] == []
    assert verify().holds


def test_a_round_from_opening_to_released_comments() -> None:
    found = life.started(items=2)
    experts = [life.admit(n) for n in (1, 2, 3)]
    given = life.assign(found, experts)
    assert len(given) == 6 and {one.case.state for one in given} == {"assigned"}
    for place, one in enumerate(given):
        life.reviewed(one, marks={**life.MARKS, "need": 60 + place})
    life.step(found, "close")
    assert set(Case.objects.filter(workflow="reviews.assignment").values_list("state", flat=True)) == {
        "counted"
    }
    results = Results(found)
    expected = {
        item.item.pk: sum(
            (Fraction(3, 10) * one.marks["need"]["mark"] + 27 + Fraction(35, 2) + 9 for one in Submission.objects.filter(assignment__item=item.item)),
            Fraction(0),
        ) / 3
        for item in results.items
    }  # fmt: skip
    assert {one.item.pk: one.mean for one in results.items} == expected
    assert sorted(one.rank for one in results.items if one.rank) == [1, 2]
    life.step(found, "release")
    assert found.case.state == "released" and found.case.closed_on == life.today()
    all_holds()


def test_what_waits_stands_in_the_experts_inbox_with_its_date_and_leaves_it_when_submitted() -> None:
    (one,) = life.assign(life.started(), [life.admit(1)])
    (todo,) = inbox(one.expert.user)
    assert todo.due == life.due() and todo.title.endswith("5G质检之1") and str(one.pk) in todo.url
    life.reviewed(one)
    assert len(inbox(one.expert.user)) == 0
    assert Clock.objects.get(case=one.case).met_on == life.today()


def test_same_legal_person_is_refused_with_the_rule_named() -> None:
    found = life.started()
    expert = life.admit(1)
    expert.user.organisation = life.applicant(1)
    expert.user.save()
    (pair,) = assigning.plan(found, found.items.all(), [expert], life.today()).pairs
    assert not pair.possible and pair.obstacles == ("same_legal_person",)
    with pytest.raises(Refusal) as refused:
        assigning.give(pair, life.due(), by=life.officer(), on=life.today(), why="", batch=None)
    assert (
        refused.value.code == "reviews.same_legal_person"
        and "第二十条" in refused.value.rule
        and "待核" in refused.value.rule
    )
    assert not Assignment.objects.exists()


def test_who_moved_to_the_applicant_since_can_neither_declare_nor_submit() -> None:
    first, second = life.assign(life.started(items=2), [life.admit(1)])
    life.declare(first)
    for n in (1, 2):
        user = first.expert.user
        user.organisation = life.applicant(n)
        user.save()
        for one in (first, second):
            act = life.submit if one is first else life.declare
            if one.item.parties.filter(pk=user.organisation_id).exists():
                with pytest.raises(Refusal) as refused:
                    act(one)
                assert refused.value.code == "reviews.same_legal_person"
                assert "金丝雀" not in str(refused.value)


def test_an_item_is_not_read_before_the_declaration_nor_after_leaving() -> None:
    from mangrove.reviews.access import access_assignment

    (one,) = life.assign(life.started(), [life.admit(1)])
    user = one.expert.user
    with pytest.raises(Refusal, match="先声明"):
        access_assignment(user, one.pk, to="text")
    life.declare(one)
    assert access_assignment(user, one.pk, to="text").item.text == life.TEXT
    actions.decline(by=user, uid=one.pk, ground="no_time", on=life.today(), why="出差")
    with pytest.raises(Refusal, match="不评审此件"):
        access_assignment(user, one.pk, to="text")


def test_conflict_and_declining_free_the_place_for_another_expert() -> None:
    found = life.started()
    first, second, third = life.assign(found, [life.admit(n) for n in (1, 2, 3)])
    actions.declare_conflict(by=first.expert.user, uid=first.pk, on=life.today(), why="配偶在该单位")
    actions.decline(
        by=second.expert.user, uid=second.pk, ground="cannot_judge", on=life.today(), why="不熟悉"
    )
    life.declare(third)
    assert [one.item.code for one in Results(found).short] == [first.item.code]
    drawn = assigning.draw(
        by=life.officer(), round_id=found.pk, item_ids=[first.item_id], due_on=life.due(), on=life.today()
    ) if life.admit(4) and life.admit(5) else []  # fmt: skip
    assert {one.expert.user.username for one in drawn} == {"expert_4", "expert_5"}
    assert not Results(found).short
    all_holds()


def test_recused_marks_no_longer_count_and_stay_on_record() -> None:
    found = life.started()
    first, second = life.assign(found, [life.admit(1), life.admit(2)])
    life.reviewed(first), life.reviewed(second, marks={**life.MARKS, "need": 0})
    assert Results(found).done == 2
    life.recuse(second)
    results = Results(found)
    assert results.done == 1 and Submission.objects.count() == 2
    assert results.items[0].mean == Fraction(24 + 27 + 9) + Fraction(35, 2)
    all_holds()


def test_reopened_marks_do_not_count_until_submitted_again_with_a_new_date() -> None:
    found = life.started()
    (one,) = life.assign(found, [life.admit(1)])
    life.reviewed(one)
    life.reopen(one)
    assert Results(found).done == 0
    (todo,) = inbox(one.expert.user)
    assert todo.due == life.due()
    life.submit(one, key="k2", marks={**life.MARKS, "need": 100})
    assert Results(found).done == 1 and Submission.objects.count() == 2
    all_holds()


def test_a_submission_sent_again_is_the_same_and_another_one_is_refused() -> None:
    (one,) = life.assign(life.started(), [life.admit(1)])
    first = life.reviewed(one)
    assert life.submit(one) == first
    with pytest.raises(Refusal, match="退回重评") as refused:
        life.submit(one, key="other")
    assert refused.value.code == "reviews.not_writing"
    assert Submission.objects.count() == 1 == Event.objects.filter(act="reviews.assignment.submit").count()


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({"mark": "", "reason": "x"}, "missing"),
        ({"mark": "8.5", "reason": "x"}, "not_whole"),
        ({"mark": "101", "reason": "x"}, "out_of_range"),
        ({"mark": "-1", "reason": "x"}, "out_of_range"),
        ({"mark": "٨", "reason": "x"}, "not_whole"),
        ({"mark": 80, "reason": "  "}, "no_reason"),
    ],
)
def test_each_mark_is_a_whole_number_in_range_with_a_reason(entry: dict[str, object], fault: str) -> None:
    (one,) = life.assign(life.started(), [life.admit(1)])
    life.declare(one)
    with pytest.raises(actions.FaultyMarks) as refused:
        actions.submit(
            by=one.expert.user, uid=one.pk, said={**life.said(), "need": entry}, key="k", on=life.today()
        )
    assert refused.value.faults == {"need": fault}
    assert not Submission.objects.exists() and verify_states() == []


def test_a_draft_on_an_old_revision_never_wins() -> None:
    (one,) = life.assign(life.started(), [life.admit(1)])
    life.declare(one)
    draft = {"by": one.expert.user, "uid": one.pk, "on": life.today()}
    assert actions.save_draft(**draft, said={"comment": "一"}, base_revision=0).revision == 1
    late = actions.save_draft(**draft, said={"comment": "晚到"}, base_revision=0)
    one.draft.refresh_from_db()
    assert late.by_another and one.draft.said == {"comment": "一"}
    one.case.refresh_from_db()
    assert one.case.state == "scoring"


def test_a_round_does_not_end_while_an_item_has_too_few_reviews() -> None:
    found = life.started()
    given = life.assign(found, [life.admit(n) for n in (1, 2, 3)])
    for one in given[:2]:
        life.reviewed(one)
    with pytest.raises(Refusal, match="不足 3 份") as refused:
        life.step(found, "close")
    assert "第十五条" in refused.value.rule
    found.case.refresh_from_db()
    assert found.case.state == "scoring" and verify_states() == []


def test_fewer_experts_than_the_default_need_a_reason() -> None:
    with pytest.raises(Refusal, match="须写明理由"):
        life.open_round(least=2)
    assert life.open_round(least=2, why="小额项目").least == 2


def test_an_applicant_names_at_most_three_unsuitable_experts_and_a_draw_heeds_it() -> None:
    found = life.started()
    (item,) = found.items.all()
    experts = [life.admit(n) for n in range(1, 8)]
    for one in experts[:3]:
        rounds.name_unsuitable(
            by=life.officer(), item_id=item.pk, expert_id=one.pk, on=life.today(), why="竞争对手"
        )
    with pytest.raises(Refusal, match="最多提出 3 名"):
        rounds.name_unsuitable(
            by=life.officer(), item_id=item.pk, expert_id=experts[3].pk, on=life.today(), why="再一名"
        )
    with pytest.raises(Refusal, match="须写明理由"):
        life.assign(found, experts[:1])
    drawn = assigning.draw(
        by=life.officer(), round_id=found.pk, item_ids=[item.pk], due_on=life.due(), on=life.today()
    )
    assert not {one.expert_id for one in drawn} & {one.pk for one in experts[:3]}


def test_a_draw_replays_from_its_seed_and_tampering_is_named() -> None:
    found = life.started(items=2)
    for n in range(1, 9):
        life.admit(n)
    items = [item.pk for item in found.items.all()]
    assigning.draw(
        by=life.officer(), round_id=found.pk, item_ids=items, due_on=life.due(), on=life.today(), seed="红树"
    )
    all_holds()
    draw = found.items.all()[0].draws.get()
    assert draw.seed == f"红树/{found.items.all()[0].code}" and len(draw.drawn) == 3 and len(draw.pool) == 8
    draw.drawn = draw.pool[:3] if draw.drawn != draw.pool[:3] else draw.pool[3:6]
    draw.save()
    assert len(verify_draws()) == 1


def test_a_draw_needs_enough_experts_and_draws_nothing_by_half() -> None:
    found = life.started()
    life.admit(1), life.admit(2)
    with pytest.raises(Refusal, match="只有 2 名"):
        assigning.draw(
            by=life.officer(),
            round_id=found.pk,
            item_ids=[found.items.get().pk],
            due_on=life.due(),
            on=life.today(),
        )
    assert not Assignment.objects.exists() and not Event.objects.filter(act="reviews.draw").exists()


def test_the_plan_that_was_looked_at_is_the_one_carried_out() -> None:
    found = life.started()
    first, second = life.admit(1), life.admit(2)
    seen = assigning.plan(found, found.items.all(), [first, second], life.today()).digest
    life.assign(found, [first])
    with pytest.raises(Refusal) as refused:
        life.assign(found, [first, second], seen=seen)
    assert refused.value.code == "reviews.plan_changed" and Assignment.objects.count() == 1


@pytest.mark.parametrize("change", ["suspend", "term", "agreement", "account"])
def test_who_does_not_serve_is_given_nothing(change: str) -> None:
    found, expert = life.started(), life.admit(1, **({"agreed_on": None} if change == "agreement" else {}))
    told = {"by": life.officer(), "expert_id": expert.pk, "on": life.today()}
    if change == "suspend":
        expert = pool.suspend(**told, why="两次逾期")
    elif change == "term":
        start = life.today() - timedelta(days=9)
        expert = pool.change(**told, fields=[life.FIELD], active_from=start, active_until=life.today())
    elif change == "account":
        expert.user.is_active = False
        expert.user.save()
    with pytest.raises(Refusal, match="没有可以指派"):
        life.assign(found, [expert])
    assert verify_experts() == []


def test_the_expert_agrees_once_and_the_pool_is_checked_against_the_ledger() -> None:
    expert = life.admit(1, agreed_on=None)
    assert [one.pk for one in pool.agree(by=expert.user, on=life.today())] == [expert.pk]
    assert pool.agree(by=expert.user, on=life.today()) == [] and verify_experts() == []
    Expert.objects.update(suspended=True)
    assert len(verify_experts()) == 1


def test_tampered_marks_are_named() -> None:
    (one,) = life.assign(life.started(), [life.admit(1)])
    made = life.reviewed(one)
    made.marks["need"]["mark"] = 100
    made.save()
    assert len(verify_marks()) == 1
    Submission.objects.all().delete()
    assert len(verify_marks()) == 2


def test_in_a_blind_round_what_gives_the_applicant_away_is_refused_where_it_stands() -> None:
    found = life.open_round()
    party = life.applicant(1)
    for field in ("blind_title", "text"):
        for form in (party.name, party.short_name, "91440300 canary001x", "深圳市 金丝雀1号通信有限公司"):
            with pytest.raises(Refusal) as refused:
                life.add(found, 1, **{field: f"由{form}承担"})
            assert refused.value.code == "reviews.leak"
    assert life.add(found, 1, text=f"由{party.short_name}承担", set_aside=[party.short_name])
    assert life.add(life.open_round(NAMED), 1, text=f"由{party.name}承担")


def test_items_stand_still_once_the_round_has_started() -> None:
    with pytest.raises(Refusal, match="不能再改"):
        life.add(life.started(), 2)


def test_pages_of_others_do_not_exist() -> None:
    from mangrove.reviews.access import access_assignment, access_item, access_round

    found = life.started()
    (one,) = life.assign(found, [life.admit(1)])
    stranger = life.account("officer_x", "外局经办人", ["case_officer"], life.organisation("other", "外局"))
    other_expert = life.expert_user(2)
    applicant = life.account("firm", "申报人", [], life.applicant(1))
    for user in (stranger, other_expert, applicant):
        for reach in (
            lambda user=user: access_round(user, found.pk), lambda user=user: access_item(user, one.item_id),
            lambda user=user: access_assignment(user, one.pk), lambda user=user: access_assignment(user, one.pk, to="oversee"),
        ):  # fmt: skip
            with pytest.raises(Http404):
                reach()


def test_an_expert_whose_organisation_applies_elsewhere_in_the_round_is_weighed_by_hand_and_never_drawn() -> (
    None
):
    found = life.started(items=2)
    first = found.items.get(subject_id="p1")
    expert = life.admit(1)
    expert.user.organisation = life.applicant(2)
    expert.user.save()
    with pytest.raises(Refusal, match="须写明理由"):
        life.assign(found, [expert], [first])
    for n in (2, 3, 4):
        life.admit(n)
    drawn = assigning.draw(
        by=life.officer(), round_id=found.pk, item_ids=[first.pk], due_on=life.due(), on=life.today()
    )
    assert expert.pk not in {one.expert_id for one in drawn} and len(drawn) == 3
    assert len(life.assign(found, [expert], [first], why="方向独此一人。")) == 1


def test_who_sees_applicants_by_another_role_is_no_expert() -> None:
    bureau = life.officer().organisation
    for roles in (["expert", "case_officer"], ["expert", "auditor"], ["expert", "sysadmin"]):
        user = life.account(f"both_{roles[1]}", "两任", roles, bureau)
        with pytest.raises(Refusal) as refused:
            pool.admit(
                by=life.officer(),
                username=user.username,
                fields=[life.FIELD],
                active_from=life.today(),
                on=life.today(),
            )
        assert refused.value.code == "reviews.too_knowing"
    expert = life.admit(1)
    expert.user.roles = ["expert", "security"]
    expert.user.save()
    with pytest.raises(Refusal, match="没有可以指派"):
        life.assign(life.started(), [expert])


def test_experts_employed_by_the_bureau_itself_have_their_own_items_only() -> None:
    bureau = life.officer().organisation
    mine, theirs = (life.account(f"staff_{n}", f"本局专家{n}", ["expert"], bureau) for n in (1, 2))
    for user in (mine, theirs):
        pool.admit(
            by=life.officer(), username=user.username, fields=[life.FIELD], active_from=life.today(),
            agreed_on=life.today(), on=life.today(),
        )  # fmt: skip
    life.assign(life.started(items=2), list(Expert.objects.all()))
    for user in (mine, theirs):
        found = list(inbox(user))
        own = {str(pk) for pk in Assignment.objects.filter(expert__user=user).values_list("pk", flat=True)}
        assert len(found) == 2 and {todo.subject.id for todo in found} == own


def test_a_comment_that_gives_an_expert_away_is_refused_while_it_can_be_rewritten() -> None:
    first, other = life.assign(life.started(), [life.admit(1), life.admit(2)])
    life.declare(first)
    named = [first.expert.user.name, other.expert.user.name, str(first.expert.user.organisation)]
    for name in named:
        with pytest.raises(Refusal) as refused:
            life.submit(first, comment=f"我看{name}说得对。")
        assert refused.value.code == "reviews.names_expert" and name in str(refused.value)
    assert life.submit(first).comment
