"""Scenarios are kept, named, shared and deleted; each with its event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.ledger.actions import record
from mangrove.ledger.refusals import Refusal
from mangrove.policies.measures.models import RuleText
from mangrove.policies.sandbox.access import access_sandbox, access_scenario
from mangrove.policies.sandbox.asking import Asked
from mangrove.policies.sandbox.engines import ready
from mangrove.policies.sandbox.models import Scenario, Shared
from mangrove.policies.sandbox.snapshots import City
from mangrove.registry.models import User
from mangrove.rulebook.simulate import scenario as told
from mangrove.rulebook.simulate.identity import written


@transaction.atomic
def save(
    *, asked: Asked, city: City, name: str, by: User, on: date, note: str = "", shared: str = Shared.OWN, why: str = ""
) -> Scenario:  # fmt: skip
    """Ask once more on that city, and keep the answer with all it rests on. Raises :class:`Refusal` for a name that is taken."""
    access_sandbox(by, to="save")
    against = asked.against()
    made = Scenario(
        name=name.strip(), note=note.strip(), owner=by, created_at=timezone.now(), rule=asked.rule,
        text_sha256=asked.rule.sha256, against=against, against_sha256=against.sha256,
        against_fen=against_fen(asked, against, city), known_at=city.known_at, snapshot=city.identity,
        pots=dict(asked.pots), order_by=asked.order_by, decide_on=asked.day, budget_year=asked.run.budget_year or asked.day.year,
        changes=[[one, asked.typed.get(one, ""), written(value)] for one, value in asked.changes.items()],
        **kept(answered(asked, city)),
    )  # fmt: skip
    settle(made, by, shared)
    stored(made)
    event("save", made, by, on, why)
    return made


def against_fen(asked: Asked, against: RuleText, city: City) -> int:
    with city.lock:
        return ready(against, city, asked.run).totals.fen


def answered(asked: Asked, city: City) -> told.Scenario:
    own = ready(asked.rule, city, asked.run)
    with city.lock:
        return told.answered(asked.rule.sha256, own.simulator, asked.changes, asked.take_up)


def kept(one: told.Scenario) -> Mapping[str, Any]:
    return {
        "structure": one.structure, "numbers": dict(one.numbers), "tables": dict(one.tables), "semantics": one.semantics,
        "totals": dict(one.totals), "result": one.result,
        "take_up": {"meets": str(one.take_up.meets), "lacks": str(one.take_up.lacks)},
    }  # fmt: skip


@transaction.atomic
def change(
    *, scenario_id: UUID, expected_version: int, name: str, note: str, shared: str, by: User, on: date, why: str = ""
) -> Scenario:  # fmt: skip
    """Another name, note or sharing; what the answer rests on stays."""
    found = locked(scenario_id, expected_version, by)
    before = found.shared
    found.name, found.note = name.strip(), note.strip()
    settle(found, by, shared)
    found.version += 1
    stored(found)
    event("change" if before == shared else "share", found, by, on, why)
    return found


@transaction.atomic
def delete(*, scenario_id: UUID, expected_version: int, by: User, on: date, why: str = "") -> None:
    found = locked(scenario_id, expected_version, by)
    event("delete", found, by, on, why)
    found.delete()


def locked(id: UUID, expected_version: int, by: User) -> Scenario:
    """The scenario as this person saw it; who comes second is told so."""
    access_scenario(by, id, to="change")
    found = Scenario.objects.select_for_update().get(pk=id)
    if found.version != expected_version:
        raise Refusal(
            _("“%(name)s”刚刚改过。") % {"name": found.name}, code="policies.scenario_changed", where=found.name,
            remedy=_("请看过现在的样子，再改。"),
        )  # fmt: skip
    return found


def settle(one: Scenario, by: User, shared: str) -> None:
    """Whom it is shared with: the unit or the organisation of who shares it."""
    if shared != Shared.OWN and by.body is None:
        raise Refusal(
            _("您的账号不属于任何单位，没有可共享的处室。"), code="policies.no_office", where=_("共享"),
            remedy=_("请存为只有自己看的。"),
        )  # fmt: skip
    one.shared = shared
    one.organisation = None if shared == Shared.OWN else by.body
    one.unit = by.unit if shared == Shared.UNIT else ""


def stored(one: Scenario) -> None:
    try:
        with transaction.atomic():
            one.save()
    except IntegrityError as error:
        raise Refusal(
            _("您已有名为“%(name)s”的试算方案。") % {"name": one.name}, code="policies.scenario_named", where=_("名称"),
            remedy=_("请换一个名称。"),
        ) from error  # fmt: skip


def event(act: str, one: Scenario, by: User, on: date, why: str, **more: str) -> None:
    payload = {
        "name": one.name, "shared": one.shared, "organisation": one.organisation_id, "unit": one.unit, "rule": str(one.rule),
        "text": one.text_sha256, "changes": one.changes, "snapshot": one.snapshot, "result": one.result, **more,
    }  # fmt: skip
    record(f"policies.scenario.{act}", subject=one.ref, by=by.actor, on=on, why=why, payload=payload)
