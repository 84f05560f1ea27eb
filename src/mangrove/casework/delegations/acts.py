"""The acts that may be delegated. The room whose act it is says so, and asks for the delegation when it is taken."""

from __future__ import annotations

from typing import Any

from mangrove.casework.workflow import Step, Workflow, workflow

_acts: dict[str, Any] = {}


def register(act: str, label: Any) -> None:
    """``act`` is a step of a workflow, ``<workflow id>.<act>``; ``label`` says it in words."""
    _acts[act] = label


def known() -> dict[str, Any]:
    return dict(_acts)


def words(act: str) -> str:
    return str(_acts.get(act, act))


def step_of(act: str) -> tuple[Workflow, Step] | None:
    """The workflow and the step of a delegable act; ``None`` where no room knows it."""
    flow_id, _dot, name = act.rpartition(".")
    if act not in _acts:
        return None
    flow = workflow(flow_id)
    return next(((flow, step) for step in flow.steps if step.act == name), None)
