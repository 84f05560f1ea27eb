"""Ends that an officer is asked about in the inbox: evaluate, then renew, revise or let it end."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.policies.measures.evaluating import may_evaluate
from mangrove.policies.measures.house_rules import house_rules
from mangrove.policies.measures.models import RuleText
from mangrove.policies.measures.tables import address
from mangrove.policies.measures.validity import to_evaluate
from mangrove.ui.house import Todo


def waiting(user: Any) -> list[Todo]:
    if not may_evaluate(user):
        return []
    return [todo(one) for one in to_evaluate(timezone.localdate(), house_rules())]


def todo(one: RuleText) -> Todo:
    act = _("评估后再定是否延续")
    return Todo(
        title=one.name, act=act, url=address(one), due=one.until, since=one.published_on, subject=one.ref
    )
