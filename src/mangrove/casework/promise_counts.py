"""Counting promises, what each lacks, and the rows of their ledger (承诺台账)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case as Choice
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mangrove.casework.models import Promise, PromiseEvidence
from mangrove.casework.promise_workflow import PROMISES, WITHDRAWN

UNSETTLED = "未定"

#: What a promise can lack: how it is found, and how it is said.
LACKS: Mapping[str, tuple[Q, Any]] = {
    "owner_unit": (Q(owner_unit=None), _("责任单位未定")),
    "due_on": (Q(due_on=None), _("期限未定")),
    "measure": (Q(measure=None), _("衡量办法未定")),
    "evidence": (~Q(Exists(PromiseEvidence.objects.filter(promise=OuterRef("pk")))), _("尚无证据")),
}


def lacks(promise: Promise) -> list[str]:
    """The keys of :data:`LACKS` that hold for a promise, in their order."""
    present = {field: getattr(promise, field) is not None for field in ("owner_unit", "due_on", "measure")}
    present["evidence"] = bool(promise.evidence.all())
    return [key for key in LACKS if not present[key]]


def lacking(promise: Promise) -> list[str]:
    """What is still missing before the promise can be followed, in words; empty when nothing is."""
    return [str(LACKS[key][1]) for key in lacks(promise)]


def overdue() -> Q:
    """Promises past their date as of today and not finished."""
    return Q(due_on__lt=timezone.localdate(), case__closed_on=None)


def by_risk(promises: QuerySet[Promise]) -> QuerySet[Promise]:
    """The riskiest first: open before finished, then late, then by date, and what has no date last."""
    finished = Choice(When(case__closed_on=None, then=Value(0)), default=Value(1))
    return promises.order_by(finished, F("due_on").asc(nulls_last=True), "number", "id")


def promised(promises: QuerySet[Promise]) -> QuerySet[Promise]:
    """Those that somebody was promised: what was withdrawn before it was sent was promised to nobody."""
    return promises.exclude(case__state=WITHDRAWN)


@dataclass(frozen=True)
class PromiseCounts:
    """How many promises there are, how many lack what, and how many stand where (by state id, in workflow order)."""

    total: int
    without_owner: int
    without_date: int
    without_measure: int
    without_evidence: int
    overdue: int
    by_state: dict[str, int]


def counts(promises: QuerySet[Promise] | None = None) -> PromiseCounts:
    """Counts over the given promises, each given once, or all of them, as of today; one query.

    Withdrawn ones are left out; see :func:`promised`.
    """
    rows = Promise.objects.all() if promises is None else promises
    states = [state.id for state in PROMISES.states if state.id != WITHDRAWN]
    one = (
        promised(rows)
        .order_by()
        .aggregate(
            total=Count("pk"),
            without_owner=Count("pk", filter=LACKS["owner_unit"][0]),
            without_date=Count("pk", filter=LACKS["due_on"][0]),
            without_measure=Count("pk", filter=LACKS["measure"][0]),
            without_evidence=Count("pk", filter=LACKS["evidence"][0]),
            overdue=Count("pk", filter=overdue()),
            **{f"in_{state}": Count("pk", filter=Q(case__state=state)) for state in states},
        )
    )
    by_state = {state: one.pop(f"in_{state}") for state in states}
    return PromiseCounts(**one, by_state=by_state)


LEDGER_COLUMNS = (
    "编号", "承诺（原文）", "所在标题", "工作条线", "责任单位", "期限", "衡量办法", "状态", "证据", "缺项",
)  # fmt: skip


def ledger_rows(promises: QuerySet[Promise]) -> Iterable[tuple[str, ...]]:
    """The 承诺台账, a row of text a promise, under :data:`LEDGER_COLUMNS`; 未定 where nothing is set. Three queries."""
    evidence = Prefetch("evidence", PromiseEvidence.objects.order_by("dated", "id"))
    for promise in promises.select_related("case").prefetch_related(evidence):
        shown = [f"{item.dated} {item.what}（{item.source}）" for item in promise.evidence.all()]
        yield (
            promise.number, promise.text, promise.heading, promise.line,
            promise.owner_unit or UNSETTLED, due_text(promise.due_on), promise.measure or UNSETTLED,
            str(PROMISES.state(promise.case.state).label), "；".join(shown) or "无", "、".join(lacking(promise)) or "无",
        )  # fmt: skip


def due_text(due_on: date | None) -> str:
    return due_on.isoformat() if due_on else UNSETTLED
