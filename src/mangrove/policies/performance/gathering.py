"""How promises were kept, by plan, by measure and by scheme; a few queries whatever the number of awards."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.policies.claims.tables import scheme_words
from mangrove.policies.measures.models import RuleText
from mangrove.policies.performance.access import readable_indicators
from mangrove.policies.performance.decisions import Found, Tally, tally
from mangrove.policies.performance.opening import awaiting
from mangrove.policies.plans.access import readable_plans
from mangrove.policies.schemes.definition import schemes


@dataclass(frozen=True)
class Award:
    """What an award belongs to."""

    plan: str
    scheme: str

    @property
    def measure(self) -> str:
        return schemes()[self.scheme].measure if self.scheme in schemes() else ""


@dataclass(frozen=True)
class Group:
    label: str
    href: str
    tally: Tally


#: By what awards are put together: its word, and how an award names it.
BY: dict[str, tuple[Any, Callable[[Award], str]]] = {
    "plan": (_("按资助计划"), lambda one: one.plan),
    "measure": (_("按措施"), lambda one: one.measure),
    "scheme": (_("按扶持事项"), lambda one: one.scheme),
}


def summary(user: Any, by: str) -> list[Group]:
    """Each plan, measure or scheme of which this person may read awards, those with most first."""
    key, plans = BY[by][1], readable_plans(user)
    names = names_of(by, plans)
    found, reviewed = read(user, key)
    waiting = Counter(key(Award(str(plan), scheme)) for plan, scheme in not_due(plans))
    groups = [
        Group(names.get(one, one), href(by, one), tally(len(reviewed[one]) + waiting[one], waiting[one], found[one]))
        for one in {*reviewed, *waiting}
    ]  # fmt: skip
    return sorted(groups, key=lambda one: (-one.tally.awards, one.label))


def overall(user: Any) -> Tally:
    found, reviewed = read(user, lambda _one: "")
    waiting = sum(1 for _one in not_due(readable_plans(user)))
    return tally(len(reviewed[""]) + waiting, waiting, found[""])


def read(user: Any, key: Callable[[Award], str]) -> tuple[dict[str, list[Found]], dict[str, set[Any]]]:
    """The indicators of each group, and which reviews they belong to."""
    found: defaultdict[str, list[Found]] = defaultdict(list)
    reviewed: defaultdict[str, set[Any]] = defaultdict(set)
    rows = readable_indicators(user).values_list(
        "performance_id", "performance__award__plan_line__plan_id", "performance__claim__scheme",
        "promised", "measured", "outcome", "performance__case__state",
    )  # fmt: skip
    for id, plan, scheme, promised, measured, outcome, state in rows:
        group = key(Award(str(plan), scheme))
        found[group].append(Found(promised, measured, outcome, state != "due"))
        reviewed[group].add(id)
    return found, reviewed


def not_due(plans: Any) -> Iterable[tuple[Any, str]]:
    """Awards that promised something and are not reviewed yet: not paid, or paid not long enough ago."""
    return awaiting().filter(plan__in=plans).values_list("plan_id", "claim__scheme")


def names_of(by: str, plans: Any) -> dict[str, str]:
    if by == "plan":
        return {str(pk): title for pk, title in plans.values_list("pk", "title")}
    if by == "scheme":
        return {one: scheme_words(one) for one in schemes()}
    return dict(RuleText.objects.order_by("number").values_list("rule", "name"))


def href(by: str, one: str) -> str:
    """The awards that it was added up from."""
    return f"{reverse('policies:performances')}?{urlencode({by: one})}"
