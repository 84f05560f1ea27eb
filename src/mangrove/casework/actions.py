"""What people do with cases: open, take a step, hand over. Each is atomic and writes its ledger event.

A case row is locked first (on SQLite the IMMEDIATE transaction is the lock), so two people cannot take a step from
the same state; the version that the page showed must still hold, so nobody acts on what they have not seen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from mangrove.casework.models import Case, CaseAct
from mangrove.casework.workflow import Occasion, Step, Workflow, fold, no_such_step, workflow
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor, Ref
from mangrove.ledger.refusals import Refusal
from mangrove.registry.models import Organisation, User
from mangrove.registry.roles import BY_ID
from mangrove.ui.languages import listed

TITLE_AT_MOST = 300


@transaction.atomic
def open_case(
    *,
    workflow_id: str,
    subject: Ref,
    title: str,
    by: Actor,
    on: date,
    why: str = "",
    owner: User | None = None,
    unit: str = "",
    organisation: Organisation | None = None,
    parent: Case | None = None,
    details: Mapping[str, Any] | None = None,
) -> Case:
    """Open a case at the start of its workflow. ``details`` (JSON-able, no floats) go into the ledger event.

    Raises :class:`Refusal` for a bad date or title, ``WorkflowError`` for an unregistered workflow.
    """
    flow = workflow(workflow_id)
    if not 0 < len(title.strip()) <= TITLE_AT_MOST:
        raise Refusal(
            _("标题须为 1 至 %(most)s 字，现为 %(n)s 字。") % {"most": TITLE_AT_MOST, "n": len(title)},
            code="casework.bad_title",
            where=_("标题"),
        )
    case = Case.objects.create(
        workflow=flow.id, subject_room=subject.room, subject_kind=subject.kind, subject_id=subject.id,
        title=title, owner=owner, unit=unit, organisation=organisation, state=flow.start,
        opened_on=on, opened_by=by.username, parent=parent,
    )  # fmt: skip
    payload = {"workflow": flow.id, "subject": str(subject), "title": title, "unit": unit, **(details or {})}
    record(f"{flow.id}.open", subject=case.ref, by=by, on=on, why=why, payload=payload)
    return case


@transaction.atomic
def take_step(
    case_id: int,
    act: str,
    *,
    by: Actor,
    roles: Collection[str],
    on: date,
    expected_version: int,
    why: str = "",
    details: Mapping[str, Any] | None = None,
) -> CaseAct:
    """Take one step of a case's workflow; ``expected_version`` is the ``case.version`` that the person saw.

    ``why`` is the opinion or reason, ``details`` (JSON-able, no floats) go to the guard and into the ledger
    event. Whose unit the case is with is asked by ``access_case``, not here. Returns the act; ``act.case`` is the case as it now stands. Raises :class:`Refusal` for a stale
    version, a wrong state, a wrong role, a missing reason, a date out of order, or as the guard decides.
    """
    case = lock_case(case_id, expected_version)
    flow = workflow(case.workflow)
    step = permitted_step(flow, case, act, roles)
    if step.needs_reason and not why.strip():
        raise Refusal(
            _("“%(label)s”须写明理由。") % {"label": step.label},
            code="casework.needs_reason",
            where=_("理由"),
        )
    refuse_out_of_order(case, on)
    if step.guard is not None:
        step.guard(Occasion(case, by, on, why, details or {}))
    return write_step(flow, case, step, by=by, on=on, why=why, details=details or {})


def lock_case(case_id: int, expected_version: int) -> Case:
    """The case, locked until the transaction ends; refuses when it has moved on since the person saw it."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.version != expected_version:
        raise stale(case, expected_version)
    return case


