"""Which steps a case asks somebody for: by its state, and where that does not say enough, by the step's own condition."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from mangrove.casework.models import Case
from mangrove.casework.workflow import Step, Workflow


def standing_at(flow: Workflow, states: Collection[str]) -> Q:
    return Q(workflow=flow.id, state__in=sorted(states))


def waiting_for(flow: Workflow, step: Step) -> Q:
    """The cases that wait for this step."""
    return standing_at(flow, step.sources) & (step.asks_when or Q())


def asks(case: Case, step: Step) -> bool:
    """Whether the case, standing at one of the step's states, asks for it now."""
    if not step.prompts or step.asks_when is None:
        return step.prompts
    return Case.objects.filter(step.asks_when, pk=case.pk).exists()
