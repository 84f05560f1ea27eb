"""Reviews come up by themselves, when the scheme's time after the first payment has passed."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from mangrove.casework.actions import open_case
from mangrove.casework.models import Case
from mangrove.ledger.refs import SYSTEM
from mangrove.policies.claims.models import Claim
from mangrove.policies.claims.workflow import AWARDED
from mangrove.policies.performance.amounts import promised_in
from mangrove.policies.performance.models import Indicator, Performance
from mangrove.policies.performance.rules import Rules, rules
from mangrove.policies.performance.workflow import PERFORMANCE
from mangrove.policies.plans.models import PlanLine
from mangrove.policies.schemes.definition import schemes


def awaiting() -> QuerySet[Any]:
    """Awards for which something was promised and that nobody reviews yet; ``first``: the day of their first payment."""
    promising = [one.id for one in schemes().values() if one.indicators]
    paid = Q(award__orders__state="paid")
    return (
        PlanLine.objects.filter(
            award__isnull=False, claim__performance=None, claim__application__isnull=False,
            claim__case__state=AWARDED, claim__scheme__in=promising,
        )
        .annotate(first=Min("award__orders__settled_on", filter=paid))
        .order_by("pk")
    )  # fmt: skip


def look_after() -> int:
    """Open what is due; asked by the worker's rounds, and it does nothing where nothing is."""
    today, known = timezone.localdate(), rules()
    paid = awaiting().filter(first__lte=today - known.shortest_wait)
    due = [one for one in paid.select_related("claim") if due_on(one, known) <= today]
    return sum(opened(one, known, today) for one in due)


def due_on(line: Any, known: Rules) -> date:
    first: date = line.first
    return first + known.wait_of(line.claim.scheme)


@transaction.atomic
def opened(line: Any, known: Rules, on: date) -> bool:
    """Under the lock of the claim, so that two workers open one review."""
    Case.objects.select_for_update().get(pk=line.claim.case_id)
    claim = Claim.objects.select_related("case__organisation", "case__owner", "application").get(
        pk=line.claim_id
    )
    if Performance.objects.filter(claim=claim).exists():
        return False
    one = Performance(
        id=uuid.uuid4(), claim=claim, award_id=line.award_id, paid_on=line.first, due_on=due_on(line, known),
        synthetic=claim.synthetic,
    )  # fmt: skip
    rows = list(indicators_of(one, known))
    told = {
        "claim": str(claim.ref), "paid_on": one.paid_on.isoformat(), "due_on": one.due_on.isoformat(),
        "promised": [{"place": row.place, "name": row.name, "text": row.promised_text, "promised": row.promised} for row in rows],
    }  # fmt: skip
    one.case = open_case(
        workflow_id=PERFORMANCE.id, subject=one.ref, title=claim.title, by=SYSTEM, on=on, owner=claim.case.owner,
        unit=claim.case.unit, organisation=claim.case.organisation, details=told,
    )  # fmt: skip
    one.save(force_insert=True)
    Indicator.objects.bulk_create(rows)
    return True


def indicators_of(one: Performance, known: Rules) -> list[Indicator]:
    """The promises as the firm last handed them in, word for word."""
    assert one.claim.application is not None  # `awaiting` leaves out the others
    answers = one.claim.application.submissions.order_by("round").last().content["answers"]  # type: ignore[union-attr]
    asked = enumerate(schemes()[one.claim.scheme].indicators, 1)
    found = []
    for place, words in asked:
        text, counted = str(answers.get(f"promise_{place}") or ""), known.indicators[words.zh]
        found.append(
            Indicator(
                performance=one, place=place, name=words.zh, name_en=words.en, promised_text=text, unit=counted.unit,
                scale=counted.scale, shown=counted.shown, promised=promised_in(text, counted),
            )
        )  # fmt: skip
    return found