def stale(case: Case, expected_version: int) -> Refusal:
    last = case.acts.order_by("sequence").last()
    label = workflow(case.workflow).state(case.state).label
    who = _("最近一步由%(name)s于 %(on)s 办理，") % {"name": last.by_name, "on": last.on} if last else ""
    return Refusal(
        _("此件在您打开之后已被办理：%(who)s现为“%(label)s”（您看到的是第 %(seen)s 版，现为第 %(version)s 版）。") % {"who": who, "label": label, "seen": expected_version, "version": case.version},
        code="casework.stale", where=case.title, remedy=_("请刷新页面，看过新的情况后再办。"),
    )  # fmt: skip


def permitted_step(flow: Workflow, case: Case, act: str, roles: Collection[str]) -> Step:
    step = flow.move(case.state, act)
    if step is None:
        raise no_such_step(flow, case.state, act)
    if not set(step.roles) & set(roles):
        raise Refusal(
            _("您的角色不能“%(label)s”。") % {"label": step.label},
            code="casework.wrong_role", where=case.title, rule=_("流程“%(flow)s”") % {"flow": flow.label},
            remedy=_("此步由以下角色办理：%(roles)s。") % {"roles": role_names(step.roles)} if step.roles else _("此步随别的办理自动发生。"),
        )  # fmt: skip
    return step


def role_names(ids: Collection[str]) -> str:
    return listed(BY_ID[role].label if role in BY_ID else role for role in sorted(ids))


def refuse_out_of_order(case: Case, on: date) -> None:
    last = case.acts.order_by("sequence").last()
    after, what = (last.on, _("上一步")) if last else (case.opened_on, _("立件"))
    if on < after:
        raise Refusal(
            _("业务日期 %(on)s 早于%(what)s的日期 %(after)s。") % {"on": on, "what": what, "after": after},
            code="casework.out_of_order", where=_("业务日期"), remedy=_("请填 %(after)s 或以后的实际日期。") % {"after": after},
        )  # fmt: skip


def write_step(
    flow: Workflow, case: Case, step: Step, *, by: Actor, on: date, why: str, details: Mapping[str, Any]
) -> CaseAct:
    """Record the step and move the cached state to the fold of all acts; the caller holds the lock."""
    payload = {**details, "from": case.state, "to": step.target, "subject": str(case.subject)}
    event = record(f"{flow.id}.{step.act}", subject=case.ref, by=by, on=on, why=why, payload=payload)
    taken = CaseAct.objects.create(
        case=case, sequence=case.acts.count() + 1, act=step.act, from_state=case.state, to_state=step.target,
        by=by.username, by_name=by.name, on=on, recorded=event.recorded_at, opinion=why, event=event,
    )  # fmt: skip
    case.state = fold(flow, case.acts.order_by("sequence").values_list("act", flat=True))
    case.closed_on = on if flow.state(case.state).final else None
    bump(case, "state", "closed_on")
    return taken


def bump(case: Case, *changed: str) -> None:
    """Save the named fields of a locked case and raise its version."""
    case.version += 1
    case.save(update_fields=[*changed, "version"])


@transaction.atomic
def reassign(
    case_id: int,
    *,
    by: Actor,
    on: date,
    why: str,
    expected_version: int,
    owner: User | None,
    unit: str,
    organisation: Organisation | None,
) -> Case:
    """Hand a case to another owner, unit or organisation; the reason is kept in the ledger."""
    case = lock_case(case_id, expected_version)
    if not why.strip():
        raise Refusal(_("改派须写明理由。"), code="casework.needs_reason", where=_("理由"))
    if case.closed_on is not None:
        raise Refusal(
            _("此件已于 %(on)s 办结，不能改派。") % {"on": case.closed_on},
            code="casework.closed",
            where=case.title,
        )
    before = holder(case)
    case.owner, case.unit, case.organisation = owner, unit, organisation
    record(
        "casework.reassign",
        subject=case.ref,
        by=by,
        on=on,
        why=why,
        payload={"from": before, "to": holder(case)},
    )
    bump(case, "owner", "unit", "organisation")
    return case


def holder(case: Case) -> dict[str, str]:
    return {
        "owner": case.owner.username if case.owner else "",
        "unit": case.unit,
        "organisation": case.organisation_id or "",
    }
