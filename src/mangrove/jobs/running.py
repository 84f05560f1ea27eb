"""A job as the function that does it sees it: say how far, ask whether to go on, and change things once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mangrove.jobs.leases import end, mine
from mangrove.jobs.models import Job, Piece, State
from mangrove.ledger.refs import Actor


class Cancelled(Exception):
    """The job was called off; raised where it asks whether to go on."""


class LostLease(Exception):
    """Another worker has the job now; whatever was being written is rolled back."""


def why_late(job: Job) -> str:
    """A job whose turn came after midnight acts on the day on which it was asked for; this is the reason of that back-entry."""
    if job.business_date >= timezone.localdate():
        return ""
    asked = f"{timezone.localtime(job.queued_at):%Y-%m-%d %H:%M}"
    return _("%(asked)s 提交的后台任务，至次日才办理。") % {"asked": asked}


class Running:
    """``arguments``, ``actor`` and ``on`` are as they were asked for."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.arguments: Mapping[str, Any] = job.arguments
        self.actor: Actor = job.actor
        self.on: date = job.business_date
        self.why: str = job.why or why_late(job)
        self.done, self.total, self.note = 0, job.total, ""
        self.cancelled = self.lost = self.ended = False

    def progress(self, done: int, total: int | None = None, note: str = "") -> None:
        """How far it is; the worker's pulse writes it down. Raises :class:`Cancelled` or :class:`LostLease`."""
        self.done, self.total, self.note = done, total, note[:200]
        if self.lost:
            raise LostLease
        if self.cancelled:
            raise Cancelled

    @contextmanager
    def effects(self) -> Iterator[dict[str, Any]]:
        """All that the job changes, and its end, in one transaction; fill the dictionary with the result.

        Killed before the commit, nothing has happened; after it, the job is done and nobody takes it up again.
        """
        with transaction.atomic():
            self.hold()
            result: dict[str, Any] = {}
            yield result
            self.finish(result)

    def once(self, key: str, act: Callable[[], object]) -> bool:
        """Do one piece in a transaction of its own, unless it has been done; whether it was done now."""
        with transaction.atomic():
            self.hold()
            if Piece.objects.filter(job=self.job, key=key).exists():
                return False
            act()
            Piece.objects.create(job=self.job, key=key)
            return True

    def hold(self) -> None:
        """Lock the job for this transaction. Raises where it was called off, or another has taken it up."""
        held = mine(self.job).select_for_update().first()
        if held is None:
            self.lost = True
            raise LostLease
        if held.cancel_asked:
            raise Cancelled

    def finish(self, result: Mapping[str, Any] | None) -> None:
        """The job is done; inside a transaction that holds it."""
        self.job.done, self.job.total, self.job.note = self.done, self.total, self.note
        end(self.job, State.DONE, {}, result)
        self.ended = True
