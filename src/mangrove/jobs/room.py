"""What the jobs room registers with the house."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.jobs.access import readable_jobs
from mangrove.jobs.models import OPEN
from mangrove.jobs.searching import SEARCH
from mangrove.ui.house import Named, NavEntry, Room

#: Who asks for jobs and looks after them; what a job does for others, they see on their own pages.
ASKERS = ("registrar", "case_officer", "reviewer", "payment_officer", "payment_approver", "sysadmin")


def open_jobs(user: Any) -> int | None:
    return readable_jobs(user).filter(state__in=OPEN).count() or None


def address(uid: str) -> str:
    return reverse("jobs:job", args=[uid])


def named(user: Any, uids: Collection[str]) -> dict[str, Named]:
    """Titles of jobs, for the lists of any room; only of those that this reader may open."""
    found = readable_jobs(user).filter(uid__in=uids)
    return {str(job.uid): Named(job.said, href=address(str(job.uid))) for job in found}


ROOM = Room(
    id="jobs",
    label=_("后台任务"),
    prefix="jobs",
    urls="mangrove.jobs.urls",
    navigation=(NavEntry(_("后台任务"), "jobs:jobs", "administration", 80, count=open_jobs, roles=ASKERS),),
    acts={
        "jobs.submit": _("提交后台任务"),
        "jobs.cancel": _("取消后台任务"),
        "jobs.end": _("后台任务结束"),
    },
    addresses={"job": address},
    names={"job": named},
    search=SEARCH,
)
