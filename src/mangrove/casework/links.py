"""Where the page of a case is: a promise's own, or the one that its workflow names."""

from __future__ import annotations

from django.urls import reverse

from mangrove.casework.models import Case
from mangrove.casework.promise_workflow import PROMISES
from mangrove.casework.workflow import workflow


def case_href(case: Case) -> str:
    """The address of the page of a case; empty where its room has none. Select ``promise`` when reading many."""
    if case.workflow == PROMISES.id:
        return reverse("casework:promise", args=[case.promise.pk])
    name = workflow(case.workflow).url_name
    return reverse(name, args=[case.subject_id]) if name else ""
