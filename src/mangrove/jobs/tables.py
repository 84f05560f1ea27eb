"""The list of jobs, and how a job's state looks."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mangrove.jobs import kinds
from mangrove.jobs.models import Job, State
from mangrove.ui.components import Link, Short, Tag, Tone
from mangrove.ui.dates import moment
from mangrove.ui.tables import Column, Table

TONES: dict[str, Tone] = {State.DONE: "good", State.FAILED: "bad", State.RUNNING: "info"}


def state_tag(job: Job) -> Tag:
    return Tag(job.get_state_display(), TONES.get(job.state, "calm"))


def result_of(job: Job) -> str:
    """What it came to, or what was wrong; empty while it is open."""
    if job.refusal:
        return str(job.refusal.get("what", ""))
    kind = kinds.kind(job.kind)
    return kind.said(job) if kind and job.state == State.DONE else ""


JOBS = Table(
    "jobs",
    _("后台任务"),
    [
        Column("title", _("任务"), sort="title",
               cell=lambda job: Link(job.said, reverse("jobs:job", args=[job.uid])), export=lambda job: job.said),
        Column("state", _("状态"), sort="state", cell=state_tag),
        Column("result", _("结果"), cell=result_of),
        Column("name", _("提交人"), sort="name", cell=lambda job: Short(job.name)),
        Column("queued_at", _("提交时间"), sort="queued_at", cell=lambda job: Short(moment(job.queued_at))),
        Column("ended_at", _("结束时间"), sort="ended_at", cell=lambda job: Short(moment(job.ended_at)) if job.ended_at else None),
    ],
    order="-queued_at",
    empty=_("导入名录等费时的事在这里排队办理，可以离开页面。"),
)  # fmt: skip
