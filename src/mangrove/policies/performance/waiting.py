"""What a firm is asked for: the numbers that it promised, once they can be measured."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from mangrove.policies.claims.workflow import APPLICANT
from mangrove.policies.performance.access import readable_performances
from mangrove.policies.performance.models import Performance
from mangrove.policies.performance.workflow import DUE
from mangrove.ui.house import Todo


def reports_due(user: Any) -> list[Todo]:
    if not user.has_role(APPLICANT):
        return []
    mine = readable_performances(user).filter(case__state=DUE, claim__organisation__in=user.bodies)
    return [todo(one) for one in mine.order_by("due_on", "pk")]


def todo(one: Performance) -> Todo:
    return Todo(
        title=one.claim.title, act=_("填报承诺指标的实测数"), url=reverse("policies:performance_step", args=[one.pk, "report"]),
        due=None, since=one.due_on, subject=one.ref,
    )  # fmt: skip
