"""Tables that cannot be run are refused with every fault named; a state is the fold of the acts."""

from __future__ import annotations

from typing import Any

import pytest

from mangrove.casework.workflow import (
    State,
    Step,
    Workflow,
    WorkflowError,
    available,
    fold,
    register,
    workflow,
)
from mangrove.ledger.refusals import Refusal

from .conftest import FLOW

OPEN, DONE = State("open", "在办", "在办"), State("done", "办结", "办结", final=True)
FINISH = Step("finish", "办结", ("officer",), ("open",), "done")


def table(**changes: Any) -> Workflow:
    parts: dict[str, Any] = {
        "id": "t",
        "label": "试",
        "states": (OPEN, DONE),
        "steps": (FINISH,),
        "start": "open",
    }
    return Workflow(**parts | changes)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"start": "nowhere"}, "起点 nowhere 不在状态表中"),
        ({"steps": (FINISH, Step("x", "改", (), ("open",), "gone"))}, "步骤“改”（x）用到未定义的状态 gone"),
        ({"states": (OPEN, DONE, State("lost", "失", "失", final=True))}, "（lost）从起点 open 走不到"),
        ({"states": (OPEN, State("done", "办结", "办结"))}, "（done）不是终点，却没有出路"),
        ({"steps": (FINISH, FINISH)}, "从状态 open 出发的步骤 finish 有 2 个"),
        ({"steps": (FINISH, Step("re", "重办", (), ("done",), "open"))}, "（done）是终点，却还有出路"),
        ({"states": (OPEN, DONE, OPEN)}, "状态 open 重复定义"),
    ],
)  # fmt: skip
def test_a_faulty_table_is_refused_with_its_fault(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(WorkflowError) as refusal:
        table(**changes)
    assert said in str(refusal.value)


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(WorkflowError, match="走不到.*没有出路"):
        table(states=(OPEN, DONE, State("lost", "失", "失", final=True), State("stuck", "卡", "卡")))


def test_fold_follows_the_table() -> None:
    assert fold(FLOW, []) == "received"
    assert fold(FLOW, ["sign_for", "submit", "send_back", "submit", "sign"]) == "answered"


def test_fold_refuses_an_act_that_leads_nowhere_and_names_what_can_be_done() -> None:
    with pytest.raises(Refusal) as refusal:
        fold(FLOW, ["sign_for", "sign"])
    assert str(refusal.value).startswith("现为“起草”，不能“签发”。")
    assert "可做的是：送审。" in str(refusal.value)


def test_only_the_steps_of_ones_roles_are_available() -> None:
    assert [step.act for step in available(FLOW, "received", {"officer"})] == ["sign_for", "return"]
    assert available(FLOW, "review", {"officer"}) == []


def test_an_id_belongs_to_one_table() -> None:
    assert register(FLOW) is FLOW and workflow("test_reply") is FLOW
    with pytest.raises(WorkflowError, match="已由另一张表登记"):
        register(table(id="test_reply"))
    with pytest.raises(WorkflowError, match="没有登记流程 unknown"):
        workflow("unknown")
