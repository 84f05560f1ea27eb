"""From a scenario to a measure in the making: its text begins the draft of the next version, by the act that begins every draft."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from mangrove.policies.issuing import drafting
from mangrove.policies.issuing.access import access_starting
from mangrove.policies.issuing.models import Draft
from mangrove.policies.measures.library import version_on
from mangrove.policies.measures.models import RuleText
from mangrove.policies.sandbox.access import access_scenario
from mangrove.policies.sandbox.actions import event
from mangrove.policies.sandbox.drafting import draft_text
from mangrove.policies.sandbox.models import Scenario
from mangrove.registry.models import User


@transaction.atomic
def begin(*, scenario_id: UUID, by: User, on: date, why: str = "") -> Draft:
    """Begin a draft with the scenario's text, compared with what is in force. Raises :class:`Refusal` to who may not draft.

    ``Http404`` to who may not read the scenario.
    """
    one = access_scenario(by, scenario_id)
    access_starting(by)
    said = why or f"由试算方案“{one.name}”写成"  # it is kept, and what is kept is in Chinese
    made = drafting.start(
        title=one.rule.name, base=in_force(one, on), text=draft_text(one), by=by, on=on, why=said
    )
    event("draft", one, by, on, why, draft=str(made.ref))
    return made


def in_force(one: Scenario, day: date) -> RuleText:
    """What holds on the day; where nothing does, the text that the scenario changed."""
    return version_on(one.rule.rule, day) or one.rule
