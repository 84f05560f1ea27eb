"""A small workflow of the tests' own, with every feature a table can have, and people who hold its roles."""

from __future__ import annotations

from datetime import date

import pytest

from mangrove.casework import actions
from mangrove.casework.models import Case
from mangrove.casework.workflow import Occasion, State, Step, Workflow, register
from mangrove.ledger.refs import Actor, Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import Organisation, User

OPENED = date(2021, 6, 15)
BY = Actor("jia", "经办人甲", "通信处")


def draft_is_long_enough(occasion: Occasion) -> None:
    if int(occasion.details.get("characters", 0)) < 10:
        raise Refusal("稿件不足 10 字。", code="test.too_short")


FLOW = register(
    Workflow(
        id="test_reply",
        label="测试件",
        states=(
            State("received", "待签收", "已收到"),
            State("drafting", "起草", "办理中"),
            State("review", "审核", "办理中"),
            State("answered", "已答复", "已答复", final=True),
            State("returned", "已退回", "已退回", final=True),
        ),
        steps=(
            Step("sign_for", "签收", ("officer",), ("received",), "drafting", scope="unit"),
            Step("return", "退回", ("officer",), ("received",), "returned", needs_reason=True),
            Step("submit", "送审", ("officer",), ("drafting",), "review", guard=draft_is_long_enough),
            Step("send_back", "退改", ("head",), ("review",), "drafting", needs_reason=True),
            Step("sign", "签发", ("head",), ("review",), "answered", scope="anyone"),
        ),
        start="received",
        readers=("supervisor",),
    )
)


@pytest.fixture
def bureau(db: None) -> Organisation:
    return Organisation.objects.get_or_create(id="gxj", defaults={"name": "市工信局"})[0]


@pytest.fixture
def officer(bureau: Organisation) -> User:
    return User.objects.create(
        username="jia", name="经办人甲", unit="通信处", organisation=bureau, roles=["officer"]
    )


@pytest.fixture
def head(bureau: Organisation) -> User:
    return User.objects.create(
        username="yi", name="处长乙", unit="通信处", organisation=bureau, roles=["head"]
    )


def open_test_case(
    bureau: Organisation | None = None, *, number: str = "1", owner: User | None = None
) -> Case:
    return actions.open_case(
        workflow_id="test_reply", subject=Ref("proposals", "proposal", number), title=f"建议第 {number} 号",
        by=BY, on=OPENED, why="按存档原件补录", unit="通信处", organisation=bureau, owner=owner,
    )  # fmt: skip


@pytest.fixture
def case(bureau: Organisation) -> Case:
    return open_test_case(bureau)
