"""How jobs are found: by their titles, among those that the person may know of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.jobs.access import readable_jobs
from mangrove.jobs.models import Job
from mangrove.ui.dates import moment
from mangrove.ui.searching import Hit, Search


def hits(user: Any, rows: Sequence[Job]) -> list[Hit]:
    return [
        Hit(row.said, reverse("jobs:job", args=[row.uid]), [(_("提交时间"), moment(row.queued_at))])
        for row in rows
    ]


SEARCH = (Search("job", _("后台任务"), readable_jobs, hits, fields=("title",), order="-queued_at"),)
