"""The inbox: whose turn it is, in order of urgency, in a number of queries that does not grow; and who may see what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mangrove.casework import actions
from mangrove.casework.access import access_case, steps_for
from mangrove.casework.clock_actions import meet_clock, start_clock, stop_clock
from mangrove.casework.inbox import done_by, inbox, started_by
from mangrove.casework.models import Case
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import Organisation, User

from .conftest import BY, OPENED, open_test_case

pytestmark = pytest.mark.django_db


def act_on(case: Case, act: str, user: User, **changes: Any) -> None:
    case.refresh_from_db()
    given = {
        "by": user.actor,
        "roles": user.roles,
        "on": OPENED,
        "why": "补录",
        "expected_version": case.version,
    }
    actions.take_step(case.pk, act, **given | changes)


def due_in(case: Case, days: int) -> None:
    """Start the ten-day limit so that it ends ``days`` from today."""
    start_clock(case, "return", by=BY, on=timezone.localdate() + timedelta(days=days - 10), why="补录")


def test_only_those_whose_turn_it_is_see_the_case(case: Case, officer: User, head: User) -> None:
    assert [(todo.title, todo.act) for todo in inbox(officer)] == [("建议第 1 号", "签收、退回")]
    assert list(inbox(head)) == []
    act_on(case, "sign_for", officer)
    act_on(case, "submit", officer, details={"characters": 10}, on=date(2021, 7, 1))
    assert list(inbox(officer)) == []
    (waiting,) = inbox(head)
    assert (waiting.act, waiting.since, str(waiting.subject)) == (
        "退改、签发",
        date(2021, 7, 1),
        "proposals/proposal/1",
    )


def test_a_finished_case_waits_for_nobody(case: Case, officer: User) -> None:
    act_on(case, "return", officer)
    case.refresh_from_db()
    assert list(inbox(officer)) == [] and steps_for(officer, case) == []
    assert [done.pk for done in done_by(officer)] == [case.pk]
    assert [started.pk for started in started_by(officer)] == [case.pk]


@pytest.mark.parametrize(
    ("unit", "roles", "expected"),
    [("通信处", ["officer"], "签收、退回"), ("产业处", ["officer"], "退回"), ("", ["officer"], "签收、退回"), ("通信处", ["head"], "")],
)  # fmt: skip
def test_a_step_reaches_as_far_as_its_scope(
    case: Case, bureau: Organisation, unit: str, roles: list[str], expected: str
) -> None:
    user = User.objects.create(username="u", name="某", unit=unit, organisation=bureau, roles=roles)
    assert "".join(todo.act for todo in inbox(user)) == expected
    assert "、".join(str(step.label) for step in steps_for(user, case)) == expected


def test_a_role_open_to_anyone_needs_no_organisation(case: Case, officer: User) -> None:
    act_on(case, "sign_for", officer)
    act_on(case, "submit", officer, details={"characters": 10})
    leader = User.objects.create(username="l", name="领导", roles=["head"])
    assert [todo.act for todo in inbox(leader)] == ["签发"]


def test_the_most_urgent_comes_first_and_says_how_urgent(bureau: Organisation, officer: User) -> None:
    undated, soon, late, stopped, met = (open_test_case(bureau, number=str(number)) for number in range(1, 6))
    due_in(soon, 5)
    due_in(late, -2)
    due_in(stopped, 3)
    today = timezone.localdate()
    stop_clock(stopped.clocks.get().pk, category="待代表补充", reason="来函不清", by=BY, on=today)
    due_in(met, 1)
    meet_clock(met.clocks.get().pk, by=BY, on=today)
    todos = list(inbox(officer))
    assert [todo.subject.id for todo in todos] == ["3", "2", "1", "4", "5"]
    assert todos[0].due == today - timedelta(days=2) and todos[0].due.words == "超期 2 天（自然日）"
    assert todos[1].due.words.startswith("剩 ") and [todo.due for todo in todos[2:]] == [None, None, None]
    assert undated.pk < stopped.pk


def test_queries_do_not_grow_with_the_cases(bureau: Organisation, officer: User) -> None:
    counts = []
    for first in (1, 4):
        for number in range(first, first * 8):
            due_in(open_test_case(bureau, number=str(number)), -number)
        anew = User.objects.get(pk=officer.pk)  # as each request has its user
        with CaptureQueriesContext(connection) as queries:
            list(inbox(anew))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 7  # one of them: which entries are the organisation of the person


def test_a_page_of_the_inbox_is_the_same_part_of_the_whole(bureau: Organisation, officer: User) -> None:
    for number in range(9):
        case = open_test_case(bureau, number=str(number))
        if number % 2:
            due_in(case, 10 - number)
    whole = list(inbox(officer))
    assert len(inbox(officer)) == len(whole) == 9
    assert [todo.title for todo in inbox(officer)[3:6]] == [todo.title for todo in whole[3:6]]
    assert inbox(officer)[4].title == whole[4].title


def test_nobody_has_an_empty_inbox() -> None:
    assert list(inbox(AnonymousUser())) == [] and len(inbox(AnonymousUser())) == 0


def test_strangers_get_404_and_readers_read_but_do_not_act(case: Case) -> None:
    stranger = User.objects.create(username="s", name="外人", roles=["expert"])
    supervisor = User.objects.create(username="d", name="督查员", roles=["supervisor"])
    for visitor in (AnonymousUser(), stranger):
        with pytest.raises(Http404):
            access_case(visitor, case.pk)
    assert access_case(supervisor, case.pk).pk == case.pk
    with pytest.raises(Refusal, match="您的角色不能“签收”"):
        access_case(supervisor, case.pk, to="sign_for")
    with pytest.raises(Refusal, match="现为“待签收”，不能“签发”"):
        access_case(supervisor, case.pk, to="sign")


def test_another_unit_is_told_whose_case_it_is(case: Case, bureau: Organisation) -> None:
    other = User.objects.create(
        username="o", name="经办人丁", unit="产业处", organisation=bureau, roles=["officer"]
    )
    with pytest.raises(Refusal, match="此件由市工信局 通信处办理，您不能“签收”"):
        access_case(other, case.pk, to="sign_for")


def test_an_inactive_account_sees_nothing(case: Case, officer: User) -> None:
    officer.is_active = False
    assert list(inbox(officer)) == [] and steps_for(officer, case) == []
    with pytest.raises(Http404):
        access_case(officer, case.pk)
