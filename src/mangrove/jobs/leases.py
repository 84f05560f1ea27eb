"""Who works on a job: taken on lease, renewed by its holder alone, taken up again by another when it runs out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.jobs import kinds
from mangrove.jobs.models import Job, State
from mangrove.ledger.actions import record
from mangrove.ledger.refs import SYSTEM

#: How long a worker may be silent before its job is taken for abandoned. It renews several times within that.
LEASE = timedelta(seconds=20)


def waiting() -> QuerySet[Job]:
    """Queued, or left by a worker that renews no more; the oldest first."""
    lapsed = Q(state=State.RUNNING, lease_until__lt=timezone.now())
    return Job.objects.filter(Q(state=State.QUEUED) | lapsed).order_by("queued_at", "id")


def claim(holder: str) -> Job | None:
    """The next job, now this worker's; ``None`` where nothing waits. Two workers never get the same."""
    while waiting().exists():  # an idle worker must not keep taking SQLite's one write lock
        with transaction.atomic():
            skips = connection.features.has_select_for_update_skip_locked
            job = waiting().select_for_update(skip_locked=skips).first()
            if job is None:
                return None
            if ended := end_of(job):
                end(job, *ended)
                continue
            job.state, job.holder, job.attempts = State.RUNNING, holder, job.attempts + 1
            job.lease_until, job.started_at = timezone.now() + LEASE, job.started_at or timezone.now()
            job.save(update_fields=["state", "holder", "attempts", "lease_until", "started_at"])
            return job
    return None


def end_of(job: Job) -> tuple[State, dict[str, Any]] | None:
    """How a job ends that is not taken up again: called off meanwhile, of no known kind, or the death of too many workers."""
    kind = kinds.kind(job.kind)
    if job.cancel_asked:
        return State.CANCELLED, {}
    if kind is None:
        what = _("本机没有“%(kind)s”这类任务的程序。") % {"kind": job.kind}
        return State.FAILED, {"what": what, "code": "jobs.unknown_kind"}
    if job.attempts >= kind.attempts:
        what = _("办理程序中断了%(times)s次，不再重试；已做的部分都有记录。") % {"times": job.attempts}
        return State.FAILED, {"what": what, "code": "jobs.given_up", "remedy": _("请告诉系统管理员。")}
    return None


def mine(job: Job) -> QuerySet[Job]:
    """The job while this holder has it; nobody's once another has taken it up or it has ended."""
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, holder=job.holder, attempts=job.attempts)


def renew(job: Job, *, done: int, total: int | None, note: str) -> Job | None:
    """Say how far it is, and keep the lease. ``None``: it is no longer ours."""
    until = timezone.now() + LEASE
    if not mine(job).update(lease_until=until, done=done, total=total, note=note):
        return None
    return mine(job).first()


def end(job: Job, state: State, refusal: Mapping[str, Any], result: Mapping[str, Any] | None = None) -> None:
    """Write the end down; inside a transaction in which the job is locked."""
    job.state, job.ended_at, job.lease_until = state, timezone.now(), None
    job.refusal, job.result = dict(refusal) or None, None if result is None else dict(result)
    job.save(update_fields=["state", "ended_at", "lease_until", "refusal", "result", "done", "total", "note"])
    payload = {"kind": job.kind, "state": str(state), "attempts": job.attempts, **dict(refusal)}
    record("jobs.end", subject=job.ref, by=SYSTEM, on=timezone.localdate(), payload=payload)
