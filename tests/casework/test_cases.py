"""Taking steps: what is refused, what is written, and that nothing is half-written."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from mangrove.casework import actions
from mangrove.casework.models import Case, CaseAct
from mangrove.ledger.models import Event
from mangrove.ledger.refs import Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import Organisation, User

from .conftest import BY, OPENED

pytestmark = pytest.mark.django_db


def step(case: Case, act: str, **changes: Any) -> CaseAct:
    case.refresh_from_db()
    given: dict[str, Any] = {
        "by": BY, "roles": ["officer", "head"], "on": OPENED, "why": "按存档原件补录", "expected_version": case.version,
    }  # fmt: skip
    return actions.take_step(case.pk, act, **given | changes)


def test_a_case_walks_to_its_end_and_every_step_is_an_event(case: Case) -> None:
    step(case, "sign_for")
    step(case, "submit", details={"characters": 1200})
    taken = step(case, "sign", on=date(2021, 8, 30))
    assert (taken.from_state, taken.to_state, taken.sequence) == ("review", "answered", 3)
    assert (taken.case.state, taken.case.closed_on, taken.case.version) == ("answered", date(2021, 8, 30), 4)
    events = Event.objects.filter(room="casework", kind="case", object_id=str(case.pk)).order_by("id")
    assert [event.act for event in events] == [
        "test_reply.open", "test_reply.sign_for", "test_reply.submit", "test_reply.sign",
    ]  # fmt: skip
    assert '"from":"review"' in taken.event.body.text and taken.event.business_date == date(2021, 8, 30)


@pytest.mark.parametrize(
    ("act", "changes", "code", "said"),
    [
        ("sign", {}, "casework.wrong_state", "现为“待签收”，不能“签发”。位置：测试件。办法：可做的是：签收、退回。"),
        ("sign_for", {"roles": ["expert"]}, "casework.wrong_role", "此步由以下角色办理：officer"),
        ("sign_for", {"expected_version": 7}, "casework.stale", "您看到的是第 7 版，现为第 1 版"),
        ("return", {"why": " "}, "casework.needs_reason", "“退回”须写明理由"),
        ("sign_for", {"on": date(2021, 6, 14)}, "casework.out_of_order", "早于立件的日期 2021-06-15"),
        ("sign_for", {"on": date(2999, 1, 1)}, "ledger.future_date", "在今天"),
    ],
)  # fmt: skip
def test_a_refused_step_says_why_and_changes_nothing(
    case: Case, act: str, changes: dict[str, Any], code: str, said: str
) -> None:
    events = Event.objects.count()
    with pytest.raises(Refusal) as refusal:
        step(case, act, **changes)
    assert refusal.value.code == code and said in str(refusal.value)
    case.refresh_from_db()
    assert (case.state, case.version, case.acts.count()) == ("received", 1, 0)
    assert Event.objects.count() == events


@pytest.mark.parametrize("title", ["", "  ", "长" * 301])
def test_a_case_has_a_title_that_fits(db: None, title: str) -> None:
    with pytest.raises(Refusal, match="标题须为 1 至 300 字"):
        actions.open_case(
            workflow_id="test_reply", subject=Ref("t", "t", "1"), title=title, by=BY, on=OPENED, why="补录"
        )


def test_the_guard_has_its_say(case: Case) -> None:
    step(case, "sign_for")
    with pytest.raises(Refusal, match="稿件不足 10 字"):
        step(case, "submit", details={"characters": 9})


def test_a_step_may_not_be_dated_before_the_one_before_it(case: Case) -> None:
    step(case, "sign_for", on=date(2021, 7, 1))
    with pytest.raises(Refusal, match="早于上一步的日期 2021-07-01"):
        step(case, "submit", on=date(2021, 6, 30), details={"characters": 12})


def test_handing_over_keeps_the_reason_and_makes_old_pages_stale(
    case: Case, bureau: Organisation, officer: User
) -> None:
    today = timezone.localdate()
    handed: dict[str, Any] = {
        "owner": officer,
        "unit": "产业处",
        "organisation": bureau,
        "by": BY,
        "on": today,
    }
    moved = actions.reassign(case.pk, why="职责调整", expected_version=1, **handed)
    assert (moved.owner, moved.unit, moved.version) == (officer, "产业处", 2)
    with pytest.raises(Refusal, match="改派须写明理由"):
        actions.reassign(case.pk, why="", expected_version=2, **handed)
    with pytest.raises(Refusal, match="第 1 版，现为第 2 版"):
        step(case, "sign_for", expected_version=1)
