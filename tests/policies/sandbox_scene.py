"""A measure in the sandbox with projects of the city's firms, and two scenarios, for the browser and the roles; all synthetic."""

from __future__ import annotations

from django.utils import timezone

from mangrove.policies.measures.models import RuleText
from mangrove.policies.sandbox import actions
from mangrove.policies.sandbox.models import Scenario
from mangrove.policies.sandbox.snapshots import city
from mangrove.registry.models import Organisation, User

from . import reckoning


def set_scenarios() -> tuple[Scenario, Scenario]:
    """Two of officer_a, shared with the organisation."""
    firms = list(Organisation.objects.filter(kind="firm").order_by("pk").values_list("pk", flat=True)[:12])
    reckoning.entered(
        [
            (f"sandbox-{n}", firm, "" if n == 5 else f"{(n + 1) * 1_234_567}.89", f"2026-0{1 + n % 9}-15")
            for n, firm in enumerate(firms)
        ]
    )
    rule = reckoning.small()
    return kept(rule, "比例提到35%", 比例="35%"), kept(
        rule, "门槛提到300万元", 门槛="300万元", pot0="1000万元", meets="80%"
    )


def kept(rule: RuleText, name: str, **typed: str) -> Scenario:
    form = reckoning.asked(rule, **typed)
    assert form.is_valid(), form.errors
    asked = form.asked()
    return actions.save(
        asked=asked, city=city(asked.known_on), name=name, shared="organisation", note="合成示例",
        by=User.objects.get(username="officer_a"), on=timezone.localdate(),
    )  # fmt: skip
