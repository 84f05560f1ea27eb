"""Reviews come up by themselves, when the scheme's time after the first payment has passed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils import timezone

from mangrove.casework.actions import open_case
from mangrove.casework.models import Case
from mangrove.intake.definition import Question
from mangrove.intake.rows import entries
from mangrove.ledger.refs import SYSTEM
from mangrove.policies.claims.models import Claim
from mangrove.policies.claims.workflow import AWARDED
from mangrove.policies.performance.amounts import entered, promised_in
from mangrove.policies.performance.models import Indicator, Performance
from mangrove.policies.performance.rules import Rules, counted_as, rules
from mangrove.policies.performance.workflow import PERFORMANCE
from mangrove.policies.plans.models import PlanLine
from mangrove.policies.schemes.definition import schemes
from mangrove.policies.schemes.forming import PROMISES


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
        "promised": [promise_told(row) for row in rows],
    }  # fmt: skip
    one.case = open_case(
        workflow_id=PERFORMANCE.id, subject=one.ref, title=claim.title, by=SYSTEM, on=on, owner=claim.case.owner,
        unit=claim.case.unit, organisation=claim.case.organisation, details=told,
    )  # fmt: skip
    one.save(force_insert=True)
    Indicator.objects.bulk_create(rows)
    return True


def promise_told(row: Indicator) -> dict[str, Any]:
    return {
        "place": row.place, "name": row.name, "text": row.promised_text, "promised": row.promised, "due_year": row.due_year,
        "unit": row.unit, "scale": row.scale, "shown": row.shown,
    }  # fmt: skip


def indicators_of(one: Performance, known: Rules) -> list[Indicator]:
    """The promises as the firm last handed them in; under older forms they are words."""
    application = one.claim.application
    assert application is not None  # `awaiting` leaves out the others
    last = application.submissions.order_by("round").last()
    answers = last.content["answers"]  # type: ignore[union-attr]
    asked = application.opening.form.definition.by_id.get(PROMISES)
    if isinstance(asked, Question) and asked.rows is not None:
        return as_entered(one, entries(asked.rows, str(answers.get(PROMISES) or "")), known)
    return as_written(one, answers, known)


def as_entered(one: Performance, rows: list[dict[str, str]], known: Rules) -> list[Indicator]:
    english = {words.zh: words.en for words in schemes()[one.claim.scheme].indicators}
    return [entry(one, place, row, english, known) for place, row in enumerate(rows, 1)]


def entry(
    one: Performance, place: int, row: Mapping[str, str], english: Mapping[str, str], known: Rules
) -> Indicator:
    counted = counted_as(row["name"], row["unit"], known)
    return Indicator(
        performance=one, place=place, name=row["name"], name_en=english.get(row["name"], ""), due_year=int(row["year"]),
        promised_text=f"{row['amount']}{row['unit']}", promised=entered(row["amount"], row["unit"], counted),
        unit=counted.unit, scale=counted.scale, shown=counted.shown,
    )  # fmt: skip


def as_written(one: Performance, answers: Mapping[str, Any], known: Rules) -> list[Indicator]:
    """One free text for each of the scheme's indicators, word for word."""
    found = []
    for place, words in enumerate(schemes()[one.claim.scheme].indicators, 1):
        text, counted = str(answers.get(f"promise_{place}") or ""), known.indicators[words.zh]
        found.append(
            Indicator(
                performance=one, place=place, name=words.zh, name_en=words.en, promised_text=text, unit=counted.unit,
                scale=counted.scale, shown=counted.shown, promised=promised_in(text, counted),
            )
        )  # fmt: skip
    return found
