"""Workflow tables: which act by whom leads from which state to which. Pure; a table is checked when it is made.

A case's state is the fold of its acts through its table (:func:`fold`). A room registers its tables in
``AppConfig.ready()``, so that a dead end or an unreachable state stops the start-up and not a person's work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _

from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal
from mangrove.ui.languages import listed

Text = str | LazyText
Scope = Literal["unit", "organisation", "anyone"]


class WorkflowError(ImproperlyConfigured):
    """A workflow table that cannot be run; names every fault at once."""


@dataclass(frozen=True)
class State:
    """A place where a case can stand; ``public_label`` is what people outside the bureau are shown."""

    id: str
    label: Text
    public_label: Text
    final: bool = False


@dataclass(frozen=True)
class Occasion:
    """What a guard may look at: the locked case (a ``casework.Case``), who acts, when, why, and the act's details."""

    case: Any
    by: Actor
    on: date
    why: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Step:
    """An act that leads from any of ``sources`` to ``target``.

    ``scope`` says how far the role reaches: within the case's own unit, within its organisation, or to anyone
    who holds the role. Without roles it is nobody's to take: another act brings it about. ``guard`` raises :class:`Refusal` when the act may not happen yet. ``prompts``: the step is
    put into the inbox of those who may take it; an act that nobody is asked for (withdrawing, say) does not prompt.
    ``asks_when``: what must hold of the case for that, where its state alone does not say whether the step can be taken yet.
    ``reopens``: it may lead out of a final state, where something was closed by mistake.
    """

    act: str
    label: Text
    roles: Collection[str]
    sources: Collection[str]
    target: str
    guard: Callable[[Occasion], None] | None = None
    needs_reason: bool = False
    scope: Scope = "organisation"
    prompts: bool = True
    asks_when: Q | None = None
    reopens: bool = False


@dataclass(frozen=True)
class Workflow:
    """A checked table. Raises :class:`WorkflowError` (in Chinese, all faults) when it cannot be run.

    ``id`` begins with the room's id (``proposals.reply``): ledger acts are named ``<id>.<act>`` after it.
    ``readers`` are roles that may read every case of this table; ``url_name`` is reversed with the id of the
    case's subject to give the page where a step is taken.
    """

    id: str
    label: Text
    states: Collection[State]
    steps: Collection[Step]
    start: str
    readers: Collection[str] = ()
    url_name: str = ""
    _moves: dict[tuple[str, str], Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if found := list(faults(self)):
            raise WorkflowError(f"流程“{self.label}”（{self.id}）不能启用：" + "；".join(found) + "。")
        moves = {(source, step.act): step for step in self.steps for source in step.sources}
        object.__setattr__(self, "_moves", moves)

    def state(self, state_id: str) -> State:
        """The state of that id; raises ``KeyError``."""
        return {state.id: state for state in self.states}[state_id]

    def move(self, state_id: str, act: str) -> Step | None:
        """The step that ``act`` takes from a state, or ``None``."""
        return self._moves.get((state_id, act))

    def steps_from(self, state_id: str) -> list[Step]:
        return [step for step in self.steps if state_id in step.sources]


def faults(flow: Workflow) -> Iterator[str]:
    """Every fault of a table, in a fixed order."""
    known = [state.id for state in flow.states]
    yield from (f"状态 {name} 重复定义" for name, times in Counter(known).items() if times > 1)
    unknown = sorted(unknown_states(flow, set(known)))
    yield from unknown
    if unknown:
        return
    yield from duplicate_acts(flow)
    reached = reachable(flow)
    for state in flow.states:
        if state.id not in reached:
            yield f"状态“{state.label}”（{state.id}）从起点 {flow.start} 走不到"
        if not state.final and not flow.steps_from(state.id):
            yield f"状态“{state.label}”（{state.id}）不是终点，却没有出路"
        if state.final and any(not step.reopens for step in flow.steps_from(state.id)):
            yield f"状态“{state.label}”（{state.id}）是终点，却还有出路"


def unknown_states(flow: Workflow, known: set[str]) -> Iterator[str]:
    if flow.start not in known:
        yield f"起点 {flow.start} 不在状态表中"
    for step in flow.steps:
        for name in sorted({*step.sources, step.target} - known):
            yield f"步骤“{step.label}”（{step.act}）用到未定义的状态 {name}"


def duplicate_acts(flow: Workflow) -> Iterator[str]:
    moves = Counter((source, step.act) for step in flow.steps for source in step.sources)
    yield from (f"从状态 {source} 出发的步骤 {act} 有 {n} 个" for (source, act), n in moves.items() if n > 1)


def reachable(flow: Workflow) -> set[str]:
    reached, waiting = {flow.start}, [flow.start]
    while waiting:
        for step in flow.steps_from(waiting.pop()):
            if step.target not in reached:
                reached.add(step.target)
                waiting.append(step.target)
    return reached


def fold(flow: Workflow, acts: Iterable[str]) -> str:
    """The state that a sequence of acts leads to; raises :class:`Refusal` at the first act that leads nowhere."""
    state = flow.start
    for act in acts:
        step = flow.move(state, act)
        if step is None:
            raise no_such_step(flow, state, act)
        state = step.target
    return state


def no_such_step(flow: Workflow, state_id: str, act: str) -> Refusal:
    """The refusal of an act that the state does not offer, naming what it does offer."""
    labels = {step.act: step.label for step in flow.steps}
    open_steps = listed(step.label for step in flow.steps_from(state_id) if step.roles)
    return Refusal(
        _("现为“%(label)s”，不能“%(act)s”。") % {"label": flow.state(state_id).label, "act": labels.get(act, act)},
        code="casework.wrong_state", where=str(flow.label),
        remedy=_("可做的是：%(steps)s。") % {"steps": open_steps} if open_steps else _("此件已到终点，不再有步骤。"),
    )  # fmt: skip


def available(flow: Workflow, state_id: str, roles: Collection[str]) -> list[Step]:
    """The steps out of a state that somebody with these roles may take, in table order. Guards are not asked."""
    return [step for step in flow.steps_from(state_id) if set(step.roles) & set(roles)]


_workflows: dict[str, Workflow] = {}


def register(flow: Workflow) -> Workflow:
    """Make a table known by its id; the same table twice is fine (start-up may run twice), a second one is not."""
    known = _workflows.get(flow.id)
    if known is not None and known != flow:
        raise WorkflowError(f"流程 {flow.id} 已由另一张表登记，请换一个编号。")
    _workflows[flow.id] = flow
    return flow


def workflow(workflow_id: str) -> Workflow:
    """The registered table; raises :class:`WorkflowError` naming those that are known."""
    if workflow_id not in _workflows:
        raise WorkflowError(
            f"没有登记流程 {workflow_id}；已登记的有：{'、'.join(sorted(_workflows)) or '无'}。"
        )
    return _workflows[workflow_id]


def workflows() -> list[Workflow]:
    return [_workflows[name] for name in sorted(_workflows)]
