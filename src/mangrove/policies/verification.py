"""What the programme keeps against the ledger: what was judged and checked, plans and the awards that came of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from mangrove.ledger.checks import said
from mangrove.ledger.models import Event
from mangrove.policies.claims.models import Check, Doubt, DoubtState, Judgement
from mangrove.policies.plans.models import Plan, PlanLine
from mangrove.policies.plans.workflow import APPROVED


def told(act: str) -> dict[str, dict[str, Any]]:
    """What the last event of an act says, by the thing that it is about; withheld ones are left out."""
    events = Event.objects.filter(act=act).select_related("body").order_by("pk")
    return {event.object_id: words for event in events if (words := said(event)) is not None}


def verify_claims() -> list[str]:
    """Judgements, checks and weighed doubts say what their events say."""
    return [*changed_judgements(), *changed_checks(), *changed_doubts()]


def changed_judgements() -> Iterator[str]:
    for one in Judgement.objects.select_related("event__body", "claim").iterator(chunk_size=2000):
        words = said(one.event)
        if words is not None and (words["name"], words["value"]) != (one.name, one.value):
            yield _("“%(claim)s”的判断“%(name)s”与账本不符") % {"claim": one.claim.title, "name": one.name}


def changed_checks() -> Iterator[str]:
    for one in Check.objects.select_related("event__body", "claim").iterator(chunk_size=2000):
        words = said(one.event)
        if words is not None and (words["kind"], words["passed"], words["detail"]) != (
            one.kind,
            one.passed,
            one.detail,
        ):
            yield _("“%(claim)s”的审核“%(kind)s”与账本不符") % {
                "claim": one.claim.title,
                "kind": one.get_kind_display(),
            }


def changed_doubts() -> Iterator[str]:
    weighed: dict[tuple[str, str, str], bool] = {}
    events = Event.objects.filter(act="policies.claim.weigh").select_related("body").order_by("pk")
    for event in events.iterator(chunk_size=2000):
        if (words := said(event)) is not None:
            weighed[event.object_id, words["kind"], words["key"]] = words["upheld"]
    for one in Doubt.objects.exclude(state=DoubtState.OPEN).select_related("claim").iterator(chunk_size=2000):
        upheld = weighed.get((str(one.claim_id), one.kind, one.key))
        if upheld is not None and upheld != (one.state == DoubtState.UPHELD):
            yield _("“%(claim)s”的一处疑点，核实结果与账本不符") % {"claim": one.claim.title}


def verify_plans() -> list[str]:
    """What was computed is what the ledger has, and what was approved is what was awarded, to the fen."""
    return [*changed_plans(), *unlike_awards()]


def changed_plans() -> Iterator[str]:
    known = computed()
    for plan in Plan.objects.select_related("case").exclude(result="").iterator(chunk_size=100):
        words = known.get(plan.case_id)
        kept = (digest(plan.population), digest(plan.result))
        if kept != (plan.population_hash, plan.result_hash):
            yield _("资助计划“%(plan)s”保存的资料或结果被改动过") % {"plan": plan.title}
        elif words is not None and kept != (words["population"], words["result"]):
            yield _("资助计划“%(plan)s”的结果与账本不符") % {"plan": plan.title}


def computed() -> dict[int, dict[str, Any]]:
    found = told("policies.plan.compute")
    return {int(id): words for id, words in found.items() if id.isdigit()}


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def unlike_awards() -> Iterator[str]:
    """An approved line has the award that it proposes, unless that was reduced afterwards; one of nothing, or taken out, has none."""
    lines = PlanLine.objects.filter(plan__case__state=APPROVED).select_related("claim", "award", "departure")
    for one in lines.iterator(chunk_size=2000):
        decided = one.award.decided if one.award else 0
        wanted = one.proposed > 0 and getattr(one, "departure", None) is None
        if decided > one.proposed or wanted != (one.award is not None):
            yield _("“%(claim)s”的资助决定与批准的计划不符") % {"claim": one.claim.title}
