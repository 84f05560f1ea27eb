"""What people do with jobs: ask for one, and call it off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.jobs.models import Job, State
from mangrove.ledger.actions import record
from mangrove.ledger.refs import Actor
from mangrove.ledger.refusals import Refusal


def submit(
    kind: str, *, title: str, arguments: Mapping[str, Any], by: Actor, on: date, key: str = "", why: str = ""
) -> Job:
    """Queue a job. With a ``key`` that an open or finished job of this kind has already, that job is returned.

    A double click, a request sent again, two officers at once: one job all the same.
    """
    with transaction.atomic():
        held = known(kind, key)
        if held is not None:
            return held
        try:
            with transaction.atomic():
                made = queued(kind, title, arguments, by, on, key, why)
        except IntegrityError:
            again = known(kind, key)
            if again is None:
                raise
            return again
        payload = {"kind": kind, "title": title, "key": key}
        record("jobs.submit", subject=made.ref, by=by, on=on, why=why, payload=payload)
        return made


def known(kind: str, key: str) -> Job | None:
    if not key:
        return None
    return Job.objects.filter(kind=kind, key=key, state__in=(State.QUEUED, State.RUNNING, State.DONE)).first()


def queued(
    kind: str, title: str, arguments: Mapping[str, Any], by: Actor, on: date, key: str, why: str
) -> Job:
    return Job.objects.create(
        kind=kind, key=key, title=title, arguments=dict(arguments), business_date=on, why=why,
        username=by.username, name=by.name, role=by.role, queued_at=timezone.now(),
    )  # fmt: skip


@transaction.atomic
def cancel(job: Job, *, by: Actor, on: date) -> Job:
    """Call a job off. What waits ends at once; what runs ends at its next step, or not at all once its effects begin."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if not job.is_open:
        raise Refusal(
            _("这项任务已经结束（%(state)s），不能再取消。") % {"state": job.get_state_display()},
            code="jobs.ended", where=job.title, remedy=_("如需撤销它做的事，请到相应页面办理。"),
        )  # fmt: skip
    if job.cancel_asked:
        return job
    job.cancel_asked = True
    if job.state == State.QUEUED:
        job.state, job.ended_at = State.CANCELLED, timezone.now()
    job.save(update_fields=["cancel_asked", "state", "ended_at"])
    record("jobs.cancel", subject=job.ref, by=by, on=on, payload={"kind": job.kind, "title": job.title})
    return job
