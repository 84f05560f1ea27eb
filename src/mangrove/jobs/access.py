"""The only way to reach a job: whoever asked for it, and the system administrator."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from mangrove.jobs.models import Job

#: Who keeps the house running sees everybody's jobs.
KEEPER = "sysadmin"


def readable_jobs(user: Any) -> QuerySet[Job]:
    """The jobs that this person may know of."""
    if not (user.is_authenticated and user.is_active):
        return Job.objects.none()
    return Job.objects.all() if user.has_role(KEEPER) else Job.objects.filter(username=user.username)


def access_job(user: Any, uid: UUID) -> Job:
    """The job, to read it or call it off: who may do one may do the other. Raises ``Http404``."""
    found = readable_jobs(user).filter(uid=uid).first()
    if found is None:
        raise Http404(_("没有这项任务。"))
    return found
